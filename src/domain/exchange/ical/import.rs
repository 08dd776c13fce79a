//! One calendar taken over in one transaction: each UID is an event, found again or made; what changed is published,
//! what vanished archived, what comes back shown again.

use super::CalendarEvent;
use super::draft::{Draft, Places};
use super::error::CalendarError;
use super::read::{Lost, ReadCalendar};
use super::report::Report;
use crate::base::digest::Digest;
use crate::base::id::{ItemId, ObjectId};
use crate::base::language::LanguageTag;
use crate::base::slug::Slug;
use crate::domain::content::body::{Block, Body};
use crate::domain::content::change::Via;
use crate::domain::content::item::{self, Item, NewItem};
use crate::domain::content::kind::ObjectKind;
use crate::domain::content::publish::{NewFacts, Publication, Text, publish};
use crate::domain::content::region::Region;
use crate::domain::content::revision::Edit;
use crate::domain::content::{Desk, archive, blocks, store as content};
use crate::domain::exchange::ical::Status;
use crate::domain::exchange::store::{self, Memory};
use crate::locale::words::Words;
use crate::platform::db::Write;
use std::collections::{HashMap, HashSet};

/// Events of one calendar that are taken over and not over yet; more than any town has.
const MOST_TAKEN: usize = 2_000;
/// A UID longer than this is remembered by its digest.
const LONGEST_KEY_BYTES: usize = 200;

/// Where a calendar goes, and what of it.
#[derive(Clone, Copy)]
pub struct Order<'a> {
    pub region: &'a Region,
    /// In which its texts are.
    pub language: &'a LanguageTag,
    /// The address, or the name of the file: by this it is known again.
    pub place: &'a str,
    /// Only events of one of these; none: all.
    pub categories: &'a [String],
}

/// What earlier imports of the calendar left behind, by UID.
struct Memories {
    source: String,
    by_key: HashMap<String, Memory>,
}

/// An event that is to be here.
struct Parcel {
    key: String,
    id: ItemId,
    event: CalendarEvent,
    draft: Draft,
}

/// Takes the calendar over. An unchanged one changes nothing.
/// # Errors: those of the database, or a language that the region does not have; nothing is changed then.
pub fn import(
    tx: &mut Write<'_>,
    desk: &Desk<'_>,
    order: &Order<'_>,
    calendar: ReadCalendar,
) -> Result<Report, CalendarError> {
    let source = format!("ical {}", order.place);
    let rows = store::remembered(tx, order.region.id, &source)?;
    let by_key = rows.into_iter().map(|memory| (memory.item.clone(), memory)).collect();
    let memories = Memories { source, by_key };
    let places = places(tx, order.region)?;
    let mut report =
        Report { name: calendar.name.clone(), events: calendar.events.len(), ..Report::default() };
    let wanted = Wanted { desk, order, memories: &memories, places: &places };
    let (parcels, present) = wanted.sorted(calendar, &mut report);
    let mut remember = Vec::new();
    let left = settle(tx, &wanted, &parcels, (&mut report, &mut remember))?;
    let before = blocks_before(tx, &parcels, order.language)?;
    let mut publications = Vec::new();
    for parcel in parcels.into_iter().filter(|parcel| !left.contains(&parcel.id)) {
        report.taken += 1;
        publications.extend(wanted.publication(parcel, &before, &mut remember));
    }
    report.revisions = publish(tx, desk, order.region.id, publications)?.len();
    if let Some(present) = present {
        remember.extend(take_back(tx, &wanted, &present, &mut report)?);
    }
    store::remember(tx, order.region.id, &memories.source, &remember)?;
    Ok(report.shortened())
}

