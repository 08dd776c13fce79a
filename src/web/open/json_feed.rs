//! A feed as JSON Feed 1.1.

use super::feed::{Entry, Feed};
use crate::base::moment::Moment;
use serde::Serialize;

pub const MEDIA_TYPE: &str = "application/feed+json; charset=utf-8";

#[derive(Serialize)]
struct Written<'a> {
    version: &'static str,
    title: &'a str,
    home_page_url: &'a str,
    feed_url: &'a str,
    language: &'a str,
    authors: [Author<'a>; 1],
    /// An extension of ours, as the format allows: the SPDX identifier of the licence.
    _licence: &'a str,
    items: Vec<Item<'a>>,
}

#[derive(Serialize)]
struct Author<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
}

#[derive(Serialize)]
struct Item<'a> {
    id: &'a str,
    url: &'a str,
    title: &'a str,
    summary: &'a str,
    // SPEC: one of the two must be there.
    #[serde(skip_serializing_if = "Option::is_none")]
    content_html: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_text: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_published: Option<Moment>,
    date_modified: Moment,
    language: &'a str,
    tags: [&'static str; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    authors: Option<[Author<'a>; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    _licence: Option<&'a str>,
}

pub fn written(feed: &Feed<'_>) -> Vec<u8> {
    let written = Written {
        version: "https://jsonfeed.org/version/1.1",
        title: &feed.title,
        home_page_url: &feed.page,
        feed_url: &feed.json,
        language: feed.language.as_str(),
        authors: [Author { name: feed.author, url: Some(&feed.home) }],
        _licence: feed.licence,
        items: feed.entries.iter().map(item).collect(),
    };
    serde_json::to_vec(&written).unwrap_or_default()
}

fn item<'a>(entry: &'a Entry<'_>) -> Item<'a> {
    let author = entry.origin.map(|(author, _)| author).filter(|author| !author.is_empty());
    Item {
        id: &entry.id,
        url: &entry.url,
        title: entry.title,
        summary: &entry.summary,
        content_html: entry.html.as_deref(),
        content_text: entry.html.is_none().then_some(&entry.summary),
        date_published: entry.published,
        date_modified: entry.updated,
        language: entry.language.as_str(),
        tags: [entry.kind.as_str()],
        authors: author.map(|name| [Author { name, url: None }]),
        _licence: entry.origin.map(|(_, licence)| licence),
    }
}
