//! One region: what is kept of it, and how the picture of it follows a change. An item that changed is looked at anew in
//! each language; where it changes place, its kind is put in order anew; everything else is taken as it was.

use super::body::Body;
use super::edition::{Sight, begins_at, preorder, rank, shelf, walk};
use super::item::Item;
use super::kind::ObjectKind;
use super::published::{Edition, ItemView, LanguageView, Provenance, RegionView, Shared, Shelf, View};
use super::region::Region;
use super::stock::Stock;
use crate::base::digest::Digest;
use crate::base::id::{ItemId, ObjectId};
use crate::base::moment::Moment;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

pub(super) struct Ground {
    region: Region,
    languages: Vec<LanguageView>,
    stocks: HashMap<ItemId, Stock>,
    /// The items of each kind but pages, in their order.
    orders: HashMap<ObjectKind, Vec<ItemId>>,
    view: Option<Arc<RegionView>>,
    /// When it changes by itself.
    next_end: Option<Moment>,
    marks: Marks,
    /// Items of which a body is not here.
    incomplete: HashSet<ItemId>,
}

/// What is not as it was when the picture was made.
#[derive(Default)]
struct Marks {
    /// Nothing of the picture before may be used.
    everything: bool,
    items: HashSet<ItemId>,
    /// Kinds of which an item appeared, went or changed its place.
    kinds: HashSet<ObjectKind>,
    /// Kinds whose order is another one merely since time goes on.
    reordered: HashSet<ObjectKind>,
}

/// Where each mirrored item comes from.
pub(super) type Origins = HashMap<ItemId, Arc<Provenance>>;

impl Ground {
    pub fn of(region: Region, languages: Vec<LanguageView>) -> Ground {
        Ground {
            region,
            languages,
            stocks: HashMap::new(),
            orders: HashMap::new(),
            view: None,
            next_end: None,
            marks: Marks { everything: true, ..Marks::default() },
            incomplete: HashSet::new(),
        }
    }

    pub fn describe(&mut self, region: Region, languages: Vec<LanguageView>) {
        self.marks.everything |= self.region != region || self.languages != languages;
        (self.region, self.languages) = (region, languages);
    }

    /// Whether readers find nothing of it; what changes is kept for its return.
    pub fn is_archived(&self) -> bool {
        self.region.settings.archived
    }

    pub fn next_end(&self) -> Option<Moment> {
        self.next_end
    }

    /// Bodies that are named and not here.
    pub fn missing(&self) -> impl Iterator<Item = Digest> {
        self.incomplete.iter().filter_map(|item| self.stocks.get(item)).flat_map(Stock::missing)
    }

    /// Completes texts with bodies that have come.
    pub fn complete(&mut self, found: &HashMap<Digest, Arc<Body>>) {
        for id in std::mem::take(&mut self.incomplete) {
            let Some(stock) = self.stocks.get_mut(&id) else { continue };
            for said in stock.said.iter_mut().filter(|said| said.body.is_none()) {
                said.body = found.get(&said.digest).cloned();
            }
            if stock.missing().next().is_some() {
                self.incomplete.insert(id);
            }
            self.marks.items.insert(id);
        }
    }

    pub fn stock(&self, item: ItemId) -> Option<&Stock> {
        self.stocks.get(&item)
    }

    /// Takes an item in, or what it says now.
    pub fn put(&mut self, mut stock: Stock) {
        let id = stock.item.id;
        let before = self.stocks.remove(&id);
        let place = |item: &Item| (item.parent, item.ord.clone());
        if before.as_ref().is_none_or(|before| place(&before.item) != place(&stock.item)) {
            self.marks.kinds.insert(stock.item.kind);
        }
        if let Some(before) = before {
            (stock.is_out, stock.views, stock.rank) = (before.is_out, before.views, before.rank);
        }
        if stock.missing().next().is_some() {
            self.incomplete.insert(id);
        }
        self.marks.items.insert(id);
        self.stocks.insert(id, stock);
    }

