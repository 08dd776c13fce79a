//! Three-way merge of one language of an adapted item, by the ids of its blocks (civic-feed §2.12): what changed at the
//! origin since our text was made from it, what changed here, and where both did. Inside a block nothing is ever merged:
//! a person chooses, or writes. Facts are merged member by member, everything else as a whole.
//!
//! The rules are those of diff3 (Khanna, Kunal, Pierce: A Formal Investigation of Diff3, 2007), with ids instead of
//! aligned lines.

mod order;
mod parts;
mod settle;
#[cfg(test)]
mod tests;

pub use parts::{Name, Value};
pub use settle::{Choice, Open};

use crate::domain::content::body::Body;

/// One part of a text as it was, as it is here and as it is at the origin; `None`: it is not there.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    pub name: Name,
    pub base: Option<Value>,
    pub ours: Option<Value>,
    pub theirs: Option<Value>,
}

/// Which side changed a part since the base.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Neither, or both alike.
    Same,
    /// Only here.
    Ours,
    /// Only at the origin.
    Theirs,
    /// Both, in different ways; or one deleted what the other changed.
    Conflict,
}

/// Every part of a text, and what is to become of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Merge {
    /// Blocks in the order of the merged text, those that a side deleted included; then everything else.
    pub parts: Vec<Part>,
    /// Both sides put blocks into another order, and not into the same: ours is kept.
    pub both_moved: bool,
    ours: Body,
}

impl Part {
    pub fn outcome(&self) -> Outcome {
        let Part { base, ours, theirs, .. } = self;
        match () {
            () if ours == theirs => Outcome::Same,
            () if ours == base => Outcome::Theirs,
            () if theirs == base => Outcome::Ours,
            () => Outcome::Conflict,
        }
    }

    /// What the part becomes without asking anybody.
    /// # Errors: both sides changed it, somebody must choose.
    fn settled(&self) -> Result<Option<&Value>, Open> {
        match self.outcome() {
            Outcome::Same | Outcome::Ours => Ok(self.ours.as_ref()),
            Outcome::Theirs => Ok(self.theirs.as_ref()),
            Outcome::Conflict => Err(Open::Conflict(self.name.clone())),
        }
    }
}

impl Merge {
    /// `base` is what `ours` was made from, `theirs` what the origin says now, all in one language.
    pub fn of(base: &Body, ours: &Body, theirs: &Body) -> Merge {
        let (order, both_moved) = order::merged(base, ours, theirs);
        let sides = [base, ours, theirs].map(parts::of);
        let named = order.into_iter().map(Name::Block).chain(parts::names_besides_blocks(&sides));
        let [base, ours_parts, theirs] = sides;
        let part = |name: Name| Part {
            base: base.get(&name).cloned(),
            ours: ours_parts.get(&name).cloned(),
            theirs: theirs.get(&name).cloned(),
            name,
        };
        Merge { parts: named.map(part).collect(), both_moved, ours: ours.clone() }
    }

    /// The parts that became something else at the origin, or on which both sides differ.
    pub fn changed(&self) -> impl Iterator<Item = &Part> {
        self.parts.iter().filter(|part| matches!(part.outcome(), Outcome::Theirs | Outcome::Conflict))
    }

    pub fn conflicts(&self) -> impl Iterator<Item = &Part> {
        self.parts.iter().filter(|part| part.outcome() == Outcome::Conflict)
    }
}
