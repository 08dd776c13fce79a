//! Where objects stand that others name: ours, or mirrored ones.

use super::published::{Edition, ItemView, Place, RegionView, Snapshot};
use crate::base::id::{ItemId, ObjectId};

impl Snapshot {
    /// Where an object of ours, or else a mirrored foreign one, stands here. An id of ours stays ours, even if another
    /// node uses the same.
    pub fn place(&self, object: ObjectId) -> Option<Place> {
        let regions = || self.regions.iter().enumerate();
        let mirrored = || regions().find_map(|(region, known)| Some((region, *known.mirrored.get(&object)?)));
        self.own(object).or_else(|| mirrored().map(|(region, item)| Place { region, item }))
    }

    /// What is here under just this id.
    fn own(&self, object: ObjectId) -> Option<Place> {
        let item = ItemId::from(object);
        let region = self.regions.iter().position(|known| known.known.contains_key(&item))?;
        Some(Place { region, item })
    }

    /// Where an object stands for readers of this region: in it if it is there, else where else it is on this node.
    pub fn place_near(&self, object: ObjectId, region: &RegionView) -> Option<Place> {
        let here = || {
            let item = *region.mirrored.get(&object)?;
            Some(Place { region: self.regions.iter().position(|known| known.id == region.id)?, item })
        };
        here().or_else(|| self.place(object))
    }

    /// The item of a region that another one there names in its facts: our own, or a mirrored one. What comes from another
    /// node speaks of nothing but that node's, or a stranger's number would stand at our town hall. What is ours means
    /// ours first, or a stranger who took our town hall's id would answer for our pages.
    pub fn named_by<'s>(
        &self,
        item: &ItemView,
        object: ObjectId,
        region: &RegionView,
        edition: &'s Edition,
    ) -> Option<&'s ItemView> {
        let from = item.provenance.as_ref().map(|provenance| &provenance.node);
        let own = self.own(object).filter(|_| from.is_none());
        let found = edition.item(own.or_else(|| self.place_near(object, region))?.item)?;
        let of = found.provenance.as_ref().map(|provenance| &provenance.node);
        (from.is_none() || from == of).then_some(found)
    }
}
