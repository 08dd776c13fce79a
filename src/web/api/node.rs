//! The node itself: who answers here, and where everything else is to be found.

use super::ask::Query;
use super::refusal::{ReadTroubles, Refusal, Refused};
use crate::web::State;
use crate::web::answer::Answer;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;
use utoipa::ToSchema;

/// Who answers here.
#[derive(Serialize, ToSchema)]
pub struct Node<'a> {
    /// The node's id in the federation: `n1` and 52 characters.
    id: &'a str,
    name: &'a str,
    /// The site for people.
    #[schema(format = "uri")]
    url: &'a str,
    /// Grows with every change of public content.
    content_version: i64,
    #[schema(format = "uri")]
    regions: String,
    /// What this API answers and takes, as OpenAPI 3.1.
    #[schema(format = "uri")]
    openapi: String,
}

/// The node
#[utoipa::path(
    get,
    path = "/api/v1/node",
    tag = "node",
    operation_id = "node",
    responses((status = 200, description = "The node.", body = Node), ReadTroubles)
)]
pub async fn node(request: HttpRequest, state: web::Data<State>) -> Result<HttpResponse, Refused> {
    Query::parse(request.query_string(), &[])?;
    let about = &state.about;
    let site = &about.site;
    let node = Node {
        id: about.node_id.as_str(),
        name: &about.node_name,
        url: site,
        content_version: state.showing().snapshot.version,
        regions: format!("{site}api/v1/regions"),
        openapi: format!("{site}api/v1/openapi.json"),
    };
    let bytes = serde_json::to_vec(&node).map_err(Refusal::from)?;
    Ok(Answer::json(bytes).respond(&request))
}
