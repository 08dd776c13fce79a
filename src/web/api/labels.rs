//! On which terms an item may be reused, what it is about and whom it is for; and the words in which that is said.

use super::allowed::Caller;
use super::ask::Query;
use super::body;
use super::refusal::{ReadTroubles, Refusal, Refused, WriteTroubles};
use super::state::{ItemState, told};
use crate::base::language::LanguageTag;
use crate::domain::content::relabel::{Relabelling, relabel};
use crate::domain::content::vocabulary::{Sort, Term as Known};
use crate::locale::words::Fit;
use crate::web::State;
use crate::web::answer::Answer;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use utoipa::ToSchema;

/// What an item may be about, and whom it may be for.
#[derive(Serialize, ToSchema)]
pub struct TermList<'a> {
    terms: Vec<Term<'a>>,
}

#[derive(Serialize, ToSchema)]
pub struct Term<'a> {
    /// What items name.
    id: &'a str,
    sort: TermSort,
    /// Short and unique on this node.
    word: &'a str,
    /// By BCP 47 tag, for the languages of the node's regions in which it has a name.
    names: BTreeMap<String, String>,
}

/// A topic is what an item is about. Of its audience, a stage tells how long somebody has been here, a group as what.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum TermSort {
    Topic,
    Stage,
    Group,
}

/// All of what an item says of itself besides texts and facts; what is left out is said no longer.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "licence": "CC-BY-SA-4.0", "topics": ["housing"], "audiences": ["family"] }))]
pub struct NewLabels {
    /// SPDX identifier; without it, that of the region.
    #[serde(default)]
    #[schema(pattern = "^[A-Za-z0-9.+-]{1,100}$")]
    licence: Option<String>,
    /// Whom to name when it is reused; without it, whom the region names.
    #[serde(default)]
    attribution: Option<String>,
    /// Ids or words of topics.
    #[serde(default)]
    topics: Vec<String>,
    /// Ids or words of stages and groups.
    #[serde(default)]
    audiences: Vec<String>,
}

/// The words by which items are sorted
#[utoipa::path(
    get,
    path = "/api/v1/vocabulary",
    tag = "node",
    operation_id = "vocabulary",
    responses((status = 200, description = "All terms.", body = TermList), ReadTroubles)
)]
pub async fn vocabulary(request: HttpRequest, state: web::Data<State>) -> Result<HttpResponse, Refused> {
    Query::parse(request.query_string(), &[])?;
    let showing = state.showing();
    let regions = showing.snapshot.regions.iter();
    let languages: BTreeSet<&LanguageTag> =
        regions.flat_map(|region| region.languages.iter().map(|language| &language.tag)).collect();
    let terms = showing.snapshot.vocabulary.terms();
    let list = TermList { terms: terms.iter().map(|known| term(known, &languages)).collect() };
    Ok(Answer::json(serde_json::to_vec(&list).map_err(Refusal::from)?).respond(&request))
}

fn term<'a>(known: &'a Known, languages: &BTreeSet<&LanguageTag>) -> Term<'a> {
    let Known { id, sort, word, names: _ } = known;
    let named = |language: &&LanguageTag| {
        let name = known.name(language);
        (name.fit == Fit::Own).then(|| (language.to_string(), name.text))
    };
    let names = languages.iter().filter_map(named).collect();
    Term { id, sort: (*sort).into(), word, names }
}

/// Say on which terms an item may be reused, what it is about and whom it is for
#[utoipa::path(
    put,
    path = "/api/v1/regions/{region}/items/{item}/labels",
    tag = "changes",
    operation_id = "labelItem",
    security(("token" = [])),
    params(
        ("region" = String, Path, description = "The region's slug."),
        ("item" = String, Path, format = "uuid", description = "The item's id."),
        ("if-match" = String, Header, description = "The version that is changed, or `*`."),
    ),
    request_body = NewLabels,
    responses((status = 200, description = "The item as it is now.", body = ItemState), WriteTroubles)
)]
pub async fn label(
    request: HttpRequest,
    state: web::Data<State>,
    payload: web::Payload,
) -> Result<HttpResponse, Refused> {
    let caller = Caller::of(&request, &state).await?;
    let NewLabels { licence, attribution, topics, audiences } = body::read(&request, payload).await?;
    let wish = Relabelling {
        licence: Some(licence.unwrap_or_default()),
        attribution: Some(attribution.unwrap_or_default()),
        topics: Some(topics),
        audiences: Some(audiences),
    };
    let slug = caller.region_slug.clone();
    let present = caller.change(&request, move |tx, desk, before| {
        relabel(tx, desk, &[before.item.id], &wish)?;
        Ok(())
    });
    told(present.await?, &slug, StatusCode::OK)
}

impl From<Sort> for TermSort {
    fn from(sort: Sort) -> TermSort {
        match sort {
            Sort::Topic => TermSort::Topic,
            Sort::Stage => TermSort::Stage,
            Sort::Group => TermSort::Group,
        }
    }
}
