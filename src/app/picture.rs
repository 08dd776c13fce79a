//! Keeps what readers see in step with the database: looks every second whether content changed, by this
//! process or another, and swaps in a new picture if so.

use super::{AppError, Node};
use crate::base::id::ItemId;
use crate::domain::adoption::provenance::provenance;
use crate::domain::content::assemble::assemble;
use crate::domain::content::published::{Provenance, Snapshot};
use crate::domain::content::store::content_version;
use crate::platform::db::Read;
use crate::web::{State, routes};
use std::collections::HashMap;
use std::sync::Arc;

/// What the picture shown now was made from.
#[derive(Default)]
pub struct Shown {
    snapshot: Option<Arc<Snapshot>>,
    provenance: HashMap<ItemId, Arc<Provenance>>,
}

impl Shown {
    /// Builds and shows a new picture if content or provenance changed; whether it did. Blocks.
    pub fn refresh(&mut self, node: &Node, state: &State) -> Result<bool, AppError> {
        let now = node.clock.now();
        let (version, mut provenance) = node
            .db
            .read(|tx: &mut Read<'_>| Ok::<_, AppError>((content_version(tx)?, provenance(tx, now)?)))?;
        let fresh =
            |shown: &Arc<Snapshot>| shown.version == version && shown.next_end.is_none_or(|end| now < end);
        let shown = self.snapshot.as_ref().is_some_and(fresh);
        if shown && provenance == self.provenance {
            return Ok(false);
        }
        let previous = self.snapshot.take();
        let snapshot =
            node.db.read(|tx: &mut Read<'_>| assemble(tx, now, provenance.clone(), previous.as_deref()))?;
        let snapshot = Arc::new(snapshot);
        routes::show(state, Arc::clone(&snapshot));
        std::mem::swap(&mut self.provenance, &mut provenance);
        self.snapshot = Some(snapshot);
        Ok(true)
    }
}
