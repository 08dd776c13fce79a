//! Taking pictures into the library, saying something of them, replacing and deleting them. What is a rule stands in
//! `domain::content::media`.

use super::allowed::{Librarian, Seen};
use super::ask::Query;
use super::body;
use super::library::{Medium, named};
use super::refusal::{Refusal, Refused, WriteTroubles};
use crate::base::digest::Digest;
use crate::base::language::LanguageTag;
use crate::domain::content::media::clean::{self, LARGEST_FILE_BYTES};
use crate::domain::content::media::clear::clear;
use crate::domain::content::media::library::{self, Said, Upload};
use crate::domain::content::media::{MediaError, replace};
use crate::platform::db::{Database, Read};
use crate::web::State;
use crate::web::problem::Problem;
use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::{HttpMessage, HttpRequest, HttpResponse, web};
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use utoipa::ToSchema;

/// What is said of a medium; what is left out is said no longer.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "credit": "A. Muster", "licence": "CC-BY-4.0", "alts": { "de": "Das Rathaus von vorn" } }))]
pub struct Words {
    /// Whom to name.
    #[serde(default)]
    #[schema(max_length = 1000)]
    credit: Option<String>,
    /// SPDX identifier; without it, that of the region whose texts show it.
    #[serde(default)]
    #[schema(pattern = "^[A-Za-z0-9.+-]{1,100}$")]
    licence: Option<String>,
    /// What it shows, for those who do not see it, by BCP 47 tag.
    #[serde(default)]
    #[schema(value_type = HashMap<String, String>)]
    alts: HashMap<LanguageTag, String>,
}

/// What is to be shown instead.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Replacement {
    /// Another medium of the library.
    #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
    medium: Digest,
}

/// Types that a body may be said to be of.
const TAKEN: [&str; 5] = ["image/jpeg", "image/png", "image/webp", "image/gif", UNTOLD];
/// Its bytes tell.
const UNTOLD: &str = "application/octet-stream";
/// However slowly it arrives: the room is needed again.
const LONGEST: Duration = Duration::from_secs(300);

/// Take a picture into the library
///
/// The body is the file and nothing else. What is no picture is removed from it, such as where it was taken, so that its
/// digest may be another one than that of the file. One that the library has already stays as it is. Drawings (SVG) and
/// pictures that move are refused. Nobody sees it until a text shows it.
#[utoipa::path(
    post,
    path = "/api/v1/media",
    tag = "media",
    operation_id = "upload",
    security(("token" = [])),
    params(("file_name" = Option<String>, Query, description = "What to call it in lists; 200 characters are kept.")),
    request_body(
        description = "At most 20 MiB and 27 million pixels.",
        content(
            (Vec<u8> = "image/jpeg"),
            (Vec<u8> = "image/png"),
            (Vec<u8> = "image/webp"),
            (Vec<u8> = "image/gif"),
            (Vec<u8> = "application/octet-stream"),
        )
    ),
    responses(
        (
            status = 201,
            description = "The medium, which is new.",
            body = Medium,
            headers(("location" = String, description = "Where to read it."))
        ),
        (
            status = 200,
            description = "The medium, which the library had already.",
            body = Medium,
            headers(("location" = String, description = "Where to read it."))
        ),
        WriteTroubles
    )
)]
pub async fn upload(
    request: HttpRequest,
    state: web::Data<State>,
    payload: web::Payload,
) -> Result<HttpResponse, Refused> {
    let librarian = Librarian::of(&request, &state).await?;
    let query = Query::parse(request.query_string(), &["file_name"])?;
    let told = request.content_type().to_ascii_lowercase();
    if !TAKEN.contains(&told.as_str()) {
        return Err(Problem::other_type(&TAKEN.join(", or ")).into());
    }
    let room = Arc::clone(&state.uploads).try_acquire_owned().map_err(|_| Problem::busy())?;
    let arrival = body::bytes(payload, LARGEST_FILE_BYTES);
    let bytes = tokio::time::timeout(LONGEST, arrival).await.map_err(|_| Refusal::BrokenOff)??;
    let (library, may) = (state.clone(), librarian.may());
    let take_in = move |database: &Database| {
        // Whoever hangs up meanwhile makes no room for others yet.
        let _room = room;
        let found = clean::kind(&bytes)?;
        if told != UNTOLD && told != found {
            return Err(Refusal::OtherPicture { told, found });
        }
        let file_name = &query.file_name.unwrap_or_default();
        let (said, at) = (Said::default(), library.clock.now());
        let upload = Upload { bytes: &bytes, file_name, said, at };
        let (entry, is_new) = library::upload(database, &library.blobs, upload, may)?;
        let medium =
            database.read(|tx: &mut Read<'_>| Medium::with_uses(tx, entry.sha256, librarian.region))?;
        Ok((entry.sha256, medium, is_new))
    };
    let (sha256, medium, is_new) = state.database.run(take_in).await?;
    let url = format!("{}api/v1/media/{sha256}", state.about.site);
    let mut answer = answered(&medium, if is_new { StatusCode::CREATED } else { StatusCode::OK })?;
    if let Ok(url) = header::HeaderValue::try_from(url) {
        answer.headers_mut().insert(header::LOCATION, url);
    }
    Ok(answer)
}

/// Say whom to name for a picture, its licence and what it shows
///
/// Our texts that show it say so from now on, as minor revisions. Who holds a token for one region changes no medium that
/// another region shows.
#[utoipa::path(
    put,
    path = "/api/v1/media/{medium}/words",
    tag = "media",
    operation_id = "describeMedium",
    security(("token" = [])),
    params(
        ("medium" = String, Path, description = "The digest of its bytes."),
        ("if-match" = String, Header, description = "The version that is changed, or `*`."),
    ),
    request_body = Words,
    responses((status = 200, description = "The medium as it is now.", body = Medium), WriteTroubles)
)]
pub async fn say(
    request: HttpRequest,
    state: web::Data<State>,
    payload: web::Payload,
) -> Result<HttpResponse, Refused> {
    let librarian = Librarian::of(&request, &state).await?;
    let Words { credit, licence, alts } = body::read(&request, payload).await?;
    let (sha256, seen, region) = (named(&request)?, Seen::by(&request)?, librarian.region);
    let said = Said { credit, licence, alts: alts.into_iter().collect() };
    let medium = librarian.change(vec![sha256], seen, move |tx, desk| {
        library::describe_only(tx, sha256, said)?;
        replace::renew(tx, desk, sha256)?;
        Medium::with_uses(tx, sha256, region)
    });
    answered(&medium.await?, StatusCode::OK)
}

