//! Which slugs of a region are taken, by which page. A slug once given is never given to another page.

use super::store::items::SlugRow;
use crate::base::id::ItemId;
use crate::base::language::LanguageTag;
use crate::base::slug::Slug;
use std::collections::HashMap;

pub(super) struct Slugs(HashMap<(String, String), ItemId>);

impl Slugs {
    pub fn of_region(rows: Vec<SlugRow>) -> Slugs {
        Slugs(rows.into_iter().map(|row| ((row.language, row.slug), row.page)).collect())
    }

    /// The wished slug, or the first of `wish-2`, `wish-3`, … that is free or already this page's.
    pub fn settle(&mut self, language: &LanguageTag, wish: &str, page: ItemId) -> String {
        let mut slug = wish.to_owned();
        for number in 2.. {
            let key = (language.as_str().to_owned(), slug.clone());
            if *self.0.entry(key).or_insert(page) == page {
                break;
            }
            slug = format!("{wish}-{number}");
        }
        slug
    }
}

/// A foreign slug if it can be one here, else one from the title, else a word that always works.
pub(super) fn usable(foreign: &str, title: &str) -> String {
    let slug = Slug::from_foreign(foreign).or_else(|| Slug::from_title(title));
    slug.map_or_else(|| "page".to_owned(), |slug| slug.as_str().to_owned())
}
