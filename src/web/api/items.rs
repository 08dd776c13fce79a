//! The items of a region: pages of the list, and one alone. A page ends early where it would grow too large, so that
//! memory is bounded whatever the items say.

use super::ask::{Paging, Query, query_after};
use super::item::Item;
use super::refusal::{ReadTroubles, Refusal, Refused};
use super::text::World;
use super::{part, regions};
use crate::base::id::ItemId;
use crate::domain::content::published::{ItemView, RegionView, Snapshot};
use crate::web::answer::Answer;
use crate::web::problem::Problem;
use crate::web::{Showing, State};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;
use std::collections::BTreeSet;
use std::sync::Arc;
use utoipa::ToSchema;
use uuid::Uuid;

/// After so many bytes a page takes no further item.
const ENOUGH_BYTES: usize = 2 * 1024 * 1024;

/// For the OpenAPI document; it is written piece by piece.
#[derive(Serialize, ToSchema)]
pub struct ItemPage<'a> {
    items: Vec<Item<'a>>,
    /// Where the list goes on; missing on its last page. A page may hold fewer items than `limit` and still go on.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = "uri")]
    next: Option<String>,
}

/// The items of a region, by id
///
/// In the order of their ids, which stay: whatever is published while somebody reads page after page, no item that is
/// there all the time is left out or told twice.
#[utoipa::path(
    get,
    path = "/api/v1/regions/{region}/items",
    tag = "items",
    operation_id = "items",
    params(
        ("region" = String, Path, description = "The region's slug."),
        ("kind" = Option<String>, Query, description = "One or more kinds, separated by commas."),
        ("language" = Option<String>, Query, description = "BCP 47 tag: only what can be read in this language, and \
            only that text. Kinds that fall back are told in the default language if there is no other text."),
        ("updated_after" = Option<String>, Query, format = "date-time", description = "Only items with a text or facts \
            newer than this (RFC 3339), as their authors say."),
        Paging,
        ("fields" = Option<String>, Query, description = "Only these members, separated by commas, such as \
            `kind,facts,texts.title`; `id` is always there."),
    ),
    responses(
        (
            status = 200,
            description = "Some items, and where the list goes on.",
            body = ItemPage,
            headers(("link" = String, description = "`rel=\"next\"`, unless this is the last page (RFC 8288)."))
        ),
        ReadTroubles
    )
)]
pub async fn all(request: HttpRequest, state: web::Data<State>) -> Result<HttpResponse, Refused> {
    let text = request.query_string().to_owned();
    let known = ["kind", "language", "updated_after", "limit", "cursor", "fields"];
    let query = Query::parse(&text, &known)?;
    let showing = state.showing();
    let region = Arc::clone(regions::named(&showing.snapshot, &request)?);
    check_language(&region, &query)?;
    let after = query.after_id()?;
    let work = move || page(&state, &showing, &region, &Asked { query, text, after });
    let answer = web::block(work).await.map_err(|_| Problem::interrupted())??;
    Ok(answer.respond(&request))
}

/// One item of a region
#[utoipa::path(
    get,
    path = "/api/v1/regions/{region}/items/{item}",
    tag = "items",
    operation_id = "item",
    params(
        ("region" = String, Path, description = "The region's slug."),
        ("item" = String, Path, format = "uuid", description = "The item's id."),
        ("language" = Option<String>, Query, description = "BCP 47 tag: only the text that its readers get."),
        ("fields" = Option<String>, Query, description = "Only these members, separated by commas."),
    ),
    responses(
        (
            status = 200,
            description = "The item.",
            body = Item,
            headers(("etag" = String, description = "Begins with the item's version."))
        ),
        ReadTroubles
    )
)]
pub async fn one(request: HttpRequest, state: web::Data<State>) -> Result<HttpResponse, Refused> {
    let query = Query::parse(request.query_string(), &["language", "fields"])?;
    let showing = state.showing();
    let region = regions::named(&showing.snapshot, &request)?;
    check_language(region, &query)?;
    let named = part(&request, "item");
    let unknown = || Refusal::UnknownItem { item: named.chars().take(60).collect() };
    let id: ItemId = named.parse().map_err(|_| unknown())?;
    let world = World { state: &state, snapshot: &showing.snapshot, region };
    let (version, item) = world.item(id, query.language.as_ref(), &query.fields).ok_or_else(unknown)?;
    let bytes = serde_json::to_vec(&item).map_err(Refusal::from)?;
    Ok(Answer::json(bytes).of_version(version).respond(&request))
}

