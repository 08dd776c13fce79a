//! What an import did, and what it could not take over: by page, in plain sentences.

use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    pub region: String,
    /// BCP 47 tags of what was imported.
    pub languages: Vec<String>,
    pub pages: usize,
    pub texts: usize,
    pub new_pages: usize,
    /// Places, events, contacts and the like that this import brought, and those that are no longer delivered.
    pub new_items: usize,
    pub vanished_items: usize,
    pub moved_pages: usize,
    /// Texts published by this import: new ones and changed ones.
    pub new_revisions: usize,
    /// Paths of pages that an earlier import archived and that are delivered again.
    pub restored_pages: Vec<String>,
    /// Paths of pages that are delivered and were archived here; they stay so.
    pub left_pages: Vec<String>,
    /// Paths of pages that are no longer delivered; they were archived.
    pub vanished_pages: Vec<String>,
    /// Paths of translations that are no longer delivered; they were withdrawn.
    pub vanished_texts: Vec<String>,
    pub media_held: usize,
    /// About the region as a whole.
    pub notes: Vec<String>,
    /// About single pages, in their order.
    pub by_page: Vec<PageNotes>,
}

/// What is to be said about one page in one language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PageNotes {
    pub path: String,
    pub title: String,
    /// Such as `a link to https://… leads to a page that was not delivered`.
    pub notes: Vec<String>,
    /// What the sanitiser took away, with how often: `style "color: #000000" of <span>`.
    pub sanitised: BTreeMap<String, usize>,
}

impl PageNotes {
    pub fn is_empty(&self) -> bool {
        self.notes.is_empty() && self.sanitised.is_empty()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{}: {} pages with {} texts in {}",
            self.region,
            self.pages,
            self.texts,
            self.languages.join(", ")
        )?;
        writeln!(
            f,
            "  new revisions {}, new pages {}, moved {}",
            self.new_revisions, self.new_pages, self.moved_pages
        )?;
        if self.new_items + self.vanished_items > 0 {
            writeln!(
                f,
                "  places, events, news and the like: new {}, no longer delivered and therefore archived {}",
                self.new_items, self.vanished_items
            )?;
        }
        for (what, paths) in [
            ("delivered again and therefore public again", &self.restored_pages),
            ("archived here, which stays so; `lotse page restore` shows it again", &self.left_pages),
            ("no longer delivered and therefore archived", &self.vanished_pages),
            ("no longer delivered in this language and therefore withdrawn", &self.vanished_texts),
        ] {
            for path in paths {
                writeln!(f, "  {path}: {what}")?;
            }
        }
        for note in &self.notes {
            writeln!(f, "  {note}")?;
        }
        if !self.by_page.is_empty() {
            writeln!(f, "What could not be taken over as it was, on {} pages:", self.by_page.len())?;
        }
        for page in &self.by_page {
            writeln!(f, "  {} ({})", page.path, page.title)?;
            for note in &page.notes {
                writeln!(f, "    {note}")?;
            }
            for (what, count) in &page.sanitised {
                writeln!(f, "    taken away by the sanitiser, {count} ×: {what}")?;
            }
        }
        Ok(())
    }
}
