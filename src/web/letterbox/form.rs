//! The fields of a form: multipart as apps and our own pages send it, urlencoded, or a JSON object.

use crate::base::error::{Kind, Told};
use actix_multipart::Multipart;
use actix_web::error::PayloadError;
use actix_web::http::header::HeaderMap;
use actix_web::web::{Bytes, Payload};
use actix_web::{HttpMessage, HttpRequest};
use futures_util::{StreamExt, stream};
use std::collections::HashMap;
use std::fmt::Display;

/// Texts by the name of their field; the last of several with one name counts, as in the CMS.
#[derive(Debug, Default)]
pub struct Form(HashMap<String, String>);

#[derive(Debug, thiserror::Error)]
pub enum FormError {
    #[error("The body is larger than {most} bytes.")]
    TooLarge { most: usize },
    #[error("The body did not arrive whole.")]
    BrokenOff,
    #[error("The body is not what its Content-Type says: {why}")]
    Malformed { why: String },
}

/// The longest comment in any script fits in, as multipart; nothing larger is read.
pub const MOST_BYTES: usize = 64 * 1024;

/// A field that our pages hide and apps do not know: whoever fills it in fills in whatever there is.
const TRAP: &str = "website";

impl Form {
    /// A body of another type holds no field, as in the CMS.
    pub async fn read(request: &HttpRequest, body: Payload) -> Result<Form, FormError> {
        let bytes = match body.to_bytes_limited(MOST_BYTES).await {
            Ok(Ok(bytes)) => bytes,
            Ok(Err(_)) => return Err(FormError::BrokenOff),
            Err(_) => return Err(FormError::TooLarge { most: MOST_BYTES }),
        };
        match request.content_type().to_ascii_lowercase().as_str() {
            "application/json" => json(&bytes),
            "multipart/form-data" => multipart(request.headers(), bytes).await,
            "application/x-www-form-urlencoded" => {
                Ok(Form(url::form_urlencoded::parse(&bytes).into_owned().collect()))
            }
            _ => Ok(Form::default()),
        }
    }

    /// `None` if the field is missing; an empty text is there.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Whether a machine that knows no better filled it in. It is thanked like everybody, or it would try otherwise.
    pub fn is_trapped(&self) -> bool {
        self.field(TRAP).is_some_and(|text| !text.trim().is_empty())
    }
}

fn json(bytes: &[u8]) -> Result<Form, FormError> {
    let object: HashMap<String, serde_json::Value> = serde_json::from_slice(bytes).map_err(malformed)?;
    let text = |value| match value {
        serde_json::Value::Null => None,
        serde_json::Value::String(text) => Some(text),
        other => Some(other.to_string()),
    };
    Ok(Form(object.into_iter().filter_map(|(name, value)| Some((name, text(value)?))).collect()))
}

/// Files are passed over.
async fn multipart(headers: &HeaderMap, bytes: Bytes) -> Result<Form, FormError> {
    let mut fields = HashMap::new();
    let mut parts = Multipart::new(headers, stream::iter([Ok::<_, PayloadError>(bytes)]));
    while let Some(part) = parts.next().await {
        let mut part = part.map_err(malformed)?;
        let is_file = part.content_disposition().is_some_and(|told| told.get_filename().is_some());
        let Some(name) = part.name().filter(|_| !is_file).map(str::to_owned) else { continue };
        let text = part.bytes(MOST_BYTES).await;
        let text = text.map_err(|_| FormError::TooLarge { most: MOST_BYTES })?.map_err(malformed)?;
        fields.insert(name, String::from_utf8_lossy(&text).into_owned());
    }
    Ok(Form(fields))
}

fn malformed(why: impl Display) -> FormError {
    FormError::Malformed { why: why.to_string() }
}

impl Told for FormError {
    fn kind(&self) -> Kind {
        Kind::Invalid
    }

    fn code(&self) -> &'static str {
        match self {
            FormError::TooLarge { .. } => "body-too-large",
            FormError::BrokenOff => "body-broken-off",
            FormError::Malformed { .. } => "body-malformed",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Form, FormError, MOST_BYTES};
    use actix_web::FromRequest;
    use actix_web::test::TestRequest;
    use actix_web::web::Payload;

    async fn read(content_type: &str, body: impl Into<Vec<u8>>) -> Result<Form, FormError> {
        let request = TestRequest::post().insert_header(("content-type", content_type));
        let (request, mut body) = request.set_payload(body.into()).to_http_parts();
        let body = Payload::from_request(&request, &mut body).await.unwrap();
        Form::read(&request, body).await
    }

    #[actix_web::test]
    async fn the_same_fields_come_out_of_each_kind_of_form() {
        let multipart = "--x\r\nContent-Disposition: form-data; name=\"comment\"\r\n\r\nGrüße & mehr\r\n\
            --x\r\nContent-Disposition: form-data; name=\"picture\"; filename=\"a.png\"\r\n\r\nPNG\r\n--x--\r\n";
        for (content_type, body) in [
            ("multipart/form-data; boundary=x", multipart),
            ("application/x-www-form-urlencoded", "comment=x&comment=Gr%C3%BC%C3%9Fe+%26+mehr"),
            ("Application/JSON; charset=utf-8", r#"{"comment": "Grüße & mehr", "picture": null}"#),
        ] {
            let form = read(content_type, body).await.unwrap();
            assert_eq!(form.field("comment"), Some("Grüße & mehr"), "{content_type}");
            assert_eq!(form.field("picture"), None, "{content_type}");
        }
        assert!(read("text/plain", "comment=x").await.unwrap().field("comment").is_none());
    }

    #[actix_web::test]
    async fn what_is_no_form_is_refused_and_what_is_large_is_not_read() {
        for (content_type, body) in [
            ("application/json", "[1]"),
            ("application/json", "{"),
            ("multipart/form-data", "--x--"),
            ("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb"),
        ] {
            let refused = read(content_type, body).await;
            assert!(matches!(refused, Err(FormError::Malformed { .. })), "{content_type} {body}");
        }
        let large = read("application/x-www-form-urlencoded", vec![b'a'; MOST_BYTES + 1]).await;
        assert!(matches!(large, Err(FormError::TooLarge { .. })));
    }

    #[actix_web::test]
    async fn a_field_that_nobody_sees_betrays_a_machine() {
        let form = |text| read("application/x-www-form-urlencoded", text);
        assert!(form("website=https://spam.example").await.unwrap().is_trapped());
        assert!(!form("website=&comment=x").await.unwrap().is_trapped());
    }
}
