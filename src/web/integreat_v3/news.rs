//! News of a region in one language, as today's apps ask for it (`news/`) and as older ones did (`fcm/`).

use super::ask::around;
use super::json::{bytes_of, date_time};
use super::part;
use super::refusal::Refusal;
use super::shape::{Around, InOrder};
use crate::domain::content::facts::{Facts, NewsFacts};
use crate::domain::content::kind::ObjectKind;
use crate::domain::content::published::ItemView;
use crate::web::State;
use crate::web::answer::Answer;
use crate::web::problem::Problem;
use actix_web::{HttpRequest, HttpResponse, web};
use jiff::tz::TimeZone;
use serde::Serialize;

const USUAL_SIZE: usize = 20;
const LARGEST_SIZE: usize = 500;
/// The only source of news that a node has: its own, and what it mirrors.
const SOURCE: &str = "local";

pub async fn all(request: HttpRequest, state: web::Data<State>) -> Result<HttpResponse, Problem> {
    let query = Query::parse(request.query_string());
    let (region, language) = (part(&request, "region"), part(&request, "language"));
    let key = format!("v3/news/{region}/{language}/{query:?}");
    let answer = state.showing().answer(&key, |snapshot| {
        let around = around(&state, snapshot, region, language)?;
        let wanted: Vec<_> = news(&around).filter(|(_, news)| query.wants(news)).collect();
        let shapes: Vec<_> = query.page(&wanted).iter().map(|(view, news)| around.news(view, news)).collect();
        Ok::<_, Refusal>(Answer::json(bytes_of(&shapes)?))
    })?;
    Ok(answer.respond(&request))
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
        Ok(Answer::json(bytes_of(&around.news(view, news))?))
    })?;
    Ok(answer.respond(&request))
}

pub async fn fcm(request: HttpRequest, state: web::Data<State>) -> Result<HttpResponse, Problem> {
    let (region, language) = (part(&request, "region"), part(&request, "language"));
    let query = Query { source: None, ..Query::parse(request.query_string()) };
    let key = format!("v3/fcm/{region}/{language}/{}", query.channel);
    let answer = state.showing().answer(&key, |snapshot| {
        let around = around(&state, snapshot, region, language)?;
        let wanted = news(&around).filter(|(_, news)| query.wants(news));
        let shapes: Vec<_> = wanted.map(|(view, news)| around.message(view, news)).collect();
        Ok::<_, Refusal>(Answer::json(bytes_of(&shapes)?))
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
        let page = self.page.min(all.len().div_ceil(self.size).max(1));
        let first = (page - 1) * self.size;
        all.get(first..all.len().min(first + self.size)).unwrap_or_default()
    }
}

fn news<'a>(around: &Around<'a>) -> impl Iterator<Item = (&'a ItemView, &'a NewsFacts)> {
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
            display_date: date_time(news.at.max(view.updated_at), &TimeZone::UTC),
            channel: &news.channel,
            available_languages: self.all_languages(view, |view| Named { id: id(view) }),
            source: SOURCE,
            external_url: self.url(view.path.trim_end_matches('/')),
        }
    }

    fn message(&self, view: &'a ItemView, news: &'a NewsFacts) -> Message<'a> {
        Message {
            id: view.number,
            title: view.title(),
            message: view.body.words(),
            timestamp: date_time(news.at, &TimeZone::UTC),
            last_updated: date_time(view.updated_at, &self.zone),
            display_date: date_time(news.at.max(view.updated_at), &TimeZone::UTC),
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
}
