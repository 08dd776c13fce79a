//! Regions and their languages.

use super::ask::{Paging, Query, query_after};
use super::part;
use super::refusal::{ReadTroubles, Refusal, Refused};
use crate::base::id::RegionId;
use crate::base::language::Direction;
use crate::domain::content::published::{LanguageView, RegionSettings, RegionView, Snapshot};
use crate::web::State;
use crate::web::answer::Answer;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;
use utoipa::ToSchema;

/// A municipality, county or other area that publishes under its own name. What says nothing is left out.
#[derive(Serialize, ToSchema)]
pub struct Region<'a> {
    #[schema(value_type = String, format = "uuid")]
    id: RegionId,
    /// Its part of every address.
    slug: &'a str,
    /// Unique on this node; the id in Integreat's API.
    number: i64,
    name: &'a str,
    /// The part of the name that lists leave out when they sort, such as `Landkreis`; may be empty.
    prefix: &'a str,
    name_without_prefix: &'a str,
    postcode: &'a str,
    /// In a register of areas; may be empty.
    official_key: &'a str,
    /// IANA name.
    time_zone: &'a str,
    /// Longitude and latitude in degrees, WGS 84.
    #[serde(skip_serializing_if = "Option::is_none")]
    centre: Option<[f64; 2]>,
    /// South-west and north-east corner.
    #[serde(skip_serializing_if = "Option::is_none")]
    bounding_box: Option<[[f64; 2]; 2]>,
    /// Other names under which people look for it, with longitude and latitude.
    aliases: &'a BTreeMap<String, [f64; 2]>,
    /// Whether the node's own list of regions and search engines show it.
    listed: bool,
    /// Whether apps offer events, places and news of the region.
    offers: Offers,
    /// BCP 47 tag.
    default_language: &'a str,
    /// The default language first, each after the one that it is translated from.
    languages: Vec<Language<'a>>,
    /// SPDX identifier of what the region publishes, unless an item says another.
    licence: &'a str,
    /// Whom to name when it is reused.
    attribution: &'a str,
    /// The site for people.
    #[schema(format = "uri")]
    url: String,
    #[schema(format = "uri")]
    items: String,
}

#[derive(Serialize, ToSchema)]
pub struct Offers {
    events: bool,
    places: bool,
    news: bool,
}

#[derive(Serialize, ToSchema)]
pub struct Language<'a> {
    /// BCP 47
    tag: &'a str,
    /// Its part of every address.
    slug: &'a str,
    number: i64,
    native_name: &'a str,
    direction: Script,
    /// The language it is translated from; only the default language has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'a str>,
}

/// Which way a script runs.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Script {
    Ltr,
    Rtl,
}

#[derive(Serialize, ToSchema)]
pub struct RegionPage<'a> {
    regions: Vec<Region<'a>>,
    /// Where the list goes on; missing on its last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = "uri")]
    next: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct Languages<'a> {
    languages: Vec<Language<'a>>,
}

/// All regions of the node, by id
#[utoipa::path(
    get,
    path = "/api/v1/regions",
    tag = "regions",
    operation_id = "regions",
    params(Paging),
    responses(
        (
            status = 200,
            description = "Some regions, and where the list goes on.",
            body = RegionPage,
            headers(("link" = String, description = "`rel=\"next\"`, unless this is the last page (RFC 8288)."))
        ),
        ReadTroubles
    )
)]
pub async fn all(request: HttpRequest, state: web::Data<State>) -> Result<HttpResponse, Refused> {
    let text = request.query_string();
    let query = Query::parse(text, &["limit", "cursor"])?;
    let showing = state.showing();
    let after = query.after_id()?;
    let goes_on = |region: &&Arc<RegionView>| after.is_none_or(|last| region.id.uuid() > last);
    let mut regions: Vec<_> = showing.snapshot.regions.iter().filter(goes_on).collect();
    regions.sort_by_key(|region| region.id);
    let more = regions.len() > query.limit();
    regions.truncate(query.limit());
    let last = regions.last().filter(|_| more).map(|region| region.id.uuid());
    let next =
        last.map(|last| format!("{}api/v1/regions?{}", state.about.site, query_after(text, last.as_bytes())));
    let regions = regions.iter().map(|view| region(&state.about.site, view)).collect();
    let page = RegionPage { regions, next };
    let answer = Answer::json(serde_json::to_vec(&page).map_err(Refusal::from)?);
    Ok(match &page.next {
        Some(next) => answer.with_next(next),
        None => answer,
    }
    .respond(&request))
}

/// One region
#[utoipa::path(
    get,
    path = "/api/v1/regions/{region}",
    tag = "regions",
    operation_id = "region",
    params(("region" = String, Path, description = "The region's slug.")),
    responses((status = 200, description = "The region.", body = Region), ReadTroubles)
)]
pub async fn one(request: HttpRequest, state: web::Data<State>) -> Result<HttpResponse, Refused> {
    Query::parse(request.query_string(), &[])?;
    let showing = state.showing();
    let region = region(&state.about.site, named(&showing.snapshot, &request)?);
    Ok(Answer::json(serde_json::to_vec(&region).map_err(Refusal::from)?).respond(&request))
}

/// The languages of a region
#[utoipa::path(
    get,
    path = "/api/v1/regions/{region}/languages",
    tag = "regions",
    operation_id = "languages",
    params(("region" = String, Path, description = "The region's slug.")),
    responses((status = 200, description = "All its languages.", body = Languages), ReadTroubles)
)]
pub async fn languages(request: HttpRequest, state: web::Data<State>) -> Result<HttpResponse, Refused> {
    Query::parse(request.query_string(), &[])?;
    let showing = state.showing();
    let languages = named(&showing.snapshot, &request)?.languages.iter().map(language).collect();
    let bytes = serde_json::to_vec(&Languages { languages }).map_err(Refusal::from)?;
    Ok(Answer::json(bytes).respond(&request))
}

/// The region that the path names. # Errors: [`Refusal::UnknownRegion`].
pub fn named<'a>(snapshot: &'a Snapshot, request: &HttpRequest) -> Result<&'a Arc<RegionView>, Refusal> {
    let slug = part(request, "region");
    snapshot.region(slug).ok_or_else(|| Refusal::UnknownRegion { slug: slug.chars().take(63).collect() })
}

fn region<'a>(site: &str, view: &'a RegionView) -> Region<'a> {
    let RegionView { id, number, slug, name, settings, default_language, languages, .. } = view;
    let RegionSettings { prefix, name_without_prefix, postcode, time_zone, centre, bounding_box, .. } =
        settings;
    let RegionSettings { official_key, aliases, listed, events, places, news, licence, attribution, .. } =
        settings;
    Region {
        id: *id,
        slug,
        number: *number,
        name,
        prefix,
        name_without_prefix,
        postcode,
        official_key,
        time_zone,
        centre: *centre,
        bounding_box: *bounding_box,
        aliases,
        listed: *listed,
        offers: Offers { events: *events, places: *places, news: *news },
        default_language: default_language.as_str(),
        languages: languages.iter().map(language).collect(),
        licence,
        attribution,
        url: format!("{site}{slug}/"),
        items: format!("{site}api/v1/regions/{slug}/items"),
    }
}

fn language(view: &LanguageView) -> Language<'_> {
    let LanguageView { number, tag, slug, native_name, direction, source } = view;
    Language {
        tag: tag.as_str(),
        slug,
        number: *number,
        native_name,
        direction: match direction {
            Direction::LeftToRight => Script::Ltr,
            Direction::RightToLeft => Script::Rtl,
        },
        source: source.as_ref().map(|source| source.as_str()),
    }
}
