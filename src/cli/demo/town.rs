//! The demo's town: ten pages of its own, and what it adopts.

use super::district::Change;
use crate::app::{AppError, Node, asked};
use crate::base::html::CleanHtml;
use crate::base::id::{ItemId, RegionId};
use crate::base::language::LanguageTag;
use crate::base::slug::Slug;
use crate::domain::adoption::adopt::{self, Request, Scope};
use crate::domain::content::change::Via;
use crate::domain::content::item::{self, NewItem};
use crate::domain::content::publish::{self, Publication, Text};
use crate::domain::content::published::RegionSettings;
use crate::domain::content::revision::Edit;
use crate::domain::content::{ContentError, assemble, blocks, order};
use crate::platform::db::{Read, Write};
use serde::Deserialize;
use std::collections::HashMap;
use std::time::{Duration, Instant};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Town {
    page: Vec<TownPage>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TownPage {
    key: String,
    parent: Option<String>,
    de: TownText,
    en: TownText,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TownText {
    title: String,
    html: String,
}

/// Founds the region and publishes its pages.
pub fn write(node: &Node) -> Result<RegionId, AppError> {
    let town: Town = toml::from_str(include_str!("musterstadt.toml")).map_err(asked("musterstadt.toml"))?;
    let languages: Vec<LanguageTag> =
        ["de", "en"].iter().map(|tag| tag.parse().map_err(asked("a language"))).collect::<Result<_, _>>()?;
    let names = ("musterstadt".to_owned(), "Musterstadt".to_owned());
    let settings = RegionSettings { attribution: names.1.clone(), ..RegionSettings::default() };
    let region = crate::cli::region::found(node, names, settings, &languages)?;
    let ids: HashMap<&str, ItemId> =
        town.page.iter().map(|page| (page.key.as_str(), node.clock.fresh_id().into())).collect();
    let id =
        |key: &str| ids.get(key).copied().ok_or_else(|| asked("musterstadt.toml")(format!("no page {key}")));
    let (mut pages, mut publications) = (Vec::new(), Vec::new());
    for (page, ord) in town.page.iter().zip(order::after(None, town.page.len())) {
        let parent = page.parent.as_deref().map(id).transpose()?;
        let new = NewItem::page(id(&page.key)?, parent, ord);
        pages.push(new);
        let mut texts = Vec::new();
        for (language, text) in languages.iter().zip([&page.de, &page.en]) {
            let source = (language != &region.default_language).then(|| (region.default_language.clone(), 1));
            texts.push(text_of(node, &ids, language, text, source));
        }
        publications.push(Publication::of_texts(id(&page.key)?, Edit::Major, texts));
    }
    node.db.write(|tx: &mut Write<'_>| {
        item::create(tx, &node.desk(), region.id, pages)?;
        publish::publish(tx, &node.desk(), region.id, publications)?;
        Ok::<_, ContentError>(())
    })?;
    node.log()?;
    Ok(region.id)
}

fn text_of(
    node: &Node,
    ids: &HashMap<&str, ItemId>,
    language: &LanguageTag,
    text: &TownText,
    source: Option<(LanguageTag, i64)>,
) -> Text {
    let linked = ids.iter().fold(text.html.trim().to_owned(), |html, (key, id)| {
        html.replace(&format!("\"page:{key}\""), &format!("\"page:{id}\""))
    });
    let (wrap, pieces) = blocks::split(&CleanHtml::parse(&linked));
    let slug =
        Slug::from_title(&text.title).map_or_else(|| "seite".to_owned(), |slug| slug.as_str().to_owned());
    Text {
        language: language.clone(),
        title: text.title.clone(),
        slug,
        blocks: blocks::identify(pieces, &[], &[]),
        wrap,
        media: Vec::new(),
        summary: None,
        via: Via::Human,
        source,
        updated_at: node.clock.now(),
    }
}

/// Follows the district and fetches all it has; the number of verified entries.
pub async fn follow(town: &Node, district: &str) -> Result<u64, AppError> {
    let introduced = crate::cli::follow::pin(town, district).await?;
    let synced = crate::cli::sync::one(town, &introduced.origin, &indicatif::ProgressBar::hidden()).await?;
    Ok(synced.size)
}

/// Adopts a subtree of the district by its German slug; its title and how many pages came.
pub async fn adopt(
    town: &Node,
    district: &Node,
    region: RegionId,
    slug: &str,
) -> Result<(String, usize), AppError> {
    let (town, district, slug) = (town.clone(), district.clone(), slug.to_owned());
    let work = move || {
        let snapshot = district
            .db
            .read(|tx: &mut Read<'_>| assemble::assemble(tx, district.clock.now(), HashMap::new(), None))?;
        let edition = snapshot.region("lkaugsburg").and_then(|region| region.edition("de"));
        let Some(page) = edition.and_then(|(_, edition)| edition.pages.at_slug(&slug)) else {
            return Err(asked("the demo")(format!("the district has no page {slug}")));
        };
        let origin = format!("{}/pub/1", district.id());
        let request = Request { region, parent: None, origin, object: page.id.into(), scope: Scope::Subtree };
        let pages = town.db.write(|tx: &mut Write<'_>| adopt::adopt(tx, &town.desk(), request))?;
        Ok((page.body.title.clone(), pages))
    };
    tokio::task::spawn_blocking(work).await.map_err(asked("the demo"))?
}

/// Waits until readers of the town see the change; the seconds that took.
pub async fn await_change(town: &Node, change: &Change) -> Result<f64, AppError> {
    let begun = Instant::now();
    loop {
        let (node, sentence) = (town.clone(), change.sentence);
        let arrived = tokio::task::spawn_blocking(move || {
            let snapshot = node
                .db
                .read(|tx: &mut Read<'_>| assemble::assemble(tx, node.clock.now(), HashMap::new(), None))?;
            let edition = snapshot.region("musterstadt").and_then(|region| region.edition("de"));
            let pages = edition.into_iter().flat_map(|(_, edition)| &edition.pages.items);
            Ok::<_, ContentError>(pages.into_iter().any(|page| page.body.html().as_str().contains(sentence)))
        });
        if arrived.await.map_err(asked("the demo"))?? {
            return Ok(begun.elapsed().as_secs_f64());
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}
