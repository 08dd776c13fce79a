//! The body of a published item: a title and ordered blocks with stable ids (civic-feed §2.5).
//! Its exact bytes are what a feed entry names by digest; the salt keeps that digest from confirming a guess.

use super::facts::Facts;
use super::kind::ObjectKind;
use super::references::{self, Delivery};
use crate::base::digest::Digest;
use crate::base::error::{Kind, Told};
use crate::base::html::{CleanHtml, RenderedHtml};
use crate::base::id::ObjectId;
use crate::base::language::LanguageTag;
use crate::base::moment::Moment;
use crate::base::slug::Slug;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashSet};

/// Largest body in bytes.
pub const LARGEST_BODY_BYTES: usize = 256 * 1024;
pub(super) const MOST_BLOCKS: usize = 4096;
const MOST_MEDIA: usize = 512;
const LONGEST_TITLE_BYTES: usize = 4096;
const LONGEST_ID_BYTES: usize = 64;

/// What one revision of an item says in one language.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Body {
    pub v: u32,
    /// 128 bits of chance, base64url without padding.
    pub salt: String,
    pub title: String,
    /// Joined without anything between them they are the whole text: see [`Body::html`].
    pub blocks: Vec<Block>,
    #[serde(default)]
    pub media: Vec<Medium>,
    /// Which of `media` stands for the page in lists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub icon: Option<Digest>,
    /// The last part of the page's address in this language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slug: Option<String>,
    /// When the author last changed it, as claimed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated: Option<Moment>,
    /// Set to `div` when the text stood inside one `<div>` where it was imported from, to give it back alike.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wrap: Option<String>,
    /// One or two sentences for search engines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// What the item is apart from words; only in the body under the tag `zxx`.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "Facts::within_limits")]
    pub facts: Option<Facts>,
    /// Whom to name when the item is reused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credit: Option<String>,
    /// Set in the profile of a region.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<RegionCard>,
    /// Set in the profile of a node.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub node: Option<NodeCard>,
}

/// A paragraph, heading, list, table or other top-level piece of a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// Unique in its body, kept over revisions and shared by translations of the same piece.
    pub id: String,
    /// The element's name, such as `p`, `h2`, `ul`; `text` for text that stands in no element.
    #[serde(rename = "t")]
    pub tag: String,
    pub html: CleanHtml,
}

/// A picture or file that a body shows, found by its digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Medium {
    pub sha256: Digest,
    pub size: u64,
    pub mime: String,
    #[serde(default)]
    pub alt: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credit: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lic: Option<String>,
}

/// Who a region is, for those who follow its node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegionCard {
    pub slug: String,
    /// Base address of the node's reader site, with a slash at the end; `{site}o/{object id}` leads to any item.
    pub site: String,
    /// What it takes to show the region elsewhere; absent in what older nodes published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<RegionAbout>,
}

/// How a region presents itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegionAbout {
    /// In their order.
    #[serde(default)]
    pub languages: Vec<LanguageCard>,
    /// As [`super::published::RegionSettings`] names them; other versions may know others.
    #[serde(default)]
    pub settings: serde_json::Map<String, serde_json::Value>,
}

/// A language of a region.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LanguageCard {
    pub tag: LanguageTag,
    /// The part of every address in this language.
    #[serde(default)]
    pub slug: String,
    #[serde(default)]
    pub native_name: String,
    /// What it is translated from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<LanguageTag>,
}

/// Who a node is, for those who follow it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeCard {
    /// As [`RegionCard::site`].
    pub site: String,
}

/// A body that cannot be published, or a foreign one that is not used.
#[derive(Debug, thiserror::Error)]
pub enum BodyError {
    #[error("a body has {0} bytes; at most {LARGEST_BODY_BYTES} are allowed")]
    TooLarge(usize),
    #[error("a body has more {0} than the {1} that are allowed")]
    TooMany(&'static str, usize),
    #[error("a body has version {0}; this version reads 1")]
    UnknownVersion(u32),
    #[error("a body names its block {0:?} twice")]
    RepeatedBlock(String),
    #[error("a body is not what civic-feed/1 says: {0}")]
    Unreadable(#[from] serde_json::Error),
}

impl Told for BodyError {
    fn kind(&self) -> Kind {
        Kind::Invalid
    }
    fn code(&self) -> &'static str {
        match self {
            BodyError::TooLarge(_) => "body-too-large",
            BodyError::TooMany(..) => "body-too-full",
            BodyError::UnknownVersion(_) => "body-of-unknown-version",
            BodyError::RepeatedBlock(_) => "body-repeats-a-block",
            BodyError::Unreadable(_) => "body-unreadable",
        }
    }
}

impl Body {
    /// A body that says nothing yet.
    pub fn untitled(salt: String) -> Body {
        Body {
            v: 1,
            salt,
            title: String::new(),
            blocks: Vec::new(),
            media: Vec::new(),
            icon: None,
            slug: None,
            updated: None,
            wrap: None,
            summary: None,
            facts: None,
            credit: None,
            region: None,
            node: None,
        }
    }

