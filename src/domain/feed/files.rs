//! The feed as plain files: identity, bundles, tiles and, always last, the checkpoint that names them.
//! All of it is derived from the database and can be deleted and made again.

use super::error::FeedError;
use super::guard::replace_file;
use super::recover::checkpoint_of;
use super::sequence::{Step, Steps};
use super::store::{self, OwnFeed, StoredEntry};
use crate::base::digest::Digest;
use crate::domain::identity::chain::Chain;
use crate::platform::db::{Database, Read};
use crate::tlog::checkpoint::Checkpoint;
use crate::tlog::entry_bundle::append_entry;
use crate::tlog::merkle::tree_root;
use crate::tlog::signed_note::Note;
use crate::tlog::tile::{self, FULL, HEIGHT, Layer, TilePath};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Where the first epoch of the public feed lies, below the node's base.
pub const PUBLIC_FEED_FOLDER: &str = "pub/1";
/// Entries read from the database at once: sixteen bundles.
const ENTRIES_AT_ONCE: u64 = 16 * FULL;

/// The folder of the feed's files; below it the layout of the addresses (civic-feed §2.6).
#[derive(Clone, Debug)]
pub struct FeedFiles(PathBuf);

impl FeedFiles {
    pub fn new(folder: &Path) -> FeedFiles {
        FeedFiles(folder.to_owned())
    }

    /// The node's identity notes.
    pub fn identity(&self) -> PathBuf {
        self.0.join("identity")
    }

    pub fn checkpoint(&self) -> PathBuf {
        self.feed().join("checkpoint")
    }

    pub fn tile(&self, path: &TilePath) -> PathBuf {
        self.feed().join(path.to_string())
    }

    /// A full bundle as it is sent compressed; partial ones have none.
    pub fn compressed(&self, path: &TilePath) -> PathBuf {
        let mut name = self.tile(path).into_os_string();
        name.push(".gz");
        PathBuf::from(name)
    }

    fn feed(&self) -> PathBuf {
        self.0.join(PUBLIC_FEED_FOLDER)
    }

    /// What is visible now; none if nothing is, or not as it was written.
    pub fn published(&self) -> Option<Checkpoint> {
        Note::parse(&fs::read(self.checkpoint()).ok()?).ok()?.text().parse().ok()
    }

    /// Makes the files again that the visible checkpoint names and that are missing; it stays visible meanwhile.
    /// The caller holds the lock, and a database of `stored` entries that continues what was signed.
    pub(super) fn complete(&self, database: &Database, stored: u64) -> Result<(), FeedError> {
        let Some(published) = self.published().filter(|published| published.size <= stored) else {
            return Ok(());
        };
        if named_tiles(published.size)?.iter().all(|path| self.is_whole(path)) {
            return Ok(());
        }
        self.write_tiles(database, 0, published.size)?.sync()
    }

    fn is_whole(&self, path: &TilePath) -> bool {
        let size_bytes = fs::metadata(self.tile(path)).map(|about| about.len()).unwrap_or(0);
        match path.layer() {
            Layer::Entries => size_bytes > 0,
            Layer::Hashes(_) => size_bytes == u64::from(path.width()) * 32,
        }
    }

    /// Makes the files describe `feed`, adding to what is there, the checkpoint last.
    pub(super) fn publish(
        &self,
        database: &Database,
        feed: &OwnFeed,
        chain: &Chain,
        steps: Steps<'_>,
    ) -> Result<(), FeedError> {
        let current = fs::read(self.checkpoint()).unwrap_or_default();
        let identity = chain.to_string();
        make_folder(&self.feed())?;
        if fs::read(self.identity()).unwrap_or_default() != identity.as_bytes() {
            replace_file(&self.identity(), identity.as_bytes())?;
        }
        if current == feed.note.as_bytes() {
            return Ok(());
        }
        let checkpoint = checkpoint_of(feed)?;
        let known = self.published().filter(|known| known.origin == checkpoint.origin);
        let from = known.map_or(0, |known| known.size).min(checkpoint.size);
        let mut written = self.write_tiles(database, from, checkpoint.size)?;
        if from > 0 && !self.tiles_yield(feed) {
            written = self.write_tiles(database, 0, checkpoint.size)?;
        }
        if !self.tiles_yield(feed) {
            return Err(FeedError::Damaged("the tiles do not yield the signed root"));
        }
        // The data must be on the disk before the checkpoint names it; a crash before leaves the old checkpoint,
        // whose tiles are all still there or have become full.
        written.sync()?;
        steps(Step::TilesWritten)?;
        replace_file(&self.checkpoint(), feed.note.as_bytes())?;
        steps(Step::CheckpointWritten)
    }

    fn tiles_yield(&self, feed: &OwnFeed) -> bool {
        let read = |path: TilePath| -> Result<Vec<Digest>, FeedError> {
            let file = self.tile(&path);
            Ok(tile::read_hashes(&fs::read(&file).map_err(FeedError::at(&file))?, path.width())?)
        };
        tile::frontier_of_tiles(feed.frontier.size(), read).is_ok_and(|frontier| frontier == feed.frontier)
    }

