//! What taking a calendar over did, and what could not be taken over, in plain sentences.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Sentences of one kind that are kept; hostile calendars have a million.
const MOST_TOLD: usize = 100;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Report {
    /// What the calendar calls itself.
    pub name: Option<String>,
    /// Events that the file tells in a way that is understood.
    pub events: usize,
    /// Those of them that are shown here now, or were until they were over.
    pub taken: usize,
    pub new: usize,
    /// Revisions published: of dates and places, and of texts.
    pub revisions: usize,
    /// Events that were over before they could be taken over, and those of other categories.
    pub over: usize,
    pub others: usize,
    /// Titles of events that are no longer told, or cancelled as a whole, and were archived.
    pub vanished: Vec<String>,
    /// Titles of events that are told again and are shown again.
    pub shown_again: Vec<String>,
    /// Titles of events that somebody archived here, which stays so.
    pub left: Vec<String>,
    /// What was left out or changed, each with the event it is of.
    pub problems: Vec<String>,
}

impl Report {
    /// Keeps the first of many sentences of each kind, and how many more there were.
    pub fn shortened(mut self) -> Report {
        for list in [&mut self.vanished, &mut self.shown_again, &mut self.left, &mut self.problems] {
            if list.len() > MOST_TOLD {
                let more = list.len() - MOST_TOLD;
                list.truncate(MOST_TOLD);
                list.push(format!("… and {more} more"));
            }
        }
        self
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.name.as_deref().unwrap_or("The calendar");
        writeln!(
            f,
            "{name}: {} events, of which {} are here; new {}, revisions {}",
            self.events, self.taken, self.new, self.revisions
        )?;
        for (count, what) in [(self.over, "over already"), (self.others, "of other categories")] {
            if count > 0 {
                writeln!(f, "  {what} and therefore not taken over: {count}")?;
            }
        }
        for (titles, what) in [
            (&self.vanished, "no longer told and therefore archived"),
            (&self.shown_again, "told again and therefore public again"),
            (&self.left, "archived here, which stays so; `lotse page restore` shows it again"),
        ] {
            for title in titles {
                writeln!(f, "  “{title}”: {what}")?;
            }
        }
        self.problems.iter().try_for_each(|problem| writeln!(f, "  {problem}"))
    }
}
