//! The only place that turns errors into status codes. Machines get `{"error": …}`; the reader makes a page of it.

use crate::base::error::{Kind, Told};
use crate::platform::clock;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpResponse, ResponseError};
use serde::Serialize;
use std::fmt;
use utoipa::ToSchema;

/// What went wrong, as it may be told to the other side.
#[derive(Debug)]
pub struct Problem {
    pub kind: Kind,
    /// A stable word such as `unknown-region`.
    pub code: &'static str,
    /// For [`Kind::Broken`] a number to ask the operator about, never the cause.
    pub message: String,
    status: StatusCode,
    /// Set when the address is right and only the method is wrong.
    allowed: Option<&'static str>,
    /// After how many seconds it is worth trying again.
    wait_seconds: Option<u64>,
}

/// What is in the way of somebody who is just unlucky is soon gone.
const SOON_SECONDS: u64 = 5;

impl Problem {
    /// Tells `error`; a defect is logged here, once, with all its causes.
    pub fn of(error: &(impl Told + 'static)) -> Problem {
        let message = match error.kind() {
            Kind::Broken => broken(error),
            Kind::Invalid
            | Kind::NotFound
            | Kind::Forbidden
            | Kind::Conflict
            | Kind::Busy
            | Kind::TooOften => error.to_string(),
        };
        Problem::new(error.kind(), error.code(), message)
    }

    fn new(kind: Kind, code: &'static str, message: String) -> Problem {
        let wait_seconds = (kind == Kind::Busy).then_some(SOON_SECONDS);
        let status = match kind {
            Kind::Invalid => StatusCode::BAD_REQUEST,
            Kind::NotFound => StatusCode::NOT_FOUND,
            Kind::Forbidden => StatusCode::FORBIDDEN,
            Kind::Conflict => StatusCode::CONFLICT,
            Kind::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Kind::TooOften => StatusCode::TOO_MANY_REQUESTS,
            Kind::Broken => StatusCode::INTERNAL_SERVER_ERROR,
        };
        Problem { kind, code, message, status, allowed: None, wait_seconds }
    }

    /// Nothing has this address.
    pub fn no_such_address() -> Problem {
        Problem::new(Kind::NotFound, "no-such-address", "Not found.".to_owned())
    }

    /// The address is right, the method is not; `allowed` is what it takes, such as `GET, HEAD`.
    pub fn wrong_method(allowed: &'static str) -> Problem {
        let message = format!("This address takes {allowed} only.");
        let wrong = Problem::new(Kind::Invalid, "wrong-method", message);
        Problem { allowed: Some(allowed), status: StatusCode::METHOD_NOT_ALLOWED, ..wrong }
    }

    /// Nobody knows who asks; `error` says why.
    pub fn of_stranger(error: &(impl Told + 'static)) -> Problem {
        Problem { status: StatusCode::UNAUTHORIZED, ..Problem::of(error) }
    }

    /// What was to be changed is not what the caller saw; `error` says what it is.
    pub fn of_stale(error: &(impl Told + 'static)) -> Problem {
        Problem { status: StatusCode::PRECONDITION_FAILED, ..Problem::of(error) }
    }

    /// The caller does not say what they saw of the thing that they change.
    pub fn unseen() -> Problem {
        let message =
            "If-Match is missing: name the version that you saw by its ETag, or * for any.".to_owned();
        let unseen = Problem::new(Kind::Invalid, "version-not-named", message);
        Problem { status: StatusCode::PRECONDITION_REQUIRED, ..unseen }
    }

    /// The body is larger than `most` bytes.
    pub fn too_large(most: usize) -> Problem {
        let message = format!("The body is larger than {most} bytes.");
        let large = Problem::new(Kind::Invalid, "body-too-large", message);
        Problem { status: StatusCode::PAYLOAD_TOO_LARGE, ..large }
    }

    /// The body is of another type than the one that is expected.
    pub fn other_type(expected: &str) -> Problem {
        let message = format!("The body must be {expected}, and its Content-Type say so.");
        let other = Problem::new(Kind::Invalid, "body-of-other-type", message);
        Problem { status: StatusCode::UNSUPPORTED_MEDIA_TYPE, ..other }
    }

    /// As much work of this sort as there is room for is being done.
    pub fn busy() -> Problem {
        let message = "Others are sending files just now. Please try again.".to_owned();
        Problem::new(Kind::Busy, "busy", message)
    }

    /// The node is shutting down and did not finish what was asked.
    pub fn interrupted() -> Problem {
        let message = "This node is just stopping. Please try again.".to_owned();
        Problem::new(Kind::Busy, "interrupted", message)
    }

    /// The same caller asks too often and may ask again after `wait_seconds`.
    pub fn too_often(wait_seconds: u64) -> Problem {
        let message = "Too many requests. Please try again later.".to_owned();
        let often = Problem::new(Kind::TooOften, "too-often", message);
        Problem { wait_seconds: Some(wait_seconds), ..often }
    }

    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// With a body of the caller's making, such as a page in the reader's language.
    pub fn respond(&self, content_type: &'static str, body: impl Into<String>) -> HttpResponse {
        let mut answer = HttpResponse::with_body(self.status(), body.into()).map_into_boxed_body();
        let headers = answer.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(allowed) = self.allowed {
            headers.insert(header::ALLOW, HeaderValue::from_static(allowed));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = self.wait_seconds {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        answer
    }

    /// RFC 9457.
    pub fn details(&self) -> HttpResponse {
        let status = self.status();
        let told = ProblemDetails {
            sort: format!("urn:problem-type:lotse:{}", self.code),
            title: status.canonical_reason().unwrap_or_default(),
            status: status.as_u16(),
            detail: self.message.clone(),
            code: self.code,
        };
        self.respond("application/problem+json", serde_json::json!(told).to_string())
    }

    /// `{"error": "<message>"}`
    pub fn json(&self) -> HttpResponse {
        self.respond("application/json", serde_json::json!({ "error": self.message }).to_string())
    }
}

/// A problem as RFC 9457 tells it.
#[derive(Serialize, ToSchema)]
pub struct ProblemDetails {
    /// What sort of problem it is: `urn:problem-type:lotse:` and the code.
    #[serde(rename = "type")]
    #[schema(format = "uri")]
    sort: String,
    /// The status in words.
    title: &'static str,
    status: u16,
    /// What is wrong with this request, and what is accepted.
    detail: String,
    /// A stable word, such as `unknown-region`.
    code: &'static str,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// So that handlers may return `Result<HttpResponse, Problem>`; doors for people make a page of it instead.
impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.status()
    }

    fn error_response(&self) -> HttpResponse {
        self.json()
    }
}

impl<E: Told + 'static> From<E> for Problem {
    fn from(error: E) -> Problem {
        Problem::of(&error)
    }
}

fn broken(error: &(impl Told + 'static)) -> String {
    let report = data_encoding::HEXLOWER.encode(&clock::chance::<4>());
    let mut chain = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        chain = format!("{chain}: {inner}");
        cause = inner.source();
    }
    tracing::error!(report, code = error.code(), "a request failed: {chain}");
    format!("This node could not answer. Its operator finds the reason in the log under {report}.")
}

#[cfg(test)]
mod tests {
    use super::Problem;
    use crate::base::error::{Kind, Told};
    use actix_web::ResponseError;
    use actix_web::body::to_bytes;

    #[derive(Debug, thiserror::Error)]
    #[error("the disk at /secret/path said \"no\"")]
    struct Trouble(Kind);

    impl Told for Trouble {
        fn kind(&self) -> Kind {
            self.0
        }
        fn code(&self) -> &'static str {
            "trouble"
        }
    }

    #[actix_web::test]
    async fn every_kind_of_trouble_has_its_status() {
        let kinds = [
            (Kind::Invalid, 400),
            (Kind::NotFound, 404),
            (Kind::Forbidden, 403),
            (Kind::Conflict, 409),
            (Kind::Busy, 503),
            (Kind::TooOften, 429),
            (Kind::Broken, 500),
        ];
        for (kind, status) in kinds {
            assert_eq!(Problem::of(&Trouble(kind)).json().status().as_u16(), status);
        }
    }

    #[actix_web::test]
    async fn the_message_is_told_as_json_but_never_the_cause_of_a_defect() {
        let told = Problem::of(&Trouble(Kind::Invalid)).error_response();
        let body = to_bytes(told.into_body()).await.unwrap();
        assert_eq!(body, r#"{"error":"the disk at /secret/path said \"no\""}"#);
        let hidden = Problem::of(&Trouble(Kind::Broken));
        assert!(!hidden.message.contains("secret") && !hidden.json().headers().contains_key("retry-after"));
    }

    #[actix_web::test]
    async fn who_should_wait_is_told_how_long() {
        let told = Problem::too_often(42).json();
        assert_eq!(
            (told.status().as_u16(), told.headers().get("retry-after").unwrap().as_bytes()),
            (429, &b"42"[..])
        );
        assert!(Problem::interrupted().json().headers().contains_key("retry-after"));
    }

    #[actix_web::test]
    async fn a_wrong_method_is_told_which_are_right() {
        let told = Problem::wrong_method("GET, HEAD").json();
        assert_eq!(told.status(), 405);
        assert_eq!(told.headers().get("allow").unwrap(), "GET, HEAD");
    }
}
