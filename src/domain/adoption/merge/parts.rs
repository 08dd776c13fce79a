//! What a text consists of, each part under a name that both sides share.

use crate::base::digest::Digest;
use crate::base::html::CleanHtml;
use crate::domain::content::body::{Block, Body, Medium};
use crate::domain::content::facts::Facts;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// A part of a text. Address, salt, credit and date are not among them: those are always our own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Name {
    Title,
    Summary,
    /// Whether the blocks stand inside one element.
    Wrap,
    /// The picture that stands for a page.
    Icon,
    /// A block, by its id.
    Block(String),
    /// A picture or file, by its digest: its alternative text, credit and licence.
    Medium(Digest),
    /// A member of the facts, such as `hours` of a place.
    Fact(String),
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Name::Title => f.write_str("the title"),
            Name::Summary => f.write_str("the summary"),
            Name::Wrap => f.write_str("the element around the text"),
            Name::Icon => f.write_str("the picture of the page"),
            Name::Block(id) => write!(f, "block {id}"),
            Name::Medium(sha256) => write!(f, "the words about medium {sha256}"),
            Name::Fact(member) => write!(f, "the fact {member:?}"),
        }
    }
}

/// What a part says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Value {
    Words(String),
    Block { tag: String, html: CleanHtml },
    Medium(Medium),
    Fact(serde_json::Value),
}

/// Every part that a body has.
pub(super) fn of(body: &Body) -> BTreeMap<Name, Value> {
    let words = [
        (Name::Title, Some(body.title.clone()).filter(|title| !title.is_empty())),
        (Name::Summary, body.summary.clone()),
        (Name::Wrap, body.wrap.clone()),
        (Name::Icon, body.icon.map(|icon| icon.to_string())),
    ];
    let words = words.into_iter().filter_map(|(name, words)| Some((name, Value::Words(words?))));
    let blocks = body.blocks.iter().map(|Block { id, tag, html }| {
        (Name::Block(id.clone()), Value::Block { tag: tag.clone(), html: html.clone() })
    });
    let media = body.media.iter().map(|medium| (Name::Medium(medium.sha256), Value::Medium(medium.clone())));
    let facts = members(body.facts.as_ref()).into_iter();
    let facts = facts.map(|(name, fact)| (Name::Fact(name), Value::Fact(fact)));
    words.chain(blocks).chain(media).chain(facts).collect()
}

/// The names of all parts but the blocks, whose order is another matter.
pub(super) fn names_besides_blocks(sides: &[BTreeMap<Name, Value>; 3]) -> BTreeSet<Name> {
    let names = sides.iter().flat_map(BTreeMap::keys);
    names.filter(|name| !matches!(name, Name::Block(_))).cloned().collect()
}

/// The members of facts, as they are written in a body.
fn members(facts: Option<&Facts>) -> serde_json::Map<String, serde_json::Value> {
    let Some(serde_json::Value::Object(by_kind)) = facts.and_then(|facts| serde_json::to_value(facts).ok())
    else {
        return serde_json::Map::new();
    };
    match by_kind.into_iter().next() {
        Some((_, serde_json::Value::Object(members))) => members,
        _ => serde_json::Map::new(),
    }
}

/// Facts of the kind of `like` with these members; `None` if they do not go together.
pub(super) fn facts(like: &Facts, members: serde_json::Map<String, serde_json::Value>) -> Option<Facts> {
    let facts = serde_json::Map::from_iter([(like.kind().as_str().to_owned(), members.into())]);
    serde_json::from_value(facts.into()).ok()
}
