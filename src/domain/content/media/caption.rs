//! What a text says of the pictures it shows: their alternative text, whom to name, and the licence, taken from the
//! library when the text is published, so that they travel with it.

use super::library::Entry;
use crate::base::digest::Digest;
use crate::base::html::Token;
use crate::base::language::LanguageTag;
use crate::domain::content::body::{Block, Medium};
use crate::domain::content::facts::Picture;
use crate::domain::content::item::Item;
use crate::domain::content::publish::{NewFacts, Publication, Text};
use crate::domain::content::references::Reference;
use crate::domain::content::store::media as rows;
use crate::platform::db::{DbError, Reading};
use std::collections::{BTreeSet, HashMap};

/// The media that publications name, as far as they are here.
pub struct Captions(HashMap<Digest, Entry>);

impl Captions {
    pub fn of<'a>(
        tx: &mut impl Reading,
        publications: &[Publication],
        items: impl IntoIterator<Item = &'a Item>,
    ) -> Result<Captions, DbError> {
        let mut named: BTreeSet<Digest> = items.into_iter().filter_map(icon_of).collect();
        for publication in publications {
            for text in &publication.texts {
                named.extend(text.media.iter().map(|medium| medium.sha256));
                named.extend(shown_in(&text.blocks));
            }
            if let Some(new) = &publication.facts {
                named.extend(new.media.iter().map(|medium| medium.sha256));
                named.extend(picture_of(new));
            }
        }
        let named: Vec<Digest> = named.into_iter().collect();
        Ok(Captions(rows::entries(tx, &named)?))
    }

    /// Lists the media that the text shows, and says of each what the library knows and the text does not say itself.
    pub fn complete(&self, text: &mut Text, item: &Item) {
        let shown: Vec<Digest> = shown_in(&text.blocks).chain(icon_of(item)).collect();
        self.list(&mut text.media, shown, &text.language);
    }

    /// As [`Captions::complete`], but for words: facts are of no language.
    pub fn complete_facts(&self, new: &mut NewFacts) {
        let shown = picture_of(new).into_iter().collect();
        self.list(&mut new.media, shown, &LanguageTag::none());
    }

    fn list(&self, media: &mut Vec<Medium>, shown: Vec<Digest>, language: &LanguageTag) {
        for sha256 in shown {
            let is_new = media.iter().all(|medium| medium.sha256 != sha256);
            if let Some(entry) = self.0.get(&sha256).filter(|_| is_new) {
                let (size, mime) = (entry.size_bytes, entry.mime.clone());
                media.push(Medium { sha256, size, mime, alt: String::new(), credit: None, lic: None });
            }
        }
        for medium in media {
            let Some(record) = self.0.get(&medium.sha256).and_then(|entry| entry.record.as_ref()) else {
                continue;
            };
            if medium.alt.trim().is_empty() {
                medium.alt = record.alts.get(language).cloned().unwrap_or_default();
            }
            medium.credit = medium.credit.take().or_else(|| record.credit.clone());
            medium.lic = medium.lic.take().or_else(|| record.licence.clone());
        }
    }
}

fn icon_of(item: &Item) -> Option<Digest> {
    match Reference::parse(item.icon.as_deref()?) {
        Reference::Medium(sha256) => Some(sha256),
        _ => None,
    }
}

fn picture_of(new: &NewFacts) -> Option<Digest> {
    match new.facts.picture()? {
        Picture::Held(sha256) => Some(*sha256),
        Picture::Elsewhere(_) => None,
    }
}

/// The media that a text shows or links to, in their order.
fn shown_in(blocks: &[Block]) -> impl Iterator<Item = Digest> {
    // Most blocks name none, and need not be read for that.
    let naming = blocks.iter().filter(|block| block.html.as_str().contains("media:"));
    let tokens = naming.flat_map(|block| block.html.tokens());
    tokens.filter_map(|token| {
        let Token::Open(tag) = token else { return None };
        let address = tag.attribute("src").or_else(|| tag.attribute("href"))?;
        match Reference::parse(&address) {
            Reference::Medium(sha256) => Some(sha256),
            _ => None,
        }
    })
}

/// What the text itself says of a picture in the place where it shows it.
pub fn alt_in(blocks: &[Block], sha256: &Digest) -> String {
    let tokens = blocks.iter().flat_map(|block| block.html.tokens());
    let mut alts = tokens.filter_map(|token| match token {
        Token::Open(tag) if tag.name() == "img" => {
            let shown = Reference::parse(&tag.attribute("src")?) == Reference::Medium(*sha256);
            tag.attribute("alt").filter(|alt| shown && !alt.trim().is_empty()).map(|alt| alt.into_owned())
        }
        _ => None,
    });
    alts.next().unwrap_or_default()
}
