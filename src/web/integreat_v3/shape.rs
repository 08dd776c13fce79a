//! Our words put into Integreat's: one struct per object, its members in Integreat's order. The converters take
//! our types apart member by member, so that a new one cannot be forgotten here.

use super::json::date_time;
use super::offers::Offer;
use super::shape_card::Organization;
use crate::base::digest::Digest;
use crate::base::language::Direction;
use crate::base::moment::Moment;
use crate::domain::content::body::Body;
use crate::domain::content::kind::ObjectKind;
use crate::domain::content::published::{
    self, Edition, ItemView, LanguageView, Provenance, RegionSettings, RegionView, Snapshot, View,
};
use crate::domain::content::references::Reference;
use crate::web::State;
use crate::web::answer::Answer;
use jiff::tz::TimeZone;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use std::borrow::Cow;
use std::cell::Cell;

/// Where a region is when it has not said it: Germany.
const GERMANY: [[f64; 2]; 2] = [[5.98865807458, 47.3024876979], [15.0169958839, 54.983104153]];

#[derive(Serialize)]
pub struct Region<'a> {
    id: i64,
    name: &'a str,
    path: &'a str,
    live: bool,
    prefix: &'a str,
    name_without_prefix: &'a str,
    plz: &'a str,
    extras: bool,
    events: bool,
    pois: bool,
    contacts: bool,
    push_notifications: bool,
    longitude: f64,
    latitude: f64,
    bounding_box: [[f64; 2]; 2],
    aliases: InOrder<&'a str, Point>,
    tunews: bool,
    external_news: bool,
    zammad_privacy_policy: Option<&'a str>,
    languages: Vec<Language<'a>>,
    is_chat_enabled: bool,
    /// Ours: whose region it is, if another node publishes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<RegionOrigin<'a>>,
}

#[derive(Serialize)]
pub struct RegionOrigin<'a> {
    node: &'a str,
    name: &'a str,
    object: String,
    url: Option<&'a str>,
}

#[derive(Clone, Copy, Serialize)]
pub struct Point {
    longitude: f64,
    latitude: f64,
}

#[derive(Serialize)]
pub struct Language<'a> {
    id: i64,
    code: &'a str,
    bcp47_tag: &'a str,
    native_name: &'a str,
    dir: &'static str,
}

#[derive(Serialize)]
pub struct Page<'a> {
    id: i64,
    url: String,
    path: &'a str,
    title: &'a str,
    modified_gmt: String,
    last_updated: String,
    excerpt: String,
    content: String,
    parent: Parent<'a>,
    order: i64,
    available_languages: InOrder<&'a str, Elsewhere<'a>>,
    thumbnail: Option<Cow<'a, str>>,
    organization: Option<Organization<'a>>,
    hash: Option<()>,
    embedded_offers: Vec<Offer<'a>>,
    slug_history: &'a [String],
    /// Ours: whom a mirrored page comes from. Clients ignore what they do not know.
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<Origin<'a>>,
}

#[derive(Serialize)]
pub struct Parent<'a> {
    id: i64,
    url: Option<String>,
    path: Option<&'a str>,
}

/// The same item in another language; without an `id` where it is read in the default one there.
#[derive(Serialize)]
pub struct Elsewhere<'a> {
    id: Option<i64>,
    url: String,
    path: Cow<'a, str>,
}

impl Elsewhere<'_> {
    /// The same for one date of an event; `day` is what the address has at its end.
    pub fn of_date(self, day: &str) -> Self {
        let on = |address: &str| format!("{}{day}", address.trim_end_matches('/'));
        Elsewhere { id: None, url: on(&self.url), path: Cow::Owned(on(&self.path)) }
    }
}

#[derive(Serialize)]
pub struct Origin<'a> {
    node: &'a str,
    name: &'a str,
    object: String,
    url: Option<&'a str>,
    licence: &'a str,
    attribution: &'a str,
    unconfirmed_since: Option<String>,
}

/// A JSON object whose members stay in this order.
pub struct InOrder<K, V>(Vec<(K, V)>);

impl<K, V> InOrder<K, V> {
    pub fn of(members: impl Iterator<Item = (K, V)>) -> InOrder<K, V> {
        InOrder(members.collect())
    }

