//! What this API refuses, and how it is told: RFC 9457 problems, whatever went wrong.

use crate::base::error::{Kind, Told};
use crate::web::problem::{Problem, ProblemDetails};
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use std::collections::BTreeMap;
use std::fmt;
use utoipa::openapi::{Content, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{IntoResponses, ToSchema};

#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    #[error("there is no region {slug:?}; /api/v1/regions lists all")]
    UnknownRegion { slug: String },
    #[error("the region has no public item {item:?}")]
    UnknownItem { item: String },
    #[error("there is no parameter {name:?} here; there is {known}")]
    UnknownParameter { name: String, known: String },
    #[error("the parameter {name} is given twice; give it once")]
    RepeatedParameter { name: &'static str },
    #[error("the parameter {name} cannot be {value:?}; expected {expected}")]
    Parameter { name: &'static str, value: String, expected: String },
    #[error("an answer could not be written as JSON")]
    Unwritable(#[from] serde_json::Error),
}

impl Told for Refusal {
    fn kind(&self) -> Kind {
        match self {
            Refusal::UnknownRegion { .. } | Refusal::UnknownItem { .. } => Kind::NotFound,
            Refusal::UnknownParameter { .. }
            | Refusal::RepeatedParameter { .. }
            | Refusal::Parameter { .. } => Kind::Invalid,
            Refusal::Unwritable(_) => Kind::Broken,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Refusal::UnknownRegion { .. } => "unknown-region",
            Refusal::UnknownItem { .. } => "unknown-item",
            Refusal::UnknownParameter { .. } => "unknown-parameter",
            Refusal::RepeatedParameter { .. } => "repeated-parameter",
            Refusal::Parameter { .. } => "parameter",
            Refusal::Unwritable(_) => "unwritable-answer",
        }
    }
}

/// Any trouble on its way out of this door.
#[derive(Debug)]
pub struct Refused(Problem);

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Refused {
        Refused(problem)
    }
}

impl<E: Told + 'static> From<E> for Refused {
    fn from(error: E) -> Refused {
        Refused(Problem::of(&error))
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl ResponseError for Refused {
    fn status_code(&self) -> StatusCode {
        self.0.status()
    }

    fn error_response(&self) -> HttpResponse {
        self.0.details()
    }
}

/// For the OpenAPI document: what every address may answer that is only read.
pub struct ReadTroubles;

impl IntoResponses for ReadTroubles {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let mut all = troubles(&[
            (400, "A parameter is not what it should be."),
            (404, "There is nothing public under this address."),
            (405, "This address is only read."),
            (500, "A defect; the operator finds it in the log."),
            (503, "Busy; try again."),
        ]);
        let unchanged = ResponseBuilder::new().description("It is still what If-None-Match names.");
        all.insert("304".to_owned(), unchanged.build().into());
        all
    }
}

/// Problems by their status.
fn troubles(all: &[(u16, &str)]) -> BTreeMap<String, RefOr<Response>> {
    let problem = || Content::new(Some(Ref::from_schema_name(ProblemDetails::name())));
    let response = |told: &str| {
        ResponseBuilder::new().description(told).content("application/problem+json", problem()).build()
    };
    all.iter().map(|(status, told)| (status.to_string(), response(told).into())).collect()
}
