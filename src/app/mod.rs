//! The one room that knows every part: puts a node together from its configuration, and runs it.

pub mod error;
pub mod settings;
pub mod picture;
pub mod serve;

pub use error::AppError;

use crate::base::error::Told;
use crate::base::id::NodeId;
use crate::base::language::LanguageTag;
use crate::config::Config;
use crate::domain::content::{Desk, profile};
use crate::domain::feed::sequence::{FeedPlace, Sequencer};
use crate::domain::identity::keyring::Keyring;
use crate::domain::peers::{Limits, Peers, lease};
use crate::jobs::take_over_calendars::Calendars;
use crate::platform::blobs::Blobs;
use crate::platform::clock::Clock;
use crate::platform::db::{Database, Read, Write};
use crate::platform::fetch::{FetchPolicy, Fetcher};
use crate::web::About;
use std::path::PathBuf;
use std::sync::Arc;

/// A node, ready to work. Cloning shares it.
#[derive(Clone)]
pub struct Node(Arc<Parts>);

pub struct Parts {
    pub config: Config,
    pub clock: Clock,
    pub db: Database,
    pub blobs: Blobs,
    pub fetcher: Fetcher,
    pub sequencer: Sequencer,
    keys: Arc<Keyring>,
    id: NodeId,
}

impl std::ops::Deref for Node {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}

/// The language in which a node says its own name.
const OWN_LANGUAGE: &str = "de";

/// What must hold before a node may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// It may sign: what was left half-done is completed, and its name and address are told.
    Write,
    /// As [`Purpose::Write`], but readers are served even if it may not sign; that is logged.
    Serve,
    /// Nothing is changed.
    Look,
}

impl Node {
    /// Makes keys, database and identity in an empty data folder, and signs the first entries.
    /// # Errors: [`AppError::AlreadyInitialised`] if there are keys.
    pub fn init(config: Config, clock: Clock) -> Result<Node, AppError> {
        let data = &config.node.data;
        if keys_folder(&config).exists() {
            return Err(AppError::AlreadyInitialised { path: data.clone() });
        }
        std::fs::create_dir_all(data).map_err(AppError::file(data))?;
        // A database that cannot be reached must not leave keys behind, which would look like a node.
        drop(Database::open(config.database.url.reveal())?);
        Keyring::create(&keys_folder(&config))?;
        Node::open(config, clock, Purpose::Write)
    }

    /// Opens a node; unless to look, also brings its tables up to date.
    /// # Errors: [`AppError::NotInitialised`] if there are no keys; [`AppError::Feed`] if the guard forbids signing;
    /// [`DbError::Outdated`](crate::platform::db::DbError::Outdated) if it would have to be changed to be looked at.
    pub fn open(config: Config, clock: Clock, purpose: Purpose) -> Result<Node, AppError> {
        let data = config.node.data.clone();
        if !keys_folder(&config).exists() {
            return Err(AppError::NotInitialised { path: data });
        }
        let keys = Arc::new(Keyring::load(&keys_folder(&config))?);
        let url = config.database.url.reveal();
        let db = match purpose {
            Purpose::Look => Database::open_to_look(url)?,
            Purpose::Write | Purpose::Serve => Database::open(url)?,
        };
        let place = FeedPlace::new(&data, &config.federation.guard, &config.site.url);
        let sequencer = Sequencer::new(db.clone(), Arc::clone(&keys), clock.clone(), place);
        if Keyring::is_restored(&keys_folder(&config)) && sequencer.chain().is_err() {
            return Err(AppError::RestoredAlone { path: data });
        }
        if purpose != Purpose::Look {
            sequencer.recover().map(|_| ()).or_else(|error| forgive(error.into(), purpose))?;
        }
        let id = sequencer.chain()?.node().clone();
        let blobs = Blobs::open(data.join("blobs"))?;
        let fetcher = Fetcher::new(FetchPolicy { allow_private: config.federation.allow_private_addresses });
        let node = Node(Arc::new(Parts { config, clock, db, blobs, fetcher, sequencer, keys, id }));
        if purpose != Purpose::Look {
            node.introduce()?;
            node.log().map(|_| ()).or_else(|error| forgive(error, purpose))?;
        }
        if purpose == Purpose::Serve {
            node.db.write(lease::free_all)?;
        }
        Ok(node)
    }

    /// Publishes name and address if they changed.
    fn introduce(&self) -> Result<(), AppError> {
        let language: LanguageTag = OWN_LANGUAGE.parse().map_err(asked("the node's language"))?;
        let name = &self.config.node.name;
        Ok(self.db.write(|tx: &mut Write<'_>| profile::publish_node(tx, &self.desk(), name, &language))?)
    }

    pub fn id(&self) -> &NodeId {
        &self.id
    }

    pub fn keys(&self) -> &Keyring {
        &self.keys
    }

    pub fn desk(&self) -> Desk<'_> {
        Desk { clock: &self.clock, site: &self.config.site.url }
    }

    /// Signs what was published and is not in the log yet; the size of the log afterwards.
    /// # Errors: [`AppError::Feed`] if the guard is ahead of the database.
    pub fn log(&self) -> Result<u64, AppError> {
        self.introduce_regions()?;
        Ok(self.sequencer.sequence()?.size)
    }

    /// Publishes what regions say of themselves if it changed, however often since the log was written last.
    fn introduce_regions(&self) -> Result<(), AppError> {
        let desk = self.desk();
        if self.db.read(|tx: &mut Read<'_>| profile::changed(tx, &desk))?.is_empty() {
            return Ok(());
        }
        Ok(self.db.write(|tx: &mut Write<'_>| {
            let mut changed = profile::changed(tx, &desk)?.into_iter();
            changed.try_for_each(|region| profile::publish_region(tx, &desk, &region))
        })?)
    }

    /// What it takes to follow other nodes.
    pub fn peers(&self) -> Peers {
        Peers {
            database: self.db.clone(),
            fetcher: self.fetcher.clone(),
            blobs: self.blobs.clone(),
            clock: self.clock.clone(),
            limits: self.limits(),
        }
    }

    /// What it takes to take over the calendars of others.
    pub fn calendars(&self) -> Calendars {
        Calendars {
            database: self.db.clone(),
            fetcher: self.fetcher.clone(),
            clock: self.clock.clone(),
            site: self.config.site.url.clone(),
        }
    }

    fn limits(&self) -> Limits {
        let federation = &self.config.federation;
        let whole = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        Limits {
            poll_min_seconds: whole(federation.poll_min_seconds),
            poll_max_seconds: whole(federation.poll_max_seconds),
            quota_bytes: whole(federation.blob_quota_bytes),
            ..Limits::default()
        }
    }

    /// What the doors need to know of the node.
    pub fn about(&self) -> About {
        About {
            site: self.config.site.url.clone(),
            node_name: self.config.node.name.clone(),
            node_id: self.id.clone(),
            data: self.config.node.data.clone(),
        }
    }
}

/// Serving goes on without signing; whoever wants to write must know.
fn forgive(error: AppError, purpose: Purpose) -> Result<(), AppError> {
    if purpose != Purpose::Serve {
        return Err(error);
    }
    tracing::error!(code = error.code(), %error, "nothing is signed; readers are served what is there");
    Ok(())
}

fn keys_folder(config: &Config) -> PathBuf {
    config.node.data.join("keys")
}

/// For `map_err` on what a person typed.
pub fn asked<E: std::fmt::Display>(what: &str) -> impl FnOnce(E) -> AppError {
    move |error| AppError::Asked { asked: what.to_owned(), expected: error.to_string() }
}
