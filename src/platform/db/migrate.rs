//! Brings the tables to this version's shape: one tree of SQL for both databases.

use super::{AnyConnection, DbError};
use diesel::backend::Backend;
use diesel::migration::{MigrationSource, MigrationVersion, Result as Migrated};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use std::collections::BTreeSet;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");

/// Applies what is missing; the number of migrations applied.
/// # Errors: the SQL failed, or a newer version of the program has changed the tables already.
pub fn up(connection: &mut AnyConnection) -> Result<usize, DbError> {
    let failed = |error| DbError::Unreadable(format!("a migration failed: {error}"));
    let unknown = match connection {
        AnyConnection::Sqlite(c) => unknown(c),
        AnyConnection::Postgres(c) => unknown(&mut **c),
    };
    if let Some(version) = unknown.map_err(failed)? {
        return Err(DbError::Unreadable(format!(
            "a newer version of this program has changed its tables (migration {version}); use that version"
        )));
    }
    let applied = match connection {
        AnyConnection::Sqlite(c) => c.run_pending_migrations(MIGRATIONS).map(|done| done.len()),
        AnyConnection::Postgres(c) => c.run_pending_migrations(MIGRATIONS).map(|done| done.len()),
    };
    applied.map_err(failed)
}

/// A migration that was applied and is not one of ours.
fn unknown<DB: Backend>(connection: &mut impl MigrationHarness<DB>) -> Migrated<Option<String>> {
    let ours = MigrationSource::<DB>::migrations(&MIGRATIONS)?;
    let ours: BTreeSet<MigrationVersion<'_>> = ours.iter().map(|one| one.name().version()).collect();
    let applied = connection.applied_migrations()?;
    Ok(applied.into_iter().find(|version| !ours.contains(version)).map(|version| version.to_string()))
}

/// Takes every migration back, newest first. For tests of the way down.
pub fn down(connection: &mut AnyConnection) -> Result<(), DbError> {
    let reverted = match connection {
        AnyConnection::Sqlite(c) => c.revert_all_migrations(MIGRATIONS).map(|_| ()),
        AnyConnection::Postgres(c) => c.revert_all_migrations(MIGRATIONS).map(|_| ()),
    };
    reverted.map_err(|error| DbError::Unreadable(format!("a migration could not be taken back: {error}")))
}
