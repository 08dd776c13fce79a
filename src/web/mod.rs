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
use crate::domain::content::published::Snapshot;
use crate::platform::blobs::Blobs;
use crate::platform::clock::Clock;
use crate::platform::db::Database;
use answer::Answer;
use letterbox::throttle::Throttle;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

/// What all requests share; handlers take it as `web::Data<State>`.
pub struct State {
    pub about: About,
    pub database: Database,
    pub blobs: Blobs,
    pub clock: Clock,
    /// How often one address may send something in.
    pub throttle: Throttle,
    showing: RwLock<Arc<Showing>>,
}

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

/// One snapshot and the answers made from it so far; both go together when the next one comes.
pub struct Showing {
    pub snapshot: Arc<Snapshot>,
    answers: RwLock<Kept>,
}

#[derive(Default)]
struct Kept {
    by_key: HashMap<Box<str>, Arc<Answer>>,
    size_bytes: usize,
}

/// Answers kept per snapshot; beyond it all are made anew, so that nobody fills the memory with odd questions.
const MOST_KEPT_BYTES: usize = 64 * 1024 * 1024;

impl State {
    /// Shows an empty snapshot until [`State::show`] is called.
    pub fn new(about: About, database: Database, blobs: Blobs, clock: Clock) -> State {
        let showing = RwLock::new(Arc::new(Showing::new(Arc::new(Snapshot::default()))));
        let throttle = Throttle::new(&clock, "");
        State { about, database, blobs, clock, throttle, showing }
    }

    /// For a node behind a proxy that names the client's address in this header; empty: there is none.
    pub fn behind_proxy(self, client_address_header: &str) -> State {
        let throttle = Throttle::new(&self.clock, client_address_header);
        State { throttle, ..self }
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
        Showing { snapshot, answers: RwLock::default() }
    }

    /// The answer kept under `key`, made by `build` when it is asked for the first time. A key begins with the
    /// name of its door and holds what the answer depends on besides the snapshot, such as `v3/pages/augsburg/de`.
    /// # Errors: those of `build`; they are not kept.
    pub fn answer<E>(
        &self,
        key: &str,
        build: impl FnOnce(&Snapshot) -> Result<Answer, E>,
    ) -> Result<Arc<Answer>, E> {
        if let Some(answer) = self.answers.read().unwrap_or_else(PoisonError::into_inner).by_key.get(key) {
            return Ok(Arc::clone(answer));
        }
        // Two requests may build the same at once; the loser's work is thrown away, nobody waits.
        let answer = Arc::new(build(&self.snapshot)?);
        let mut kept = self.answers.write().unwrap_or_else(PoisonError::into_inner);
        if kept.size_bytes + answer.size_bytes() > MOST_KEPT_BYTES {
            *kept = Kept::default();
        }
        if let Some(earlier) = kept.by_key.insert(key.into(), Arc::clone(&answer)) {
            kept.size_bytes -= earlier.size_bytes() + key.len();
        }
        kept.size_bytes += answer.size_bytes() + key.len();
        Ok(answer)
    }
}

#[cfg(test)]
mod tests {
    use super::Showing;
    use crate::web::answer::{Answer, Caching};
    use std::convert::Infallible;

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
