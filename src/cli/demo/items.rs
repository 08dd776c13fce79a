//! What the demo's regions have beside pages: invented items, made through the verbs that an editor uses.

use crate::app::{AppError, Node, asked};
use crate::base::html::CleanHtml;
use crate::base::id::{ItemId, RegionId};
use crate::base::language::LanguageTag;
use crate::base::moment::Moment;
use crate::base::slug::Slug;
use crate::domain::content::change::Via;
use crate::domain::content::facts::{Facts, NewsFacts};
use crate::domain::content::item::{self, NewItem};
use crate::domain::content::kind::ObjectKind;
use crate::domain::content::publish::{self, NewFacts, Publication, Text};
use crate::domain::content::revision::Edit;
use crate::domain::content::{ContentError, blocks};
use crate::platform::db::Write;
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};

/// A file of items.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Items {
    item: Vec<Invented>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Invented {
    /// Names the item inside its file: facts name others as `item:key`.
    key: String,
    /// As they are published. An item without facts and without `told_days_ago` is the imprint.
    facts: Option<serde_json::Value>,
    /// Makes it news of that age, so that they are news whenever the demo runs.
    told_days_ago: Option<i64>,
    /// Which of the coming dates of an event is cancelled; 1 is the next.
    cancelled_date: Option<usize>,
    /// By language; none for what needs no words.
    #[serde(default)]
    text: BTreeMap<LanguageTag, Words>,
}

/// What something is called and says.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    pub title: String,
    #[serde(default)]
    pub html: String,
}

const DAY_SECONDS: i64 = 24 * 3600;
/// So long the demo's news are news.
const NEWS_DAYS: i64 = 28;

/// Publishes the items of a file, whose name is for messages, in a region with this default language; how many of each
/// kind, in a sentence. Blocks.
pub fn publish(
    node: &Node,
    (region, default): (RegionId, &LanguageTag),
    (name, file): (&'static str, &str),
) -> Result<String, AppError> {
    let items: Items = toml::from_str(file).map_err(asked(name))?;
    let ids: HashMap<String, ItemId> =
        items.item.iter().map(|item| (item.key.clone(), node.clock.fresh_id().into())).collect();
    let (mut new, mut publications) = (Vec::new(), Vec::new());
    for item in &items.item {
        let Some(id) = ids.get(&item.key).copied() else { continue };
        let facts = item.facts(&ids, node.clock.now()).map_err(asked(name))?;
        let kind = facts.as_ref().map_or(ObjectKind::Imprint, Facts::kind);
        new.push((kind, NewItem::flat(id, kind)));
        let text = |(language, words)| text(node, &ids, (language, default), words);
        let texts = item.text.iter().map(text).collect();
        let facts = facts.map(|facts| NewFacts { facts, media: Vec::new(), updated_at: node.clock.now() });
        publications.push(Publication { item: id, edit: Edit::Major, texts, facts });
    }
    let told = counted(new.iter().map(|(kind, _)| *kind));
    node.db.write(|tx: &mut Write<'_>| {
        item::create(tx, &node.desk(), region, new.into_iter().map(|(_, item)| item).collect())?;
        publish::publish(tx, &node.desk(), region, publications)?;
        Ok::<_, ContentError>(())
    })?;
    node.log()?;
    Ok(told)
}

/// "4 events, 1 place and so on" of what readers find as such.
fn counted(kinds: impl Iterator<Item = ObjectKind>) -> String {
    let kinds: Vec<ObjectKind> = kinds.collect();
    let named = [
        (ObjectKind::Event, "event", "events"),
        (ObjectKind::Place, "place", "places"),
        (ObjectKind::Contact, "contact", "contacts"),
        (ObjectKind::News, "piece of news", "pieces of news"),
        (ObjectKind::Offer, "offer", "offers"),
    ];
    let count = |(kind, one, more)| match kinds.iter().filter(|found| **found == kind).count() {
        1 => format!("1 {one}"),
        count => format!("{count} {more}"),
    };
    format!("{} and an imprint", named.map(count).join(", "))
}

impl Invented {
    fn facts(&self, ids: &HashMap<String, ItemId>, now: Moment) -> Result<Option<Facts>, String> {
        if let Some(days) = self.told_days_ago {
            let at = now.plus_seconds(-days * DAY_SECONDS);
            let until = at.plus_seconds(NEWS_DAYS * DAY_SECONDS);
            return Ok(Some(Facts::News(NewsFacts { at, until, channel: "news".to_owned(), message: None })));
        }
        let Some(mut facts) = self.facts.clone() else { return Ok(None) };
        named(&mut facts, ids)?;
        let mut facts: Facts =
            serde_json::from_value(facts).map_err(|error| format!("{}: {error}", self.key))?;
        if let (Facts::Event(event), Some(which)) = (&mut facts, self.cancelled_date) {
            let mut coming = event.when.occurrences(now, now.plus_seconds(366 * DAY_SECONDS));
            let date = coming.nth(which.saturating_sub(1)).map(|date| date.id);
            drop(coming);
            let date = date.ok_or_else(|| format!("{} has no date to be cancelled", self.key))?;
            event.when.cancel(date).map_err(|error| format!("{}: {error}", self.key))?;
        }
        Ok(Some(facts))
    }
}

/// Puts ids where `item:key` stands.
fn named(value: &mut serde_json::Value, ids: &HashMap<String, ItemId>) -> Result<(), String> {
    match value {
        serde_json::Value::Object(members) => members.values_mut().try_for_each(|value| named(value, ids)),
        serde_json::Value::String(text) => {
            if let Some(key) = text.strip_prefix("item:") {
                *text = ids.get(key).ok_or_else(|| format!("there is no item {key}"))?.to_string();
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

/// What somebody writes in a language, from nothing but the text in the default language. Links to others of the file
/// are written `page:key`.
pub fn text(
    node: &Node,
    ids: &HashMap<String, ItemId>,
    (language, default): (&LanguageTag, &LanguageTag),
    words: &Words,
) -> Text {
    let linked = ids.iter().fold(words.html.trim().to_owned(), |html, (key, id)| {
        html.replace(&format!("\"page:{key}\""), &format!("\"page:{id}\""))
    });
    let (wrap, pieces) = blocks::split(&CleanHtml::parse(&linked));
    let slug = Slug::from_title(&words.title);
    Text {
        language: language.clone(),
        title: words.title.clone(),
        slug: slug.map_or_else(|| "seite".to_owned(), |slug| slug.as_str().to_owned()),
        blocks: blocks::identify(pieces, &[], &[]),
        wrap,
        media: Vec::new(),
        summary: None,
        via: Via::Human,
        source: (language != default).then(|| (default.clone(), 1)),
        updated_at: node.clock.now(),
    }
}
