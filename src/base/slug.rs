//! The last part of an address: a page's or region's name in lower case, in any script.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Lower-case letters, marks, digits, `_` and `-` of any script; 1 to 200 characters.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Slug(String);

/// Not a slug.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{0:?} is not a slug; expected 1 to 200 lower-case letters, digits, _ or -, such as deutsch-lernen")]
pub struct SlugError(String);

const LONGEST: usize = 200;

/// What stands directly under a node's address or means something there to Integreat's apps and CMS.
const RESERVED_FOR_REGIONS: [&str; 27] = [
    "api",
    "assets",
    "consent",
    "feed",
    "health",
    "jpal",
    "landing",
    "licenses",
    "main-disclaimer",
    "main-imprint",
    "media",
    "not-found",
    "o",
    "office",
    "pdf",
    "print",
    "recommend",
    "regions",
    "s",
    "search",
    "sitemap",
    "social",
    "static",
    "webhook",
    "wp-content",
    "wp-json",
    "xliff",
];

/// What stands beside the root pages of a region in Integreat's apps and CMS.
const RESERVED_IN_REGION: [&str; 8] =
    ["disclaimer", "events", "imprint", "locations", "news", "offers", "places", "search"];

impl Slug {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Words joined by hyphens, in the title's own script; in Latin letters if nothing else is left of it.
    /// `None` if the title holds no word at all.
    pub fn from_title(title: &str) -> Option<Slug> {
        Slug::folded(title).or_else(|| Slug::folded(&deunicode::deunicode(title)))
    }

    /// From an address that somebody else wrote: percent-encoded, in capitals, with slashes around it.
    pub fn from_foreign(segment: &str) -> Option<Slug> {
        let decoded = percent_encoding::percent_decode_str(segment.trim_matches('/')).decode_utf8().ok()?;
        decoded.to_lowercase().parse().ok().or_else(|| Slug::folded(&decoded))
    }

    /// Whether a region of this name could not be reached.
    pub fn is_reserved_for_regions(&self) -> bool {
        RESERVED_FOR_REGIONS.contains(&self.as_str())
    }

    /// Whether a root page of this name could not be reached.
    pub fn is_reserved_in_region(&self) -> bool {
        RESERVED_IN_REGION.contains(&self.as_str())
    }

    /// This slug with a number at its end, for a name that is taken.
    pub fn numbered(&self, number: u64) -> Slug {
        let end = format!("-{number}");
        let kept: String = self.0.chars().take(LONGEST - end.len()).collect();
        Slug(kept + &end)
    }

    fn folded(text: &str) -> Option<Slug> {
        let mut slug = String::new();
        for character in text.to_lowercase().chars() {
            match is_word(character) {
                true => slug.push(character),
                false if character == '\'' || character == '’' || character == '\u{ad}' => {}
                false if slug.is_empty() || slug.ends_with('-') => {}
                false => slug.push('-'),
            }
        }
        let kept: String = slug.trim_matches('-').chars().take(LONGEST).collect();
        kept.trim_end_matches('-').parse().ok()
    }
}

fn is_word(character: char) -> bool {
    use icu::properties::{CodePointMapData, props::GeneralCategory as Category};
    let mark = || {
        let category = CodePointMapData::<Category>::new().get(character);
        matches!(category, Category::NonspacingMark | Category::SpacingMark)
    };
    character == '_' || character.is_alphanumeric() || (!character.is_ascii() && mark())
}

impl FromStr for Slug {
    type Err = SlugError;
    fn from_str(text: &str) -> Result<Slug, SlugError> {
        let length = text.chars().count();
        let fine = (1..=LONGEST).contains(&length)
            && text.chars().all(|character| character == '-' || is_word(character))
            && text.to_lowercase() == text;
        if fine { Ok(Slug(text.to_owned())) } else { Err(SlugError(text.to_owned())) }
    }
}
impl TryFrom<String> for Slug {
    type Error = SlugError;
    fn try_from(text: String) -> Result<Slug, SlugError> {
        text.parse()
    }
}
impl From<Slug> for String {
    fn from(slug: Slug) -> String {
        slug.0
    }
}
impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl fmt::Debug for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Slug({:?})", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Slug;
    use proptest::prelude::*;

    #[test]
    fn a_title_keeps_its_script() {
        let slug = |title| Slug::from_title(title).map(String::from);
        assert_eq!(slug("Behörden & Ämter (2)").as_deref(), Some("behörden-ämter-2"));
        assert_eq!(slug("مرحبا بكم في أوجسبورج").as_deref(), Some("مرحبا-بكم-في-أوجسبورج"));
        assert_eq!(slug("हिन्दी में").as_deref(), Some("हिन्दी-में"));
        assert_eq!(slug("Was’s?").as_deref(), Some("wass"));
        assert_eq!(slug("☂").as_deref(), Some("umbrella"));
        assert_eq!(slug(" – "), None);
    }

    #[test]
    fn a_foreign_address_is_decoded_and_lowered() {
        let slug = |segment| Slug::from_foreign(segment).map(String::from);
        assert_eq!(slug("/Beh%C3%B6rden-2/").as_deref(), Some("behörden-2"));
        assert_eq!(slug("%ff"), None);
        assert_eq!(slug("a b").as_deref(), Some("a-b"));
    }

    #[test]
    fn reserved_words_are_known() {
        let slug = |text: &str| text.parse::<Slug>().unwrap();
        assert!(slug("regions").is_reserved_for_regions() && !slug("regions").is_reserved_in_region());
        assert!(slug("imprint").is_reserved_in_region());
        assert!(
            "Regions".parse::<Slug>().is_err()
                && "a/b".parse::<Slug>().is_err()
                && "".parse::<Slug>().is_err()
        );
    }

    proptest! {
        #[test]
        fn whatever_a_title_holds_its_slug_is_one(title in "\\PC{0,60}") {
            if let Some(slug) = Slug::from_title(&title) {
                prop_assert_eq!(slug.as_str().parse::<Slug>().ok(), Some(slug.clone()));
                prop_assert!(slug.numbered(2).as_str().parse::<Slug>().is_ok());
            }
        }
    }
}
