//! Brings drafts into the region: each is found again or made, what changed is published, what vanished archived.

use super::super::answers::Told;
use super::super::error::ImportError;
use super::super::memory::{Hidden, Memories, hiding};
use super::super::report::Report;
use super::super::store::Memory;
use super::super::texts::Surroundings;
use super::draft::{Draft, DraftText};
use crate::base::digest::Digest;
use crate::base::html::CleanHtml;
use crate::base::id::{ItemId, RegionId};
use crate::base::language::LanguageTag;
use crate::base::moment::Moment;
use crate::base::slug::Slug;
use crate::domain::content::body::{Block, Body, Medium};
use crate::domain::content::change::Via;
use crate::domain::content::facts::{Facts, Picture};
use crate::domain::content::item::{self, NewItem};
use crate::domain::content::kind::ObjectKind;
use crate::domain::content::publish::{NewFacts, Publication, Text, publish};
use crate::domain::content::revision::Edit;
use crate::domain::content::{Desk, archive, blocks, store as content};
use crate::platform::db::Write;
use std::collections::{HashMap, HashSet};

/// Where the drafts go.
pub(in super::super) struct Counter<'a> {
    pub desk: &'a Desk<'a>,
    pub region: RegionId,
    pub memories: &'a Memories,
    pub around: &'a Surroundings<'a>,
    /// The items of the drafts, by key.
    pub ids: &'a HashMap<String, ItemId>,
}

/// What is to be published of one draft, and remembered of it.
struct Parcel {
    publication: Publication,
    remember: Vec<Memory>,
}

/// Publishes what is new or changed; an item that vanished is archived. Returns what to remember.
pub(in super::super) fn take_over(
    tx: &mut Write<'_>,
    counter: &Counter<'_>,
    drafts: Vec<Draft>,
    report: &mut Report,
) -> Result<Vec<Memory>, ImportError> {
    let (desk, region) = (counter.desk, counter.region);
    let present: HashSet<ItemId> =
        drafts.iter().filter_map(|draft| counter.ids.get(&draft.key).copied()).collect();
    let kinds: HashSet<ObjectKind> = drafts.iter().map(|draft| draft.kind).collect();
    let ids: Vec<ItemId> = present.iter().copied().collect();
    let known = content::items::among(tx, region, &ids)?;
    let known: HashMap<ItemId, bool> = known.into_iter().map(|item| (item.id, item.archived)).collect();
    let of = |draft: &Draft| counter.ids.get(&draft.key).copied();
    let new: Vec<NewItem> = drafts
        .iter()
        .filter_map(|draft| Some((of(draft)?, draft.kind)))
        .filter(|(id, _)| !known.contains_key(id))
        .map(|(id, kind)| NewItem::flat(id, kind))
        .collect();
    report.new_items = new.len();
    item::create(tx, desk, region, new)?;
    let hidden: HashSet<ItemId> =
        known.iter().filter(|(_, archived)| **archived).map(|(id, _)| *id).collect();
    let back: Vec<ItemId> = hidden.iter().copied().filter(|id| counter.memories.hid(*id)).collect();
    archive::restore(tx, desk, region, &back)?;
    let left: HashSet<ItemId> = hidden.into_iter().filter(|id| !back.contains(id)).collect();

    let before = counter.before(tx, &ids)?;
    let (mut remember, mut publications) = (Vec::new(), Vec::new());
    remember.extend(back.iter().map(|id| hiding(*id, Hidden::NoLonger)));
    for draft in drafts {
        let Some(id) = of(&draft).filter(|id| !left.contains(id)) else { continue };
        let parcel = counter.parcel(id, draft, &before, &mut report.notes);
        remember.extend(parcel.remember);
        if parcel.publication.facts.is_some() || !parcel.publication.texts.is_empty() {
            publications.push(parcel.publication);
        }
    }
    report.new_revisions += publish(tx, desk, region, publications)?.len();
    remember.extend(counter.take_back(tx, &present, &kinds, report)?);
    Ok(remember)
}

