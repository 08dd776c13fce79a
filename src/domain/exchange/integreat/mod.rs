//! Takes over a region from Integreat's API v3, over the network or from recorded answers, as often as wanted:
//! `Answers` (what was said) → `Prepared` (pages joined over languages, texts clean) → `import` (one transaction) → `Report`.

mod answers;
mod download;
mod error;
mod tongues;
mod tree;
mod description;
mod items;
mod named;
mod links;
mod media;
mod store;
mod memory;
mod placement;
mod texts;
mod place;
mod take_back;
mod cards;
mod contacts;
mod import;
mod report;

pub use answers::{Answers, LanguageAnswer, PageAnswer, RegionAnswer};
pub use download::download;
pub use error::ImportError;
pub use import::import;
pub use items::{Options, Prepared, prepare};
pub use media::{Held, fetch_media, wanted_media};
pub use report::{PageNotes, Report};
