//! What this API refuses, and how it is told: RFC 9457 problems, whatever went wrong.

use crate::base::error::{Kind, Told};
use crate::domain::access::AccessError;
use crate::domain::content::ContentError;
use crate::domain::content::media::MediaError;
use crate::platform::db::DbError;
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
    #[error("the body did not arrive whole")]
    BrokenOff,
    #[error("the body is not what is expected here: {why}")]
    Malformed { why: String },
    #[error("the {member} has more than {most} characters")]
    TooLong { member: &'static str, most: usize },
    #[error("an item of this kind needs {needs}")]
    SaysNothing { needs: &'static str },
    #[error("only pages stand below one another")]
    NoTree,
    #[error("a page stands before another one or after one; give one of both")]
    BeforeAndAfter,
    #[error("the item has changed since: its version is {now}; look at it again")]
    Stale { now: i64 },
    #[error("the library holds no medium {named:?}; /api/v1/media lists all")]
    UnknownMedium { named: String },
    #[error("the body is said to be {told} and is {found}; send it as what it is")]
    OtherPicture { told: String, found: &'static str },
    #[error(transparent)]
    Media(MediaError),
    #[error(transparent)]
    Access(#[from] AccessError),
    #[error(transparent)]
    Content(#[from] ContentError),
    #[error(transparent)]
    Db(#[from] DbError),
    #[error("an answer could not be written as JSON")]
    Unwritable(#[from] serde_json::Error),
}

impl Told for Refusal {
    fn kind(&self) -> Kind {
        match self {
            Refusal::UnknownRegion { .. } | Refusal::UnknownItem { .. } | Refusal::UnknownMedium { .. } => {
                Kind::NotFound
            }
            Refusal::UnknownParameter { .. }
            | Refusal::RepeatedParameter { .. }
            | Refusal::Parameter { .. }
            | Refusal::BrokenOff
            | Refusal::Malformed { .. }
            | Refusal::TooLong { .. }
            | Refusal::SaysNothing { .. }
            | Refusal::NoTree
            | Refusal::BeforeAndAfter
            | Refusal::OtherPicture { .. } => Kind::Invalid,
            Refusal::Media(error) => error.kind(),
            Refusal::Stale { .. } => Kind::Conflict,
            // Whoever asks may change items, and could if this one were not another node's.
            Refusal::Content(ContentError::Mirrored { .. }) => Kind::Conflict,
            // It is not what the address names.
            Refusal::Content(ContentError::UnknownTerm { .. }) => Kind::Invalid,
            Refusal::Access(error) => error.kind(),
            Refusal::Content(error) => error.kind(),
            Refusal::Db(error) => error.kind(),
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
            Refusal::BrokenOff => "body-broken-off",
            Refusal::Malformed { .. } => "body-malformed",
            Refusal::TooLong { .. } => "text-too-long",
            Refusal::SaysNothing { .. } => "says-nothing",
            Refusal::NoTree => "no-tree",
            Refusal::BeforeAndAfter => "before-and-after",
            Refusal::Stale { .. } => "stale-version",
            Refusal::UnknownMedium { .. } => "unknown-medium",
            Refusal::OtherPicture { .. } => "medium-of-other-type",
            Refusal::Media(error) => error.code(),
            Refusal::Access(error) => error.code(),
            Refusal::Content(error) => error.code(),
            Refusal::Db(error) => error.code(),
            Refusal::Unwritable(_) => "unwritable-answer",
        }
    }
}

impl From<MediaError> for Refusal {
    fn from(error: MediaError) -> Refusal {
        match error {
            MediaError::Unknown { sha256 } => Refusal::UnknownMedium { named: sha256.to_string() },
            MediaError::Content(error) => Refusal::Content(error),
            MediaError::Db(error) => Refusal::Db(error),
            error => Refusal::Media(error),
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

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Refused {
        Refused(match &refusal {
            Refusal::Access(AccessError::Stranger) => Problem::of_stranger(&refusal),
            Refusal::Stale { .. } => Problem::of_stale(&refusal),
            _ => Problem::of(&refusal),
        })
    }
}

impl From<AccessError> for Refused {
    fn from(error: AccessError) -> Refused {
        Refusal::from(error).into()
    }
}

impl From<ContentError> for Refused {
    fn from(error: ContentError) -> Refused {
        Refusal::from(error).into()
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
            (405, "This address does not take this method."),
            (500, "A defect; the operator finds it in the log."),
            (503, "Busy; try again."),
        ]);
        let unchanged = ResponseBuilder::new().description("It is still what If-None-Match names.");
        all.insert("304".to_owned(), unchanged.build().into());
        all
    }
}

/// For the OpenAPI document: what every address may answer that needs a token.
pub struct WriteTroubles;

impl IntoResponses for WriteTroubles {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        troubles(&[
            (400, "What was sent is not what it should be."),
            (401, "No token, or one that is of no use."),
            (403, "The token is not for this."),
            (404, "There is no such region, item or medium."),
            (405, "This address does not take this method."),
            (
                409,
                "It contradicts what is there: the item is archived, or another node's; the medium is shown.",
            ),
            (412, "What is to be changed has changed since."),
            (413, "The body is too large."),
            (415, "The body is of another type than the one taken here."),
            (428, "If-Match is missing."),
            (429, "Too many strangers came from there; wait."),
            (500, "A defect; the operator finds it in the log."),
            (503, "Busy; try again."),
        ])
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
