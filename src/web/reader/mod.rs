//! The reader's site: pages for people, whole without JavaScript, right-to-left as good as left-to-right. Handlers take a
//! request to a page of the snapshot and answer with it; what pages look like stands in `render` and the templates.

mod address;
mod feedback;
mod section;
mod frame;
mod glyph;
mod image;
mod language;
mod linked_schedule;
mod linked_data;
mod agenda;
mod when;
mod hours;
mod card;
mod terms;
mod item;
mod named;
mod calendar;
mod events;
mod places;
mod news;
mod doors;
mod render;
mod print;
mod short;
mod sitemap;
mod text;
mod tiles;

use self::address::{Found, Scope};
use self::render::{Failure, World};
use self::section::Section;
use super::answer::{Answer, Caching};
use super::problem::Problem;
use super::{Showing, State};
use crate::base::digest::Digest;
use crate::base::error::{Kind, Told};
use crate::base::language::LanguageTag;
use crate::domain::content::body::Body;
use crate::domain::content::kind::ObjectKind;
use crate::domain::content::published::{ItemView, Shared, Snapshot};
use crate::locale::date;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use jiff::civil::Date;
use std::cell::Cell;

/// A page could not be made from its template.
#[derive(Debug, thiserror::Error)]
#[error("cannot make the page {path:?}: {source}")]
struct PageError {
    path: String,
    source: askama::Error,
}

impl Told for PageError {
    fn kind(&self) -> Kind {
        Kind::Broken
    }
    fn code(&self) -> &'static str {
        "page"
    }
}

/// Nothing but our own style sheet, fonts and pictures; no script at all.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; \
    base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

const HTML: &str = "text/html; charset=utf-8";
const XML: &str = "application/xml";

/// Adds the reader's site. It takes every address that is left, so it comes last.
pub fn configure(server: &mut web::ServiceConfig) {
    for (path, read) in [("/robots.txt", Route::Robots), ("/sitemap.xml", Route::Sitemaps)] {
        let handler =
            move |request: HttpRequest, state: web::Data<State>| async move { fixed(&request, &state, read) };
        server.route(path, web::get().to(handler)).route(path, web::head().to(handler));
    }
    server
        .configure(feedback::configure)
        .configure(print::configure)
        .configure(short::configure)
        .route("/o/{object}", web::get().to(permalink))
        .route("/o/{object}", web::head().to(permalink))
        .route("/o/{object}/{language}", web::get().to(permalink))
        .route("/o/{object}/{language}", web::head().to(permalink))
        .route("/{path:.*}", web::get().to(any))
        .route("/{path:.*}", web::head().to(any));
}

#[derive(Clone, Copy)]
enum Route {
    Robots,
    Sitemaps,
}

fn fixed(request: &HttpRequest, state: &State, route: Route) -> HttpResponse {
    let (key, content_type) = match route {
        Route::Robots => ("reader/robots", "text/plain; charset=utf-8"),
        Route::Sitemaps => ("reader/sitemaps", XML),
    };
    let showing = state.showing();
    kept(request, state, &showing, (key, content_type), &|world| match route {
        Route::Robots => sitemap::robots(world.site),
        Route::Sitemaps => sitemap::index(world),
    })
}

/// Any page of any region.
async fn any(request: HttpRequest, state: web::Data<State>) -> HttpResponse {
    let showing = state.showing();
    let Some(path) = address::decoded(request.uri().path()) else {
        return failed(&request, &state, &showing, &Problem::no_such_address());
    };
    let kept = |key: &str, content_type, page: &Making<'_>| {
        kept(&request, &state, &showing, (&format!("reader/{key}"), content_type), page)
    };
    match address::find(&showing.snapshot, &path) {
        Found::Regions => {
            let language = language::of_interface(&request, &showing.snapshot);
            let key = format!("regions/{language}");
            varying(kept(&key, HTML, &|world| render::regions(world, &language)))
        }
        Found::RegionAlone(region) => match language::of_region(&request, region) {
            Some(scope) => varying(redirect(&scope.home_path(), Lasting::Now)),
            None => failed(&request, &state, &showing, &Problem::no_such_address()),
        },
        Found::Home(scope) => {
            let today = today(&state, scope);
            kept(&format!("{path}@{today}"), HTML, &|world| render::home(world, scope, today))
        }
        Found::Page(scope, page) if page.kind == ObjectKind::Page => {
            kept(&path, HTML, &|world| render::page(world, scope, page))
        }
        Found::Page(scope, item) => {
            let today = today(&state, scope);
            kept(&format!("{path}@{today}"), HTML, &|world| of_kind(world, scope, item, today))
        }
        Found::Section(scope, section) => {
            let today = today(&state, scope);
            if let Section::Month(month) = section
                && !agenda::has(scope.edition, month, today)
            {
                return redirect(&Section::Events.path(scope), Lasting::Now);
            }
            kept(&format!("{path}@{today}"), HTML, &|world| listed(world, scope, section, today))
        }
        Found::Sitemap(scope) => kept(&path, XML, &|world| sitemap::of(world, scope)),
        Found::Moved(path) => redirect(&path, Lasting::ForEver),
        Found::Elsewhere(path) => redirect(&path, Lasting::Now),
        Found::Unspoken(region) => {
            let (scope, language) = language::of_stranger(&request, region);
            let problem = Problem::no_such_address();
            varying(told(&state, &showing, (scope, &language), (&problem, Failure::Missing(None))))
        }
        Found::Missing(scope, page) => {
            let spoken = scope.map(|scope| scope.language.tag.clone());
            let language = spoken.unwrap_or_else(|| language::of_interface(&request, &showing.snapshot));
            let problem = Problem::no_such_address();
            told(&state, &showing, (scope, &language), (&problem, Failure::Missing(page)))
        }
    }
}