/// Show another picture wherever our texts show this one
///
/// What is said of this one in words is said of the other one, too, in the languages in which nothing is said of it.
/// Archived texts and those of other nodes stay as they are.
#[utoipa::path(
    put,
    path = "/api/v1/media/{medium}/replacement",
    tag = "media",
    operation_id = "replaceMedium",
    security(("token" = [])),
    params(
        ("medium" = String, Path, description = "The digest of its bytes."),
        ("if-match" = String, Header, description = "The version that is replaced, or `*`."),
    ),
    request_body = Replacement,
    responses(
        (status = 200, description = "The one that is shown now, as it is now.", body = Medium),
        WriteTroubles
    )
)]
pub async fn replace(
    request: HttpRequest,
    state: web::Data<State>,
    payload: web::Payload,
) -> Result<HttpResponse, Refused> {
    let librarian = Librarian::of(&request, &state).await?;
    let Replacement { medium: new } = body::read(&request, payload).await?;
    let (old, seen, region) = (named(&request)?, Seen::by(&request)?, librarian.region);
    let medium = librarian.change(vec![old, new], seen, move |tx, desk| {
        replace::replace(tx, desk, old, new)?;
        Medium::with_uses(tx, new, region)
    });
    answered(&medium.await?, StatusCode::OK)
}

/// Delete a picture that no text shows
#[utoipa::path(
    delete,
    path = "/api/v1/media/{medium}",
    tag = "media",
    operation_id = "deleteMedium",
    security(("token" = [])),
    params(
        ("medium" = String, Path, description = "The digest of its bytes."),
        ("if-match" = String, Header, description = "The version that is deleted, or `*`."),
    ),
    responses((status = 204, description = "It is gone, with its smaller copies."), WriteTroubles)
)]
pub async fn delete(request: HttpRequest, state: web::Data<State>) -> Result<HttpResponse, Refused> {
    let librarian = Librarian::of(&request, &state).await?;
    let (sha256, seen) = (named(&request)?, Seen::by(&request)?);
    librarian.change(vec![sha256], seen, move |tx, _| Ok(library::delete(tx, sha256)?)).await?;
    let blobs = state.blobs.clone();
    state.database.run(move |database| clear::<MediaError>(database, &blobs)).await.map_err(Refusal::from)?;
    Ok(HttpResponse::NoContent().insert_header((header::CACHE_CONTROL, "no-store")).finish())
}

fn answered(medium: &Medium, status: StatusCode) -> Result<HttpResponse, Refused> {
    let bytes = serde_json::to_vec(medium).map_err(Refusal::from)?;
    let answer = HttpResponse::build(status)
        .content_type("application/json")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::ETAG, format!("\"{}\"", medium.version())))
        .body(bytes);
    Ok(answer)
}
