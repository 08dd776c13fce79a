//! Deletes the files of media that nothing names any more. A row stands for each from the transaction that let go of it
//! on, so that no crash forgets one, and whichever process comes next does it.

use crate::base::digest::Digest;
use crate::domain::content::store::media as rows;
use crate::platform::blobs::{BlobError, Blobs};
use crate::platform::db::{Database, DbError, Write};

/// Files deleted in one transaction, which keeps other writers waiting.
const AT_ONCE: usize = 256;

/// Deletes what is to be deleted. Little work if that is nothing. Blocks.
/// # Errors: a file that cannot be deleted; the others are, and this one is tried again next time.
pub fn clear<E: From<DbError> + From<BlobError>>(database: &Database, blobs: &Blobs) -> Result<(), E> {
    let idle = database.read::<_, DbError>(|tx| rows::idle(tx))?;
    let mut trouble = None;
    for idle in idle.chunks(AT_ONCE) {
        // As the only writer: a row is written only while its file is here, and so no file goes that has just got one.
        // A crash after a file is gone leaves its digest in place, and to delete it again is as good.
        let delete = |tx: &mut Write<'_>| {
            let named = rows::named(tx, idle)?;
            let mut done = Vec::with_capacity(idle.len());
            for sha256 in idle {
                let digest = sha256.parse::<Digest>().ok().filter(|_| !named.contains(sha256));
                match digest.map_or(Ok(()), |digest| blobs.delete(&digest)) {
                    Ok(()) => done.push(sha256.clone()),
                    Err(error) => trouble = Some(error),
                }
            }
            rows::unmark_idle(tx, &done)
        };
        database.write::<_, DbError>(delete)?;
    }
    trouble.map_or(Ok(()), |error| Err(error.into()))
}
