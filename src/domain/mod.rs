//! What the node is for. Foundations first: a room may use only those listed above it.

pub mod identity;
pub mod content;
pub mod access;
pub mod upkeep;
pub mod feed;
pub mod peers;
pub mod adoption;
pub mod exchange;
