//! What somebody writes becomes what can be published: HTML is cut into blocks that keep their ids, a translation is told
//! which revision it was made from, an address is found, and the media that are shown are named.

use super::body::{Block, Body, LARGEST_BODY_BYTES, MOST_BLOCKS, Medium};
use super::change::Via;
use super::error::ContentError;
use super::facts::{Facts, MOST_OFFERS, PageFacts, Picture};
use super::item::Item;
use super::kind::ObjectKind;
use super::media::library::Entry;
use super::present::facts_of;
use super::publish::{NewFacts, Text};
use super::region::Language;
use super::revision::Revision;
use super::{Desk, blocks, references, store};
use crate::base::digest::Digest;
use crate::base::html::CleanHtml;
use crate::base::id::{ItemId, ObjectId};
use crate::base::language::LanguageTag;
use crate::base::slug::Slug;
use crate::platform::db::Reading;
use std::collections::{HashMap, HashSet};

/// A text as somebody writes it.
pub struct Draft {
    pub title: String,
    /// Links to items may be `page:<id>`; pictures that are held `media:<sha256>`.
    pub html: CleanHtml,
    /// `None`: the one it has, or one from the title.
    pub slug: Option<Slug>,
    pub summary: Option<String>,
    pub via: Via,
    /// The language and `rev` it was translated from. `None`: what the language is translated from, as it is now.
    pub source: Option<(LanguageTag, i64)>,
}

/// What is known of an item before it is written to.
struct Before {
    languages: Vec<Language>,
    bodies: HashMap<LanguageTag, Body>,
    revs: HashMap<LanguageTag, i64>,
    /// That its texts and facts name already, and those that it is to show from the library.
    media: Vec<Medium>,
}

/// Texts of one item, in the order in which the region's languages were added, so that a translation and its source
/// can be written at once.
/// # Errors: a language that the region lacks, a source that is none, no title, a medium that neither the item has nor the
/// library holds.
pub fn texts(
    tx: &mut impl Reading,
    desk: &Desk<'_>,
    item: &Item,
    mut drafts: HashMap<LanguageTag, Draft>,
) -> Result<Vec<Text>, ContentError> {
    let named: Vec<Digest> = drafts.values().flat_map(|draft| references::media(&draft.html)).collect();
    let mut before = Before::of(tx, item, &named)?;
    let mut texts = Vec::with_capacity(drafts.len());
    for language in before.languages.clone() {
        let Some(draft) = drafts.remove(&language.tag) else { continue };
        texts.push(before.text(desk, item, &language, draft)?);
    }
    match drafts.into_keys().next() {
        Some(language) => Err(ContentError::UnknownLanguage { language }),
        None => Ok(texts),
    }
}

/// Facts with the picture that they name.
/// # Errors: facts of another kind, news that are to come, a picture that neither the item has nor the library holds, too
/// many offers, words that are too long, something named that the region lacks or that is of another kind.
pub fn facts(
    tx: &mut impl Reading,
    desk: &Desk<'_>,
    item: &Item,
    mut facts: Facts,
) -> Result<NewFacts, ContentError> {
    if facts.kind() != item.kind {
        return Err(ContentError::OtherFacts { item: item.id, kind: item.kind.as_str() });
    }
    let now = desk.clock.now();
    // A signed feed is public: nothing may stand there before its time.
    if facts.begins_at().is_some_and(|at| at > now) {
        return Err(ContentError::NewsToCome { item: item.id });
    }
    if let Some((what, most)) = facts.cut() {
        return Err(ContentError::LongFacts { item: item.id, what, most });
    }
    check_named(tx, item, &facts)?;
    let media = match facts.picture() {
        Some(Picture::Held(sha256)) => {
            vec![Before::of(tx, item, &[*sha256])?.medium(item, &LanguageTag::none(), *sha256)?]
        }
        _ => Vec::new(),
    };
    Ok(NewFacts { facts, media, updated_at: now })
}

/// What facts name may be hidden at present; it must be there, unless the public facts name it already: what has gone
/// since keeps nobody from changing the rest.
fn check_named(tx: &mut impl Reading, item: &Item, facts: &Facts) -> Result<(), ContentError> {
    if let Facts::Page(PageFacts { offers, .. }) = facts {
        let once: HashSet<&ObjectId> = offers.iter().collect();
        if once.len() < offers.len() || offers.len() > MOST_OFFERS {
            return Err(ContentError::Offers { page: item.id, most: MOST_OFFERS });
        }
    }
    let before = facts_of(tx, &[item.id])?.remove(&item.id);
    let before = before.map(|facts| facts.refers_to()).unwrap_or_default();
    let mut names = facts.names();
    names.retain(|(object, _)| !before.contains(object));
    let ids: Vec<ItemId> = names.iter().map(|(object, _)| (*object).into()).collect();
    let known = store::items::among(tx, item.region, &ids)?;
    let fits = |(object, kinds): &&(ObjectId, &'static [ObjectKind])| {
        known.iter().any(|known| known.id == ItemId::from(*object) && kinds.contains(&known.kind))
    };
    match names.iter().find(|name| !fits(name)) {
        Some((object, kinds)) => {
            let expected = kinds.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(" or ");
            Err(ContentError::Named { item: item.id, named: *object, expected })
        }
        None => Ok(()),
    }
}

