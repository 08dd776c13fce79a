//! An item as this API tells it: once, with its texts by language.

use super::ask::Fields;
use super::facts::Facts;
use super::text::{Text, World};
use crate::base::id::{ItemId, ObjectId};
use crate::base::language::LanguageTag;
use crate::base::moment::Moment;
use crate::domain::content::facts::Picture;
use crate::domain::content::kind::ObjectKind;
use crate::domain::content::published::{ItemView, Provenance};
use crate::domain::content::references::Reference;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use utoipa::ToSchema;

/// A page, event, place or whatever else a region publishes. Members that were not asked for, or say nothing, are left
/// out.
#[derive(Serialize, ToSchema)]
pub struct Item<'a> {
    #[schema(value_type = String, format = "uuid")]
    pub id: ItemId,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<Kind>,
    /// Unique on this node; the id of the object in Integreat's API.
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<i64>,
    /// The region's slug.
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<&'a str>,
    /// Grows with every change of the item.
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<i64>,
    /// The newest of its texts and, of all but pages, its facts.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "date-time")]
    updated: Option<Moment>,
    /// The page above; only pages below others have one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "uuid")]
    parent: Option<ItemId>,
    /// Of a page: sorts it among all of the region, each after the one above it.
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<i64>,
    /// By BCP 47 tag. Contacts, for one, need no words.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<BTreeMap<String, Text>>)]
    texts: Option<BTreeMap<&'a str, Text<'a>>>,
    /// Missing for imprints, which are words alone, and for pages that name nobody.
    #[serde(skip_serializing_if = "Option::is_none")]
    facts: Option<Facts>,
    /// Address of a picture that stands for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = "iri-reference")]
    picture: Option<String>,
    /// SPDX identifier.
    #[serde(skip_serializing_if = "Option::is_none")]
    licence: Option<&'a str>,
    /// Whom to name when it is reused.
    #[serde(skip_serializing_if = "Option::is_none")]
    attribution: Option<&'a str>,
    /// What it is about: ids of terms.
    #[serde(skip_serializing_if = "Option::is_none")]
    topics: Option<Vec<&'a str>>,
    /// Whom it is for: ids of terms.
    #[serde(skip_serializing_if = "Option::is_none")]
    audiences: Option<Vec<&'a str>>,
    /// Where it comes from, if another node says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    provenance: Option<Origin<'a>>,
}

/// What sort of item it is.
#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Page,
    Event,
    Place,
    Contact,
    Organisation,
    Category,
    News,
    Imprint,
    Offer,
}

/// The node that says it; here it is mirrored and cannot be changed.
#[derive(Serialize, ToSchema)]
pub struct Origin<'a> {
    /// The id of the node.
    node: &'a str,
    name: &'a str,
    /// What the item is called there.
    #[schema(value_type = String, format = "uuid")]
    object: ObjectId,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = "iri-reference")]
    url: Option<&'a str>,
    /// When its feed was last confirmed to be unchanged or newer.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "date-time")]
    confirmed: Option<Moment>,
    /// Set when the origin could not be reached for a while, or has gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "date-time")]
    unconfirmed_since: Option<Moment>,
}

/// An item as it is read in some languages.
type Views<'a> = Vec<(&'a LanguageTag, &'a ItemView)>;

impl<'a> World<'a> {
    /// The item, if it is public. `language` tells its text in that one alone, or the one that readers of that
    /// language get instead.
    pub fn item(
        &self,
        id: ItemId,
        language: Option<&LanguageTag>,
        fields: &Fields,
    ) -> Option<(i64, Item<'a>)> {
        let views = self.views(id, language);
        let (_, first) = views.first()?;
        let version = self.region.version_of(id);
        let is_page = first.kind == ObjectKind::Page;
        let item = Item {
            id,
            kind: Kind::of(first.kind).filter(|_| fields.has("kind")),
            number: fields.has("number").then_some(first.number),
            region: fields.has("region").then_some(self.region.slug.as_str()),
            version: fields.has("version").then_some(version),
            updated: views.iter().map(|(_, view)| view.updated_at).max().filter(|_| fields.has("updated")),
            parent: self.parent(&views).filter(|_| fields.has("parent")),
            position: Some(first.order).filter(|_| is_page && fields.has("position")),
            texts: fields.has_texts().then(|| self.texts(&views, fields)),
            facts: first.facts().filter(|_| fields.has("facts")).map(|facts| facts.clone().into()),
            picture: self.picture(first).filter(|_| fields.has("picture")),
            licence: fields.has("licence").then(|| self.region.licence_of(first)),
            attribution: Some(self.region.attribution_of(first))
                .filter(|who| fields.has("attribution") && !who.is_empty()),
            topics: terms(&first.facets().topics).filter(|_| fields.has("topics")),
            audiences: terms(&first.facets().audiences).filter(|_| fields.has("audiences")),
            provenance: first.provenance.as_deref().filter(|_| fields.has("provenance")).map(origin),
        };
        Some((version, item))
    }

