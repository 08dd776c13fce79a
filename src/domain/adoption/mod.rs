//! How what another node publishes becomes part of what we show, and stays in touch with its source.
//!
//! A live mirror holds no text of its own: its revisions name the bodies that came with the followed feed.
//! Nothing here is published again in our own feed.

pub mod error;
mod store;
mod needs;
mod selection;
pub mod regions;
pub mod mirror;
pub mod offers;
pub mod adopt;
pub mod end;
pub mod provenance;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod hostile_tests;
#[cfg(test)]
mod scale_tests;

pub use error::AdoptionError;
