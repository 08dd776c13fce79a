//! The files of a feed as they lie in a folder: reading them without trust, and writing those of any log.

use lotse::base::digest::Digest;
use lotse::domain::identity::keyring::Keyring;
use lotse::tlog::checkpoint::Checkpoint;
use lotse::tlog::entry_bundle::{append_entry, read_entries};
use lotse::tlog::merkle::{leaf_hash, tree_root};
use lotse::tlog::signed_note::Note;
use lotse::tlog::tile::{Layer, TilePath, tile_at, write_hashes};
use std::fs;
use std::path::{Path, PathBuf};

pub type Log = Vec<Vec<u8>>;

/// The folder of the feed below the site.
pub fn feed(site: &Path) -> PathBuf {
    site.join("feed/pub/1")
}

pub fn size(site: &Path) -> usize {
    let note = Note::parse(&fs::read(feed(site).join("checkpoint")).unwrap()).unwrap();
    note.text().parse::<Checkpoint>().unwrap().size as usize
}

/// The entries `from..to` out of bundles; `None` if they cannot be read as a log of `to` entries.
pub fn entries(site: &Path, from: usize, to: usize) -> Option<Log> {
    let mut log = Log::new();
    for number in from / 256..to.div_ceil(256) {
        let path = tile_at(Layer::Entries, number as u64 * 256, to as u64).unwrap();
        let found =
            [path, path.full()].into_iter().find(|path| feed(site).join(path.to_string()).exists())?;
        let bytes = fs::read(feed(site).join(found.to_string())).unwrap();
        let all = read_entries(&bytes, usize::from(found.width())).ok()?;
        log.extend(all.into_iter().take(usize::from(path.width())).map(<[u8]>::to_vec));
    }
    Some(log.split_off(from % 256))
}

/// Whether a body can be had as its entry names it.
pub fn has_body(site: &Path, digest: &str) -> bool {
    let bytes = fs::read(feed(site).join("blob").join(digest));
    bytes.is_ok_and(|bytes| Digest::of(&bytes).to_string() == digest)
}

/// Every file below a folder, in order.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() { all.extend(files(&path)) } else { all.push(path) }
    }
    all.sort();
    all
}

pub fn write(path: &Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

/// Makes `to` a copy of `from`, without the packed bundles that only a web server uses.
pub fn copy(from: &Path, to: &Path) {
    for path in files(to).into_iter().filter(|path| !from.join(path.strip_prefix(to).unwrap()).exists()) {
        fs::remove_file(path).unwrap();
    }
    for path in files(from) {
        write(&to.join(path.strip_prefix(from).unwrap()), &fs::read(&path).unwrap());
    }
}

/// Offers the entries `from..to` as one range as well.
pub fn offer_range(site: &Path, log: &[Vec<u8>], from: usize, to: usize) {
    write(&feed(site).join(format!("range/{from}-{to}")), &bundle(&log[from..to], None));
}

/// Entries in bundle framing; the `hidden` one without its bytes.
pub fn bundle(entries: &[Vec<u8>], hidden: Option<usize>) -> Vec<u8> {
    let mut bundle = Vec::new();
    for (at, entry) in entries.iter().enumerate() {
        append_entry(&mut bundle, if hidden == Some(at) { b"" } else { entry }).unwrap();
    }
    bundle
}

/// Replaces bundles and tiles by those of this log.
pub fn lay(site: &Path, log: &[Vec<u8>]) {
    let _ = fs::remove_dir_all(feed(site).join("tile"));
    let tile = |layer: Layer, number: usize, width: usize, bytes: &[u8]| {
        let path = TilePath::new(layer, number as u64, width as u16).unwrap();
        write(&feed(site).join(path.to_string()), bytes);
    };
    for (number, entries) in log.chunks(256).enumerate() {
        tile(Layer::Entries, number, entries.len(), &bundle(entries, None));
    }
    let mut hashes: Vec<Digest> = log.iter().map(|entry| leaf_hash(entry)).collect();
    for level in 0.. {
        for (number, chunk) in hashes.chunks(256).enumerate() {
            tile(Layer::Hashes(level), number, chunk.len(), &write_hashes(chunk));
        }
        hashes = hashes.chunks_exact(256).map(tree_root).collect();
        if hashes.is_empty() {
            break;
        }
    }
}

/// Replaces the checkpoint by one that `keys` sign over this log.
pub fn sign(site: &Path, log: &[Vec<u8>], origin: &str, keys: &Keyring) {
    let leaves: Vec<Digest> = log.iter().map(|entry| leaf_hash(entry)).collect();
    let checkpoint =
        Checkpoint { origin: origin.to_owned(), size: log.len() as u64, root: tree_root(&leaves) };
    let note = keys.sign_checkpoint(&checkpoint).unwrap().to_string();
    write(&feed(site).join("checkpoint"), note.as_bytes());
}
