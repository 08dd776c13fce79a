//! One region in one language: an item as it is read there, the tree of pages walked once, and shelves that have as much
//! as can be in common with those before.

use super::body::Body;
use super::facts::Facts;
use super::item::DEEPEST;
use super::kind::ObjectKind;
use super::published::{Edition, ItemView, LanguageView, Provenance, Shared, Shelf, View};
use super::references::Reference;
use super::region::Region;
use super::stock::{Rank, Said, Stock};
use crate::base::id::ItemId;
use crate::base::language::LanguageTag;
use crate::base::moment::Moment;
use std::collections::HashMap;
use std::sync::Arc;

/// What is looked at, and in which language.
pub(super) struct Sight<'a> {
    pub region: &'a Region,
    pub language: &'a LanguageView,
}

/// The text that readers get, and where its slug is to be found.
struct Shown<'a> {
    said: &'a Said,
    fallback: bool,
}

impl<'a> Sight<'a> {
    /// The item as it is read here; a page without a place in the tree and without a path.
    pub fn view(&self, stock: &'a Stock, provenance: Option<&Arc<Provenance>>) -> Option<View> {
        let item = &stock.item;
        let facts = facts_of(stock);
        let shown = match (self.shown(stock), facts) {
            (Some(shown), _) => shown,
            // A contact without a word is still a telephone number.
            (None, Some((said, _))) if item.kind.speaks_without_words() => Shown { said, fallback: false },
            (None, _) => return None,
        };
        let Shown { said, fallback } = shown;
        let slug_history = match item.kind.has_slug() {
            true if said.slugs.is_empty() => return None,
            true => said.slugs.clone(),
            false => Vec::new(),
        };
        let slug = slug_history.last().cloned().unwrap_or_default();
        let body = Arc::clone(said.body.as_ref()?);
        // A page is as old as its words, whoever answers for it since.
        let dated = facts.filter(|_| item.kind != ObjectKind::Page);
        Some(View {
            id: item.id,
            kind: item.kind,
            number: item.number,
            revision: said.number,
            fallback,
            facts: facts.map(|(_, body)| Arc::clone(body)),
            rev: said.rev,
            digest: said.digest,
            path: self.path(stock, &slug),
            slug,
            slug_history,
            parent: None,
            children: Vec::new(),
            depth: 1,
            order: 0,
            updated_at: dated.map_or(said.updated_at, |(facts, _)| said.updated_at.max(facts.updated_at)),
            freshness: said.freshness,
            icon: item.icon.clone().or_else(|| Some(Reference::Medium(body.icon?).to_string())),
            body,
            labels: stock.labels.clone(),
            provenance: provenance.cloned(),
        })
    }

    fn shown(&self, stock: &'a Stock) -> Option<Shown<'a>> {
        let public =
            |language: &LanguageTag, fallback: bool| Some(Shown { said: stock.said(language)?, fallback });
        let kind = stock.item.kind;
        let falls_back = kind.falls_back() && (self.region.settings.fallback || always_falls_back(kind));
        let other = || falls_back.then(|| public(&self.region.default_language, true)).flatten();
        public(&self.language.tag, false).or_else(other)
    }

    fn path(&self, stock: &Stock, slug: &str) -> String {
        let home = self.home();
        match (stock.item.kind, stock.item.kind.segment()) {
            (_, None) => String::new(),
            (ObjectKind::Imprint, Some(segment)) => format!("{home}{segment}/"),
            (ObjectKind::News, Some(segment)) => format!("{home}{segment}/local/{}/", stock.item.number),
            (_, Some(segment)) => format!("{home}{segment}/{slug}/"),
        }
    }

    pub fn home(&self) -> String {
        format!("/{}/{}/", self.region.slug, self.language.slug)
    }
}

/// The law wants an imprint in some language; names and numbers are alike in all.
fn always_falls_back(kind: ObjectKind) -> bool {
    !matches!(kind, ObjectKind::Event | ObjectKind::Place)
}

fn facts_of(stock: &Stock) -> Option<(&Said, &Arc<Body>)> {
    let said = stock.said(&LanguageTag::none())?;
    Some((said, said.body.as_ref()?))
}

/// Before this nobody is to see the item.
pub(super) fn begins_at(stock: &Stock) -> Option<Moment> {
    facts_of(stock)?.1.facts.as_ref()?.begins_at()
}

/// Where an item stands on its shelf: events by their next date, news from the newest on, contacts by name.
pub(super) fn rank(stock: &Stock, now: Moment) -> Rank {
    match facts_of(stock).and_then(|(_, body)| body.facts.as_ref()) {
        Some(Facts::Event(event)) => {
            let next = event.when.next_after(now).map(|next| next.start);
            Rank { place: (next.map_or(i64::MAX, Moment::micros), String::new()), until: next }
        }
        Some(Facts::News(news)) => Rank { place: (-news.at.micros(), String::new()), until: None },
        Some(Facts::Contact(contact)) => Rank { place: (0, contact.name.to_lowercase()), until: None },
        _ => Rank::default(),
    }
}

/// The pages of a region, parents before children, with their level from 1 on.
pub(super) fn preorder<'a>(pages: impl Iterator<Item = &'a Stock>) -> Vec<(ItemId, usize)> {
    let mut children: HashMap<Option<ItemId>, Vec<&Stock>> = HashMap::new();
    for page in pages {
        children.entry(page.item.parent).or_default().push(page);
    }
    for siblings in children.values_mut() {
        // The last comes first, as they are taken from the end.
        siblings.sort_by(|a, b| b.item.ord.cmp(&a.item.ord).then(b.item.number.cmp(&a.item.number)));
    }
    let mut order = Vec::new();
    let roots = children.remove(&None).unwrap_or_default();
    let mut waiting: Vec<(ItemId, usize)> = roots.iter().map(|page| (page.item.id, 1)).collect();
    while let Some((page, level)) = waiting.pop() {
        order.push((page, level));
        // Whatever is in the database: a node that cannot walk down its tree would not start.
        let below = children.remove(&Some(page)).filter(|_| level < DEEPEST);
        waiting.extend(below.iter().flatten().map(|page| (page.item.id, level + 1)));
    }
    order
}