    /// Writes what a log of `to` entries has and one of `from` entries had not.
    fn write_tiles(&self, database: &Database, from: u64, to: u64) -> Result<Written, FeedError> {
        let mut written = Written::default();
        let mut roots = Vec::new();
        let mut start = from / FULL * FULL;
        while start < to {
            let end = to.min(start + ENTRIES_AT_ONCE);
            let rows = database.read(|tx: &mut Read<'_>| store::entries(tx, start, end))?;
            for entries in rows.chunks(FULL as usize) {
                let leaves: Vec<Digest> = entries.iter().map(|entry| entry.leaf).collect();
                let at = entries[0].idx;
                self.write_tile(
                    tile::tile_at(Layer::Hashes(0), at, to)?,
                    &tile::write_hashes(&leaves),
                    &mut written,
                )?;
                self.write_bundle(tile::tile_at(Layer::Entries, at, to)?, entries, &mut written)?;
                if leaves.len() as u64 == FULL {
                    roots.push(tree_root(&leaves));
                }
            }
            start = end;
        }
        let mut level = 1;
        while !roots.is_empty() {
            roots = self.write_level(level, from >> (u32::from(level) * HEIGHT), roots, &mut written)?;
            level += 1;
        }
        Ok(written)
    }

    /// Writes the tiles of one level that gets `new` hashes from position `from` on; the roots of those now full.
    fn write_level(
        &self,
        level: u8,
        from: u64,
        new: Vec<Digest>,
        written: &mut Written,
    ) -> Result<Vec<Digest>, FeedError> {
        let layer = Layer::Hashes(level);
        let (first, count) = (from / FULL * FULL, from + new.len() as u64);
        let mut hashes = Vec::new();
        if first < from {
            let before = self.tile(&tile::tile_at(layer, first, from)?);
            let width = u16::try_from(from - first).unwrap_or(0);
            // Whatever is wrong with this file shows when the tiles are compared with the signed root.
            let kept = fs::read(&before).ok().and_then(|bytes| tile::read_hashes(&bytes, width).ok());
            hashes = kept.unwrap_or_else(|| vec![Digest::of(b""); usize::from(width)]);
        }
        hashes.extend(new);
        let mut roots = Vec::new();
        for (index, tile_hashes) in hashes.chunks(FULL as usize).enumerate() {
            let at = first + index as u64 * FULL;
            self.write_tile(tile::tile_at(layer, at, count)?, &tile::write_hashes(tile_hashes), written)?;
            if tile_hashes.len() as u64 == FULL {
                roots.push(tree_root(tile_hashes));
            }
        }
        Ok(roots)
    }

    fn write_bundle(
        &self,
        path: TilePath,
        entries: &[StoredEntry],
        written: &mut Written,
    ) -> Result<(), FeedError> {
        let mut bundle = Vec::with_capacity(entries.iter().map(|entry| entry.raw.len() + 2).sum());
        for entry in entries {
            append_entry(&mut bundle, entry.raw.as_bytes())?;
        }
        if path.is_full() {
            let compressed = self.compressed(&path);
            let mut gzip = GzEncoder::new(Vec::new(), Compression::new(6));
            let bytes = gzip.write_all(&bundle).and_then(|()| gzip.finish());
            let bytes = bytes.map_err(FeedError::at(&compressed))?;
            write_whole(&compressed, &bytes)?;
            written.files.push(compressed);
        }
        self.write_tile(path, &bundle, written)
    }

    fn write_tile(&self, path: TilePath, bytes: &[u8], written: &mut Written) -> Result<(), FeedError> {
        let file = self.tile(&path);
        write_whole(&file, bytes)?;
        written.files.push(file.clone());
        if path.is_full() {
            // SPEC: tlog-tiles, partial tiles may go once the full one is there; readers fall back to it.
            let mut partial = file.into_os_string();
            partial.push(".p");
            match fs::remove_dir_all(Path::new(&partial)) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(FeedError::File { path: partial.into(), cause: error });
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// Every tile and bundle that a checkpoint of this size names.
pub fn named_tiles(size: u64) -> Result<Vec<TilePath>, FeedError> {
    let mut paths = Vec::new();
    for (layer, height) in std::iter::once((Layer::Entries, 0))
        .chain((0..8u8).map(|level| (Layer::Hashes(level), u32::from(level) * HEIGHT)))
    {
        let count = size >> height;
        for index in 0..count.div_ceil(FULL) {
            paths.push(tile::tile_at(layer, index * FULL, count)?);
        }
    }
    Ok(paths)
}

/// What must be on the disk before a checkpoint may name it.
#[derive(Default)]
struct Written {
    files: Vec<PathBuf>,
}

impl Written {
    fn sync(self) -> Result<(), FeedError> {
        for path in &self.files {
            match File::open(path) {
                Ok(file) => file.sync_all().map_err(FeedError::at(path))?,
                Err(error) => return Err(FeedError::File { path: path.clone(), cause: error }),
            }
        }
        Ok(())
    }
}

fn make_folder(path: &Path) -> Result<(), FeedError> {
    fs::create_dir_all(path).map_err(FeedError::at(path))
}

/// Readers see the whole file or the one before.
fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), FeedError> {
    make_folder(path.parent().unwrap_or(path))?;
    let mut temporary = path.as_os_str().to_owned();
    temporary.push(".new");
    fs::write(&temporary, bytes).and_then(|()| fs::rename(&temporary, path)).map_err(FeedError::at(path))
}
