//! Tiles (C2SP tlog-tiles): where the hashes and entries of a log lie, and which exist at a size.

use super::error::TlogError;
use super::merkle::{Frontier, tree_root};
use crate::base::digest::Digest;
use std::fmt;
use std::str::FromStr;

/// Hashes in a full tile, and entries in a full bundle.
pub const FULL: u64 = 256;
/// Log2 of [`FULL`].
pub const HEIGHT: u32 = 8;
/// Levels above this would hold trees of more than 2^64 leaves.
const HIGHEST_LEVEL: u8 = 7;

/// What a tile holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Layer {
    /// The entries themselves, as a bundle.
    Entries,
    /// Hashes of perfect subtrees of `2^(8 × level)` leaves.
    Hashes(u8),
}

/// The place of a tile below its feed's address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TilePath {
    layer: Layer,
    index: u64,
    /// 1 … 256; 256 is a full tile.
    width: u16,
}

impl TilePath {
    /// # Errors
    /// [`TlogError::TilePath`] if the level is above 7 or the width not 1 … 256.
    pub fn new(layer: Layer, index: u64, width: u16) -> Result<TilePath, TlogError> {
        if matches!(layer, Layer::Hashes(level) if level > HIGHEST_LEVEL) {
            return Err(TlogError::TilePath("no level above 7 exists"));
        }
        if !(1..=256).contains(&width) {
            return Err(TlogError::TilePath("a width is 1 to 256"));
        }
        Ok(TilePath { layer, index, width })
    }

    pub fn layer(&self) -> Layer {
        self.layer
    }

    pub fn index(&self) -> u64 {
        self.index
    }

    pub fn width(&self) -> u16 {
        self.width
    }

    pub fn is_full(&self) -> bool {
        u64::from(self.width) == FULL
    }

    /// The full tile at the same place.
    pub fn full(&self) -> TilePath {
        TilePath { width: 256, ..*self }
    }

    /// Whether a log of this size has the tile.
    pub fn exists_at(&self, size: u64) -> bool {
        let level = if let Layer::Hashes(level) = self.layer { u32::from(level) } else { 0 };
        let end = self.index.checked_mul(FULL).and_then(|start| start.checked_add(u64::from(self.width)));
        end.is_some_and(|end| end <= size.checked_shr(level * HEIGHT).unwrap_or(0))
    }
}

/// The tile of a layer that holds position `at` when there are `count` positions: the last one may be partial.
pub fn tile_at(layer: Layer, at: u64, count: u64) -> Result<TilePath, TlogError> {
    let index = at / FULL;
    let width = count.saturating_sub(index.saturating_mul(FULL)).min(FULL);
    TilePath::new(layer, index, u16::try_from(width).unwrap_or(0))
}

/// `tile/<level or "entries">/<index>[.p/<width>]`, the index in groups of three digits.
impl fmt::Display for TilePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.layer {
            Layer::Entries => f.write_str("tile/entries/")?,
            Layer::Hashes(level) => write!(f, "tile/{level}/")?,
        }
        // SPEC: tlog-tiles, three digits a path element, all but the last begin with x.
        let mut groups = vec![self.index % 1000];
        let mut rest = self.index / 1000;
        while rest > 0 {
            groups.push(rest % 1000);
            rest /= 1000;
        }
        while let Some(group) = groups.pop() {
            if groups.is_empty() { write!(f, "{group:03}")? } else { write!(f, "x{group:03}/")? }
        }
        if self.is_full() { Ok(()) } else { write!(f, ".p/{}", self.width) }
    }
}

impl FromStr for TilePath {
    type Err = TlogError;
    /// Reads a path that anybody may have sent.
    fn from_str(text: &str) -> Result<TilePath, TlogError> {
        let refuse = || TlogError::TilePath("expected tile/<level>/<index>[.p/<width>]");
        let rest = text.strip_prefix("tile/").ok_or_else(refuse)?;
        let (layer, rest) = rest.split_once('/').ok_or_else(refuse)?;
        let layer = match layer {
            "entries" => Layer::Entries,
            level => Layer::Hashes(decimal(level).and_then(|n| u8::try_from(n).ok()).ok_or_else(refuse)?),
        };
        let (index_text, width) = match rest.split_once(".p/") {
            None => (rest, 256),
            Some((index, width)) => match decimal(width).filter(|width| (1..FULL).contains(width)) {
                Some(width) => (index, u16::try_from(width).map_err(|_| refuse())?),
                None => return Err(TlogError::TilePath("a partial tile is 1 to 255 wide")),
            },
        };
        let path = TilePath::new(layer, index(index_text).ok_or_else(refuse)?, width)?;
        // A path has one spelling: x000/001 is none.
        if path.to_string() == text { Ok(path) } else { Err(refuse()) }
    }
}

