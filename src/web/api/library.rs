//! The library as those see it who may change content: pictures that were uploaded or imported, shown or not, what is
//! said of each, and which texts show it.

use super::allowed::Librarian;
use super::ask::{Paging, Query, query_after};
use super::part;
use super::refusal::{Refusal, Refused, WriteTroubles};
use crate::base::digest::Digest;
use crate::base::id::{ItemId, RegionId};
use crate::base::moment::Moment;
use crate::domain::content::media::library::{self, Entry, Record};
use crate::domain::content::media::usage::{self, Use};
use crate::domain::content::store::media::{self as rows, Place};
use crate::platform::db::{Read, Reading};
use crate::web::State;
use crate::web::answer::{Answer, Caching};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Some media, newest first.
#[derive(Serialize, ToSchema)]
pub struct MediaPage {
    media: Vec<Medium>,
    /// Where the list goes on; missing on its last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = "uri")]
    next: Option<String>,
}

/// A medium of the library.
#[derive(Serialize, ToSchema)]
pub struct Medium {
    /// Of its bytes, as they are kept. Texts show it as `media:<sha256>`.
    #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
    sha256: Digest,
    /// To be named in `If-Match` with the next change of what is said of it; others change it too.
    version: i64,
    /// As it was called when it first came.
    file_name: String,
    #[serde(rename = "type")]
    mime: String,
    size_bytes: u64,
    /// In pixels, upright.
    #[serde(skip_serializing_if = "Option::is_none")]
    width: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    height: Option<u32>,
    /// Whom to name.
    #[serde(skip_serializing_if = "Option::is_none")]
    credit: Option<String>,
    /// SPDX identifier; without it, that of the region whose texts show it.
    #[serde(skip_serializing_if = "Option::is_none")]
    licence: Option<String>,
    /// What it shows, for those who do not see it, by BCP 47 tag.
    alts: BTreeMap<String, String>,
    #[schema(value_type = String, format = "date-time")]
    uploaded: Moment,
    /// Texts and facts that show it, public or archived: in the region that the token is for, else in all. Not told in
    /// lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    uses: Option<Vec<Shown>>,
}

/// A text that shows a medium, or the facts of an item, under `zxx`.
#[derive(Serialize, ToSchema)]
pub struct Shown {
    #[schema(value_type = String, format = "uuid")]
    item: ItemId,
    kind: &'static str,
    /// The region's slug.
    region: String,
    /// BCP 47 tag.
    language: String,
    /// Empty for facts.
    title: String,
    /// Another node decides what it says.
    mirrored: bool,
    archived: bool,
}

/// The media of the library, newest first
#[utoipa::path(
    get,
    path = "/api/v1/media",
    tag = "media",
    operation_id = "media",
    security(("token" = [])),
    params(Paging),
    responses(
        (
            status = 200,
            description = "Some media, and where the list goes on.",
            body = MediaPage,
            headers(("link" = String, description = "`rel=\"next\"`, unless this is the last page (RFC 8288)."))
        ),
        (status = 304, description = "It is still what If-None-Match names."),
        WriteTroubles
    )
)]
pub async fn all(request: HttpRequest, state: web::Data<State>) -> Result<HttpResponse, Refused> {
    Librarian::of(&request, &state).await?;
    let text = request.query_string();
    let query = Query::parse(text, &["limit", "cursor"])?;
    let (after, limit) = (query.after(read_place)?, query.limit());
    let look = move |tx: &mut Read<'_>| {
        let entries = rows::listed(tx, after, limit + 1)?;
        let digests: Vec<Digest> = entries.iter().map(|entry| entry.sha256).collect();
        Ok::<_, Refusal>((entries, rows::sizes(tx, &digests)?))
    };
    let (mut entries, sizes) = state.database.run(move |database| database.read(look)).await?;
    let has_more = entries.len() > limit;
    entries.truncate(limit);
    let last = entries.last().and_then(place).filter(|_| has_more);
    let media = entries
        .into_iter()
        .filter_map(|entry| Medium::of(sizes.get(&entry.sha256).copied(), entry))
        .collect();
    let next =
        last.map(|last| format!("{}api/v1/media?{}", state.about.site, query_after(text, &written(last))));
    let page = MediaPage { media, next };
    let answer =
        Answer::of(serde_json::to_vec(&page).map_err(Refusal::from)?, "application/json", Caching::Private);
    let answer = match &page.next {
        Some(next) => answer.with_next(next),
        None => answer,
    };
    Ok(answer.respond(&request))
}

