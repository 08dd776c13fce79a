//! The answers of the feed: bytes with their type and how long they may be kept, compressed where that is agreed.

use crate::base::digest::Digest;
use crate::web::answer::{accepts_gzip, compressed, has_already};
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};

pub const TEXT: &str = "text/plain; charset=utf-8";
pub const BYTES: &str = "application/octet-stream";

/// How long others may keep an answer (civic-feed §2.6).
#[derive(Clone, Copy)]
pub enum Keep {
    /// Asked for each time.
    Never,
    Hour,
    /// No longer, so that caches forget what was erased.
    Day,
    /// The address names these very bytes.
    Forever,
}

impl Keep {
    fn header(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Keep::Never => "no-cache",
            Keep::Hour => "public, max-age=3600",
            Keep::Day => "public, max-age=86400",
            Keep::Forever => "public, max-age=31536000, immutable",
        })
    }
}

/// Bytes as they are, with their digest as ETag; 304 if the client has them.
pub fn tagged(request: &HttpRequest, bytes: Vec<u8>, content_type: &'static str, keep: Keep) -> HttpResponse {
    // SPEC: civic-feed §2.3, a strong ETag: the quoted hash of the note.
    let etag = format!("\"{}\"", Digest::of(&bytes));
    let etag = HeaderValue::try_from(etag).unwrap_or_else(|_| HeaderValue::from_static("\"\""));
    let mut answer = if has_already(request.headers(), &etag) {
        HttpResponse::NotModified().finish()
    } else {
        HttpResponse::Ok().insert_header((header::CONTENT_TYPE, content_type)).body(bytes)
    };
    answer.headers_mut().insert(header::ETAG, etag);
    answer.headers_mut().insert(header::CACHE_CONTROL, keep.header());
    answer
}

/// Octets, compressed if the client takes that and it makes them smaller. `ready` is the compressed form, if it
/// was made before.
pub fn octets(request: &HttpRequest, bytes: Vec<u8>, ready: Option<Vec<u8>>, keep: Keep) -> HttpResponse {
    // SPEC: civic-feed §2.3, Content-Encoding: gzip is the mandatory baseline.
    let gzip = match accepts_gzip(request.headers()) {
        true => ready.map(Into::into).or_else(|| compressed(&bytes)),
        false => None,
    };
    let mut answer = HttpResponse::Ok();
    answer.insert_header((header::CONTENT_TYPE, BYTES));
    answer.insert_header((header::CACHE_CONTROL, keep.header()));
    answer.insert_header((header::VARY, "accept-encoding"));
    answer.insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"));
    match gzip {
        Some(gzip) => answer.insert_header((header::CONTENT_ENCODING, "gzip")).body(gzip),
        None => answer.body(bytes),
    }
}
