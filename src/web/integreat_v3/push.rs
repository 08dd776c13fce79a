//! A third party says what one page says in a language, with a token that is for that page alone. Statuses and words are
//! those of the CMS.

use super::ask;
use super::json::bytes_of;
use super::part;
use super::refusal::Refusal;
use crate::base::error::{Kind, Told};
use crate::base::html::CleanHtml;
use crate::base::id::RegionId;
use crate::base::language::LanguageTag;
use crate::domain::access::AccessError;
use crate::domain::access::push::{Pushed, page_of, push};
use crate::domain::access::token::Secret;
use crate::domain::content::Desk;
use crate::platform::db::{Database, Read, Write};
use crate::web::State;
use crate::web::problem::Problem;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use std::sync::Arc;

/// Before it is cleaned, which may make it shorter; what can be published is a quarter of that.
const MOST_BYTES: usize = 1024 * 1024;

#[derive(Deserialize)]
struct Body {
    content: String,
    token: String,
}

/// Answers every method: the CMS sees no JSON where there is no body, whatever the method.
pub async fn take(
    request: HttpRequest,
    state: web::Data<State>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let snapshot = Arc::clone(&state.showing().snapshot);
    let region = ask::region(&snapshot, part(&request, "region"))?;
    let (language, _) = region.edition(part(&request, "language")).ok_or(Refusal::UnknownLanguage)?;
    let bytes = match payload.to_bytes_limited(MOST_BYTES).await {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(_)) => return told(StatusCode::METHOD_NOT_ALLOWED),
        Err(_) => return Err(Problem::too_large(MOST_BYTES)),
    };
    let Ok(body) = serde_json::from_slice::<Body>(&bytes) else {
        return told(StatusCode::METHOD_NOT_ALLOWED);
    };
    let Err(error) = pushed(&state, (region.id, language.tag.clone()), body).await else {
        return told(StatusCode::OK);
    };
    if matches!(error, AccessError::Stranger) {
        state.strangers.admit(&request)?;
    }
    refused(&error)
}

async fn pushed(
    state: &web::Data<State>,
    (region, language): (RegionId, LanguageTag),
    Body { content, token }: Body,
) -> Result<(), AccessError> {
    let secret = Secret::read(&token).ok_or(AccessError::Stranger)?;
    let here = state.clone();
    let work = move |database: &Database| {
        // To look a stranger up is cheap; texts are read and others kept from writing for those alone who may.
        database.read(|tx: &mut Read<'_>| page_of(tx, &here.clock, secret.digest(), region))?;
        let pushed = Pushed { region, language, html: CleanHtml::parse(&content) };
        let desk = Desk { clock: &here.clock, site: &here.about.site };
        database.write(|tx: &mut Write<'_>| push(tx, &desk, secret.digest(), pushed))
    };
    state.database.run(work).await
}

/// A token that is not for this is denied; what cannot be published is an error of the form, in the words of the CMS.
fn refused(error: &AccessError) -> Result<HttpResponse, Problem> {
    match error {
        AccessError::Stranger | AccessError::Scope(_) | AccessError::OtherRegion => {
            told(StatusCode::FORBIDDEN)
        }
        error if matches!(error.kind(), Kind::Busy | Kind::Broken) => Err(Problem::of(error)),
        _ => told(StatusCode::METHOD_NOT_ALLOWED),
    }
}

fn told(status: StatusCode) -> Result<HttpResponse, Problem> {
    let word = match status {
        StatusCode::OK => "success",
        StatusCode::FORBIDDEN => "denied",
        _ => "error",
    };
    let bytes = bytes_of(&serde_json::json!({ "status": word })).map_err(Refusal::from)?;
    let mut answer = HttpResponse::build(status).body(bytes);
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if status == StatusCode::METHOD_NOT_ALLOWED {
        headers.insert(header::ALLOW, HeaderValue::from_static("POST"));
    }
    Ok(answer)
}
