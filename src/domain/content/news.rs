//! News: one message for the readers of one region or of several, told now or when it is due. A message that is to come
//! is no item yet. It becomes one in each of its regions when its time has come: a signed feed is public, so nothing of
//! it may stand there before.

use super::body::Body;
use super::change::Via;
use super::error::ContentError;
use super::facts::{Facts, NewsFacts, news_channel};
use super::item::{self, Item, NewItem, Stewardship};
use super::kind::ObjectKind;
use super::labels::{Facets, Labels};
use super::publish::{self, NewFacts, Publication, Text};
use super::relabel::audiences;
use super::revision::Edit;
use super::{Desk, archive, blocks, store};
use crate::base::html::CleanHtml;
use crate::base::id::{ItemId, ObjectId, RegionId};
use crate::base::language::LanguageTag;
use crate::base::moment::Moment;
use crate::platform::db::{Reading, Write};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// So long a message is news if nobody says otherwise.
pub const USUAL_SECONDS: i64 = 28 * 24 * 3600;
/// In characters.
const LONGEST_TITLE: usize = 200;
const LONGEST_TEXT: usize = 10_000;

/// A message to be told.
#[derive(Clone, Debug)]
pub struct Message {
    /// Their slugs.
    pub regions: Vec<String>,
    /// The first is what the others are translated from. A region gets those in its languages.
    pub texts: Vec<NewsText>,
    /// `None`: now.
    pub at: Option<Moment>,
    /// `None`: after [`USUAL_SECONDS`].
    pub until: Option<Moment>,
    /// Words of audiences.
    pub audiences: Vec<String>,
}

/// Plain text; each line is a paragraph.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewsText {
    pub language: LanguageTag,
    pub title: String,
    pub text: String,
}

/// News of one region that wait for their time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The item that they will be.
    pub item: ItemId,
    pub region: RegionId,
    pub at: Moment,
    pub draft: Draft,
}

/// What waits, in the words of the database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    pub message: ObjectId,
    pub until: Moment,
    pub audiences: BTreeSet<String>,
    pub texts: Vec<NewsText>,
}

/// A message as those who write see it: told, or still to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// `None`: it was imported, and is of one region.
    pub message: Option<ObjectId>,
    pub items: Vec<(RegionId, ItemId)>,
    pub at: Moment,
    pub until: Moment,
    pub is_waiting: bool,
    pub titles: BTreeMap<LanguageTag, String>,
}

/// Tells a message in each of its regions, or keeps it until it is due; the items that it is or will be.
/// # Errors: an unknown region or audience, a region without any of its languages, a language that no region has, a text
/// that is empty or too long, an end that is over.
pub fn tell(
    tx: &mut Write<'_>,
    desk: &Desk<'_>,
    message: Message,
) -> Result<Vec<(RegionId, ItemId)>, ContentError> {
    let Message { regions, texts, at, until, audiences: words } = message;
    let now = desk.clock.now();
    let at = at.unwrap_or(now);
    let until = until.unwrap_or(at.plus_seconds(USUAL_SECONDS));
    if until <= at || until <= now {
        return Err(ContentError::NewsOver { until });
    }
    check(&regions, &texts)?;
    let draft = Draft { message: desk.clock.fresh_id(), until, audiences: audiences(tx, &words)?, texts };
    let mut spoken_anywhere = BTreeSet::new();
    let mut told = Vec::new();
    for slug in &regions {
        let unknown = || ContentError::UnknownRegion { slug: slug.clone(), known: String::new() };
        let region = store::regions::by_slug(tx, slug)?.ok_or_else(unknown)?;
        region.refuse_foreign()?;
        publish::check_open(tx, region.id)?;
        let spoken: BTreeSet<LanguageTag> =
            store::regions::languages_of(tx, region.id)?.into_iter().map(|language| language.tag).collect();
        let mut draft = draft.clone();
        draft.texts.retain(|text| spoken.contains(&text.language));
        if draft.texts.is_empty() {
            return Err(ContentError::NewsUnread { region: slug.clone() });
        }
        spoken_anywhere.extend(spoken);
        let waiting = Waiting { item: desk.clock.fresh_id().into(), region: region.id, at, draft };
        told.push((waiting.region, waiting.item));
        if at > now {
            store::news::insert(tx, &waiting)?;
        } else {
            print(tx, desk, waiting)?;
        }
    }
    match draft.texts.iter().find(|text| !spoken_anywhere.contains(&text.language)) {
        Some(text) => Err(ContentError::UnknownLanguage { language: text.language.clone() }),
        None => Ok(told),
    }
}

fn check(regions: &[String], texts: &[NewsText]) -> Result<(), ContentError> {
    let distinct: BTreeSet<&String> = regions.iter().collect();
    let languages: BTreeSet<&LanguageTag> = texts.iter().map(|text| &text.language).collect();
    let once = distinct.len() == regions.len() && languages.len() == texts.len();
    if regions.is_empty() || texts.is_empty() || !once {
        return Err(ContentError::NewsNowhere);
    }
    let fits = |text: &str, most: usize| !text.trim().is_empty() && text.chars().count() <= most;
    let fits = |one: &NewsText| fits(&one.title, LONGEST_TITLE) && fits(&one.text, LONGEST_TEXT);
    match texts.iter().all(fits) {
        true => Ok(()),
        false => Err(ContentError::NewsText { title: LONGEST_TITLE, text: LONGEST_TEXT }),
    }
}

