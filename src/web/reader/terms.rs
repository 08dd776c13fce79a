//! What an item is about and whom it is for, as far as the vocabulary of this node has names for it.

use super::address::Scope;
use super::frame::Marked;
use super::render::World;
use crate::domain::content::labels::Facets;
use crate::domain::content::published::ItemView;
use std::collections::BTreeSet;

pub struct Terms {
    pub topics: Vec<Marked>,
    pub audiences: Vec<Marked>,
}

impl Terms {
    pub fn of(world: &World<'_>, scope: Scope<'_>, item: &ItemView) -> Terms {
        let vocabulary = &world.snapshot.vocabulary;
        let named = |ids: &BTreeSet<String>| {
            let known = vocabulary.terms().iter().filter(|term| ids.contains(&term.id));
            known.map(|term| Marked::from(term.name(&scope.language.tag))).collect()
        };
        let Facets { topics, audiences } = item.facets();
        Terms { topics: named(topics), audiences: named(audiences) }
    }
}
