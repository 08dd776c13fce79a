//! Connections: for SQLite one that writes and a few that read, for PostgreSQL one pool for both.

use super::wait::wait;
use super::{AnyConnection, DbError, PgConnection, Read, Write, migrate};
use crate::config::without_password;
use diesel::SqliteConnection;
use diesel::connection::{Connection, SimpleConnection};
use diesel::r2d2::{ManageConnection, Pool, PooledConnection};
use diesel_async::AsyncPgConnection;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The node's database; cloning shares it. Every call blocks: from async code use [`Database::run`].
#[derive(Clone)]
pub struct Database {
    readers: Pool<Manager>,
    /// SQLite's single writing connection; PostgreSQL writes through the pool. None if it was opened to look.
    writer: Option<Arc<Mutex<AnyConnection>>>,
}

enum Manager {
    Sqlite(PathBuf),
    Postgres { url: String, tls: Arc<rustls::ClientConfig>, runtime: Background },
}

/// A runtime that may be dropped anywhere, also inside another one.
struct Background(Option<tokio::runtime::Runtime>);

impl Drop for Background {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

const READERS: u32 = 4;

impl Database {
    /// Opens `sqlite:<path>` or `postgres://…`, creating and migrating as needed.
    /// # Errors: [`DbError::Unreachable`] names the address without its password, and the cause.
    pub fn open(url: &str) -> Result<Database, DbError> {
        let (manager, writer) = match url.strip_prefix("sqlite:") {
            Some(path) => {
                let path = PathBuf::from(path);
                let mut writer = open_sqlite(&path, WRITING)?;
                migrate::up(&mut writer)?;
                (Manager::Sqlite(path), Some(Arc::new(Mutex::new(writer))))
            }
            None => (postgres_manager(url)?, None),
        };
        let database = Database::over(manager, writer)?;
        if database.writer.is_none() {
            migrate::up(&mut *database.reached(url)?)?;
        }
        Ok(database)
    }

    /// Opens a database that is there, to look at it: nothing is created, and nothing migrated.
    /// # Errors: as [`Database::open`]; [`DbError::Outdated`] if migrations are missing.
    pub fn open_to_look(url: &str) -> Result<Database, DbError> {
        let manager = match url.strip_prefix("sqlite:") {
            Some(path) if Path::new(path).exists() => Manager::Sqlite(PathBuf::from(path)),
            Some(path) => return Err(unreachable(format!("{path}: there is no such file"))),
            None => postgres_manager(url)?,
        };
        let database = Database::over(manager, None)?;
        let missing = migrate::missing(&mut *database.reached(url)?)?;
        match missing {
            0 => Ok(database),
            missing => Err(DbError::Outdated { missing }),
        }
    }

    fn over(manager: Manager, writer: Option<Arc<Mutex<AnyConnection>>>) -> Result<Database, DbError> {
        let readers = Pool::builder()
            .max_size(READERS)
            .min_idle(Some(0))
            .connection_timeout(Duration::from_secs(5))
            .build(manager)
            .map_err(unreachable)?;
        Ok(Database { readers, writer })
    }

    /// A connection; if there is none, the error names the address.
    fn reached(&self, url: &str) -> Result<PooledConnection<Manager>, DbError> {
        let named = |error| DbError::Unreachable(format!("{}: {error}", without_password(url)));
        self.pooled().map_err(named)
    }

    /// Runs `f` on one consistent state.
    pub fn read<T, E: From<DbError>>(&self, f: impl FnOnce(&mut Read<'_>) -> Result<T, E>) -> Result<T, E> {
        self.pooled()?.reading(f)
    }

    /// Runs `f` in a transaction, the only one that writes; an error takes everything back.
    pub fn write<T, E: From<DbError>>(&self, f: impl FnOnce(&mut Write<'_>) -> Result<T, E>) -> Result<T, E> {
        match &self.writer {
            Some(writer) => writer.lock().unwrap_or_else(|left| mended(writer, left)).writing(f),
            None => self.pooled()?.writing(f),
        }
    }

    /// Runs `f` with this database on a thread that may block. # Errors: what `f` returns; a panic of `f` goes on.
    pub async fn run<T: Send + 'static>(&self, f: impl FnOnce(&Database) -> T + Send + 'static) -> T {
        let database = self.clone();
        match tokio::task::spawn_blocking(move || f(&database)).await {
            Ok(value) => value,
            Err(failed) => std::panic::resume_unwind(failed.into_panic()),
        }
    }

    fn pooled(&self) -> Result<PooledConnection<Manager>, DbError> {
        self.readers.get().map_err(unreachable)
    }
}

/// The writing connection after a panic in a transaction, which is taken back: else nobody could begin another.
fn mended<'w>(
    writer: &'w Mutex<AnyConnection>,
    left: PoisonError<MutexGuard<'w, AnyConnection>>,
) -> MutexGuard<'w, AnyConnection> {
    writer.clear_poison();
    let mut connection = left.into_inner();
    connection.take_back();
    connection
}

