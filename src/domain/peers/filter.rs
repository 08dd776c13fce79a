//! What of a feed we want to hold. All entries are fetched and proven; only wanted texts are.

use super::error::PeerError;
use crate::base::id::ObjectId;
use crate::base::language::LanguageTag;
use crate::domain::content::item::DEEPEST;
use crate::domain::content::kind::ObjectKind;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::fmt;

/// Who a node and its regions are; wanted whatever else is.
const PROFILE: &str = "profile";

/// The kinds of items that this version can show, each with those that may come with it.
pub fn understood() -> String {
    let words = |kinds: &[ObjectKind]| kinds.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(" ");
    ObjectKind::ITEMS.map(|kind| format!("{} ({})", kind.as_str(), words(&kind.companions()))).join(", ")
}

/// No list means everything of that sort. Stored as JSON in `peer_feeds.filter`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Filter {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kinds: Option<BTreeSet<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub languages: Option<BTreeSet<LanguageTag>>,
    /// Object ids of regions; an item belongs to the region at the root of its tree.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub regions: Option<BTreeSet<ObjectId>>,
}

impl Filter {
    /// # Errors: [`PeerError::Filter`] names what is not understood.
    pub fn parse(json: &str) -> Result<Filter, PeerError> {
        serde_json::from_str(json).map_err(|error| PeerError::Filter(error.to_string()))
    }

    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_else(|_| "{}".to_owned())
    }

    /// Whether a text is wanted, leaving regions aside. Whoever wants one kind wants those that it is not whole without,
    /// and what is said in no language is said in every one.
    pub fn wants(&self, kind: &str, language: &str) -> bool {
        if kind == PROFILE {
            return true;
        }
        let Some(kind) = ObjectKind::parse(kind) else { return false };
        let named = |word: &String| ObjectKind::parse(word).is_some_and(|wanted| wanted.brings(kind));
        let kind_fits = self.kinds.as_ref().is_none_or(|kinds| kinds.iter().any(named));
        let fits = |languages: &BTreeSet<LanguageTag>| languages.iter().any(|tag| tag.as_str() == language);
        let neutral = LanguageTag::none().as_str() == language;
        kind_fits && (neutral || self.languages.as_ref().is_none_or(fits))
    }
}

/// For people.
impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fn list<T: fmt::Display>(name: &str, wanted: &Option<BTreeSet<T>>) -> Option<String> {
            let all: Vec<String> = wanted.as_ref()?.iter().map(T::to_string).collect();
            Some(format!("{name} {}", all.join(", ")))
        }
        let Filter { kinds, languages, regions } = self;
        let lists = [list("kinds", kinds), list("languages", languages), list("regions", regions)];
        let lists: Vec<String> = lists.into_iter().flatten().collect();
        f.write_str(if lists.is_empty() { "everything" } else { "only " })?;
        f.write_str(&lists.join("; "))
    }
}

/// Every object's kind and parent, to find its region.
pub struct Outline(HashMap<String, (String, Option<String>)>);

impl Outline {
    /// Of rows (object, kind, parent).
    pub fn new(rows: Vec<(String, String, Option<String>)>) -> Outline {
        Outline(rows.into_iter().map(|(object, kind, parent)| (object, (kind, parent))).collect())
    }

    pub fn kind(&self, object: &str) -> &str {
        self.0.get(object).map_or("", |(kind, _)| kind)
    }

    /// The objects of these regions, the regions' own profiles and all others included.
    pub fn within(&self, regions: &BTreeSet<ObjectId>) -> HashSet<&str> {
        let regions: HashSet<String> = regions.iter().map(ObjectId::to_string).collect();
        let inside = |object: &&String| {
            let root = self.root(object);
            self.kind(object) == PROFILE || regions.contains(root)
        };
        self.0.keys().filter(inside).map(String::as_str).collect()
    }

    fn root<'a>(&'a self, object: &'a str) -> &'a str {
        let mut at = object;
        // Stops at circles, too.
        for _ in 0..DEEPEST {
            match self.0.get(at).and_then(|(_, parent)| parent.as_deref()) {
                Some(parent) => at = parent,
                None => break,
            }
        }
        at
    }
}

#[cfg(test)]
mod tests {
    use super::{Filter, Outline};

    #[test]
    fn a_filter_is_read_back_as_it_was_written() {
        for json in ["{}", r#"{"languages":["de","en"]}"#, r#"{"kinds":["page"],"regions":[]}"#] {
            assert_eq!(Filter::parse(json).unwrap().to_json(), json.replace(' ', ""));
        }
        assert!(Filter::parse(r#"{"language":["de"]}"#).is_err());
    }

    #[test]
    fn profiles_are_always_wanted_and_unknown_kinds_never() {
        let german = Filter::parse(r#"{"languages":["de"]}"#).unwrap();
        assert!(german.wants("page", "de") && german.wants("profile", "en"));
        assert!(!german.wants("page", "en") && !german.wants("page", "de-DE") && !german.wants("tram", "de"));
    }

    #[test]
    fn what_is_said_in_no_language_is_wanted_whatever_the_languages() {
        let german = Filter::parse(r#"{"languages":["de"]}"#).unwrap();
        assert!(
            german.wants("event", "zxx") && german.wants("contact", "zxx") && !german.wants("tram", "zxx")
        );
    }

    #[test]
    fn a_kind_comes_with_those_that_it_is_not_whole_without() {
        let wants = |kinds: &str, kind: &str| {
            Filter::parse(&format!(r#"{{"kinds":[{kinds}]}}"#)).unwrap().wants(kind, "de")
        };
        for kind in ["event", "place", "category", "organisation", "contact"] {
            assert!(wants(r#""event""#, kind), "{kind}");
        }
        assert!(wants(r#""contact""#, "organisation") && wants(r#""page""#, "offer"));
        // Their texts may show the card of a contact, which belongs to a place or an organisation.
        for wanted in ["page", "news", "imprint", "organisation"] {
            for kind in ["contact", "place", "organisation"] {
                assert!(wants(&format!("\"{wanted}\""), kind), "{kind} for {wanted}");
            }
        }
        for (wanted, kind) in [
            ("event", "page"),
            ("place", "event"),
            ("page", "event"),
            ("category", "contact"),
            ("news", "offer"),
            ("tram", "tram"),
        ] {
            assert!(!wants(&format!("\"{wanted}\""), kind), "{kind} for {wanted}");
        }
        assert!(!wants("", "page"));
    }

    #[test]
    fn an_item_belongs_to_the_region_at_its_root_and_circles_belong_to_none() {
        let id = |n: u8| format!("00000000-0000-7000-8000-0000000000{n:02}");
        let row = |n, kind: &str, parent: Option<u8>| (id(n), kind.to_owned(), parent.map(id));
        let outline = Outline::new(vec![
            row(1, "profile", None),
            row(2, "page", Some(1)),
            row(3, "page", Some(2)),
            row(4, "profile", None),
            row(5, "page", Some(4)),
            row(6, "page", Some(7)),
            row(7, "page", Some(6)),
        ]);
        let regions = [id(1).parse().unwrap()].into();
        let mut within: Vec<_> = outline.within(&regions).into_iter().map(str::to_owned).collect();
        within.sort();
        assert_eq!(within, [id(1), id(2), id(3), id(4)]);
    }
}
