//! The body of a request: bytes within limits, or JSON of which every member is known.

use super::refusal::Refusal;
use crate::web::problem::Problem;
use actix_web::web::{Bytes, Payload};
use actix_web::{HttpMessage, HttpRequest};
use serde::de::DeserializeOwned;

/// An item in fifteen languages, each as long as can be published.
pub const MOST_BYTES: usize = 4 * 1024 * 1024;
/// Of what a refusal repeats of a body.
const MOST_TOLD: usize = 300;

/// # Errors: another type than JSON, too large, broken off, or not what is expected here; the refusal names the member.
pub async fn read<T: DeserializeOwned>(request: &HttpRequest, body: Payload) -> Result<T, Problem> {
    if !request.content_type().eq_ignore_ascii_case("application/json") {
        return Err(Problem::other_type("application/json"));
    }
    let bytes = bytes(body, MOST_BYTES).await?;
    serde_json::from_slice(&bytes).map_err(|error| {
        let why: String = error.to_string().chars().take(MOST_TOLD).collect();
        Refusal::Malformed { why }.into()
    })
}

/// # Errors: more than `most` bytes, of which no more are kept meanwhile, or broken off.
pub async fn bytes(body: Payload, most: usize) -> Result<Bytes, Problem> {
    match body.to_bytes_limited(most).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(_)) => Err(Refusal::BrokenOff.into()),
        Err(_) => Err(Problem::too_large(most)),
    }
}
