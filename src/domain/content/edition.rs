//! One region in one language: the tree of pages walked once, and a shelf for every other kind.

use super::assemble::Material;
use super::facts::Facts;
use super::item::{DEEPEST, Item};
use super::kind::ObjectKind;
use super::published::{Edition, ItemView, LanguageView, Shelf, Translation};
use super::references::Reference;
use super::region::Region;
use super::revision::Revision;
use crate::base::id::ItemId;
use crate::base::language::LanguageTag;
use std::collections::HashMap;

pub(super) fn edition(
    region: &Region,
    language: &LanguageView,
    material: &Material,
    roots: &[Item],
) -> Edition {
    let sight = Sight { region, language, material };
    let mut walk = Walk { sight: &sight, pages: Vec::new(), position: 0 };
    let start = format!("/{}/{}/", region.slug, language.slug);
    let roots = walk.siblings(roots, None, &start, 1);
    let pages = Shelf::of(walk.pages);
    let others = ObjectKind::ITEMS.into_iter().filter(|kind| *kind != ObjectKind::Page);
    let shelves = others.map(|kind| (kind, sight.shelf(kind))).filter(|(_, shelf)| !shelf.items.is_empty());
    Edition { pages, roots, shelves: shelves.collect() }
}

/// What is looked at, and in which language.
struct Sight<'a> {
    region: &'a Region,
    language: &'a LanguageView,
    material: &'a Material,
}

/// The text that readers get, and where its slug is to be found.
struct Shown<'a> {
    revision: &'a Revision,
    language: &'a LanguageTag,
    fallback: bool,
}

impl<'a> Sight<'a> {
    fn shelf(&self, kind: ObjectKind) -> Shelf {
        let items = self.material.others.get(&(self.region.id, kind)).into_iter().flatten();
        let mut views: Vec<ItemView> = items.filter_map(|item| self.flat(item)).collect();
        views.sort_by_cached_key(|view| self.place(view));
        for (order, view) in (1..).zip(&mut views) {
            view.order = order;
        }
        Shelf::of(views)
    }

    /// What a shelf is sorted by.
    fn place(&self, view: &ItemView) -> (i64, String, i64) {
        let place = match view.facts() {
            Some(Facts::Event(event)) => (
                event.when.next_after(self.material.now).map_or(i64::MAX, |next| next.start.micros()),
                String::new(),
            ),
            Some(Facts::News(news)) => (-news.at.micros(), String::new()),
            Some(Facts::Contact(contact)) => (0, contact.name.to_lowercase()),
            _ => (0, String::new()),
        };
        (place.0, place.1, view.number)
    }

    fn flat(&self, item: &Item) -> Option<ItemView> {
        let path = format!("/{}/{}/", self.region.slug, self.language.slug);
        let mut view = self.view(item)?;
        view.path = match (item.kind, item.kind.segment()) {
            (_, None) => String::new(),
            (ObjectKind::Imprint, Some(segment)) => format!("{path}{segment}/"),
            (ObjectKind::News, Some(segment)) => format!("{path}{segment}/local/{}/", item.number),
            (_, Some(segment)) => format!("{path}{segment}/{}/", view.slug),
        };
        Some(view)
    }

    fn shown(&self, item: &Item) -> Option<Shown<'a>> {
        let public = |language: &'a LanguageTag, fallback: bool| {
            let revision = self.material.public.get(&(item.id, language.clone()))?;
            Some(Shown { revision, language, fallback })
        };
        let falls_back =
            item.kind.falls_back() && (self.region.settings.fallback || always_falls_back(item.kind));
        let other = || falls_back.then(|| public(&self.region.default_language, true)).flatten();
        public(&self.language.tag, false).or_else(other)
    }

    /// The item as it is read here; without a place in a tree and without a path.
    fn view(&self, item: &Item) -> Option<ItemView> {
        let material = self.material;
        let facts = material.public.get(&(item.id, LanguageTag::none()));
        let facts = facts.and_then(|revision| Some((revision, material.bodies.get(&revision.body)?.clone())));
        let shown = match (self.shown(item), &facts) {
            (Some(shown), _) => shown,
            // A contact without a word is still a telephone number.
            (None, Some((revision, _))) if item.kind == ObjectKind::Contact => {
                Shown { revision, language: &self.language.tag, fallback: false }
            }
            (None, _) => return None,
        };
        let Shown { revision, language, fallback } = shown;
        let slug_history = match item.kind.has_slug() {
            true => material.slugs.get(&(item.id, language.clone()))?.clone(),
            false => Vec::new(),
        };
        let body = material.bodies.get(&revision.body)?.clone();
        let facts_at = facts.as_ref().map_or(revision.updated_at, |(facts, _)| facts.updated_at);
        Some(ItemView {
            id: item.id,
            kind: item.kind,
            number: item.number,
            version: item.version,
            revision: revision.number,
            fallback,
            facts: facts.map(|(_, body)| body),
            rev: revision.rev.unwrap_or(0),
            digest: revision.body,
            slug: slug_history.last().cloned().unwrap_or_default(),
            slug_history,
            path: String::new(),
            parent: None,
            children: Vec::new(),
            depth: 1,
            order: 0,
            updated_at: revision.updated_at.max(facts_at),
            freshness: material.history.freshness(revision),
            icon: item.icon.clone().or_else(|| Some(Reference::Medium(body.icon?).to_string())),
            body,
            translations: Vec::new(),
            labels: material.labels.get(&item.id).cloned(),
            provenance: material.provenance.get(&item.id).cloned(),
        })
    }
}