    pub fn remove(&mut self, item: ItemId) {
        if let Some(gone) = self.stocks.remove(&item) {
            self.marks.kinds.insert(gone.item.kind);
        }
    }

    pub fn retain(&mut self, left: &HashSet<ItemId>) {
        let gone: Vec<ItemId> = self.stocks.keys().filter(|item| !left.contains(item)).copied().collect();
        gone.into_iter().for_each(|item| self.remove(item));
    }

    /// Says that an item is another now, if it is here.
    pub fn mark(&mut self, item: ItemId) {
        if self.stocks.contains_key(&item) {
            self.marks.items.insert(item);
        }
    }

    /// Nothing of the last picture may be used again.
    pub fn mark_everything(&mut self) {
        self.marks.everything = true;
    }

    /// What readers see of the region at `now`. `origins` tells of mirrored items where they come from.
    pub fn picture(&mut self, now: Moment, origins: &Origins) -> Arc<RegionView> {
        if self.next_end.is_some_and(|end| end <= now) {
            self.mark_by_time(now);
        }
        let Marks { everything, mut items, mut kinds, reordered } = std::mem::take(&mut self.marks);
        let is_marked = everything || !items.is_empty() || !kinds.is_empty() || !reordered.is_empty();
        if let Some(view) = self.view.as_ref().filter(|_| !is_marked) {
            return Arc::clone(view);
        }
        let before = self.view.take().filter(|_| !everything);
        if before.is_none() {
            items = self.stocks.keys().copied().collect();
            kinds = ObjectKind::ITEMS.into();
        }
        let changed = self.look(&items, &mut kinds, now, origins);
        let is_elsewhere =
            !kinds.is_empty() || changed.iter().any(|((kind, _), seen)| seen.is_moved || is_embedded(*kind));
        kinds.extend(reordered);
        let editions = self.editions(before.as_deref(), &kinds, &changed);
        let (known, mirrored) = match &before {
            Some(before) if !is_elsewhere && !self.is_mirroring(before, &items, origins) => {
                (self.renewed(&before.known, &items), Arc::clone(&before.mirrored))
            }
            _ => self.known(&editions, origins),
        };
        let outline = match &before {
            Some(before) if !is_elsewhere && before.mirrored == mirrored => before.outline.clone(),
            _ => Shared::default(),
        };
        self.next_end = self.next_end_at(now);
        let Region { id, number, slug, name, default_language, settings } = self.region.clone();
        let languages = self.languages.clone();
        let view = RegionView {
            id,
            number,
            slug,
            name,
            settings,
            default_language,
            languages,
            editions,
            outline,
            known,
            mirrored,
        };
        let view = Arc::new(view);
        self.view = Some(Arc::clone(&view));
        view
    }

    /// Marks what is over now, or begins, and puts events in a new order whose next date has come.
    fn mark_by_time(&mut self, now: Moment) {
        for (id, stock) in &mut self.stocks {
            if stock.is_out != is_out(stock, now) {
                self.marks.items.insert(*id);
            }
            if !stock.is_out && stock.rank.until.is_some_and(|until| until <= now) {
                stock.rank = rank(stock, now);
                self.marks.reordered.insert(stock.item.kind);
            }
        }
        // What began and ended since then changes nothing but this.
        self.next_end = self.next_end_at(now);
    }

    fn next_end_at(&self, now: Moment) -> Option<Moment> {
        self.stocks.values().filter_map(|stock| next_end(stock, now)).min()
    }

