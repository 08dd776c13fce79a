//! Stories of one node, on SQLite and on PostgreSQL (see `platform::db::testing`).
#![expect(clippy::unwrap_used, reason = "a story that cannot go on has failed")]

mod content;
mod labels;
mod snapshots;
mod news;
mod trees;
mod naming;
mod integreat_v3;
mod integreat_import;
mod reader_feedback;
mod upkeep;
mod api;
