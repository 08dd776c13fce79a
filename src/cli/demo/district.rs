//! The demo's district: the real region, bundled with its licence note under `tests/fixtures`.

use super::items;
use crate::app::{AppError, Node};
use crate::base::html::CleanHtml;
use crate::domain::content::change::Via;
use crate::domain::content::publish::{self, Publication, Text};
use crate::domain::content::revision::Edit;
use crate::domain::content::{ContentError, assemble, blocks};
use crate::platform::db::{Read, Write};
use std::collections::HashMap;

const RECORDED: [(&str, &[u8]); 3] = [
    ("regions.json", REGION),
    ("pages.de.json.gz", include_bytes!("../../../tests/fixtures/lkaugsburg/pages.de.json.gz")),
    ("pages.en.json.gz", include_bytes!("../../../tests/fixtures/lkaugsburg/pages.en.json.gz")),
];

/// The recording holds only pages; apps also ask where a region is.
const REGION: &[u8] = br#"[{"path": "lkaugsburg", "name": "Landkreis Augsburg", "prefix": "Landkreis",
    "name_without_prefix": "Augsburg", "plz": "86150", "longitude": 10.75, "latitude": 48.38}]"#;

/// Where the demo changes something, and what.
pub struct Change {
    pub sentence: &'static str,
    pub at_district: String,
}

const CHANGED: &str = "notfaelle";
const SENTENCE: &str = "Neu: Die Nummer 112 hilft auch per SMS in einfacher Sprache.";

/// Imports the region as `lotse import integreat` does; what it brought, in a sentence.
pub fn import(node: &Node) -> Result<String, AppError> {
    let folder = node.config.node.data.join("recorded");
    std::fs::create_dir_all(&folder).map_err(AppError::file(&folder))?;
    for (name, bytes) in RECORDED {
        let path = folder.join(name);
        std::fs::write(&path, bytes).map_err(AppError::file(&path))?;
    }
    let report = crate::cli::import::from_folder(node, "lkaugsburg", "Landkreis Augsburg", &folder)?;
    let entries = node.log()?;
    Ok(format!(
        "{} pages, {} texts in {}; {entries} signed entries.",
        report.pages,
        report.texts,
        report.languages.join(" and ")
    ))
}

/// What the region has beside its real pages, all of it invented and told so; how much that is.
pub fn invent(node: &Node) -> Result<String, AppError> {
    let snapshot =
        node.db.read(|tx: &mut Read<'_>| assemble::assemble(tx, node.clock.now(), HashMap::new()))?;
    let Some(region) = snapshot.region("lkaugsburg") else {
        return Err(crate::app::asked("the demo")("the region was not imported"));
    };
    let file = ("district_items.toml", include_str!("district_items.toml"));
    items::publish(node, (region.id, &region.default_language), file)
}

/// Publishes a new German revision of one page, as an editor would.
pub fn change_a_page(node: &Node) -> Result<Change, AppError> {
    let snapshot =
        node.db.read(|tx: &mut Read<'_>| assemble::assemble(tx, node.clock.now(), HashMap::new()))?;
    let found = snapshot.region("lkaugsburg").and_then(|region| {
        let (language, edition) = region.edition("de")?;
        Some((region, language, edition.pages.at_slug(CHANGED)?))
    });
    let Some((region, language, page)) = found else {
        return Err(crate::app::asked("the demo")("the page to be changed is missing"));
    };
    let html = format!("{}<p><strong>{SENTENCE}</strong></p>", page.body.html().as_str());
    let (wrap, pieces) = blocks::split(&CleanHtml::parse(&html));
    let text = Text {
        language: language.tag.clone(),
        title: page.body.title.clone(),
        slug: page.slug.clone(),
        blocks: blocks::identify(pieces, &page.body.blocks, &[]),
        wrap,
        media: page.body.media.clone(),
        summary: page.body.summary.clone(),
        via: Via::Human,
        source: None,
        updated_at: node.clock.now(),
    };
    let publication = Publication::of_texts(page.id, Edit::Major, vec![text]);
    node.db.write(|tx: &mut Write<'_>| {
        publish::publish(tx, &node.desk(), region.id, vec![publication]).map(|_| ())?;
        Ok::<_, ContentError>(())
    })?;
    let at_district = format!("{}{}", node.config.site.url, page.path.trim_start_matches('/'));
    Ok(Change { sentence: SENTENCE, at_district })
}

impl Change {
    pub fn at_town(&self, town: &Node) -> String {
        format!("{}musterstadt/de/{CHANGED}/", town.config.site.url)
    }
}
