//! Entries without bytes. One that a later `redact` explains is taken as it is; any other is held back, with all that
//! follow, so that nothing is missing here once the feed delivers it after all.

use super::verify::{Proven, Verified};
use crate::domain::feed::entry::{Entry, Op};
use crate::tlog::merkle::Frontier;
use std::collections::BTreeSet;

/// The `redact` entries of a log that were seen during one sync.
#[derive(Default)]
pub struct Redactions {
    told: BTreeSet<u64>,
    /// The right edge of what was looked through.
    pub read: Frontier,
}

impl Redactions {
    /// Looks through entries, unless that was done before.
    pub fn learn(&mut self, proven: &Verified<Proven>) {
        if proven.frontier.size() <= self.read.size() {
            return;
        }
        self.read = proven.frontier.clone();
        self.told.extend(proven.entries.iter().filter_map(|leaf| match Entry::parse(&leaf.bytes).ok()?.op {
            Op::Redact { index, .. } => Some(index),
            _ => None,
        }));
    }

    /// The first of these entries that has no bytes while no `redact` seen so far says why.
    pub fn hidden(&self, proven: &Verified<Proven>) -> Option<u64> {
        let empty = (proven.first..).zip(&proven.entries).filter(|(_, leaf)| leaf.bytes.is_empty());
        empty.map(|(index, _)| index).find(|index| !self.told.contains(index))
    }
}

/// As [`Redactions::hidden`], of all entries that a sync brings.
pub fn hidden(proven: &Verified<Proven>) -> Option<u64> {
    let mut redactions = Redactions::default();
    redactions.learn(proven);
    redactions.hidden(proven)
}
