//! How to reach the database, for reading or inside a transaction. It names no table but in `schema.rs`.
//!
//! One query text for SQLite and PostgreSQL: [`on_both!`](crate::on_both) compiles it once for each.
//! Both have one writer at a time: SQLite by nature, PostgreSQL by an advisory lock taken with each
//! write transaction, so that a rule proved on one holds on the other.

pub mod migrate;
pub mod many;
pub mod pool;
pub mod schema;
pub mod testing;
mod wait;

use crate::base::error::{Kind, Told};
use diesel::SqliteConnection;
use diesel::connection::{AnsiTransactionManager, Connection, SimpleConnection, TransactionManager};
use diesel_async::AsyncPgConnection;
use diesel_async::async_connection_wrapper::AsyncConnectionWrapper;
pub use pool::Database;

pub type PgConnection = AsyncConnectionWrapper<AsyncPgConnection, wait::Waiting>;

/// A connection to either database.
pub enum AnyConnection {
    Sqlite(SqliteConnection),
    Postgres(Box<PgConnection>),
}

/// Compiles one query text for each database: `on_both!(tx, c => pages::table.load(c))`.
#[macro_export]
macro_rules! on_both {
    ($transaction:expr, $c:ident => $body:expr) => {
        match $transaction.connection() {
            $crate::platform::db::AnyConnection::Sqlite($c) => $body,
            $crate::platform::db::AnyConnection::Postgres(boxed) => {
                let $c = &mut **boxed;
                $body
            }
        }
    };
}

/// The database could not be reached or did not take the query.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    #[error("the database refused a query: {0}")]
    Query(#[from] diesel::result::Error),
    #[error("the database cannot be reached: {0}")]
    Unreachable(String),
    #[error("the database holds something this version does not understand: {0}")]
    Unreadable(String),
    #[error(
        "the database is older than this program: {missing} migrations are missing, and looking changes nothing; \
         run `lotse serve` once, which brings it up to date when it starts"
    )]
    Outdated { missing: usize },
}

impl Told for DbError {
    fn kind(&self) -> Kind {
        match self {
            DbError::Unreachable(_) => Kind::Busy,
            DbError::Outdated { .. } => Kind::Conflict,
            DbError::Query(_) | DbError::Unreadable(_) => Kind::Broken,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            DbError::Query(_) => "database-query",
            DbError::Unreachable(_) => "database-unreachable",
            DbError::Unreadable(_) => "database-unreadable",
            DbError::Outdated { .. } => "database-outdated",
        }
    }
}

/// A consistent view of the database; nothing can be changed through it.
pub struct Read<'c>(&'c mut AnyConnection);

/// The inside of one write transaction: made only by [`Database::write`], gone when it commits.
pub struct Write<'c>(&'c mut AnyConnection);

/// A transaction that can be read from: either [`Read`] or [`Write`].
pub trait Reading {
    fn connection(&mut self) -> &mut AnyConnection;
}

impl Reading for Read<'_> {
    fn connection(&mut self) -> &mut AnyConnection {
        self.0
    }
}

impl Reading for Write<'_> {
    fn connection(&mut self) -> &mut AnyConnection {
        self.0
    }
}

impl AnyConnection {
    /// Runs `f` in a transaction that cannot change anything and sees one state throughout.
    fn reading<T, E: From<DbError>>(
        &mut self,
        f: impl FnOnce(&mut Read<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let begin = match self {
            AnyConnection::Sqlite(c) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN DEFERRED"),
            AnyConnection::Postgres(c) => PgManager::begin_transaction(&mut **c)
                .and_then(|()| c.batch_execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")),
        };
        begin.map_err(DbError::from)?;
        let outcome = f(&mut Read(self));
        self.finish(outcome)
    }

    /// Runs `f` as the only writer. The lock comes first: a transaction that reads and then asks for it can fail.
    fn writing<T, E: From<DbError>>(
        &mut self,
        f: impl FnOnce(&mut Write<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let begin = match self {
            AnyConnection::Sqlite(c) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN IMMEDIATE"),
            AnyConnection::Postgres(c) => PgManager::begin_transaction(&mut **c)
                .and_then(|()| c.batch_execute("SELECT pg_advisory_xact_lock(hashtext(current_schema()))")),
        };
        begin.map_err(DbError::from)?;
        let outcome = f(&mut Write(self));
        self.finish(outcome)
    }

    /// Ends the transaction without its changes.
    fn take_back(&mut self) {
        let taken_back = match self {
            AnyConnection::Sqlite(c) => AnsiTransactionManager::rollback_transaction(c),
            AnyConnection::Postgres(c) => PgManager::rollback_transaction(&mut **c),
        };
        // A lost connection takes it back by itself; what was in the way before is the error to tell.
        if let Err(error) = taken_back {
            tracing::warn!(%error, "a transaction could not be taken back");
        }
    }

    fn finish<T, E: From<DbError>>(&mut self, outcome: Result<T, E>) -> Result<T, E> {
        match (outcome, self) {
            (Ok(value), AnyConnection::Sqlite(c)) => {
                AnsiTransactionManager::commit_transaction(c).map_err(DbError::from)?;
                Ok(value)
            }
            (Ok(value), AnyConnection::Postgres(c)) => {
                PgManager::commit_transaction(&mut **c).map_err(DbError::from)?;
                Ok(value)
            }
            (Err(error), connection) => {
                connection.take_back();
                Err(error)
            }
        }
    }
}

type PgManager = <PgConnection as Connection>::TransactionManager;
