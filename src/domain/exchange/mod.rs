//! One folder per foreign format: parse into our words, print from our words.

pub mod ical;
pub mod integreat;
