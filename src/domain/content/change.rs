//! The change that every publication records in its own transaction. The feed turns changes into entries;
//! content itself knows nothing of feeds.

use super::kind::ObjectKind;
use super::labels::Facets;
use crate::base::digest::Digest;
use crate::base::id::ObjectId;
use crate::base::language::LanguageTag;
use crate::base::moment::Moment;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One step of what is public, in the words of civic-feed §2.4.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", tag = "op")]
pub enum Change {
    /// The item exists like this; languages not listed stay as they are.
    Put(Put),
    /// The item is no longer current.
    Withdraw { object: ObjectId, at: Moment, why: String },
    /// Bodies that everybody must delete; no languages means all.
    Erase {
        object: ObjectId,
        at: Moment,
        why: String,
        due_seconds: u64,
        revs: BTreeMap<LanguageTag, Vec<i64>>,
    },
}

impl Change {
    /// What it is about.
    pub fn object(&self) -> ObjectId {
        match self {
            Change::Put(put) => put.object,
            Change::Withdraw { object, .. } | Change::Erase { object, .. } => *object,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Put {
    pub object: ObjectId,
    pub at: Moment,
    pub kind: ObjectKind,
    /// SPDX identifier.
    pub licence: String,
    /// The page above; for a root page its region.
    pub parent: Option<ObjectId>,
    /// Fractional index among siblings.
    pub ord: Option<String>,
    #[serde(default)]
    pub facets: Facets,
    /// The official key of the region, such as `DE-ARS:097720000000`.
    #[serde(default)]
    pub geo: Option<String>,
    /// When it is over by itself.
    #[serde(default)]
    pub expires_at: Option<Moment>,
    pub minor: bool,
    /// `None` withdraws the language.
    pub variants: BTreeMap<LanguageTag, Option<Variant>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Variant {
    pub body: Digest,
    pub size_bytes: u64,
    pub rev: i64,
    pub source: Option<(LanguageTag, i64)>,
    pub via: Via,
    /// Media that the body names, so that they are served with it.
    pub media: Vec<Digest>,
}

/// How a text came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Via {
    Human,
    Mt,
    MtReviewed,
}

impl Via {
    pub fn as_str(self) -> &'static str {
        match self {
            Via::Human => "human",
            Via::Mt => "mt",
            Via::MtReviewed => "mt-reviewed",
        }
    }

    /// `None` for a word that civic-feed does not name.
    pub fn parse(word: &str) -> Option<Via> {
        [Via::Human, Via::Mt, Via::MtReviewed].into_iter().find(|via| via.as_str() == word)
    }
}
