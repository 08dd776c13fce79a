//! What an item says in one language: as HTML to show, with whole addresses, and as blocks to work on, with references.

use super::ask::Fields;
use crate::base::digest::Digest;
use crate::base::id::ObjectId;
use crate::base::language::LanguageTag;
use crate::base::moment::Moment;
use crate::base::url::encoded;
use crate::domain::content::body::{Body, Medium};
use crate::domain::content::published::{Freshness, ItemView, RegionView, Snapshot};
use crate::domain::content::references::{ContactReference, Delivery};
use crate::web::State;
use crate::web::contact_card::Cards;
use serde::Serialize;
use utoipa::ToSchema;

/// An item in one language. Members that were not asked for, or say nothing, are left out.
#[derive(Serialize, ToSchema)]
pub struct Text<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    /// The last part of its address; kinds without an address have none.
    #[serde(skip_serializing_if = "Option::is_none")]
    slug: Option<&'a str>,
    /// Where it is read on this node, not percent-encoded.
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = "uri")]
    url: Option<String>,
    /// Counts what was published of the item in this language, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    rev: Option<i64>,
    /// When it was last changed, as its author says.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "date-time")]
    updated: Option<Moment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    freshness: Option<Standing>,
    /// One or two sentences for search engines.
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<&'a str>,
    /// The whole text as it can be shown: clean HTML with whole addresses.
    #[serde(skip_serializing_if = "Option::is_none")]
    html: Option<String>,
    /// The same in pieces that keep their ids, as it is kept: links to items are `page:<id>`, held media are
    /// `media:<sha256>`. Joined without anything between them they are the text.
    #[serde(skip_serializing_if = "Option::is_none")]
    blocks: Option<Vec<Piece<'a>>>,
    /// Pictures and files that it shows.
    #[serde(skip_serializing_if = "Option::is_none")]
    media: Option<Vec<HeldMedium<'a>>>,
}

/// How a translation stands to the text it was made from.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    /// Written in this language, or made from the newest source.
    Current,
    /// The source was published again since, with a change that matters.
    Outdated,
    /// Made by a machine from the newest source, not reviewed.
    Machine,
}

/// A paragraph, heading, list, table or other top-level piece of a text.
#[derive(Serialize, ToSchema)]
pub struct Piece<'a> {
    /// Kept over revisions and shared by translations of the same piece.
    id: &'a str,
    /// The element's name; `text` for text that stands in no element.
    tag: &'a str,
    html: &'a str,
}

#[derive(Serialize, ToSchema)]
pub struct HeldMedium<'a> {
    #[schema(value_type = String)]
    sha256: Digest,
    mime: &'a str,
    size_bytes: u64,
    /// Missing if this node does not hold it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = "uri")]
    url: Option<String>,
    /// What it shows, in words; may be empty.
    alt: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    credit: Option<&'a str>,
    /// SPDX identifier, if it is not that of the item.
    #[serde(skip_serializing_if = "Option::is_none")]
    licence: Option<&'a str>,
}

/// Where a text is told: everything its addresses depend on.
#[derive(Clone, Copy)]
pub struct World<'a> {
    pub state: &'a State,
    pub snapshot: &'a Snapshot,
    pub region: &'a RegionView,
}

impl<'a> World<'a> {
    /// `path` below the site.
    pub fn url(&self, path: &str) -> String {
        format!("{}{}", self.state.about.site, path.trim_start_matches('/'))
    }

    pub fn text(&self, view: &'a ItemView, language: &LanguageTag, fields: &Fields) -> Text<'a> {
        let wanted = |member: &str| fields.has_of_text(member);
        let addressed =
            |member: &str| Some(view.path.as_str()).filter(|path| wanted(member) && !path.is_empty());
        let body: &Body = &view.body;
        Text {
            title: wanted("title").then(|| view.title()),
            slug: Some(view.slug.as_str()).filter(|slug| wanted("slug") && !slug.is_empty()),
            path: addressed("path"),
            url: addressed("url").map(|path| self.url(&encoded(path))),
            rev: wanted("rev").then_some(view.rev),
            updated: wanted("updated").then(|| body.updated.unwrap_or(view.updated_at)),
            freshness: wanted("freshness").then_some(match view.freshness {
                Freshness::Current => Standing::Current,
                Freshness::Outdated => Standing::Outdated,
                Freshness::Machine => Standing::Machine,
            }),
            summary: body.summary.as_deref().filter(|_| wanted("summary")),
            html: wanted("html").then(|| self.shown(view, language)),
            blocks: wanted("blocks").then(|| pieces(body)),
            media: wanted("media")
                .then(|| body.media.iter().map(|medium| self.medium(body, medium)).collect()),
        }
    }

    fn shown(&self, view: &ItemView, own: &LanguageTag) -> String {
        let page = |object: ObjectId, language: Option<&LanguageTag>| {
            // Permanent addresses: they lead to wherever the item stands when somebody follows them.
            let site = match self.snapshot.place_near(object, self.region) {
                Some(_) => Some(&self.state.about.site),
                None => view.provenance.as_ref().and_then(|from| from.site.as_ref()),
            };
            Some(format!("{}o/{object}/{}", site?, language.unwrap_or(own)))
        };
        let medium = |sha256: Digest| Some(self.url(&self.state.medium_path(&view.body, sha256)?));
        let cards = Cards {
            site: &self.state.about.site,
            snapshot: self.snapshot,
            region: self.region,
            language: own,
        };
        let contact = |contact: &ContactReference| cards.card(view, contact);
        view.body.rendered(&Delivery { page: &page, medium: &medium, contact: &contact }).into_string()
    }

    fn medium(&self, body: &Body, medium: &'a Medium) -> HeldMedium<'a> {
        let Medium { sha256, size, mime, alt, credit, lic } = medium;
        HeldMedium {
            sha256: *sha256,
            mime,
            size_bytes: *size,
            url: self.state.medium_path(body, *sha256).map(|path| self.url(&path)),
            alt,
            credit: credit.as_deref(),
            licence: lic.as_deref(),
        }
    }
}

fn pieces(body: &Body) -> Vec<Piece<'_>> {
    body.blocks
        .iter()
        .map(|block| Piece { id: &block.id, tag: &block.tag, html: block.html.as_str() })
        .collect()
}