    /// Looks at items anew, in every language. Adds kinds whose order is another one now.
    fn look(
        &mut self,
        items: &HashSet<ItemId>,
        kinds: &mut HashSet<ObjectKind>,
        now: Moment,
        origins: &Origins,
    ) -> Changed {
        let mut changed = Changed::new();
        for id in items {
            let Some(stock) = self.stocks.get_mut(id) else { continue };
            let (kind, rank) = (stock.item.kind, rank(stock, now));
            if rank.place != stock.rank.place {
                kinds.insert(kind);
            }
            stock.rank = rank;
            stock.is_out = is_out(stock, now);
            let mut before = std::mem::take(&mut stock.views).into_iter();
            let mut views = Vec::with_capacity(self.languages.len());
            for (at, language) in self.languages.iter().enumerate() {
                let sight = Sight { region: &self.region, language };
                let view = sight.view(stock, origins.get(id)).filter(|_| !stock.is_out);
                let before = before.next().flatten();
                let stamp = before.as_ref().map(ItemView::stamp);
                let is_moved = before.as_deref().map(whereabouts) != view.as_ref().map(whereabouts);
                let view = view.map(|view| renewed(before, view));
                if view.as_ref().map(ItemView::stamp) != stamp {
                    let seen = changed.entry((kind, at)).or_default();
                    seen.items.push(*id);
                    seen.is_moved |= is_moved;
                }
                views.push(view);
            }
            stock.views = views;
        }
        changed
    }

    fn editions(
        &mut self,
        before: Option<&RegionView>,
        kinds: &HashSet<ObjectKind>,
        changed: &Changed,
    ) -> Vec<Shared<Edition>> {
        let is_moved = |kind: ObjectKind, at: usize| {
            kinds.contains(&kind) || changed.get(&(kind, at)).is_some_and(|seen| seen.is_moved)
        };
        let tree = (0..self.languages.len())
            .any(|at| is_moved(ObjectKind::Page, at))
            .then(|| preorder(self.stocks.values().filter(|stock| stock.item.kind == ObjectKind::Page)));
        for kind in kinds.iter().filter(|kind| **kind != ObjectKind::Page) {
            let mut items: Vec<&Stock> =
                self.stocks.values().filter(|stock| stock.item.kind == *kind).collect();
            items.sort_by_key(|stock| (&stock.rank.place, stock.item.number));
            let order = items.iter().map(|stock| stock.item.id).collect();
            self.orders.insert(*kind, order);
        }
        let mut editions = Vec::with_capacity(self.languages.len());
        for at in 0..self.languages.len() {
            let before = before.and_then(|before| before.editions.get(at));
            let mut edition = before.map(|before| Edition::clone(before)).unwrap_or_default();
            for kind in ObjectKind::ITEMS {
                let old = before.and_then(|before| before.shelf(kind));
                let items = match (&tree, is_moved(kind, at), changed.get(&(kind, at))) {
                    (Some(tree), true, _) if kind == ObjectKind::Page => {
                        let home = Sight { region: &self.region, language: &self.languages[at] }.home();
                        let (ids, roots) = walk(&mut self.stocks, tree, at, &home);
                        edition.roots = roots;
                        self.views(at, &ids)
                    }
                    (_, true, _) => self.views(at, self.orders.get(&kind).map_or(&[], Vec::as_slice)),
                    (_, false, Some(seen)) => self.patched(at, old, &seen.items),
                    (_, false, None) => continue,
                };
                edition.put(kind, shelf(old, items));
            }
            editions.push(match before {
                Some(before) if edition.is_made_of(before) => before.clone(),
                _ => edition.into(),
            });
        }
        editions
    }

    /// These items, as far as they say anything in a language.
    fn views(&self, language: usize, items: &[ItemId]) -> Vec<ItemView> {
        let view = |id: &ItemId| self.stocks.get(id)?.views.get(language)?.clone();
        items.iter().filter_map(view).collect()
    }

