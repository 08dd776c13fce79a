//! Asks followed feeds for news when it is time, and fetches the texts they name. Each feed has a task of its own, and a
//! limited time for it, so that a slow one keeps no other waiting.

use crate::base::id::ObjectId;
use crate::domain::content::media::clear::clear;
use crate::domain::peers::error::PeerError;
use crate::domain::peers::store::{blobs, feeds};
use crate::domain::peers::{Peers, bodies, sync};
use std::collections::BTreeSet;
use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout_at};

/// Feeds that have their turn at the same time.
const FEEDS_AT_ONCE: usize = 8;

/// The feeds that are being asked. Dropping it stops at once: what was taken over stays, the rest comes another time.
pub struct Following {
    peers: Peers,
    turns: Arc<Semaphore>,
    tasks: JoinSet<Done>,
    /// Feeds that have a task.
    busy: BTreeSet<String>,
}

/// A feed that had its turn.
#[derive(Debug)]
pub struct Done {
    pub origin: String,
    /// Objects that are other than before.
    pub touched: BTreeSet<ObjectId>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Due {
    /// New entries, and the texts they name.
    Entries,
    /// Only texts that are still to be had.
    Texts,
}

impl Following {
    pub fn new(peers: Peers) -> Following {
        let turns = Arc::new(Semaphore::new(FEEDS_AT_ONCE));
        Following { peers, turns, tasks: JoinSet::new(), busy: BTreeSet::new() }
    }

    /// Begins with every feed that is due and not begun with, the longest due first; as many as may wait for their turn.
    /// Trouble with one feed is logged and stays its own. # Errors: the database cannot be read.
    pub async fn begin(&mut self) -> Result<(), PeerError> {
        clear_files(&self.peers).await;
        let now = self.peers.clock.now().micros();
        let due = self.peers.database.run(move |database| {
            database
                .read(|tx| Ok::<_, PeerError>((feeds::due(tx, now)?, blobs::origins_with_wants(tx, now)?)))
        });
        let (entries, texts) = due.await?;
        let entries = entries.into_iter().map(|origin| (origin, Due::Entries));
        for (origin, due) in entries.chain(texts.into_iter().map(|origin| (origin, Due::Texts))) {
            if self.busy.insert(origin.clone()) {
                let (peers, turns) = (self.peers.clone(), Arc::clone(&self.turns));
                self.tasks.spawn(async move {
                    let _turn = turns.acquire().await;
                    Done { touched: turn(&peers, &origin, due).await, origin }
                });
            }
        }
        Ok(())
    }

    /// Waits for the next feed that has had its turn; `None` if none is begun with. May be dropped while it waits.
    pub async fn done(&mut self) -> Option<Done> {
        let done = self.tasks.join_next().await?;
        let done = done.unwrap_or_else(|failed| std::panic::resume_unwind(failed.into_panic()));
        self.busy.remove(&done.origin);
        Some(done)
    }

    /// Stops asking, whatever is under way.
    pub async fn stop(mut self) {
        self.tasks.shutdown().await;
    }
}

/// What one feed gets in one turn; what takes longer goes on with its next, from where it is.
async fn turn(peers: &Peers, origin: &str, due: Due) -> BTreeSet<ObjectId> {
    let end = Instant::now() + peers.limits.turn;
    let mut touched = BTreeSet::new();
    if due == Due::Entries {
        touched.extend(told(origin, sync::sync_within(peers, origin, peers.limits.turn).await));
    }
    match timeout_at(end, bodies::fetch_wanted(peers, origin, |_| {})).await {
        Ok(Ok(fetched)) => {
            if let Some(trouble) = fetched.trouble {
                tracing::warn!(origin, failed = fetched.failed, "cannot fetch every text: {trouble}");
            }
            touched.extend(fetched.ready);
        }
        Ok(Err(error)) => tracing::warn!(origin, "cannot fetch texts: {error}"),
        Err(_) => tracing::info!(origin, "there are more texts than can be fetched in one turn"),
    }
    touched
}

/// Deletes what others let go of and did not come to delete: a process that was killed, or a refresh of mirrors.
async fn clear_files(peers: &Peers) {
    let working = peers.clone();
    if let Err(error) = peers.database.run(move |database| clear::<PeerError>(database, &working.blobs)).await
    {
        tracing::error!("a file that nothing names any more stays: {error}");
    }
}

/// Logs how a sync went; the objects that are other than before.
fn told(origin: &str, outcome: Result<sync::Synced, PeerError>) -> BTreeSet<ObjectId> {
    match outcome {
        Ok(synced) => {
            if !synced.touched.is_empty() {
                tracing::info!(origin, entries = synced.to - synced.from, "a followed feed has news");
            }
            return synced.touched;
        }
        Err(PeerError::Leased(_)) => {}
        Err(error @ (PeerError::Quarantined { .. } | PeerError::IdentityFork(_))) => {
            tracing::error!(origin, "{error}");
        }
        Err(error) => tracing::warn!(origin, "cannot synchronise: {error}"),
    }
    BTreeSet::new()
}

/// Syncs one feed now, however long it takes, and fetches what it names. `told` hears of entries done and in all.
/// # Errors: as [`sync::sync`].
pub async fn now(
    peers: &Peers,
    origin: &str,
    told: impl Fn(u64, u64),
) -> Result<(sync::Synced, bodies::Fetched), PeerError> {
    let mut synced = sync::sync(peers, origin, told).await?;
    let fetched = bodies::fetch_wanted(peers, origin, |_| {}).await?;
    synced.touched.extend(&fetched.ready);
    Ok((synced, fetched))
}

#[cfg(test)]
mod tests {
    use super::Following;
    use crate::domain::peers::peer;
    use crate::domain::peers::testing::{Follower, Publisher, object};
    use crate::platform::fetch::testing::{BadServer, Reply};
    use crate::platform::fetch::{FetchPolicy, Fetcher};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::time::Duration;

