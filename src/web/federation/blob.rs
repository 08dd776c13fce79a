//! Bodies and media by their digest: only what a live entry of our log names, no longer what was withdrawn, and gone for
//! good once erased.

use super::served::{Keep, octets};
use crate::base::digest::Digest;
use crate::domain::feed::store::{self, Blob};
use crate::web::State;
use crate::web::problem::Problem;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};

pub async fn blob(request: HttpRequest, state: web::Data<State>) -> Result<HttpResponse, Problem> {
    let named = request.match_info().get("sha256").unwrap_or_default();
    let sha256: Digest = named.parse().map_err(|_| Problem::no_such_address())?;
    let found = state.database.run(move |database| database.read(|tx| store::blob(tx, &sha256))).await?;
    let (bytes, ready) = match found {
        Blob::Unknown => return Err(Problem::no_such_address()),
        // SPEC: civic-feed §2.5, public blob URLs answer 410 afterwards.
        Blob::Erased => {
            return Ok(HttpResponse::Gone().insert_header((header::CACHE_CONTROL, "no-store")).finish());
        }
        Blob::Body(text) => (text.into_bytes(), None),
        Blob::Media => {
            let blobs = state.blobs.clone();
            let held =
                web::block(move || blobs.read(&sha256)).await.map_err(|_| Problem::interrupted())??;
            let bytes = held.ok_or_else(Problem::no_such_address)?;
            // Pictures are compressed in themselves.
            (bytes, Some(()))
        }
    };
    let mut answer = match ready {
        None => octets(&request, bytes, None, Keep::Day),
        Some(()) => super::served::tagged(&request, bytes, super::served::BYTES, Keep::Day),
    };
    // SPEC: civic-feed §2.6, foreign bytes must never become a page of ours.
    let headers = answer.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, header::HeaderValue::from_static("nosniff"));
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        header::HeaderValue::from_static("default-src 'none'; sandbox"),
    );
    Ok(answer)
}
