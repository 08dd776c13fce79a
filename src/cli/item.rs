//! `lotse item`: what pages, events, places, news and all other items say of themselves besides their texts.

use super::Call;
use crate::app::{AppError, Node, asked};
use crate::base::id::ItemId;
use crate::domain::adoption::provenance::provenance;
use crate::domain::content::labels::Labels;
use crate::domain::content::published::Provenance;
use crate::domain::content::relabel::{self, Relabelling};
use crate::domain::content::vocabulary::Vocabulary;
use crate::domain::content::{ContentError, store};
use crate::platform::db::{Read, Write};
use clap::{ArgGroup, Args, Subcommand};
use serde_json::json;
use std::process::ExitCode;

#[derive(Subcommand)]
pub enum Item {
    /// Tells what an item says of itself, and what it takes from its region.
    Show { item: ItemId },
    /// Changes what items say of themselves; what is not named stays, an empty value ('') takes it away. Those who follow
    /// are told.
    Set(Set),
}

#[derive(Args)]
#[group(skip)]
#[command(group = ArgGroup::new("what").required(true).multiple(true))]
pub struct Set {
    #[arg(required = true)]
    items: Vec<ItemId>,
    /// SPDX identifier of the licence; '' for that of the region.
    #[arg(long, group = "what")]
    licence: Option<String>,
    /// Whom to name when the item is reused; '' for whom the region names. It stands in each text: those published before
    /// keep what they say until they are published again.
    #[arg(long, group = "what")]
    attribution: Option<String>,
    /// What it is about: words or ids of topics, with commas between them. See `lotse vocabulary list`.
    #[arg(long, group = "what", value_delimiter = ',')]
    topic: Option<Vec<String>>,
    /// Whom it is for: words of audiences, with commas between them.
    #[arg(long, group = "what", value_delimiter = ',')]
    audience: Option<Vec<String>>,
}

impl Item {
    pub fn run(self, call: &Call) -> Result<ExitCode, AppError> {
        match self {
            Item::Show { item } => show(&call.looking()?, call, item)?,
            Item::Set(set) => set.carry_out(&call.node()?, call)?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn show(node: &Node, call: &Call, id: ItemId) -> Result<(), AppError> {
    let (item, region, labels, vocabulary) = node.db.read(|tx: &mut Read<'_>| {
        let item = store::items::find(tx, id)?.ok_or(ContentError::UnknownItem { item: id })?;
        let region = store::regions::all(tx)?.into_iter().find(|region| region.id == item.region);
        let labels = match provenance(tx, node.clock.now())?.remove(&id) {
            Some(origin) => told_elsewhere(&origin),
            None => store::labels::of(tx, &[id])?.remove(&id).unwrap_or_default(),
        };
        Ok::<_, AppError>((item, region, labels, Vocabulary::read(tx)?))
    })?;
    let region = region.ok_or_else(|| asked("item show")("its region is gone"))?;
    let Labels { licence, attribution, facets } = labels;
    let word = |id: &String| vocabulary.term(id).map_or_else(|| id.clone(), |term| term.word.clone());
    let topics: Vec<String> = facets.topics.iter().map(word).collect();
    let audiences: Vec<String> = facets.audiences.iter().map(word).collect();
    let effective = |own: &Option<String>, regions: &str| match own {
        Some(own) => own.clone(),
        None => format!("{regions} (of the region)"),
    };
    let text = format!(
        "{} in {}\n  Licence      {}\n  Attribution  {}\n  Topics       {}\n  Audiences    {}",
        item.kind.as_str(),
        region.name,
        effective(&licence, &region.settings.licence),
        effective(&attribution, &region.settings.attribution),
        topics.join(", "),
        audiences.join(", ")
    );
    let value = json!({ "id": id, "kind": item.kind, "region": region.slug, "licence": licence,
        "attribution": attribution, "topics": facets.topics, "audiences": facets.audiences,
        "region_licence": region.settings.licence, "region_attribution": region.settings.attribution });
    call.say.result(&value, &text);
    Ok(())
}

/// What the origin of a mirrored item says of it; whom to name may stand otherwise in each of its texts.
fn told_elsewhere(origin: &Provenance) -> Labels {
    let Provenance { licence, attribution, facets, .. } = origin.clone();
    Labels { licence: Some(licence), attribution: Some(attribution), facets }
}

impl Set {
    fn carry_out(self, node: &Node, call: &Call) -> Result<(), AppError> {
        let Set { items, licence, attribution, topic, audience } = self;
        let wish = Relabelling { licence, attribution, topics: topic, audiences: audience };
        let changed =
            node.db.write(|tx: &mut Write<'_>| relabel::relabel(tx, &node.desk(), &items, &wish))?;
        node.log()?;
        let sentence = match changed.len() {
            0 => "The items say so already; nothing was changed.".to_owned(),
            1 => "1 item is changed; those who follow are told.".to_owned(),
            count => format!("{count} items are changed; those who follow are told."),
        };
        call.say.result(&json!({ "changed": changed }), &sentence);
        Ok(())
    }
}
