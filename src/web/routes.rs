//! Every route on one page, and the headers that protect all of them.

use super::State;
use super::api;
use super::assets;
use super::federation;
use super::integreat_v3;
use super::media;
use super::open;
use super::problem::Problem;
use super::reader;
use crate::domain::content::published::Snapshot;
use crate::platform::db::DbError;
use actix_web::middleware::DefaultHeaders;
use actix_web::{HttpResponse, web};
use std::sync::Arc;

/// All doors. The order matters: what comes first wins, and the reader takes every address that is left.
pub fn configure(routes: &mut web::ServiceConfig) {
    routes
        .route("/health/live", web::get().to(live))
        .route("/health/ready", web::get().to(ready))
        .configure(media::configure)
        .configure(assets::configure)
        .configure(federation::configure)
        .configure(integreat_v3::configure)
        .configure(open::configure)
        .configure(api::configure)
        .configure(reader::configure)
        .default_service(web::to(no_such_address));
}

/// For `App::wrap`: nothing may be framed, guessed or loaded from elsewhere.
pub fn security_headers() -> DefaultHeaders {
    DefaultHeaders::new()
        .add(("x-content-type-options", "nosniff"))
        .add(("x-frame-options", "DENY"))
        .add(("referrer-policy", "same-origin"))
        .add(("cross-origin-opener-policy", "same-origin"))
        .add(("content-security-policy", CONTENT_SECURITY_POLICY))
}

/// Style attributes are allowed, since imported texts hold some; they cannot load anything from elsewhere.
const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data:; \
    object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// Shows `snapshot` from now on. The answers that many ask for are made before, so that no reader waits for
/// them; this takes a moment of computing and belongs on a thread that may block.
pub fn show(state: &State, snapshot: Arc<Snapshot>) {
    let showing = state.showing().followed_by(snapshot);
    integreat_v3::prepare(state, &showing);
    state.show(showing);
}

/// The process runs.
async fn live() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("live\n")
}

/// The database answers, so that requests will find what they need.
async fn ready(state: web::Data<State>) -> Result<HttpResponse, Problem> {
    state.database.run(|database| database.read(|_| Ok::<(), DbError>(()))).await?;
    let version = state.showing().snapshot.version;
    let told = serde_json::json!({ "ready": true, "content_version": version });
    Ok(HttpResponse::Ok().content_type("application/json").body(told.to_string()))
}

async fn no_such_address() -> HttpResponse {
    Problem::no_such_address().json()
}
