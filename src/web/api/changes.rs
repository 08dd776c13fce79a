//! Making items and changing what they say and where they stand. What is a rule stands in `domain::content`.

use super::allowed::Caller;
use super::body;
use super::facts::Facts;
use super::item::Kind;
use super::part;
use super::refusal::{Refusal, Refused, WriteTroubles};
use super::state::{How, ItemState, Source, told};
use crate::base::html::CleanHtml;
use crate::base::id::ItemId;
use crate::base::language::LanguageTag;
use crate::base::slug::Slug;
use crate::domain::content::compose::{self, Draft};
use crate::domain::content::item::{self, Beside, NewItem};
use crate::domain::content::kind::ObjectKind;
use crate::domain::content::publish::{Publication, publish};
use crate::domain::content::revision::Edit;
use crate::domain::content::{ContentError, archive, facts as own, restate};
use crate::web::State;
use crate::web::problem::Problem;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use std::collections::HashMap;
use utoipa::ToSchema;

/// An item to be made. Pages and imprints need a text, all other kinds need facts.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(
    json!({ "kind": "page", "texts": { "de": { "title": "Ankommen", "html": "<p>Willkommen.</p>" } } }),
    json!({ "kind": "event", "texts": { "de": { "title": "Chor", "html": "" } }, "facts": { "event": { "when": {
        "start": "2100-06-01T17:00", "end": "2100-06-01T19:00", "zone": "Europe/Berlin", "rrule": "FREQ=WEEKLY" } } } }),
    json!({ "kind": "place", "texts": { "de": { "title": "Rathaus", "html": "<p>Am Markt</p>" } },
        "facts": { "place": { "hours": "Mo-Fr 08:00-12:00", "position": [10.5, 50.25], "on_map": true } } }),
    json!({ "kind": "contact", "facts": { "contact": { "name": "A. Muster", "phone": "+49 1234 567" } } }),
    json!({ "kind": "organisation", "texts": { "de": { "title": "Verein", "html": "" } },
        "facts": { "organisation": { "slug": "verein" } } }),
    json!({ "kind": "category", "texts": { "de": { "title": "Amt", "html": "" } },
        "facts": { "category": { "icon": "office", "colour": "#2E98FB" } } }),
    json!({ "kind": "news", "texts": { "de": { "title": "Gesperrt", "html": "<p>Die Brücke ist zu.</p>" } },
        "facts": { "news": { "at": "2026-01-01T08:00:00Z", "until": "2100-01-01T08:00:00Z", "channel": "news" } } }),
))]
pub struct NewItemBody {
    kind: Kind,
    /// The page to stand below, as its last; pages only.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    parent: Option<ItemId>,
    /// By BCP 47 tag.
    #[serde(default)]
    #[schema(value_type = HashMap<String, NewText>)]
    texts: HashMap<LanguageTag, NewText>,
    #[serde(default)]
    facts: Option<Facts>,
}

/// What an item is to say in one language. It takes the place of what it said before.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "title": "Ankommen", "html": "<p>Willkommen.</p>", "minor": true }))]
pub struct NewText {
    /// In one line; only contacts may do without.
    #[schema(max_length = 1000)]
    title: String,
    #[schema(max_length = 1048576)]
    /// Is cleaned. Links to items may be `page:<id>`, held media `media:<sha256>`.
    html: String,
    /// The wished last part of the address; if another item has or had it, a number is added. Without it, the one that
    /// it has, or one made from the title.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 200)]
    slug: Option<Slug>,
    /// One or two sentences for search engines.
    #[serde(default)]
    #[schema(max_length = 1000, example = "Wer hilft, wenn Sie neu sind.")]
    summary: Option<String>,
    #[serde(default)]
    via: How,
    /// What it was translated from. Without it: from what the language is usually translated from, as that is now.
    #[serde(default)]
    source: Option<Source>,
    /// It only puts a slip of the pen right: translations stay up to date.
    #[serde(default)]
    minor: bool,
}

/// Where a page is to stand.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "parent": null }))]
pub struct Position {
    /// The page above; without it, at the top of the region.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    parent: Option<ItemId>,
    /// The page below the same parent that it is to stand before. Without this and `after`: as the last.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    before: Option<ItemId>,
    /// The page below the same parent that it is to stand after.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    after: Option<ItemId>,
}

const LONGEST_LINE: usize = 1000;
/// Before it is cleaned, which may make it shorter; what can be published is a quarter of that.
const LONGEST_HTML: usize = 1024 * 1024;

/// Cleans texts where that keeps nobody waiting.
async fn drafts(texts: HashMap<LanguageTag, NewText>) -> Result<HashMap<LanguageTag, Draft>, Refused> {
    let clean = || texts.into_iter().map(|(language, text)| Ok((language, text.draft()?))).collect();
    let drafts: Result<_, Refusal> = web::block(clean).await.map_err(|_| Problem::interrupted())?;
    Ok(drafts?)
}

