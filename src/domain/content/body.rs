//! The body of a published item: a title and ordered blocks with stable ids (civic-feed §2.5).
//! Its exact bytes are what a feed entry names by digest; the salt keeps that digest from confirming a guess.

use crate::base::digest::Digest;
use crate::base::html::CleanHtml;
use crate::base::moment::Moment;
use serde::{Deserialize, Serialize};

/// Largest body in bytes.
pub const LARGEST_BODY_BYTES: usize = 256 * 1024;

/// What one revision of an item says in one language.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Body {
    pub v: u32,
    /// 128 bits of chance, base64url without padding.
    pub salt: String,
    pub title: String,
    /// Joined without anything between them they are the whole text: see [`Body::html`].
    pub blocks: Vec<Block>,
    #[serde(default)]
    pub media: Vec<Medium>,
    /// The last part of the page's address in this language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slug: Option<String>,
    /// When the author last changed it, as claimed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated: Option<Moment>,
    /// Set to `div` when the text stood inside one `<div>` where it was imported from, to give it back alike.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wrap: Option<String>,
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
}

/// Who a node is, for those who follow it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeCard {
    /// As [`RegionCard::site`].
    pub site: String,
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
            slug: None,
            updated: None,
            wrap: None,
            credit: None,
            region: None,
            node: None,
        }
    }
}

impl Body {
    /// The exact bytes to publish and their digest.
    pub fn to_bytes(&self) -> (String, Digest) {
        let bytes = serde_json::to_string(self).unwrap_or_default();
        let digest = Digest::of(bytes.as_bytes());
        (bytes, digest)
    }

    /// # Errors: not the JSON of a body.
    pub fn parse(bytes: &[u8]) -> Result<Body, serde_json::Error> {
        serde_json::from_slice(bytes)
    }
}
