//! Who may change things through a machine: tokens, each for certain things, perhaps of one region or page, perhaps for a
//! time.
//! Of a token only the hash is kept, so that nobody who reads the database can act as its holder.

pub mod error;
pub mod token;
mod store;
pub mod grant;
pub mod recognise;
pub mod push;

pub use error::AccessError;
