//! Publishing: bodies, revisions and the changes for the log, all in the caller's one transaction.

use super::body::{Block, Medium};
use super::change::{Change, Put, Via};
use super::error::ContentError;
use super::facts::Facts;
use super::item::{Item, Stewardship};
use super::labels::{Facets, Labels};
use super::media::caption::Captions;
use super::published::RegionSettings;
use super::references::Reference;
use super::revision::{Edit, Revision};
use super::store::items::SlugRow;
use super::typeset::{Setting, Typeset, typeset};
use super::{Desk, slugs, store};
use crate::base::digest::Digest;
use crate::base::id::{ItemId, RegionId};
use crate::base::language::LanguageTag;
use crate::base::moment::Moment;
use crate::platform::clock;
use crate::platform::db::Write;
use std::collections::{BTreeMap, HashMap, HashSet};

/// New texts of one item, in any number of languages at once, and new facts if they changed.
pub struct Publication {
    pub item: ItemId,
    pub edit: Edit,
    pub texts: Vec<Text>,
    pub facts: Option<NewFacts>,
}

impl Publication {
    /// Texts alone: the facts, if there are any, stay as they are.
    pub fn of_texts(item: ItemId, edit: Edit, texts: Vec<Text>) -> Publication {
        Publication { item, edit, texts, facts: None }
    }
}

/// What an item is to say in one language.
#[derive(Clone)]
pub struct Text {
    pub language: LanguageTag,
    pub title: String,
    /// The wish; if another item of the kind has or had it, a number is added. Of no use for kinds without an address.
    pub slug: String,
    pub blocks: Vec<Block>,
    pub wrap: Option<String>,
    pub media: Vec<Medium>,
    /// One or two sentences for search engines.
    pub summary: Option<String>,
    pub via: Via,
    /// The language and `rev` it was translated from; 0: from a revision older than any held here.
    pub source: Option<(LanguageTag, i64)>,
    pub updated_at: Moment,
}

/// What an item is to be, apart from words.
#[derive(Clone)]
pub struct NewFacts {
    pub facts: Facts,
    /// The pictures that the facts name and that are held here.
    pub media: Vec<Medium>,
    pub updated_at: Moment,
}

/// A fresh salt for a body: 128 bits, base64url.
pub fn salt() -> String {
    data_encoding::BASE64URL_NOPAD.encode(&clock::chance::<16>())
}

/// Publishes texts and facts of items of one region: one revision for each, one change per item.
/// # Errors: an unknown, archived or mirrored item, a language the region lacks, facts of another kind, a body over
/// 256 KiB.
pub fn publish(
    tx: &mut Write<'_>,
    desk: &Desk<'_>,
    region: RegionId,
    publications: Vec<Publication>,
) -> Result<Vec<Revision>, ContentError> {
    check_open(tx, region)?;
    let ids: Vec<ItemId> = publications.iter().map(|publication| publication.item).collect();
    let items = store::items::among(tx, region, &ids)?;
    let items: HashMap<ItemId, Item> = items.into_iter().map(|item| (item.id, item)).collect();
    let parts = |one: &Publication| one.texts.len() + usize::from(one.facts.is_some());
    let count = publications.iter().map(parts).sum();
    let captions = Captions::of(tx, &publications, items.values())?;
    let mut press = Press::of(tx, region, &ids, count, captions)?;
    for publication in publications {
        let id = publication.item;
        let item = items.get(&id).ok_or(ContentError::UnknownItem { item: id })?;
        press.print(desk, item.clone(), publication)?;
    }
    let Press { slugs: _, new_slugs, bodies, revisions, changes, expiring, .. } = press;
    keep_slugs(tx, region, new_slugs)?;
    store::items::save(tx, &expiring)?;
    store::bodies::save(tx, &bodies)?;
    store::revisions::save_public(tx, &revisions)?;
    store::record(tx, &changes)?;
    Ok(revisions)
}

/// A slug and the item it leads to from now on.
pub(super) type NewSlug = (LanguageTag, String, ItemId, super::kind::ObjectKind);

