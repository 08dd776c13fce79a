//! Makes texts to publish of imported ones: links become references, held pictures too, and blocks get their ids.

use super::contacts::Contacts;
use super::items::{Entry, Item, Prepared};
use super::links::{Link, Links};
use super::media::Held;
use super::memory::{Memories, text_key};
use crate::base::digest::Digest;
use crate::base::html::{CleanHtml, Piece, Token};
use crate::base::id::ItemId;
use crate::base::language::LanguageTag;
use crate::domain::content::blocks;
use crate::domain::content::body::{Block, LARGEST_BODY_BYTES, Medium};
use crate::domain::content::change::Via;
use crate::domain::content::publish::Text;
use crate::domain::content::references::Reference;
use crate::domain::content::revision::Edit;
use std::collections::HashMap;

/// Everything that texts may refer to.
pub(super) struct Surroundings<'a> {
    pub prepared: &'a Prepared,
    pub links: &'a Links<'a>,
    pub held: &'a Held,
    pub memories: &'a Memories,
    pub contacts: &'a Contacts,
}

/// A text that differs from what was imported last.
pub(super) struct Changed {
    /// Index into the item's texts.
    pub at: usize,
    pub key: String,
    pub sha256: String,
    wrap: Option<String>,
    pieces: Vec<Piece>,
    media: Vec<Medium>,
}

impl Surroundings<'_> {
    /// The texts of `page` that are new or changed since the last import. Notes about links are added to `notes`, one list per text.
    pub fn changed(&self, page: ItemId, item: &Item, notes: &mut [Vec<String>]) -> Vec<Changed> {
        let mut changed = Vec::new();
        for ((at, text), notes) in item.texts.iter().enumerate().zip(notes) {
            let tag = self.tag(text);
            let html = self.linked(&text.html, tag, notes);
            let media = self.media_of(&html, item.icon.as_deref());
            let (wrap, pieces) = blocks::split(&html);
            let sha256 = fingerprint(text, &html, &media);
            let key = text_key(tag, &text.slug);
            if !self.memories.holds(&key, page, &sha256) {
                changed.push(Changed { at, key, sha256, wrap, pieces, media });
            }
        }
        changed
    }

    fn tag(&self, text: &Entry) -> &LanguageTag {
        &self.prepared.languages[text.language].tag
    }

    /// The text with references where it names what is known here. Notes tell of links that lead nowhere.
    pub fn linked(&self, html: &CleanHtml, language: &LanguageTag, notes: &mut Vec<String>) -> CleanHtml {
        self.contacts.referred(html, notes).with_addresses(&mut |element, address| {
            if let Some(medium) = self.held.by_address.get(address) {
                return Some(Reference::Medium(medium.sha256).to_string());
            }
            if element != "a" {
                return None;
            }
            match self.links.follow(language, address) {
                Link::Page(reference) => Some(reference.to_string()),
                Link::Moved(reference) => {
                    notes.push(format!("a link to the former address {address} leads to where the page is now"));
                    Some(reference.to_string())
                }
                Link::Lost => {
                    notes.push(format!("a link to {address} leads into the region, but to no page that was delivered; it stays as it is"));
                    None
                }
                Link::Foreign => None,
            }
        })
    }

    /// What the text and the item's picture show of what the node holds, each file once.
    pub fn media_of(&self, html: &CleanHtml, icon: Option<&str>) -> Vec<Medium> {
        let mut media: Vec<Medium> = Vec::new();
        if self.held.by_address.is_empty() {
            return media;
        }
        let tags = html.tokens().filter_map(|token| match token {
            Token::Open(tag) => Some(tag),
            _ => None,
        });
        let shown = tags.map(|tag| {
            let address = tag.attribute("src").or_else(|| tag.attribute("href")).unwrap_or_default();
            (address.into_owned(), tag.attribute("alt").unwrap_or_default().into_owned())
        });
        for (address, alt) in shown.chain(icon.map(|icon| (icon.to_owned(), String::new()))) {
            let Reference::Medium(sha256) = Reference::parse(&address) else { continue };
            let held = self.held.by_address.values().find(|held| held.sha256 == sha256);
            if let Some(held) = held.filter(|_| media.iter().all(|known| known.sha256 != sha256)) {
                let (size, mime) = (held.size_bytes, held.mime.clone());
                media.push(Medium { sha256, size, mime, alt, credit: None, lic: None });
            }
        }
        media
    }
}