/// The names of the region's places.
fn places(tx: &mut Write<'_>, region: &Region) -> Result<Places, CalendarError> {
    let mut items = content::items::of_kind(tx, region.id, ObjectKind::Place)?;
    items.retain(|item| !item.archived);
    let ids: Vec<ItemId> = items.iter().map(|item| item.id).collect();
    let public = content::revisions::public_of(tx, &ids)?;
    let digests: Vec<Digest> = public.iter().map(|revision| revision.body).collect();
    let bodies = content::bodies::load(tx, &digests)?;
    let named = public.iter().filter_map(|revision| {
        let body = Body::parse(bodies.get(&revision.body)?.as_bytes()).ok()?;
        Some((body.title, ObjectId::from(revision.item)))
    });
    Ok(Places::of(named))
}

impl Memories {
    fn item(&self, key: &str) -> Option<ItemId> {
        self.by_key.get(key).map(|memory| memory.page)
    }

    fn holds(&self, key: &str, sha256: &str) -> bool {
        self.by_key.get(key).is_some_and(|memory| memory.sha256 == sha256)
    }

    /// Whether an import archived the event; an editor's own decision is another thing.
    fn hid(&self, uid: &str) -> bool {
        self.by_key.get(&hidden_key(uid)).is_some_and(|memory| !memory.sha256.is_empty())
    }

    /// Every event that was ever taken over, by what its UID is remembered by.
    fn events(&self) -> impl Iterator<Item = (&str, ItemId)> {
        self.by_key.values().filter_map(|memory| Some((memory.item.strip_prefix("event ")?, memory.page)))
    }
}

fn short(uid: &str) -> String {
    if uid.len() <= LONGEST_KEY_BYTES { uid.to_owned() } else { Digest::of(uid.as_bytes()).to_string() }
}

fn event_key(uid: &str) -> String {
    format!("event {uid}")
}

fn text_key(uid: &str, language: &LanguageTag) -> String {
    format!("text {language} {uid}")
}

fn hidden_key(uid: &str) -> String {
    format!("hidden {uid}")
}

/// What decides about the events of a file.
struct Wanted<'a> {
    desk: &'a Desk<'a>,
    order: &'a Order<'a>,
    memories: &'a Memories,
    places: &'a Places,
}

