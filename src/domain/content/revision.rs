//! A revision: what an item said in one language at one time. Never changed once written.

use super::change::Via;
use crate::base::digest::Digest;
use crate::base::id::ItemId;
use crate::base::language::LanguageTag;
use crate::base::moment::Moment;

/// Whether translations must follow an edit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edit {
    /// The meaning changed.
    Major,
    /// A typo: translations made from the revision before stay up to date.
    Minor,
}

#[derive(Clone, Debug)]
pub struct Revision {
    /// Unique on this node; Integreat's `id`.
    pub number: i64,
    pub item: ItemId,
    pub language: LanguageTag,
    /// 1 for the first published revision of this item in this language; none: a draft.
    pub rev: Option<i64>,
    pub body: Digest,
    pub edit: Edit,
    pub via: Via,
    /// What was translated: language and its `rev`; 0 is a revision older than any held here.
    pub source: Option<(LanguageTag, i64)>,
    pub updated_at: Moment,
}
