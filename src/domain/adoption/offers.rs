//! What a followed node has that could be adopted: its regions, its pages as a tree, and everything else, with titles.

use super::error::AdoptionError;
use super::store;
use super::store::remote::{self, RemoteObject};
use crate::base::digest::Digest;
use crate::base::id::ObjectId;
use crate::domain::content::body::Body;
use crate::domain::content::facts::Facts;
use crate::domain::content::kind::ObjectKind;
use crate::domain::content::store as content;
use crate::platform::db::Reading;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Something that a followed node publishes.
#[derive(Clone, Debug, Serialize)]
pub struct Offer {
    pub object: ObjectId,
    pub kind: ObjectKind,
    /// Of pages, 1 for those without a page above; 1 for everything else.
    pub depth: usize,
    /// By language, of what is complete here; a name that is none in particular under `zxx`.
    pub titles: BTreeMap<String, String>,
    pub adopted: bool,
}

/// Every live object of a followed feed: regions, pages in the order of their tree, and then kind by kind.
pub fn offers(tx: &mut impl Reading, origin: &str) -> Result<Vec<Offer>, AdoptionError> {
    let live = remote::objects(tx, origin)?;
    let mut told = told(tx, origin, &live)?;
    let mirrors = store::mirrors(tx, &[origin.to_owned()])?.into_iter();
    let adopted: HashSet<ObjectId> = mirrors.map(|mirror| mirror.object).collect();
    let mut offer = |object: &RemoteObject, depth: usize| Offer {
        object: object.object,
        kind: object.kind,
        depth,
        titles: told.titles.remove(&object.object).unwrap_or_default(),
        adopted: adopted.contains(&object.object),
    };
    let of_kind = |kind: ObjectKind| live.iter().filter(move |object| object.kind == kind);
    let regions = of_kind(ObjectKind::Profile).filter(|object| told.regions.contains(&object.object));
    let mut all: Vec<Offer> = regions.map(|region| offer(region, 1)).collect();
    all.extend(tree(of_kind(ObjectKind::Page)).into_iter().map(|(page, depth)| offer(page, depth)));
    let others = ObjectKind::ITEMS.into_iter().filter(|kind| *kind != ObjectKind::Page);
    all.extend(others.flat_map(of_kind).map(|object| offer(object, 1)));
    Ok(all)
}

/// The regions of a followed node, as far as their profiles are here.
pub fn regions(tx: &mut impl Reading, origin: &str) -> Result<Vec<Offer>, AdoptionError> {
    let mut live = remote::of_kind(tx, origin, ObjectKind::Profile)?;
    let Told { mut titles, regions } = told(tx, origin, &live)?;
    live.retain(|object| regions.contains(&object.object));
    let offer = |RemoteObject { object, kind, .. }| Offer {
        object,
        kind,
        depth: 1,
        titles: titles.remove(&object).unwrap_or_default(),
        adopted: false,
    };
    Ok(live.into_iter().map(offer).collect())
}

/// Pages with their depth, parents before children.
fn tree<'a>(pages: impl Iterator<Item = &'a RemoteObject> + Clone) -> Vec<(&'a RemoteObject, usize)> {
    let known: HashSet<ObjectId> = pages.clone().map(|page| page.object).collect();
    let mut children: HashMap<Option<ObjectId>, Vec<&RemoteObject>> = HashMap::new();
    for page in pages {
        children.entry(page.parent.filter(|parent| known.contains(parent))).or_default().push(page);
    }
    for siblings in children.values_mut() {
        siblings.sort_by(|a, b| b.ord.cmp(&a.ord));
    }
    let mut all = Vec::with_capacity(known.len());
    let mut waiting: Vec<(&RemoteObject, usize)> =
        children.remove(&None).into_iter().flatten().map(|page| (page, 1)).collect();
    while let Some((page, depth)) = waiting.pop() {
        // A page is taken out with its children, so even a circle ends.
        let below = children.remove(&Some(page.object)).into_iter().flatten();
        waiting.extend(below.map(|child| (child, depth + 1)));
        all.push((page, depth));
    }
    all
}

/// What the complete texts of objects are called.
struct Told {
    titles: HashMap<ObjectId, BTreeMap<String, String>>,
    /// Profiles that are those of regions.
    regions: HashSet<ObjectId>,
}

/// Bodies read at once: of a quarter of a megabyte at most.
const AT_ONCE: usize = 64;

fn told(tx: &mut impl Reading, origin: &str, objects: &[RemoteObject]) -> Result<Told, AdoptionError> {
    let ids: Vec<ObjectId> = objects.iter().map(|object| object.object).collect();
    let texts = remote::texts(tx, origin, &ids)?;
    let (mut titles, mut regions): (HashMap<_, BTreeMap<_, _>>, _) = (HashMap::new(), HashSet::new());
    for texts in texts.chunks(AT_ONCE) {
        let digests: Vec<Digest> = texts.iter().filter_map(|text| text.ready.map(|(body, _)| body)).collect();
        let bodies = content::bodies::load(tx, &digests)?;
        for text in texts {
            let bytes = text.ready.and_then(|(body, _)| bodies.get(&body));
            let Some(body) = bytes.and_then(|bytes| Body::parse(bytes.as_bytes()).ok()) else { continue };
            if body.region.is_some() {
                regions.insert(text.object);
            }
            let title = match body.facts {
                Some(Facts::Contact(contact)) => contact.name,
                _ => body.title,
            };
            if !title.is_empty() {
                titles.entry(text.object).or_default().insert(text.language.to_string(), title);
            }
        }
    }
    Ok(Told { titles, regions })
}
