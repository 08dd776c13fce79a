//! What happens when a feed is caught: it is paused, everything that proves it is kept, and what was good stays.

use super::Peers;
use super::error::PeerError;
use super::store::feeds::{self, EvidenceRow, FeedRow, SeenRow};
use super::tiles::History;
use super::verify::{Signed, Verified};
use crate::base::moment::Moment;
use crate::platform::db::{DbError, Write};

/// What a feed is found guilty of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Charge {
    /// It signed a smaller log than before and has stayed with it.
    RolledBack,
    /// It signed two different logs of one size.
    TwoOfOneSize,
    /// It signed a log that does not begin with the entries it signed before.
    Rewritten,
    /// An entry has no bytes, and no `redact` says why.
    Hidden(u64),
}

impl Charge {
    fn what(self) -> &'static str {
        match self {
            Charge::RolledBack => "rolled-back",
            Charge::TwoOfOneSize | Charge::Rewritten => "fork",
            Charge::Hidden(_) => "hidden-entry",
        }
    }

    fn words(self, feed: &FeedRow, signed: &Signed) -> String {
        let (had, shows) = (feed.size, signed.checkpoint.size);
        match self {
            Charge::RolledBack => {
                format!(
                    "for a day its log has shown only {shows} entries, after it had shown more; it was rolled back"
                )
            }
            Charge::TwoOfOneSize => {
                format!("its log changed history: it signed two different logs of {shows} entries")
            }
            Charge::Rewritten => format!(
                "its log changed history: the log of {shows} entries that it signs now does not begin with the {had} entries that it signed before"
            ),
            Charge::Hidden(index) => {
                format!("its log hides entry {index}: it has no bytes and no redact says why")
            }
        }
    }
}

/// A checkpoint that was seen, to be kept for ever.
pub fn seen(origin: &str, signed: &Signed, source: &str, now: Moment) -> SeenRow {
    SeenRow {
        origin: origin.to_owned(),
        size: i64::try_from(signed.checkpoint.size).unwrap_or(i64::MAX),
        root: signed.checkpoint.root.to_string(),
        note: signed.note.clone(),
        source: source.to_owned(),
        seen_at: now.micros(),
    }
}

/// Pauses the feed and stores what proves the charge; the error to tell.
pub async fn accuse(
    peers: &Peers,
    feed: &FeedRow,
    charge: Charge,
    signed: &Verified<Signed>,
    history: Option<History>,
) -> PeerError {
    let why = charge.words(feed, signed);
    let now = peers.clock.now();
    let tiles: std::collections::BTreeMap<String, Vec<String>> = history
        .into_iter()
        .flat_map(|history| history.tiles)
        .map(|(path, hashes)| (path.to_string(), hashes.iter().map(ToString::to_string).collect()))
        .collect();
    let detail = serde_json::json!({
        "why": why,
        "old": { "size": feed.size, "frontier": feed.frontier, "note": feed.note },
        "new": { "size": signed.checkpoint.size, "note": signed.note },
        "tiles": tiles,
    });
    let evidence = EvidenceRow {
        id: peers.clock.fresh_id().to_string(),
        origin: feed.origin.clone(),
        what: charge.what().to_owned(),
        detail: detail.to_string(),
        found_at: now.micros(),
    };
    let seen = seen(&feed.origin, signed, "origin", now);
    let told = why.clone();
    let pause = move |tx: &mut Write<'_>| -> Result<(), DbError> {
        feeds::set_state(tx, &evidence.origin, "quarantined", Some(&told))?;
        feeds::keep_seen(tx, &seen)?;
        feeds::keep_evidence(tx, &evidence)
    };
    match peers.database.run(move |database| database.write(pause)).await {
        Ok(()) => PeerError::Quarantined { origin: feed.origin.clone(), why },
        Err(error) => PeerError::Database(error),
    }
}
