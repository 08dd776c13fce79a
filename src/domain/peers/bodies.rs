//! Fetches the texts and pictures that entries name (civic-feed §2.8, step 10). A text is shown only when it and its
//! pictures are here, so that nobody ever reads half a page; until then the former one stays.

use super::error::PeerError;
use super::store::blobs;
use super::store::feeds;
use super::store::fold::{self as rows, HeadRow, WantRow};
use super::{Limits, Peers};
use super::{fold, poll, verify, wanted};
use crate::base::digest::Digest;
use crate::base::error::{Kind, Told};
use crate::base::id::ObjectId;
use crate::base::moment::Moment;
use crate::domain::content::body::Body;
use crate::domain::content::store as content;
use crate::platform::db::Write;
use crate::platform::fetch::FetchError;
use crate::platform::fetch::remote::Remote;
use std::collections::{BTreeSet, HashMap, HashSet};
use tokio::task::JoinSet;

const PARALLEL: usize = 4;
const BATCH: i64 = 256;
/// After so many failures in a row the server is left alone for now.
const PATIENCE: usize = 8;
/// SPEC: retry 1 min…24 h (civic-feed §2.8).
const FIRST_RETRY_SECONDS: i64 = 60;
const LONGEST_RETRY_SECONDS: i64 = 24 * 3600;
/// SPEC: media 20 MiB (civic-feed §2.17).
pub(super) const LARGEST_MEDIUM_BYTES: u64 = 20 * 1024 * 1024;
/// A picture that failed so often is done without: its text is shown with the alternative text.
const MEDIUM_TRIES: i64 = 3;
const GIVEN_UP: i64 = 1000;
/// Pictures that browsers show without running anything in them.
const MEDIA_TYPES: [&str; 5] = ["image/jpeg", "image/png", "image/webp", "image/gif", "image/avif"];

/// What came of fetching.
#[derive(Clone, Debug, Default)]
pub struct Fetched {
    /// Objects with a text that can be shown now and could not before.
    pub ready: BTreeSet<ObjectId>,
    pub kept: u64,
    pub failed: u64,
    /// What went wrong last.
    pub trouble: Option<String>,
}

enum Outcome {
    Body(String, Box<Body>),
    Medium {
        size_bytes: u64,
        mime: &'static str,
    },
    /// Not to be had in this form, ever.
    Unusable(String),
    Failed(String, Reach),
}

#[derive(Clone, Copy, PartialEq)]
enum Reach {
    Answered,
    Silent,
}

/// Fetches what is wanted of a feed and due. `told` hears how many blobs were dealt with so far.
/// # Errors: only for trouble here; trouble there is written down with each blob, and told in [`Fetched`].
pub async fn fetch_wanted(peers: &Peers, origin: &str, told: impl Fn(u64)) -> Result<Fetched, PeerError> {
    let mut fetched = Fetched::default();
    loop {
        let (name, now) = (origin.to_owned(), peers.clock.now());
        let due = peers.database.run(move |database| {
            database.read(|tx| {
                let feed = feeds::feed(tx, &name)?.ok_or_else(|| PeerError::Unknown(name.clone()))?;
                let wants = blobs::due_wants(tx, &name, now.micros(), BATCH)?;
                let digests: Vec<String> = wants.iter().map(|want| want.sha256.clone()).collect();
                let here: HashMap<String, String> = blobs::bodies_in(tx, &digests)?.into_iter().collect();
                Ok::<_, PeerError>((feed, wants, here))
            })
        });
        let (feed, wants, here) = due.await?;
        if wants.is_empty() {
            return Ok(fetched);
        }
        let remote = Remote::open(&peers.fetcher, &feed.url)?;
        let outcomes = fetch_batch(peers, &remote, wants, here, feed.held_bytes).await;
        let complete = outcomes.complete;
        let name = origin.to_owned();
        let (kept, failed) = (outcomes.kept(), outcomes.failed());
        if let Some(trouble) = outcomes.trouble() {
            fetched.trouble = Some(trouble);
        }
        let written = peers
            .database
            .run(move |database| database.write(|tx| take_over(tx, &name, &remote, outcomes, now)));
        let (ready, idle_media) = written.await?;
        for digest in idle_media {
            peers.blobs.delete(&digest)?;
        }
        fetched.ready.extend(ready);
        fetched.kept += kept;
        fetched.failed += failed;
        told(fetched.kept + fetched.failed);
        if !complete {
            return Ok(fetched);
        }
    }
}

struct Outcomes {
    all: Vec<(WantRow, Outcome)>,
    /// Everything was tried; false if the server went silent.
    complete: bool,
}

