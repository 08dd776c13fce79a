//! Pictures and files that this node holds, under addresses that name their bytes. Caches keep them for a day only.

use super::State;
use super::answer::{Answer, Caching};
use super::problem::Problem;
use crate::base::digest::Digest;
use crate::domain::content::body::{Body, Medium};
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};

/// Types that browsers may show, and the end of their addresses. Everything else is offered as a file to keep.
const SHOWN: [(&str, &str); 14] = [
    ("image/png", "png"),
    ("image/jpeg", "jpg"),
    ("image/gif", "gif"),
    ("image/webp", "webp"),
    ("image/avif", "avif"),
    ("image/svg+xml", "svg"),
    ("application/pdf", "pdf"),
    ("audio/mpeg", "mp3"),
    ("audio/ogg", "ogg"),
    ("audio/mp4", "m4a"),
    ("video/mp4", "mp4"),
    ("video/webm", "webm"),
    ("text/plain", "txt"),
    ("text/calendar", "ics"),
];

/// SPEC: bodies and media at most a day (civic-feed §2.5), so that caches forget what was erased.
const KEEP: Caching = Caching::Seconds(24 * 3600);

pub fn configure(routes: &mut web::ServiceConfig) {
    routes.route("/media/{name}", web::get().to(medium)).route("/media/{name}", web::head().to(medium));
}

impl State {
    /// The address of a picture or file of `body`, below the site's own, such as `media/<sha256>.png`.
    /// `None` if the node does not hold it.
    pub fn medium_path(&self, body: &Body, sha256: Digest) -> Option<String> {
        let medium = body.media.iter().find(|medium| medium.sha256 == sha256)?;
        self.blobs.holds(&sha256).then(|| path(medium))
    }
}

fn path(medium: &Medium) -> String {
    let end = SHOWN.iter().find(|(mime, _)| *mime == medium.mime).map_or("bin", |(_, end)| *end);
    format!("media/{}.{end}", medium.sha256)
}

async fn medium(request: HttpRequest, state: web::Data<State>) -> Result<HttpResponse, Problem> {
    let name = request.match_info().get("name").unwrap_or_default();
    let (digest, end) = name.split_once('.').ok_or_else(Problem::no_such_address)?;
    let digest: Digest = digest.parse().map_err(|_| Problem::no_such_address())?;
    let mime =
        SHOWN.iter().find(|(_, known)| *known == end).map_or("application/octet-stream", |(mime, _)| *mime);
    let blobs = state.blobs.clone();
    let held = web::block(move || blobs.read(&digest)).await.map_err(|_| Problem::interrupted())??;
    let bytes = held.ok_or_else(Problem::no_such_address)?;
    let mut answer = Answer::of(bytes, mime, KEEP).respond(&request);
    let headers = answer.headers_mut();
    if mime == "image/svg+xml" {
        // A drawing from elsewhere may hold a script; opened on its own it must not run as ours.
        let nothing = HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; sandbox");
        headers.insert(header::CONTENT_SECURITY_POLICY, nothing);
    }
    if mime == "application/octet-stream" {
        headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment"));
    }
    Ok(answer)
}
