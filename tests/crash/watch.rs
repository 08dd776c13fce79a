//! Looks at running nodes all the time, from threads of their own, and remembers what must not have been seen.

use super::log;
use super::texts::{self, Look};
use super::wire;
use lotse::tlog::checkpoint::Checkpoint;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

#[derive(Default)]
struct Seen {
    /// The one signed note of each size.
    notes: BTreeMap<u64, Vec<u8>>,
    faults: Vec<String>,
    looks: u64,
}

/// Dropping it ends its threads.
pub struct Watch {
    seen: Arc<Mutex<Seen>>,
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Watch {
    pub fn new() -> Watch {
        Watch { seen: Arc::default(), stop: Arc::default(), threads: Vec::new() }
    }

    fn repeat(&mut self, mut look: impl FnMut(&Mutex<Seen>) + Send + 'static) {
        let (seen, stop) = (Arc::clone(&self.seen), Arc::clone(&self.stop));
        self.threads.push(std::thread::spawn(move || {
            while !stop.load(Ordering::Relaxed) {
                look(&seen);
                std::thread::sleep(Duration::from_millis(3));
            }
        }));
    }

    /// The checkpoint at this port: there is always one, it never goes back, and of each size there is one.
    pub fn checkpoints(&mut self, port: u16) {
        let mut largest = 0;
        self.repeat(move |seen| {
            let Some(answer) = wire::ask(port, "/feed/pub/1/checkpoint") else { return };
            let mut seen = seen.lock().unwrap();
            seen.looks += 1;
            if answer.status != 200 {
                seen.faults.push(format!("the checkpoint answers {}", answer.status));
                return;
            }
            let size = log::checkpoint(&answer.body).size;
            if size < largest {
                seen.faults.push(format!("a checkpoint of {size} entries after one of {largest}"));
            }
            largest = size;
            let other = seen.notes.insert(size, answer.body.clone()).filter(|other| *other != answer.body);
            if let Some(other) = other {
                let notes = [&other, &answer.body].map(|note| String::from_utf8_lossy(note).into_owned());
                seen.faults.push(format!("two checkpoints of {size} entries: {notes:?}"));
            }
        });
    }

    /// The pages of a region: each is a whole text that was published.
    pub fn pages(&mut self, port: u16, region: &'static str) {
        self.repeat(move |seen| match texts::look(port, region) {
            Look::Whole(_) => seen.lock().unwrap().looks += 1,
            Look::Nobody(_) => {}
            Look::Fault(why) => seen.lock().unwrap().faults.push(why),
        });
    }

    /// # Panics: something was seen that must not be.
    pub fn is_content(&self) {
        let seen = self.seen.lock().unwrap();
        assert!(seen.faults.is_empty(), "seen while running: {:#?}", seen.faults);
        assert!(self.threads.iter().all(|thread| !thread.is_finished()), "a watching thread broke down");
    }

    pub fn checkpoints_seen(&self) -> Vec<Checkpoint> {
        self.seen.lock().unwrap().notes.values().map(|note| log::checkpoint(note)).collect()
    }

    pub fn looks(&self) -> u64 {
        self.seen.lock().unwrap().looks
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            drop(thread.join());
        }
    }
}
