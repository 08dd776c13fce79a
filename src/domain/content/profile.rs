//! What a node and its regions say of themselves in the feed.

use super::body::{Body, LanguageCard, NodeCard, RegionAbout, RegionCard};
use super::change::{Change, Put, Variant, Via};
use super::error::ContentError;
use super::kind::ObjectKind;
use super::labels::Facets;
use super::publish::salt;
use super::region::{Language, Region};
use super::{Desk, store};
use crate::base::digest::Digest;
use crate::base::id::{ObjectId, RegionId};
use crate::base::language::LanguageTag;
use crate::platform::db::{Reading, Write};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, HashMap};

const NODE_OBJECT: &str = "profile-object";
const NODE_SAID: &str = "profile-said";
const REGIONS_SAID: &str = "regions-said";

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
    put(tx, desk, (object, None), language, body)?;
    for region in own_regions(tx)? {
        publish_region(tx, desk, &region)?;
    }
    Ok(store::set_fact(tx, NODE_SAID, &said)?)
}

/// Those that are ours and not archived.
fn own_regions(tx: &mut impl Reading) -> Result<Vec<Region>, ContentError> {
    let mut regions = store::regions::all(tx)?;
    regions.retain(|region| region.settings.origin.is_none() && !region.settings.archived);
    Ok(regions)
}

/// Regions of ours that say something else of themselves now than their profiles do, such as another language.
pub fn changed(tx: &mut impl Reading, desk: &Desk<'_>) -> Result<Vec<Region>, ContentError> {
    let mut regions = own_regions(tx)?;
    let (said, mut languages) = (said(tx)?, languages(tx)?);
    regions.retain(|region| {
        let languages = languages.remove(&region.id).unwrap_or_default();
        said.get(&region.id) != Some(&digest(region, &card(desk, region, &languages)))
    });
    Ok(regions)
}

/// Publishes what the region says of itself.
pub fn publish_region(tx: &mut Write<'_>, desk: &Desk<'_>, region: &Region) -> Result<(), ContentError> {
    let languages = store::regions::languages_of(tx, region.id)?;
    let card = card(desk, region, &languages);
    let mut said = said(tx)?;
    said.insert(region.id, digest(region, &card));
    let said = serde_json::to_string(&said).unwrap_or_default();
    store::set_fact(tx, REGIONS_SAID, &said)?;
    let body = Body { title: region.name.clone(), region: Some(card), ..Body::untitled(salt()) };
    let geo = Some(region.settings.official_key.clone()).filter(|key| !key.is_empty());
    put(tx, desk, (region.id.into(), geo), &region.default_language, body)
}

type Said = BTreeMap<RegionId, Digest>;

/// The digests of what the regions' newest profiles say.
fn said(tx: &mut impl Reading) -> Result<Said, ContentError> {
    let said = store::fact(tx, REGIONS_SAID)?;
    Ok(said.and_then(|said| serde_json::from_str(&said).ok()).unwrap_or_default())
}

fn digest(region: &Region, card: &RegionCard) -> Digest {
    let said = (&region.name, &region.default_language, card);
    Digest::of(&serde_json::to_vec(&said).unwrap_or_default())
}

fn languages(tx: &mut impl Reading) -> Result<HashMap<RegionId, Vec<Language>>, ContentError> {
    let mut languages: HashMap<RegionId, Vec<Language>> = HashMap::new();
    for (region, language) in store::regions::all_languages(tx)? {
        languages.entry(region).or_default().push(language);
    }
    Ok(languages)
}

fn card(desk: &Desk<'_>, region: &Region, languages: &[Language]) -> RegionCard {
    let language = |language: &Language| LanguageCard {
        tag: language.tag.clone(),
        slug: language.slug.clone(),
        native_name: language.native_name.clone(),
        source: language.source.clone(),
    };
    let settings = match serde_json::to_value(&region.settings) {
        Ok(Value::Object(settings)) => settings,
        _ => Map::new(),
    };
    let about = Some(RegionAbout { languages: languages.iter().map(language).collect(), settings });
    RegionCard { slug: region.slug.clone(), site: desk.site.to_owned(), about }
}

fn put(
    tx: &mut Write<'_>,
    desk: &Desk<'_>,
    (object, geo): (ObjectId, Option<String>),
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
        geo,
        expires_at: None,
        minor: false,
        variants: BTreeMap::from([(language.clone(), Some(variant))]),
    });
    Ok(store::record(tx, &[change])?)
}
