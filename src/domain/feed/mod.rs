//! Turns committed changes into entries, tiles and a signed checkpoint: append only, one writer, crash-safe order.

pub mod error;
pub mod entry;
pub mod from_change;
pub mod guard;
pub mod store;
pub mod files;
pub mod recover;
pub mod batch;
pub mod sequence;
pub mod export;
pub mod state;

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
