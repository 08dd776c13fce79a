//! Keeps what was fetched, and shows every text that is complete now: it and its pictures are here, so that nobody ever
//! reads half a page; until then the former one stays.

use super::error::PeerError;
use super::store::feeds::{self, News};
use super::store::fold::{self as rows, HeadRow, WantRow};
use super::store::{blobs, holding};
use super::{Peers, poll, wanted};
use crate::base::digest::Digest;
use crate::base::id::ObjectId;
use crate::base::language::LanguageTag;
use crate::base::moment::Moment;
use crate::domain::content::body::{Body, Medium};
use crate::domain::content::media::pictures;
use crate::domain::content::store as content;
use crate::platform::db::Write;
use crate::platform::fetch::remote::Remote;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// SPEC: retry 1 min…24 h (civic-feed §2.8).
const FIRST_RETRY_SECONDS: i64 = 60;
const LONGEST_RETRY_SECONDS: i64 = 24 * 3600;
/// SPEC: media 20 MiB (civic-feed §2.17).
pub(super) const LARGEST_MEDIUM_BYTES: u64 = 20 * 1024 * 1024;
/// A picture that failed so often is done without: its text is shown with the alternative text.
const MEDIUM_TRIES: i64 = 3;
const GIVEN_UP: i64 = 1000;
/// Pictures that browsers show without running anything in them.
pub(super) const MEDIA_TYPES: [&str; 5] =
    ["image/jpeg", "image/png", "image/webp", "image/gif", "image/avif"];

/// What came of fetching one blob.
pub enum Outcome {
    Body(String, Box<Body>),
    Medium {
        size_bytes: u64,
        mime: &'static str,
    },
    /// Not to be had in this form, ever.
    Unusable(String),
    Failed(String, Reach),
}

/// Whether the server was there.
#[derive(Clone, Copy, PartialEq)]
pub enum Reach {
    Answered,
    Silent,
}

/// Stores what arrived, in one transaction, and says of the rest when to try again; the objects with a text that is
/// shown now.
pub fn keep(
    tx: &mut Write<'_>,
    peers: &Peers,
    origin: &str,
    remote: &Remote,
    outcomes: Vec<(WantRow, Outcome)>,
) -> Result<BTreeSet<ObjectId>, PeerError> {
    let now = peers.clock.now();
    let (mut bodies, mut done, mut held) = (Vec::new(), Vec::new(), BTreeMap::new());
    let mut media: Vec<String> = Vec::new();
    let digests: Vec<String> = outcomes.iter().map(|(want, _)| want.sha256.clone()).collect();
    // What another process found erased or withdrawn while it travelled must not come back: nothing would delete it.
    let wanted = blobs::wants_in(tx, origin, &digests)?;
    let wanted: HashSet<String> = wanted.into_iter().map(|want| want.sha256).collect();
    let (outcomes, late): (Vec<_>, Vec<_>) =
        outcomes.into_iter().partition(|(want, _)| wanted.contains(&want.sha256));
    content::media::mark_idle(tx, &late.into_iter().filter_map(file_of).collect::<Vec<_>>())?;
    for (want, outcome) in outcomes {
        match whole(peers, &want, outcome) {
            Outcome::Body(text, body) => {
                held.extend(want_media(tx, origin, &body)?);
                held.insert(want.sha256.clone(), want.size_bytes);
                done.push(want.sha256);
                bodies.push((Digest::of(text.as_bytes()), text));
            }
            Outcome::Medium { size_bytes, mime } => {
                let size = i64::try_from(size_bytes).unwrap_or(i64::MAX);
                let source = remote.address(&format!("blob/{}", want.sha256));
                blobs::insert_medium(tx, &want.sha256, size, mime, &source)?;
                held.insert(want.sha256.clone(), size);
                media.push(want.sha256.clone());
                done.push(want.sha256);
            }
            Outcome::Unusable(why) => {
                let next = now.plus_seconds(LONGEST_RETRY_SECONDS).micros();
                blobs::put_off(tx, &want, GIVEN_UP, next, &why)?;
            }
            Outcome::Failed(why, _) => {
                let wait = poll::backoff(FIRST_RETRY_SECONDS, want.tries, LONGEST_RETRY_SECONDS);
                let next = now.plus_seconds(wait).micros();
                blobs::put_off(tx, &want, want.tries + 1, next, &why)?;
            }
        }
    }
    content::bodies::save(tx, &bodies)?;
    // Texts of any feed are shown without what failed so often.
    if blobs::failed(tx, &media, MEDIUM_TRIES)? {
        pictures::show_anew(tx)?;
    }
    rows::delete_wants(tx, origin, &done)?;
    holding::hold(tx, origin, &held)?;
    show(tx, origin, now)
}

/// The digest of a medium whose file was written.
fn file_of((want, outcome): (WantRow, Outcome)) -> Option<String> {
    matches!(outcome, Outcome::Medium { .. }).then_some(want.sha256)
}