impl Outcomes {
    fn failed(&self) -> u64 {
        self.all.len() as u64 - self.kept()
    }

    fn kept(&self) -> u64 {
        let kept = |(_, outcome): &&(WantRow, Outcome)| {
            matches!(outcome, Outcome::Body(..) | Outcome::Medium { .. })
        };
        self.all.iter().filter(kept).count() as u64
    }

    fn trouble(&self) -> Option<String> {
        self.all.iter().rev().find_map(|(_, outcome)| match outcome {
            Outcome::Unusable(why) | Outcome::Failed(why, _) => Some(why.clone()),
            Outcome::Body(..) | Outcome::Medium { .. } => None,
        })
    }
}

async fn fetch_batch(
    peers: &Peers,
    remote: &Remote,
    wants: Vec<WantRow>,
    here: HashMap<String, String>,
    held_bytes: i64,
) -> Outcomes {
    let mut outcomes = Outcomes { all: Vec::with_capacity(wants.len()), complete: true };
    let (mut open, mut silent, mut planned) = (JoinSet::new(), 0, held_bytes);
    let mut waiting = wants.into_iter();
    loop {
        while open.len() < PARALLEL
            && silent < PATIENCE
            && let Some(want) = waiting.next()
        {
            planned += want.size_bytes;
            let (peers, remote, over) = (peers.clone(), remote.clone(), planned > peers.limits.quota_bytes);
            let bytes = here.get(&want.sha256).map(|text| text.clone().into_bytes());
            open.spawn(async move {
                let outcome = match (over, bytes) {
                    (_, Some(bytes)) => check_body(&want, bytes),
                    (true, None) => Outcome::Failed(over_quota(peers.limits), Reach::Answered),
                    (false, None) => fetch(&peers, &remote, &want).await,
                };
                (want, outcome)
            });
        }
        let Some(done) = open.join_next().await else { break };
        let (want, outcome) = done.unwrap_or_else(|failed| std::panic::resume_unwind(failed.into_panic()));
        silent = if matches!(outcome, Outcome::Failed(_, Reach::Silent)) { silent + 1 } else { 0 };
        outcomes.complete = silent < PATIENCE;
        outcomes.all.push((want, outcome));
        if !outcomes.complete {
            waiting = Vec::new().into_iter();
        }
    }
    outcomes
}

fn over_quota(limits: Limits) -> String {
    format!("the feed would hold more than its quota of {} bytes here", limits.quota_bytes)
}

async fn fetch(peers: &Peers, remote: &Remote, want: &WantRow) -> Outcome {
    let Ok(digest) = want.sha256.parse::<Digest>() else {
        return Outcome::Unusable("its digest is unreadable".to_owned());
    };
    let size_bytes = u64::try_from(want.size_bytes).unwrap_or(0);
    let address = remote.address(&format!("blob/{digest}"));
    // SPEC: declared size enforced while streaming (civic-feed §2.8).
    let bytes = match remote.blob(&digest, size_bytes).await {
        Ok(answer) if answer.status == 200 => answer.bytes,
        Ok(answer) if answer.status == 410 => {
            return Outcome::Unusable(format!("{address} was erased, though no entry says so"));
        }
        Ok(answer) => return Outcome::Failed(format!("{address}: {}", answer.status), Reach::Answered),
        Err(error @ (FetchError::Unreachable { .. } | FetchError::Slow { .. })) => {
            return Outcome::Failed(error.to_string(), Reach::Silent);
        }
        Err(error) if error.kind() == Kind::Invalid => return Outcome::Unusable(error.to_string()),
        Err(error) => return Outcome::Failed(error.to_string(), Reach::Answered),
    };
    if want.kind == "body" {
        check_body(want, bytes)
    } else {
        keep_medium(peers, digest, size_bytes, bytes).await
    }
}

fn check_body(want: &WantRow, bytes: Vec<u8>) -> Outcome {
    let size_bytes = u64::try_from(want.size_bytes).unwrap_or(0);
    let digest = want.sha256.parse().unwrap_or(Digest::from_bytes([0; 32]));
    let checked = verify::body(&bytes, &digest, size_bytes);
    match (checked, String::from_utf8(bytes)) {
        (Ok(body), Ok(text)) => Outcome::Body(text, Box::new(body.into_inner())),
        (Ok(_), Err(_)) => Outcome::Unusable(format!("body {digest} is not UTF-8")),
        // Another digest is damage on the way or a cache; the right bytes may come with the next attempt.
        (Err(why), _) => Outcome::Failed(format!("body {digest}: {why}"), Reach::Answered),
    }
}

