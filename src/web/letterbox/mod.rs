//! What readers send in, by whichever door: a form within limits, not too often, by a person. Nothing is asked about
//! who sends it, and the address it comes from is used here for the limit and goes nowhere else.

pub mod form;
pub mod throttle;

use super::State;
use crate::domain::upkeep::UpkeepError;
use crate::domain::upkeep::feedback::Given;
use crate::domain::upkeep::give::give;
use crate::platform::db::Write;

/// Puts what a reader says into the inbox.
pub async fn deliver(state: &State, given: Given) -> Result<(), UpkeepError> {
    let clock = state.clock.clone();
    let given = move |tx: &mut Write<'_>| give(tx, &clock, given);
    state.database.run(|database| database.write(given)).await.map(drop)
}
