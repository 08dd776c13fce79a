//! From a merge to a text, with what somebody chose where both sides differ.

use super::parts::{self, Name, Value};
use super::{Merge, Part};
use crate::base::digest::Digest;
use crate::base::html::CleanHtml;
use crate::domain::content::body::{Block, Body, Medium};
use std::collections::{BTreeSet, HashMap};

/// What somebody wants a part to be.
#[derive(Clone, Debug, PartialEq)]
pub enum Choice {
    /// As it is here.
    Ours,
    /// As it is at the origin.
    Theirs,
    /// Neither: these words, of a block their HTML.
    Written(String),
}

/// Why a merge is no text yet.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Open {
    #[error("{0} was changed here and at the origin: choose ours, theirs or write anew")]
    Conflict(Name),
    #[error("{0} is no part that can be written: choose ours or theirs")]
    NotWords(Name),
    #[error("the facts do not go together as chosen")]
    Facts,
}

impl Merge {
    /// The merged text: what only one side changed is as that side has it, unless chosen otherwise.
    /// # Errors: every part that is still open.
    pub fn settle(&self, choices: &HashMap<Name, Choice>) -> Result<Body, Vec<Open>> {
        let (mut body, mut open) = (self.blank(), Vec::new());
        let mut members = serde_json::Map::new();
        for part in &self.parts {
            match chosen(part, choices.get(&part.name)) {
                Ok(Some(value)) => put(&mut body, &mut members, &part.name, value),
                Ok(None) => {}
                Err(why) => open.push(why),
            }
        }
        if let Some(like) = &self.ours.facts {
            body.facts = parts::facts(like, members);
            if body.facts.is_none() && open.is_empty() {
                open.push(Open::Facts);
            }
        }
        body.media.extend(self.still_shown(&body));
        if open.is_empty() { Ok(body) } else { Err(open) }
    }

    /// Media that one side no longer names, for the sake of a block which is kept as the other has it.
    fn still_shown(&self, body: &Body) -> Vec<Medium> {
        let is_there = |sha256: &Digest| body.media.iter().any(|medium| medium.sha256 == *sha256);
        let needed: BTreeSet<Digest> = body.shows().into_iter().filter(|sha256| !is_there(sha256)).collect();
        let media = self.parts.iter().filter_map(|part| {
            match (&part.name, part.ours.as_ref().or(part.theirs.as_ref())) {
                (Name::Medium(sha256), Some(Value::Medium(medium))) => {
                    needed.contains(sha256).then(|| medium.clone())
                }
                _ => None,
            }
        });
        media.collect()
    }

    /// Our text without any part.
    fn blank(&self) -> Body {
        let nothing = Body::untitled(String::new());
        let Body { title, summary, wrap, icon, blocks, media, facts, .. } = nothing;
        Body { title, summary, wrap, icon, blocks, media, facts, ..self.ours.clone() }
    }
}

fn chosen(part: &Part, choice: Option<&Choice>) -> Result<Option<Value>, Open> {
    match (choice, &part.name) {
        (None, _) => part.settled().map(|value| value.cloned()),
        (Some(Choice::Ours), _) => Ok(part.ours.clone()),
        (Some(Choice::Theirs), _) => Ok(part.theirs.clone()),
        (Some(Choice::Written(words)), Name::Title | Name::Summary) => Ok(Some(Value::Words(words.clone()))),
        (Some(Choice::Written(html)), Name::Block(_)) => {
            let html = CleanHtml::parse(html);
            let first = html.pieces().into_iter().next();
            let tag = first.map_or_else(|| "text".to_owned(), |piece| piece.tag);
            Ok(Some(Value::Block { tag, html }))
        }
        (Some(Choice::Written(_)), name) => Err(Open::NotWords(name.clone())),
    }
}

fn put(body: &mut Body, members: &mut serde_json::Map<String, serde_json::Value>, name: &Name, value: Value) {
    match (name, value) {
        (Name::Title, Value::Words(words)) => body.title = words,
        (Name::Summary, Value::Words(words)) => body.summary = Some(words),
        (Name::Wrap, Value::Words(words)) => body.wrap = Some(words),
        (Name::Icon, Value::Words(words)) => body.icon = words.parse().ok(),
        (Name::Block(id), Value::Block { tag, html }) => {
            body.blocks.push(Block { id: id.clone(), tag, html })
        }
        (Name::Medium(_), Value::Medium(medium)) => body.media.push(medium),
        (Name::Fact(member), Value::Fact(fact)) => {
            members.insert(member.clone(), fact);
        }
        // `parts::of` makes no other pair.
        _ => {}
    }
}
