//! An answer made once and given often: compressed beforehand, with a strong ETag for each form.

use crate::base::digest::Digest;
use crate::domain::content::published::Stamp;
use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::body::{BodySize, MessageBody};
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap, HeaderValue};
use actix_web::web::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::collections::HashSet;
use std::convert::Infallible;
use std::io::Write;
use std::pin::Pin;
use std::task::{Context, Poll};

/// Bytes and headers of one answer, plain and, where it pays, compressed.
pub struct Answer {
    plain: Form,
    gzip: Option<Form>,
    content_type: HeaderValue,
    cache_control: HeaderValue,
    link: Option<HeaderValue>,
    /// `None`: nobody said.
    parts: Option<Box<[Stamp]>>,
}

struct Form {
    bytes: Bytes,
    etag: HeaderValue,
}

/// How long others may use an answer without asking again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caching {
    /// Kept, but asked for each time: the ETag makes that cheap.
    Revalidate,
    /// As that, by the asker alone.
    Private,
    Seconds(u32),
    /// The address names these very bytes.
    Forever,
}

/// Below this size gzip and its header gain nothing; Integreat draws the line at the same place.
const WORTH_COMPRESSING_BYTES: usize = 200;
const LEVEL: u32 = 6;

impl Answer {
    pub fn of(bytes: impl Into<Bytes>, content_type: &'static str, caching: Caching) -> Answer {
        let bytes = bytes.into();
        let digest = Digest::of(&bytes).to_base64url();
        // 128 bits suffice to tell versions apart.
        let tag = digest.get(..22).unwrap_or(&digest);
        let gzip = if is_compressible(content_type) { compressed(&bytes) } else { None };
        let form = |bytes, tag: String| Form { bytes, etag: header_value(format!("\"{tag}\"")) };
        Answer {
            gzip: gzip.map(|bytes| form(bytes, format!("{tag}-gz"))),
            plain: form(bytes, tag.to_owned()),
            content_type: HeaderValue::from_static(content_type),
            cache_control: caching.header(),
            link: None,
            parts: None,
        }
    }

    pub fn json(bytes: impl Into<Bytes>) -> Answer {
        Answer::of(bytes, "application/json", Caching::Revalidate)
    }

    pub fn html(page: String) -> Answer {
        Answer::of(page, "text/html; charset=utf-8", Caching::Revalidate)
    }

    /// Its ETags begin with `version` and a hyphen.
    pub fn of_version(mut self, version: i64) -> Answer {
        for form in std::iter::once(&mut self.plain).chain(&mut self.gzip) {
            let tag = form.etag.to_str().unwrap_or_default().trim_matches('"');
            form.etag = header_value(format!("\"{version}-{tag}\""));
        }
        self
    }

    /// Where the list goes on: RFC 8288.
    pub fn with_next(mut self, url: &str) -> Answer {
        self.link = Some(header_value(format!("<{url}>; rel=\"next\"")));
        self
    }

    /// It follows from these parts of a snapshot alone, and so is right for every snapshot that has them all.
    pub fn made_of(mut self, parts: impl IntoIterator<Item = Stamp>) -> Answer {
        self.parts = Some(parts.into_iter().collect());
        self
    }

    /// Whether it is right for a snapshot that has these parts.
    pub fn is_made_of(&self, parts: &HashSet<Stamp>) -> bool {
        self.parts.as_ref().is_some_and(|own| own.iter().all(|part| parts.contains(part)))
    }

    /// As they are without compression.
    pub fn bytes(&self) -> &Bytes {
        &self.plain.bytes
    }

    /// In memory, with what is kept around the bytes.
    pub fn size_bytes(&self) -> usize {
        /// The place in the map, the buffers of headers.
        const AROUND_BYTES: usize = 512;
        size_of::<Answer>()
            + AROUND_BYTES
            + self.plain.bytes.len()
            + self.gzip.as_ref().map_or(0, |form| form.bytes.len())
    }

