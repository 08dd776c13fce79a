//! What a node and its regions say of themselves in the feed.

use super::body::{Body, NodeCard, RegionCard};
use super::change::{Change, Put, Variant, Via};
use super::error::ContentError;
use super::kind::ObjectKind;
use super::labels::Facets;
use super::publish::salt;
use super::region::Region;
use super::{Desk, store};
use crate::base::id::ObjectId;
use crate::base::language::LanguageTag;
use crate::platform::db::Write;
use std::collections::BTreeMap;

const NODE_OBJECT: &str = "profile-object";
const NODE_SAID: &str = "profile-said";

/// Publishes the node's name and address if they differ from what it said before, and then its regions' too.
/// Called at each start, so that a change of name or domain reaches everybody who follows.
pub fn publish_node(
    tx: &mut Write<'_>,
    desk: &Desk<'_>,
    name: &str,
    language: &LanguageTag,
) -> Result<(), ContentError> {
    let said = format!("{name}\n{}\n{language}", desk.site);
    if store::fact(tx, NODE_SAID)?.as_deref() == Some(&said) {
        return Ok(());
    }
    let object = match store::fact(tx, NODE_OBJECT)? {
        Some(id) => store::read_back(&id)?,
        None => {
            let id = desk.clock.fresh_id();
            store::set_fact(tx, NODE_OBJECT, &id.to_string())?;
            id
        }
    };
    let body = Body {
        title: name.to_owned(),
        node: Some(NodeCard { site: desk.site.to_owned() }),
        ..Body::untitled(salt())
    };
    put(tx, desk, object, language, body)?;
    for region in store::regions::all(tx)?.into_iter().filter(|region| !region.settings.archived) {
        publish_region(tx, desk, &region)?;
    }
    Ok(store::set_fact(tx, NODE_SAID, &said)?)
}

/// Publishes the region's name and address.
pub(super) fn publish_region(
    tx: &mut Write<'_>,
    desk: &Desk<'_>,
    region: &Region,
) -> Result<(), ContentError> {
    let body = Body {
        title: region.name.clone(),
        region: Some(RegionCard { slug: region.slug.clone(), site: desk.site.to_owned() }),
        ..Body::untitled(salt())
    };
    put(tx, desk, region.id.into(), &region.default_language, body)
}

fn put(
    tx: &mut Write<'_>,
    desk: &Desk<'_>,
    object: ObjectId,
    language: &LanguageTag,
    body: Body,
) -> Result<(), ContentError> {
    let (bytes, digest) = body.to_bytes();
    let counter = format!("profile/{object}/{language}");
    let variant = Variant {
        body: digest,
        size_bytes: bytes.len() as u64,
        rev: store::take_numbers(tx, &counter, 1)?,
        source: None,
        via: Via::Human,
        media: Vec::new(),
    };
    store::bodies::save(tx, &[(digest, bytes)])?;
    let change = Change::Put(Put {
        object,
        at: desk.clock.now(),
        kind: ObjectKind::Profile,
        licence: "CC0-1.0".to_owned(),
        parent: None,
        ord: None,
        facets: Facets::NONE,
        geo: None,
        expires_at: None,
        minor: false,
        variants: BTreeMap::from([(language.clone(), Some(variant))]),
    });
    Ok(store::record(tx, &[change])?)
}
