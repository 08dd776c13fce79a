//! Empty databases for tests: a SQLite file of its own, or a PostgreSQL schema of its own when
//! `LOTSE_TEST_DATABASE=postgres` and `LOTSE_TEST_POSTGRES_URL` say so. Both are gone with the value.

use super::{AnyConnection, Database, DbError};
use std::path::PathBuf;

/// A place for one database. Several [`Database`]s may be opened on its [`Scratch::url`], as processes would.
pub struct Scratch {
    url: String,
    held: Held,
}

enum Held {
    Folder(PathBuf),
    Schema { server: String, name: String },
}

impl Scratch {
    /// # Panics: the database cannot be made; a test cannot go on without it.
    pub fn new() -> Scratch {
        let name =
            format!("lotse_test_{}", data_encoding::HEXLOWER.encode(&crate::platform::clock::chance::<8>()));
        match std::env::var("LOTSE_TEST_DATABASE").as_deref() {
            Ok("postgres") => Scratch::schema(name),
            Ok("sqlite") | Err(_) => Scratch::folder(name),
            Ok(other) => panic!("LOTSE_TEST_DATABASE={other}: expected sqlite or postgres"),
        }
    }

    fn folder(name: String) -> Scratch {
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        Scratch { url: format!("sqlite:{}", folder.join("lotse.db").display()), held: Held::Folder(folder) }
    }

    fn schema(name: String) -> Scratch {
        let server = std::env::var("LOTSE_TEST_POSTGRES_URL")
            .unwrap_or_else(|_| panic!("LOTSE_TEST_DATABASE=postgres needs LOTSE_TEST_POSTGRES_URL"));
        if let Err(error) = execute(&server, &format!("CREATE SCHEMA {name}")) {
            panic!("cannot make a schema for a test: {error}");
        }
        let sign = if server.contains('?') { '&' } else { '?' };
        let url = format!("{server}{sign}options=-csearch_path%3D{name}");
        Scratch { url, held: Held::Schema { server, name } }
    }

    /// As `[database] url` takes it.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Default for Scratch {
    fn default() -> Scratch {
        Scratch::new()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        match &self.held {
            Held::Folder(folder) => drop(std::fs::remove_dir_all(folder)),
            Held::Schema { server, name } => drop(execute(server, &format!("DROP SCHEMA {name} CASCADE"))),
        }
    }
}

/// An empty, migrated database. The second value keeps it alive.
/// # Panics: it cannot be opened.
pub fn database() -> (Database, Scratch) {
    let scratch = Scratch::new();
    match Database::open(scratch.url()) {
        Ok(database) => (database, scratch),
        Err(error) => panic!("cannot open {}: {error}", scratch.url()),
    }
}

fn execute(url: &str, sql: &str) -> Result<(), DbError> {
    use diesel::connection::SimpleConnection;
    let (mut connection, _keep) = super::pool::connect(url)?;
    match &mut connection {
        AnyConnection::Sqlite(c) => Ok(c.batch_execute(sql)?),
        AnyConnection::Postgres(c) => Ok(c.batch_execute(sql)?),
    }
}

