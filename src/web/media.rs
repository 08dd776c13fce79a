//! Pictures and files that this node holds, under addresses that name their bytes. Caches keep them for a day only.

use super::State;
use super::answer::{Answer, Caching};
use super::problem::Problem;
use crate::base::digest::Digest;
use crate::domain::content::body::Body;
use crate::domain::content::media::MediaError;
use crate::domain::content::media::pictures::{Copy, Picture};
use crate::domain::content::published::Snapshot;
use crate::domain::content::store::{bodies, media as rows};
use crate::platform::db::{DbError, Reading};
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

/// The type of everything else.
const KEPT: &str = "application/octet-stream";

/// SPEC: bodies and media at most a day (civic-feed §2.5), so that caches forget what was erased.
const KEEP: Caching = Caching::Seconds(24 * 3600);

pub fn configure(routes: &mut web::ServiceConfig) {
    routes.route("/media/{name}", web::get().to(medium)).route("/media/{name}", web::head().to(medium));
}

/// A picture or file that the node holds, as a page shows it.
#[derive(Clone, Debug)]
pub struct Held {
    /// Its own address.
    pub address: String,
    /// Width and height in pixels.
    pub size: Option<(u32, u32)>,
    /// Widths and addresses to choose from, narrowest first; empty if there is nothing to choose.
    pub choice: Vec<(u32, String)>,
}

/// A wider picture is not among those to choose from: its smaller copies are as good on every screen.
const WIDEST_PIXELS: u32 = 2560;

impl Held {
    /// The narrowest that is at least so wide, or else the picture itself.
    pub fn at_least(&self, pixels: u32) -> &str {
        self.choice.iter().find(|(width, _)| *width >= pixels).map_or(&self.address, |(_, address)| address)
    }
}

impl State {
    /// The address of a picture or file of `body`, below the site's own, such as `media/<sha256>.png`.
    /// `None` if the node does not hold it.
    pub fn medium_path(&self, body: &Body, sha256: Digest) -> Option<String> {
        let medium = body.media.iter().find(|medium| medium.sha256 == sha256)?;
        self.blobs.holds(&sha256).then(|| path(&sha256, None, &medium.mime))
    }

    /// As [`State::medium_path`], with its size and smaller copies; `base` goes before each path.
    pub fn held(&self, snapshot: &Snapshot, body: &Body, sha256: Digest, base: &str) -> Option<Held> {
        let address = format!("{base}{}", self.medium_path(body, sha256)?);
        let Some(Picture { width, height, copies }) = snapshot.pictures.of(&sha256) else {
            return Some(Held { address, size: None, choice: Vec::new() });
        };
        let copy =
            |copy: &Copy| (copy.width, format!("{base}{}", path(&sha256, Some(copy.width), &copy.mime)));
        let mut choice: Vec<(u32, String)> = copies.iter().map(copy).collect();
        if !choice.is_empty() && *width <= WIDEST_PIXELS {
            choice.push((*width, address.clone()));
        }
        Some(Held { address, size: Some((*width, *height)), choice })
    }
}

fn path(sha256: &Digest, width: Option<u32>, mime: &str) -> String {
    let end = SHOWN.iter().find(|(known, _)| *known == mime).map_or("bin", |(_, end)| *end);
    match width {
        None => format!("media/{sha256}.{end}"),
        Some(width) => format!("media/{sha256}-{width}.{end}"),
    }
}

/// The digest in a file's name, the width of a smaller copy, and the end.
fn parts(name: &str) -> Option<(Digest, Option<u32>, &str)> {
    let (stem, end) = name.split_once('.')?;
    match stem.split_once('-') {
        None => Some((stem.parse().ok()?, None, end)),
        Some((digest, width)) => Some((digest.parse().ok()?, Some(width.parse().ok()?), end)),
    }
}

/// What to answer for a digest, and its type: as it is stored, whatever end the caller wrote. Only what a text or facts
/// show to readers now is given to anybody: neither what was uploaded and not used yet, nor what only pages show that
/// were taken back.
async fn shown(
    state: &State,
    sha256: Digest,
    width: Option<u32>,
    end: &str,
) -> Result<(Answer, &'static str), Problem> {
    let wanted = SHOWN.iter().find(|(_, known)| *known == end).map(|(mime, _)| *mime);
    let copy = |width| {
        let showing = state.showing();
        let copies = &showing.snapshot.pictures.of(&sha256)?.copies;
        let is = |copy: &&Copy| copy.width == width && wanted == Some(copy.mime.as_str());
        copies.iter().find(is).map(|copy| copy.sha256)
    };
    let file = match width {
        None => sha256,
        Some(width) => copy(width).ok_or_else(Problem::no_such_address)?,
    };
    // A copy was found by its type; an end that is none of ours offers a file to keep.
    let known = if wanted.is_some() && width.is_none() { None } else { Some(wanted.unwrap_or(KEPT)) };
    let blobs = state.blobs.clone();
    let answer = state.database.run(move |database| {
        let mime = database.read::<_, DbError>(|tx| match rows::is_public(tx, &sha256)? {
            true => Ok(Some(known.map_or_else(|| stored_type(tx, &sha256), Ok)?)),
            false => Ok(None),
        })?;
        let Some(mime) = mime else { return Ok(None) };
        // Compressed here too, where that keeps nobody waiting.
        let answer = blobs.read(&file)?.map(|bytes| (Answer::of(bytes, mime, KEEP), mime));
        Ok::<_, MediaError>(answer)
    });
    answer.await?.ok_or_else(Problem::no_such_address)
}

/// The type of a medium, [`KEPT`] if browsers may not show it: by its row, else by a text or facts that name it.
fn stored_type(tx: &mut impl Reading, sha256: &Digest) -> Result<&'static str, DbError> {
    let stored = rows::entries(tx, &[*sha256])?.remove(sha256).map(|entry| entry.mime);
    let mime = match stored {
        Some(mime) => Some(mime),
        None => told_type(tx, sha256)?,
    };
    let shown = SHOWN.iter().find(|(known, _)| mime.as_deref() == Some(*known));
    Ok(shown.map_or(KEPT, |(mime, _)| *mime))
}

fn told_type(tx: &mut impl Reading, sha256: &Digest) -> Result<Option<String>, DbError> {
    let Some((_, _, digest)) = rows::named_in(tx, sha256)?.into_iter().next() else { return Ok(None) };
    let bytes = bodies::load(tx, &[digest])?;
    let body = bytes.get(&digest).and_then(|bytes| Body::parse(bytes.as_bytes()).ok());
    let medium = body.and_then(|body| body.media.into_iter().find(|medium| medium.sha256 == *sha256));
    Ok(medium.map(|medium| medium.mime))
}

async fn medium(request: HttpRequest, state: web::Data<State>) -> Result<HttpResponse, Problem> {
    let name = request.match_info().get("name").unwrap_or_default();
    let (digest, width, end) = parts(name).ok_or_else(Problem::no_such_address)?;
    let (answer, mime) = shown(&state, digest, width, end).await?;
    let mut answer = answer.respond(&request);
    let headers = answer.headers_mut();
    if mime == "image/svg+xml" {
        // A drawing from elsewhere may hold a script; opened on its own it must not run as ours.
        let nothing = HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; sandbox");
        headers.insert(header::CONTENT_SECURITY_POLICY, nothing);
    }
    if mime == KEPT {
        headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment"));
    }
    Ok(answer)
}
