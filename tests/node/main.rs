//! Stories of one node, on SQLite and on PostgreSQL (see `platform::db::testing`).

mod content;
mod integreat_v3;
mod integreat_import;
