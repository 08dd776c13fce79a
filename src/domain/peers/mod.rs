//! Whatever another node sent enters here and leaves as `Verified` or not at all.
//!
//! `follow` pins a node, `sync` fetches and proves its log, `fold` adds the entries up, `bodies` fetches the texts
//! and `keep` shows them, `poll` says when; `audit` checks a whole feed for a person.

pub mod error;
pub mod verify;
pub mod tiles;
pub mod filter;
pub mod store;
pub mod poll;
pub mod trust;
pub mod follow;
pub mod fetch_entries;
pub mod wanted;
pub mod former;
pub mod fold;
pub mod quarantine;
pub mod redactions;
pub mod quota;
pub mod lease;
pub mod sync;
pub mod bulk;
pub mod keep;
pub mod bodies;
pub mod peer;
pub mod audit;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod holding_tests;

use crate::platform::blobs::Blobs;
use crate::platform::clock::Clock;
use crate::platform::db::Database;
use crate::platform::fetch::Fetcher;
use std::time::Duration;

/// What it takes to follow other nodes; cloning is cheap.
#[derive(Clone)]
pub struct Peers {
    pub database: Database,
    pub fetcher: Fetcher,
    pub blobs: Blobs,
    pub clock: Clock,
    pub limits: Limits,
}

/// What an operator allows followed feeds.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// A lively feed is asked this often, a quiet one as often as `poll_max_seconds`.
    pub poll_min_seconds: i64,
    pub poll_max_seconds: i64,
    /// Entries, texts and media of one feed.
    pub quota_bytes: i64,
    /// New entries of one feed at once; more wait for a person.
    pub unconfirmed_entries: u64,
    /// One feed is worked on for so long at a time; then others have their turn, and it goes on with its next.
    pub turn: Duration,
}

/// Longer than the few entries that are taken over as a whole need from a server that answers each request in time:
/// the checkpoint, a range that comes to nothing, and 17 bundles of which four travel at once.
const TURN: Duration = Duration::from_secs(5 * 60);
/// What is fetched to be stored together is stored after this time, however little it is: less than a turn, so that the
/// slowest feed gets on.
const BATCH_TIME: Duration = Duration::from_secs(30);

/// SPEC: adaptive 2…30 min (civic-feed §2.8); per-feed blob quota 2 GiB, new entries 10⁶ (§2.17).
impl Default for Limits {
    fn default() -> Limits {
        Limits {
            poll_min_seconds: 2 * 60,
            poll_max_seconds: 30 * 60,
            quota_bytes: 2 * 1024 * 1024 * 1024,
            unconfirmed_entries: 1_000_000,
            turn: TURN,
        }
    }
}
