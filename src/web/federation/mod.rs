//! The wire of the log (civic-feed §2.6): exact bytes, cacheable, no session. Anybody may read, browsers included.

mod served;
mod notes;
mod tiles;
mod blob;
#[cfg(test)]
mod tests;

use super::State;
use super::problem::Problem;
use crate::domain::feed::files::FeedFiles;
use actix_web::http::header::{self, HeaderValue};
use actix_web::middleware::DefaultHeaders;
use actix_web::{HttpResponse, Resource, guard, web};

/// Every address of the feed. Needs `web::Data<State>`.
pub fn configure(routes: &mut web::ServiceConfig) {
    routes
        .service(reading("/.well-known/civic-feed", || web::get().to(notes::well_known)))
        .service(reading("/feed/identity", || web::get().to(notes::identity)))
        .service(reading("/feed/pub/1/checkpoint", || web::get().to(notes::checkpoint)))
        .service(reading("/feed/pub/1/tile/{place:.*}", || web::get().to(tiles::tile)))
        .service(reading("/feed/pub/1/range/{range}", || web::get().to(tiles::range)))
        .service(reading("/feed/pub/1/blob/{sha256}", || web::get().to(blob::blob)));
}

/// An address to read from, by GET and HEAD.
fn reading(
    path: &str,
    route: impl Fn() -> actix_web::Route,
) -> Resource<
    impl actix_web::dev::ServiceFactory<
        actix_web::dev::ServiceRequest,
        Config = (),
        Response = actix_web::dev::ServiceResponse<impl actix_web::body::MessageBody>,
        Error = actix_web::Error,
        InitError = (),
    >,
> {
    // SPEC: civic-feed §2.3, Access-Control-Allow-Origin: * so that a browser can verify.
    let open = DefaultHeaders::new()
        .add((header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")))
        .add((header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("etag")));
    web::resource(path)
        .route(route())
        .route(route().method(actix_web::http::Method::HEAD))
        .default_service(web::route().guard(guard::fn_guard(|_| true)).to(wrong_method))
        .wrap(open)
}

async fn wrong_method() -> HttpResponse {
    Problem::wrong_method("GET, HEAD").json()
}

fn files(state: &State) -> FeedFiles {
    FeedFiles::new(&state.about.data.join("feed"))
}
