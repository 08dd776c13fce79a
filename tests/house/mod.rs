//! The rules of `architecture.rs`, one file per subject, each with the faults it must find.

pub mod source;
pub mod files;
pub mod imports;
pub mod licences;
pub mod places;
pub mod tables;
