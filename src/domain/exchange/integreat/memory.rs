//! Recognises pages that an earlier import brought: by Integreat's number, else by their names.

use super::items::{Entry, Item, Prepared, trimmed};
use super::links::Links;
use super::store::Memory;
use crate::base::id::ItemId;
use crate::base::language::LanguageTag;
use crate::base::slug::Slug;
use std::collections::{HashMap, HashSet};

/// What earlier imports of the region left behind.
pub(super) struct Memories {
    by_key: HashMap<String, (ItemId, String)>,
}

impl Memories {
    pub fn of(rows: Vec<Memory>) -> Memories {
        Memories { by_key: rows.into_iter().map(|row| (row.item, (row.page, row.sha256))).collect() }
    }

    /// The page of each item, and whether it was known; `fresh` makes ids for new ones.
    pub fn recognise(&self, prepared: &Prepared, fresh: impl Fn() -> ItemId) -> Vec<(ItemId, bool)> {
        let mut taken: HashSet<ItemId> = HashSet::new();
        // Numbers are sure and names are not, so all numbers come first.
        let numbers = prepared.items.iter().map(|item| item.number.map(number_key));
        let mut found: Vec<Option<ItemId>> =
            numbers.map(|key| self.page(&key?).filter(|page| taken.insert(*page))).collect();
        for (page, item) in found.iter_mut().zip(&prepared.items).filter(|(page, _)| page.is_none()) {
            let mut names = names(prepared, item).filter_map(|key| self.page(&key));
            *page = names.find(|page| !taken.contains(page));
            taken.extend(*page);
        }
        found.into_iter().map(|page| page.map_or_else(|| (fresh(), false), |page| (page, true))).collect()
    }

    pub fn page(&self, key: &str) -> Option<ItemId> {
        self.by_key.get(key).map(|(page, _)| *page)
    }

    /// Whether this text of the page was taken over with just this content.
    pub fn holds(&self, key: &str, page: ItemId, sha256: &str) -> bool {
        self.by_key.get(key).is_some_and(|(known, digest)| *known == page && digest == sha256)
    }

    /// Of what was taken over under this key; empty: it was nothing.
    pub fn digest(&self, key: &str) -> Option<&str> {
        self.by_key.get(key).map(|(_, digest)| digest.as_str())
    }

    /// Whether an import hid this page, as it was no longer delivered; an editor's own decision is another thing.
    pub fn hid(&self, page: ItemId) -> bool {
        self.by_key.get(&hidden_key(page)).is_some_and(|(_, mark)| !mark.is_empty())
    }

    /// Every page that was ever imported, with the languages in which it was not taken back.
    pub fn pages(&self) -> HashMap<ItemId, HashSet<LanguageTag>> {
        let mut pages: HashMap<ItemId, HashSet<LanguageTag>> = HashMap::new();
        for (key, (page, sha256)) in self.by_key.iter().filter(|(key, _)| !key.starts_with(HIDDEN)) {
            let languages = pages.entry(*page).or_default();
            languages.extend(read_text_key(key).filter(|_| !sha256.is_empty()).map(|(language, _)| language));
        }
        pages
    }

    /// The keys of a page's texts in a language, so that they can be marked as taken back.
    pub fn keys_of(&self, page: ItemId, language: &LanguageTag) -> Vec<String> {
        let of = |key: &&String| read_text_key(key).is_some_and(|(known, _)| known == *language);
        let keys = self.by_key.iter().filter(|(_, (known, _))| *known == page).map(|(key, _)| key);
        keys.filter(of).cloned().collect()
    }

    /// A name for each page that people recognise: its address in some language.
    pub fn names(&self) -> HashMap<ItemId, String> {
        let mut names: HashMap<ItemId, String> = HashMap::new();
        for (key, (page, _)) in &self.by_key {
            let Some((language, slug)) = read_text_key(key) else { continue };
            let name = format!("/{language}/…/{slug}/");
            let known = names.entry(*page).or_insert_with(|| name.clone());
            if name < *known {
                *known = name;
            }
        }
        names
    }

    /// Where links of the import lead: to what is delivered now, else to what was delivered before.
    pub fn links<'a>(&self, prepared: &'a Prepared, pages: &[(ItemId, bool)]) -> Links<'a> {
        let tongues = &prepared.languages;
        let before = self.by_key.iter().filter_map(|(key, (page, _))| Some((read_text_key(key)?, *page)));
        let mut links = Links {
            region: "",
            hosts: prepared.hosts.clone(),
            languages: tongues.iter().map(|tongue| (tongue.code.as_str(), &tongue.tag)).collect(),
            pages: before.collect(),
            paths: HashMap::new(),
        };
        let texts = || {
            prepared
                .items
                .iter()
                .zip(pages)
                .flat_map(|(item, (page, _))| item.texts.iter().map(move |text| (text, *page)))
        };
        for (text, page) in texts() {
            links.region = trimmed(&text.path).split('/').next().unwrap_or("");
            links.paths.insert(trimmed(&text.path).to_lowercase(), page);
            let tag = &tongues[text.language].tag;
            links.pages.extend(text.former.iter().map(|slug| ((tag.clone(), slug.clone()), page)));
        }
        links.pages.extend(
            texts().map(|(text, page)| ((tongues[text.language].tag.clone(), text.slug.clone()), page)),
        );
        links
    }
}

fn names<'a>(prepared: &'a Prepared, item: &'a Item) -> impl Iterator<Item = String> + 'a {
    let tag = |text: &Entry| prepared.languages[text.language].tag.clone();
    let present = item.texts.iter().map(move |text| text_key(&tag(text), &text.slug));
    let former = item
        .texts
        .iter()
        .flat_map(move |text| text.former.iter().map(move |slug| text_key(&tag(text), slug)));
    present.chain(former)
}

pub(super) fn number_key(number: i64) -> String {
    format!("page {number}")
}

const HIDDEN: &str = "hidden ";

fn hidden_key(page: ItemId) -> String {
    format!("{HIDDEN}{page}")
}

/// To be remembered of a page that an import hides or shows again.
pub(super) fn hiding(page: ItemId, hidden: Hidden) -> Memory {
    let mark = if hidden == Hidden::Now { "yes" } else { "" };
    Memory { item: hidden_key(page), page, sha256: mark.to_owned() }
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Hidden {
    Now,
    NoLonger,
}

pub(super) fn text_key(language: &LanguageTag, slug: &Slug) -> String {
    format!("text {language} {slug}")
}

fn read_text_key(key: &str) -> Option<(LanguageTag, Slug)> {
    let (language, slug) = key.strip_prefix("text ")?.split_once(' ')?;
    Some((language.parse().ok()?, slug.parse().ok()?))
}