    /// The items of a shelf, those that changed as they are now.
    fn patched(&self, language: usize, shelf: Option<&Shared<Shelf>>, changed: &[ItemId]) -> Vec<ItemView> {
        let Some(shelf) = shelf else { return Vec::new() };
        let mut items = shelf.items.clone();
        for id in changed {
            let view = self.stocks.get(id).and_then(|stock| stock.views.get(language)?.clone());
            // Pages below one that is not public have a view and no place.
            let place = shelf.by_id.get(id).and_then(|at| items.get_mut(*at));
            if let Some((place, view)) = place.zip(view) {
                *place = view;
            }
        }
        items
    }

    fn is_mirroring(&self, before: &RegionView, items: &HashSet<ItemId>, origins: &Origins) -> bool {
        !before.mirrored.is_empty() || items.iter().any(|item| origins.contains_key(item))
    }

    /// The same items, some of them in another version.
    fn renewed(&self, known: &HashMap<ItemId, i64>, items: &HashSet<ItemId>) -> Arc<HashMap<ItemId, i64>> {
        let mut known = known.clone();
        for stock in items.iter().filter_map(|item| self.stocks.get(item)) {
            known.entry(stock.item.id).and_modify(|version| *version = stock.item.version);
        }
        Arc::new(known)
    }

    fn known(
        &self,
        editions: &[Shared<Edition>],
        origins: &Origins,
    ) -> (Arc<HashMap<ItemId, i64>>, Mirrored) {
        let is_seen = |stock: &&Stock| match stock.item.kind {
            ObjectKind::Page => {
                editions.iter().any(|edition| edition.pages.by_id.contains_key(&stock.item.id))
            }
            _ => stock.views.iter().any(Option::is_some),
        };
        let mut seen: Vec<&Item> = self.stocks.values().filter(is_seen).map(|stock| &stock.item).collect();
        // Of two that mirror the same object the first one made counts.
        seen.sort_by_key(|item| std::cmp::Reverse(item.number));
        let mirrored = seen.iter().filter_map(|item| Some((origins.get(&item.id)?.object, item.id)));
        (Arc::new(seen.iter().map(|item| (item.id, item.version)).collect()), Arc::new(mirrored.collect()))
    }
}

/// As [`RegionView::mirrored`].
type Mirrored = Arc<HashMap<ObjectId, ItemId>>;

/// The items that are seen otherwise, by kind and index of the language.
type Changed = HashMap<(ObjectKind, usize), Seen>;

#[derive(Default)]
struct Seen {
    items: Vec<ItemId>,
    /// One of them appeared, went or has another address.
    is_moved: bool,
}

/// Whether texts anywhere on this node show what items of the kind say: contacts, with the address of their place.
fn is_embedded(kind: ObjectKind) -> bool {
    matches!(kind, ObjectKind::Contact | ObjectKind::Place)
}

/// What others say of an item: where it stands, and whether in the language it is looked for in.
fn whereabouts(view: &View) -> (&str, bool) {
    (&view.slug, view.fallback)
}

/// The view as it was, if nothing of it changed. A page keeps its place until the tree is walked again.
fn renewed(before: Option<ItemView>, mut view: View) -> ItemView {
    let Some(before) = before else { return view.into() };
    if view.kind == ObjectKind::Page {
        view.path.clone_from(&before.path);
        view.children.clone_from(&before.children);
        (view.parent, view.depth, view.order) = (before.parent, before.depth, before.order);
    }
    if *before == view { before } else { view.into() }
}

/// Whether an item is over, or still to come.
fn is_out(stock: &Stock, now: Moment) -> bool {
    stock.item.expires_at.is_some_and(|end| end <= now) || begins_at(stock).is_some_and(|at| at > now)
}

/// When an item changes by itself next.
fn next_end(stock: &Stock, now: Moment) -> Option<Moment> {
    match begins_at(stock).filter(|at| *at > now) {
        // What is over before it begins is never to be seen.
        Some(begin) => Some(begin).filter(|begin| stock.item.expires_at.is_none_or(|end| end > *begin)),
        None if stock.is_out => None,
        None => stock.item.expires_at.into_iter().chain(stock.rank.until).min(),
    }
}