/// The law wants an imprint in some language; names and numbers are alike in all.
fn always_falls_back(kind: ObjectKind) -> bool {
    !matches!(kind, ObjectKind::Event | ObjectKind::Place)
}

struct Walk<'a> {
    sight: &'a Sight<'a>,
    pages: Vec<ItemView>,
    /// Counts all pages of the region in preorder, public in this language or not.
    position: i64,
}

impl Walk<'_> {
    fn siblings(&mut self, pages: &[Item], parent: Option<usize>, path: &str, depth: usize) -> Vec<usize> {
        let mut indices = Vec::new();
        // Whatever is in the database: a node that cannot walk down its tree would not start.
        if depth > DEEPEST {
            return indices;
        }
        for page in pages {
            self.position += 1;
            let order = self.position;
            let Some(view) = self.sight.view(page) else { continue };
            let index = self.pages.len();
            let own_path = format!("{path}{}/", view.slug);
            self.pages.push(ItemView { path: own_path.clone(), parent, depth, order, ..view });
            indices.push(index);
            if let Some(children) = self.sight.material.pages.get(&Some(page.id)) {
                let children = self.siblings(children, Some(index), &own_path, depth + 1);
                if let Some(view) = self.pages.get_mut(index) {
                    view.children = children;
                }
            }
        }
        indices
    }
}

impl Shelf {
    /// Items in their order, with the ways to find them.
    pub fn of(items: Vec<ItemView>) -> Shelf {
        let mut shelf = Shelf { items, ..Shelf::default() };
        for (at, item) in shelf.items.iter().enumerate() {
            shelf.by_id.insert(item.id, at);
            shelf.by_number.insert(item.number, at);
            for former in &item.slug_history {
                shelf.by_slug.entry(former.clone()).or_insert(at);
            }
        }
        for (at, item) in shelf.items.iter().enumerate().filter(|(_, item)| !item.slug.is_empty()) {
            shelf.by_slug.insert(item.slug.clone(), at);
        }
        shelf
    }
}

impl Edition {
    /// Items of every kind.
    pub fn items(&self) -> impl Iterator<Item = &ItemView> {
        self.pages.items.iter().chain(self.shelves.values().flat_map(|shelf| &shelf.items))
    }

    fn items_mut(&mut self) -> impl Iterator<Item = (usize, &mut ItemView)> {
        let shelves = self.shelves.values_mut().flat_map(|shelf| shelf.items.iter_mut().enumerate());
        self.pages.items.iter_mut().enumerate().chain(shelves)
    }
}

/// Tells each item where it stands in the other languages.
pub(super) fn link_translations(editions: &mut [Edition]) {
    let mut known: HashMap<ItemId, Vec<(usize, usize)>> = HashMap::new();
    for (language, edition) in editions.iter_mut().enumerate() {
        for (at, item) in edition.items_mut() {
            known.entry(item.id).or_default().push((language, at));
        }
    }
    for (own, edition) in editions.iter_mut().enumerate() {
        for (_, item) in edition.items_mut() {
            let others = known.get(&item.id).into_iter().flatten().filter(|(language, _)| *language != own);
            item.translations =
                others.map(|(language, at)| Translation { language: *language, at: *at }).collect();
        }
    }
}
