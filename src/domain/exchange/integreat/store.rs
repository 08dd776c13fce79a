//! What an import remembers: which page an item became and what it last looked like; and which media are held.

use super::media::file_name;
use crate::base::digest::Digest;
use crate::base::id::RegionId;
use crate::base::moment::Moment;
use crate::domain::content::store::media as library;
use crate::domain::exchange::store;
use crate::on_both;
use crate::platform::db::schema::media;
use crate::platform::db::{DbError, Reading, Write};
use diesel::prelude::*;
use std::collections::HashMap;

pub(super) use crate::domain::exchange::store::Memory;

const SOURCE: &str = "integreat";
const BATCH: usize = 500;

pub(super) fn remembered(tx: &mut impl Reading, region: RegionId) -> Result<Vec<Memory>, DbError> {
    store::remembered(tx, region, SOURCE)
}

pub(super) fn remember(tx: &mut Write<'_>, region: RegionId, all: &[Memory]) -> Result<(), DbError> {
    store::remember(tx, region, SOURCE, all)
}

/// A file that the node holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldMedium {
    pub sha256: Digest,
    pub size_bytes: u64,
    pub mime: String,
}

/// What is held, by the address it was fetched from.
pub(super) fn media_by_address(tx: &mut impl Reading) -> Result<HashMap<String, HeldMedium>, DbError> {
    let rows: Vec<(String, i64, String, Option<String>)> =
        on_both!(tx, c => media::table.filter(media::source_url.is_not_null()).load(c))?;
    let mut held = HashMap::with_capacity(rows.len());
    for (sha256, size, mime, address) in rows {
        let sha256 = sha256.parse().map_err(|error| DbError::Unreadable(format!("{error}")))?;
        let medium = HeldMedium { sha256, size_bytes: u64::try_from(size).unwrap_or(0), mime };
        held.extend(address.map(|address| (address, medium)));
    }
    Ok(held)
}

/// Writes that these files are here, and takes those into the library that were not: what a followed node brought stays
/// with that node.
pub(super) fn keep_media(
    tx: &mut Write<'_>,
    held: &HashMap<String, HeldMedium>,
    now: Moment,
) -> Result<(), DbError> {
    // One file may have several addresses; a statement must not name its row twice.
    let mut by_digest: HashMap<Digest, (&String, &HeldMedium)> = HashMap::new();
    for (address, medium) in held {
        by_digest.entry(medium.sha256).or_insert((address, medium));
    }
    let digests: Vec<String> = by_digest.keys().map(Digest::to_string).collect();
    let known = library::named(tx, &digests)?;
    let new = by_digest.iter().filter(|(sha256, _)| !known.contains(&sha256.to_string()));
    let names: Vec<(Digest, String)> =
        new.map(|(sha256, (address, _))| (*sha256, file_name(address))).collect();
    let rows: Vec<_> = by_digest.into_values().collect();
    for batch in rows.chunks(BATCH) {
        let rows: Vec<_> = batch
            .iter()
            .map(|(address, medium)| {
                (
                    media::sha256.eq(medium.sha256.to_string()),
                    media::size_bytes.eq(i64::try_from(medium.size_bytes).unwrap_or(i64::MAX)),
                    media::mime.eq(medium.mime.as_str()),
                    media::source_url.eq(Some(address.as_str())),
                )
            })
            .collect();
        on_both!(tx, c => diesel::insert_into(media::table)
            .values(&rows).on_conflict(media::sha256).do_nothing().execute(c))?;
    }
    library::enlist(tx, &names, now)
}
