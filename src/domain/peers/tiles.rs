//! Reads tiles of a feed to decide between damage on the way and a rewritten history, and to make bundles
//! verifiable one by one.

use super::error::PeerError;
use super::verify::{self, BundleRoots, Signed, Verified};
use crate::base::digest::Digest;
use crate::platform::fetch::Caches;
use crate::platform::fetch::remote::Remote;
use crate::tlog::error::TlogError;
use crate::tlog::merkle::{Frontier, tree_root};
use crate::tlog::tile::{FULL, HEIGHT, Layer, TilePath, frontier_of_tiles, read_hashes, tile_at};
use std::collections::BTreeMap;

const LEVELS: u8 = 8;

/// The tiles that lead from a signed root to the first entries of its tree.
pub struct History {
    pub frontier: Frontier,
    /// Exactly these hashes are the evidence if the frontier is another one than we have.
    pub tiles: BTreeMap<TilePath, Vec<Digest>>,
}

/// The frontier at `size` in the tree that was signed, by its tiles; `None` if they do not lead to the signed root.
pub async fn history(
    remote: &Remote,
    signed: &Verified<Signed>,
    size: u64,
) -> Result<Option<History>, PeerError> {
    let whole = signed.checkpoint.size;
    let mut tiles = BTreeMap::new();
    for level in 0..LEVELS {
        if let Some(path) = edge_tile(whole, level) {
            let Some(hashes) = fetch(remote, path, Caches::Bypass).await? else { return Ok(None) };
            tiles.insert(path, hashes);
        }
    }
    let frontier = frontier_of_tiles(whole, |path| tiles.get(&path).cloned().ok_or_else(missing));
    if !frontier.is_ok_and(|frontier| frontier.root() == signed.checkpoint.root) {
        return Ok(None);
    }
    // From the top down: each full tile on the way to `size` is proven by the hash of it in the tile above.
    let mut above: Option<Vec<Digest>> = None;
    for level in (0..LEVELS).rev() {
        let index = count(size, level) / FULL;
        let hashes = if index == count(whole, level) / FULL {
            edge_tile(whole, level).and_then(|path| tiles.get(&path).cloned()).unwrap_or_default()
        } else {
            let Ok(path) = TilePath::new(Layer::Hashes(level), index, 256) else { return Ok(None) };
            let Some(hashes) = fetch(remote, path, Caches::Bypass).await? else { return Ok(None) };
            let place = usize::try_from(index % FULL).unwrap_or(0);
            if above.as_ref().and_then(|above| above.get(place)) != Some(&tree_root(&hashes)) {
                return Ok(None);
            }
            tiles.insert(path, hashes.clone());
            hashes
        };
        above = Some(hashes);
    }
    let first = |path: TilePath| -> Result<Vec<Digest>, TlogError> {
        let same = tiles.iter().find(|(at, _)| at.layer() == path.layer() && at.index() == path.index());
        let hashes = same.and_then(|(_, hashes)| hashes.get(..usize::from(path.width())));
        hashes.map(<[Digest]>::to_vec).ok_or_else(missing)
    };
    let frontier = frontier_of_tiles(size, first).ok();
    Ok(frontier.map(|frontier| History { frontier, tiles: tiles.clone() }))
}

/// The tiles that make each bundle after `edge` verifiable alone; `None` if they do not lead to the signed root.
pub async fn bundle_roots(
    remote: &Remote,
    edge: &Frontier,
    signed: &Verified<Signed>,
    caches: Caches,
) -> Result<Option<Verified<BundleRoots>>, PeerError> {
    let whole = signed.checkpoint.size;
    let (first, end) = (edge.size() / FULL, whole / FULL);
    let mut roots = Vec::new();
    for index in first / FULL..end.div_ceil(FULL) {
        let Ok(path) = tile_at(Layer::Hashes(1), index * FULL, end) else { return Ok(None) };
        let Some(hashes) = fetch(remote, path, caches).await? else { return Ok(None) };
        let skip = first.saturating_sub(index * FULL);
        roots.extend(hashes.into_iter().skip(usize::try_from(skip).unwrap_or(0)));
    }
    let rest = match edge_tile(whole, 0) {
        None => Vec::new(),
        Some(path) => match fetch(remote, path, caches).await? {
            None => return Ok(None),
            Some(hashes) => hashes,
        },
    };
    Ok(verify::bundle_roots(edge, roots, rest, signed))
}

/// The leaf hashes of a bundle, for entries that were redacted; as untrusted as anything fetched.
pub async fn leaf_hashes(
    remote: &Remote,
    bundle: u64,
    size: u64,
    caches: Caches,
) -> Result<Option<Vec<Digest>>, PeerError> {
    match tile_at(Layer::Hashes(0), bundle * FULL, size) {
        Ok(path) => fetch(remote, path, caches).await,
        Err(_) => Ok(None),
    }
}

fn count(size: u64, level: u8) -> u64 {
    size >> (u32::from(level) * HEIGHT)
}

fn missing() -> TlogError {
    TlogError::TileData("a tile is missing")
}

/// The partial tile at the right edge of a level, if there is one.
fn edge_tile(size: u64, level: u8) -> Option<TilePath> {
    let count = count(size, level);
    let width = u16::try_from(count % FULL).ok().filter(|width| *width > 0)?;
    TilePath::new(Layer::Hashes(level), count / FULL, width).ok()
}

/// A tile's hashes in its width; a partial one may have been replaced by the full one. `None`: absent or malformed.
async fn fetch(remote: &Remote, path: TilePath, caches: Caches) -> Result<Option<Vec<Digest>>, PeerError> {
    let mut answer = remote.tile(&path.to_string(), caches).await?;
    let mut found = path;
    if answer.status != 200 && !path.is_full() {
        found = path.full();
        answer = remote.tile(&found.to_string(), caches).await?;
    }
    if answer.status != 200 {
        return Ok(None);
    }
    let hashes = read_hashes(&answer.bytes, found.width()).ok();
    Ok(hashes.map(|mut hashes| {
        hashes.truncate(usize::from(path.width()));
        hashes
    }))
}