    /// 200 in the form the client takes, 304 if it has that one already; the server drops the body for HEAD.
    pub fn respond(&self, request: &HttpRequest) -> HttpResponse {
        let headers = request.headers();
        let (form, is_gzip) = match &self.gzip {
            Some(gzip) if accepts_gzip(headers) => (gzip, true),
            _ => (&self.plain, false),
        };
        let mut answer = if has_already(headers, &form.etag) {
            HttpResponse::new(StatusCode::NOT_MODIFIED)
        } else {
            let mut full =
                HttpResponse::with_body(StatusCode::OK, Slices(form.bytes.clone())).map_into_boxed_body();
            full.headers_mut().insert(header::CONTENT_TYPE, self.content_type.clone());
            if is_gzip {
                full.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            }
            full
        };
        let out = answer.headers_mut();
        out.insert(header::ETAG, form.etag.clone());
        out.insert(header::CACHE_CONTROL, self.cache_control.clone());
        if let Some(link) = &self.link {
            out.insert(header::LINK, link.clone());
        }
        if self.gzip.is_some() {
            out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        }
        answer
    }
}

impl Caching {
    fn header(self) -> HeaderValue {
        match self {
            Caching::Revalidate => HeaderValue::from_static("public, no-cache"),
            Caching::Private => HeaderValue::from_static("private, no-cache"),
            Caching::Seconds(seconds) => header_value(format!("public, max-age={seconds}")),
            Caching::Forever => HeaderValue::from_static("public, max-age=31536000, immutable"),
        }
    }
}

/// A body handed out in slices, so that a large answer is never copied whole into a connection's buffer.
struct Slices(Bytes);

const SLICE_BYTES: usize = 32 * 1024;

impl MessageBody for Slices {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        BodySize::Sized(self.0.len() as u64)
    }

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Bytes, Infallible>>> {
        let size = self.0.len().min(SLICE_BYTES);
        Poll::Ready((size > 0).then(|| Ok(self.0.split_to(size))))
    }

    fn try_into_bytes(self) -> Result<Bytes, Self> {
        Ok(self.0)
    }
}

/// The text is ours and ASCII.
fn header_value(text: String) -> HeaderValue {
    HeaderValue::try_from(text).unwrap_or_else(|_| HeaderValue::from_static(""))
}

fn is_compressible(content_type: &str) -> bool {
    const BINARY: [&str; 4] = ["image/", "font/", "audio/", "video/"];
    content_type.starts_with("image/svg")
        || !(BINARY.iter().any(|kind| content_type.starts_with(kind))
            || ["application/octet-stream", "application/pdf", "application/zip"].contains(&content_type))
}

/// `None` if it would not become smaller.
pub(super) fn compressed(bytes: &[u8]) -> Option<Bytes> {
    if bytes.len() < WORTH_COMPRESSING_BYTES {
        return None;
    }
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 4), Compression::new(LEVEL));
    encoder.write_all(bytes).ok()?;
    let mut small = encoder.finish().ok()?;
    small.shrink_to_fit();
    (small.len() < bytes.len()).then(|| Bytes::from(small))
}

/// SPEC: RFC 9110 §12.5.3: `gzip` (or its old name, or `*`) named without `q=0`; a word on gzip itself wins over `*`.
pub(super) fn accepts_gzip(headers: &HeaderMap) -> bool {
    let mut others = false;
    for line in headers.get_all(header::ACCEPT_ENCODING) {
        for item in line.to_str().unwrap_or_default().split(',') {
            let (coding, weight) = item.split_once(';').unwrap_or((item, ""));
            let weight = weight.trim().strip_prefix("q=").unwrap_or("1");
            let wanted = weight.trim().parse::<f32>().unwrap_or(0.0) > 0.0;
            match coding.trim() {
                "gzip" | "x-gzip" | "GZIP" => return wanted,
                "*" => others = wanted,
                _ => {}
            }
        }
    }
    others
}

/// SPEC: RFC 9110 §13.1.2: If-None-Match compares weakly, over a list, `*` matches anything that exists.
pub(super) fn has_already(headers: &HeaderMap, etag: &HeaderValue) -> bool {
    let etag = etag.as_bytes();
    headers.get_all(header::IF_NONE_MATCH).any(|line| {
        line.as_bytes() == etag
            || line.as_bytes().split(|byte| *byte == b',').any(|tag| {
                let tag = tag.trim_ascii();
                tag == b"*" || tag.strip_prefix(b"W/").unwrap_or(tag) == etag
            })
    })
}

