//! What an item is at present, for those who change it: whether readers see it or not.

use super::body::Body;
use super::error::ContentError;
use super::facts::Facts;
use super::item::{Item, Stewardship};
use super::revision::Revision;
use super::store;
use crate::base::digest::Digest;
use crate::base::id::{ItemId, RegionId};
use crate::base::language::LanguageTag;
use crate::platform::db::Reading;
use std::collections::HashMap;

pub struct Present {
    pub item: Item,
    /// What is public of it, or would be if it were not archived: a text for each language, and its facts.
    pub revisions: Vec<Revision>,
}

/// # Errors: [`ContentError::UnknownItem`] unless it is one of the region.
pub fn present(tx: &mut impl Reading, region: RegionId, id: ItemId) -> Result<Present, ContentError> {
    let item = store::items::find(tx, id)?.filter(|item| item.region == region);
    let item = item.ok_or(ContentError::UnknownItem { item: id })?;
    let mut revisions = store::revisions::public_of(tx, &[id])?;
    revisions.sort_by(|a, b| a.language.cmp(&b.language));
    Ok(Present { item, revisions })
}

/// What is public of these items apart from words, as far as they have any.
pub(super) fn facts_of(
    tx: &mut impl Reading,
    items: &[ItemId],
) -> Result<HashMap<ItemId, Facts>, ContentError> {
    let mut public = store::revisions::public_of(tx, items)?;
    public.retain(|revision| revision.language == LanguageTag::none());
    let digests: Vec<Digest> = public.iter().map(|revision| revision.body).collect();
    let bodies = store::bodies::load(tx, &digests)?;
    let facts = |body: &Digest| Body::facts_named(bodies.get(body)?);
    Ok(public.iter().filter_map(|revision| Some((revision.item, facts(&revision.body)?))).collect())
}

impl Present {
    /// # Errors: [`ContentError::Mirrored`] if what it says is decided elsewhere.
    pub fn is_ours(&self) -> Result<(), ContentError> {
        match self.item.stewardship {
            Stewardship::Own => Ok(()),
            Stewardship::Mirrored => Err(ContentError::Mirrored { item: self.item.id }),
        }
    }
}
