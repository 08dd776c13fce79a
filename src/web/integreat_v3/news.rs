//! News of a region in one language, as today's apps ask for it (`news/`) and as older ones did (`fcm/`).

use super::ask::around;
use super::json::{bytes_of, date_time};
use super::part;
use super::refusal::Refusal;
use super::shape::{Around, InOrder, Origin, credit, origin};
use crate::base::moment::Moment;
use crate::domain::content::facts::{Facts, NewsFacts};
use crate::domain::content::kind::ObjectKind;
use crate::domain::content::published::ItemView;
use crate::web::State;
use crate::web::problem::Problem;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use jiff::tz::TimeZone;
use serde::Serialize;
use std::cmp::Reverse;

const USUAL_SIZE: usize = 20;
const LARGEST_SIZE: usize = 500;
/// How many news there are on all pages.
const TOTAL: HeaderName = HeaderName::from_static("x-total-count");
/// The only source of news that a node has: its own, and what it mirrors.
const SOURCE: &str = "local";

pub async fn all(request: HttpRequest, state: web::Data<State>) -> Result<HttpResponse, Problem> {
    let mut query = Query::parse(request.query_string());
    let (region, language) = (part(&request, "region"), part(&request, "language"));
    let showing = state.showing();
    let around = around(&state, &showing.snapshot, region, language)?;
    let wanted: Vec<_> = news(&around).filter(|(_, news)| query.wants(news)).collect();
    // Whatever page is asked for, no more answers are kept than there are pages.
    query.page = query.page.min(query.last(wanted.len()));
    let key = format!("v3/news/{region}/{language}/{query:?}");
    let answer = showing.answer(&key, |_| {
        let wanted = newest_first(wanted.iter().copied());
        let shapes: Vec<_> = query.page(&wanted).iter().map(|(view, news)| around.news(view, news)).collect();
        Ok::<_, Refusal>(around.answer(bytes_of(&shapes)?, &[ObjectKind::News]))
    })?;
    let mut told = answer.respond(&request);
    told.headers_mut().insert(TOTAL, HeaderValue::from(wanted.len()));
    let links = query.links(&around.url(request.path()), request.query_string(), wanted.len());
    if let Some(links) = HeaderValue::try_from(links).ok().filter(|links| !links.is_empty()) {
        told.headers_mut().insert(header::LINK, links);
    }
    Ok(told)
}

pub async fn one(request: HttpRequest, state: web::Data<State>) -> Result<HttpResponse, Problem> {
    let (region, language, id) =
        (part(&request, "region"), part(&request, "language"), part(&request, "news"));
    let key = format!("v3/news/{region}/{language}/one/{id}");
    let answer = state.showing().answer(&key, |snapshot| {
        let around = around(&state, snapshot, region, language)?;
        let (source, number) = id.rsplit_once('-').ok_or(Refusal::NewsId)?;
        let number: i64 = number.parse().map_err(|_| Refusal::NewsId)?;
        if source != SOURCE {
            return Err(Refusal::NewsSource);
        }
        let found = news(&around).find(|(view, _)| view.number == number);
        let (view, news) = found.ok_or(Refusal::UnknownNews)?;
        Ok(around.answer(bytes_of(&around.news(view, news))?, &[ObjectKind::News]))
    })?;
    Ok(answer.respond(&request))
}

pub async fn fcm(request: HttpRequest, state: web::Data<State>) -> Result<HttpResponse, Problem> {
    let (region, language) = (part(&request, "region"), part(&request, "language"));
    let query = Query { source: None, ..Query::parse(request.query_string()) };
    let key = format!("v3/fcm/{region}/{language}/{}", query.channel);
    let answer = state.showing().answer(&key, |snapshot| {
        let around = around(&state, snapshot, region, language)?;
        let wanted = newest_first(news(&around).filter(|(_, news)| query.wants(news)));
        let shapes: Vec<_> = wanted.into_iter().map(|(view, news)| around.message(view, news)).collect();
        Ok::<_, Refusal>(around.answer(bytes_of(&shapes)?, &[ObjectKind::News]))
    })?;
    Ok(answer.respond(&request))
}

/// Which news are asked for. Everything that is not understood counts as not said.
#[derive(Debug)]
struct Query {
    channel: String,
    /// Whether the node's own are among the sources that are named, if any are.
    source: Option<bool>,
    /// From 1.
    page: usize,
    size: usize,
}

impl Query {
    fn parse(text: &str) -> Query {
        let mut query = Query { channel: "all".to_owned(), source: None, page: 1, size: USUAL_SIZE };
        for (name, value) in url::form_urlencoded::parse(text.as_bytes()) {
            let number = || value.parse::<usize>().ok().filter(|number| *number > 0);
            match name.as_ref() {
                "channel" => query.channel = value.chars().take(40).collect(),
                "source" => query.source = Some(query.source == Some(true) || value == SOURCE),
                "page" => query.page = number().unwrap_or(1),
                "size" => query.size = number().filter(|size| *size <= LARGEST_SIZE).unwrap_or(USUAL_SIZE),
                _ => {}
            }
        }
        query
    }

    fn wants(&self, news: &NewsFacts) -> bool {
        self.source != Some(false) && (self.channel == "all" || self.channel == news.channel)
    }

