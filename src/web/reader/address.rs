//! Which page an address means: pure, over one snapshot. Paths in here are decoded and begin with a slash.

use super::section::{self, Section};
pub use crate::base::url::{absolute, decoded, encoded};
use crate::domain::content::published::{Edition, ItemView, LanguageView, RegionView, Shared, Snapshot};

/// What stands at an address.
pub enum Found<'s> {
    Regions,
    /// A region without a language: the reader's browser chooses.
    RegionAlone(&'s RegionView),
    Home(Scope<'s>),
    Page(Scope<'s>, &'s ItemView),
    /// A list of items of one kind.
    Section(Scope<'s>, Section),
    Sitemap(Scope<'s>),
    /// It stands at this path, for ever.
    Moved(String),
    /// It stands at this path as things are.
    Elsewhere(String),
    /// Nothing, since the region does not speak the language.
    Unspoken(&'s RegionView),
    /// Nothing. The scope is as near as one comes; the page is what another language calls so.
    Missing(Option<Scope<'s>>, Option<&'s ItemView>),
}

/// One region in one language.
#[derive(Clone, Copy)]
pub struct Scope<'s> {
    pub region: &'s RegionView,
    /// The language's position in the region.
    pub index: usize,
    pub language: &'s LanguageView,
    pub edition: &'s Edition,
}

impl<'s> Scope<'s> {
    pub fn of(region: &'s RegionView, index: usize) -> Option<Scope<'s>> {
        let (language, edition) = (region.languages.get(index)?, region.editions.get(index)?);
        Some(Scope { region, index, language, edition })
    }

    /// The languages of the region that say anything, and this one.
    pub fn others(self) -> impl Iterator<Item = Scope<'s>> {
        let all = (0..self.region.languages.len()).filter_map(move |index| Scope::of(self.region, index));
        let says = |edition: &Edition| edition.items().any(|item| !item.path.is_empty() && !item.fallback);
        all.filter(move |other| other.index == self.index || says(other.edition))
    }

    pub fn home_path(self) -> String {
        format!("/{}/{}/", self.region.slug, self.language.slug)
    }

    /// The path that stands for `page` (an item of this edition) in another language: the item itself there, or else
    /// its nearest ancestor or the list of its kind, or the home page. The second tells whether it is the item itself.
    pub fn path_in(self, page: Option<&ItemView>, other: Scope<'_>) -> (String, bool) {
        let mut current = page;
        let mut is_same = true;
        while let Some(page) = current {
            if let Some(there) = page_in(page, other) {
                return (there.path.clone(), is_same);
            }
            is_same = false;
            current = page.parent.and_then(|parent| self.edition.pages.items.get(parent));
        }
        let list = page.and_then(|page| Section::of(page.kind));
        match list.filter(|list| list.is_in(other.edition)) {
            Some(list) => (list.path(other), is_same),
            None => (other.home_path(), is_same),
        }
    }
}

/// A page in another language of the region.
fn page_in<'s>(page: &ItemView, other: Scope<'s>) -> Option<&'s ItemView> {
    other.edition.shelf(page.kind)?.item(page.id)
}

/// What stands at `path`, decoded and beginning with a slash.
pub fn find<'s>(snapshot: &'s Snapshot, path: &str) -> Found<'s> {
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    let Some((first, rest)) = segments.split_first() else { return Found::Regions };
    let Some(region) = snapshot.region(first) else { return Found::Missing(None, None) };
    let Some((language, rest)) = rest.split_first() else { return Found::RegionAlone(region) };
    let scope = region.languages.iter().position(|known| known.slug == *language);
    match scope.and_then(|index| Scope::of(region, index)) {
        Some(scope) => inside(scope, rest, path),
        None => Found::Unspoken(region),
    }
}

/// What pages below this path are made of: the region in the language that the path begins with, in print or not.
pub fn edition_at<'s>(snapshot: &'s Snapshot, path: &str) -> Option<&'s Shared<Edition>> {
    let path = path.strip_prefix("/print/").unwrap_or(path);
    let mut segments = path.split('/').filter(|segment| !segment.is_empty());
    let (region, language) = (snapshot.region(segments.next()?)?, segments.next()?);
    let index = region.languages.iter().position(|known| known.slug == language)?;
    region.editions.get(index)
}

fn inside<'s>(scope: Scope<'s>, slugs: &[&str], path: &str) -> Found<'s> {
    let Some(last) = slugs.last() else {
        let home = scope.home_path();
        return if home == path { Found::Home(scope) } else { Found::Moved(home) };
    };
    if let Some(found) = section::inside(scope, slugs, path) {
        return found;
    }
    match scope.edition.pages.at_slug(last) {
        None if slugs.len() == 1 && *last == "sitemap.xml" => Found::Sitemap(scope),
        _ => item_at(scope, path, &|edition| edition.pages.at_slug(last)),
    }
}

/// The item that `find` finds in this edition, or else in another language of the region.
pub fn item_at<'s>(
    scope: Scope<'s>,
    path: &str,
    find: &dyn Fn(&'s Edition) -> Option<&'s ItemView>,
) -> Found<'s> {
    match find(scope.edition) {
        Some(item) if item.path == path => return Found::Page(scope, item),
        // A former slug, other ancestors than today's, or no slash at the end.
        Some(item) => return Found::Moved(item.path.clone()),
        None => {}
    }
    match scope.region.editions.iter().find_map(|edition| find(edition)) {
        None => Found::Missing(Some(scope), None),
        Some(item) => match page_in(item, scope) {
            Some(here) => Found::Elsewhere(here.path.clone()),
            None => Found::Missing(Some(scope), Some(item)),
        },
    }
}