/// Publishes the item of one region.
fn print(tx: &mut Write<'_>, desk: &Desk<'_>, waiting: Waiting) -> Result<(), ContentError> {
    let Waiting { item, region, at, draft } = waiting;
    let Draft { message, until, audiences, texts } = draft;
    item::create(tx, desk, region, vec![NewItem::flat(item, ObjectKind::News)])?;
    if !audiences.is_empty() {
        let labels = Labels { facets: Facets { audiences, ..Facets::NONE }, ..Labels::default() };
        store::labels::save(tx, &BTreeMap::from([(item, labels)]))?;
    }
    let updated_at = desk.clock.now();
    let source = texts.first().map(|text| (text.language.clone(), 1));
    let printed = texts.into_iter().map(|NewsText { language, title, text }| {
        let (wrap, pieces) = blocks::split(&CleanHtml::of_lines(&text));
        Text {
            source: source.clone().filter(|(source, _)| *source != language),
            language,
            title: title.trim().to_owned(),
            slug: String::new(),
            blocks: blocks::identify(pieces, &[], &[]),
            wrap,
            media: Vec::new(),
            summary: None,
            via: Via::Human,
            updated_at,
        }
    });
    let (texts, channel) = (printed.collect(), news_channel());
    let facts = Facts::News(NewsFacts { at, until, channel, message: Some(message) });
    let facts = Some(NewFacts { facts, media: Vec::new(), updated_at });
    publish::publish(tx, desk, region, vec![Publication { item, edit: Edit::Major, texts, facts }])?;
    Ok(())
}

/// News that wait and are due, one item for each region.
pub fn due(tx: &mut impl Reading, now: Moment) -> Result<Vec<ItemId>, ContentError> {
    Ok(store::news::due(tx, now)?)
}

/// What became of news that were due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Told,
    /// Their time has passed while nobody was there to tell them, or their region is archived.
    Missed,
    /// Another process was first, or they were withdrawn.
    Gone,
}

/// Tells news that are due, once, whoever else tries to: what waits goes in the transaction that makes it public.
pub fn tell_waiting(tx: &mut Write<'_>, desk: &Desk<'_>, item: ItemId) -> Result<Outcome, ContentError> {
    let Some(waiting) = store::news::find(tx, item)? else { return Ok(Outcome::Gone) };
    store::news::delete(tx, item)?;
    if waiting.draft.until <= desk.clock.now() || publish::is_archived(tx, waiting.region)? {
        return Ok(Outcome::Missed);
    }
    print(tx, desk, waiting)?;
    Ok(Outcome::Told)
}

/// Every message of ours that is not over, what waits included; what is told last comes first.
pub fn list(tx: &mut impl Reading, now: Moment) -> Result<Vec<Known>, ContentError> {
    let waiting = store::news::all(tx)?.into_iter().map(|Waiting { item, region, at, draft }| Known {
        message: Some(draft.message),
        items: vec![(region, item)],
        at,
        until: draft.until,
        is_waiting: true,
        titles: draft.texts.into_iter().map(|text| (text.language, text.title)).collect(),
    });
    let mut all: Vec<Known> = Vec::new();
    for one in waiting.chain(public(tx, now)?) {
        let same = |known: &&mut Known| one.message.is_some() && known.message == one.message;
        match all.iter_mut().find(same) {
            Some(known) => {
                known.items.extend(one.items);
                known.titles.extend(one.titles);
            }
            None => all.push(one),
        }
    }
    all.sort_by(|a, b| b.at.cmp(&a.at).then_with(|| b.items.cmp(&a.items)));
    Ok(all)
}

/// News of ours that readers may see, one for each region.
fn public(tx: &mut impl Reading, now: Moment) -> Result<Vec<Known>, ContentError> {
    let mut items: Vec<Item> = store::items::all_of_kind(tx, ObjectKind::News)?;
    items.retain(|item| {
        let over = item.expires_at.is_some_and(|end| end <= now);
        item.stewardship == Stewardship::Own && !item.archived && !over
    });
    let ids: Vec<ItemId> = items.iter().map(|item| item.id).collect();
    let revisions = store::revisions::public_of(tx, &ids)?;
    let digests: Vec<_> = revisions.iter().map(|revision| revision.body).collect();
    let bodies = store::bodies::load(tx, &digests)?;
    let mut said: HashMap<ItemId, Vec<(LanguageTag, Body)>> = HashMap::new();
    for revision in revisions {
        let body = bodies.get(&revision.body).and_then(|bytes| Body::parse(bytes.as_bytes()).ok());
        said.entry(revision.item).or_default().extend(body.map(|body| (revision.language, body)));
    }
    let known = |item: Item| {
        let said = said.remove(&item.id)?;
        let facts = said.iter().find_map(|(_, body)| match &body.facts {
            Some(Facts::News(facts)) => Some(facts.clone()),
            _ => None,
        })?;
        let titles = said.into_iter().filter(|(language, _)| !language.is_none());
        Some(Known {
            message: facts.message,
            items: vec![(item.region, item.id)],
            at: facts.at,
            until: facts.until,
            is_waiting: false,
            titles: titles.map(|(language, body)| (language, body.title)).collect(),
        })
    };
    Ok(items.into_iter().filter_map(known).collect())
}

/// Takes a message back, in every region that it was told in or waits for; the items that it was.
/// # Errors: no news of ours, or over already.
pub fn withdraw(tx: &mut Write<'_>, desk: &Desk<'_>, id: ItemId) -> Result<Vec<ItemId>, ContentError> {
    let all = list(tx, desk.clock.now())?;
    let found = all.into_iter().find(|known| known.items.iter().any(|(_, item)| *item == id));
    let Known { items, .. } = found.ok_or(ContentError::NoNews { item: id })?;
    for (region, item) in &items {
        match store::news::find(tx, *item)? {
            Some(_) => store::news::delete(tx, *item)?,
            None => drop(archive::archive(tx, desk, *region, &[*item])?),
        }
    }
    Ok(items.into_iter().map(|(_, item)| item).collect())
}
