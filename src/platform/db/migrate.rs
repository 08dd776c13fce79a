//! Brings the tables to this version's shape: one tree of SQL for both databases.

use super::{AnyConnection, DbError};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");

/// Applies what is missing; the number of migrations applied. # Errors: the SQL failed, or the database is newer.
pub fn up(connection: &mut AnyConnection) -> Result<usize, DbError> {
    let applied = match connection {
        AnyConnection::Sqlite(c) => c.run_pending_migrations(MIGRATIONS).map(|done| done.len()),
        AnyConnection::Postgres(c) => c.run_pending_migrations(MIGRATIONS).map(|done| done.len()),
    };
    applied.map_err(|error| DbError::Unreadable(format!("a migration failed: {error}")))
}

/// Takes every migration back, newest first. For tests of the way down.
pub fn down(connection: &mut AnyConnection) -> Result<(), DbError> {
    let reverted = match connection {
        AnyConnection::Sqlite(c) => c.revert_all_migrations(MIGRATIONS).map(|_| ()),
        AnyConnection::Postgres(c) => c.revert_all_migrations(MIGRATIONS).map(|_| ()),
    };
    reverted.map_err(|error| DbError::Unreadable(format!("a migration could not be taken back: {error}")))
}