#[cfg(test)]
mod tests {
    use super::{Answer, Caching};
    use actix_web::body::to_bytes;
    use actix_web::http::header::HeaderMap;
    use actix_web::test::TestRequest;
    use flate2::read::GzDecoder;
    use std::io::Read;

    fn answer() -> Answer {
        Answer::json("[1, 2]".repeat(100))
    }

    /// Status, headers and body of the answer to a request with these headers.
    async fn asked(answer: &Answer, headers: &[(&str, &str)]) -> (u16, HeaderMap, Vec<u8>) {
        let mut request = TestRequest::get();
        for header in headers {
            request = request.append_header(*header);
        }
        let response = answer.respond(&request.to_http_request());
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        (status, headers, to_bytes(response.into_body()).await.unwrap().to_vec())
    }

    #[actix_web::test]
    async fn a_client_that_takes_gzip_gets_it_with_an_etag_of_its_own() {
        let answer = answer();
        let (status, plain, body) = asked(&answer, &[]).await;
        assert_eq!((status, body.len()), (200, 600));
        assert!(plain.get("content-encoding").is_none());
        let (_, small, bytes) = asked(&answer, &[("accept-encoding", "br, gzip;q=0.5")]).await;
        assert_eq!(small.get("content-encoding").unwrap(), "gzip");
        assert_eq!(small.get("vary").unwrap(), "accept-encoding");
        assert_eq!(plain.get("vary"), small.get("vary"));
        assert_ne!(plain.get("etag"), small.get("etag"));
        let mut text = Vec::new();
        GzDecoder::new(bytes.as_slice()).read_to_end(&mut text).unwrap();
        assert_eq!(text, body);
        for refusal in ["identity", "gzip;q=0", "br, *;q=0", "gzip;q=0, *"] {
            let (_, headers, _) = asked(&answer, &[("accept-encoding", refusal)]).await;
            assert!(headers.get("content-encoding").is_none(), "{refusal}");
        }
    }

    #[actix_web::test]
    async fn a_client_that_has_it_already_is_told_so() {
        let answer = answer();
        let (_, headers, _) = asked(&answer, &[]).await;
        let etag = headers.get("etag").unwrap().to_str().unwrap().to_owned();
        let list = format!("\"other\", W/{etag}");
        for known in [etag.as_str(), list.as_str(), "*"] {
            let (status, headers, body) = asked(&answer, &[("if-none-match", known)]).await;
            assert_eq!((status, body.len()), (304, 0), "{known}");
            assert_eq!(headers.get("etag").unwrap().to_str().unwrap(), etag);
            assert!(headers.get("cache-control").is_some() && headers.get("content-type").is_none());
        }
        let (status, _, _) = asked(&answer, &[("if-none-match", "\"other\"")]).await;
        assert_eq!(status, 200);
        // The compressed form is another representation: its tag does not stand for the plain one.
        let (status, _, _) = asked(&answer, &[("if-none-match", &etag), ("accept-encoding", "gzip")]).await;
        assert_eq!(status, 200);
    }

    #[actix_web::test]
    async fn what_does_not_become_smaller_stays_as_it_is() {
        let short = Answer::json("[]");
        let (_, headers, _) = asked(&short, &[("accept-encoding", "gzip")]).await;
        assert!(headers.get("content-encoding").is_none() && headers.get("vary").is_none());
        let picture = Answer::of("x".repeat(1000), "image/png", Caching::Forever);
        let (_, headers, _) = asked(&picture, &[("accept-encoding", "gzip")]).await;
        assert!(headers.get("content-encoding").is_none());
        assert_eq!(headers.get("cache-control").unwrap(), "public, max-age=31536000, immutable");
    }

    #[actix_web::test]
    async fn a_large_answer_arrives_whole() {
        let large: Vec<u8> = (0..200_000_u32).flat_map(u32::to_le_bytes).collect();
        let answer = Answer::of(large.clone(), "application/octet-stream", Caching::Seconds(5));
        let (_, headers, body) = asked(&answer, &[]).await;
        assert!(body == large);
        assert_eq!(headers.get("cache-control").unwrap(), "public, max-age=5");
    }
}
