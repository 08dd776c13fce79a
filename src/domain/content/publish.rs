//! Publishing: bodies, revisions and the changes for the log, all in the caller's one transaction.

use super::body::{Block, Body, LARGEST_BODY_BYTES, Medium};
use super::change::{Change, ObjectKind, Put, Variant, Via};
use super::error::ContentError;
use super::item::{Item, Stewardship};
use super::published::RegionSettings;
use super::references::Reference;
use super::region::Region;
use super::revision::{Edit, Revision};
use super::store::items::SlugRow;
use super::{Desk, slugs, store};
use crate::base::digest::Digest;
use crate::base::id::{ItemId, RegionId};
use crate::base::language::LanguageTag;
use crate::base::moment::Moment;
use crate::platform::clock;
use crate::platform::db::Write;
use std::collections::{BTreeMap, HashMap, HashSet};

/// New texts of one page, in any number of languages at once.
pub struct Publication {
    pub page: ItemId,
    pub edit: Edit,
    pub texts: Vec<Text>,
}

/// What a page is to say in one language.
#[derive(Clone)]
pub struct Text {
    pub language: LanguageTag,
    pub title: String,
    /// The wish; if another page of the region has or had it, a number is added.
    pub slug: String,
    pub blocks: Vec<Block>,
    pub wrap: Option<String>,
    pub media: Vec<Medium>,
    pub via: Via,
    /// The language and `rev` it was translated from; 0: from a revision older than any held here.
    pub source: Option<(LanguageTag, i64)>,
    pub updated_at: Moment,
}

/// A fresh salt for a body: 128 bits, base64url.
pub fn salt() -> String {
    data_encoding::BASE64URL_NOPAD.encode(&clock::chance::<16>())
}

/// Publishes texts of pages of one region: one revision per text, one change per page.
/// # Errors: an unknown, archived or mirrored page, a language the region lacks, a body over 256 KiB.
pub fn publish(
    tx: &mut Write<'_>,
    desk: &Desk<'_>,
    region: RegionId,
    publications: Vec<Publication>,
) -> Result<Vec<Revision>, ContentError> {
    let regions = store::regions::all(tx)?;
    let credit =
        regions.iter().find(|known| known.id == region).map(|known| known.settings.attribution.clone());
    let licence = licence_of(tx, region)?;
    let languages = store::regions::languages_of(tx, region)?;
    let pages: HashMap<ItemId, Item> =
        store::items::of_region(tx, region)?.into_iter().map(|page| (page.id, page)).collect();
    let ids: Vec<ItemId> = publications.iter().map(|publication| publication.page).collect();
    let mut revs: HashMap<(ItemId, LanguageTag), i64> = store::revisions::newest_revs(tx, &ids)?
        .into_iter()
        .map(|(page, language, rev)| ((page, language), rev))
        .collect();
    let mut slugs = slugs::Slugs::of_region(store::items::slugs_of_region(tx, region)?);

    let count = publications.iter().map(|publication| publication.texts.len()).sum();
    let mut number = store::take_numbers(tx, "revisions", count)?;
    let (mut bodies, mut revisions, mut new_slugs, mut changes) = (vec![], vec![], vec![], vec![]);
    for Publication { page, edit, texts } in publications {
        let page = pages.get(&page).ok_or(ContentError::UnknownPage { page })?;
        if page.stewardship == Stewardship::Mirrored {
            return Err(ContentError::Mirrored { page: page.id });
        }
        if page.archived {
            // Whoever follows would show it while our own readers do not see it.
            return Err(ContentError::Archived { page: page.id });
        }
        let mut put = placement(page, desk, &licence);
        put.minor = edit == Edit::Minor;
        for text in texts {
            if !languages.iter().any(|language| language.tag == text.language) {
                return Err(ContentError::UnknownLanguage { language: text.language });
            }
            let slug = slugs.settle(&text.language, &text.slug, page.id);
            new_slugs.push((text.language.clone(), slug.clone(), page.id));
            let rev = revs.entry((page.id, text.language.clone())).or_insert(0);
            *rev += 1;
            let set = Setting { page, number, rev: *rev, edit, slug, credit: credit.as_deref() };
            number += 1;
            let (body, revision, variant) = typeset(set, text)?;
            put.variants.insert(revision.language.clone(), Some(variant));
            bodies.push(body);
            revisions.push(revision);
        }
        changes.push(Change::Put(put));
    }
    keep_slugs(tx, region, new_slugs)?;
    store::bodies::save(tx, &bodies)?;
    store::revisions::save_public(tx, &revisions)?;
    store::record(tx, &changes)?;
    Ok(revisions)
}

