//! This node as a witness (C2SP tlog-witness): it cosigns the logs that it follows, and shows what it cosigned.

use super::served::{Keep, TEXT, tagged};
use crate::base::digest::Digest;
use crate::domain::feed::export::WitnessHint;
use crate::domain::peers::witness::{Refusal, Witness};
use crate::tlog::witness::{AddCheckpoint, LARGEST_REQUEST_BYTES, SIZE_TYPE};
use crate::web::State;
use crate::web::problem::Problem;
use actix_web::http::header::{CACHE_CONTROL, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};

/// Where others find the witness of a site.
pub(super) fn hint(witness: &Witness, site: &str) -> WitnessHint {
    let prefix = format!("{site}feed/witness");
    WitnessHint {
        name: witness.key().name().to_owned(),
        key: witness.key().to_string(),
        submit: prefix.clone(),
        monitor: prefix,
    }
}

/// Cosigns a checkpoint of a log that this node follows.
pub async fn add_checkpoint(state: web::Data<State>, payload: web::Payload) -> Result<HttpResponse, Problem> {
    let witness = state.witness.clone().ok_or_else(Problem::no_such_address)?;
    let body = match payload.to_bytes_limited(LARGEST_REQUEST_BYTES).await {
        Ok(Ok(body)) => body,
        Ok(Err(_)) => return Err(Problem::interrupted()),
        Err(_) => return Err(Problem::too_large(LARGEST_REQUEST_BYTES)),
    };
    // SPEC: tlog-witness does not say how a malformed request is answered; 400, as one with too large an old size.
    let request = AddCheckpoint::parse(&body).map_err(|error| Problem::of(&Refusal::from(error)))?;
    let origin = request.note.text().split('\n').next().unwrap_or_default();
    state.cosigning.take(&Digest::of(origin.as_bytes()))?;
    let answered = state.database.run(move |_| witness.add_checkpoint(&request)).await;
    Ok(answered.map_or_else(|refusal| refused(&refusal), cosigned))
}

fn cosigned(lines: String) -> HttpResponse {
    let mut answer = HttpResponse::Ok();
    answer.content_type(TEXT).insert_header((CACHE_CONTROL, HeaderValue::from_static("no-store"))).body(lines)
}

fn refused(refusal: &Refusal) -> HttpResponse {
    match refusal {
        // SPEC: the response body MUST consist of the tree size of the latest cosigned checkpoint in decimal, followed by
        // a newline, and have a Content-Type of text/x.tlog.size.
        Refusal::OtherSize(size) | Refusal::OtherRoot(size) => {
            Problem::of(refusal).respond(SIZE_TYPE, format!("{size}\n"))
        }
        Refusal::Inconsistent { .. } => Problem::of_contradiction(refusal).json(),
        _ => Problem::of(refusal).json(),
    }
}

/// The newest checkpoint of a log that was cosigned here; `sha256` is that of its origin, in hex.
pub async fn view(
    request: HttpRequest,
    state: web::Data<State>,
    sha256: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let absent = Problem::no_such_address;
    let witness = state.witness.clone().ok_or_else(absent)?;
    let origin: Digest = sha256.parse().map_err(|_| absent())?;
    let note =
        state.database.run(move |_| witness.view(&origin)).await.map_err(|error| Problem::of(&error))?;
    // SPEC: kept for an hour at most (civic-feed §2.6).
    Ok(tagged(&request, note.ok_or_else(absent)?.into_bytes(), TEXT, Keep::Hour))
}