impl Wanted<'_> {
    /// The events that are to be here, and all UIDs that are to stay; `None` if what is missing says nothing.
    fn sorted(&self, calendar: ReadCalendar, report: &mut Report) -> (Vec<Parcel>, Option<HashSet<String>>) {
        let ReadCalendar { events, problems, mut complete, .. } = calendar;
        // What is told and not understood is no reason to take back what was understood before.
        let unread = problems.iter().filter(|problem| problem.lost == Lost::Event && !problem.uid.is_empty());
        let mut present: HashSet<String> = unread.map(|problem| short(&problem.uid)).collect();
        // An empty calendar is more likely a mishap of the other side than the end of all events.
        if events.is_empty() && present.is_empty() {
            report.problems.push("it holds no events; what was taken over before stays".to_owned());
            complete = false;
        }
        report.problems.extend(problems.into_iter().map(|problem| problem.what));
        let words = Words::of(self.order.language);
        let (mut parcels, mut coming) = (Vec::new(), 0);
        for event in events {
            let key = short(&event.uid);
            let known = self.memories.item(&event_key(&key));
            if !self.is_of_category(&event) {
                report.others += 1;
                continue;
            }
            if event.status == Status::Cancelled {
                continue;
            }
            // Asked first, as looking for the last of dates that there are not takes long.
            if event.schedule.first_start().is_none() && event.schedule.moved().is_empty() {
                report.problems.push(format!("“{}” was left out: its rule names no date", event.summary));
                present.insert(key);
                continue;
            }
            let is_over = self.is_over(&event);
            if known.is_none() && is_over {
                report.over += 1;
                continue;
            }
            let Some(draft) = Draft::of(&event, self.places, &words) else {
                report.problems.push(format!("the event {key} was left out: it has no SUMMARY"));
                present.insert(key);
                continue;
            };
            // Past ones that are here leave room for new ones.
            if !is_over && coming == MOST_TAKEN {
                complete = false;
                report.problems.push(format!("of its coming events only {MOST_TAKEN} were taken over"));
                break;
            }
            coming += usize::from(!is_over);
            report.problems.extend(draft.loss());
            present.insert(key.clone());
            let id = known.unwrap_or_else(|| self.desk.clock.fresh_id().into());
            parcels.push(Parcel { key, id, event, draft });
        }
        (parcels, complete.then_some(present))
    }

    fn is_of_category(&self, event: &CalendarEvent) -> bool {
        let wanted = self.order.categories;
        let is = |name: &String| wanted.iter().any(|known| known.to_lowercase() == name.to_lowercase());
        wanted.is_empty() || event.categories.iter().any(is)
    }

    fn is_over(&self, event: &CalendarEvent) -> bool {
        event.schedule.ends_at().is_some_and(|end| end < self.desk.clock.now())
    }

    /// What of an event differs from what was taken over last.
    fn publication(
        &self,
        parcel: Parcel,
        before: &HashMap<ItemId, Vec<Block>>,
        remember: &mut Vec<Memory>,
    ) -> Option<Publication> {
        let Parcel { key, id, event, draft } = parcel;
        let language = self.order.language;
        let now = self.desk.clock.now();
        let updated_at = event.modified.filter(|at| *at <= now).unwrap_or(now);
        let mut changed = |key: String, sha256: String| {
            let changed = !self.memories.holds(&key, &sha256);
            if changed {
                remember.push(Memory { item: key, page: id, sha256 });
            }
            changed
        };
        let other_facts = changed(event_key(&key), draft.facts_digest());
        let other_text = changed(text_key(&key, language), draft.text_digest());
        let Draft { title, html, facts, .. } = draft;
        let facts = other_facts.then(|| NewFacts { facts, media: Vec::new(), updated_at });
        let text = other_text.then(|| {
            let (wrap, pieces) = blocks::split(&html);
            let slug = Slug::from_title(&title).map_or_else(|| "event".to_owned(), String::from);
            let blocks = blocks::identify(pieces, before.get(&id).map_or(&[], Vec::as_slice), &[]);
            Text {
                language: language.clone(),
                title,
                slug,
                blocks,
                wrap,
                media: Vec::new(),
                summary: None,
                via: Via::Human,
                source: None,
                updated_at,
            }
        });
        let is_new = facts.is_some() || text.is_some();
        is_new.then(|| Publication { item: id, edit: Edit::Major, texts: text.into_iter().collect(), facts })
    }
}

/// Makes what is new, shows again what an import archived; the events that somebody archived here, which stay so.
fn settle(
    tx: &mut Write<'_>,
    wanted: &Wanted<'_>,
    parcels: &[Parcel],
    (report, remember): (&mut Report, &mut Vec<Memory>),
) -> Result<HashSet<ItemId>, CalendarError> {
    let (desk, region) = (wanted.desk, wanted.order.region.id);
    let ids: Vec<ItemId> = parcels.iter().map(|parcel| parcel.id).collect();
    let known = content::items::among(tx, region, &ids)?;
    let known: HashMap<ItemId, bool> = known.into_iter().map(|item| (item.id, item.archived)).collect();
    let new = ids.iter().filter(|id| !known.contains_key(id));
    let new: Vec<NewItem> = new.map(|id| NewItem::flat(*id, ObjectKind::Event)).collect();
    report.new = new.len();
    item::create(tx, desk, region, new)?;
    let (mut back, mut left) = (Vec::new(), HashSet::new());
    for parcel in parcels {
        let is_archived = known.get(&parcel.id).copied().unwrap_or(false);
        let hidden = wanted.memories.hid(&parcel.key);
        if hidden {
            let item = hidden_key(&parcel.key);
            remember.push(Memory { item, page: parcel.id, sha256: String::new() });
        }
        match (is_archived, hidden) {
            (true, true) => {
                back.push(parcel.id);
                report.shown_again.push(parcel.draft.title.clone());
            }
            (true, false) => {
                left.insert(parcel.id);
                report.left.push(parcel.draft.title.clone());
            }
            (false, _) => {}
        }
    }
    archive::restore(tx, desk, region, &back)?;
    Ok(left)
}

