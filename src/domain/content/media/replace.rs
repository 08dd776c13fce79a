//! One picture in the place of another, and what was said of a picture said anew: in all our public texts and facts, as
//! minor revisions, which translations need not follow.

use super::caption::alt_in;
use super::error::MediaError;
use super::library::{Entry, find};
use crate::base::digest::Digest;
use crate::base::id::{ItemId, RegionId};
use crate::base::language::LanguageTag;
use crate::domain::content::Desk;
use crate::domain::content::body::{Block, Body, Medium};
use crate::domain::content::facts::Picture;
use crate::domain::content::item::{Item, Stewardship};
use crate::domain::content::publish::{NewFacts, Publication, Text, publish};
use crate::domain::content::references::Reference;
use crate::domain::content::revision::{Edit, Revision};
use crate::domain::content::store::{self, media as rows};
use crate::platform::db::Write;
use std::collections::{BTreeMap, HashMap, HashSet};

/// What came of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Renewed {
    /// Texts and facts that say something else now.
    pub revisions: usize,
    /// Those that stay as they are: archived ones, and pages mirrored from other nodes.
    pub left: usize,
}

/// Shows `new` wherever our public texts and facts show `old`. What is said of `old` in words is said of `new`, too, in
/// the languages in which nothing is said of it.
/// # Errors: the library does not hold both; they are the same.
pub fn replace(tx: &mut Write<'_>, desk: &Desk<'_>, old: Digest, new: Digest) -> Result<Renewed, MediaError> {
    if old == new {
        return Err(MediaError::Same { sha256: old });
    }
    let (former, mut entry) = (find(tx, old)?, find(tx, new)?);
    if let (Some(former), Some(record)) = (former.record, entry.record.as_mut()) {
        let before = record.clone();
        for (language, alt) in former.alts {
            record.alts.entry(language).or_insert(alt);
        }
        if *record != before {
            rows::save_record(tx, &new, record)?;
        }
    }
    let icons = store::items::with_icon(tx, &Reference::Medium(old).to_string())?;
    let icons = icons.into_iter().filter(|item| item.stewardship == Stewardship::Own);
    let icon = Reference::Medium(new).to_string();
    let changed: Vec<Item> = icons.map(|item| Item { icon: Some(icon.clone()), ..item }).collect();
    store::items::save(tx, &changed)?;
    reissue(tx, desk, old, &entry)
}

/// Publishes our texts and facts that show a medium with what the library says of it now.
/// # Errors: the library does not hold it.
pub fn renew(tx: &mut Write<'_>, desk: &Desk<'_>, sha256: Digest) -> Result<Renewed, MediaError> {
    let entry = find(tx, sha256)?;
    reissue(tx, desk, sha256, &entry)
}

fn reissue(tx: &mut Write<'_>, desk: &Desk<'_>, old: Digest, new: &Entry) -> Result<Renewed, MediaError> {
    let named = rows::named_in(tx, &old)?;
    let (ids, digests): (Vec<ItemId>, Vec<Digest>) =
        named.iter().map(|(item, _, body)| (*item, *body)).unzip();
    let items: HashMap<ItemId, Item> =
        store::items::some(tx, &ids)?.into_iter().map(|item| (item.id, item)).collect();
    let revisions: HashMap<(ItemId, LanguageTag), Revision> = store::revisions::public_of(tx, &ids)?
        .into_iter()
        .map(|revision| ((revision.item, revision.language.clone()), revision))
        .collect();
    let bodies = store::bodies::load(tx, &digests)?;
    let mut by_region: BTreeMap<RegionId, BTreeMap<ItemId, Publication>> = BTreeMap::new();
    let closed: HashSet<RegionId> = store::regions::all(tx)?
        .into_iter()
        .filter(|region| region.settings.archived)
        .map(|region| region.id)
        .collect();
    let is_open = |item: &Item| !item.archived && !closed.contains(&item.region);
    let mut renewed = Renewed::default();
    let exchange = Exchange { old, new, desk };
    for (id, language, digest) in named {
        let item = items.get(&id).filter(|item| item.stewardship == Stewardship::Own && is_open(item));
        let body = bodies.get(&digest).and_then(|bytes| Body::parse(bytes.as_bytes()).ok());
        let (Some(item), Some(body), Some(revision)) = (item, body, revisions.get(&(id, language.clone())))
        else {
            renewed.left += 1;
            continue;
        };
        if exchange.is_said(&body, &language) {
            continue;
        }
        let of_region = by_region.entry(item.region).or_default();
        let publication =
            of_region.entry(id).or_insert_with(|| Publication::of_texts(id, Edit::Minor, Vec::new()));
        match body.facts {
            Some(_) => publication.facts = exchange.facts(body),
            None => publication.texts.push(exchange.text(body, revision)),
        }
        renewed.revisions += 1;
    }
    for (region, publications) in by_region {
        publish(tx, desk, region, publications.into_values().collect())?;
    }
    Ok(renewed)
}

