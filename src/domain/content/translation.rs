//! How a translation stands to its source: derived from revisions and the minor mark, never from clocks.

use super::change::Via;
use super::published::Freshness;
use super::revision::{Edit, Revision};
use super::store::revisions::Step;
use crate::base::id::PageId;
use crate::base::language::LanguageTag;
use std::collections::HashMap;

/// The published steps of every page in every language, and where drafts are waiting.
#[derive(Default)]
pub struct History {
    published: HashMap<(PageId, LanguageTag), Vec<(i64, Edit)>>,
    /// The newest draft's number.
    drafts: HashMap<(PageId, LanguageTag), i64>,
}

/// What an editor wants to know of a page in a language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    Current,
    Machine,
    Outdated,
    /// Somebody has begun: there is a draft newer than what is public.
    InTranslation,
    Missing,
}

impl History {
    pub fn of(steps: Vec<Step>) -> History {
        let mut history = History::default();
        for (page, language, rev, edit, number) in steps {
            match rev {
                Some(rev) => history.published.entry((page, language)).or_default().push((rev, edit)),
                None => {
                    let newest = history.drafts.entry((page, language)).or_insert(number);
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
                .get(&(revision.page, language.clone()))
                .is_some_and(|steps| steps.iter().any(|(rev, edit)| rev > from && *edit == Edit::Major))
        });
        match (outdated, revision.via) {
            (true, _) => Freshness::Outdated,
            (false, Via::Mt) => Freshness::Machine,
            (false, Via::Human | Via::MtReviewed) => Freshness::Current,
        }
    }

    /// The state of a page in a language, given its public revision there.
    pub fn state(&self, page: PageId, language: &LanguageTag, public: Option<&Revision>) -> State {
        let draft = self.drafts.get(&(page, language.clone()));
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
