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

#[cfg(test)]
mod tests {
    use super::{Key, ObjectKind, Slugs};
    use crate::base::id::ItemId;
    use proptest::prelude::*;
    use std::collections::HashMap;
    use uuid::Uuid;

    fn item(number: u8) -> ItemId {
        ItemId::from_uuid(Uuid::from_u128(u128::from(number)))
    }

    /// Looks at every number each time.
    fn counted_anew(taken: &mut HashMap<Key, ItemId>, wish: &str, item: ItemId) -> String {
        let numbered = (2..).map(|number| format!("{wish}-{number}"));
        let mut all = std::iter::once(wish.to_owned()).chain(numbered);
        let key = |slug: &String| (ObjectKind::Page, "de".to_owned(), slug.clone());
        all.find(|slug| *taken.entry(key(slug)).or_insert(item) == item).unwrap()
    }

    proptest! {
        #[test]
        fn counting_on_finds_what_counting_anew_finds(
            before in prop::collection::vec((0..5_usize, 0..6_u8), 0..6),
            wishes in prop::collection::vec((0..5_usize, 0..6_u8), 1..60),
        ) {
            const WISHES: [&str; 5] = ["haus", "haus-2", "haus-3", "haus-2-2", "hof"];
            let key = |at: usize| (ObjectKind::Page, "de".to_owned(), WISHES[at].to_owned());
            let mut taken: HashMap<Key, ItemId> = before.iter().map(|(at, by)| (key(*at), item(*by))).collect();
            let mut slugs = Slugs { taken: taken.clone(), counted: HashMap::new() };
            for (at, by) in wishes {
                let expected = counted_anew(&mut taken, WISHES[at], item(by));
                let found = slugs.settle(ObjectKind::Page, &"de".parse().unwrap(), WISHES[at], item(by));
                prop_assert_eq!(found, expected);
            }
        }
    }

    #[test]
    fn each_number_is_looked_at_once_however_many_wish_the_same() {
        let mut slugs = Slugs::of_region(Vec::new());
        let german = "de".parse().unwrap();
        for number in 0..=u8::MAX {
            let slug = slugs.settle(ObjectKind::Page, &german, "haus", item(number));
            assert_eq!(slug == "haus", number == 0, "{slug}");
            // None is looked at again when the next one comes: so many are taken, and no more were tried.
            let counted = &slugs.counted[&(ObjectKind::Page, "de".to_owned(), "haus".to_owned())];
            assert_eq!((counted.last, counted.held.len()), (u64::from(number) + 1, usize::from(number) + 1));
        }
    }
}
