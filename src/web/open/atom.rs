//! A feed as Atom (RFC 4287).

use super::feed::{Entry, Feed};
use crate::base::moment::Moment;
use atom_syndication::{Category, Content, FixedDateTime, Generator, Link, Person, Text, TextType};

pub const MEDIA_TYPE: &str = "application/atom+xml; charset=utf-8";

pub fn written(feed: &Feed<'_>) -> Vec<u8> {
    let atom = atom_syndication::Feed {
        title: plain(&feed.title),
        id: feed.atom.clone(),
        updated: at(feed.updated),
        authors: vec![Person {
            name: allowed(feed.author),
            uri: Some(feed.home.clone()),
            ..Person::default()
        }],
        generator: Some(Generator { value: "Lotse".to_owned(), ..Generator::default() }),
        links: vec![
            link("self", &feed.atom, "application/atom+xml"),
            link("alternate", &feed.page, "text/html"),
        ],
        rights: Some(plain(feed.licence)),
        lang: Some(feed.language.to_string()),
        entries: feed.entries.iter().map(entry).collect(),
        ..atom_syndication::Feed::default()
    };
    atom.to_string().into_bytes()
}

fn entry(entry: &Entry<'_>) -> atom_syndication::Entry {
    let author = entry.origin.filter(|(author, _)| !author.is_empty());
    let html = |html: &String| Content {
        lang: Some(entry.language.to_string()),
        value: Some(allowed(html)),
        content_type: Some("html".to_owned()),
        ..Content::default()
    };
    atom_syndication::Entry {
        title: Text { lang: Some(entry.language.to_string()), ..plain(entry.title) },
        id: entry.id.clone(),
        updated: at(entry.updated),
        published: entry.published.map(at),
        authors: author
            .map(|(name, _)| Person { name: allowed(name), ..Person::default() })
            .into_iter()
            .collect(),
        categories: vec![Category { term: entry.kind.as_str().to_owned(), ..Category::default() }],
        links: vec![Link {
            hreflang: Some(entry.language.to_string()),
            ..link("alternate", &entry.url, "text/html")
        }],
        rights: entry.origin.map(|(_, licence)| plain(licence)),
        summary: Some(Text { lang: Some(entry.language.to_string()), ..plain(&entry.summary) })
            .filter(|summary| !summary.value.is_empty()),
        content: entry.html.as_ref().map(html),
        ..atom_syndication::Entry::default()
    }
}

fn link(rel: &str, href: &str, media_type: &str) -> Link {
    let (rel, href) = (rel.to_owned(), href.to_owned());
    Link { rel, href, mime_type: Some(media_type.to_owned()), ..Link::default() }
}

fn plain(text: &str) -> Text {
    Text { value: allowed(text), r#type: TextType::Text, ..Text::default() }
}

/// SPEC: XML §2.2: no control characters but tab and line ends, in whatever spelling.
fn allowed(text: &str) -> String {
    let fits = |character: &char| !matches!(character, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
    text.chars().filter(fits).collect()
}

/// Both spell moments as RFC 3339 does.
fn at(moment: Moment) -> FixedDateTime {
    moment.to_string().parse().unwrap_or_default()
}
