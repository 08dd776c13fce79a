//! Keeps what readers see in step with the database: looks whenever it is asked whether content changed, by this
//! process or another, and swaps in a new picture if so.

use super::{AppError, Node};
use crate::domain::adoption::provenance::Known;
use crate::domain::content::assemble::Assembler;
use crate::domain::content::published::Snapshot;
use crate::domain::content::store::versions::content_version;
use crate::platform::db::Read;
use crate::web::{State, routes};
use std::sync::Arc;

/// What is shown now, and what it was made from.
#[derive(Default)]
pub struct Shown {
    assembler: Assembler,
    snapshot: Option<Arc<Snapshot>>,
    origins: Known,
    /// What came to be known of the origins is not shown yet.
    origins_moved: bool,
}

impl Shown {
    /// Makes and shows a new picture if content or provenance changed; whether it did. Blocks.
    pub fn refresh(&mut self, node: &Node, state: &State) -> Result<bool, AppError> {
        let now = node.clock.now();
        let Shown { assembler, snapshot: last, origins, origins_moved } = &mut *self;
        // In one transaction: a mirrored item without its origin would be taken for our own.
        let made = node.db.read(|tx: &mut Read<'_>| {
            let version = content_version(tx)?;
            *origins_moved |= origins.look(tx, now)?;
            let fresh = |shown: &Arc<Snapshot>| {
                shown.version == version && shown.next_end.is_none_or(|end| now < end)
            };
            if last.as_ref().is_some_and(fresh) && !*origins_moved {
                return Ok::<_, AppError>(None);
            }
            Ok(Some(Arc::new(assembler.refresh(tx, now, origins.all().clone())?)))
        })?;
        let Some(snapshot) = made else { return Ok(false) };
        routes::show(state, Arc::clone(&snapshot));
        (self.snapshot, self.origins_moved) = (Some(snapshot), false);
        Ok(true)
    }
}