/// Counts what this connection is asked, from now until the count is dropped and another is begun.
#[cfg(test)]
pub fn count_queries(tx: &mut impl super::Reading) -> std::sync::Arc<std::sync::atomic::AtomicUsize> {
    use diesel::connection::{Connection, InstrumentationEvent};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    let count = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&count);
    let watch = move |event: InstrumentationEvent<'_>| {
        if matches!(event, InstrumentationEvent::StartQuery { .. }) {
            seen.fetch_add(1, Ordering::SeqCst);
        }
    };
    crate::on_both!(tx, c => c.set_instrumentation(watch));
    count
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::db::{Write, migrate};

    fn write_a_fact(tx: &mut Write<'_>) -> Result<(), DbError> {
        use crate::on_both;
        use crate::platform::db::Reading;
        use crate::platform::db::schema::facts;
        use diesel::prelude::*;
        on_both!(tx, c => diesel::insert_into(facts::table)
            .values((facts::name.eq("x"), facts::value.eq("y"))).execute(c))?;
        Ok(())
    }

    #[test]
    fn every_migration_goes_up_down_and_up_again() {
        let scratch = Scratch::new();
        drop(Database::open(scratch.url()).unwrap());
        let (mut connection, _kept) = crate::platform::db::pool::connect(scratch.url()).unwrap();
        migrate::down(&mut connection).unwrap();
        assert!(migrate::up(&mut connection).unwrap() > 0);
    }

    #[test]
    fn a_database_of_a_newer_program_is_left_alone() {
        let scratch = Scratch::new();
        drop(Database::open(scratch.url()).unwrap());
        execute(scratch.url(), "INSERT INTO __diesel_schema_migrations (version) VALUES ('99991231000001')")
            .unwrap();
        let Err(refused) = Database::open(scratch.url()) else { panic!("it was opened") };
        assert!(refused.to_string().contains("newer version"), "{refused}");
    }

    #[test]
    fn looking_at_a_database_changes_nothing() {
        let scratch = Scratch::new();
        let look = || Database::open_to_look(scratch.url()).map(drop);
        let noted = "SELECT version FROM __diesel_schema_migrations";
        assert!(look().is_err());
        if let Held::Folder(folder) = &scratch.held {
            assert_eq!(std::fs::read_dir(folder).unwrap().count(), 0);
        }
        assert!(execute(scratch.url(), noted).is_err());
        drop(Database::open(scratch.url()).unwrap());
        look().unwrap();
        // As if this program knew one migration more than the database.
        execute(scratch.url(), "CREATE TABLE noted AS SELECT * FROM __diesel_schema_migrations").unwrap();
        let newest = "WHERE version = (SELECT MAX(version) FROM noted)";
        execute(scratch.url(), &format!("DELETE FROM __diesel_schema_migrations {newest}")).unwrap();
        let outdated = look().unwrap_err();
        assert!(matches!(outdated, DbError::Outdated { missing: 1 }), "{outdated}");
        assert!(outdated.to_string().contains("`lotse serve`"), "{outdated}");
        assert!(matches!(look(), Err(DbError::Outdated { .. })), "it was migrated by looking");
        if let Held::Folder(_) = &scratch.held {
            let again = format!("INSERT INTO __diesel_schema_migrations SELECT * FROM noted {newest}");
            execute(scratch.url(), &again).unwrap();
            let looking = Database::open_to_look(scratch.url()).unwrap();
            assert!(looking.write(write_a_fact).is_err());
        }
    }

    #[test]
    fn a_panic_takes_its_transaction_back_and_others_go_on() {
        let (database, _scratch) = database();
        let panicking = database.clone();
        let panicked = std::thread::spawn(move || {
            panicking.write(|_: &mut Write<'_>| -> Result<(), DbError> { panic!("on purpose") })
        });
        assert!(panicked.join().is_err());
        database.write(|_: &mut Write<'_>| Ok::<_, DbError>(())).unwrap();
    }

    #[test]
    fn an_error_takes_the_whole_transaction_back() {
        use crate::on_both;
        use crate::platform::db::schema::facts;
        use crate::platform::db::{Read, Reading};
        use diesel::prelude::*;
        let (database, _scratch) = database();
        let failed: Result<(), DbError> = database.write(|tx: &mut Write<'_>| {
            write_a_fact(tx)?;
            Err(DbError::Unreadable("on purpose".into()))
        });
        assert!(failed.is_err());
        let count: i64 = database
            .read(|tx: &mut Read<'_>| {
                Ok::<_, DbError>(on_both!(tx, c => facts::table.count().get_result(c))?)
            })
            .unwrap();
        assert_eq!(count, 0);
    }

    #[tokio::test]
    async fn a_thread_that_runs_futures_may_wait_for_the_database() {
        use crate::platform::db::Read;
        let (database, _scratch) = database();
        let read = database.read(|_: &mut Read<'_>| Ok::<_, DbError>(1));
        assert_eq!(read.unwrap(), 1);
    }

    #[test]
    fn reading_cannot_change_anything() {
        use crate::on_both;
        use crate::platform::db::schema::facts;
        use crate::platform::db::{Read, Reading};
        use diesel::prelude::*;
        let (database, _scratch) = database();
        let refused = database.read(|tx: &mut Read<'_>| {
            on_both!(tx, c => diesel::insert_into(facts::table)
                .values((facts::name.eq("x"), facts::value.eq("y"))).execute(c))
            .map_err(DbError::from)
        });
        assert!(refused.is_err());
    }
}