    pub fn map<W>(self, change: impl Fn(V) -> W) -> InOrder<K, W> {
        InOrder(self.0.into_iter().map(|(key, value)| (key, change(value))).collect())
    }
}

impl<K: Serialize, V: Serialize> Serialize for InOrder<K, V> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut object = to.serialize_map(Some(self.0.len()))?;
        for (key, value) in &self.0 {
            object.serialize_entry(key, value)?;
        }
        object.end()
    }
}

pub fn region(view: &RegionView) -> Region<'_> {
    let RegionView { number, slug, name, settings, languages, editions, .. } = view;
    let RegionSettings { prefix, name_without_prefix, postcode, centre, bounding_box, aliases, .. } =
        settings;
    let RegionSettings { listed, events, places, contacts, news, origin, .. } = settings;
    // A tab with nothing behind it helps nobody.
    let has = |kind: ObjectKind| editions.iter().any(|edition| !edition.all(kind).is_empty());
    let bounding_box = bounding_box.unwrap_or(GERMANY);
    let [[west, south], [east, north]] = bounding_box;
    // Apps tell how far away a region is.
    let [longitude, latitude] = centre.unwrap_or([(west + east) / 2.0, (south + north) / 2.0]);
    Region {
        id: *number,
        name,
        path: slug,
        live: *listed,
        prefix,
        name_without_prefix: plain_name(name, name_without_prefix),
        plz: postcode,
        extras: has(ObjectKind::Offer),
        events: *events && has(ObjectKind::Event),
        pois: *places && has(ObjectKind::Place),
        contacts: *places && *contacts && has(ObjectKind::Contact),
        push_notifications: *news && has(ObjectKind::News),
        longitude,
        latitude,
        bounding_box,
        aliases: InOrder(aliases.iter().map(|(alias, at)| (alias.as_str(), point(at))).collect()),
        tunews: false,
        external_news: false,
        zammad_privacy_policy: None,
        languages: languages.iter().map(language).collect(),
        is_chat_enabled: false,
        origin: origin.as_ref().map(whose),
    }
}

fn point(at: &[f64; 2]) -> Point {
    Point { longitude: at[0], latitude: at[1] }
}

fn whose(origin: &published::RegionOrigin) -> RegionOrigin<'_> {
    let published::RegionOrigin { node, node_name, object, url } = origin;
    RegionOrigin { node: node.as_str(), name: node_name, object: object.to_string(), url: url.as_deref() }
}

/// What regions are sorted by; never empty, since the app compares it.
pub fn plain_name<'a>(name: &'a str, without_prefix: &'a str) -> &'a str {
    if without_prefix.is_empty() { name } else { without_prefix }
}

pub fn language(view: &LanguageView) -> Language<'_> {
    let LanguageView { number, tag, slug, native_name, direction, source: _ } = view;
    let dir = match direction {
        Direction::LeftToRight => "LEFT_TO_RIGHT",
        Direction::RightToLeft => "RIGHT_TO_LEFT",
    };
    Language { id: *number, code: slug, bcp47_tag: tag.as_str(), native_name, dir }
}

/// What a page's shape depends on besides the page.
pub struct Around<'a> {
    pub state: &'a State,
    pub snapshot: &'a Snapshot,
    pub region: &'a RegionView,
    pub language: &'a LanguageView,
    pub edition: &'a Edition,
    pub zone: TimeZone,
    /// Set when a picture was named that the node does not hold: it may come without any change of content.
    pub lacks_media: Cell<bool>,
}

