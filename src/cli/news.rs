//! `lotse news`: what is told to readers for a while.

use super::Call;
use crate::app::{AppError, Node, asked};
use crate::base::id::{ItemId, RegionId};
use crate::base::language::LanguageTag;
use crate::base::moment::Moment;
use crate::domain::content::news::{self, Known, Message, NewsText};
use crate::domain::content::region::Region;
use crate::domain::content::{ContentError, store};
use crate::platform::db::{Read, Reading, Write};
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use std::process::ExitCode;

#[derive(Subcommand)]
pub enum News {
    /// Lists what is told, and what waits for its time.
    List {
        /// The region's address part; otherwise all regions.
        #[arg(long)]
        region: Option<String>,
    },
    /// Tells a message, now or when its time has come. For several languages give --language, --title and --text once for
    /// each; the first is what the others are translated from.
    Add(Add),
    /// Takes a message back, in every region that it was told in.
    Withdraw { item: ItemId },
}

#[derive(Args)]
pub struct Add {
    /// Address parts of regions, with commas between them.
    #[arg(long = "region", value_delimiter = ',', required = true)]
    regions: Vec<String>,
    /// BCP 47 tag, such as de.
    #[arg(long = "language", required = true)]
    languages: Vec<LanguageTag>,
    #[arg(long = "title", required = true)]
    titles: Vec<String>,
    /// Plain text; each line is a paragraph.
    #[arg(long = "text", required = true)]
    texts: Vec<String>,
    /// When it is told, such as 2026-12-01T08:00:00+01:00; nothing of it leaves the node before. Without it: now.
    #[arg(long, value_parser = Moment::parse)]
    at: Option<Moment>,
    /// When it is over; without it, 28 days after it is told.
    #[arg(long, value_parser = Moment::parse)]
    until: Option<Moment>,
    /// Whom it is for: words of audiences, with commas between them. See `lotse vocabulary list`.
    #[arg(long = "audience", value_delimiter = ',')]
    audiences: Vec<String>,
}

impl News {
    pub fn run(self, call: &Call) -> Result<ExitCode, AppError> {
        match self {
            News::List { region } => list(&call.looking()?, call, region.as_deref())?,
            News::Add(new) => add(&call.node()?, call, new)?,
            News::Withdraw { item } => {
                let node = call.node()?;
                let gone = node.db.write(|tx: &mut Write<'_>| news::withdraw(tx, &node.desk(), item))?;
                node.log()?;
                let sentence = format!("It is taken back in {} regions.", gone.len());
                call.say.result(&json!({ "withdrawn": gone }), &sentence);
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn add(node: &Node, call: &Call, new: Add) -> Result<(), AppError> {
    let Add { regions, languages, titles, texts, at, until, audiences } = new;
    if languages.len() != titles.len() || titles.len() != texts.len() {
        return Err(asked("news add")("--language, --title and --text are given equally often"));
    }
    let parts = languages.into_iter().zip(titles).zip(texts);
    let texts = parts.map(|((language, title), text)| NewsText { language, title, text }).collect();
    let message = Message { regions, texts, at, until, audiences };
    let (told, known) = node.db.write(|tx: &mut Write<'_>| {
        let known = store::regions::all(tx)?;
        if let Some(slug) = message.regions.iter().find(|slug| named(&known, slug).is_none()) {
            return Err(unknown(slug, &known));
        }
        Ok((news::tell(tx, &node.desk(), message)?, known))
    })?;
    node.log()?;
    let items = told.iter().map(|item| place(item, &known)).collect::<Vec<_>>();
    let sentence = match at.filter(|at| *at > node.clock.now()) {
        Some(at) => format!("It waits until {at}; `lotse serve` tells it then."),
        None => "It is told.".to_owned(),
    };
    call.say.result(&json!({ "items": items }), &format!("{sentence}\n{}", lines(&told, &known)));
    Ok(())
}

fn list(node: &Node, call: &Call, region: Option<&str>) -> Result<(), AppError> {
    let (all, known) = node.db.read(|tx: &mut Read<'_>| all(tx, node.clock.now(), region))?;
    let mut text: String = all.iter().map(|one| told(one, &known)).collect();
    if all.is_empty() {
        text.push_str("No news.");
    }
    let rows: Vec<Value> = all.iter().map(|one| row(one, &known)).collect();
    call.say.result(&rows, &text);
    Ok(())
}

fn all(
    tx: &mut impl Reading,
    now: Moment,
    region: Option<&str>,
) -> Result<(Vec<Known>, Vec<Region>), ContentError> {
    let known = store::regions::all(tx)?;
    let mut all = news::list(tx, now)?;
    if let Some(slug) = region {
        let region = named(&known, slug).ok_or_else(|| unknown(slug, &known))?.id;
        all.retain(|one| one.items.iter().any(|(of, _)| *of == region));
    }
    Ok((all, known))
}

fn named<'a>(known: &'a [Region], slug: &str) -> Option<&'a Region> {
    known.iter().find(|region| region.slug == slug)
}

fn unknown(slug: &str, known: &[Region]) -> ContentError {
    let known = known.iter().map(|region| region.slug.as_str()).collect::<Vec<_>>().join(", ");
    ContentError::UnknownRegion { slug: slug.to_owned(), known }
}

fn told(one: &Known, known: &[Region]) -> String {
    let state = if one.is_waiting { "waits until" } else { "told" };
    let mut text = format!("{state} {}, over {}\n", one.at, one.until);
    for (language, title) in &one.titles {
        text.push_str(&format!("  {language:5} {title}\n"));
    }
    text.push_str(&lines(&one.items, known));
    text
}

fn lines(items: &[(RegionId, ItemId)], known: &[Region]) -> String {
    items.iter().map(|(region, item)| format!("  {item}  {}\n", slug(*region, known))).collect()
}

fn slug(region: RegionId, known: &[Region]) -> &str {
    known.iter().find(|known| known.id == region).map_or("", |known| known.slug.as_str())
}

fn place((region, item): &(RegionId, ItemId), known: &[Region]) -> Value {
    json!({ "region": slug(*region, known), "item": item })
}

fn row(one: &Known, known: &[Region]) -> Value {
    let items: Vec<Value> = one.items.iter().map(|item| place(item, known)).collect();
    json!({ "items": items, "at": one.at, "until": one.until, "waiting": one.is_waiting,
        "titles": one.titles })
}