/// The page of an item. Dates and opening hours move on with the day; the snapshot may be older.
fn of_kind(
    world: &World<'_>,
    scope: Scope<'_>,
    item: &ItemView,
    today: Date,
) -> Result<String, askama::Error> {
    match item.kind {
        ObjectKind::Event => events::event(world, scope, item, today),
        ObjectKind::Place => places::place(world, scope, item, today),
        _ => item::plain(world, scope, item),
    }
}

fn listed(
    world: &World<'_>,
    scope: Scope<'_>,
    section: Section,
    today: Date,
) -> Result<String, askama::Error> {
    match section {
        Section::Events => events::list(world, scope, today),
        Section::Month(month) => events::month(world, scope, month, today),
        Section::Places => places::list(world, scope, today),
        Section::News => news::list(world, scope),
    }
}

/// The day of the region's readers.
fn today(state: &State, scope: Scope<'_>) -> Date {
    when::today(&date::zone(&scope.region.settings.time_zone), state.clock.now())
}

/// The current address of a page that is known by its id.
async fn permalink(request: HttpRequest, state: web::Data<State>) -> HttpResponse {
    let showing = state.showing();
    let asked = request.match_info();
    let path =
        language::of_permalink(&request, &showing.snapshot, asked.query("object"), asked.get("language"));
    match path {
        Some(path) => varying(redirect(&path, Lasting::Now)),
        None => failed(&request, &state, &showing, &Problem::no_such_address()),
    }
}

type Making<'a> = dyn Fn(&World<'_>) -> Result<String, askama::Error> + 'a;

/// The answer kept under the key, or made now.
fn kept(
    request: &HttpRequest,
    state: &State,
    showing: &Showing,
    (key, content_type): (&str, &'static str),
    page: &Making<'_>,
) -> HttpResponse {
    let answer = showing.answer(key, |snapshot| {
        let (made, lacks_media) = with_world(state, snapshot, |world| page(world));
        let made = made.map_err(|source| PageError { path: key.to_owned(), source })?;
        let answer = Answer::of(made, content_type, Caching::Revalidate);
        let path = address::decoded(request.uri().path()).unwrap_or_default();
        let edition = address::edition_at(snapshot, &path).map(Shared::stamp);
        // What is told of other languages and regions is where things stand.
        Ok::<Answer, PageError>(match edition.filter(|_| !lacks_media) {
            Some(edition) => answer.made_of([edition, snapshot.outline.stamp()]),
            None => answer,
        })
    });
    match answer {
        Ok(answer) => guarded(answer.respond(request)),
        Err(error) => failed(request, state, showing, &Problem::of(&error)),
    }
}

/// What is made, and whether it names a picture that the node does not hold: it may come without any change of content.
fn with_world<T>(state: &State, snapshot: &Snapshot, make: impl FnOnce(&World<'_>) -> T) -> (T, bool) {
    let lacks_media = Cell::new(false);
    let medium = |body: &Body, digest: Digest| {
        let held = state.held(snapshot, body, digest, "/");
        lacks_media.set(lacks_media.get() || held.is_none());
        held
    };
    let (site, node_name) = (state.about.site.as_str(), state.about.node_name.as_str());
    let made = make(&World { snapshot, site, node_name, medium: &medium });
    (made, lacks_media.get())
}

/// A page that tells what went wrong.
fn failed(request: &HttpRequest, state: &State, showing: &Showing, problem: &Problem) -> HttpResponse {
    let failure = if problem.kind == Kind::NotFound { Failure::Missing(None) } else { Failure::Broken };
    let language = language::of_interface(request, &showing.snapshot);
    told(state, showing, (None, &language), (problem, failure))
}

fn told(
    state: &State,
    showing: &Showing,
    (scope, language): (Option<Scope<'_>>, &LanguageTag),
    (problem, failure): (&Problem, Failure<'_>),
) -> HttpResponse {
    let (page, _) =
        with_world(state, &showing.snapshot, |world| render::failure(world, scope, language, failure));
    guarded(match page {
        Ok(page) => problem.respond(HTML, page),
        Err(_) => problem.respond("text/plain; charset=utf-8", problem.message.clone()),
    })
}

#[derive(Clone, Copy)]
enum Lasting {
    ForEver,
    Now,
}

fn redirect(path: &str, lasting: Lasting) -> HttpResponse {
    let mut answer = match lasting {
        Lasting::ForEver => HttpResponse::MovedPermanently(),
        Lasting::Now => HttpResponse::Found(),
    };
    // A move is for ever only as long as no other page takes the old name, so browsers shall ask again some day.
    let caching = match lasting {
        Lasting::ForEver => "public, max-age=3600",
        Lasting::Now => "no-cache",
    };
    answer
        .insert_header((header::LOCATION, address::encoded(path)))
        .insert_header((header::CACHE_CONTROL, caching));
    guarded(answer.finish())
}

/// The answer depends on the languages that the browser asks for.
fn varying(mut answer: HttpResponse) -> HttpResponse {
    answer.headers_mut().append(header::VARY, HeaderValue::from_static("accept-language"));
    answer
}

fn guarded(mut answer: HttpResponse) -> HttpResponse {
    let policy = HeaderValue::from_static(CONTENT_SECURITY_POLICY);
    answer.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    answer
}

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod fixture_kinds;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_kinds;
#[cfg(test)]
mod tests_open;
