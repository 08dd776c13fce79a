//! The OpenAPI 3.1 document, made from the types and handlers of this door.

use super::ask::Query;
use super::refusal::{Refusal, Refused};
use super::{changes, items, labels, library, library_changes, node, regions, state};
use crate::web::State;
use crate::web::answer::Answer;
use crate::web::problem::ProblemDetails;
use actix_web::{HttpRequest, HttpResponse, web};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::{Modify, OpenApi};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Lotse",
        version = "1",
        description = "What a node of Lotse publishes: regions, and in each region items of every kind, each in the \
            languages it can be read in. All of it is public; every answer has an ETag to ask again with. Who holds a \
            token changes it.",
        license(name = "EUPL-1.2", identifier = "EUPL-1.2"),
    ),
    paths(
        node::node,
        labels::vocabulary,
        regions::all,
        regions::one,
        regions::languages,
        items::all,
        items::one,
        changes::make,
        state::one,
        state::change,
        changes::publish_text,
        changes::take_text_back,
        changes::publish_facts,
        changes::move_page,
        labels::label,
        library::all,
        library::one,
        library_changes::upload,
        library_changes::say,
        library_changes::replace,
        library_changes::delete,
    ),
    modifiers(&Security),
    components(schemas(ProblemDetails)),
    tags(
        (name = "node", description = "Who answers here."),
        (name = "regions", description = "Regions and their languages."),
        (name = "items", description = "Pages, events, places, contacts and everything else that a region publishes."),
        (name = "changes", description = "With a token; each names in If-Match the version that it changes."),
        (name = "media", description = "The library of pictures, which all regions share; with a token."),
    ),
)]
struct Document;

struct Security;

impl Modify for Security {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let token = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        document.components.get_or_insert_default().add_security_scheme("token", token);
    }
}

/// As it is served. # Errors: none but those of the types' own `Serialize`.
pub fn written() -> Result<String, serde_json::Error> {
    Document::openapi().to_pretty_json().map(|document| document + "\n")
}

pub async fn document(request: HttpRequest, state: web::Data<State>) -> Result<HttpResponse, Refused> {
    Query::parse(request.query_string(), &[])?;
    let build = |_: &_| Ok::<_, Refusal>(Answer::json(written()?));
    Ok(state.showing().answer("v1/openapi", build)?.respond(&request))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_document_is_the_one_beside_it() {
        let written = super::written().unwrap();
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/web/api/openapi.json");
        if std::env::var_os("LOTSE_TEST_WRITE").is_some() {
            std::fs::write(path, &written).unwrap();
        }
        let known = std::fs::read_to_string(path).unwrap_or_default();
        let parsed = |text: &str| serde_json::from_str::<serde_json::Value>(text).ok();
        assert!(
            parsed(&known) == parsed(&written),
            "the API changed: look at the difference after LOTSE_TEST_WRITE=1 cargo test the_document_is"
        );
    }
}