/// What publishing needs to know of the region, and what it makes.
struct Press {
    marks: Marks,
    languages: HashSet<LanguageTag>,
    revs: HashMap<(ItemId, LanguageTag), i64>,
    slugs: slugs::Slugs,
    captions: Captions,
    number: i64,
    new_slugs: Vec<NewSlug>,
    bodies: Vec<(Digest, String)>,
    revisions: Vec<Revision>,
    changes: Vec<Change>,
    /// Items whose end is another one now.
    expiring: Vec<Item>,
}

impl Press {
    fn of(
        tx: &mut Write<'_>,
        region: RegionId,
        ids: &[ItemId],
        count: usize,
        captions: Captions,
    ) -> Result<Press, ContentError> {
        let revs = store::revisions::newest_revs(tx, ids)?;
        let languages = store::regions::languages_of(tx, region)?;
        Ok(Press {
            marks: Marks::of(tx, region, ids)?,
            languages: languages.into_iter().map(|language| language.tag).collect(),
            revs: revs.into_iter().map(|(item, language, rev)| ((item, language), rev)).collect(),
            slugs: slugs::Slugs::of_region(store::items::slugs_of_region(tx, region)?),
            captions,
            number: store::take_numbers(tx, "revisions", count)?,
            new_slugs: Vec::new(),
            bodies: Vec::new(),
            revisions: Vec::new(),
            changes: Vec::new(),
            expiring: Vec::new(),
        })
    }

    fn print(&mut self, desk: &Desk<'_>, mut item: Item, new: Publication) -> Result<(), ContentError> {
        if item.stewardship == Stewardship::Mirrored {
            return Err(ContentError::Mirrored { item: item.id });
        }
        if item.archived {
            // Whoever follows would show it while our own readers do not see it.
            return Err(ContentError::Archived { item: item.id });
        }
        if let Some(NewFacts { facts, .. }) = &new.facts {
            if facts.kind() != item.kind {
                return Err(ContentError::OtherFacts { item: item.id, kind: item.kind.as_str() });
            }
            if item.expires_at != facts.expires_at() {
                item.expires_at = facts.expires_at();
                self.expiring.push(item.clone());
            }
        }
        let mut put = placement(&item, desk, &self.marks);
        put.minor = new.edit == Edit::Minor;
        if let Some(mut facts) = new.facts {
            self.captions.complete_facts(&mut facts);
            let set = self.next(&item, &LanguageTag::none(), new.edit, None);
            self.keep(&mut put, super::typeset::facts(set, facts)?);
        }
        for mut text in new.texts {
            if !self.languages.contains(&text.language) {
                return Err(ContentError::UnknownLanguage { language: text.language });
            }
            self.captions.complete(&mut text, &item);
            let slug = item.kind.has_slug().then(|| {
                let slug = self.slugs.settle(item.kind, &text.language, &text.slug, item.id);
                self.new_slugs.push((text.language.clone(), slug.clone(), item.id, item.kind));
                slug
            });
            let set = self.next(&item, &text.language, new.edit, slug);
            let credit = Some(self.marks.credit(item.id).to_owned()).filter(|credit| !credit.is_empty());
            self.keep(&mut put, typeset(Setting { credit, ..set }, text)?);
        }
        self.changes.push(Change::Put(put));
        Ok(())
    }

    fn next(&mut self, item: &Item, language: &LanguageTag, edit: Edit, slug: Option<String>) -> Setting {
        let rev = self.revs.entry((item.id, language.clone())).or_insert(0);
        *rev += 1;
        let number = self.number;
        self.number += 1;
        // Whoever mirrors a page knows its texts alone, so they say which picture stands for it.
        let icon = match item.icon.as_deref().map(Reference::parse) {
            Some(Reference::Medium(icon)) => Some(icon),
            _ => None,
        };
        Setting { item: item.id, number, rev: *rev, edit, slug, icon, credit: None }
    }

    fn keep(&mut self, put: &mut Put, (body, revision, variant): Typeset) {
        put.variants.insert(revision.language.clone(), Some(variant));
        self.bodies.push(body);
        self.revisions.push(revision);
    }
}

