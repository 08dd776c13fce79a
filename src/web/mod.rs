//! The doors for people and machines over HTTP: parse the request, ask one room, shape the answer. No rule of
//! the domain and no SQL. Here: what every door shares. Foundations first, `routes` knows all doors.

pub mod answer;
pub mod problem;
pub mod letterbox;
pub mod media;
pub mod assets;
pub mod contact_card;
pub mod federation;
pub mod integreat_v3;
pub mod open;
pub mod api;
pub mod reader;
pub mod routes;

use crate::base::id::NodeId;
use crate::domain::content::published::{Snapshot, Stamp};
use crate::platform::blobs::Blobs;
use crate::platform::clock::Clock;
use crate::platform::db::Database;
use answer::Answer;
use letterbox::throttle::Throttle;
use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use tokio::sync::Semaphore;

/// What all requests share; handlers take it as `web::Data<State>`.
pub struct State {
    pub about: About,
    pub database: Database,
    pub blobs: Blobs,
    pub clock: Clock,
    /// How often one address may send something in.
    pub throttle: Throttle,
    /// How often one address may come with a token that is none.
    pub strangers: Throttle,
    /// Room for files that are being sent in: each is held in memory whole.
    pub uploads: Arc<Semaphore>,
    showing: RwLock<Arc<Showing>>,
}

/// Files sent in at the same time.
const MOST_UPLOADS: usize = 4;

/// Who answers here, fixed while the node runs.
#[derive(Clone, Debug)]
pub struct About {
    /// `http(s)://host[:port]/`
    pub site: String,
    pub node_name: String,
    pub node_id: NodeId,
    /// The data folder, which holds `feed/`.
    pub data: PathBuf,
}

/// One snapshot and the answers made from it so far. Of these the next snapshot takes over what is right for it too and
/// was asked for meanwhile.
pub struct Showing {
    pub snapshot: Arc<Snapshot>,
    answers: RwLock<Kept>,
    /// What was asked for while the snapshot before was shown; `None`: there was none.
    wanted: Option<HashSet<Box<str>>>,
}

#[derive(Default)]
struct Kept {
    by_key: HashMap<Box<str>, One>,
    size_bytes: usize,
}

struct One {
    answer: Arc<Answer>,
    /// By somebody, while this snapshot is shown.
    asked: AtomicBool,
}

/// Answers kept at once; beyond it all are made anew, so that nobody fills the memory with odd questions.
const MOST_KEPT_BYTES: usize = 64 * 1024 * 1024;

impl State {
    /// Shows an empty snapshot until [`State::show`] is called.
    pub fn new(about: About, database: Database, blobs: Blobs, clock: Clock) -> State {
        let showing = RwLock::new(Arc::new(Showing::new(Arc::new(Snapshot::default()))));
        let (throttle, strangers) = (Throttle::new(&clock, ""), Throttle::new(&clock, ""));
        let uploads = Arc::new(Semaphore::new(MOST_UPLOADS));
        State { about, database, blobs, clock, throttle, strangers, uploads, showing }
    }

    /// For a node behind a proxy that names the client's address in this header; empty: there is none.
    pub fn behind_proxy(self, client_address_header: &str) -> State {
        let throttle = || Throttle::new(&self.clock, client_address_header);
        let (throttle, strangers) = (throttle(), throttle());
        State { throttle, strangers, ..self }
    }