impl NewText {
    fn draft(self) -> Result<Draft, Refusal> {
        let NewText { title, html, slug, summary, via, source, minor: _ } = self;
        let limits = [
            ("title", Some(&title), LONGEST_LINE),
            ("summary", summary.as_ref(), LONGEST_LINE),
            ("html", Some(&html), LONGEST_HTML),
        ];
        for (member, text, most) in limits {
            if text.is_some_and(|text| text.chars().count() > most) {
                return Err(Refusal::TooLong { member, most });
            }
        }
        let source = source.map(|Source { language, rev }| {
            let tag = language.parse::<LanguageTag>();
            Ok::<_, Refusal>((tag.map_err(|error| Refusal::Malformed { why: error.to_string() })?, rev))
        });
        let source = source.transpose()?;
        Ok(Draft { title, html: CleanHtml::parse(&html), slug, summary, via: via.into(), source })
    }
}

/// Make an item
#[utoipa::path(
    post,
    path = "/api/v1/regions/{region}/items",
    tag = "changes",
    operation_id = "makeItem",
    security(("token" = [])),
    params(("region" = String, Path, description = "The region's slug.")),
    request_body = NewItemBody,
    responses(
        (
            status = 201,
            description = "The item as it is now.",
            body = ItemState,
            headers(("location" = String, description = "Where everybody reads it."))
        ),
        WriteTroubles
    )
)]
pub async fn make(
    request: HttpRequest,
    state: web::Data<State>,
    payload: web::Payload,
) -> Result<HttpResponse, Refused> {
    let caller = Caller::of(&request, &state).await?;
    let new: NewItemBody = body::read(&request, payload).await?;
    let (kind, parent) = (ObjectKind::from(new.kind), new.parent);
    let drafts = drafts(new.texts).await?;
    let facts = new.facts.map(own::Facts::try_from).transpose()?.filter(|facts| !facts.is_silent());
    let needs_facts = kind.needs_facts();
    if needs_facts && facts.is_none() || !needs_facts && drafts.is_empty() {
        return Err(Refusal::SaysNothing { needs: if needs_facts { "facts" } else { "texts" } }.into());
    }
    if parent.is_some() && kind != ObjectKind::Page {
        return Err(Refusal::NoTree.into());
    }
    let (region, slug) = (caller.region, caller.region_slug.clone());
    let present = caller.make(move |tx, desk| {
        let id: ItemId = desk.clock.fresh_id().into();
        let ord =
            if kind == ObjectKind::Page { item::last_place(tx, region, parent)? } else { String::new() };
        let new = NewItem { kind, ..NewItem::page(id, parent, ord) };
        let made = item::create(tx, desk, region, vec![new])?;
        let item = made.first().ok_or(ContentError::UnknownItem { item: id })?;
        let texts = compose::texts(tx, desk, item, drafts)?;
        let facts = facts.map(|facts| compose::facts(tx, desk, item, facts)).transpose()?;
        publish(tx, desk, region, vec![Publication { item: id, edit: Edit::Major, texts, facts }])?;
        Ok(id)
    });
    let present = present.await?;
    let url = format!("{}api/v1/regions/{slug}/items/{}", state.about.site, present.item.id);
    let mut answer = told(present, &slug, StatusCode::CREATED)?;
    if let Ok(url) = HeaderValue::try_from(url) {
        answer.headers_mut().insert(header::LOCATION, url);
    }
    Ok(answer)
}

/// Publish what an item says in a language
#[utoipa::path(
    put,
    path = "/api/v1/regions/{region}/items/{item}/texts/{language}",
    tag = "changes",
    operation_id = "publishText",
    security(("token" = [])),
    params(
        ("region" = String, Path, description = "The region's slug."),
        ("item" = String, Path, format = "uuid", description = "The item's id."),
        ("language" = String, Path, pattern = "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*(-x(-[A-Za-z0-9]{1,8})+)?$", description = "BCP 47 tag."),
        ("if-match" = String, Header, description = "The version that is changed, or `*`."),
    ),
    request_body = NewText,
    responses((status = 200, description = "The item as it is now.", body = ItemState), WriteTroubles)
)]
pub async fn publish_text(
    request: HttpRequest,
    state: web::Data<State>,
    payload: web::Payload,
) -> Result<HttpResponse, Refused> {
    let caller = Caller::of(&request, &state).await?;
    let new: NewText = body::read(&request, payload).await?;
    let language = language(&request)?;
    let edit = if new.minor { Edit::Minor } else { Edit::Major };
    let drafts = drafts([(language, new)].into()).await?;
    let slug = caller.region_slug.clone();
    let present = caller.change(&request, move |tx, desk, before| {
        let texts = compose::texts(tx, desk, &before.item, drafts)?;
        let publication = Publication::of_texts(before.item.id, edit, texts);
        publish(tx, desk, before.item.region, vec![publication])?;
        Ok(())
    });
    told(present.await?, &slug, StatusCode::OK)
}