    fn views(&self, id: ItemId, language: Option<&LanguageTag>) -> Views<'a> {
        let all = self.region.languages.iter().zip(&self.region.editions);
        let views = all.filter_map(|(spoken, edition)| Some((&spoken.tag, edition.item(id)?)));
        let Some(wanted) = language else { return views.filter(|(_, view)| !view.fallback).collect() };
        let views: Views<'a> = views.collect();
        match views.iter().find(|(spoken, _)| *spoken == wanted) {
            None => Vec::new(),
            Some((_, view)) if view.fallback => {
                let default = &self.region.default_language;
                views.into_iter().filter(|(spoken, _)| *spoken == default).collect()
            }
            Some(own) => vec![*own],
        }
    }

    fn texts(&self, views: &Views<'a>, fields: &Fields) -> BTreeMap<&'a str, Text<'a>> {
        // Where there are no words, the facts stand in their place.
        let spoken = views.iter().filter(|(_, view)| view.body.facts.is_none());
        spoken.map(|(tag, view)| (tag.as_str(), self.text(view, tag, fields))).collect()
    }

    fn parent(&self, views: &Views<'a>) -> Option<ItemId> {
        let (tag, view) = views.first()?;
        let at = self.region.languages.iter().position(|spoken| spoken.tag == **tag)?;
        Some(self.region.editions.get(at)?.pages.items.get(view.parent?)?.id)
    }

    fn picture(&self, view: &ItemView) -> Option<String> {
        let held = |body, sha256| Some(self.url(&self.state.medium_path(body, sha256)?));
        if let Some(icon) = &view.icon {
            return match Reference::parse(icon) {
                Reference::Medium(sha256) => held(&view.body, sha256),
                Reference::Elsewhere(url) => Some(url),
                Reference::Page(_) | Reference::Contact(_) => None,
            };
        }
        match view.facts()?.picture()? {
            Picture::Elsewhere(url) => Some(url.to_string()),
            Picture::Held(sha256) => held(view.facts.as_ref()?, *sha256),
        }
    }
}

impl Kind {
    pub fn of(kind: ObjectKind) -> Option<Kind> {
        Some(match kind {
            ObjectKind::Page => Kind::Page,
            ObjectKind::Event => Kind::Event,
            ObjectKind::Place => Kind::Place,
            ObjectKind::Contact => Kind::Contact,
            ObjectKind::Organisation => Kind::Organisation,
            ObjectKind::Category => Kind::Category,
            ObjectKind::News => Kind::News,
            ObjectKind::Imprint => Kind::Imprint,
            ObjectKind::Offer => Kind::Offer,
            ObjectKind::Profile => return None,
        })
    }
}

impl From<Kind> for ObjectKind {
    fn from(kind: Kind) -> ObjectKind {
        match kind {
            Kind::Page => ObjectKind::Page,
            Kind::Event => ObjectKind::Event,
            Kind::Place => ObjectKind::Place,
            Kind::Contact => ObjectKind::Contact,
            Kind::Organisation => ObjectKind::Organisation,
            Kind::Category => ObjectKind::Category,
            Kind::News => ObjectKind::News,
            Kind::Imprint => ObjectKind::Imprint,
            Kind::Offer => ObjectKind::Offer,
        }
    }
}

fn terms(ids: &BTreeSet<String>) -> Option<Vec<&str>> {
    (!ids.is_empty()).then(|| ids.iter().map(String::as_str).collect())
}

fn origin(from: &Provenance) -> Origin<'_> {
    let Provenance { node, node_name, object, url, confirmed_at, unconfirmed_since, .. } = from;
    Origin {
        node: node.as_str(),
        name: node_name,
        object: *object,
        url: url.as_deref(),
        confirmed: *confirmed_at,
        unconfirmed_since: *unconfirmed_since,
    }
}
