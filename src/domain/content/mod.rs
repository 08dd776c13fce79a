//! What the municipality says, in which language, in which state. It does not know that other nodes exist.

pub mod references;
pub mod kind;
pub mod opening_hours;
pub mod recurrence;
pub mod facts;
mod limits;
pub mod labels;
pub mod body;
pub mod blocks;
pub mod change;
mod shared;
pub mod published;
mod standing;
pub mod embedded;
pub mod error;
pub mod order;
pub mod store;
pub mod revision;
pub mod region;
pub mod profile;
mod slugs;
pub mod item;
pub mod present;
mod typeset;
pub mod publish;
pub mod compose;
pub mod relabel;
pub mod vocabulary;
pub mod media;
pub mod mirrored;
pub mod mirrored_region;
pub mod archive;
pub mod restate;
pub mod naming;
pub mod news;
pub mod archive_region;
pub mod translation;
mod stock;
mod edition;
mod ground;
pub mod assemble;

pub use error::ContentError;

/// What publishing needs to know of the node: the time, and where its site is.
pub struct Desk<'a> {
    pub clock: &'a crate::platform::clock::Clock,
    /// Base address of the reader site, with a slash at the end.
    pub site: &'a str,
}
