//! Fetches the texts and pictures that entries name and that are wanted here (civic-feed §2.8, step 10).

use super::error::PeerError;
use super::keep::{LARGEST_MEDIUM_BYTES, MEDIA_TYPES, Outcome, Reach, keep};
use super::store::feeds::{self, FeedRow};
use super::store::fold::WantRow;
use super::store::{blobs, holding};
use super::{BATCH_TIME, Limits, Peers, verify};
use crate::base::digest::Digest;
use crate::base::id::ObjectId;
use crate::domain::content::media::clear::clear;
use crate::platform::fetch::FetchError;
use crate::platform::fetch::remote::Remote;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::time::Instant;
use tokio::task::JoinSet;

const PARALLEL: usize = 4;
const BATCH: i64 = 256;
/// After so many failures in a row the server is left alone for now.
const PATIENCE: usize = 8;

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
                let held = holding::held_in(tx, &name, &digests)?;
                Ok::<_, PeerError>(Due { feed, wants, here, held })
            })
        });
        let due = due.await?;
        if due.wants.is_empty() {
            return Ok(fetched);
        }
        let remote = Remote::open(&peers.fetcher, &due.feed.url)?;
        let outcomes = fetch_batch(peers, &remote, due).await;
        let complete = outcomes.complete;
        let (working, name) = (peers.clone(), origin.to_owned());
        let (kept, failed) = (outcomes.kept(), outcomes.failed());
        if let Some(trouble) = outcomes.trouble() {
            fetched.trouble = Some(trouble);
        }
        let written = peers.database.run(move |database| {
            let kept = database.write(|tx| keep(tx, &working, &name, &remote, outcomes.all))?;
            clear::<PeerError>(&working.database, &working.blobs)?;
            Ok::<_, PeerError>(kept)
        });
        fetched.ready.extend(written.await?);
        fetched.kept += kept;
        fetched.failed += failed;
        told(fetched.kept + fetched.failed);
        if !complete {
            return Ok(fetched);
        }
    }
}

/// What is to be fetched now.
struct Due {
    feed: FeedRow,
    wants: Vec<WantRow>,
    /// Bodies that need not be fetched, whoever brought them.
    here: HashMap<String, String>,
    /// What counts for the feed already: a text that was withdrawn and shown again in one batch never left.
    held: HashSet<String>,
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

async fn fetch_batch(peers: &Peers, remote: &Remote, due: Due) -> Outcomes {
    let mut outcomes = Outcomes { all: Vec::with_capacity(due.wants.len()), complete: true };
    let (mut open, mut silent, mut planned) = (JoinSet::new(), 0, due.feed.held_bytes);
    let (mut waiting, begun) = (due.wants.into_iter(), Instant::now());
    loop {
        while open.len() < PARALLEL
            && silent < PATIENCE
            && (outcomes.all.is_empty() || begun.elapsed() < BATCH_TIME)
            && let Some(want) = waiting.next()
        {
            let more = if due.held.contains(&want.sha256) { 0 } else { want.size_bytes };
            let over = planned + more > peers.limits.quota_bytes;
            planned += if over { 0 } else { more };
            let (peers, remote) = (peers.clone(), remote.clone());
            let bytes = due.here.get(&want.sha256).map(|text| text.clone().into_bytes());
            open.spawn(async move {
                let outcome = match (over, bytes) {
                    (true, _) => Outcome::Failed(over_quota(peers.limits), Reach::Answered),
                    (false, Some(bytes)) => check_body(&want, bytes),
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
        // A redirect, a page of words, more bytes than the entry says: of the server's state, not of the text.
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
