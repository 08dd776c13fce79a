//! Waits for PostgreSQL on the thread that asks. The connections' drivers run on threads of their own, so a thread
//! that waits only sleeps until it is woken: also one that runs futures, where a runtime would refuse to block.

use diesel_async::async_connection_wrapper::BlockOn;
use std::pin::pin;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

/// For [`diesel_async::async_connection_wrapper::AsyncConnectionWrapper`].
pub struct Waiting;

/// Whether there is news since the last look. Not the thread's own park token: locks on the way use that up.
#[derive(Default)]
struct Sleeper {
    news: Mutex<bool>,
    bell: Condvar,
}

impl Sleeper {
    fn sleep(&self) {
        let mut news = self.news.lock().unwrap_or_else(PoisonError::into_inner);
        while !std::mem::take(&mut *news) {
            news = self.bell.wait(news).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Wake for Sleeper {
    fn wake(self: Arc<Self>) {
        *self.news.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.bell.notify_one();
    }
}

/// Sleeps until `work` is done. It must not need the runtime of the thread that waits.
pub fn wait<F: Future>(work: F) -> F::Output {
    // A runtime lets its tasks do only so much in one go, and wakes them when they have let go: here nobody would.
    let mut work = pin!(tokio::task::unconstrained(work));
    let sleeper = Arc::new(Sleeper::default());
    let waker = Waker::from(Arc::clone(&sleeper));
    let mut context = Context::from_waker(&waker);
    loop {
        match work.as_mut().poll(&mut context) {
            Poll::Ready(value) => return value,
            Poll::Pending => sleeper.sleep(),
        }
    }
}

impl BlockOn for Waiting {
    fn block_on<F: Future>(&self, work: F) -> F::Output {
        wait(work)
    }

    fn get_runtime() -> Waiting {
        Waiting
    }
}