    /// Whether it holds the facts of an item of this kind.
    pub fn tells(&self, kind: ObjectKind) -> bool {
        self.facts.as_ref().is_some_and(|facts| facts.kind() == kind)
    }

    /// The whole text with its references, as it was before [`super::blocks::split`].
    pub fn html(&self) -> CleanHtml {
        let joined = CleanHtml::joined(self.blocks.iter().map(|block| &block.html));
        if self.wrap.as_deref() == Some("div") { joined.in_div() } else { joined }
    }

    /// The text as `delivery` shows it.
    pub fn rendered(&self, delivery: &Delivery<'_>) -> RenderedHtml {
        delivery.render(&self.html(), &self.media)
    }

    /// The objects that its text links to or embeds and that its facts name.
    pub fn refers_to(&self) -> BTreeSet<ObjectId> {
        let text = self.blocks.iter().flat_map(|block| references::named(&block.html));
        let facts = self.facts.iter().flat_map(Facts::refers_to);
        text.chain(facts).collect()
    }

    /// The words without tags; entities stay encoded and nothing is put where tags were (Integreat's `excerpt`).
    pub fn plain_text(&self) -> String {
        self.blocks.iter().map(|block| block.html.words()).collect()
    }

    /// The words alone, for what shows no markup: entities decoded, one line for each block that says something.
    pub fn words(&self) -> String {
        let lines = self.blocks.iter().map(|block| block.html.plain_words());
        let lines: Vec<String> =
            lines.map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect();
        lines.join("\n")
    }

    /// The exact bytes to publish and their digest.
    pub fn to_bytes(&self) -> (String, Digest) {
        let bytes = serde_json::to_string(self).unwrap_or_default();
        let digest = Digest::of(bytes.as_bytes());
        (bytes, digest)
    }

    /// The media that the bytes of a stored body name; its text is left unread.
    pub fn media_named(bytes: &str) -> BTreeSet<Digest> {
        #[derive(Deserialize)]
        struct Naming {
            #[serde(default)]
            media: Vec<Named>,
        }
        #[derive(Deserialize)]
        struct Named {
            sha256: Digest,
        }
        let naming = serde_json::from_str::<Naming>(bytes);
        naming.into_iter().flat_map(|naming| naming.media).map(|medium| medium.sha256).collect()
    }

    /// The contacts whose cards the text in the bytes of a stored body shows.
    pub fn contacts_named(bytes: &str) -> BTreeSet<ObjectId> {
        #[derive(Deserialize)]
        struct Naming {
            #[serde(default)]
            blocks: Vec<Written>,
        }
        #[derive(Deserialize)]
        struct Written {
            html: String,
        }
        let blocks = serde_json::from_str::<Naming>(bytes).into_iter().flat_map(|naming| naming.blocks);
        let texts = blocks.filter(|block| references::may_show_contacts(&block.html));
        texts
            .flat_map(|block| references::contacts(&CleanHtml::parse(&block.html)).collect::<Vec<_>>())
            .collect()
    }

    /// The facts in the bytes of a stored body, if they can be read; its text is left unread.
    pub fn facts_named(bytes: &str) -> Option<Facts> {
        #[derive(Deserialize)]
        struct Naming {
            #[serde(default, deserialize_with = "Facts::within_limits")]
            facts: Option<Facts>,
        }
        serde_json::from_str::<Naming>(bytes).ok()?.facts
    }

    /// Reads the bytes of a body, ours or a foreign one: within limits, its HTML sanitised.
    /// # Errors: [`BodyError`] says which rule it breaks.
    pub fn parse(bytes: &[u8]) -> Result<Body, BodyError> {
        if bytes.len() > LARGEST_BODY_BYTES {
            return Err(BodyError::TooLarge(bytes.len()));
        }
        let mut body: Body = serde_json::from_slice(bytes)?;
        body.check()?;
        body.icon = body.icon.filter(|icon| body.media.iter().any(|medium| medium.sha256 == *icon));
        body.slug = body.slug.and_then(|slug| Slug::from_foreign(&slug)).map(String::from);
        Ok(body)
    }