impl<'a> Around<'a> {
    pub fn page(&self, view: &'a ItemView) -> Page<'a> {
        let View {
            id: _,
            kind: _,
            number: _,
            revision,
            fallback: _,
            facts: _,
            rev: _,
            digest: _,
            slug: _,
            slug_history,
            path,
            parent,
            children: _,
            depth: _,
            order,
            updated_at,
            freshness: _,
            body,
            icon,
            labels: _,
            provenance,
        } = &**view;
        let told = self.told(view);
        let (organization, embedded_offers) = self.named(view);
        Page {
            id: *revision,
            url: self.url(path),
            path,
            title: &body.title,
            modified_gmt: date_time(*updated_at, &TimeZone::UTC),
            last_updated: date_time(*updated_at, &self.zone),
            excerpt: told.excerpt,
            content: told.content,
            parent: self.parent(*parent),
            order: *order,
            available_languages: self.elsewhere(view),
            thumbnail: icon.as_deref().and_then(|icon| self.thumbnail(body, icon)),
            organization,
            hash: None,
            embedded_offers,
            slug_history,
            origin: provenance.as_deref().map(|provenance| origin(provenance, credit(view, provenance))),
        }
    }

    /// An answer made of items of these kinds. Items name each other by their addresses, which the outline stands for,
    /// and by their revision in each language.
    pub fn answer(&self, bytes: Vec<u8>, kinds: &[ObjectKind]) -> Answer {
        let answer = Answer::json(bytes);
        if self.lacks_media.get() {
            return answer;
        }
        let shelves = |kind: &ObjectKind| {
            let kind = *kind;
            self.region.editions.iter().filter_map(move |edition| Some(edition.shelf(kind)?.stamp()))
        };
        answer.made_of(kinds.iter().flat_map(shelves).chain([self.snapshot.outline.stamp()]))
    }

    /// The path of a picture or file below the site's address; none if the node does not hold it.
    pub fn medium_path(&self, body: &Body, sha256: Digest) -> Option<String> {
        let path = self.state.medium_path(body, sha256);
        self.lacks_media.set(self.lacks_media.get() || path.is_none());
        path
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{}", self.state.about.site, path.trim_start_matches('/'))
    }

    /// A picture's address as apps need it; none if the node does not hold the picture.
    pub fn thumbnail(&self, body: &Body, icon: &'a str) -> Option<Cow<'a, str>> {
        match Reference::parse(icon) {
            Reference::Medium(sha256) => {
                let path = self.medium_path(body, sha256)?;
                Some(Cow::Owned(self.url(&path)))
            }
            _ => Some(Cow::Borrowed(icon)),
        }
    }

    fn parent(&self, index: Option<usize>) -> Parent<'a> {
        match index.and_then(|index| self.edition.pages.items.get(index)) {
            Some(above) => {
                Parent { id: above.number, url: Some(self.url(&above.path)), path: Some(&above.path) }
            }
            None => Parent { id: 0, url: None, path: None },
        }
    }

    /// The other languages in which an item can be read, by the number of the language.
    pub fn elsewhere(&self, view: &'a ItemView) -> InOrder<&'a str, Elsewhere<'a>> {
        InOrder::of(self.others(view).into_iter().map(|(language, other)| {
            let id = (!other.fallback).then_some(other.revision);
            let path = Cow::Borrowed(other.path.as_str());
            (language.slug.as_str(), Elsewhere { id, url: self.url(&other.path), path })
        }))
    }

    /// Every language in which an item can be read, its own included.
    pub fn all_languages<T>(
        &self,
        view: &'a ItemView,
        shape: impl Fn(&ItemView) -> T,
    ) -> InOrder<&'a str, T> {
        let mut all = self.others(view);
        all.push((self.language, view));
        all.sort_by_key(|(language, _)| language.number);
        InOrder::of(all.into_iter().map(|(language, view)| (language.slug.as_str(), shape(view))))
    }

    pub fn others(&self, view: &'a ItemView) -> Vec<(&'a LanguageView, &'a ItemView)> {
        let others = self.region.tongues(view).filter(|(language, _)| language.slug != self.language.slug);
        let mut others: Vec<_> = others.collect();
        others.sort_by_key(|(language, _)| language.number);
        others
    }
}

/// Whom to name for a mirrored page: whom its text says, or else its node.
pub fn credit<'a>(view: &'a ItemView, provenance: &'a Provenance) -> &'a str {
    view.body.credit.as_deref().unwrap_or(&provenance.attribution)
}

pub fn origin<'a>(view: &'a Provenance, credit: &'a str) -> Origin<'a> {
    let Provenance {
        node,
        node_name,
        object,
        site: _,
        url,
        licence,
        attribution: _,
        facets: _,
        confirmed_at: _,
        unconfirmed_since,
    } = view;
    let utc = |at: &Option<Moment>| at.map(|at| date_time(at, &TimeZone::UTC));
    Origin {
        node: node.as_str(),
        name: node_name,
        object: object.to_string(),
        url: url.as_deref(),
        licence,
        attribution: credit,
        unconfirmed_since: utc(unconfirmed_since),
    }
}
