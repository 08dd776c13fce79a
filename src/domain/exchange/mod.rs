//! One folder per foreign format: parse into our words, print from our words.

pub mod integreat;
