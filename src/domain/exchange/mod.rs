//! One folder per foreign format: parse into our words, print from our words.

mod store;
pub mod ical;
pub mod integreat;
