//! Which texts show a medium.

use super::error::MediaError;
use crate::base::digest::Digest;
use crate::base::id::{ItemId, RegionId};
use crate::base::language::LanguageTag;
use crate::domain::content::body::Body;
use crate::domain::content::item::Stewardship;
use crate::domain::content::references::Reference;
use crate::domain::content::store::{self, media as rows};
use crate::platform::db::Reading;
use std::collections::{BTreeSet, HashMap};
use std::fmt;

/// A text, or the facts of an item under `zxx`, that show a medium.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Use {
    pub item: ItemId,
    pub kind: &'static str,
    /// The region's address part.
    pub region: String,
    #[serde(skip)]
    pub region_id: RegionId,
    pub language: LanguageTag,
    /// Empty for facts.
    pub title: String,
    pub is_mirrored: bool,
    /// Hidden from readers, and back with the medium when it is restored.
    pub is_archived: bool,
}

impl fmt::Display for Use {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Use { item, kind, region, language, title, is_mirrored, is_archived, .. } = self;
        match title.as_str() {
            "" => write!(f, "facts of {kind} {item} of {region}")?,
            title => write!(f, "{title:?}, {kind} {item} of {region} in {language}")?,
        }
        f.write_str(if *is_mirrored { " (mirrored)" } else { "" })?;
        f.write_str(if *is_archived { " (archived)" } else { "" })
    }
}

/// All public and archived uses, item by item.
pub fn of(tx: &mut impl Reading, sha256: Digest) -> Result<Vec<Use>, MediaError> {
    let named = rows::named_in(tx, &sha256)?;
    let (ids, digests): (Vec<ItemId>, Vec<Digest>) =
        named.iter().map(|(item, _, body)| (*item, *body)).unzip();
    let bodies = store::bodies::load(tx, &digests)?;
    let regions: HashMap<_, _> =
        store::regions::all(tx)?.into_iter().map(|region| (region.id, region.slug)).collect();
    let items: HashMap<ItemId, _> =
        store::items::some(tx, &ids)?.into_iter().map(|item| (item.id, item)).collect();
    let uses = named.into_iter().filter_map(|(id, language, digest)| {
        let item = items.get(&id)?;
        let body = bodies.get(&digest).and_then(|bytes| Body::parse(bytes.as_bytes()).ok());
        Some(Use {
            item: id,
            kind: item.kind.as_str(),
            region: regions.get(&item.region).cloned().unwrap_or_default(),
            region_id: item.region,
            language,
            title: body.map(|body| body.title).unwrap_or_default(),
            is_mirrored: item.stewardship == Stewardship::Mirrored,
            is_archived: item.archived,
        })
    });
    Ok(uses.collect())
}

/// The regions with an item that shows a medium or has it as its icon.
pub fn regions(tx: &mut impl Reading, sha256: Digest) -> Result<BTreeSet<RegionId>, MediaError> {
    let ids: Vec<ItemId> = rows::named_in(tx, &sha256)?.into_iter().map(|(item, ..)| item).collect();
    let mut items = store::items::some(tx, &ids)?;
    items.extend(store::items::with_icon(tx, &Reference::Medium(sha256).to_string())?);
    Ok(items.into_iter().map(|item| item.region).collect())
}
