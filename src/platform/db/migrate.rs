//! Brings the tables to this version's shape: one tree of SQL for both databases.

use super::{AnyConnection, DbError};
use diesel::migration::{MigrationSource, Result as Migrated};
use diesel::prelude::*;
use diesel::result::Error;
use diesel::sql_types::Text;
use diesel::sqlite::Sqlite;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use std::collections::BTreeSet;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");

/// Applies what is missing; the number of migrations applied.
/// # Errors: the SQL failed, or a newer version of the program has changed the tables already.
pub fn up(connection: &mut AnyConnection) -> Result<usize, DbError> {
    missing(connection)?;
    let applied = match connection {
        AnyConnection::Sqlite(c) => c.run_pending_migrations(MIGRATIONS).map(|done| done.len()),
        AnyConnection::Postgres(c) => c.run_pending_migrations(MIGRATIONS).map(|done| done.len()),
    };
    applied.map_err(failed)
}

/// How many migrations [`up`] would apply. Nothing is changed, be it by noting where such notes would stand.
/// # Errors: a newer version of the program has changed the tables already.
pub fn missing(connection: &mut AnyConnection) -> Result<usize, DbError> {
    let (mut ours, applied) = (ours().map_err(failed)?, applied(connection)?);
    if let Some(version) = applied.iter().find(|version| !ours.contains(*version)) {
        return Err(DbError::Unreadable(format!(
            "a newer version of this program has changed its tables (migration {version}); use that version"
        )));
    }
    ours.retain(|version| !applied.contains(version));
    Ok(ours.len())
}

fn failed(error: impl std::fmt::Display) -> DbError {
    DbError::Unreadable(format!("a migration failed: {error}"))
}

/// The versions of all migrations that this program knows; they are the same for both databases.
fn ours() -> Migrated<BTreeSet<String>> {
    let ours = MigrationSource::<Sqlite>::migrations(&MIGRATIONS)?;
    Ok(ours.iter().map(|one| one.name().version().to_string()).collect())
}

/// Where Diesel notes what was applied.
const APPLIED: &str = "__diesel_schema_migrations";

#[derive(QueryableByName)]
struct Applied {
    #[diesel(sql_type = Text)]
    version: String,
}

fn applied(connection: &mut AnyConnection) -> Result<Vec<String>, DbError> {
    let query = diesel::sql_query(format!("SELECT version FROM {APPLIED}"));
    let rows: QueryResult<Vec<Applied>> = match connection {
        AnyConnection::Sqlite(c) => query.load(c),
        AnyConnection::Postgres(c) => query.load(&mut **c),
    };
    match rows {
        Ok(rows) => Ok(rows.into_iter().map(|row| row.version).collect()),
        // There is no such table: nothing was ever applied.
        Err(Error::DatabaseError(_, why)) if why.message().contains(APPLIED) => Ok(Vec::new()),
        Err(error) => Err(error.into()),
    }
}

/// Takes every migration back, newest first. For tests of the way down.
pub fn down(connection: &mut AnyConnection) -> Result<(), DbError> {
    let reverted = match connection {
        AnyConnection::Sqlite(c) => c.revert_all_migrations(MIGRATIONS).map(|_| ()),
        AnyConnection::Postgres(c) => c.revert_all_migrations(MIGRATIONS).map(|_| ()),
    };
    reverted.map_err(|error| DbError::Unreadable(format!("a migration could not be taken back: {error}")))
}
