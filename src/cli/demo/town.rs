//! The demo's town: ten pages of its own with all that belongs to a region beside them, and what it adopts.

use super::district::Change;
use super::items::{self, Words};
use crate::app::{AppError, Node, asked};
use crate::base::id::{ItemId, RegionId};
use crate::base::language::LanguageTag;
use crate::domain::adoption::adopt::{self, Request, Scope};
use crate::domain::content::item::{self, NewItem};
use crate::domain::content::kind::ObjectKind;
use crate::domain::content::publish::{self, Publication};
use crate::domain::content::published::RegionSettings;
use crate::domain::content::revision::Edit;
use crate::domain::content::{ContentError, assemble, order};
use crate::platform::db::{Read, Write};
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Town {
    page: Vec<TownPage>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TownPage {
    key: String,
    parent: Option<String>,
    /// By language.
    text: BTreeMap<LanguageTag, Words>,
}

/// The first is the one that the others are translated from.
const LANGUAGES: [&str; 4] = ["de", "en", "ar", "uk"];

/// Founds the region and publishes its pages and all else; its id, and what there is beside the pages.
pub fn write(node: &Node) -> Result<(RegionId, String), AppError> {
    let town: Town = toml::from_str(include_str!("musterstadt.toml")).map_err(asked("musterstadt.toml"))?;
    let languages: Vec<LanguageTag> =
        LANGUAGES.iter().map(|tag| tag.parse().map_err(asked("a language"))).collect::<Result<_, _>>()?;
    let names = ("musterstadt".to_owned(), "Musterstadt".to_owned());
    let settings = RegionSettings {
        attribution: names.1.clone(),
        name_without_prefix: names.1.clone(),
        postcode: "86999".to_owned(),
        centre: Some([10.7015, 48.4012]),
        ..RegionSettings::default()
    };
    let region = crate::cli::region::found(node, names, settings, &languages)?;
    let ids: HashMap<String, ItemId> =
        town.page.iter().map(|page| (page.key.clone(), node.clock.fresh_id().into())).collect();
    let id =
        |key: &str| ids.get(key).copied().ok_or_else(|| asked("musterstadt.toml")(format!("no page {key}")));
    let (mut pages, mut publications) = (Vec::new(), Vec::new());
    for (page, ord) in town.page.iter().zip(order::after(None, town.page.len())) {
        let parent = page.parent.as_deref().map(id).transpose()?;
        let new = NewItem::page(id(&page.key)?, parent, ord);
        pages.push(new);
        let text = |(language, words)| items::text(node, &ids, (language, &region.default_language), words);
        let texts = page.text.iter().map(text).collect();
        publications.push(Publication::of_texts(id(&page.key)?, Edit::Major, texts));
    }
    node.db.write(|tx: &mut Write<'_>| {
        item::create(tx, &node.desk(), region.id, pages)?;
        publish::publish(tx, &node.desk(), region.id, publications)?;
        Ok::<_, ContentError>(())
    })?;
    let file = ("musterstadt_items.toml", include_str!("musterstadt_items.toml"));
    let beside = items::publish(node, (region.id, &region.default_language), file)?;
    Ok((region.id, beside))
}

/// Follows the district and fetches all it has; the number of verified entries.
pub async fn follow(town: &Node, district: &str) -> Result<u64, AppError> {
    let introduced = crate::cli::follow::pin(town, district).await?;
    let synced = crate::cli::sync::one(town, &introduced.origin, &indicatif::ProgressBar::hidden()).await?;
    Ok(synced.size)
}

/// What the town adopts, by its kind and German title: a page brings those below it, a place its contacts.
pub const ADOPTED: [(ObjectKind, &str); 4] = [
    (ObjectKind::Page, "Deutsch lernen"),
    (ObjectKind::Page, "Hilfe in Notfällen"),
    (ObjectKind::Place, "Beispielstelle für Neuzugewanderte"),
    (ObjectKind::Event, "Beispiel-Fragestunde online"),
];

/// Adopts something of the district; how many items came.
pub async fn adopt(
    town: &Node,
    district: &Node,
    region: RegionId,
    (kind, title): (ObjectKind, &'static str),
) -> Result<usize, AppError> {
    let (town, district) = (town.clone(), district.clone());
    let work = move || {
        let snapshot = district
            .db
            .read(|tx: &mut Read<'_>| assemble::assemble(tx, district.clock.now(), HashMap::new()))?;
        let edition = snapshot.region("lkaugsburg").and_then(|region| region.edition("de"));
        let mut all = edition.into_iter().flat_map(|(_, edition)| edition.all(kind));
        let Some(found) = all.find(|item| item.title() == title) else {
            return Err(asked("the demo")(format!("the district has no {title:?}")));
        };
        let origin = format!("{}/pub/1", district.id());
        let request =
            Request { region, parent: None, origin, object: found.id.into(), scope: Scope::Subtree };
        let adopted = town.db.write(|tx: &mut Write<'_>| adopt::adopt(tx, &town.desk(), request))?;
        Ok(adopted.items)
    };
    tokio::task::spawn_blocking(work).await.map_err(asked("the demo"))?
}

/// Waits until readers of the town see the change; the seconds that took.
pub async fn await_change(town: &Node, change: &Change) -> Result<f64, AppError> {
    let begun = Instant::now();
    loop {
        let (node, sentence) = (town.clone(), change.sentence);
        let arrived = tokio::task::spawn_blocking(move || {
            let snapshot =
                node.db.read(|tx: &mut Read<'_>| assemble::assemble(tx, node.clock.now(), HashMap::new()))?;
            let edition = snapshot.region("musterstadt").and_then(|region| region.edition("de"));
            let pages = edition.into_iter().flat_map(|(_, edition)| &edition.pages.items);
            Ok::<_, ContentError>(pages.into_iter().any(|page| page.body.html().as_str().contains(sentence)))
        });
        if arrived.await.map_err(asked("the demo"))?? {
            return Ok(begun.elapsed().as_secs_f64());
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}
