//! Events of a region in one language: one by one with their rule, or each date of the next month by itself.

use super::ask::around;
use super::json::{bytes_of, date_time};
use super::part;
use super::refusal::Refusal;
use super::shape::{Around, Elsewhere, InOrder, Origin, credit, origin};
use super::shape_card::Spot;
use crate::base::moment::Moment;
use crate::domain::content::facts::{EventFacts, Facts};
use crate::domain::content::kind::ObjectKind;
use crate::domain::content::published::ItemView;
use crate::domain::content::recurrence::Occurrence;
use crate::web::State;
use crate::web::answer::Answer;
use crate::web::problem::Problem;
use actix_web::{HttpRequest, HttpResponse, web};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::Serialize;
use std::borrow::Cow;

/// So far ahead the dates of an event that comes back are told one by one.
const AHEAD_SECONDS: i64 = 31 * 24 * 3600;

pub async fn all(request: HttpRequest, state: web::Data<State>) -> Result<HttpResponse, Problem> {
    let (region, language) = (part(&request, "region"), part(&request, "language"));
    let mut asked = url::form_urlencoded::parse(request.query_string().as_bytes());
    let combined = asked.any(|(name, _)| name == "combine_recurring");
    // Single dates move on with the day; the snapshot may be older.
    let today = date_time(state.clock.now(), &TimeZone::UTC);
    let day = if combined { "" } else { today.get(..10).unwrap_or_default() };
    let key = format!("v3/events/{region}/{language}/{combined}/{day}");
    let answer = state.showing().answer(&key, |snapshot| {
        let around = around(&state, snapshot, region, language)?;
        let events = events(&around).collect::<Vec<_>>();
        let shapes: Vec<Event<'_>> = match combined {
            true => events.into_iter().map(|(view, event)| around.event(view, event)).collect(),
            false => around.dates(events, state.clock.now()),
        };
        let bytes = bytes_of(&shapes)?;
        Ok::<_, Refusal>(match combined {
            true => around.answer(bytes, &[ObjectKind::Event, ObjectKind::Place]),
            // Single dates go by with the hour, and no part of the snapshot stands for that.
            false => Answer::json(bytes),
        })
    })?;
    Ok(answer.respond(&request))
}

fn events<'a>(around: &Around<'a>) -> impl Iterator<Item = (&'a ItemView, &'a EventFacts)> {
    around.edition.all(ObjectKind::Event).iter().filter_map(|view| match view.facts()? {
        Facts::Event(event) => Some((view, event.as_ref())),
        _ => None,
    })
}

#[derive(Serialize)]
pub struct Event<'a> {
    id: Option<i64>,
    url: String,
    path: Cow<'a, str>,
    title: &'a str,
    modified_gmt: String,
    last_updated: String,
    excerpt: String,
    content: String,
    available_languages: InOrder<&'a str, Elsewhere<'a>>,
    thumbnail: Option<String>,
    location: Spot<'a>,
    location_path: Option<&'a str>,
    meeting_url: Option<&'a str>,
    event: Dates,
    hash: Option<()>,
    recurrence_rule: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<Origin<'a>>,
}

#[derive(Serialize)]
struct Dates {
    id: Option<i64>,
    start: String,
    start_date: String,
    start_time: String,
    end: String,
    end_date: String,
    end_time: String,
    all_day: bool,
    only_weekdays: bool,
    recurrence_id: Option<i64>,
    timezone: String,
}

impl<'a> Around<'a> {
    /// An event as a whole: its first date, and the rule by which it comes back.
    fn event(&self, view: &'a ItemView, event: &'a EventFacts) -> Event<'a> {
        let when = &event.when;
        let first = when.first_start().unwrap_or(when.start());
        let span = when.end().duration_since(when.start());
        let end = first.checked_add(span).unwrap_or(when.end());
        let place = event.place.and_then(|object| self.related(view, object));
        let spot = place.and_then(|view| match view.facts()? {
            Facts::Place(facts) => Some((view, facts.as_ref())),
            _ => None,
        });
        let told = self.told(view);
        Event {
            id: (!view.fallback).then_some(view.revision),
            url: self.url(&view.path),
            path: Cow::Borrowed(&view.path),
            title: view.title(),
            modified_gmt: date_time(view.updated_at, &TimeZone::UTC),
            last_updated: date_time(view.updated_at, &self.zone),
            excerpt: told.excerpt,
            content: told.content,
            available_languages: self.elsewhere(view),
            thumbnail: self.picture(view),
            location: self.spot(spot),
            location_path: place.map(|place| place.path.as_str()),
            meeting_url: event.online.as_ref().map(|url| url.as_str()),
            event: self.span(view, event, (first, end)),
            hash: None,
            recurrence_rule: when.integreat_rule(),
            origin: view.provenance.as_deref().map(|from| origin(from, credit(view, from))),
        }
    }

    fn span(&self, view: &ItemView, event: &EventFacts, (start, end): (DateTime, DateTime)) -> Dates {
        let when = &event.when;
        let end = if when.is_all_day() { last_minute(end) } else { end };
        let moment = |at: DateTime| date_time(when.zone().moment(at), &self.zone);
        Dates {
            id: Some(view.number),
            start: moment(start),
            start_date: start.date().to_string(),
            start_time: start.strftime("%H:%M:%S").to_string(),
            end: moment(end),
            end_date: end.date().to_string(),
            end_time: end.strftime("%H:%M:%S").to_string(),
            all_day: when.is_all_day(),
            only_weekdays: event.only_weekdays,
            recurrence_id: when.rule().map(|_| view.number),
            timezone: when.zone().name().to_owned(),
        }
    }

    /// Every date from now on: those of an event that comes back for a month, each as an event of its own.
    fn dates(&self, events: Vec<(&'a ItemView, &'a EventFacts)>, now: Moment) -> Vec<Event<'a>> {
        let mut all: Vec<(Moment, Event<'a>)> = Vec::new();
        for (view, event) in events {
            let start = event.when.zone().moment(event.when.start());
            if event.when.rule().is_none() {
                all.push((start, self.event(view, event)));
                continue;
            }
            let until = start.max(now).plus_seconds(AHEAD_SECONDS);
            all.extend(
                event.when.occurrences(now, until).map(|date| (date.start, self.date(view, event, date))),
            );
        }
        all.sort_by_key(|(start, _)| *start);
        all.into_iter().map(|(_, event)| event).collect()
    }

    fn date(&self, view: &'a ItemView, event: &'a EventFacts, date: Occurrence) -> Event<'a> {
        let whole = self.event(view, event);
        let day = format!("${}/", date.id.date());
        let path = format!("{}{day}", view.path.trim_end_matches('/'));
        let local = |at: Moment| event.when.zone().local(at);
        let dates = self.span(view, event, (local(date.start), local(date.end)));
        let available_languages = whole.available_languages.map(|other| other.of_date(&day));
        Event {
            id: None,
            url: self.url(&path),
            path: Cow::Owned(path),
            event: Dates { id: None, ..dates },
            available_languages,
            recurrence_rule: None,
            ..whole
        }
    }
}

/// Integreat's last minute of whole days, which end at the midnight after for us.
fn last_minute(end: DateTime) -> DateTime {
    end.checked_sub(jiff::SignedDuration::from_mins(1)).unwrap_or(end)
}