    /// The page asked for; beyond the last one, the last.
    fn page<'p, T>(&self, all: &'p [T]) -> &'p [T] {
        let first = (self.page.min(self.last(all.len())) - 1) * self.size;
        all.get(first..all.len().min(first + self.size)).unwrap_or_default()
    }

    /// The number of the last page of so many; there is always one.
    fn last(&self, total: usize) -> usize {
        total.div_ceil(self.size).max(1)
    }

    /// The ways to other pages (RFC 8288), at `address` and with what else was asked in `text`.
    fn links(&self, address: &str, text: &str, total: usize) -> String {
        let (last, page) = (self.last(total), self.page.min(self.last(total)));
        let others = [
            ("first", (last > 1).then_some(1)),
            ("prev", (page > 1).then(|| page - 1)),
            ("next", (page < last).then(|| page + 1)),
            ("last", (last > 1).then_some(last)),
        ];
        let link = |(rel, page): (&str, Option<usize>)| {
            let mut asked = url::form_urlencoded::Serializer::new(String::new());
            asked.extend_pairs(
                url::form_urlencoded::parse(text.as_bytes()).filter(|(name, _)| name != "page"),
            );
            let asked = asked.append_pair("page", &page?.to_string()).finish();
            Some(format!("<{address}?{asked}>; rel=\"{rel}\""))
        };
        others.into_iter().filter_map(link).collect::<Vec<_>>().join(", ")
    }
}

type Piece<'a> = (&'a ItemView, &'a NewsFacts);

/// The later of when it was told and when it was last edited.
fn displayed_at((view, news): Piece<'_>) -> Moment {
    news.at.max(view.updated_at)
}

/// By the date that apps display.
fn newest_first<'a>(news: impl Iterator<Item = Piece<'a>>) -> Vec<Piece<'a>> {
    let mut all: Vec<Piece<'a>> = news.collect();
    all.sort_by_key(|piece| Reverse(displayed_at(*piece)));
    all
}

fn news<'a>(around: &Around<'a>) -> impl Iterator<Item = Piece<'a>> {
    around.edition.all(ObjectKind::News).iter().filter_map(|view| match view.facts()? {
        Facts::News(news) => Some((view, news)),
        _ => None,
    })
}

#[derive(Serialize)]
struct News<'a> {
    id: String,
    title: &'a str,
    content: String,
    last_updated: String,
    display_date: String,
    channel: &'a str,
    available_languages: InOrder<&'a str, Named<String>>,
    source: &'static str,
    #[serde(rename = "externalUrl")]
    external_url: String,
    /// Ours: whom mirrored news come from.
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<Origin<'a>>,
}

/// What older apps called a message.
#[derive(Serialize)]
struct Message<'a> {
    id: i64,
    title: &'a str,
    message: String,
    timestamp: String,
    last_updated: String,
    display_date: String,
    channel: &'a str,
    available_languages: InOrder<&'a str, Named<i64>>,
}

#[derive(Serialize)]
struct Named<I> {
    id: I,
}

impl<'a> Around<'a> {
    fn news(&self, view: &'a ItemView, news: &'a NewsFacts) -> News<'a> {
        let id = |view: &ItemView| format!("{SOURCE}-{}", view.number);
        News {
            id: id(view),
            title: view.title(),
            content: view.body.words(),
            last_updated: date_time(view.updated_at, &self.zone),
            display_date: date_time(displayed_at((view, news)), &TimeZone::UTC),
            channel: &news.channel,
            available_languages: self.all_languages(view, |view| Named { id: id(view) }),
            source: SOURCE,
            external_url: self.url(view.path.trim_end_matches('/')),
            origin: view.provenance.as_deref().map(|from| origin(from, credit(view, from))),
        }
    }

    fn message(&self, view: &'a ItemView, news: &'a NewsFacts) -> Message<'a> {
        Message {
            id: view.number,
            title: view.title(),
            message: view.body.words(),
            timestamp: date_time(news.at, &TimeZone::UTC),
            last_updated: date_time(view.updated_at, &self.zone),
            display_date: date_time(displayed_at((view, news)), &TimeZone::UTC),
            channel: &news.channel,
            available_languages: self.all_languages(view, |view| Named { id: view.number }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Query;

    #[test]
    fn what_is_not_understood_counts_as_not_said() {
        let query = Query::parse("page=x&size=9999&source=tunews&source=local&channel=news");
        assert_eq!((query.page, query.size, query.source), (1, 20, Some(true)));
        assert_eq!(Query::parse("source=tunews").source, Some(false));
    }

    #[test]
    fn beyond_the_last_page_comes_the_last() {
        let all: Vec<usize> = (0..45).collect();
        let page = |text: &str| Query::parse(text).page(&all).to_vec();
        assert_eq!(page("page=2").first(), Some(&20));
        assert_eq!(page("page=9"), (40..45).collect::<Vec<_>>());
        assert_eq!(Query::parse("page=3").page::<usize>(&[]), &[] as &[usize]);
    }

    #[test]
    fn other_pages_are_linked_with_whatever_else_was_asked() {
        let links = |text: &str| Query::parse(text).links("https://x/news/", text, 45);
        let link =
            |page: usize, rel: &str| format!("<https://x/news/?source=local&page={page}>; rel=\"{rel}\"");
        let all = [link(1, "first"), link(1, "prev"), link(3, "next"), link(3, "last")].join(", ");
        assert_eq!(links("source=local&page=2"), all);
        assert_eq!(links("page=1&size=50"), "");
        assert!(!links("page=9").contains("next"));
    }
}
