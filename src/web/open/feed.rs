//! What a region has to tell, newest first, before it is written as Atom or JSON Feed: its news, and what changed last of
//! all that is public.

use super::around::Around;
use crate::base::digest::Digest;
use crate::base::id::ObjectId;
use crate::base::language::LanguageTag;
use crate::base::moment::Moment;
use crate::domain::content::facts::Facts;
use crate::domain::content::kind::ObjectKind;
use crate::domain::content::published::ItemView;
use crate::domain::content::references::{ContactReference, Delivery};
use crate::web::contact_card::Cards;

/// Changes that are told.
const MOST_CHANGES: usize = 50;
const SUMMARY_CHARACTERS: usize = 300;

pub struct Feed<'a> {
    pub title: String,
    /// The page that says the same.
    pub page: String,
    /// Whole addresses of the feed as Atom and as JSON Feed.
    pub atom: String,
    pub json: String,
    pub language: &'a LanguageTag,
    pub author: &'a str,
    pub home: String,
    /// SPDX identifier.
    pub licence: &'a str,
    pub updated: Moment,
    pub entries: Vec<Entry<'a>>,
}

pub struct Entry<'a> {
    /// Leads to the item wherever it stands in the tree, in this language.
    pub id: String,
    pub url: String,
    pub title: &'a str,
    pub kind: ObjectKind,
    pub published: Option<Moment>,
    pub updated: Moment,
    pub language: &'a LanguageTag,
    /// Whom to name and under which licence, where that is not as the region says.
    pub origin: Option<(&'a str, &'a str)>,
    pub summary: String,
    /// The whole text, where the feed tells it.
    pub html: Option<String>,
}

/// The news that are news now.
pub fn news<'a>(around: &Around<'a>) -> Feed<'a> {
    let all = around.edition.all(ObjectKind::News).iter();
    let entry = |view: &'a ItemView| {
        let published = match view.facts() {
            Some(Facts::News(news)) => Some(news.at),
            _ => None,
        };
        let html = Some(html(around, view));
        Entry { published, html, ..entry(around, view) }
    };
    let entries = all.map(entry).collect();
    feed(around, ("news", "news/", ["news.atom", "news.json"]), entries)
}

/// What changed last, of whatever kind has a page.
pub fn changes<'a>(around: &Around<'a>) -> Feed<'a> {
    let mut all: Vec<&ItemView> =
        around.edition.items().filter(|item| !item.path.is_empty() && !item.fallback).collect();
    all.sort_by_key(|item| (std::cmp::Reverse(item.updated_at), item.number));
    let entries = all.into_iter().take(MOST_CHANGES).map(|view| entry(around, view)).collect();
    feed(around, ("changes", "", ["changes.atom", "changes.json"]), entries)
}

fn feed<'a>(
    around: &Around<'a>,
    (key, page, [atom, json]): (&str, &str, [&str; 2]),
    entries: Vec<Entry<'a>>,
) -> Feed<'a> {
    let settings = &around.region.settings;
    let named = [settings.attribution.as_str(), around.region.name.as_str()];
    let updated = entries.iter().map(|entry| entry.updated).max();
    Feed {
        title: around.titled(key),
        page: around.url(&around.path(page)),
        atom: around.url(&around.path(atom)),
        json: around.url(&around.path(json)),
        language: &around.language.tag,
        author: named.into_iter().find(|name| !name.is_empty()).unwrap_or_default(),
        home: around.url(&around.path("")),
        licence: &settings.licence,
        updated: updated.unwrap_or(Moment::from_micros(0)),
        entries,
    }
}

fn entry<'a>(around: &Around<'a>, view: &'a ItemView) -> Entry<'a> {
    let language = around.language_of(view);
    let object = view.provenance.as_ref().map_or_else(|| ObjectId::from(view.id), |origin| origin.object);
    let (region, settings) = (around.region, &around.region.settings);
    let own = (region.attribution_of(view), region.licence_of(view));
    Entry {
        id: around.url(&format!("/o/{object}/{language}")),
        url: around.url(&view.path),
        title: view.title(),
        kind: view.kind,
        published: None,
        updated: view.updated_at,
        language,
        origin: Some(own).filter(|own| *own != (settings.attribution.as_str(), settings.licence.as_str())),
        summary: summary(view),
        html: None,
    }
}

/// What stands for the text: that of the author, or its first words.
pub fn summary(view: &ItemView) -> String {
    let words = view.body.summary.clone().unwrap_or_else(|| view.body.words());
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    match words.char_indices().nth(SUMMARY_CHARACTERS) {
        None => words,
        Some((end, _)) => {
            format!("{} …", words[..end].rsplit_once(' ').map_or(&words[..end], |(whole, _)| whole))
        }
    }
}

/// The text with whole addresses, as it is read elsewhere.
fn html(around: &Around<'_>, view: &ItemView) -> String {
    let page = |object: ObjectId, language: Option<&LanguageTag>| {
        let language = language.unwrap_or(&around.language.tag);
        if around.snapshot.place_near(object, around.region).is_some() {
            return Some(around.url(&format!("/o/{object}/{language}")));
        }
        let site = view.provenance.as_ref()?.site.as_ref()?;
        Some(format!("{site}o/{object}/{language}"))
    };
    let medium = |sha256: Digest| Some(around.url(&around.state.medium_path(&view.body, sha256)?));
    let cards = Cards {
        site: &around.state.about.site,
        snapshot: around.snapshot,
        region: around.region,
        language: &around.language.tag,
    };
    let contact = |contact: &ContactReference| cards.card(view, contact);
    view.body.rendered(&Delivery { page: &page, medium: &medium, contact: &contact }).into_string()
}
