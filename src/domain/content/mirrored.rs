//! Texts that another node wrote: shown under our addresses by naming their bodies, never edited, never
//! told to our own log.

use super::change::Via;
use super::error::ContentError;
use super::kind::ObjectKind;
use super::publish::keep_slugs;
use super::revision::{Edit, Revision};
use super::{slugs, store};
use crate::base::digest::Digest;
use crate::base::id::{ItemId, RegionId};
use crate::base::language::LanguageTag;
use crate::base::moment::Moment;
use crate::platform::db::Write;
use std::collections::{BTreeSet, HashMap};

/// A complete, verified text of a mirrored item, or its facts.
pub struct ForeignText {
    pub item: ItemId,
    pub kind: ObjectKind,
    pub language: LanguageTag,
    pub body: Digest,
    /// As counted by its author.
    pub rev: i64,
    pub edit: Edit,
    /// A revision before it that mattered to translations and never came here.
    pub missed: Option<i64>,
    pub via: Via,
    pub source: Option<(LanguageTag, i64)>,
    /// Its slug where it comes from; empty or unusable ones are made from the title.
    pub slug: String,
    pub title: String,
    pub updated_at: Moment,
}

/// Makes these the public texts of their items. One that was here before under its number is shown again; of two under
/// one number the first stays.
pub fn show(tx: &mut Write<'_>, region: RegionId, mut texts: Vec<ForeignText>) -> Result<(), ContentError> {
    let known: HashMap<(ItemId, LanguageTag, i64), Revision> = known(tx, &texts)?;
    let before = |text: &ForeignText| known.get(&(text.item, text.language.clone(), text.rev));
    texts.retain(|text| before(text).is_none_or(|before| before.body == text.body));
    let with_slug = texts.iter().filter(|text| text.kind.has_slug() && !text.language.is_none());
    let languages: BTreeSet<&str> = with_slug.map(|text| text.language.as_str()).collect();
    let mut slugs = slugs::Slugs::of_region(store::items::slugs_in(tx, region, &languages)?);
    let missed = texts.iter().filter(|text| text.missed.is_some()).count();
    let mut numbers = store::take_numbers(tx, "revisions", texts.len() + missed)?..;
    let mut next = || numbers.next().unwrap_or(i64::MAX);
    let (mut revisions, mut unseen, mut new_slugs) = (Vec::new(), Vec::new(), Vec::new());
    let mut again: Vec<&Revision> = Vec::new();
    for text in texts {
        let before = before(&text);
        let ForeignText { item, kind, language, body, rev, edit, missed, via, source, .. } = text;
        if kind.has_slug() && !language.is_none() {
            let wish = slugs::usable(&text.slug, &text.title, kind);
            let slug = slugs.settle(kind, &language, &wish, item);
            new_slugs.push((language.clone(), slug, item, kind));
        }
        if let Some(before) = before {
            again.push(before);
            continue;
        }
        let revision = |number: i64, rev: i64, edit: Edit| Revision {
            number,
            item,
            language: language.clone(),
            rev: Some(rev),
            body,
            edit,
            via,
            source: source.clone(),
            updated_at: text.updated_at,
        };
        // Its own text is not known and never shown; that it was there makes older translations outdated.
        unseen.extend(missed.map(|rev| revision(next(), rev, Edit::Major)));
        revisions.push(revision(next(), rev, edit));
    }
    keep_slugs(tx, region, new_slugs)?;
    store::revisions::save(tx, &unseen)?;
    store::revisions::save_public(tx, &revisions)?;
    let again: Vec<_> = again.iter().map(|one| (one.item, &one.language, Some(one.number))).collect();
    Ok(store::revisions::show(tx, &again)?)
}

/// Revisions of the same items that have the numbers of these texts.
fn known(
    tx: &mut Write<'_>,
    texts: &[ForeignText],
) -> Result<HashMap<(ItemId, LanguageTag, i64), Revision>, ContentError> {
    let revs: Vec<(ItemId, i64)> = texts.iter().map(|text| (text.item, text.rev)).collect();
    let found = store::revisions::of_revs(tx, &revs)?.into_iter();
    let by_rev = found.filter_map(|one| Some(((one.item, one.language.clone(), one.rev?), one)));
    Ok(by_rev.collect())
}

/// Hides languages that were withdrawn or erased where they come from.
pub fn hide(tx: &mut Write<'_>, all: &[(ItemId, LanguageTag)]) -> Result<(), ContentError> {
    let rows: Vec<_> = all.iter().map(|(item, language)| (*item, language, None)).collect();
    Ok(store::revisions::show(tx, &rows)?)
}

/// Takes mirrored pages out for good, with the addresses and revisions that they had here.
pub fn remove(tx: &mut Write<'_>, pages: &[ItemId]) -> Result<(), ContentError> {
    Ok(store::items::delete(tx, pages)?)
}
