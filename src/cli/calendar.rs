//! `lotse calendar`: calendars of others whose events a region takes over by the clock.

use super::import::address;
use super::region::by_slug;
use super::{Call, finding};
use crate::app::{AppError, Node, asked};
use crate::base::language::LanguageTag;
use crate::domain::exchange::ical::subscription::{
    self, DAILY_MINUTES, Fate, NewSubscription, Subscription, add, remove,
};
use crate::domain::exchange::ical::{CalendarError, Report};
use crate::platform::db::{Read, Write};
use clap::{Args, Subcommand};
use serde_json::json;
use std::process::ExitCode;

#[derive(Subcommand)]
pub enum Calendar {
    /// Takes over a calendar from now on, and at once for the first time.
    Add(Add),
    /// Lists them: whose they are, how often they are asked for, and what could not be taken over.
    List,
    /// Takes a calendar over no more.
    Remove {
        /// As `lotse calendar list` tells it.
        number: i64,
        /// Archives its events; without this they stay, as if they had been written here.
        #[arg(long)]
        with_events: bool,
    },
    /// Takes calendars over now: one, or all of them.
    Run { number: Option<i64> },
}

#[derive(Args)]
pub struct Add {
    /// The address of the calendar (https, http or webcal).
    url: String,
    /// The region's address part.
    #[arg(long)]
    region: String,
    /// BCP 47 tag of the language in which its texts are; without it, the region's default language.
    #[arg(long)]
    language: Option<LanguageTag>,
    /// Only events of this category; may be repeated.
    #[arg(long = "category")]
    categories: Vec<String>,
    /// It is asked for every so many minutes.
    #[arg(long, value_name = "MINUTES", default_value_t = DAILY_MINUTES)]
    every: i64,
}

impl Calendar {
    pub fn run(self, call: &Call) -> Result<ExitCode, AppError> {
        match self {
            Calendar::Add(new) => new.carry_out(&call.node()?, call),
            Calendar::List => list(&call.looking()?, call),
            Calendar::Remove { number, with_events } => {
                let fate = if with_events { Fate::Archived } else { Fate::Stay };
                removed(&call.node()?, call, (number, fate))
            }
            Calendar::Run { number } => run(&call.node()?, call, number),
        }
    }
}

impl Add {
    fn carry_out(self, node: &Node, call: &Call) -> Result<ExitCode, AppError> {
        let Add { url, region, language, categories, every: every_minutes } = self;
        let expected =
            || asked("the calendar")("an address such as https://example.org/events.ics is expected");
        let url = address(&url)?.ok_or_else(expected)?;
        let new = NewSubscription { url, language, categories, every_minutes };
        let added = node.db.write(|tx: &mut Write<'_>| {
            let region = by_slug(tx, &region)?;
            Ok::<_, AppError>(add(tx, &node.desk(), &region, new)?)
        })?;
        run(node, call, Some(added.number))
    }
}

fn list(node: &Node, call: &Call) -> Result<ExitCode, AppError> {
    let all = node.db.read(|tx: &mut Read<'_>| subscription::list(tx))?;
    let mut text: String = all.iter().map(|(region, one)| told(region, one)).collect();
    if all.is_empty() {
        text.push_str("No calendar is taken over yet; see `lotse calendar add --help`.");
    }
    let rows = all.iter().map(|(region, one)| json!({ "region_slug": region, "calendar": one }));
    call.say.result(&rows.collect::<Vec<_>>(), &text);
    Ok(ExitCode::SUCCESS)
}

fn told(region: &str, one: &Subscription) -> String {
    let Subscription { number, url, language, categories, every_minutes, .. } = one;
    let only = match categories.as_slice() {
        [] => String::new(),
        some => format!(", only {}", some.join(", ")),
    };
    let mut text =
        format!("{number}  {url}\n   into {region} in {language}{only}, every {every_minutes} minutes\n");
    let good = one.last_good.map_or_else(|| "never yet".to_owned(), |at| at.to_string());
    text.push_str(&format!("   last taken over: {good}; next: {}\n", one.next_at));
    if let Some(error) = &one.last_error {
        text.push_str(&format!("   failed {} times since: {error}\n", one.fails));
    }
    if let Some(report) = &one.report {
        report.to_string().lines().for_each(|line| text.push_str(&format!("   {line}\n")));
    }
    text
}

fn removed(node: &Node, call: &Call, (number, fate): (i64, Fate)) -> Result<ExitCode, AppError> {
    let archived = node.db.write(|tx: &mut Write<'_>| remove(tx, &node.desk(), number, fate))?;
    node.log()?;
    let words = format!("It is taken over no more; {} of its events were archived.", archived.len());
    call.say.result(&json!({ "archived": archived }), &words);
    Ok(ExitCode::SUCCESS)
}

/// Trouble with one calendar does not keep the others from their turn; it is told in the end.
fn run(node: &Node, call: &Call, number: Option<i64>) -> Result<ExitCode, AppError> {
    let numbers = match number {
        Some(number) => vec![node.db.read(|tx: &mut Read<'_>| subscription::find(tx, number))?.number],
        None => {
            let all = node.db.read(|tx: &mut Read<'_>| subscription::list(tx))?;
            all.into_iter().map(|(_, one)| one.number).collect()
        }
    };
    let calendars = node.calendars();
    let mut outcomes: Vec<(i64, Result<Option<Report>, CalendarError>)> = Vec::new();
    for number in numbers {
        outcomes.push((number, call.wait(calendars.now(number))?));
    }
    node.log()?;
    let mut text = String::new();
    for (number, outcome) in &outcomes {
        text.push_str(&match outcome {
            Ok(Some(report)) => format!("{number}  {report}"),
            Ok(None) => format!("{number}  It is as it was.\n"),
            Err(error) => format!("{number}  It could not be taken over and will be tried again: {error}\n"),
        });
    }
    let rows = outcomes.iter().map(|(number, outcome)| match outcome {
        Ok(report) => json!({ "number": number, "report": report }),
        Err(error) => json!({ "number": number, "error": error.to_string() }),
    });
    call.say.result(&rows.collect::<Vec<_>>(), &text);
    let is_well = outcomes.iter().all(|(_, outcome)| outcome.is_ok());
    Ok(if is_well { ExitCode::SUCCESS } else { finding() })
}
