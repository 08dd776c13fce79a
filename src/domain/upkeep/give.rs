//! A reader says something.

use super::error::UpkeepError;
use super::feedback::{Feedback, Given};
use super::store;
use crate::domain::content::store::take_numbers;
use crate::platform::clock::Clock;
use crate::platform::db::Write;

/// Puts it into the inbox; its number there.
pub fn give(tx: &mut Write<'_>, clock: &Clock, given: Given) -> Result<i64, UpkeepError> {
    let number = take_numbers(tx, "feedback", 1)?;
    store::insert(tx, &Feedback { number, given, created_at: clock.now(), read_at: None })?;
    Ok(number)
}
