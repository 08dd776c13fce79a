//! Makes of a text, or of facts, the body that is published and the revision that names it.

use super::body::{Body, LARGEST_BODY_BYTES};
use super::change::{Variant, Via};
use super::error::ContentError;
use super::publish::{NewFacts, Text, salt};
use super::revision::{Edit, Revision};
use crate::base::digest::Digest;
use crate::base::id::ItemId;
use crate::base::language::LanguageTag;
use crate::base::moment::Moment;

/// What becomes of a text besides its words.
pub(super) struct Setting {
    pub item: ItemId,
    pub number: i64,
    pub rev: i64,
    pub edit: Edit,
    pub slug: Option<String>,
    /// A picture that stands for the item if the text holds it.
    pub icon: Option<Digest>,
    pub credit: Option<String>,
}

/// The body's digest and exact bytes, the revision and the variant that name it.
pub(super) type Typeset = ((Digest, String), Revision, Variant);

pub(super) fn typeset(set: Setting, text: Text) -> Result<Typeset, ContentError> {
    let Text { language, title, slug: _, blocks, wrap, media, summary, via, source, updated_at } = text;
    let icon = set.icon.filter(|icon| media.iter().any(|medium| medium.sha256 == *icon));
    let body = Body {
        title,
        blocks,
        media,
        icon,
        wrap,
        summary,
        slug: set.slug.clone(),
        updated: Some(updated_at),
        credit: set.credit.clone(),
        ..Body::untitled(salt())
    };
    finish(&set, body, Said { language, via, source, updated_at })
}

pub(super) fn facts(set: Setting, new: NewFacts) -> Result<Typeset, ContentError> {
    let NewFacts { facts, media, updated_at } = new;
    let body = Body { facts: Some(facts), media, updated: Some(updated_at), ..Body::untitled(salt()) };
    let said = Said { language: LanguageTag::none(), via: Via::Human, source: None, updated_at };
    finish(&set, body, said)
}

/// In which language, how and when something was said.
struct Said {
    language: LanguageTag,
    via: Via,
    source: Option<(LanguageTag, i64)>,
    updated_at: Moment,
}

fn finish(set: &Setting, body: Body, said: Said) -> Result<Typeset, ContentError> {
    let Said { language, via, source, updated_at } = said;
    if let Err(error) = body.check() {
        return Err(ContentError::Body { item: set.item, language, why: error.to_string() });
    }
    let (bytes, digest) = body.to_bytes();
    if bytes.len() > LARGEST_BODY_BYTES {
        let size = bytes.len();
        let why = format!("the text is {size} bytes long; at most {LARGEST_BODY_BYTES} can be published");
        return Err(ContentError::Body { item: set.item, language, why });
    }
    let variant = Variant {
        body: digest,
        size_bytes: bytes.len() as u64,
        rev: set.rev,
        source: source.clone(),
        via,
        media: body.media.iter().map(|medium| medium.sha256).collect(),
    };
    let revision = Revision {
        number: set.number,
        item: set.item,
        language,
        rev: Some(set.rev),
        body: digest,
        edit: set.edit,
        via,
        source,
        updated_at,
    };
    Ok(((digest, bytes), revision, variant))
}
