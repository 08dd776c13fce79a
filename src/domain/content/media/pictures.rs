//! How large pictures are, and which smaller copies there are of each: what pages tell browsers to choose from. Made from
//! the files, of our media and of others' alike, after they are here, so that nothing waits for it.

use super::clean::format_of;
use super::error::MediaError;
use super::smaller::{Smaller, copies};
use crate::base::digest::Digest;
use crate::domain::content::store::{self, media as rows};
use crate::platform::blobs::Blobs;
use crate::platform::db::{Database, DbError, Reading, Write};
use std::collections::HashMap;
use std::sync::Arc;

/// Pictures that are shown together once they are done, as every showing makes a new snapshot.
const AT_ONCE: usize = 16;

/// All pictures whose size is known.
#[derive(Debug, Default, PartialEq)]
pub struct Pictures {
    version: i64,
    by_digest: HashMap<Digest, Picture>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// In pixels, as it is seen.
    pub width: u32,
    pub height: u32,
    /// Narrower copies, narrowest first.
    pub copies: Vec<Copy>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copy {
    pub width: u32,
    pub sha256: Digest,
    pub mime: String,
}

impl Pictures {
    /// Reads them, unless `previous` is what they still are.
    pub fn current(
        tx: &mut impl Reading,
        previous: Option<&Arc<Pictures>>,
    ) -> Result<Arc<Pictures>, DbError> {
        let version = store::last_number(tx, COUNTER)?;
        match previous {
            Some(previous) if previous.version == version => Ok(Arc::clone(previous)),
            _ => Ok(Arc::new(Pictures { version, by_digest: rows::pictures(tx)? })),
        }
    }

    pub fn of(&self, sha256: &Digest) -> Option<&Picture> {
        self.by_digest.get(sha256)
    }
}

impl FromIterator<(Digest, Picture)> for Pictures {
    fn from_iter<I: IntoIterator<Item = (Digest, Picture)>>(all: I) -> Pictures {
        Pictures { version: 0, by_digest: all.into_iter().collect() }
    }
}

/// Counts changes of the pictures.
const COUNTER: &str = "pictures";

/// Says that readers may see pictures otherwise now: a text that was shown without one has it after all.
pub fn show_anew(tx: &mut Write<'_>) -> Result<(), DbError> {
    store::take_numbers(tx, COUNTER, 1)?;
    store::versions::next(tx).map(drop)
}

/// Makes the smaller copies of some pictures that have none yet; how many it looked at, 0 when none is left. Blocks.
/// A picture that cannot be read is looked at once, and shown as it is.
/// # Errors: those of the database and the blob store; what was made before stays.
pub fn make_some(database: &Database, blobs: &Blobs) -> Result<usize, MediaError> {
    let waiting = database.read(|tx| rows::unseen_pictures(tx, AT_ONCE))?;
    let count = waiting.len();
    make_of(database, blobs, waiting)?;
    Ok(count)
}

/// As [`make_some`], until none is left.
pub fn make_all(database: &Database, blobs: &Blobs) -> Result<(), MediaError> {
    while make_some(database, blobs)? > 0 {}
    Ok(())
}

/// Makes the smaller copies of these media, each with its type.
pub(super) fn make_of(
    database: &Database,
    blobs: &Blobs,
    waiting: Vec<(Digest, String)>,
) -> Result<(), MediaError> {
    let mut made = Vec::with_capacity(waiting.len());
    for (sha256, mime) in waiting {
        made.push((sha256, make(blobs, sha256, &mime)?));
    }
    if made.is_empty() {
        return Ok(());
    }
    let keep = |tx: &mut Write<'_>| {
        let mut is_new = false;
        for (sha256, seen) in &made {
            let copies: Vec<Digest> =
                seen.iter().flat_map(|seen| &seen.copies).map(|copy| copy.sha256).collect();
            if !rows::is_here(tx, sha256)? {
                // Somebody let go of it while it was looked at.
                rows::mark_idle(tx, &copies.iter().map(Digest::to_string).collect::<Vec<_>>())?;
            } else if copies.iter().all(|copy| blobs.holds(copy)) {
                rows::keep_picture(tx, sha256, seen.as_ref())?;
                is_new |= seen.is_some();
            }
        }
        if is_new { show_anew(tx) } else { Ok(()) }
    };
    Ok(database.write(keep)?)
}

/// Writes the smaller copies as files; a crash afterwards leaves files that the next attempt makes alike. `None` if the
/// picture cannot be read.
fn make(blobs: &Blobs, sha256: Digest, mime: &str) -> Result<Option<Picture>, MediaError> {
    let Some(bytes) = blobs.read(&sha256)? else { return Ok(None) };
    let format = format_of(mime).map(|format| format.to_mime_type());
    let Smaller { width, height, copies } = match format.map(|mime| copies(mime, &bytes)) {
        Some(Ok(smaller)) => smaller,
        Some(Err(error)) => {
            tracing::debug!(%sha256, %error, "a picture is shown in its own size alone");
            return Ok(None);
        }
        None => return Ok(None),
    };
    let mut kept = Vec::with_capacity(copies.len());
    for copy in copies {
        kept.push(Copy { width: copy.width, sha256: blobs.put(&copy.bytes)?, mime: copy.mime.to_owned() });
    }
    Ok(Some(Picture { width, height, copies: kept }))
}