/// Those of our own items that the log knows: it hears of one with its first text.
pub(super) fn told(tx: &mut Write<'_>, items: &[Item]) -> Result<HashSet<ItemId>, ContentError> {
    let own = items.iter().filter(|item| item.stewardship == Stewardship::Own);
    let own: Vec<ItemId> = own.map(|item| item.id).collect();
    let known = store::revisions::newest_revs(tx, &own)?.into_iter();
    Ok(known.filter(|(_, _, rev)| *rev > 0).map(|(item, ..)| item).collect())
}

/// Whether the log was told that everything of a region is gone: it hears of nothing there until the region is back.
pub(super) fn is_archived(tx: &mut Write<'_>, region: RegionId) -> Result<bool, ContentError> {
    let regions = store::regions::all(tx)?;
    Ok(regions.iter().any(|known| known.id == region && known.settings.archived))
}

/// # Errors: the region is archived.
pub(super) fn check_open(tx: &mut Write<'_>, region: RegionId) -> Result<(), ContentError> {
    if is_archived(tx, region)? { Err(ContentError::RegionArchived) } else { Ok(()) }
}

/// What is said of items besides their texts: by themselves, or else by their region.
pub(super) struct Marks {
    region: RegionSettings,
    own: HashMap<ItemId, Labels>,
}

impl Marks {
    pub fn of(tx: &mut Write<'_>, region: RegionId, items: &[ItemId]) -> Result<Marks, ContentError> {
        let known = store::regions::all(tx)?.into_iter().find(|known| known.id == region);
        let region = known.map_or_else(RegionSettings::default, |known| known.settings);
        Ok(Marks { region, own: store::labels::of(tx, items)? })
    }

    fn licence(&self, item: ItemId) -> &str {
        let own = self.own.get(&item).and_then(|labels| labels.licence.as_ref());
        own.unwrap_or(&self.region.licence)
    }

    fn credit(&self, item: ItemId) -> &str {
        let own = self.own.get(&item).and_then(|labels| labels.attribution.as_ref());
        own.unwrap_or(&self.region.attribution)
    }
}

/// What an item is and where it stands, as a change without any text.
pub(super) fn placement(item: &Item, desk: &Desk<'_>, marks: &Marks) -> Put {
    Put {
        object: item.id.into(),
        at: desk.clock.now(),
        kind: item.kind,
        licence: marks.licence(item.id).to_owned(),
        parent: Some(item.parent.map_or(item.region.into(), Into::into)),
        ord: Some(item.ord.clone()).filter(|ord| !ord.is_empty()),
        facets: marks.own.get(&item.id).map_or(Facets::NONE, |labels| labels.facets.clone()),
        geo: Some(marks.region.official_key.clone()).filter(|key| !key.is_empty()),
        expires_at: item.expires_at,
        minor: false,
        variants: BTreeMap::new(),
    }
}

/// Tells the log what these items of a region are now, where it knows them, without their texts, which stay.
pub(super) fn put_again(
    tx: &mut Write<'_>,
    desk: &Desk<'_>,
    region: RegionId,
    items: &[Item],
) -> Result<(), ContentError> {
    let told = told(tx, items)?;
    if is_archived(tx, region)? {
        return Ok(());
    }
    let shown: Vec<&Item> = items.iter().filter(|item| !item.archived && told.contains(&item.id)).collect();
    let ids: Vec<ItemId> = shown.iter().map(|item| item.id).collect();
    let marks = Marks::of(tx, region, &ids)?;
    let changes: Vec<Change> =
        shown.into_iter().map(|item| Change::Put(placement(item, desk, &marks))).collect();
    Ok(store::record(tx, &changes)?)
}

/// Makes each slug the newest of its item and language.
pub(super) fn keep_slugs(
    tx: &mut Write<'_>,
    region: RegionId,
    new: Vec<NewSlug>,
) -> Result<(), ContentError> {
    let first = store::take_numbers(tx, "slugs", new.len())?;
    let rows: Vec<SlugRow> = (first..)
        .zip(new)
        .map(|(number, (language, slug, item, kind))| SlugRow {
            region,
            kind,
            language: language.as_str().to_owned(),
            slug,
            item,
            number,
        })
        .collect();
    Ok(store::items::save_slugs(tx, &rows)?)
}
