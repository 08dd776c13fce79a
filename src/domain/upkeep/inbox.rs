//! Those who write the content go through what readers said. It stays until somebody deletes it, or for as long as its
//! region keeps what readers say.

use super::error::UpkeepError;
use super::feedback::Feedback;
use super::store;
use crate::base::id::RegionId;
use crate::domain::content::store::regions;
use crate::platform::clock::Clock;
use crate::platform::db::{Reading, Write};

const DAY_SECONDS: i64 = 24 * 3600;

/// Which feedback is wanted, newest first.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// `None`: of all regions.
    pub region: Option<RegionId>,
    pub state: State,
    /// Only older than the one with this number: the last number of one page is where the next begins.
    pub before: Option<i64>,
    /// How many at most.
    pub most: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Any,
    Unread,
    Read,
}

pub fn list(tx: &mut impl Reading, wanted: Wanted) -> Result<Vec<Feedback>, UpkeepError> {
    Ok(store::list(tx, wanted)?)
}

/// # Errors: [`UpkeepError::UnknownFeedback`].
pub fn find(tx: &mut impl Reading, number: i64) -> Result<Feedback, UpkeepError> {
    store::find(tx, number)?.ok_or(UpkeepError::UnknownFeedback { number })
}

/// Says that somebody has read them. What was read before keeps its time.
/// # Errors: [`UpkeepError::UnknownFeedback`]; then none is marked.
pub fn mark_read(tx: &mut Write<'_>, clock: &Clock, numbers: &[i64]) -> Result<(), UpkeepError> {
    for number in numbers {
        if find(tx, *number)?.read_at.is_none() {
            store::mark_read(tx, *number, clock.now())?;
        }
    }
    Ok(())
}

/// Deletes for good what is older than its region keeps it; how much.
pub fn forget_old(tx: &mut Write<'_>, clock: &Clock) -> Result<usize, UpkeepError> {
    let mut forgotten = 0;
    for region in regions::all(tx)? {
        let kept_seconds = i64::from(region.settings.feedback_days) * DAY_SECONDS;
        forgotten += store::delete_older(tx, region.id, clock.now().plus_seconds(-kept_seconds))?;
    }
    Ok(forgotten)
}

/// Deletes them for good.
/// # Errors: [`UpkeepError::UnknownFeedback`]; then none is deleted.
pub fn delete(tx: &mut Write<'_>, numbers: &[i64]) -> Result<(), UpkeepError> {
    for number in numbers {
        if store::delete(tx, *number)? == 0 {
            return Err(UpkeepError::UnknownFeedback { number: *number });
        }
    }
    Ok(())
}
