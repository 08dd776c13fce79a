//! How a translation stands to its source: derived from revisions and the minor mark, never from clocks.

use super::change::Via;
use super::error::ContentError;
use super::item::Item;
use super::published::Freshness;
use super::revision::{Edit, Revision};
use super::store::revisions::Step;
use super::{archive, store};
use crate::base::id::{ItemId, RegionId};
use crate::base::language::LanguageTag;
use crate::platform::db::Reading;
use std::collections::{BTreeMap, HashMap};
use std::fmt;

/// The published steps of every item in every language, and where drafts are waiting.
#[derive(Default)]
pub struct History {
    published: HashMap<(ItemId, LanguageTag), Vec<(i64, Edit)>>,
    /// The newest draft's number.
    drafts: HashMap<(ItemId, LanguageTag), i64>,
}

/// What an editor wants to know of an item in a language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    Current,
    Machine,
    Outdated,
    /// Somebody has begun: there is a draft newer than what is public.
    InTranslation,
    Missing,
}

impl State {
    /// For people.
    pub fn told(self) -> &'static str {
        match self {
            State::Current => "up to date",
            State::Machine => "by machine",
            State::Outdated => "outdated",
            State::InTranslation => "in translation",
            State::Missing => "missing",
        }
    }
}

/// How the pages of a region stand in one language; pages that are archived, or below such a page, are left out.
#[derive(Clone, Debug, Default)]
pub struct Standing(pub HashMap<ItemId, State>);

impl Standing {
    /// How many pages stand so. No page: no entry.
    pub fn counts(&self) -> BTreeMap<State, usize> {
        let mut counts = BTreeMap::new();
        for state in self.0.values() {
            *counts.entry(*state).or_default() += 1;
        }
        counts
    }
}

/// The counts as a list of words.
impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("no page yet");
        }
        let counts = self.counts().into_iter().map(|(state, count)| format!("{count} {}", state.told()));
        f.write_str(&counts.collect::<Vec<_>>().join(", "))
    }
}

/// How all pages of all regions stand in each language of their region.
pub fn standings(tx: &mut impl Reading) -> Result<HashMap<(RegionId, LanguageTag), Standing>, ContentError> {
    let history = History::of(store::revisions::all_steps(tx)?);
    let public: HashMap<(ItemId, LanguageTag), Revision> = store::revisions::all_public(tx)?
        .into_iter()
        .map(|revision| ((revision.item, revision.language.clone()), revision))
        .collect();
    let pages = store::items::all(tx)?;
    let archived: Vec<ItemId> = pages.iter().filter(|page| page.archived).map(|page| page.id).collect();
    let hidden = archive::with_below(&pages, &archived);
    let mut standings: HashMap<(RegionId, LanguageTag), Standing> = HashMap::new();
    for (region, language) in store::regions::all_languages(tx)? {
        let seen = pages.iter().filter(|page| page.region == region && !hidden.contains(&page.id));
        let state = |page: &Item| {
            let public = public.get(&(page.id, language.tag.clone()));
            (page.id, history.state(page.id, &language.tag, public))
        };
        standings.insert((region, language.tag.clone()), Standing(seen.map(state).collect()));
    }
    Ok(standings)
}

impl History {
    pub fn of(steps: Vec<Step>) -> History {
        let mut history = History::default();
        for (item, language, rev, edit, number) in steps {
            match rev {
                Some(rev) => history.published.entry((item, language)).or_default().push((rev, edit)),
                None => {
                    let newest = history.drafts.entry((item, language)).or_insert(number);
                    *newest = number.max(*newest);
                }
            }
        }
        history
    }

    /// SPEC (§2.4): stale if head(src.lang).rev > src.rev and any intervening source revision lacks `minor`.
    pub fn freshness(&self, revision: &Revision) -> Freshness {
        let outdated = revision.source.as_ref().is_some_and(|(language, from)| {
            self.published
                .get(&(revision.item, language.clone()))
                .is_some_and(|steps| steps.iter().any(|(rev, edit)| rev > from && *edit == Edit::Major))
        });
        match (outdated, revision.via) {
            (true, _) => Freshness::Outdated,
            (false, Via::Mt) => Freshness::Machine,
            (false, Via::Human | Via::MtReviewed) => Freshness::Current,
        }
    }

    /// The state of a item in a language, given its public revision there.
    pub fn state(&self, item: ItemId, language: &LanguageTag, public: Option<&Revision>) -> State {
        let draft = self.drafts.get(&(item, language.clone()));
        if draft.is_some_and(|draft| public.is_none_or(|public| *draft > public.number)) {
            return State::InTranslation;
        }
        match public.map(|public| self.freshness(public)) {
            None => State::Missing,
            Some(Freshness::Current) => State::Current,
            Some(Freshness::Machine) => State::Machine,
            Some(Freshness::Outdated) => State::Outdated,
        }
    }
}
