//! When a place is open or a contact can be reached: a week, exceptions to it, and the three forms others write it in.
//! Times are those on the wall of the place; which days are public holidays is for the caller to say.

pub mod error;
pub mod day;
pub mod exception;
pub mod hours;
mod print;
mod read;
mod gather;
pub mod integreat;
pub mod schema_org;
pub mod state;

pub use day::{ClockTime, Day, Slot, Slots};
pub use error::HoursError;
pub use exception::{Comment, Exception, MonthDay, When};
pub use hours::OpeningHours;
pub use state::{Applied, State};

#[cfg(test)]
mod tests;
