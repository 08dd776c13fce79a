//! Our own API, `/api/v1`: everything public on this node as JSON in our own words, and, with a token, changes to it. What
//! it answers and takes is described, from the types here, in the OpenAPI document that it serves itself.

mod refusal;
mod ask;
mod facts;
mod text;
mod item;
mod node;
mod regions;
mod items;
mod body;
mod facts_taken;
mod allowed;
mod state;
mod changes;
mod labels;
mod library;
mod library_changes;
pub mod openapi;

use super::problem::Problem;
use actix_web::http::header::{self, HeaderValue};
use actix_web::middleware::DefaultHeaders;
use actix_web::{FromRequest, Handler, HttpRequest, HttpResponse, Resource, Responder, guard, web};

/// Every address of this API, each in one spelling: no slash at the end.
pub fn configure(routes: &mut web::ServiceConfig) {
    routes.service(
        web::scope("/api/v1")
            .wrap(open_to_all())
            .service(reading("/node", node::node))
            .service(reading("/openapi.json", openapi::document))
            .service(reading("/vocabulary", labels::vocabulary))
            .service(
                web::resource("/media")
                    .route(web::get().to(library::all))
                    .route(web::post().to(library_changes::upload))
                    .default_service(web::to(|| only("GET, POST"))),
            )
            .service(
                web::resource("/media/{medium}")
                    .route(web::get().to(library::one))
                    .route(web::delete().to(library_changes::delete))
                    .default_service(web::to(|| only("DELETE, GET"))),
            )
            .service(putting("/media/{medium}/words", library_changes::say))
            .service(putting("/media/{medium}/replacement", library_changes::replace))
            .service(reading("/regions", regions::all))
            .service(reading("/regions/{region}", regions::one))
            .service(reading("/regions/{region}/languages", regions::languages))
            .service(
                reading("/regions/{region}/items", items::all)
                    .route(web::post().to(changes::make))
                    .default_service(web::to(|| only("GET, HEAD, OPTIONS, POST"))),
            )
            .service(reading("/regions/{region}/items/{item}", items::one))
            .service(
                web::resource("/regions/{region}/items/{item}/state")
                    .route(web::get().to(state::one))
                    .route(web::put().to(state::change))
                    .default_service(web::to(|| only("GET, PUT"))),
            )
            .service(
                web::resource("/regions/{region}/items/{item}/texts/{language}")
                    .route(web::put().to(changes::publish_text))
                    .route(web::delete().to(changes::take_text_back))
                    .default_service(web::to(|| only("DELETE, PUT"))),
            )
            .service(putting("/regions/{region}/items/{item}/facts", changes::publish_facts))
            .service(putting("/regions/{region}/items/{item}/labels", labels::label))
            .service(putting("/regions/{region}/items/{item}/position", changes::move_page))
            .default_service(web::to(no_such_address)),
    );
}

/// Any web app may read: all of this is public, and no cookie plays a part.
fn open_to_all() -> DefaultHeaders {
    DefaultHeaders::new()
        .add((header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"))
        .add((header::ACCESS_CONTROL_EXPOSE_HEADERS, "etag, link, retry-after"))
}

fn reading<F, A>(path: &str, handler: F) -> Resource
where
    F: Handler<A>,
    A: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    web::resource(path)
        .route(web::route().guard(guard::Any(guard::Get()).or(guard::Head())).to(handler))
        .route(web::route().guard(guard::Options()).to(preflight))
        .default_service(web::to(|| only(READS)))
}

fn putting<F, A>(path: &str, handler: F) -> Resource
where
    F: Handler<A>,
    A: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    web::resource(path).route(web::put().to(handler)).default_service(web::to(|| only("PUT")))
}

/// What browsers ask before a script may send If-None-Match.
async fn preflight() -> HttpResponse {
    let mut answer = HttpResponse::NoContent().finish();
    for (name, value) in [
        (header::ALLOW, READS),
        (header::ACCESS_CONTROL_ALLOW_METHODS, READS),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, "if-none-match"),
        (header::ACCESS_CONTROL_MAX_AGE, "86400"),
    ] {
        answer.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    answer
}

const READS: &str = "GET, HEAD, OPTIONS";

/// The address is right, the method is not.
async fn only(methods: &'static str) -> HttpResponse {
    Problem::wrong_method(methods).details()
}

async fn no_such_address() -> HttpResponse {
    Problem::no_such_address().details()
}

/// A part of the path, such as the region's slug.
fn part<'a>(request: &'a HttpRequest, name: &str) -> &'a str {
    request.match_info().get(name).unwrap_or_default()
}