async fn keep_medium(peers: &Peers, digest: Digest, size_bytes: u64, bytes: Vec<u8>) -> Outcome {
    if bytes.len() as u64 != size_bytes {
        let found = bytes.len();
        let why = format!("medium {digest} has {found} bytes, its text says {size_bytes}");
        return Outcome::Failed(why, Reach::Answered);
    }
    let found = infer::get(&bytes).map_or("unknown", |found| found.mime_type());
    let Some(mime) = MEDIA_TYPES.into_iter().find(|mime| *mime == found) else {
        return Outcome::Unusable(format!("medium {digest} is of the type {found}, which is not shown here"));
    };
    let store = peers.blobs.clone();
    let kept = tokio::task::spawn_blocking(move || {
        store.put_from(&mut &bytes[..], LARGEST_MEDIUM_BYTES, Some(digest))
    });
    match kept.await {
        Ok(Ok(_)) => Outcome::Medium { size_bytes, mime },
        Ok(Err(error)) => Outcome::Failed(error.to_string(), Reach::Answered),
        Err(failed) => std::panic::resume_unwind(failed.into_panic()),
    }
}

type TakenOver = (BTreeSet<ObjectId>, Vec<Digest>);

fn take_over(
    tx: &mut Write<'_>,
    origin: &str,
    remote: &Remote,
    outcomes: Outcomes,
    now: Moment,
) -> Result<TakenOver, PeerError> {
    let (mut bodies, mut done, mut held) = (Vec::new(), Vec::new(), 0);
    // A text that was withdrawn and shown again in one batch never left, and counts already.
    let digests: Vec<String> = outcomes.all.iter().map(|(want, _)| want.sha256.clone()).collect();
    let here: HashSet<String> = blobs::here(tx, &digests)?.into_iter().collect();
    // What another process found erased or withdrawn while it travelled must not come back: nothing would delete it.
    let wanted = blobs::wants_in(tx, origin, &digests)?;
    let wanted: HashSet<String> = wanted.into_iter().map(|want| want.sha256).collect();
    for (want, outcome) in outcomes.all.into_iter().filter(|(want, _)| wanted.contains(&want.sha256)) {
        match outcome {
            Outcome::Body(text, body) => {
                want_media(tx, origin, &body)?;
                held += if here.contains(&want.sha256) { 0 } else { want.size_bytes };
                done.push(want.sha256);
                bodies.push((Digest::of(text.as_bytes()), text));
            }
            Outcome::Medium { size_bytes, mime } => {
                let size = i64::try_from(size_bytes).unwrap_or(i64::MAX);
                let source = remote.address(&format!("blob/{}", want.sha256));
                blobs::insert_medium(tx, &want.sha256, size, mime, &source)?;
                held += want.size_bytes;
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
    rows::delete_wants(tx, origin, &done)?;
    feeds::add_held(tx, origin, held)?;
    show(tx, origin, now)
}

/// Pictures that a text names and that are not here yet.
fn want_media(tx: &mut Write<'_>, origin: &str, body: &Body) -> Result<(), PeerError> {
    let fits = |medium: &&crate::domain::content::body::Medium| {
        medium.size <= LARGEST_MEDIUM_BYTES && MEDIA_TYPES.contains(&medium.mime.as_str())
    };
    let wanted: Vec<_> = body.media.iter().filter(fits).collect();
    let digests: Vec<String> = wanted.iter().map(|medium| medium.sha256.to_string()).collect();
    let here = blobs::media_in(tx, &digests)?;
    let missing = wanted.into_iter().filter(|medium| !here.contains(&medium.sha256.to_string()));
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
    Ok(rows::insert_wants(tx, &missing)?)
}

/// Shows every waiting text that is complete now.
pub fn show(tx: &mut Write<'_>, origin: &str, now: Moment) -> Result<TakenOver, PeerError> {
    let waiting = blobs::waiting_heads(tx, origin)?;
    let digests: Vec<String> = waiting.iter().map(|head| head.body.clone()).collect();
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
    for mut head in waiting {
        let Some(body) = bodies.get(&head.body) else { continue };
        if body.media.iter().any(|medium| missing.contains(&medium.sha256.to_string())) {
            continue;
        }
        introduce(tx, origin, body)?;
        left.extend(head.ready_body.replace(head.body.clone()).filter(|former| *former != head.body));
        head.ready_rev = Some(head.rev);
        head.ready_at = Some(now.micros());
        head.state = "ready".to_owned();
        shown.push(head);
    }
    rows::upsert_heads(tx, &shown)?;
    if !shown.is_empty() {
        fold::count_news(tx, origin)?;
    }
    let idle_media = wanted::forget(tx, origin, &left, &[])?;
    Ok((shown.iter().filter_map(|head| head.object.parse().ok()).collect(), idle_media))
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