impl Before {
    /// `named` are media that it may show from now on.
    fn of(tx: &mut impl Reading, item: &Item, named: &[Digest]) -> Result<Before, ContentError> {
        let public = store::revisions::public_of(tx, &[item.id])?;
        let digests: Vec<Digest> = public.iter().map(|revision| revision.body).collect();
        let stored = store::bodies::load(tx, &digests)?;
        let body = |revision: &Revision| Body::parse(stored.get(&revision.body)?.as_bytes()).ok();
        let bodies: HashMap<LanguageTag, Body> =
            public.iter().filter_map(|revision| Some((revision.language.clone(), body(revision)?))).collect();
        let revs = store::revisions::newest_revs(tx, &[item.id])?;
        let wordless = |medium: &Medium| Medium { alt: String::new(), ..medium.clone() };
        let mut media: Vec<Medium> = bodies.values().flat_map(|body| &body.media).map(wordless).collect();
        media.extend(store::media::entries(tx, named)?.into_values().filter_map(in_library));
        Ok(Before {
            languages: store::regions::languages_of(tx, item.region)?,
            revs: revs.into_iter().map(|(_, language, rev)| (language, rev)).collect(),
            media,
            bodies,
        })
    }

    fn text(
        &mut self,
        desk: &Desk<'_>,
        item: &Item,
        language: &Language,
        draft: Draft,
    ) -> Result<Text, ContentError> {
        let Draft { title, html, slug, summary, via, source } = draft;
        let refuse = |why: String| ContentError::Body { item: item.id, language: language.tag.clone(), why };
        let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
        // What a contact is responsible for may be left open.
        if title.is_empty() && item.kind != ObjectKind::Contact {
            return Err(refuse("it needs a title".to_owned()));
        }
        let source = self.source(language, source)?;
        let old = self.bodies.get(&language.tag);
        let slug = slug.or_else(|| Slug::from_foreign(old?.slug.as_deref()?));
        let slug = address(item, slug.or_else(|| Slug::from_title(&title)));
        if html.as_str().len() > LARGEST_BODY_BYTES {
            return Err(refuse(format!("the text is longer than {LARGEST_BODY_BYTES} bytes")));
        }
        let (wrap, pieces) = blocks::split(&html);
        // Comparing far more than can be published would only keep other writers waiting.
        if pieces.len() > MOST_BLOCKS {
            return Err(refuse(format!("the text has more than {MOST_BLOCKS} blocks")));
        }
        let blocks_of =
            |language: &LanguageTag| self.bodies.get(language).map_or(&[][..], |body| &body.blocks);
        let model = source.as_ref().map_or(&[][..], |(language, _)| blocks_of(language));
        let blocks = blocks::identify(pieces, blocks_of(&language.tag), model);
        let media = references::media(&html)
            .into_iter()
            .map(|sha256| self.medium(item, &language.tag, sha256))
            .collect::<Result<_, _>>()?;
        self.remember(&language.tag, &blocks);
        let (language, updated_at) = (language.tag.clone(), desk.clock.now());
        Ok(Text { language, title, slug, blocks, wrap, media, summary, via, source, updated_at })
    }

    /// What a translation was made from; nothing for a text that is none.
    fn source(
        &self,
        language: &Language,
        told: Option<(LanguageTag, i64)>,
    ) -> Result<Option<(LanguageTag, i64)>, ContentError> {
        let newest = |tag: &LanguageTag| self.revs.get(tag).copied().unwrap_or(0);
        let Some((source, rev)) = told else {
            let usual = language.source.clone().filter(|source| newest(source) > 0);
            return Ok(usual.map(|source| (source.clone(), newest(&source))));
        };
        let is_known = self.languages.iter().any(|known| known.tag == source) && source != language.tag;
        if !is_known || !(0..=newest(&source)).contains(&rev) {
            let (language, newest) = (language.tag.clone(), newest(&source));
            return Err(ContentError::Source { language, source_language: source, rev, newest });
        }
        Ok(Some((source, rev)))
    }

    /// As the text in this language names it; what another one says of it is in that one's words.
    fn medium(&self, item: &Item, language: &LanguageTag, sha256: Digest) -> Result<Medium, ContentError> {
        let own = self.bodies.get(language).into_iter().flat_map(|body| &body.media);
        let known = own.chain(&self.media).find(|medium| medium.sha256 == sha256);
        known.cloned().ok_or(ContentError::UnknownMedium { item: item.id, sha256 })
    }

    /// So that translations written at the same time are made from this.
    fn remember(&mut self, language: &LanguageTag, blocks: &[Block]) {
        *self.revs.entry(language.clone()).or_insert(0) += 1;
        let body = self.bodies.entry(language.clone()).or_insert_with(|| Body::untitled(String::new()));
        body.blocks = blocks.to_vec();
    }
}

/// A medium of the library, which says the rest of it when it is published.
fn in_library(entry: Entry) -> Option<Medium> {
    let Entry { sha256, size_bytes: size, mime, record } = entry;
    record.map(|_| Medium { sha256, size, mime, alt: String::new(), credit: None, lic: None })
}

/// The wish, else a word that always works; never one that leads elsewhere.
fn address(item: &Item, wish: Option<Slug>) -> String {
    let is_root = item.kind == ObjectKind::Page && item.parent.is_none();
    match wish {
        Some(slug) if is_root && slug.is_reserved_in_region() => slug.numbered(2).into(),
        Some(slug) => slug.into(),
        None => item.kind.as_str().to_owned(),
    }
}