/// One medium instead of another.
struct Exchange<'a> {
    old: Digest,
    new: &'a Entry,
    desk: &'a Desk<'a>,
}

impl Exchange<'_> {
    /// Whether a text says already what the library says.
    fn is_said(&self, body: &Body, language: &LanguageTag) -> bool {
        let Entry { sha256, record, .. } = self.new;
        let (Some(record), true) = (record, self.old == *sha256) else { return false };
        let own = Some(alt_in(&body.blocks, sha256)).filter(|alt| !alt.is_empty());
        let alt = own.or_else(|| record.alts.get(language).cloned()).unwrap_or_default();
        let said = |medium: &&Medium| {
            medium.alt == alt && medium.credit == record.credit && medium.lic == record.licence
        };
        body.media.iter().find(|medium| medium.sha256 == *sha256).is_some_and(|medium| said(&medium))
    }

    fn text(&self, body: Body, revision: &Revision) -> Text {
        let (old, new) = (Reference::Medium(self.old), Reference::Medium(self.new.sha256).to_string());
        let exchanged = |block: Block| Block {
            html: block
                .html
                .with_addresses(&mut |_, address| (Reference::parse(address) == old).then(|| new.clone())),
            ..block
        };
        let blocks: Vec<Block> = body.blocks.into_iter().map(exchanged).collect();
        let alt = alt_in(&blocks, &self.new.sha256);
        Text {
            language: revision.language.clone(),
            title: body.title,
            slug: body.slug.unwrap_or_default(),
            blocks,
            wrap: body.wrap,
            media: self.media(body.media, alt),
            summary: body.summary,
            via: revision.via,
            source: revision.source.clone(),
            updated_at: self.desk.clock.now(),
        }
    }

    fn facts(&self, body: Body) -> Option<NewFacts> {
        let mut facts = body.facts?;
        if let Some(picture) = facts.picture_mut().filter(|picture| **picture == Picture::Held(self.old)) {
            *picture = Picture::Held(self.new.sha256);
        }
        let media = self.media(body.media, String::new());
        Some(NewFacts { facts, media, updated_at: self.desk.clock.now() })
    }

    /// The list with the new one in the old one's place; the library says the rest of it when it is published.
    fn media(&self, listed: Vec<Medium>, alt: String) -> Vec<Medium> {
        let Entry { sha256, size_bytes, mime, .. } = self.new;
        let mut media: Vec<Medium> = Vec::with_capacity(listed.len());
        for medium in listed {
            let medium = if medium.sha256 == self.old || medium.sha256 == *sha256 {
                let (size, mime, alt) = (*size_bytes, mime.clone(), alt.clone());
                Medium { sha256: *sha256, size, mime, alt, credit: None, lic: None }
            } else {
                medium
            };
            if media.iter().all(|known| known.sha256 != medium.sha256) {
                media.push(medium);
            }
        }
        media
    }
}
