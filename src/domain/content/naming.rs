//! Who answers for a page and which offers it points to, by the words that people know them by.

use super::error::ContentError;
use super::facts::{Facts, PageFacts};
use super::item;
use super::kind::ObjectKind;
use super::present::facts_of;
use super::{Desk, restate, store};
use crate::base::id::{ItemId, ObjectId, RegionId};
use crate::platform::db::{Reading, Write};

/// What a page is to name: by id, an organisation by its short name, an offer by what apps know it by. What is not said
/// stays, an empty word or list takes it away.
pub struct Naming {
    pub organisation: Option<String>,
    pub offers: Option<Vec<String>>,
}

/// Publishes what the page names now; whether anything changed.
/// # Errors: an item that is no page or is mirrored, a word that is not known, and those of [`restate::facts`].
pub fn name(
    tx: &mut Write<'_>,
    desk: &Desk<'_>,
    page: ItemId,
    naming: &Naming,
) -> Result<bool, ContentError> {
    let page = item::editable(tx, page)?;
    let before = match facts_of(tx, &[page.id])?.remove(&page.id) {
        Some(Facts::Page(facts)) => facts,
        _ => PageFacts::default(),
    };
    let mut now = before.clone();
    if let Some(word) = &naming.organisation {
        let named =
            Words::of(tx, page.region, ObjectKind::Organisation)?.named(std::slice::from_ref(word))?;
        now.organisation = named.first().copied();
    }
    if let Some(words) = &naming.offers {
        now.offers = Words::of(tx, page.region, ObjectKind::Offer)?.named(words)?;
    }
    if now == before {
        return Ok(false);
    }
    restate::facts(tx, desk, &page, Facts::Page(now))?;
    Ok(true)
}

/// The items of a kind in a region, each with its word.
struct Words {
    kind: ObjectKind,
    known: Vec<(ItemId, String)>,
}

impl Words {
    fn of(tx: &mut impl Reading, region: RegionId, kind: ObjectKind) -> Result<Words, ContentError> {
        let mut items = store::items::of_kind(tx, region, kind)?;
        items.retain(|item| !item.archived);
        items.sort_by_key(|item| item.number);
        let ids: Vec<ItemId> = items.iter().map(|item| item.id).collect();
        let mut facts = facts_of(tx, &ids)?;
        let word = |facts| match facts {
            Some(Facts::Organisation(organisation)) => organisation.slug,
            Some(Facts::Offer(offer)) => offer.alias,
            _ => String::new(),
        };
        Ok(Words { kind, known: ids.into_iter().map(|id| (id, word(facts.remove(&id)))).collect() })
    }

    /// Empty words name nothing. Of two items with one word the older one counts.
    fn named(&self, words: &[String]) -> Result<Vec<ObjectId>, ContentError> {
        let words = words.iter().map(|word| word.trim()).filter(|word| !word.is_empty());
        let find = |word: &str| {
            let is_it = |(id, own): &&(ItemId, String)| own == word || id.to_string() == word;
            let found = self.known.iter().find(is_it).map(|(id, _)| ObjectId::from(*id));
            found.ok_or_else(|| ContentError::UnknownWord {
                kind: self.kind.as_str(),
                word: word.to_owned(),
                known: self.known.iter().map(|(_, word)| word.as_str()).collect::<Vec<_>>().join(", "),
            })
        };
        words.map(find).collect()
    }
}
