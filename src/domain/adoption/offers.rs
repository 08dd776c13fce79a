//! What a followed node has that could be adopted: its pages as a tree, with titles.

use super::error::AdoptionError;
use super::store::{self, RemotePage};
use crate::base::digest::Digest;
use crate::base::id::ObjectId;
use crate::domain::content::body::Body;
use crate::domain::content::store as content;
use crate::platform::db::Reading;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap, HashSet};

/// A page of a followed node.
#[derive(Clone, Debug, Serialize)]
pub struct Offer {
    pub object: ObjectId,
    /// 1 for pages without a page above.
    pub depth: usize,
    /// By language, of what is complete here.
    pub titles: BTreeMap<String, String>,
    pub adopted: bool,
}

/// Every live page of a followed feed, in the order of its tree.
pub fn offers(tx: &mut impl Reading, origin: &str) -> Result<Vec<Offer>, AdoptionError> {
    let pages = store::remote_pages(tx, origin)?;
    let known: HashSet<ObjectId> = pages.iter().map(|page| page.object).collect();
    let mut children: HashMap<Option<ObjectId>, Vec<&RemotePage>> = HashMap::new();
    for page in &pages {
        children.entry(page.parent.filter(|parent| known.contains(parent))).or_default().push(page);
    }
    for siblings in children.values_mut() {
        siblings.sort_by(|a, b| b.ord.cmp(&a.ord));
    }
    let titles = titles(tx, origin, &known.iter().copied().collect::<Vec<_>>())?;
    let adopted: HashSet<ObjectId> = store::mirrors(tx)?.into_iter().map(|mirror| mirror.object).collect();
    let mut all = Vec::with_capacity(pages.len());
    let mut waiting: Vec<(&RemotePage, usize)> =
        children.remove(&None).into_iter().flatten().map(|page| (page, 1)).collect();
    while let Some((page, depth)) = waiting.pop() {
        // A page is taken out with its children, so even a circle ends.
        let below = children.remove(&Some(page.object)).into_iter().flatten();
        waiting.extend(below.map(|child| (child, depth + 1)));
        all.push(Offer {
            object: page.object,
            depth,
            titles: titles.get(&page.object).cloned().unwrap_or_default(),
            adopted: adopted.contains(&page.object),
        });
    }
    Ok(all)
}

type Titles = HashMap<ObjectId, BTreeMap<String, String>>;

fn titles(tx: &mut impl Reading, origin: &str, objects: &[ObjectId]) -> Result<Titles, AdoptionError> {
    let texts = store::remote_texts(tx, origin, objects)?;
    let digests: Vec<Digest> = texts.iter().filter_map(|text| text.ready.map(|(body, _)| body)).collect();
    let bodies = content::bodies::load(tx, &digests)?;
    let mut titles = Titles::new();
    for text in texts {
        let bytes = text.ready.and_then(|(body, _)| bodies.get(&body));
        if let Some(body) = bytes.and_then(|bytes| Body::parse(bytes.as_bytes()).ok()) {
            titles.entry(text.object).or_default().insert(text.language.to_string(), body.title);
        }
    }
    Ok(titles)
}
