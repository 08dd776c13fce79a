//! Open formats at stable addresses, for calendars, feed readers and maps of whatever maker: iCalendar for events, Atom and
//! JSON Feed for news and changes, GeoJSON for places. Which address leads where stands here; the reader's pages name them.

mod around;
mod calendar;
mod feed;
mod atom;
mod json_feed;
mod map;

pub use self::calendar::{
    path_of as event_path, path_of_category as category_path, path_of_topic as topic_path, topics,
};

use self::around::Around;
use super::State;
use super::answer::{Answer, Caching};
use super::problem::Problem;
use crate::base::url::encoded;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, guard, web};
use jiff::tz::TimeZone;

/// What a region offers in a language besides its pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum File {
    /// All its events.
    Events,
    /// Its news, as Atom and as JSON Feed.
    NewsAtom,
    NewsJson,
    /// What changed last of all that is public.
    ChangesAtom,
    ChangesJson,
    Places,
}

impl File {
    const ALL: [File; 6] =
        [File::Events, File::NewsAtom, File::NewsJson, File::ChangesAtom, File::ChangesJson, File::Places];

    /// Below a region and a language.
    pub fn name(self) -> &'static str {
        match self {
            File::Events => "events.ics",
            File::NewsAtom => "news.atom",
            File::NewsJson => "news.json",
            File::ChangesAtom => "changes.atom",
            File::ChangesJson => "changes.json",
            File::Places => "locations.geojson",
        }
    }

    pub fn media_type(self) -> &'static str {
        match self {
            File::Events => calendar::MEDIA_TYPE,
            File::NewsAtom | File::ChangesAtom => atom::MEDIA_TYPE,
            File::NewsJson | File::ChangesJson => json_feed::MEDIA_TYPE,
            File::Places => map::MEDIA_TYPE,
        }
    }

    /// The message that names what is in it.
    pub fn key(self) -> &'static str {
        match self {
            File::Events => "events",
            File::NewsAtom | File::NewsJson => "news",
            File::ChangesAtom | File::ChangesJson => "changes",
            File::Places => "places",
        }
    }

    fn make(self, around: &Around<'_>) -> Vec<u8> {
        match self {
            File::Events => calendar::all(around),
            File::NewsAtom => atom::written(&feed::news(around)),
            File::NewsJson => json_feed::written(&feed::news(around)),
            File::ChangesAtom => atom::written(&feed::changes(around)),
            File::ChangesJson => json_feed::written(&feed::changes(around)),
            File::Places => map::places(around),
        }
    }
}

/// Adds the addresses. The reader takes every address that is left, so this comes before it.
pub fn configure(routes: &mut web::ServiceConfig) {
    for file in File::ALL {
        let handler = move |request: HttpRequest, state: web::Data<State>| async move {
            kept(&request, &state, (file.name(), file.media_type()), &|around| Some(file.make(around)))
        };
        routes
            .service(reading(&format!("/{{region}}/{{language}}/{}", file.name()), web::route().to(handler)));
    }
    let categories = "/{region}/{language}/events/categories/{number}.ics";
    routes.service(reading(categories, web::route().to(events_of_category)));
    let topics = "/{region}/{language}/events/topics/{word}.ics";
    routes.service(reading(topics, web::route().to(events_of_topic)));
    routes.service(reading("/{region}/{language}/events/{slug}.ics", web::route().to(event)));
}

fn reading(path: &str, route: actix_web::Route) -> actix_web::Resource {
    let read = guard::Any(guard::Get()).or(guard::Head());
    web::resource(path).route(route.guard(read)).default_service(web::to(wrong_method))
}

async fn wrong_method() -> HttpResponse {
    Problem::wrong_method("GET, HEAD").json()
}

/// The events at places of one category.
async fn events_of_category(request: HttpRequest, state: web::Data<State>) -> Result<HttpResponse, Problem> {
    let number = part(&request, "number").parse().unwrap_or(0);
    let key = format!("events/categories/{number}.ics");
    kept(&request, &state, (&key, calendar::MEDIA_TYPE), &|around| calendar::of_category(around, number))
}

/// The events about one topic.
async fn events_of_topic(request: HttpRequest, state: web::Data<State>) -> Result<HttpResponse, Problem> {
    let word = part(&request, "word");
    let key = format!("events/topics/{word}.ics");
    kept(&request, &state, (&key, calendar::MEDIA_TYPE), &|around| calendar::of_topic(around, word))
}

/// One event; a former slug leads to the present one.
async fn event(request: HttpRequest, state: web::Data<State>) -> Result<HttpResponse, Problem> {
    let slug = part(&request, "slug");
    let showing = state.showing();
    let around =
        Around::find(&state, &showing.snapshot, part(&request, "region"), part(&request, "language"))?;
    let event = calendar::at_slug(&around, slug).ok_or_else(Problem::no_such_address)?;
    if event.slug != slug {
        let place = encoded(&calendar::path_of(event));
        return Ok(HttpResponse::MovedPermanently()
            .insert_header((header::LOCATION, place))
            .insert_header((header::CACHE_CONTROL, "public, max-age=3600"))
            .finish());
    }
    let key = format!("events/{slug}.ics");
    kept(&request, &state, (&key, calendar::MEDIA_TYPE), &|around| calendar::of_event(around, slug))
}

type Making<'a> = dyn Fn(&Around<'_>) -> Option<Vec<u8>> + 'a;

/// The answer kept under the region, the language and the key, or made now; `None` from `make`: there is no such file.
fn kept(
    request: &HttpRequest,
    state: &State,
    (key, media_type): (&str, &'static str),
    make: &Making<'_>,
) -> Result<HttpResponse, Problem> {
    let (region, language) = (part(request, "region"), part(request, "language"));
    // Zones are told for some years from now on.
    let year = TimeZone::UTC.to_datetime(state.clock.now().timestamp()).year();
    let key = format!("open/{region}/{language}/{key}@{year}");
    let answer = state.showing().answer(&key, |snapshot| {
        let around = Around::find(state, snapshot, region, language)?;
        let bytes = make(&around).ok_or_else(Problem::no_such_address)?;
        Ok::<_, Problem>(Answer::of(bytes, media_type, Caching::Revalidate))
    })?;
    let mut answer = answer.respond(request);
    // Any web app may read what is public; no cookie plays a part.
    answer.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    Ok(answer)
}

/// A part of the path, decoded.
fn part<'a>(request: &'a HttpRequest, name: &str) -> &'a str {
    request.match_info().get(name).unwrap_or_default()
}