/// Blocks and revisions that are public before the import, by item and language.
#[derive(Default)]
struct Before {
    blocks: HashMap<(ItemId, LanguageTag), Vec<Block>>,
    revs: HashMap<(ItemId, LanguageTag), i64>,
}

impl Counter<'_> {
    fn before(&self, tx: &mut Write<'_>, ids: &[ItemId]) -> Result<Before, ImportError> {
        let mut before = Before::default();
        let public = content::revisions::public_of(tx, ids)?;
        let digests: Vec<Digest> = public.iter().map(|revision| revision.body).collect();
        let bodies = content::bodies::load(tx, &digests)?;
        for revision in public {
            let bytes = bodies.get(&revision.body);
            let body = bytes.and_then(|bytes| Body::parse(bytes.as_bytes()).ok());
            before
                .blocks
                .insert((revision.item, revision.language), body.map(|body| body.blocks).unwrap_or_default());
        }
        let revs = content::revisions::newest_revs(tx, ids)?;
        before.revs.extend(revs.into_iter().map(|(item, language, rev)| ((item, language), rev)));
        Ok(before)
    }

    /// What of a draft differs from what was taken over last.
    fn parcel(&self, id: ItemId, draft: Draft, before: &Before, notes: &mut Vec<String>) -> Parcel {
        let Draft { key, kind: _, facts, picture, texts } = draft;
        let updated = texts.iter().map(|text| text.updated_at).max().unwrap_or(Moment::from_micros(0));
        // The key is what the item is recognised by the next time, also one without facts.
        let mut remember = vec![Memory { item: key.clone(), page: id, sha256: String::new() }];
        let facts = facts.and_then(|facts| {
            let (mut facts, media) = self.pictured(facts, picture.as_deref());
            if let Some((what, most)) = facts.cut() {
                notes.push(format!("{key}: its {what} has more than {most} bytes and was left out"));
            }
            let told = serde_json::to_string(&facts).unwrap_or_default();
            let sha256 = Digest::of(told.as_bytes()).to_string();
            let known = self.memories.holds(&key, id, &sha256);
            remember[0].sha256 = sha256;
            (!known).then_some(NewFacts { facts, media, updated_at: updated })
        });
        let mut new = Vec::new();
        for text in texts {
            let Some(tongue) =
                self.around.prepared.languages.iter().find(|known| known.code == text.language)
            else {
                continue;
            };
            let html = self.around.linked(&CleanHtml::parse(&text.content), &tongue.tag, notes);
            let sha256 = fingerprint(&text, &html);
            let text_key = format!("{key} {}", tongue.tag);
            if !self.memories.holds(&text_key, id, &sha256) {
                new.push(self.text(id, text, (&tongue.tag, html), before));
            }
            remember.push(Memory { item: text_key, page: id, sha256 });
        }
        let publication = Publication { item: id, edit: Edit::Major, texts: new, facts };
        Parcel { publication, remember }
    }

    fn text(&self, id: ItemId, text: DraftText, said: (&LanguageTag, CleanHtml), before: &Before) -> Text {
        let (tag, html) = said;
        let default = self.around.prepared.languages.first().map(|tongue| &tongue.tag);
        let blocks_of =
            |tag: &LanguageTag| before.blocks.get(&(id, tag.clone())).map_or(&[][..], Vec::as_slice);
        let source = default.filter(|default| *default != tag);
        let (wrap, pieces) = blocks::split(&html);
        let blocks = blocks::identify(pieces, blocks_of(tag), source.map_or(&[], blocks_of));
        let segment = text.path.trim_matches('/').rsplit('/').next().unwrap_or_default();
        let slug = Slug::from_foreign(segment).or_else(|| Slug::from_title(&text.title));
        let rev = |tag: &LanguageTag| before.revs.get(&(id, tag.clone())).copied().unwrap_or(0);
        Text {
            language: tag.clone(),
            title: text.title,
            slug: slug.map_or_else(|| "item".to_owned(), |slug| slug.as_str().to_owned()),
            blocks,
            wrap,
            media: self.around.media_of(&html, None),
            summary: text.summary,
            via: Via::Human,
            source: source.map(|default| (default.clone(), rev(default).max(1))),
            updated_at: text.updated_at,
        }
    }

    /// The facts with their picture: held here if it was fetched, else its address.
    fn pictured(&self, mut facts: Facts, address: Option<&str>) -> (Facts, Vec<Medium>) {
        let held = address.and_then(|address| self.around.held.by_address.get(address));
        let elsewhere = || address.and_then(|address| address.parse().ok()).map(Picture::Elsewhere);
        let picture = held.map(|held| Picture::Held(held.sha256)).or_else(elsewhere);
        match &mut facts {
            Facts::Event(event) => event.picture = picture,
            Facts::Place(place) => place.picture = picture,
            Facts::Organisation(organisation) => organisation.logo = picture,
            Facts::Offer(offer) => offer.picture = picture,
            Facts::Page(_) | Facts::Contact(_) | Facts::Category(_) | Facts::News(_) => {}
        }
        let medium = held.map(|held| Medium {
            sha256: held.sha256,
            size: held.size_bytes,
            mime: held.mime.clone(),
            alt: String::new(),
            credit: None,
            lic: None,
        });
        (facts, medium.into_iter().collect())
    }

    /// Archives what an earlier import brought and this one did not, of kinds that were delivered at all: an empty
    /// list is more likely a mishap of the other side.
    fn take_back(
        &self,
        tx: &mut Write<'_>,
        present: &HashSet<ItemId>,
        kinds: &HashSet<ObjectKind>,
        report: &mut Report,
    ) -> Result<Vec<Memory>, ImportError> {
        let mut gone = Vec::new();
        let brought = self.memories.pages();
        let prepared = self.around.prepared;
        let heard: HashSet<&LanguageTag> = prepared.tongues_heard().collect();
        // Pages stay whose language brought none, and so does what they name.
        let all_heard = prepared.items.iter().all(|item| !item.named.is_garbled)
            && brought.values().flatten().all(|language| heard.contains(language));
        let pages = (!all_heard).then_some(Told::Page);
        let unheard = |kind: ObjectKind| prepared.gaps.iter().chain(&pages).any(|told| brings(*told, kind));
        for kind in kinds.iter().filter(|kind| !unheard(**kind)) {
            let items = content::items::of_kind(tx, self.region, *kind)?.into_iter();
            let lost = items.filter(|item| {
                !item.archived && !present.contains(&item.id) && brought.contains_key(&item.id)
            });
            gone.extend(lost.map(|item| item.id));
        }
        let archived = archive::archive(tx, self.desk, self.region, &gone)?;
        report.vanished_items = archived.len();
        let hidden = Hidden::Now;
        Ok(archived.iter().map(|item| hiding(item.id, hidden)).collect())
    }
}

/// Whether items of a kind are told by this sort of answer, so that they may be there although nothing was heard of them.
fn brings(told: Told, kind: ObjectKind) -> bool {
    match told {
        Told::Place => {
            use ObjectKind::{Category, Contact, Organisation, Place};
            matches!(kind, Place | Contact | Organisation | Category)
        }
        Told::Category => kind == ObjectKind::Category,
        Told::Event => kind == ObjectKind::Event,
        Told::News => kind == ObjectKind::News,
        Told::Offer => kind == ObjectKind::Offer,
        // Pages name these too.
        Told::Page => matches!(kind, ObjectKind::Organisation | ObjectKind::Offer),
        Told::Region | Told::Language | Told::Imprint => false,
    }
}

/// Equal for what would be published alike.
fn fingerprint(text: &DraftText, html: &CleanHtml) -> String {
    let updated_at = text.updated_at.to_string();
    let parts =
        [&text.path, &text.title, &updated_at, html.as_str(), text.summary.as_deref().unwrap_or_default()];
    let told: String = parts.iter().map(|part| format!("{} {part}\n", part.len())).collect();
    Digest::of(told.as_bytes()).to_string()
}