fn check_language(region: &RegionView, query: &Query) -> Result<(), Refusal> {
    let Some(wanted) = &query.language else { return Ok(()) };
    let mut known = region.languages.iter().map(|language| language.tag.as_str());
    if known.clone().any(|tag| tag == wanted.as_str()) {
        return Ok(());
    }
    let list = known.by_ref().collect::<Vec<_>>().join(", ");
    let expected = format!("a language of the region: {list}");
    Err(Refusal::Parameter { name: "language", value: wanted.to_string(), expected })
}

struct Asked {
    query: Query,
    /// The same as it was sent.
    text: String,
    /// The id of the last one that the page before told.
    after: Option<Uuid>,
}

fn page(
    state: &State,
    showing: &Showing,
    region: &RegionView,
    asked: &Asked,
) -> Result<Arc<Answer>, Refusal> {
    let build = |snapshot: &Snapshot| written(&World { state, snapshot, region }, asked);
    let Query { kinds, language, .. } = &asked.query;
    if !asked.query.is_usual() {
        return build(&showing.snapshot).map(Arc::new);
    }
    let kind = kinds.first().map_or("", |kind| kind.as_str());
    let language = language.as_ref().map_or("", |language| language.as_str());
    showing.answer(&format!("v1/items/{}/{kind}/{language}", region.slug), build)
}

fn written(world: &World<'_>, asked: &Asked) -> Result<Answer, Refusal> {
    let Asked { query, text, after } = asked;
    let (ids, mut more) = wanted(world.region, query, *after);
    let mut json = b"{\"items\":[".to_vec();
    let mut last = None;
    for id in ids {
        if json.len() > ENOUGH_BYTES {
            more = true;
            break;
        }
        let Some((_, item)) = world.item(id, query.language.as_ref(), &query.fields) else { continue };
        json.extend(last.map_or(&b""[..], |_: ItemId| b","));
        serde_json::to_writer(&mut json, &item)?;
        last = Some(id);
    }
    json.push(b']');
    let next = last.filter(|_| more).map(|last| {
        let query = query_after(text, last.uuid().as_bytes());
        world.url(&format!("api/v1/regions/{}/items?{query}", world.region.slug))
    });
    if let Some(next) = &next {
        json.extend(b",\"next\":");
        serde_json::to_writer(&mut json, next)?;
    }
    json.push(b'}');
    let answer = Answer::json(json);
    Ok(match next {
        Some(next) => answer.with_next(&next),
        None => answer,
    })
}

/// The first ids after the cursor, as many as a page holds, and whether there are more. Never more than that is kept.
fn wanted(region: &RegionView, query: &Query, after: Option<Uuid>) -> (BTreeSet<ItemId>, bool) {
    let Query { kinds, language, updated_after, .. } = query;
    let fits = |view: &&ItemView| {
        (kinds.is_empty() || kinds.contains(&view.kind))
            && after.is_none_or(|last| view.id.uuid() > last)
            && updated_after.is_none_or(|after| view.updated_at > after)
    };
    let editions = region.languages.iter().zip(&region.editions);
    let editions =
        editions.filter(|(spoken, _)| language.as_ref().is_none_or(|wanted| spoken.tag == *wanted));
    let mut first = BTreeSet::new();
    for view in editions.flat_map(|(_, edition)| edition.items()).filter(fits) {
        first.insert(view.id);
        if first.len() > query.limit() + 1 {
            first.pop_last();
        }
    }
    let more = first.len() > query.limit();
    if more {
        first.pop_last();
    }
    (first, more)
}
