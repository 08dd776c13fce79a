//! The program as people and scripts run it: the real executable, its words, its exit codes.
#![expect(clippy::unwrap_used, reason = "a story that cannot go on has failed")]

mod support;
mod tokens;
mod life;
mod pages;
mod labels;
mod news;
mod regions;
mod settings;
mod feedback;
mod media;
mod errors;
mod follows;
mod calendars;
mod demo;
