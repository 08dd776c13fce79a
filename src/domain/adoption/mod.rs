//! How a verified page becomes part of our tree and stays in touch with its source.
//!
//! A live mirror holds no text of its own: its revisions name the bodies that came with the followed feed.
//! Nothing here is published again in our own feed.

pub mod error;
mod store;
pub mod mirror;
pub mod adopt;
pub mod end;
pub mod provenance;
pub mod offers;
#[cfg(test)]
mod tests;

pub use error::AdoptionError;
