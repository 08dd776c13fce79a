//! Real processes of the real program, ended with `kill -9` at random moments, then started again and looked over.
//! `CRASH_ROUNDS` says how many rounds (100), `CRASH_SEED` repeats the moments of a run that failed.
#![expect(clippy::unwrap_used, reason = "a story that cannot go on has failed")]

mod chance;
mod following;
mod log;
mod node;
mod publishing;
mod restored;
mod texts;
mod twins;
mod watch;
mod wire;
mod world;

/// Kills at the publishing and at the following node together.
fn rounds() -> usize {
    std::env::var("CRASH_ROUNDS").map_or(100, |text| text.parse().expect("CRASH_ROUNDS is a number"))
}
