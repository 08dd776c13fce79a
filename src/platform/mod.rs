//! Everything that touches the world. Foundations first: a module may use only those listed above it.

pub mod clock;
pub mod db;
pub mod blobs;
pub mod fetch;