/// A medium whose file is gone already, since another process let go of it meanwhile, is fetched again.
fn whole(peers: &Peers, want: &WantRow, outcome: Outcome) -> Outcome {
    let is_here = |digest: Digest| peers.blobs.holds(&digest);
    match outcome {
        Outcome::Medium { .. } if !want.sha256.parse().is_ok_and(is_here) => Outcome::Failed(
            format!("medium {} was deleted while it was stored", want.sha256),
            Reach::Answered,
        ),
        other => other,
    }
}

/// Wants the pictures that a text names and that are not here yet; the sizes of those that are.
fn want_media(tx: &mut Write<'_>, origin: &str, body: &Body) -> Result<HashMap<String, i64>, PeerError> {
    let fits =
        |medium: &&Medium| medium.size <= LARGEST_MEDIUM_BYTES && MEDIA_TYPES.contains(&medium.mime.as_str());
    let wanted: Vec<_> = body.media.iter().filter(fits).collect();
    let digests: Vec<String> = wanted.iter().map(|medium| medium.sha256.to_string()).collect();
    let here = blobs::media_in(tx, &digests)?;
    let missing = wanted.into_iter().filter(|medium| !here.contains_key(&medium.sha256.to_string()));
    let missing: Vec<WantRow> = missing
        .map(|medium| WantRow {
            origin: origin.to_owned(),
            sha256: medium.sha256.to_string(),
            kind: "media".to_owned(),
            size_bytes: i64::try_from(medium.size).unwrap_or(i64::MAX),
            tries: 0,
            next_at: 0,
            last_error: None,
        })
        .collect();
    rows::insert_wants(tx, &missing)?;
    Ok(here)
}

/// Shows every waiting text that is complete now.
fn show(tx: &mut Write<'_>, origin: &str, now: Moment) -> Result<BTreeSet<ObjectId>, PeerError> {
    let waiting = blobs::waiting_heads(tx, origin)?;
    let digests: Vec<String> = waiting.iter().map(|head| head.body.clone()).collect();
    // What only another feed brought has yet to be taken over for this one, with its pictures.
    let digests: Vec<String> = holding::held_in(tx, origin, &digests)?.into_iter().collect();
    let mut bodies: HashMap<String, Body> = HashMap::new();
    for (digest, text) in blobs::bodies_in(tx, &digests)? {
        if let Ok(body) = serde_json::from_str(&text) {
            bodies.insert(digest, body);
        }
    }
    let named = bodies.values().flat_map(|body| &body.media).map(|medium| medium.sha256.to_string());
    let named: Vec<String> = named.collect();
    let missing: HashSet<String> = blobs::wants_in(tx, origin, &named)?
        .into_iter()
        .filter(|want| want.tries < MEDIUM_TRIES)
        .map(|want| want.sha256)
        .collect();
    let (mut shown, mut left): (Vec<HeadRow>, Vec<String>) = (Vec::new(), Vec::new());
    let mut news = News::Words;
    for mut head in waiting {
        let Some(body) = bodies.get(&head.body) else { continue };
        if body.media.iter().any(|medium| missing.contains(&medium.sha256.to_string())) {
            continue;
        }
        introduce(tx, origin, body)?;
        let is_first = head.ready_body.is_none();
        if is_first || head.language == LanguageTag::none().as_str() {
            news = News::Places;
        }
        left.extend(head.ready_body.replace(head.body.clone()).filter(|former| *former != head.body));
        head.ready_rev = Some(head.rev);
        head.ready_at = Some(now.micros());
        head.state = "ready".to_owned();
        shown.push(head);
    }
    // Whatever shows another contact than before needs another, and a profile tells of a region, or no longer.
    let read = shown.iter().map(|head| head.body.clone()).chain(left.iter().cloned());
    let objects: Vec<String> = shown.iter().map(|head| head.object.clone()).collect();
    if blobs::show_contacts(tx, &read.collect::<Vec<_>>())? || blobs::are_profiles(tx, origin, &objects)? {
        news = News::Places;
    }
    if !shown.is_empty() {
        let number = feeds::count_news(tx, origin, news)?;
        shown.iter_mut().for_each(|head| head.news = number);
    }
    rows::upsert_heads(tx, &shown)?;
    wanted::forget(tx, origin, &left, &[])?;
    Ok(shown.iter().filter_map(|head| head.object.parse().ok()).collect())
}

/// The profile of a node tells its name and where it is read.
fn introduce(tx: &mut Write<'_>, origin: &str, body: &Body) -> Result<(), PeerError> {
    let Some(card) = &body.node else { return Ok(()) };
    let node = origin.split('/').next().unwrap_or_default();
    let name: String = body.title.chars().filter(|letter| !letter.is_control()).take(120).collect();
    // A site that is no web address would become a link to anything.
    if !name.trim().is_empty() && (card.site.starts_with("https://") || card.site.starts_with("http://")) {
        feeds::introduce(tx, node, name.trim(), &card.site)?;
    }
    Ok(())
}