    /// Whether everybody who reads it can read it. # Errors: [`BodyError`] says which rule it breaks.
    pub(super) fn check(&self) -> Result<(), BodyError> {
        // SPEC: civic-feed §2.5, a body is {"v":1,…} with blocks of stable, hence unique, ids.
        if self.v != 1 {
            return Err(BodyError::UnknownVersion(self.v));
        }
        for (what, found, most) in [
            ("blocks", self.blocks.len(), MOST_BLOCKS),
            ("media", self.media.len(), MOST_MEDIA),
            ("bytes of title", self.title.len(), LONGEST_TITLE_BYTES),
        ] {
            if found > most {
                return Err(BodyError::TooMany(what, most));
            }
        }
        let mut ids = HashSet::new();
        for block in &self.blocks {
            if block.id.len() > LONGEST_ID_BYTES {
                return Err(BodyError::TooMany("bytes of a block's id", LONGEST_ID_BYTES));
            }
            if !ids.insert(block.id.as_str()) {
                return Err(BodyError::RepeatedBlock(block.id.clone()));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::content::blocks;

    fn body(html: &str) -> Body {
        let (wrap, pieces) = blocks::split(&CleanHtml::parse(html));
        Body {
            title: "T".to_owned(),
            blocks: blocks::identify(pieces, &[], &[]),
            wrap,
            ..Body::untitled("AAAAAAAAAAAAAAAAAAAAAA".to_owned())
        }
    }

    #[test]
    fn a_text_is_cut_into_blocks_and_joined_without_loss() {
        for html in
            ["", "\n\n<p>a</p>\n", "<div>\n<p>a</p>\n<div>b</div></div>", "a<br>b <p>c</p>", "<div>a</div>\n"]
        {
            let body = body(html);
            assert_eq!(body.html().as_str(), html);
            let (bytes, digest) = body.to_bytes();
            let read = Body::parse(bytes.as_bytes()).unwrap();
            assert_eq!(read.html().as_str(), html);
            assert_eq!(digest, Digest::of(bytes.as_bytes()));
        }
        assert_eq!(body("<div><p>a</p></div>").wrap.as_deref(), Some("div"));
    }

    #[test]
    fn the_plain_text_keeps_entities_and_adds_nothing() {
        assert_eq!(body("<div>\n<p>a &amp;&nbsp;b</p><p>c</p></div>").plain_text(), "\na &amp;&nbsp;bc");
    }

    #[test]
    fn foreign_html_is_sanitised_when_it_is_read() {
        let (bytes, _) = body("<p>a</p>").to_bytes();
        let hostile = bytes.replace("<p>a</p>", "<p onclick='x'>a<script>b</script>");
        assert_eq!(Body::parse(hostile.as_bytes()).unwrap().html().as_str(), "<p>a</p>");
    }

    #[test]
    fn an_icon_is_one_of_the_media_or_none() {
        let medium = |bytes: &[u8]| Medium {
            sha256: Digest::of(bytes),
            size: 1,
            mime: "image/png".to_owned(),
            alt: String::new(),
            credit: None,
            lic: None,
        };
        for (icon, read) in [(b"a", Some(Digest::of(b"a"))), (b"b", None)] {
            let said = Body { media: vec![medium(b"a")], icon: Some(Digest::of(icon)), ..body("<p>a</p>") };
            assert_eq!(Body::parse(said.to_bytes().0.as_bytes()).unwrap().icon, read);
        }
        assert!(!body("<p>a</p>").to_bytes().0.contains("icon"), "other bodies stay as they were");
    }

    #[test]
    fn a_body_that_breaks_a_rule_is_refused_by_name() {
        let (bytes, _) = body("<p>a</p><p>a</p>").to_bytes();
        let code = |bytes: &str| Body::parse(bytes.as_bytes()).unwrap_err().code();
        assert_eq!(code(&bytes.replace("\"v\":1", "\"v\":2")), "body-of-unknown-version");
        let first = body("<p>a</p>").blocks[0].id.clone();
        let second = Body::parse(bytes.as_bytes()).unwrap().blocks[1].id.clone();
        assert_eq!(code(&bytes.replace(&second, &first)), "body-repeats-a-block");
        assert_eq!(code(&bytes.replace("<p>", &"x".repeat(LARGEST_BODY_BYTES))), "body-too-large");
        assert_eq!(code("[]"), "body-unreadable");
    }
}
