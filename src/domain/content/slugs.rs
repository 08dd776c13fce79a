//! Which slugs of a region are taken, by which item. A slug once given is never given to another item of its kind.

use super::kind::ObjectKind;
use super::store::items::SlugRow;
use crate::base::id::ItemId;
use crate::base::language::LanguageTag;
use crate::base::slug::Slug;
use std::collections::HashMap;

/// Kind, language, and a slug or the wish for one.
type Key = (ObjectKind, String, String);

pub(super) struct Slugs {
    taken: HashMap<Key, ItemId>,
    /// By wish.
    counted: HashMap<Key, Counted>,
}

/// How far counting has come for a wish. Thousands of items may wish the same: each number is looked at once.
#[derive(Default)]
struct Counted {
    /// Up to this number all are taken.
    last: u64,
    /// The lowest of these numbers that each item has.
    held: HashMap<ItemId, u64>,
}

impl Slugs {
    pub fn of_region(rows: Vec<SlugRow>) -> Slugs {
        let taken = rows.into_iter().map(|row| ((row.kind, row.language, row.slug), row.item)).collect();
        Slugs { taken, counted: HashMap::new() }
    }

    /// The wished slug, or the first of `wish-2`, `wish-3`, … that is free or already this item's.
    pub fn settle(&mut self, kind: ObjectKind, language: &LanguageTag, wish: &str, item: ItemId) -> String {
        let key = |slug: String| (kind, language.as_str().to_owned(), slug);
        let counted = self.counted.entry(key(wish.to_owned())).or_default();
        loop {
            if let Some(number) = counted.held.get(&item) {
                return numbered(wish, *number);
            }
            counted.last += 1;
            let holder = *self.taken.entry(key(numbered(wish, counted.last))).or_insert(item);
            counted.held.entry(holder).or_insert(counted.last);
        }
    }
}

/// The first is the wish itself.
fn numbered(wish: &str, number: u64) -> String {
    if number == 1 { wish.to_owned() } else { format!("{wish}-{number}") }
}

/// A foreign slug if it can be one here, else one from the title, else a word that always works.
pub(super) fn usable(foreign: &str, title: &str, kind: ObjectKind) -> String {
    let slug = Slug::from_foreign(foreign).or_else(|| Slug::from_title(title));
    slug.map_or_else(|| kind.as_str().to_owned(), |slug| slug.as_str().to_owned())
}
