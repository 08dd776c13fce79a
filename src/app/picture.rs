//! Keeps what readers see in step with the database: looks whenever it is asked whether content changed, by this
//! process or another, and swaps in a new picture if so.

use super::{AppError, Node};
use crate::base::id::ItemId;
use crate::domain::adoption::provenance::provenance;
use crate::domain::content::assemble::Assembler;
use crate::domain::content::published::{Provenance, Snapshot};
use crate::domain::content::store::versions::content_version;
use crate::platform::db::Read;
use crate::web::{State, routes};
use std::collections::HashMap;
use std::sync::Arc;

/// What is shown now, and what it was made from.
#[derive(Default)]
pub struct Shown {
    assembler: Assembler,
    snapshot: Option<Arc<Snapshot>>,
    provenance: HashMap<ItemId, Arc<Provenance>>,
}

impl Shown {
    /// Makes and shows a new picture if content or provenance changed; whether it did. Blocks.
    pub fn refresh(&mut self, node: &Node, state: &State) -> Result<bool, AppError> {
        let now = node.clock.now();
        let Shown { assembler, snapshot: last, provenance: before } = &mut *self;
        // In one transaction: a mirrored item without its origin would be taken for our own.
        let made = node.db.read(|tx: &mut Read<'_>| {
            let (version, origins) = (content_version(tx)?, provenance(tx, now)?);
            let fresh = |shown: &Arc<Snapshot>| {
                shown.version == version && shown.next_end.is_none_or(|end| now < end)
            };
            if last.as_ref().is_some_and(fresh) && origins == *before {
                return Ok::<_, AppError>(None);
            }
            Ok(Some((Arc::new(assembler.refresh(tx, now, origins.clone())?), origins)))
        })?;
        let Some((snapshot, provenance)) = made else { return Ok(false) };
        routes::show(state, Arc::clone(&snapshot));
        (self.snapshot, self.provenance) = (Some(snapshot), provenance);
        Ok(true)
    }
}