/// Puts the pages of one language in their places; those that readers see, and the indices of the roots. A page without
/// a public parent is not seen.
pub(super) fn walk(
    stocks: &mut HashMap<ItemId, Stock>,
    preorder: &[(ItemId, usize)],
    language: usize,
    home: &str,
) -> (Vec<ItemId>, Vec<usize>) {
    let (mut seen, mut roots): (Vec<Seen>, Vec<usize>) = (Vec::new(), Vec::new());
    let mut above: Vec<usize> = Vec::new();
    let (mut position, mut hidden_below) = (0, usize::MAX);
    for (id, depth) in preorder {
        if *depth > hidden_below {
            continue;
        }
        // Counts siblings that are not public in this language as well.
        position += 1;
        let view = stocks.get(id).and_then(|stock| stock.views.get(language)?.as_ref());
        let Some(view) = view else {
            hidden_below = *depth;
            continue;
        };
        hidden_below = usize::MAX;
        above.truncate(depth - 1);
        let (at, parent) = (seen.len(), above.last().copied());
        let path = parent.and_then(|parent| seen.get(parent)).map_or(home, |parent| parent.path.as_str());
        let path = format!("{path}{}/", view.slug);
        seen.push(Seen { id: *id, path, parent, children: Vec::new(), depth: *depth, order: position });
        match parent.and_then(|parent| seen.get_mut(parent)) {
            Some(parent) => parent.children.push(at),
            None => roots.push(at),
        }
        above.push(at);
    }
    let ids = seen.iter().map(|page| page.id).collect();
    for page in seen {
        let view = stocks.get_mut(&page.id).and_then(|stock| stock.views.get_mut(language)?.as_mut());
        if let Some(view) = view {
            page.settle(view);
        }
    }
    (ids, roots)
}

/// A page that is seen, and where.
struct Seen {
    id: ItemId,
    path: String,
    parent: Option<usize>,
    children: Vec<usize>,
    depth: usize,
    order: i64,
}

impl Seen {
    /// What stands there already is left alone, so that it stays shared.
    fn settle(self, view: &mut ItemView) {
        let Seen { id: _, path, parent, children, depth, order } = self;
        let stands = view.path == path
            && view.parent == parent
            && view.children == children
            && view.depth == depth
            && view.order == order;
        if !stands {
            let view: &mut View = view;
            (view.path, view.parent, view.children) = (path, parent, children);
            (view.depth, view.order) = (depth, order);
        }
    }
}

/// A shelf with these items: the one before if nothing changed, else with as much of it as is still right.
pub(super) fn shelf(before: Option<&Shared<Shelf>>, items: Vec<ItemView>) -> Shared<Shelf> {
    let Some(before) = before.filter(|before| before.items.len() == items.len()) else {
        return Shelf::of(items).into();
    };
    let mut changed = before.items.iter().zip(&items).filter(|(a, b)| a.stamp() != b.stamp()).peekable();
    if changed.peek().is_none() {
        return before.clone();
    }
    if changed.all(|(a, b)| a.id == b.id && a.number == b.number && a.slug_history == b.slug_history) {
        let Shelf { items: _, by_id, by_number, by_slug } = &**before;
        let (by_id, by_number, by_slug) = (Arc::clone(by_id), Arc::clone(by_number), Arc::clone(by_slug));
        return Shelf { items, by_id, by_number, by_slug }.into();
    }
    Shelf::of(items).into()
}

impl Edition {
    pub(super) fn put(&mut self, kind: ObjectKind, shelf: Shared<Shelf>) {
        if kind == ObjectKind::Page {
            self.pages = shelf;
        } else if shelf.items.is_empty() {
            self.shelves.remove(&kind);
        } else {
            self.shelves.insert(kind, shelf);
        }
    }

    /// Whether it has each shelf in common with another.
    pub(super) fn is_made_of(&self, other: &Edition) -> bool {
        self.pages.stamp() == other.pages.stamp()
            && self.roots == other.roots
            && self.shelves.len() == other.shelves.len()
            && self.shelves.iter().all(|(kind, shelf)| {
                other.shelves.get(kind).is_some_and(|other| other.stamp() == shelf.stamp())
            })
    }
}
