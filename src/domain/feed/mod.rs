//! Turns committed changes into entries, tiles and a signed checkpoint: append only, one writer, crash-safe order.

pub mod entry;
pub mod from_change;
