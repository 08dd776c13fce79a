//! All SQL of the room: feeds, the fold of their entries, blobs, who holds them, and the overview for people.

pub mod blobs;
pub mod feeds;
pub mod fold;
pub mod holding;
pub mod overview;

use crate::platform::db::DbError;

/// Rows in one statement; keeps below SQLite's limit of bound values.
pub const ROWS: usize = 500;

/// Keys in one question; below that limit too.
pub const KEYS: usize = 5000;

/// Asks for many keys, some at a time.
fn chunks<T>(
    keys: &[String],
    mut ask: impl FnMut(&[String]) -> diesel::QueryResult<Vec<T>>,
) -> Result<Vec<T>, DbError> {
    let mut found = Vec::new();
    for keys in keys.chunks(KEYS) {
        found.extend(ask(keys)?);
    }
    Ok(found)
}
