//! Which slugs of a region are taken, by which item. A slug once given is never given to another item of its kind.

use super::kind::ObjectKind;
use super::store::items::SlugRow;
use crate::base::id::ItemId;
use crate::base::language::LanguageTag;
use crate::base::slug::Slug;
use std::collections::HashMap;

pub(super) struct Slugs(HashMap<(ObjectKind, String, String), ItemId>);

impl Slugs {
    pub fn of_region(rows: Vec<SlugRow>) -> Slugs {
        Slugs(rows.into_iter().map(|row| ((row.kind, row.language, row.slug), row.item)).collect())
    }

    /// The wished slug, or the first of `wish-2`, `wish-3`, … that is free or already this item's.
    pub fn settle(&mut self, kind: ObjectKind, language: &LanguageTag, wish: &str, item: ItemId) -> String {
        let mut slug = wish.to_owned();
        for number in 2.. {
            let key = (kind, language.as_str().to_owned(), slug.clone());
            if *self.0.entry(key).or_insert(item) == item {
                break;
            }
            slug = format!("{wish}-{number}");
        }
        slug
    }
}

/// A foreign slug if it can be one here, else one from the title, else a word that always works.
pub(super) fn usable(foreign: &str, title: &str, kind: ObjectKind) -> String {
    let slug = Slug::from_foreign(foreign).or_else(|| Slug::from_title(title));
    slug.map_or_else(|| kind.as_str().to_owned(), |slug| slug.as_str().to_owned())
}
