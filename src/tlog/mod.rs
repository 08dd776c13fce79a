//! The formats of transparency logs (C2SP), one file per specification: bytes in, bytes or a proof out.
//! Nothing here has heard of pages, reads a clock or touches a file.

pub mod error;
pub mod jcs;
pub mod merkle;
pub mod proof;
pub mod signed_note;
pub mod checkpoint;
pub mod cosignature;
pub mod tile;
pub mod entry_bundle;

#[cfg(test)]
pub mod vectors;
