//! What may be public: every change that was acknowledged, and each that was interrupted wholly or not at all.

use super::chance::Chance;
use super::texts::{LANGUAGES, LEAVES, PAGES, Shown, Versions};
use std::collections::BTreeMap;

#[derive(Clone, Debug)]
pub enum Change {
    Import(Versions),
    Archive(&'static str),
    Restore(&'static str),
    Erase(&'static str),
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Page {
    archived: bool,
    /// An import hid it once and none has shown it since.
    hidden_by_import: bool,
    text: Option<u64>,
    /// What the last import brought that was published.
    imported: Option<u64>,
}

type State = BTreeMap<&'static str, Page>;

/// The states that the node may be in, the likeliest first.
pub struct World {
    possible: Vec<State>,
    /// Whether the newest change was acknowledged.
    acknowledged: bool,
    version: u64,
}

impl World {
    /// Nothing is published yet.
    pub fn new() -> World {
        let empty = PAGES.into_iter().map(|(slug, _)| (slug, Page::default())).collect();
        World { possible: vec![empty], acknowledged: true, version: 0 }
    }

    /// Every page new.
    pub fn first(&mut self) -> Change {
        self.version += 1;
        Change::Import(PAGES.into_iter().map(|(slug, _)| (slug, self.version)).collect())
    }

    /// Something that an editor might do now; most of it brings new texts.
    pub fn next(&mut self, chance: &mut Chance) -> Change {
        match chance.below(10) {
            0 => Change::Archive(chance.pick(&LEAVES)),
            1 => Change::Restore(chance.pick(&LEAVES)),
            2 => Change::Erase(chance.pick(&LEAVES)),
            _ => {
                self.version += 1;
                let mut versions = Versions::new();
                for (slug, page) in &self.possible[0] {
                    if LEAVES.contains(slug) && chance.percent(15) {
                        continue;
                    }
                    // What an interrupted import may have brought never comes again: it would be a new revision.
                    let known = |state: &State| state[slug].imported == page.imported;
                    let same =
                        page.imported.filter(|_| chance.percent(50) && self.possible.iter().all(known));
                    versions.insert(slug, same.unwrap_or(self.version));
                }
                Change::Import(versions)
            }
        }
    }

    /// It was acknowledged: it is there.
    pub fn happened(&mut self, change: &Change) {
        self.possible = once(self.possible.iter().map(|state| after(state, change)));
        self.acknowledged = true;
    }

    /// It was interrupted: it is there wholly or not at all.
    pub fn may_have_happened(&mut self, change: &Change) {
        let with = self.possible.iter().map(|state| after(state, change));
        self.possible = once(self.possible.iter().cloned().chain(with));
        self.acknowledged = false;
    }

    /// # Errors: readers see what cannot be.
    pub fn allows(&self, shown: &Shown) -> Result<(), String> {
        if self.possible.iter().any(|state| public(state) == *shown) {
            return Ok(());
        }
        let expected: Vec<Shown> = self.possible.iter().map(public).collect();
        Err(format!("readers see {shown:?}\nbut it should be one of {expected:?}"))
    }

    /// Nothing is under way any more, and this is what readers see. What was interrupted and is not there may still
    /// turn up: SQLite finds a commit, of which the killed process told nobody, when it next reads its log anew. It
    /// cannot once something else was written and acknowledged.
    pub fn settle(&mut self, shown: &Shown) {
        match self.acknowledged {
            true => self.possible.retain(|state| public(state) == *shown),
            false => self.possible.sort_by_key(|state| public(state) != *shown),
        }
    }
}

/// Each state once, in their order.
fn once(states: impl Iterator<Item = State>) -> Vec<State> {
    let mut all: Vec<State> = Vec::new();
    for state in states {
        if !all.contains(&state) {
            all.push(state);
        }
    }
    all
}

fn after(state: &State, change: &Change) -> State {
    let mut state = state.clone();
    match change {
        Change::Import(versions) => {
            for (slug, page) in &mut state {
                imported(page, versions.get(slug).copied());
            }
        }
        Change::Archive(slug) => state.get_mut(slug).unwrap().archived = true,
        Change::Restore(slug) => state.get_mut(slug).unwrap().archived = false,
        Change::Erase(slug) => state.get_mut(slug).unwrap().text = None,
    }
    state
}

/// Whether a page that an editor archived is public again is not for an import to say.
fn imported(page: &mut Page, version: Option<u64>) {
    let known = page.imported == version;
    match version {
        None if page.archived => {}
        None => (page.archived, page.hidden_by_import) = (true, true),
        Some(_) if page.archived && !page.hidden_by_import => {
            page.imported = page.imported.filter(|_| known);
        }
        Some(_) => {
            (page.archived, page.hidden_by_import) = (false, false);
            if !known {
                (page.text, page.imported) = (version, version);
            }
        }
    }
}

fn public(state: &State) -> Shown {
    let mut shown = Shown::new();
    for (slug, page) in state.iter().filter(|(_, page)| !page.archived) {
        for language in LANGUAGES {
            shown.extend(page.text.map(|version| ((language.to_owned(), (*slug).to_owned()), version)));
        }
    }
    shown
}