/// Take back what an item says in a language
#[utoipa::path(
    delete,
    path = "/api/v1/regions/{region}/items/{item}/texts/{language}",
    tag = "changes",
    operation_id = "takeTextBack",
    security(("token" = [])),
    params(
        ("region" = String, Path, description = "The region's slug."),
        ("item" = String, Path, format = "uuid", description = "The item's id."),
        ("language" = String, Path, pattern = "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*(-x(-[A-Za-z0-9]{1,8})+)?$", description = "BCP 47 tag."),
        ("if-match" = String, Header, description = "The version that is changed, or `*`."),
    ),
    responses((status = 200, description = "The item as it is now.", body = ItemState), WriteTroubles)
)]
pub async fn take_text_back(request: HttpRequest, state: web::Data<State>) -> Result<HttpResponse, Refused> {
    let caller = Caller::of(&request, &state).await?;
    let language = language(&request)?;
    let slug = caller.region_slug.clone();
    let present = caller.change(&request, move |tx, desk, before| {
        let is_text = |language: &LanguageTag| !language.is_none();
        let known = before.revisions.iter().any(|revision| revision.language == language);
        if !known || !is_text(&language) {
            return Err(ContentError::UnknownLanguage { language }.into());
        }
        Ok(archive::unpublish(tx, desk, before.item.id, &language)?)
    });
    told(present.await?, &slug, StatusCode::OK)
}

/// Publish what an item is apart from words
///
/// `{"page": {}}` takes that of a page back.
#[utoipa::path(
    put,
    path = "/api/v1/regions/{region}/items/{item}/facts",
    tag = "changes",
    operation_id = "publishFacts",
    security(("token" = [])),
    params(
        ("region" = String, Path, description = "The region's slug."),
        ("item" = String, Path, format = "uuid", description = "The item's id."),
        ("if-match" = String, Header, description = "The version that is changed, or `*`."),
    ),
    request_body = Facts,
    responses((status = 200, description = "The item as it is now.", body = ItemState), WriteTroubles)
)]
pub async fn publish_facts(
    request: HttpRequest,
    state: web::Data<State>,
    payload: web::Payload,
) -> Result<HttpResponse, Refused> {
    let caller = Caller::of(&request, &state).await?;
    let new: Facts = body::read(&request, payload).await?;
    let facts = own::Facts::try_from(new)?;
    let slug = caller.region_slug.clone();
    let present =
        caller.change(&request, move |tx, desk, before| Ok(restate::facts(tx, desk, &before.item, facts)?));
    told(present.await?, &slug, StatusCode::OK)
}

/// Move a page
#[utoipa::path(
    put,
    path = "/api/v1/regions/{region}/items/{item}/position",
    tag = "changes",
    operation_id = "movePage",
    security(("token" = [])),
    params(
        ("region" = String, Path, description = "The region's slug."),
        ("item" = String, Path, format = "uuid", description = "The page's id."),
        ("if-match" = String, Header, description = "The version that is changed, or `*`."),
    ),
    request_body = Position,
    responses((status = 200, description = "The page as it is now.", body = ItemState), WriteTroubles)
)]
pub async fn move_page(
    request: HttpRequest,
    state: web::Data<State>,
    payload: web::Payload,
) -> Result<HttpResponse, Refused> {
    let caller = Caller::of(&request, &state).await?;
    let Position { parent, before, after } = body::read(&request, payload).await?;
    let beside = match (before, after) {
        (None, None) => Beside::Last,
        (Some(sibling), None) => Beside::Before(sibling),
        (None, Some(sibling)) => Beside::After(sibling),
        (Some(_), Some(_)) => return Err(Refusal::BeforeAndAfter.into()),
    };
    let slug = caller.region_slug.clone();
    let present = caller.change(&request, move |tx, desk, now| {
        if now.item.kind != ObjectKind::Page {
            return Err(Refusal::NoTree);
        }
        Ok(item::move_page(tx, desk, &now.item, parent, beside)?)
    });
    told(present.await?, &slug, StatusCode::OK)
}

fn language(request: &HttpRequest) -> Result<LanguageTag, Refusal> {
    let named = part(request, "language");
    let why = |error: crate::base::language::LanguageError| Refusal::Parameter {
        name: "language",
        value: named.chars().take(60).collect(),
        expected: error.to_string(),
    };
    named.parse().map_err(why)
}