/// The blocks of the public texts in a language, so that pieces that stay keep their ids.
fn blocks_before(
    tx: &mut Write<'_>,
    parcels: &[Parcel],
    language: &LanguageTag,
) -> Result<HashMap<ItemId, Vec<Block>>, CalendarError> {
    let ids: Vec<ItemId> = parcels.iter().map(|parcel| parcel.id).collect();
    let mut public = content::revisions::public_of(tx, &ids)?;
    public.retain(|revision| revision.language == *language);
    let digests: Vec<Digest> = public.iter().map(|revision| revision.body).collect();
    let bodies = content::bodies::load(tx, &digests)?;
    let blocks = public.iter().filter_map(|revision| {
        let body = Body::parse(bodies.get(&revision.body)?.as_bytes()).ok()?;
        Some((revision.item, body.blocks))
    });
    Ok(blocks.collect())
}

/// Archives what was taken over before and is told no more. What is over by itself is left to that.
fn take_back(
    tx: &mut Write<'_>,
    wanted: &Wanted<'_>,
    present: &HashSet<String>,
    report: &mut Report,
) -> Result<Vec<Memory>, CalendarError> {
    let (desk, region) = (wanted.desk, wanted.order.region.id);
    let lost = wanted.memories.events().filter(|(uid, _)| !present.contains(*uid));
    let lost: HashMap<ItemId, &str> = lost.map(|(uid, item)| (item, uid)).collect();
    let ids: Vec<ItemId> = lost.keys().copied().collect();
    let mut items = content::items::among(tx, region, &ids)?;
    let now = desk.clock.now();
    items.retain(|item| !item.archived && item.expires_at.is_none_or(|end| end > now));
    let ids: Vec<ItemId> = items.iter().map(|item| item.id).collect();
    let titles = titles(tx, &ids, wanted.order.language)?;
    let archived = archive::archive(tx, desk, region, &ids)?;
    let mut told: Vec<String> = archived.iter().filter_map(|item| titles.get(&item.id).cloned()).collect();
    told.sort();
    report.vanished = told;
    let hidden = |item: &Item| {
        let uid = lost.get(&item.id)?;
        Some(Memory { item: hidden_key(uid), page: item.id, sha256: "yes".to_owned() })
    };
    Ok(archived.iter().filter_map(hidden).collect())
}

fn titles(
    tx: &mut Write<'_>,
    ids: &[ItemId],
    language: &LanguageTag,
) -> Result<HashMap<ItemId, String>, CalendarError> {
    let mut public = content::revisions::public_of(tx, ids)?;
    public.retain(|revision| revision.language == *language);
    let digests: Vec<Digest> = public.iter().map(|revision| revision.body).collect();
    let bodies = content::bodies::load(tx, &digests)?;
    let titles = public.iter().filter_map(|revision| {
        Some((revision.item, Body::parse(bodies.get(&revision.body)?.as_bytes()).ok()?.title))
    });
    Ok(titles.collect())
}

/// Archives every event that came from the calendar and is not over, when somebody no longer wants it.
pub fn take_all_back(
    tx: &mut Write<'_>,
    desk: &Desk<'_>,
    order: &Order<'_>,
) -> Result<Vec<String>, CalendarError> {
    let source = format!("ical {}", order.place);
    let rows = store::remembered(tx, order.region.id, &source)?;
    let by_key = rows.into_iter().map(|memory| (memory.item.clone(), memory)).collect();
    let memories = Memories { source, by_key };
    let places = Places::default();
    let wanted = Wanted { desk, order, memories: &memories, places: &places };
    let mut report = Report::default();
    let remember = take_back(tx, &wanted, &HashSet::new(), &mut report)?;
    store::remember(tx, order.region.id, &memories.source, &remember)?;
    Ok(report.vanished)
}