/// One medium of the library, with the texts that show it
#[utoipa::path(
    get,
    path = "/api/v1/media/{medium}",
    tag = "media",
    operation_id = "medium",
    security(("token" = [])),
    params(("medium" = String, Path, description = "The digest of its bytes.")),
    responses(
        (
            status = 200,
            description = "The medium.",
            body = Medium,
            headers(("etag" = String, description = "Begins with the version of what is said of it."))
        ),
        (status = 304, description = "It is still what If-None-Match names."),
        WriteTroubles
    )
)]
pub async fn one(request: HttpRequest, state: web::Data<State>) -> Result<HttpResponse, Refused> {
    let Librarian { region, .. } = Librarian::of(&request, &state).await?;
    let sha256 = named(&request)?;
    let look = move |tx: &mut Read<'_>| Medium::with_uses(tx, sha256, region);
    let medium = state.database.run(move |database| database.read(look)).await?;
    let bytes = serde_json::to_vec(&medium).map_err(Refusal::from)?;
    let answer = Answer::of(bytes, "application/json", Caching::Private).of_version(medium.version);
    Ok(answer.respond(&request))
}

/// The medium that the path names.
pub fn named(request: &HttpRequest) -> Result<Digest, Refusal> {
    let named = part(request, "medium");
    named.parse().map_err(|_| Refusal::UnknownMedium { named: named.chars().take(64).collect() })
}

impl Medium {
    /// With the uses in `region`, or in all. # Errors: the library does not hold it.
    pub fn with_uses(
        tx: &mut impl Reading,
        sha256: Digest,
        region: Option<RegionId>,
    ) -> Result<Medium, Refusal> {
        let entry = library::find(tx, sha256)?;
        let size = rows::sizes(tx, &[sha256])?.remove(&sha256);
        let uses = usage::of(tx, sha256)?.into_iter();
        let uses = uses.filter(|shows| region.is_none_or(|region| shows.region_id == region));
        let medium = Medium::of(size, entry);
        let medium = medium.ok_or_else(|| Refusal::UnknownMedium { named: sha256.to_string() })?;
        Ok(Medium { uses: Some(uses.map(Shown::of).collect()), ..medium })
    }

    /// `None` for what followed nodes alone show.
    fn of(size: Option<(u32, u32)>, entry: Entry) -> Option<Medium> {
        let Entry { sha256, size_bytes, mime, record } = entry;
        let Record { file_name, credit, licence, alts, uploaded_at, version } = record?;
        let (width, height) = size.unzip();
        let alts = alts.into_iter().map(|(language, alt)| (language.to_string(), alt)).collect();
        let uploaded = uploaded_at;
        Some(Medium {
            sha256,
            version,
            file_name,
            mime,
            size_bytes,
            width,
            height,
            credit,
            licence,
            alts,
            uploaded,
            uses: None,
        })
    }

    pub fn version(&self) -> i64 {
        self.version
    }
}

impl Shown {
    fn of(shows: Use) -> Shown {
        let Use { item, kind, region, region_id: _, language, title, is_mirrored, is_archived } = shows;
        let language = language.to_string();
        Shown { item, kind, region, language, title, mirrored: is_mirrored, archived: is_archived }
    }
}

fn place(entry: &Entry) -> Option<Place> {
    Some((entry.record.as_ref()?.uploaded_at, entry.sha256))
}

/// Microseconds, then the digest: both stay, whatever is said of the medium.
fn written((at, sha256): Place) -> Vec<u8> {
    let mut bytes = at.micros().to_be_bytes().to_vec();
    bytes.extend(sha256.bytes());
    bytes
}

fn read_place(bytes: &[u8]) -> Option<Place> {
    let (at, sha256) = bytes.split_first_chunk::<8>()?;
    let sha256: [u8; 32] = sha256.try_into().ok()?;
    Some((Moment::from_micros(i64::from_be_bytes(*at)), Digest::from_bytes(sha256)))
}
