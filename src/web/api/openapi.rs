//! The OpenAPI 3.1 document, made from the types and handlers of this door.

use super::ask::Query;
use super::refusal::{Refusal, Refused};
use super::{changes, items, labels, library, library_changes, node, regions, state};
use crate::web::State;
use crate::web::answer::Answer;
use crate::web::problem::ProblemDetails;
use actix_web::{HttpRequest, HttpResponse, web};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};
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
    modifiers(&Security, &Tags),
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

/// Says of what is told by language that its members are called by tags.
struct Tags;

/// BCP 47, as far as a pattern can say it.
const TAG: &str = "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*(-x(-[A-Za-z0-9]{1,8})+)?$";

const BY_LANGUAGE: [(&str, &str); 6] = [
    ("Item", "texts"),
    ("ItemState", "texts"),
    ("Medium", "alts"),
    ("NewItemBody", "texts"),
    ("Term", "names"),
    ("Words", "alts"),
];

impl Modify for Tags {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let schemas = &mut document.components.get_or_insert_default().schemas;
        for (schema, member) in BY_LANGUAGE {
            let Some(RefOr::T(Schema::Object(object))) = schemas.get_mut(schema) else { continue };
            if let Some(RefOr::T(Schema::Object(told))) = object.properties.get_mut(member) {
                let tag = ObjectBuilder::new().schema_type(Type::String).pattern(Some(TAG)).build();
                told.property_names = Some(Box::new(Schema::Object(tag)));
            }
        }
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
    use super::{BY_LANGUAGE, TAG};

    #[test]
    fn what_is_told_by_language_says_so() {
        let document: serde_json::Value = serde_json::from_str(&super::written().unwrap()).unwrap();
        for (schema, member) in BY_LANGUAGE {
            let names = &document["components"]["schemas"][schema]["properties"][member]["propertyNames"];
            assert_eq!(names["pattern"], TAG, "{schema}.{member}");
        }
    }

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
