//! Brings entries from a remote: as one range or bundle by bundle, some at a time. Proves nothing.

use super::error::PeerError;
use super::tiles;
use super::verify::Leaf;
use crate::base::error::{Kind, Told};
use crate::platform::fetch::remote::Remote;
use crate::platform::fetch::{Caches, FetchError};
use crate::tlog::entry_bundle::read_entries;
use crate::tlog::tile::{FULL, Layer, TilePath, tile_at};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

/// SPEC: bundles 4 parallel (civic-feed §2.8).
const PARALLEL: usize = 4;

/// After so many bytes of entries, or after so long, no further bundle is begun with, so that the first of them come.
#[derive(Clone, Copy)]
pub struct Enough {
    pub bytes: usize,
    pub time: Duration,
}

/// As many entries as there are.
pub const ALL: Enough = Enough { bytes: usize::MAX, time: Duration::MAX };

/// Entries as delivered, or what is wrong with the delivery: not the network, the content.
pub type Delivered<T> = Result<Result<T, String>, PeerError>;

/// A broken delivery is worth another attempt like one that does not fit; a broken connection is for later.
pub fn deliver<T>(delivered: Delivered<T>) -> Delivered<T> {
    match delivered {
        Err(PeerError::Fetch(error)) if error.kind() == Kind::Invalid => Ok(Err(error.to_string())),
        other => other,
    }
}

/// The entries `from..to`, for a few thousand of them.
pub async fn tail(remote: &Remote, from: u64, to: u64, caches: Caches) -> Delivered<Vec<Leaf>> {
    if caches == Caches::Allow
        && let Some(entries) = range(remote, from, to).await
    {
        return Ok(Ok(entries));
    }
    let bundles = match bundles(remote, from / FULL..to.div_ceil(FULL), to, ALL, caches).await? {
        Ok(bundles) => bundles,
        Err(why) => return Ok(Err(why)),
    };
    let known = usize::try_from(from % FULL).unwrap_or(0);
    Ok(Ok(bundles.into_iter().flatten().skip(known).collect()))
}

/// By `range/m-n`; `None` if that is of no use, whyever: ranges are optional, and who has none may answer with 403, as
/// object stores do, or with a page of words. If the feed itself is out of reach, its bundles are too.
async fn range(remote: &Remote, from: u64, to: u64) -> Option<Vec<Leaf>> {
    let answer = remote.range(from, to, Caches::Allow).await.ok().filter(|answer| answer.status == 200)?;
    let entries = read_entries(&answer.bytes, usize::try_from(to - from).ok()?).ok()?;
    // Redacted entries need the leaf hashes of their bundle.
    let whole = entries.iter().all(|entry| !entry.is_empty());
    whole.then(|| entries.into_iter().map(Leaf::of).collect())
}

/// Whole bundles by number, in their order, of a log of `size` entries: all, or the first of them that are [`Enough`].
pub async fn bundles(
    remote: &Remote,
    numbers: std::ops::Range<u64>,
    size: u64,
    enough: Enough,
    caches: Caches,
) -> Delivered<Vec<Vec<Leaf>>> {
    let mut found: Vec<Option<Vec<Leaf>>> = numbers.clone().map(|_| None).collect();
    let mut open = JoinSet::new();
    let mut waiting = numbers.clone();
    let (mut found_bytes, begun) = (0, Instant::now());
    loop {
        while open.len() < PARALLEL
            && found_bytes < enough.bytes
            && (found_bytes == 0 || begun.elapsed() < enough.time)
            && let Some(number) = waiting.next()
        {
            let remote = remote.clone();
            open.spawn(async move { (number, bundle(&remote, number, size, caches).await) });
        }
        let Some(done) = open.join_next().await else { break };
        let (number, delivered) =
            done.unwrap_or_else(|failed| std::panic::resume_unwind(failed.into_panic()));
        match delivered? {
            Ok(leaves) => {
                found_bytes += leaves.iter().map(|leaf| leaf.bytes.len()).sum::<usize>();
                let at = usize::try_from(number - numbers.start).unwrap_or(usize::MAX);
                if let Some(place) = found.get_mut(at) {
                    *place = Some(leaves);
                }
            }
            Err(why) => return Ok(Err(why)),
        }
    }
    Ok(Ok(found.into_iter().flatten().collect()))
}

async fn bundle(remote: &Remote, number: u64, size: u64, caches: Caches) -> Delivered<Vec<Leaf>> {
    let path = match tile_at(Layer::Entries, number * FULL, size) {
        Ok(path) => path,
        Err(error) => return Ok(Err(error.to_string())),
    };
    let (found, bytes) = match fetch(remote, path, caches).await {
        Ok(found) => found,
        // A bundle over its limit is as wrong as one with other entries.
        Err(PeerError::Fetch(error @ FetchError::TooLarge { .. })) => return Ok(Err(error.to_string())),
        Err(error) => return Err(error),
    };
    let width = usize::from(path.width());
    let mut leaves: Vec<Leaf> = match read_entries(&bytes, usize::from(found.width())) {
        Ok(entries) => entries.into_iter().take(width).map(Leaf::of).collect(),
        Err(error) => return Ok(Err(format!("{}: {error}", remote.address(&found.to_string())))),
    };
    if leaves.iter().any(|leaf| leaf.bytes.is_empty()) {
        // SPEC: zero-length entry: take its leaf hash from the level-0 tile (civic-feed §2.8).
        let Some(hashes) = tiles::leaf_hashes(remote, number, size, caches).await? else {
            return Ok(Err(format!("the leaf hashes of bundle {number} are missing")));
        };
        for (leaf, hash) in leaves.iter_mut().zip(hashes).filter(|(leaf, _)| leaf.bytes.is_empty()) {
            leaf.hash = hash;
        }
    }
    Ok(Ok(leaves))
}

/// A bundle, or the full one that has replaced a partial one since.
async fn fetch(remote: &Remote, path: TilePath, caches: Caches) -> Result<(TilePath, Vec<u8>), PeerError> {
    let answer = remote.bundle(&path.to_string(), caches).await?;
    if answer.status == 200 {
        return Ok((path, answer.bytes));
    }
    if !path.is_full() {
        let answer = remote.bundle(&path.full().to_string(), caches).await?;
        if answer.status == 200 {
            return Ok((path.full(), answer.bytes));
        }
    }
    Err(PeerError::Absent { address: remote.address(&path.to_string()) })
}
