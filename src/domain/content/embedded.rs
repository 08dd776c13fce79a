//! What texts embed of other items: the contact behind a reference, as readers of a region and a language see it.

use super::facts::{ContactFacts, Facts, PlaceFacts};
use super::published::{ItemView, RegionView, Snapshot};
use super::references::Detail;
use crate::base::id::ObjectId;
use crate::base::language::LanguageTag;

/// A contact with the place that it belongs to.
pub struct EmbeddedContact<'s> {
    /// Its title is what it is responsible for; empty: for everything.
    pub view: &'s ItemView,
    pub facts: &'s ContactFacts,
    pub place: Option<(&'s ItemView, &'s PlaceFacts)>,
}

/// The contact that `text` names, for readers of `region` in `language`; `None` if it is not public here.
pub fn contact<'s>(
    snapshot: &'s Snapshot,
    (region, language): (&RegionView, &LanguageTag),
    text: &ItemView,
    object: ObjectId,
) -> Option<EmbeddedContact<'s>> {
    let (home, view) = named(snapshot, (region, language), text, object)?;
    let Facts::Contact(facts) = view.facts()? else { return None };
    let place = facts.of.and_then(|object| {
        let (_, view) = named(snapshot, (home, language), view, object)?;
        match view.facts()? {
            Facts::Place(place) => Some((view, place.as_ref())),
            _ => None,
        }
    });
    Some(EmbeddedContact { view, facts, place })
}

/// An object as it is read in `language`, or else in any that has it; and the region that it is in. What comes from another
/// node speaks of nothing but that node's.
fn named<'s>(
    snapshot: &'s Snapshot,
    (region, language): (&RegionView, &LanguageTag),
    by: &ItemView,
    object: ObjectId,
) -> Option<(&'s RegionView, &'s ItemView)> {
    let place = snapshot.place_near(object, region)?;
    let home = snapshot.regions.get(place.region)?;
    let own = home.languages.iter().position(|known| known.tag == *language);
    let mut editions = own.into_iter().chain(0..home.editions.len());
    let view = editions.find_map(|index| home.editions.get(index)?.item(place.item))?;
    let from = |item: &ItemView| item.provenance.as_ref().map(|provenance| provenance.node.clone());
    (from(by).is_none() || from(by) == from(view)).then_some((home, view))
}

impl EmbeddedContact<'_> {
    /// What it is called in a list: its name, and what it is responsible for.
    pub fn heading(&self) -> String {
        heading(&self.facts.name, self.view.title())
    }

    /// Whether there is anything to show of it.
    pub fn has(&self, detail: Detail) -> bool {
        let ContactFacts { of: _, name: _, email, phone, mobile, website, hours: _, appointment: _ } =
            self.facts;
        match detail {
            Detail::Address => self.place.is_some_and(|(_, place)| !place.address.is_empty()),
            Detail::Email => !email.is_empty(),
            Detail::Phone => !phone.is_empty(),
            Detail::Mobile => !mobile.is_empty(),
            Detail::Website => website.is_some(),
        }
    }
}

/// As Integreat writes it above a card.
pub fn heading(name: &str, area: &str) -> String {
    let parts = [name.trim(), area.trim()];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" | ")
}

/// A link that dials a number as people write it; `None` if there are no digits in it. A zero in brackets is only
/// dialled by those who leave out the country.
pub fn dialled(number: &str) -> Option<String> {
    let plain =
        if number.trim_start().starts_with('+') { number.replace("(0)", "") } else { number.to_owned() };
    let plus = if plain.trim_start().starts_with('+') { "+" } else { "" };
    let digits: String = plain.chars().filter(char::is_ascii_digit).collect();
    (!digits.is_empty()).then(|| format!("tel:{plus}{digits}"))
}

#[cfg(test)]
mod tests {
    use super::dialled;

    #[test]
    fn a_number_is_dialled_however_it_is_written() {
        assert_eq!(dialled("0821 / 31 02-0").as_deref(), Some("tel:082131020"));
        assert_eq!(dialled("+49 (0) 821 3102").as_deref(), Some("tel:+498213102"));
        assert_eq!(dialled("+49 (0)821 3102").as_deref(), Some("tel:+498213102"));
        assert_eq!(dialled("(0821) 3102").as_deref(), Some("tel:08213102"));
        assert_eq!(dialled("auf Anfrage"), None);
    }
}
