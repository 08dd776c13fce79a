//! Stories of several nodes that talk over HTTP, on SQLite and on PostgreSQL (see `platform::db::testing`).
#![expect(clippy::unwrap_used, reason = "a story that cannot go on has failed")]

mod support;
mod stories;
mod schedules;
