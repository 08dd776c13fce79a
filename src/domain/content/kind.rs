//! The sorts of items that a node publishes, in the words of civic-feed §2.4.

use serde::{Deserialize, Serialize};

/// The kinds that this version understands; foreign feeds may hold others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ObjectKind {
    Page,
    Event,
    Place,
    /// A person or desk that can be reached, of a place or an organisation.
    Contact,
    Organisation,
    /// What places are sorted by.
    Category,
    News,
    Imprint,
    /// A link to a service elsewhere.
    Offer,
    /// A region, or the node itself: the card in its body tells which.
    Profile,
}

impl ObjectKind {
    /// Every kind that belongs to a region. Those come first that others refer to.
    pub const ITEMS: [ObjectKind; 9] = [
        ObjectKind::Category,
        ObjectKind::Organisation,
        ObjectKind::Place,
        ObjectKind::Contact,
        ObjectKind::Event,
        ObjectKind::Page,
        ObjectKind::News,
        ObjectKind::Imprint,
        ObjectKind::Offer,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            ObjectKind::Page => "page",
            ObjectKind::Event => "event",
            ObjectKind::Place => "place",
            ObjectKind::Contact => "contact",
            ObjectKind::Organisation => "organisation",
            ObjectKind::Category => "category",
            ObjectKind::News => "news",
            ObjectKind::Imprint => "imprint",
            ObjectKind::Offer => "offer",
            ObjectKind::Profile => "profile",
        }
    }

    /// `None` for a word that this version does not understand.
    pub fn parse(word: &str) -> Option<ObjectKind> {
        ObjectKind::ITEMS.into_iter().chain([ObjectKind::Profile]).find(|kind| kind.as_str() == word)
    }

    /// The part of an address between the language and the item's own slug; `None`: items of this kind have no
    /// address of their own, or stand in the tree of pages.
    pub fn segment(self) -> Option<&'static str> {
        match self {
            ObjectKind::Event => Some("events"),
            ObjectKind::Place => Some("locations"),
            ObjectKind::News => Some("news"),
            ObjectKind::Imprint => Some("imprint"),
            _ => None,
        }
    }

    /// Of which kinds an item must have others with it to be whole: those that its facts name and, of a place, those that
    /// name it.
    pub fn needs(self) -> &'static [ObjectKind] {
        match self {
            ObjectKind::Page => &[ObjectKind::Organisation, ObjectKind::Offer],
            ObjectKind::Event => &[ObjectKind::Place],
            ObjectKind::Place => &[ObjectKind::Category, ObjectKind::Organisation, ObjectKind::Contact],
            ObjectKind::Contact => &[ObjectKind::Place, ObjectKind::Organisation],
            _ => &[],
        }
    }

    /// Whether texts of this kind have room for the cards of contacts.
    pub fn shows_cards(self) -> bool {
        !matches!(self, ObjectKind::Category | ObjectKind::Profile)
    }

    /// Of which kinds others may come with an item: those that it needs, and those whose cards its texts show.
    pub fn companions(self) -> Vec<ObjectKind> {
        let shown = Some(ObjectKind::Contact).filter(|_| self.shows_cards());
        let shown = shown.filter(|contact| !self.needs().contains(contact));
        self.needs().iter().copied().chain(shown).collect()
    }

    /// Whether items of this kind come with those of another one, be it by way of others.
    pub fn brings(self, other: ObjectKind) -> bool {
        let (mut known, mut waiting) = (vec![self], vec![self]);
        while let Some(kind) = waiting.pop() {
            let mut new = kind.companions();
            new.retain(|other| !known.contains(other));
            known.extend(&new);
            waiting.extend(new);
        }
        known.contains(&other)
    }

    /// Whether items of this kind may say anything apart from words, under the tag `zxx`.
    pub fn has_facts(self) -> bool {
        !matches!(self, ObjectKind::Imprint | ObjectKind::Profile)
    }

    /// Whether an item of this kind is nothing without facts. A page is its words, whoever answers for it.
    pub fn needs_facts(self) -> bool {
        self.has_facts() && self != ObjectKind::Page
    }

    /// Whether an item of this kind says something without a word: names and numbers do.
    pub fn speaks_without_words(self) -> bool {
        self == ObjectKind::Contact
    }

    /// Whether readers find an item of this kind under a slug, which then leads to it for ever.
    pub fn has_slug(self) -> bool {
        matches!(self, ObjectKind::Page | ObjectKind::Event | ObjectKind::Place)
    }

    /// Whether an item without a text in the reader's language is shown in the region's default language. Whoever
    /// looks for a doctor needs the address, in whatever language; a page that cannot be read helps nobody.
    pub fn falls_back(self) -> bool {
        !matches!(self, ObjectKind::Page | ObjectKind::News | ObjectKind::Profile)
    }
}

#[cfg(test)]
mod tests {
    use super::ObjectKind;

    #[test]
    fn every_kind_is_read_as_it_is_written() {
        for kind in ObjectKind::ITEMS.into_iter().chain([ObjectKind::Profile]) {
            assert_eq!(ObjectKind::parse(kind.as_str()), Some(kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
        }
        assert_eq!(ObjectKind::parse("tram"), None);
    }
}
