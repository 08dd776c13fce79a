//! Keeps what readers see in step with the database: looks every second whether content changed, by this
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
        let (version, provenance) = node
            .db
            .read(|tx: &mut Read<'_>| Ok::<_, AppError>((content_version(tx)?, provenance(tx, now)?)))?;
        let fresh =
            |shown: &Arc<Snapshot>| shown.version == version && shown.next_end.is_none_or(|end| now < end);
        let shown = self.snapshot.as_ref().is_some_and(fresh);
        if shown && provenance == self.provenance {
            return Ok(false);
        }
        let assembler = &mut self.assembler;
        let snapshot = node.db.read(|tx: &mut Read<'_>| assembler.refresh(tx, now, provenance.clone()))?;
        let snapshot = Arc::new(snapshot);
        routes::show(state, Arc::clone(&snapshot));
        (self.snapshot, self.provenance) = (Some(snapshot), provenance);
        Ok(true)
    }
}
