//! Integreat's API v3, so that its apps work with this node unchanged: a translation of what readers may see into
//! Integreat's words, made once per snapshot. What it does better on purpose stands in README.md.

mod json;
mod refusal;
mod shape;
mod shape_card;
mod text;
mod ask;
mod cors;
mod events;
mod feedback;
mod imprint;
mod locations;
mod moved;
mod news;
mod offers;
mod pages;
mod push;
mod regions;
mod social;

use super::problem::Problem;
use super::{Showing, State};
use actix_web::dev::HttpServiceFactory;
use actix_web::middleware::from_fn;
use actix_web::{FromRequest, Handler, HttpRequest, HttpResponse, Resource, Responder, guard, web};
pub use pages::pages;
pub use refusal::Refusal;
pub use regions::{languages, regions};

/// Every address of this API, the old WordPress ones included, with and without a slash at the end.
pub fn configure(routes: &mut web::ServiceConfig) {
    routes
        .service(api())
        .service(
            web::scope("/wp-json")
                .wrap(from_fn(cors::open_to_all))
                .service(reading("/extensions/v3/sites", regions::all))
                .service(reading("/extensions/v3/sites/{region}", regions::one))
                .service(reading("/ig-sitemap/v1/sitemap-index.xml", moved::sitemaps))
                .default_service(web::to(no_such_address)),
        )
        .service(
            web::scope("/{region}/{language}/wp-json")
                .wrap(from_fn(cors::open_to_all))
                .service(reading("/extensions/v3/languages", regions::languages_of))
                .configure(|routes| content(routes, "/extensions/v3"))
                .service(reading("/ig-mpdf/v1/pdf", moved::printable))
                .service(reading("/ig-sitemap/v1/sitemap.xml", moved::sitemap))
                .default_service(web::to(no_such_address)),
        );
}

fn api() -> impl HttpServiceFactory {
    web::scope("/api/v3")
        .wrap(from_fn(cors::open_to_all))
        .service(reading("/regions", regions::all))
        .service(reading("/regions/{region}", regions::one))
        .route("/social/{path:.*}", web::get().to(social::head))
        .route("/social/{path:.*}", web::head().to(social::head))
        .service(reading("/{region}/languages", regions::languages_of))
        .service(reading("/{region}/offers", offers::all))
        .service(reading("/{region}/extras", offers::all))
        .configure(|routes| content(routes, "/{region}/{language}"))
        .default_service(web::to(no_such_address))
}

/// What stands below a region and a language.
fn content(routes: &mut web::ServiceConfig, base: &str) {
    routes
        .service(reading(&format!("{base}/pages"), pages::all))
        .service(reading(&format!("{base}/page"), pages::one))
        .service(reading(&format!("{base}/post"), pages::one))
        .service(reading(&format!("{base}/children"), pages::children))
        .service(reading(&format!("{base}/parents"), pages::parents))
        .service(reading(&format!("{base}/pdf"), moved::printable))
        .service(reading(&format!("{base}/events"), events::all))
        .service(reading(&format!("{base}/locations"), locations::all))
        .service(reading(&format!("{base}/location-categories"), locations::categories))
        .service(reading(&format!("{base}/news"), news::all))
        .service(reading(&format!("{base}/news/{{news}}"), news::one))
        .service(reading(&format!("{base}/fcm"), news::fcm))
        .service(reading(&format!("{base}/imprint"), imprint::one))
        .service(reading(&format!("{base}/disclaimer"), imprint::one))
        .service(reading(&format!("{base}/offers"), offers::all))
        .service(reading(&format!("{base}/extras"), offers::all))
        .service(taking(&format!("{base}/pushpage"), push::take))
        .service(taking(&format!("{base}/feedback"), feedback::give))
        .service(taking(&format!("{base}/feedback/{{kind}}"), feedback::give));
}

/// An address to read from, in both spellings.
fn reading<F, A>(path: &str, handler: F) -> Resource
where
    F: Handler<A>,
    A: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    // A bare OPTIONS is answered like GET; the preflight of a browser never comes this far.
    let read = guard::Any(guard::Get()).or(guard::Head()).or(guard::Options());
    web::resource([path.to_owned(), format!("{path}/")])
        .route(web::route().guard(read).to(handler))
        .default_service(web::to(wrong_method))
}

/// An address to send something to, in both spellings; the handler minds the method.
fn taking<F, A>(path: &str, handler: F) -> Resource
where
    F: Handler<A>,
    A: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    web::resource([path.to_owned(), format!("{path}/")]).default_service(web::to(handler))
}

async fn no_such_address() -> HttpResponse {
    Problem::no_such_address().json()
}

async fn wrong_method() -> HttpResponse {
    Problem::wrong_method("GET, HEAD, OPTIONS").json()
}

/// A part of the path, such as the region's slug.
fn part<'a>(request: &'a HttpRequest, name: &str) -> &'a str {
    request.match_info().get(name).unwrap_or_default()
}

/// Makes what apps ask for first, so that it is there when `showing` is shown.
pub fn prepare(state: &State, showing: &Showing) {
    let prepared = regions::prepare(showing).and_then(|()| pages::prepare(state, showing));
    if let Err(refusal) = prepared {
        // Nothing is lost: it is made, and the error told, when somebody asks.
        tracing::warn!(error = %refusal, "answers of API v3 could not be prepared");
    }
}
