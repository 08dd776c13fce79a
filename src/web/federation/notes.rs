//! What is signed and small: who the node is, and how long its log is now.

use super::served::{Keep, TEXT, tagged};
use crate::domain::feed::export;
use crate::web::State;
use crate::web::problem::Problem;
use actix_web::{HttpRequest, HttpResponse, web};
use std::path::Path;

/// Which node and feeds are found here; only a hint, what counts is signed.
pub async fn well_known(request: HttpRequest, state: web::Data<State>) -> HttpResponse {
    let base = format!("{}feed/", state.about.site);
    let described = export::well_known(state.about.node_id.as_str(), &base);
    tagged(&request, described.into_bytes(), "application/json", Keep::Hour)
}

pub async fn identity(request: HttpRequest, state: web::Data<State>) -> Result<HttpResponse, Problem> {
    Ok(tagged(&request, read(&super::files(&state).identity()).await?, TEXT, Keep::Never))
}

pub async fn checkpoint(request: HttpRequest, state: web::Data<State>) -> Result<HttpResponse, Problem> {
    Ok(tagged(&request, read(&super::files(&state).checkpoint()).await?, TEXT, Keep::Never))
}

/// A file of the feed; one that is not there (yet) is no defect.
pub(super) async fn read(path: &Path) -> Result<Vec<u8>, Problem> {
    tokio::fs::read(path).await.map_err(|_| Problem::no_such_address())
}
