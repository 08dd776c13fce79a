//! Texts that show by themselves which version they are and whether they are whole, as Integreat would answer them.

use super::wire;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;

pub const LANGUAGES: [&str; 2] = ["de", "en"];
/// The address part of each page and of those above it.
pub const PAGES: [(&str, &str); 6] = [
    ("wurzel", ""),
    ("eins", "wurzel/"),
    ("zwei", "wurzel/"),
    ("drei", "wurzel/"),
    ("enkel", "wurzel/eins/"),
    ("zweig", ""),
];
/// Pages with nothing below them.
pub const LEAVES: [&str; 4] = ["zwei", "drei", "enkel", "zweig"];

/// The version of each page.
pub type Versions = BTreeMap<&'static str, u64>;
/// What readers see: the version by language and page.
pub type Shown = BTreeMap<(String, String), u64>;

fn html(slug: &str, language: &str, version: u64) -> String {
    format!("<p>Anfang {version} {slug} {language}</p><p>Mitte {version}.</p><p>Ende {version}.</p>")
}

/// Writes the answers of an Integreat server with these versions of these pages.
pub fn record(folder: &Path, versions: &Versions) {
    std::fs::create_dir_all(folder).unwrap();
    for language in LANGUAGES {
        let path = |(slug, above): (&str, &str), language: &str| format!("/stadt/{language}/{above}{slug}/");
        let pages = PAGES.into_iter().enumerate().filter_map(|(order, page)| {
            let version = *versions.get(page.0)?;
            let above = (!page.1.is_empty()).then(|| format!("/stadt/{language}/{}", page.1));
            let others = LANGUAGES.into_iter().filter(|other| *other != language);
            let others: BTreeMap<_, _> =
                others.map(|other| (other, json!({ "id": 1, "path": path(page, other) }))).collect();
            Some(json!({
                "path": path(page, language), "url": format!("https://stadt.example{}", path(page, language)),
                "title": format!("{} {version}", page.0), "content": html(page.0, language, version),
                "parent": { "id": 0, "path": above }, "order": order, "available_languages": others,
                "last_updated": "2026-01-01T00:00:00+01:00",
            }))
        });
        let pages: Vec<Value> = pages.collect();
        std::fs::write(folder.join(format!("pages.{language}.json")), json!(pages).to_string()).unwrap();
    }
}

/// Which page and version this is. # Errors: it is not a whole text that was ever written.
fn recognise(language: &str, title: &str, content: &str) -> Result<(String, u64), String> {
    let told = || format!("not a text that was published: {title:?} in {language}: {content}");
    let (slug, version) = title.split_once(' ').ok_or_else(told)?;
    let version = version.parse().map_err(|_| told())?;
    if content.contains(&html(slug, language, version)) {
        Ok((slug.to_owned(), version))
    } else {
        Err(told())
    }
}

/// The page and version of a published body.
pub fn of_body(language: &str, body: &[u8]) -> Result<(String, u64), String> {
    let body: Value = serde_json::from_slice(body).map_err(|error| error.to_string())?;
    let blocks = body["blocks"].as_array().into_iter().flatten();
    let content: String = blocks.map(|block| block["html"].as_str().unwrap_or_default()).collect();
    recognise(language, body["title"].as_str().unwrap_or_default(), &content)
}

/// A look at a region through API v3.
pub enum Look {
    Whole(Shown),
    /// Nobody answers, which is no fault of a node that was killed.
    Nobody(String),
    /// Something that must never be seen.
    Fault(String),
}

pub fn look(port: u16, region: &str) -> Look {
    let mut shown = Shown::new();
    for language in LANGUAGES {
        let path = format!("/api/v3/{region}/{language}/pages/");
        let Some(answer) = wire::ask(port, &path) else {
            return Look::Nobody(format!("nobody answers {path}"));
        };
        let pages = match serde_json::from_slice::<Vec<Value>>(&answer.body) {
            Ok(pages) if answer.status == 200 => pages,
            _ => return Look::Fault(format!("{path} answers {}", answer.status)),
        };
        for page in pages {
            let text = |member: &str| page[member].as_str().unwrap_or_default();
            match recognise(language, text("title"), text("content")) {
                Ok((slug, version)) => drop(shown.insert((language.to_owned(), slug), version)),
                Err(why) => return Look::Fault(why),
            }
        }
    }
    Look::Whole(shown)
}

/// As [`look`]. # Panics: something was seen that must never be seen.
pub fn shown(port: u16, region: &str) -> Result<Shown, String> {
    match look(port, region) {
        Look::Whole(shown) => Ok(shown),
        Look::Nobody(why) => Err(why),
        Look::Fault(why) => panic!("{why}"),
    }
}