/// What a text becomes on its page.
struct Setting<'a> {
    page: &'a Item,
    number: i64,
    rev: i64,
    edit: Edit,
    slug: String,
    credit: Option<&'a str>,
}

type Typeset = ((Digest, String), Revision, Variant);

fn typeset(set: Setting<'_>, text: Text) -> Result<Typeset, ContentError> {
    let Text { language, title, slug: _, blocks, wrap, media, via, source, updated_at } = text;
    let digests: Vec<Digest> = media.iter().map(|medium| medium.sha256).collect();
    // Whoever mirrors the page knows its texts alone, so they say which picture stands for it.
    let icon = match set.page.icon.as_deref().map(Reference::parse) {
        Some(Reference::Medium(icon)) => Some(icon).filter(|icon| digests.contains(icon)),
        _ => None,
    };
    let body = Body {
        title,
        blocks,
        media,
        icon,
        wrap,
        slug: Some(set.slug),
        updated: Some(updated_at),
        credit: set.credit.filter(|credit| !credit.is_empty()).map(str::to_owned),
        ..Body::untitled(salt())
    };
    let refuse = |why: String| ContentError::Body { page: set.page.id, language: language.clone(), why };
    let (bytes, digest) = body.to_bytes();
    if bytes.len() > LARGEST_BODY_BYTES {
        return Err(refuse(format!(
            "the text is {} bytes long; at most {LARGEST_BODY_BYTES} can be published",
            bytes.len()
        )));
    }
    let variant = Variant {
        body: digest,
        size_bytes: bytes.len() as u64,
        rev: set.rev,
        source: source.clone(),
        via,
        media: digests,
    };
    let revision = Revision {
        number: set.number,
        page: set.page.id,
        language: language.clone(),
        rev: Some(set.rev),
        body: digest,
        edit: set.edit,
        via,
        source,
        updated_at,
    };
    Ok(((digest, bytes), revision, variant))
}

/// Those of our own pages that the log knows: it hears of a page with its first text.
pub(super) fn told(tx: &mut Write<'_>, pages: &[Item]) -> Result<HashSet<ItemId>, ContentError> {
    let own = pages.iter().filter(|page| page.stewardship == Stewardship::Own);
    let own: Vec<ItemId> = own.map(|page| page.id).collect();
    let known = store::revisions::newest_revs(tx, &own)?.into_iter();
    Ok(known.filter(|(_, _, rev)| *rev > 0).map(|(page, ..)| page).collect())
}

/// Under which licence a region publishes.
pub(super) fn licence_of(tx: &mut Write<'_>, region: RegionId) -> Result<String, ContentError> {
    let regions = store::regions::all(tx)?;
    let known = regions.into_iter().find(|known| known.id == region);
    Ok(known.map_or_else(|| RegionSettings::default().licence, |known| known.settings.licence))
}

/// Where a page stands and under which licence, as a change without any text.
pub(super) fn placement(page: &Item, desk: &Desk<'_>, licence: &str) -> Put {
    Put {
        object: page.id.into(),
        at: desk.clock.now(),
        kind: ObjectKind::Page,
        licence: licence.to_owned(),
        parent: Some(page.parent.map_or(page.region.into(), Into::into)),
        ord: Some(page.ord.clone()),
        minor: false,
        variants: BTreeMap::new(),
    }
}

/// Tells the log where the public pages of a region stand and under which licence, without their texts, which stay.
pub(super) fn place_again(tx: &mut Write<'_>, desk: &Desk<'_>, region: &Region) -> Result<(), ContentError> {
    let mut pages = store::items::of_region(tx, region.id)?;
    let told = told(tx, &pages)?;
    pages.retain(|page| !page.archived && told.contains(&page.id));
    let put = |page: &Item| Change::Put(placement(page, desk, &region.settings.licence));
    let changes: Vec<Change> = pages.iter().map(put).collect();
    Ok(store::record(tx, &changes)?)
}

/// Makes each slug the newest of its page and language.
pub(super) fn keep_slugs(
    tx: &mut Write<'_>,
    region: RegionId,
    new: Vec<(LanguageTag, String, ItemId)>,
) -> Result<(), ContentError> {
    let first = store::take_numbers(tx, "slugs", new.len())?;
    let rows: Vec<SlugRow> = (first..)
        .zip(new)
        .map(|(number, (language, slug, page))| SlugRow {
            region,
            language: language.as_str().to_owned(),
            slug,
            page,
            number,
        })
        .collect();
    Ok(store::items::save_slugs(tx, &rows)?)
}
