//! Gives items another licence, other topics and audiences, and tells the log: their texts stay as they are.

use super::error::ContentError;
use super::item::{Item, Stewardship};
use super::labels::{Facets, Labels};
use super::vocabulary::{Sort, Term, Vocabulary};
use super::{Desk, publish, store};
use crate::base::id::{ItemId, RegionId};
use crate::platform::db::{Reading, Write};
use std::collections::{BTreeMap, BTreeSet};

/// What is to be said of items from now on; what is not named stays. Words or ids of terms stand for all that an item has
/// of their sort. An empty licence or attribution is the region's again.
#[derive(Clone, Debug, Default)]
pub struct Relabelling {
    pub licence: Option<String>,
    pub attribution: Option<String>,
    pub topics: Option<Vec<String>>,
    pub audiences: Option<Vec<String>>,
}

/// Labels items of ours. Whom to name stands in each text: those published before keep what they say until they are
/// published again. The items that say other things than before.
/// # Errors: an unknown or mirrored item, a term that the vocabulary lacks or that is of the other sort, labels that
/// cannot be.
pub fn relabel(
    tx: &mut Write<'_>,
    desk: &Desk<'_>,
    ids: &[ItemId],
    wish: &Relabelling,
) -> Result<Vec<ItemId>, ContentError> {
    let items = store::items::some(tx, ids)?;
    for id in ids {
        let item = items.iter().find(|item| item.id == *id).ok_or(ContentError::UnknownItem { item: *id })?;
        if item.stewardship == Stewardship::Mirrored {
            return Err(ContentError::Mirrored { item: *id });
        }
    }
    let vocabulary = Vocabulary::read(tx)?;
    let about = |terms: &Option<Vec<String>>, fits: fn(&Term) -> bool| {
        terms.as_ref().map(|terms| meant(&vocabulary, terms, fits)).transpose()
    };
    let topics = about(&wish.topics, |term| term.sort == Sort::Topic)?;
    let audiences = about(&wish.audiences, |term| term.sort != Sort::Topic)?;
    let said = |new: &Option<String>, before: Option<String>| match new {
        Some(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        None => before,
    };
    let mut known = store::labels::of(tx, ids)?;
    let mut changed = BTreeMap::new();
    for item in &items {
        let before = known.remove(&item.id).unwrap_or_default();
        let facets = Facets {
            topics: topics.clone().unwrap_or_else(|| before.facets.topics.clone()),
            audiences: audiences.clone().unwrap_or_else(|| before.facets.audiences.clone()),
        };
        let after = Labels {
            licence: said(&wish.licence, before.licence.clone()),
            attribution: said(&wish.attribution, before.attribution.clone()),
            facets,
        };
        after.check()?;
        if after != before {
            changed.insert(item.id, after);
        }
    }
    keep(tx, desk, items, &changed)?;
    Ok(changed.into_keys().collect())
}

/// The ids of the audiences that words mean. # Errors: as [`relabel`].
pub(super) fn audiences(tx: &mut impl Reading, words: &[String]) -> Result<BTreeSet<String>, ContentError> {
    meant(&Vocabulary::read(tx)?, words, |term| term.sort != Sort::Topic)
}

/// The ids of the terms that words or ids mean.
fn meant(
    vocabulary: &Vocabulary,
    terms: &[String],
    fits: fn(&Term) -> bool,
) -> Result<BTreeSet<String>, ContentError> {
    let id = |text: &String| {
        let term = vocabulary.meant(text)?;
        if fits(term) {
            Ok(term.id.clone())
        } else {
            Err(ContentError::TermOfOtherSort { term: text.clone() })
        }
    };
    terms
        .iter()
        .map(|text| text.trim().to_owned())
        .filter(|text| !text.is_empty())
        .map(|text| id(&text))
        .collect()
}

/// Takes a term from every item that has it; from how many.
pub(super) fn forget(tx: &mut Write<'_>, desk: &Desk<'_>, term: &str) -> Result<usize, ContentError> {
    let mut changed = BTreeMap::new();
    for (item, mut labels) in store::labels::all(tx)? {
        let facets = &mut labels.facets;
        // Both, without stopping at the first.
        if facets.topics.remove(term) | facets.audiences.remove(term) {
            changed.insert(item, labels);
        }
    }
    let ids: Vec<ItemId> = changed.keys().copied().collect();
    let items = store::items::some(tx, &ids)?;
    keep(tx, desk, items, &changed)?;
    Ok(changed.len())
}

/// Stores labels and tells them to the log, where it knows their items.
fn keep(
    tx: &mut Write<'_>,
    desk: &Desk<'_>,
    items: Vec<Item>,
    changed: &BTreeMap<ItemId, Labels>,
) -> Result<(), ContentError> {
    if changed.is_empty() {
        return Ok(());
    }
    store::labels::save(tx, changed)?;
    let mut by_region: BTreeMap<RegionId, Vec<Item>> = BTreeMap::new();
    for item in items.into_iter().filter(|item| changed.contains_key(&item.id)) {
        by_region.entry(item.region).or_default().push(item);
    }
    for (region, items) in by_region {
        publish::put_again(tx, desk, region, &items)?;
    }
    Ok(())
}
