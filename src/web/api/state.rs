//! What an item is at present, for those who change it, and whether readers see it.

use super::allowed::Caller;
use super::body;
use super::item::Kind;
use super::refusal::{Refusal, Refused, WriteTroubles};
use crate::base::id::ItemId;
use crate::base::moment::Moment;
use crate::domain::content::archive;
use crate::domain::content::change::Via;
use crate::domain::content::item::{Item, Stewardship};
use crate::domain::content::present::Present;
use crate::domain::content::revision::{Edit, Revision};
use crate::web::State;
use crate::web::answer::{Answer, Caching};
use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// An item as those see it who change it. Readers see a change within a second.
#[derive(Serialize, ToSchema)]
pub struct ItemState {
    #[schema(value_type = String, format = "uuid")]
    id: ItemId,
    kind: Kind,
    /// The region's slug.
    region: String,
    /// To be named in `If-Match` with the next change, as `"<version>"` or as the ETag of any answer about the item.
    version: i64,
    /// Nobody sees it, nor what stands below it.
    archived: bool,
    /// Another node decides what it says; it cannot be changed here.
    mirrored: bool,
    /// The page above.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "uuid")]
    parent: Option<ItemId>,
    /// When it is over by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "date-time")]
    expires: Option<Moment>,
    /// What is published, by BCP 47 tag.
    texts: BTreeMap<String, Published>,
    #[serde(skip_serializing_if = "Option::is_none")]
    facts: Option<Published>,
}

/// The newest revision of a text, or of the facts.
#[derive(Serialize, ToSchema)]
pub struct Published {
    rev: i64,
    #[schema(value_type = String, format = "date-time")]
    updated: Moment,
    /// It only put a slip of the pen right: translations stay up to date.
    minor: bool,
    via: How,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<Source>,
}

/// How a text came about.
#[derive(Clone, Copy, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    #[default]
    Human,
    /// Translated by a machine.
    Mt,
    /// Translated by a machine and reviewed by a person.
    MtReviewed,
}

/// What a text was translated from.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// BCP 47 tag.
    #[schema(pattern = "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*(-x(-[A-Za-z0-9]{1,8})+)?$")]
    pub language: String,
    /// The `rev` of the text in that language; 0 for one older than any that is known here.
    #[schema(minimum = 0)]
    pub rev: i64,
}

/// Whether readers see an item.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Visibility {
    /// `true` hides it and all below it; `false` shows it again, and all below it.
    archived: bool,
}

impl From<Via> for How {
    fn from(via: Via) -> How {
        match via {
            Via::Human => How::Human,
            Via::Mt => How::Mt,
            Via::MtReviewed => How::MtReviewed,
        }
    }
}

impl From<How> for Via {
    fn from(how: How) -> Via {
        match how {
            How::Human => Via::Human,
            How::Mt => Via::Mt,
            How::MtReviewed => Via::MtReviewed,
        }
    }
}

/// An item as it is at present, archived or not
#[utoipa::path(
    get,
    path = "/api/v1/regions/{region}/items/{item}/state",
    tag = "changes",
    operation_id = "itemState",
    security(("token" = [])),
    params(
        ("region" = String, Path, description = "The region's slug."),
        ("item" = String, Path, format = "uuid", description = "The item's id."),
    ),
    responses(
        (status = 200, description = "The item.", body = ItemState),
        (status = 304, description = "It is still what If-None-Match names."),
        WriteTroubles
    )
)]
pub async fn one(request: HttpRequest, state: web::Data<State>) -> Result<HttpResponse, Refused> {
    let (caller, present) = Caller::of(&request, &state).await?.look(&request).await?;
    let version = present.item.version;
    let bytes = serde_json::to_vec(&ItemState::of(present, &caller.region_slug)?).map_err(Refusal::from)?;
    let answer = Answer::of(bytes, "application/json", Caching::Private).of_version(version);
    Ok(answer.respond(&request))
}

/// Hide an item from readers, or show it again
#[utoipa::path(
    put,
    path = "/api/v1/regions/{region}/items/{item}/state",
    tag = "changes",
    operation_id = "changeState",
    security(("token" = [])),
    params(
        ("region" = String, Path, description = "The region's slug."),
        ("item" = String, Path, format = "uuid", description = "The item's id."),
        ("if-match" = String, Header, description = "The version that is changed, or `*`."),
    ),
    request_body = Visibility,
    responses((status = 200, description = "The item as it is now.", body = ItemState), WriteTroubles)
)]
pub async fn change(
    request: HttpRequest,
    state: web::Data<State>,
    payload: web::Payload,
) -> Result<HttpResponse, Refused> {
    let caller = Caller::of(&request, &state).await?;
    let Visibility { archived } = body::read(&request, payload).await?;
    let slug = caller.region_slug.clone();
    let present = caller.change(&request, move |tx, desk, before| {
        let Item { id, region, archived: is_archived, .. } = before.item;
        match (is_archived, archived) {
            (false, true) => drop(archive::archive(tx, desk, region, &[id])?),
            (true, false) => drop(archive::restore_below(tx, desk, region, id)?),
            _ => {}
        }
        Ok(())
    });
    told(present.await?, &slug, StatusCode::OK)
}

/// The answer to a change.
pub fn told(present: Present, region: &str, status: StatusCode) -> Result<HttpResponse, Refused> {
    let version = present.item.version;
    let bytes = serde_json::to_vec(&ItemState::of(present, region)?).map_err(Refusal::from)?;
    let answer = HttpResponse::build(status)
        .content_type("application/json")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::ETAG, format!("\"{version}\"")))
        .body(bytes);
    Ok(answer)
}

impl ItemState {
    fn of(present: Present, region: &str) -> Result<ItemState, Refusal> {
        let Present { item, revisions } = present;
        let unknown = || Refusal::UnknownItem { item: item.id.to_string() };
        let (facts, texts): (Vec<_>, Vec<_>) =
            revisions.into_iter().partition(|revision| revision.language.is_none());
        Ok(ItemState {
            id: item.id,
            kind: Kind::of(item.kind).ok_or_else(unknown)?,
            region: region.to_owned(),
            version: item.version,
            archived: item.archived,
            mirrored: item.stewardship == Stewardship::Mirrored,
            parent: item.parent,
            expires: item.expires_at,
            texts: texts.into_iter().map(|text| (text.language.to_string(), published(text))).collect(),
            facts: facts.into_iter().next().map(published),
        })
    }
}

fn published(revision: Revision) -> Published {
    Published {
        rev: revision.rev.unwrap_or(0),
        updated: revision.updated_at,
        minor: revision.edit == Edit::Minor,
        via: revision.via.into(),
        source: revision.source.map(|(language, rev)| Source { language: language.to_string(), rev }),
    }
}