    /// A follower that waits for an answer for as long as it takes.
    fn patient() -> Follower {
        let mut follower = Follower::new();
        let policy = FetchPolicy { allow_private: true };
        follower.peers.fetcher = Fetcher::within(policy, Duration::from_secs(3600));
        follower
    }

    /// A server that leaves these requests without an answer, once it is told to.
    fn falls_silent(publisher: &Publisher, about: &'static str) -> (BadServer, Arc<AtomicBool>) {
        let silent = Arc::new(AtomicBool::new(false));
        let now = silent.clone();
        let server = publisher.serve(move |path| {
            (now.load(Ordering::SeqCst) && path.contains(about)).then(|| Reply::Stall(Vec::new()))
        });
        (server, silent)
    }

    fn told(follower: &Follower, origin: &str) -> peer::PeerDetail {
        let now = follower.peers.clock.now();
        follower.read(|tx| peer::show(tx, origin, now))
    }

    #[tokio::test]
    async fn a_feed_that_does_not_answer_keeps_no_other_waiting() {
        let (slow, mut healthy, follower) = (Publisher::new(), Publisher::new(), patient());
        healthy.page(1, None, &[("de", 1)]);
        healthy.publish();
        let (server, silent) = falls_silent(&slow, "checkpoint");
        let slow = follower.follow(&server.url, "{}").await;
        silent.store(true, Ordering::SeqCst);
        let server = healthy.serve(|_| None);
        let origin = follower.follow(&server.url, "{}").await;
        let mut following = Following::new(follower.peers.clone());
        for rev in 2..5 {
            following.begin().await.unwrap();
            let done = following.done().await.unwrap();
            assert_eq!((&done.origin, done.touched), (&origin, [object(1)].into()));
            assert_eq!(told(&follower, &origin).peer.to_fetch, 0);
            healthy.page(1, None, &[("de", rev)]);
            healthy.publish();
            follower.peers.clock.advance(300);
        }
        assert_eq!(following.busy, [slow].into());
        following.stop().await;
    }

    #[tokio::test]
    async fn a_feed_that_does_not_answer_loses_its_turn_and_is_asked_later() {
        let (publisher, mut follower) = (Publisher::new(), patient());
        follower.peers.limits.turn = Duration::from_millis(300);
        let (server, silent) = falls_silent(&publisher, "checkpoint");
        let origin = follower.follow(&server.url, "{}").await;
        silent.store(true, Ordering::SeqCst);
        let mut following = Following::new(follower.peers.clone());
        following.begin().await.unwrap();
        assert!(following.done().await.unwrap().touched.is_empty());
        let trouble = told(&follower, &origin).peer.last_error.unwrap();
        assert!(trouble.contains("did not answer completely within 0.3 seconds"), "{trouble}");
        // Not at once, and nobody else is kept from it until then.
        following.begin().await.unwrap();
        assert!(following.done().await.is_none());
        silent.store(false, Ordering::SeqCst);
        follower.peers.clock.advance(600);
        following.begin().await.unwrap();
        assert_eq!(following.done().await.unwrap().origin, origin);
        assert_eq!(told(&follower, &origin).peer.last_error, None);
    }

    #[tokio::test]
    async fn what_was_taken_over_before_a_turn_ended_stays() {
        let (mut publisher, mut follower) = (Publisher::new(), patient());
        (0..20_000).for_each(|_| publisher.raw(r#"{"op":"later","ts":1,"v":1}"#));
        publisher.page(1, None, &[("de", 1)]);
        publisher.publish();
        follower.peers.limits.turn = Duration::from_secs(5);
        let (server, silent) = falls_silent(&publisher, "tile/entries/070");
        silent.store(true, Ordering::SeqCst);
        let origin = follower.follow(&server.url, "{}").await;
        let mut following = Following::new(follower.peers.clone());
        following.begin().await.unwrap();
        following.done().await.unwrap();
        let peer = told(&follower, &origin).peer;
        assert_eq!((peer.entries, peer.last_error), (64 * 256, None));
        silent.store(false, Ordering::SeqCst);
        follower.peers.clock.advance(300);
        following.begin().await.unwrap();
        assert_eq!(following.done().await.unwrap().touched, [object(1)].into());
        assert_eq!(told(&follower, &origin).peer.entries, 20_001);
    }
}
