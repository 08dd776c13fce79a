//! `lotse feedback`: what readers said, for those who write the content.

use super::Call;
use crate::app::{AppError, Node};
use crate::base::id::RegionId;
use crate::domain::content::assemble::assemble;
use crate::domain::content::published::Snapshot;
use crate::domain::content::{ContentError, store};
use crate::domain::upkeep::feedback::{Feedback, Rating, SearchQuery};
use crate::domain::upkeep::inbox::{self, State, Wanted};
use crate::platform::db::{Read, Reading, Write};
use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::process::ExitCode;

#[derive(Subcommand)]
pub enum Inbox {
    /// Lists feedback, newest first, each with the number that other commands take.
    List(List),
    /// Tells one whole, and which text it is about.
    Show { number: i64 },
    /// Marks as read.
    Read {
        #[arg(required = true)]
        numbers: Vec<i64>,
    },
    /// Deletes for good. What is older than its region keeps it goes by itself; see `lotse region set`.
    Delete {
        #[arg(required = true)]
        numbers: Vec<i64>,
    },
}

#[derive(Args)]
pub struct List {
    /// The region's address part; otherwise all regions.
    #[arg(long)]
    region: Option<String>,
    #[arg(long, value_enum, default_value_t = Which::Unread)]
    state: Which,
    /// Only older than this number: the last of one list is where the next begins.
    #[arg(long)]
    before: Option<i64>,
    /// How many at most.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(i64).range(1..=1000))]
    most: i64,
}

#[derive(Clone, Copy, ValueEnum)]
enum Which {
    Unread,
    Read,
    Any,
}

/// Characters of a comment that a list shows.
const GLIMPSE: usize = 70;

impl Inbox {
    pub fn run(self, call: &Call) -> Result<ExitCode, AppError> {
        match self {
            Inbox::List(asked) => list(&call.looking()?, call, asked)?,
            Inbox::Show { number } => show(&call.looking()?, call, number)?,
            Inbox::Read { numbers } => {
                let node = call.node()?;
                node.db.write(|tx: &mut Write<'_>| inbox::mark_read(tx, &node.clock, &numbers))?;
                call.say.result(&json!({ "read": numbers }), &format!("{} marked as read.", numbers.len()));
            }
            Inbox::Delete { numbers } => {
                call.node()?.db.write(|tx: &mut Write<'_>| inbox::delete(tx, &numbers))?;
                call.say.result(&json!({ "deleted": numbers }), &format!("{} deleted.", numbers.len()));
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn list(node: &Node, call: &Call, asked: List) -> Result<(), AppError> {
    let state = match asked.state {
        Which::Unread => State::Unread,
        Which::Read => State::Read,
        Which::Any => State::Any,
    };
    let (found, snapshot) = node.db.read(|tx: &mut Read<'_>| {
        let region = asked.region.as_deref().map(|slug| region_id(tx, slug)).transpose()?;
        let found = inbox::list(tx, Wanted { region, state, before: asked.before, most: asked.most })?;
        Ok::<_, AppError>((found, assemble(tx, node.clock.now(), HashMap::new())?))
    })?;
    let mut text: String = found.iter().map(|feedback| line(feedback, &snapshot)).collect();
    if found.is_empty() {
        text.push_str("Nothing here.");
    }
    let rows: Vec<Value> = found.iter().map(|feedback| row(feedback, &snapshot)).collect();
    call.say.result(&rows, &text);
    Ok(())
}

fn region_id(tx: &mut impl Reading, slug: &str) -> Result<RegionId, AppError> {
    let region = store::regions::by_slug(tx, slug)?;
    let unknown =
        || ContentError::UnknownRegion { slug: slug.to_owned(), known: "see `lotse region list`".to_owned() };
    Ok(region.ok_or_else(unknown)?.id)
}

fn show(node: &Node, call: &Call, number: i64) -> Result<(), AppError> {
    let (feedback, snapshot) = node.db.read(|tx: &mut Read<'_>| {
        let feedback = inbox::find(tx, number)?;
        Ok::<_, AppError>((feedback, assemble(tx, node.clock.now(), HashMap::new())?))
    })?;
    let given = &feedback.given;
    let mut text = line(&feedback, &snapshot);
    let mut say = |what: &str, told: &str| text.push_str(&format!("  {what:9} {told}\n"));
    if let Some(query) = &given.query {
        say("Searched", query.as_str());
    }
    if let Some(seen) = given.seen {
        say("Text", &format!("{}, revision {}", seen.item, seen.revision));
    }
    say("Given", &feedback.created_at.to_string());
    say("Read", &feedback.read_at.map_or_else(|| "not yet".to_owned(), |at| at.to_string()));
    if !given.opinion.comment().is_empty() {
        text.push_str(&format!("\n{}\n", given.opinion.comment()));
    }
    call.say.result(&row(&feedback, &snapshot), &text);
    Ok(())
}

/// The region's address part, and the path of the text where it is public today.
fn place<'s>(feedback: &Feedback, snapshot: &'s Snapshot) -> (Option<&'s str>, Option<&'s str>) {
    let given = &feedback.given;
    let region = snapshot.regions.iter().find(|region| region.id == given.region);
    let path = region.zip(given.seen).and_then(|(region, seen)| {
        let index = region.languages.iter().position(|language| language.tag == given.language)?;
        Some(region.editions.get(index)?.item(seen.item)?.path.as_str())
    });
    (region.map(|region| region.slug.as_str()), path)
}

fn line(feedback: &Feedback, snapshot: &Snapshot) -> String {
    let Feedback { number, given, .. } = feedback;
    let rating = match given.opinion.rating() {
        Some(Rating::Up) => "+",
        Some(Rating::Down) => "-",
        None => " ",
    };
    let (region, path) = place(feedback, snapshot);
    let about = path.unwrap_or(given.subject.as_str());
    let technical = if given.technical { " (technical)" } else { "" };
    let first = given.opinion.comment().lines().next().unwrap_or_default();
    let glimpse: String = first.chars().take(GLIMPSE).collect();
    let language = &given.language;
    let line =
        format!("{number:6} {rating} {} {language} {about}{technical}  {glimpse}", region.unwrap_or("?"));
    format!("{}\n", line.trim_end())
}

fn row(feedback: &Feedback, snapshot: &Snapshot) -> Value {
    let Feedback { number, given, created_at, read_at } = feedback;
    let (region, path) = place(feedback, snapshot);
    json!({
        "number": number,
        "region": region,
        "language": given.language,
        "subject": given.subject.as_str(),
        "item": given.seen.map(|seen| seen.item),
        "revision": given.seen.map(|seen| seen.revision),
        "path": path,
        "rating": given.opinion.rating().map(Rating::as_str),
        "comment": given.opinion.comment(),
        "query": given.query.as_ref().map(SearchQuery::as_str),
        "technical": given.technical,
        "created_at": created_at,
        "read_at": read_at,
    })
}
