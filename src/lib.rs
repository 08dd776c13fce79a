//! Lotse: a federated node for multilingual local information.
//!
//! The order of the modules is the architecture, foundations first: a module may use only those listed
//! above it. `tests/architecture.rs` holds every file to it.

pub mod base;
pub mod locale;
pub mod tlog;
pub mod config;
pub mod platform;
pub mod domain;
pub mod jobs;
pub mod web;
pub mod app;
pub mod cli;
