//! The feed as a folder that any static web server can serve, or a stick can carry. Run again, it adds what is new.

use super::error::FeedError;
use super::files::{PUBLIC_FEED_FOLDER, named_tiles};
use super::guard::replace_file;
use super::sequence::Sequencer;
use super::store::{self, Blob, BlobKind, BlobState};
use crate::base::digest::Digest;
use crate::platform::blobs::Blobs;
use std::fs;
use std::path::Path;

/// What an export left in the folder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Exported {
    /// Entries in the log.
    pub entries: u64,
    /// Bodies and media in the folder, new ones included.
    pub blobs: u64,
    pub new_files: u64,
    /// Media that the feed names and this node does not hold.
    pub missing_media: u64,
}

/// The description of the feeds at a site (civic-feed §2.6). `base` is the address of `feed/`; in an export it is
/// relative to the folder that holds `.well-known`.
pub fn well_known(node: &str, base: &str) -> String {
    let feeds = serde_json::json!({ "pub": format!("{base}{PUBLIC_FEED_FOLDER}/") });
    let told = serde_json::json!({
        "proto": ["civic-feed/1"],
        "nodes": [{ "id": node, "base": base, "feeds": feeds }],
    });
    format!("{told}\n")
}

/// Writes the feed of `sequencer` into `folder`; the checkpoint comes last, so that a reader never sees half.
///
/// # Errors
/// [`FeedError::NothingPublished`] before the first run; [`FeedError::File`] if the folder cannot be written.
pub fn export(sequencer: &Sequencer, media: &Blobs, folder: &Path) -> Result<Exported, FeedError> {
    // Nobody signs meanwhile, so that identity, tiles and checkpoint are of one piece.
    let _lock = sequencer.place.guard.lock()?;
    let files = &sequencer.place.files;
    let checkpoint = files.published().ok_or(FeedError::NothingPublished)?;
    let chain = sequencer.chain()?;
    let feed = folder.join("feed").join(PUBLIC_FEED_FOLDER);
    let mut exported = Exported { entries: checkpoint.size, ..Exported::default() };
    export_blobs(sequencer, media, &feed.join("blob"), &mut exported)?;
    for path in named_tiles(checkpoint.size)? {
        let (from, to) = (files.tile(&path), feed.join(path.to_string()));
        // A tile's bytes never change, but a crash may have left half of one.
        if same_size(&from, &to) {
            continue;
        }
        make_folder(to.parent().unwrap_or(&feed))?;
        copy_whole(&fs::read(&from).map_err(FeedError::at(&from))?, &to)?;
        exported.new_files += 1;
        if path.is_full() {
            let _ = fs::remove_dir_all(feed.join(format!("{path}.p")));
        }
    }
    make_folder(&folder.join(".well-known"))?;
    let described = well_known(chain.node().as_str(), "feed/");
    replace_file(&folder.join(".well-known/civic-feed"), described.as_bytes())?;
    replace_file(&folder.join("feed/identity"), chain.to_string().as_bytes())?;
    let note = fs::read(files.checkpoint()).map_err(FeedError::at(&files.checkpoint()))?;
    replace_file(&feed.join("checkpoint"), &note)?;
    Ok(exported)
}

fn export_blobs(
    sequencer: &Sequencer,
    media: &Blobs,
    folder: &Path,
    exported: &mut Exported,
) -> Result<(), FeedError> {
    make_folder(folder)?;
    for (sha256, kind, state) in sequencer.database.read(|tx| store::named_blobs(tx))? {
        let path = folder.join(sha256.to_string());
        if state != BlobState::Live {
            // What was erased or withdrawn must not stay on a stick that is written again.
            match fs::remove_file(&path) {
                Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => {
                    return Err(FeedError::File { path, cause });
                }
                _ => continue,
            }
        }
        if !path.exists() {
            let Some(bytes) = bytes_of(sequencer, media, &sha256, kind)? else {
                exported.missing_media += u64::from(kind == BlobKind::Media);
                continue;
            };
            copy_whole(&bytes, &path)?;
            exported.new_files += 1;
        }
        exported.blobs += 1;
    }
    Ok(())
}

fn bytes_of(
    sequencer: &Sequencer,
    media: &Blobs,
    sha256: &Digest,
    kind: BlobKind,
) -> Result<Option<Vec<u8>>, FeedError> {
    match kind {
        BlobKind::Media => media.read(sha256).map_err(|error| FeedError::Medium(sha256.to_string(), error)),
        BlobKind::Body => match sequencer.database.read(|tx| store::blob(tx, sha256))? {
            Blob::Body(text) => Ok(Some(text.into_bytes())),
            // Erased, and the demand to erase it is not in the log yet.
            _ => Ok(None),
        },
    }
}

fn make_folder(path: &Path) -> Result<(), FeedError> {
    fs::create_dir_all(path).map_err(FeedError::at(path))
}

fn same_size(from: &Path, to: &Path) -> bool {
    match (fs::metadata(from), fs::metadata(to)) {
        (Ok(from), Ok(to)) => from.len() == to.len(),
        _ => false,
    }
}

fn copy_whole(bytes: &[u8], to: &Path) -> Result<(), FeedError> {
    let mut temporary = to.as_os_str().to_owned();
    temporary.push(".new");
    fs::write(&temporary, bytes).and_then(|()| fs::rename(&temporary, to)).map_err(FeedError::at(to))
}