/// One connection outside any pool, with what keeps it alive. For migrations' tests and scratch schemas.
pub(super) fn connect(url: &str) -> Result<(AnyConnection, impl Drop), DbError> {
    let manager = match url.strip_prefix("sqlite:") {
        Some(path) => Manager::Sqlite(PathBuf::from(path)),
        None => postgres_manager(url)?,
    };
    let connection = match &manager {
        Manager::Sqlite(path) => open_sqlite(path, WRITING)?,
        Manager::Postgres { .. } => manager.connect()?,
    };
    let runtime = match manager {
        Manager::Sqlite(_) => Background(None),
        Manager::Postgres { runtime, .. } => runtime,
    };
    Ok((connection, runtime))
}

fn unreachable(error: impl std::fmt::Display) -> DbError {
    DbError::Unreachable(error.to_string())
}

impl ManageConnection for Manager {
    type Connection = AnyConnection;
    type Error = DbError;

    fn connect(&self) -> Result<AnyConnection, DbError> {
        match self {
            Manager::Sqlite(path) => open_sqlite(path, READING),
            Manager::Postgres { url, tls, runtime } => match &runtime.0 {
                Some(runtime) => open_postgres(url, tls, runtime),
                None => Err(unreachable("shutting down")),
            },
        }
    }

    fn is_valid(&self, connection: &mut AnyConnection) -> Result<(), DbError> {
        match connection {
            AnyConnection::Sqlite(_) => Ok(()),
            AnyConnection::Postgres(c) => Ok(c.batch_execute("SELECT 1")?),
        }
    }

    fn has_broken(&self, _: &mut AnyConnection) -> bool {
        std::thread::panicking()
    }
}

// FULL: a signed checkpoint must not name entries that a power cut takes back.
const WRITING: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;";
const READING: &str = "PRAGMA query_only = ON;";

fn open_sqlite(path: &Path, extra: &str) -> Result<AnyConnection, DbError> {
    let told = |error: &dyn std::fmt::Display| DbError::Unreachable(format!("{}: {error}", path.display()));
    let mut c = SqliteConnection::establish(&path.to_string_lossy()).map_err(|e| told(&e))?;
    c.batch_execute(&format!(
        "PRAGMA busy_timeout = 10000; PRAGMA foreign_keys = ON; PRAGMA cache_size = -8000; {extra}"
    ))
    .map_err(|e| told(&e))?;
    Ok(AnyConnection::Sqlite(c))
}

fn postgres_manager(url: &str) -> Result<Manager, DbError> {
    let mut roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(unreachable)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    // The connections' drivers need a runtime that outlives any caller's.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .thread_name("postgres")
        .enable_all()
        .build()
        .map_err(unreachable)?;
    Ok(Manager::Postgres { url: url.to_owned(), tls: Arc::new(tls), runtime: Background(Some(runtime)) })
}

fn open_postgres(
    url: &str,
    tls: &Arc<rustls::ClientConfig>,
    runtime: &tokio::runtime::Runtime,
) -> Result<AnyConnection, DbError> {
    let connector = tokio_postgres_rustls::MakeRustlsConnect::new((**tls).clone());
    let url = url.to_owned();
    let connecting = runtime.spawn(async move {
        let (client, driver) = tokio_postgres::connect(&url, connector).await.map_err(unreachable)?;
        tokio::spawn(driver);
        AsyncPgConnection::try_from(client).await.map_err(unreachable)
    });
    let connection = wait(connecting).map_err(unreachable)??;
    Ok(AnyConnection::Postgres(Box::new(PgConnection::from(connection))))
}
