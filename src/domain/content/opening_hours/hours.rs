//! The opening hours themselves: a usual week, and exceptions to it in order.
//! Their published form is their text as OpenStreetMap's `opening_hours`: one string that other programs read as well.

use super::day::Day;
use super::error::HoursError;
use super::exception::Exception;
use super::{gather, read};
use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// Exceptions, after those that belong together are joined.
pub const MOST_EXCEPTIONS: usize = 128;
/// Bytes of the text form, read or written.
pub const LONGEST_TEXT_BYTES: usize = 16 * 1024;

/// When something is open. Its text and its value say the same: reading what was written gives an equal value.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OpeningHours {
    week: [Day; 7],
    exceptions: Vec<Exception>,
}

impl OpeningHours {
    /// A week from Monday on, and its exceptions, of which a later one takes precedence over an earlier one.
    /// # Errors: [`HoursError`] if they are too many or too long to be published.
    pub fn new(week: [Day; 7], exceptions: Vec<Exception>) -> Result<OpeningHours, HoursError> {
        let mut joined: Vec<Exception> = Vec::with_capacity(exceptions.len());
        for exception in exceptions {
            match joined.last_mut() {
                Some(last) if last.continues(&exception) => last.overlay(exception),
                _ => joined.push(exception),
            }
        }
        if joined.len() > MOST_EXCEPTIONS {
            return Err(HoursError::TooManyExceptions(joined.len()));
        }
        let hours = OpeningHours { week, exceptions: joined };
        // What could not be read back must not be made.
        match hours.to_string().len() {
            0..=LONGEST_TEXT_BYTES => Ok(hours),
            bytes => Err(HoursError::TooLong(bytes)),
        }
    }

    /// The usual week, Monday first.
    pub fn week(&self) -> &[Day; 7] {
        &self.week
    }

    /// In order; the last one that says something about a day is the one that holds.
    pub fn exceptions(&self) -> &[Exception] {
        &self.exceptions
    }
}

/// Reads OpenStreetMap's `opening_hours`, as far as it can be told here.
/// # Errors: [`HoursError`] names the part that is not understood or has no place here.
impl FromStr for OpeningHours {
    type Err = HoursError;
    fn from_str(text: &str) -> Result<OpeningHours, HoursError> {
        if text.len() > LONGEST_TEXT_BYTES {
            return Err(HoursError::TooLong(text.len()));
        }
        gather::hours(read::rules(text)?)
    }
}
impl TryFrom<String> for OpeningHours {
    type Error = HoursError;
    fn try_from(text: String) -> Result<OpeningHours, HoursError> {
        text.parse()
    }
}
impl From<OpeningHours> for String {
    fn from(hours: OpeningHours) -> String {
        hours.to_string()
    }
}