    /// What readers see right now. A request asks once, so that all of its answer is of one piece.
    pub fn showing(&self) -> Arc<Showing> {
        Arc::clone(&self.showing.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Swaps in a newer picture; requests under way finish with the one they started with.
    /// Usually called through [`routes::show`], which makes the large answers beforehand.
    pub fn show(&self, showing: Showing) {
        *self.showing.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(showing);
    }
}

impl Showing {
    pub fn new(snapshot: Arc<Snapshot>) -> Showing {
        Showing { snapshot, answers: RwLock::default(), wanted: None }
    }

    /// Shows another snapshot, with the answers that follow from nothing but parts which that one has as well.
    pub fn followed_by(&self, snapshot: Arc<Snapshot>) -> Showing {
        let parts: HashSet<Stamp> = snapshot.parts().collect();
        let answers = self.answers.read().unwrap_or_else(PoisonError::into_inner);
        let (mut kept, mut wanted) = (Kept::default(), HashSet::new());
        for (key, one) in answers.by_key.iter().filter(|(_, one)| one.asked.load(Ordering::Relaxed)) {
            wanted.insert(key.clone());
            if one.answer.is_made_of(&parts) {
                kept.put(key.clone(), Arc::clone(&one.answer), false);
            }
        }
        let wanted = Some(wanted).filter(|_| !self.snapshot.regions.is_empty());
        Showing { snapshot, answers: RwLock::new(kept), wanted }
    }

    /// Makes an answer before anybody asks for it, if somebody did while the snapshot before was shown.
    /// # Errors: those of `build`.
    pub fn prepare<E>(&self, key: &str, build: impl FnOnce(&Snapshot) -> Result<Answer, E>) -> Result<(), E> {
        let is_here = self.answers.read().unwrap_or_else(PoisonError::into_inner).by_key.contains_key(key);
        if is_here || self.wanted.as_ref().is_some_and(|wanted| !wanted.contains(key)) {
            return Ok(());
        }
        self.keep(key, build(&self.snapshot)?, false);
        Ok(())
    }

    /// The answer kept under `key`, made by `build` when it is asked for the first time. A key begins with the
    /// name of its door and holds what the answer depends on besides the snapshot, such as `v3/pages/augsburg/de`.
    /// # Errors: those of `build`; they are not kept.
    pub fn answer<E>(
        &self,
        key: &str,
        build: impl FnOnce(&Snapshot) -> Result<Answer, E>,
    ) -> Result<Arc<Answer>, E> {
        if let Some(one) = self.answers.read().unwrap_or_else(PoisonError::into_inner).by_key.get(key) {
            // Written once only: cores that answer the same question shall not wait for each other.
            if !one.asked.load(Ordering::Relaxed) {
                one.asked.store(true, Ordering::Relaxed);
            }
            return Ok(Arc::clone(&one.answer));
        }
        // Two requests may build the same at once; the loser's work is thrown away, nobody waits.
        Ok(self.keep(key, build(&self.snapshot)?, true))
    }

    fn keep(&self, key: &str, answer: Answer, asked: bool) -> Arc<Answer> {
        let answer = Arc::new(answer);
        let mut kept = self.answers.write().unwrap_or_else(PoisonError::into_inner);
        if kept.size_bytes + answer.size_bytes() > MOST_KEPT_BYTES {
            *kept = Kept::default();
        }
        kept.put(key.into(), Arc::clone(&answer), asked);
        answer
    }
}

impl Kept {
    fn put(&mut self, key: Box<str>, answer: Arc<Answer>, asked: bool) {
        let length = key.len();
        self.size_bytes += answer.size_bytes() + length;
        let asked = AtomicBool::new(asked);
        if let Some(earlier) = self.by_key.insert(key, One { answer, asked }) {
            self.size_bytes -= earlier.answer.size_bytes() + length;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Showing, Snapshot};
    use crate::web::answer::{Answer, Caching};
    use std::convert::Infallible;
    use std::sync::Arc;

    fn text(text: impl Into<Vec<u8>>) -> Result<Answer, Infallible> {
        Ok(Answer::of(text.into(), "text/plain", Caching::Revalidate))
    }

    #[test]
    fn an_answer_is_made_once_and_errors_are_not_kept() {
        let showing = Showing::new(Default::default());
        assert!(showing.answer("a", |_| Err::<_, &str>("not yet")).is_err());
        let first = showing.answer("a", |_| text("one")).unwrap();
        let again = showing.answer("a", |_| text("two")).unwrap();
        assert_eq!(first.bytes(), again.bytes());
    }

    #[test]
    fn the_next_snapshot_takes_over_what_is_right_for_it_and_was_asked_for() {
        let first = Arc::new(Snapshot::default());
        let outline = first.outline.clone();
        let before = Showing::new(Arc::clone(&first));
        let other = Snapshot::default().outline.stamp();
        let (right, wrong) = (outline.stamp(), [outline.stamp(), other]);
        before.answer("right", |_| text("1").map(|answer| answer.made_of([right]))).unwrap();
        before.answer("wrong", |_| text("1").map(|answer| answer.made_of(wrong))).unwrap();
        before.answer("unsaid", |_| text("1")).unwrap();
        before.prepare("unasked", |_| text("1").map(|answer| answer.made_of([right]))).unwrap();
        let after = before.followed_by(Arc::new(Snapshot { outline, ..Snapshot::default() }));
        let told =
            |showing: &Showing, key: &str| showing.answer(key, |_| text("2")).unwrap().bytes().to_vec();
        assert_eq!(
            ["right", "wrong", "unsaid", "unasked"].map(|key| told(&after, key)),
            [b"1", b"2", b"2", b"2"]
        );
        assert_eq!(told(&before, "wrong"), b"1", "a request under way finishes with what it began with");
        let none = after.followed_by(Arc::default());
        assert_eq!(told(&none, "right"), b"2");
    }

    #[test]
    fn odd_questions_do_not_fill_the_memory() {
        let showing = Showing::new(Default::default());
        for number in 0..12 {
            let large = vec![b'x'; super::MOST_KEPT_BYTES / 8];
            showing.answer(&number.to_string(), |_| text(large)).unwrap();
            assert!(showing.answers.read().unwrap().size_bytes <= super::MOST_KEPT_BYTES);
        }
        assert!(showing.answers.read().unwrap().by_key.len() < 12);
    }
}
