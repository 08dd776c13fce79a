//! The exact bytes of bodies, by digest, and which media and contacts they name: ours and those of others that were
//! verified.

use super::BATCH;
use crate::base::digest::Digest;
use crate::domain::content::body::Body;
use crate::on_both;
use crate::platform::db::schema::{bodies, body_contacts, body_media};
use crate::platform::db::{DbError, Reading, Write};
use diesel::prelude::*;
use std::collections::HashMap;

/// Keeps bytes under their digest, and which media and contacts they name; what is there already stays.
pub fn save(tx: &mut Write<'_>, all: &[(Digest, String)]) -> Result<(), DbError> {
    for batch in all.chunks(BATCH) {
        let rows: Vec<_> = batch
            .iter()
            .map(|(digest, bytes)| (bodies::sha256.eq(digest.to_string()), bodies::bytes.eq(bytes.as_str())))
            .collect();
        on_both!(tx, c => diesel::insert_into(bodies::table)
            .values(&rows).on_conflict(bodies::sha256).do_nothing().execute(c))?;
        let named: Vec<_> = batch
            .iter()
            .flat_map(|(body, bytes)| Body::media_named(bytes).into_iter().map(|medium| (*body, medium)))
            .map(|(body, medium)| {
                (body_media::body.eq(body.to_string()), body_media::medium.eq(medium.to_string()))
            })
            .collect();
        for named in named.chunks(BATCH) {
            on_both!(tx, c => diesel::insert_into(body_media::table)
                .values(named).on_conflict_do_nothing().execute(c))?;
        }
        let shown: Vec<_> = batch
            .iter()
            .flat_map(|(body, bytes)| Body::contacts_named(bytes).into_iter().map(|contact| (*body, contact)))
            .map(|(body, contact)| {
                (body_contacts::body.eq(body.to_string()), body_contacts::contact.eq(contact.to_string()))
            })
            .collect();
        for shown in shown.chunks(BATCH) {
            on_both!(tx, c => diesel::insert_into(body_contacts::table)
                .values(shown).on_conflict_do_nothing().execute(c))?;
        }
    }
    Ok(())
}

/// The bytes of those of `digests` that are here.
pub fn load(tx: &mut impl Reading, digests: &[Digest]) -> Result<HashMap<Digest, String>, DbError> {
    let mut found = HashMap::with_capacity(digests.len());
    for batch in digests.chunks(BATCH) {
        let wanted: Vec<String> = batch.iter().map(Digest::to_string).collect();
        let rows: Vec<(String, String)> =
            on_both!(tx, c => bodies::table.filter(bodies::sha256.eq_any(&wanted)).load(c))?;
        for (sha256, bytes) in rows {
            found.insert(super::read_back(&sha256)?, bytes);
        }
    }
    Ok(found)
}

/// Deletes bodies for good: nobody may serve or keep them. Revisions keep only the digest.
pub fn delete(tx: &mut Write<'_>, digests: &[Digest]) -> Result<(), DbError> {
    for batch in digests.chunks(BATCH) {
        let gone: Vec<String> = batch.iter().map(Digest::to_string).collect();
        on_both!(tx, c => diesel::delete(bodies::table.filter(bodies::sha256.eq_any(&gone))).execute(c))?;
    }
    Ok(())
}
