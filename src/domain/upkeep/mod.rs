//! What keeps content good once it is public: what readers say of it. Nothing here tells who said it: no address,
//! no browser, no name but what people write themselves.

pub mod error;
pub mod feedback;
mod store;
pub mod give;
pub mod inbox;

pub use error::UpkeepError;