/// Equal for what would be published alike, whatever ids its blocks have.
fn fingerprint(text: &Entry, html: &CleanHtml, media: &[Medium]) -> String {
    let media: Vec<String> = media.iter().map(|medium| medium.sha256.to_string()).collect();
    let (updated_at, media) = (text.updated_at.to_string(), media.join(" "));
    let parts = [text.slug.as_str(), &text.title, &updated_at, html.as_str(), &media];
    // Lengths keep parts apart that would read alike side by side.
    let told: String = parts.iter().map(|part| format!("{} {part}\n", part.len())).collect();
    Digest::of(told.as_bytes()).to_string()
}

/// What is public of a page before the import: its blocks and `rev` by language.
#[derive(Default)]
pub(super) struct Before {
    pub blocks: HashMap<LanguageTag, Vec<Block>>,
    pub titles: HashMap<LanguageTag, String>,
    pub revs: HashMap<LanguageTag, i64>,
}

impl Before {
    /// Somebody who saves without changing a word makes a newer date, and translations stay up to date.
    pub fn edit(&self, text: &Text) -> Edit {
        let same = self.titles.get(&text.language) == Some(&text.title)
            && self.blocks.get(&text.language) == Some(&text.blocks);
        if same { Edit::Minor } else { Edit::Major }
    }
}

/// Texts to publish of one page. Those that are too long are left out and noted.
pub(super) fn texts(
    around: &Surroundings<'_>,
    item: &Item,
    changed: Vec<Changed>,
    before: &Before,
    notes: &mut [Vec<String>],
) -> Vec<Text> {
    let Some(default) = around.prepared.languages.first().map(|tongue| &tongue.tag) else {
        return Vec::new();
    };
    let original = item.texts.iter().find(|text| around.tag(text) == default);
    let mut source_blocks: Vec<Block> = before.blocks.get(default).cloned().unwrap_or_default();
    let mut source_rev = before.revs.get(default).copied().unwrap_or(0);
    let mut texts = Vec::with_capacity(changed.len());
    // The default language is the first, so that its new blocks and revision are known to the others.
    for Changed { at, wrap, pieces, media, .. } in changed {
        let entry = &item.texts[at];
        let tag = around.tag(entry);
        let old = before.blocks.get(tag).map_or(&[][..], Vec::as_slice);
        let source = if tag == default { &[] } else { source_blocks.as_slice() };
        let blocks = blocks::identify(pieces, old, source);
        if is_too_long(entry, &blocks) {
            notes[at].push(format!(
                "it is longer than the {LARGEST_BODY_BYTES} bytes that can be published and was left out"
            ));
            continue;
        }
        if tag == default {
            source_blocks.clone_from(&blocks);
            source_rev += 1;
        }
        texts.push(Text {
            language: tag.clone(),
            title: entry.title.clone(),
            slug: entry.slug.as_str().to_owned(),
            blocks,
            wrap,
            media,
            summary: None,
            via: Via::Human,
            source: original
                .filter(|_| tag != default)
                .map(|original| (default.clone(), rev_seen(entry, original, source_rev))),
            updated_at: entry.updated_at,
        });
    }
    texts
}

/// Integreat does not say which revision a translation was made from, only when each was saved. A translation saved
/// no earlier than its source was made from what the source says now; an older one from something before, which is
/// the revision before the newest, or 0 if that is the first we hold: a revision older than any here.
fn rev_seen(translation: &Entry, original: &Entry, newest: i64) -> i64 {
    if translation.updated_at >= original.updated_at { newest } else { (newest - 1).max(0) }
}

fn is_too_long(entry: &Entry, blocks: &[Block]) -> bool {
    // JSON writes most bytes as they are; only texts near the limit are worth counting.
    const SURELY_SHORT_BYTES: usize = LARGEST_BODY_BYTES / 8;
    const REST_OF_BODY_BYTES: usize = 8 * 1024;
    entry.html.as_str().len() > SURELY_SHORT_BYTES
        && serde_json::to_string(blocks).map_or(usize::MAX, |json| json.len())
            > LARGEST_BODY_BYTES - REST_OF_BODY_BYTES
}