fn decimal(text: &str) -> Option<u64> {
    (text.len() <= 3 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

fn index(text: &str) -> Option<u64> {
    let (groups, last) = text.rsplit_once('/').map_or((None, text), |(groups, last)| (Some(groups), last));
    let mut number = 0u64;
    for group in groups.iter().flat_map(|groups| groups.split('/')) {
        let group = decimal(group.strip_prefix('x')?)?;
        number = number.checked_mul(1000)?.checked_add(group)?;
    }
    number.checked_mul(1000)?.checked_add(decimal(last)?)
}

/// The hashes in a tile of `width` hashes.
///
/// # Errors
/// [`TlogError::TileData`] unless there are exactly `width × 32` bytes.
pub fn read_hashes(bytes: &[u8], width: u16) -> Result<Vec<Digest>, TlogError> {
    if bytes.len() != usize::from(width) * 32 {
        return Err(TlogError::TileData("expected 32 bytes for each hash of its width"));
    }
    let (hashes, _) = bytes.as_chunks::<32>();
    Ok(hashes.iter().map(|hash| Digest::from_bytes(*hash)).collect())
}

/// The data of a tile with these hashes.
pub fn write_hashes(hashes: &[Digest]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| *hash.bytes()).collect()
}

/// The frontier that the rightmost tiles of a log of `size` leaves yield. `tile_of` gives the hashes of a tile
/// in full or partial width; it is asked once for each level that has a partial tile.
///
/// # Errors
/// What `tile_of` returns, or [`TlogError::TileData`] if it gives another number of hashes.
pub fn frontier_of_tiles<E: From<TlogError>>(
    size: u64,
    mut tile_of: impl FnMut(TilePath) -> Result<Vec<Digest>, E>,
) -> Result<Frontier, E> {
    let mut hashes = Vec::new();
    for level in (0..=HIGHEST_LEVEL).rev() {
        let count = size >> (u32::from(level) * HEIGHT);
        let width = u16::try_from(count % FULL).unwrap_or(0);
        if width == 0 {
            continue;
        }
        let tile = tile_of(TilePath::new(Layer::Hashes(level), count / FULL, width)?)?;
        if tile.len() != usize::from(width) {
            return Err(TlogError::TileData("another number of hashes than its width").into());
        }
        let mut rest = &tile[..];
        for bit in (0..HEIGHT).rev().filter(|bit| width >> bit & 1 == 1) {
            let (subtree, after) = rest.split_at(1 << bit);
            hashes.push(tree_root(subtree));
            rest = after;
        }
    }
    Ok(Frontier::new(size, hashes)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tlog::merkle::leaf_hash;
    use proptest::prelude::*;

    #[test]
    fn paths_are_those_of_the_specification() {
        for (layer, index, width, path) in [
            (Layer::Hashes(0), 0, 256, "tile/0/000"),
            (Layer::Hashes(0), 1234067, 8, "tile/0/x001/x234/067.p/8"),
            (Layer::Entries, 999, 256, "tile/entries/999"),
            (Layer::Entries, 1000, 1, "tile/entries/x001/000.p/1"),
            (Layer::Hashes(7), u64::MAX, 255, "tile/7/x018/x446/x744/x073/x709/x551/615.p/255"),
        ] {
            let tile = TilePath::new(layer, index, width).unwrap();
            assert_eq!(tile.to_string(), path);
            assert_eq!(path.parse::<TilePath>().unwrap(), tile);
        }
    }

    #[test]
    fn hostile_paths_are_refused() {
        for wrong in [
            "tile/8/000",
            "tile/64/000",
            "tile/255/000",
            "tile/256/000",
            "tile/00/000",
            "tile/-1/000",
            "tile/0/0",
            "tile/0/0000",
            "tile/0/x000/001",
            "tile/0/000.p/0",
            "tile/0/000.p/256",
            "tile/0/000.p/01",
            "tile/0/000.p/",
            "tile/0/",
            "tile/0",
            "tile//000",
            "tile/0/001/002",
            "tile/0/x001",
            "tile/0/x001/",
            "tile/entries/../000",
            "tile/entries/000.p/1.p/2",
            "tile/0/x999/x999/x999/x999/x999/x999/x999/999",
            "tile/0/+01",
            "tile/data/000",
            "",
            "tile",
            "tile/0/٣٣٣",
        ] {
            assert!(wrong.parse::<TilePath>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_tile_exists_once_its_last_hash_does() {
        let tile: TilePath = "tile/1/000.p/2".parse().unwrap();
        assert!(!tile.exists_at(511) && tile.exists_at(512));
        let last: TilePath = "tile/7/x018/x446/x744/x073/x709/x551/615.p/255".parse().unwrap();
        assert!(!last.exists_at(u64::MAX));
        assert_eq!(tile_at(Layer::Entries, 300, 400).unwrap().to_string(), "tile/entries/001.p/144");
        assert!(tile_at(Layer::Entries, 512, 400).is_err());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn no_path_makes_it_panic(text in "(tile/)?((entries|[0-9]{1,3})/)?[0-9xp./entris]{0,40}") {
            if let Ok(path) = text.parse::<TilePath>() {
                prop_assert_eq!(path.to_string(), text);
            }
        }

        #[test]
        fn the_rightmost_tiles_yield_the_frontier(size in prop_oneof![0u64..1_000, 65_000u64..67_000]) {
            let leaves: Vec<Digest> = (0..size).map(|n| leaf_hash(&n.to_be_bytes())).collect();
            let mut frontier = Frontier::default();
            leaves.iter().for_each(|leaf| frontier.push(*leaf));
            let mut levels = vec![leaves];
            while let Some(below) = levels.last().filter(|level| level.len() >= 256) {
                let above = below.as_chunks::<256>().0.iter().map(|tile| tree_root(tile)).collect();
                levels.push(above);
            }
            let tiles = |path: TilePath| -> Result<Vec<Digest>, TlogError> {
                let Layer::Hashes(level) = path.layer() else { return Err(TlogError::TileData("entries")) };
                let start = (path.index() * FULL) as usize;
                read_hashes(&write_hashes(&levels[level as usize][start..start + path.width() as usize]), path.width())
            };
            prop_assert_eq!(frontier_of_tiles(size, tiles).unwrap(), frontier);
        }
    }
}
