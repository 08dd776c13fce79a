//! The library: pictures that were uploaded or imported, each once, whatever it is called; what is said of them in each
//! language; the smaller copies of these and of followed nodes' pictures; which texts show them.

pub mod error;
mod parts;
pub mod clean;
mod smaller;
pub mod pictures;
pub mod clear;
pub mod library;
pub(super) mod caption;
pub mod usage;
pub mod replace;

pub use error::MediaError;

#[cfg(test)]
mod tests;
