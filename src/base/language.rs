//! Languages by their BCP 47 tag; the writing direction follows from the script.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A BCP 47 language tag in its canonical spelling, such as `de`, `zh-Hans`, `de-DE-x-simple`; at most 35 characters.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LanguageTag(String);

/// Which way a script runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Direction {
    LeftToRight,
    RightToLeft,
}

/// Not a BCP 47 tag.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{0:?} is not a language tag; expected BCP 47 such as de, ar, zh-Hans or de-DE-x-simple")]
pub struct LanguageError(String);

const LONGEST: usize = 35;

/// BCP 47: no linguistic content.
const NONE: &str = "zxx";

impl LanguageTag {
    /// The tag of what is said in no language, such as a number or a place on the map.
    pub fn none() -> LanguageTag {
        LanguageTag(NONE.to_owned())
    }

    pub fn is_none(&self) -> bool {
        self.0 == NONE
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The primary language subtag, such as `zh` of `zh-Hans`.
    pub fn primary(&self) -> &str {
        self.0.split('-').next().unwrap_or("und")
    }

    /// From the script: the one named, else the one CLDR holds likely for the language.
    pub fn direction(&self) -> Direction {
        const RIGHT_TO_LEFT: [&str; 10] =
            ["Adlm", "Arab", "Aran", "Hebr", "Mand", "Mend", "Nkoo", "Rohg", "Syrc", "Thaa"];
        match self.script() {
            Some(script) if RIGHT_TO_LEFT.contains(&script.as_str()) => Direction::RightToLeft,
            _ => Direction::LeftToRight,
        }
    }

    /// ISO 15924 code of the script, if it is named or known.
    pub fn script(&self) -> Option<String> {
        let mut locale = icu::locale::LanguageIdentifier::try_from_str(self.without_private_use()).ok()?;
        icu::locale::LocaleExpander::new_extended().maximize(&mut locale);
        locale.script.map(|script| script.to_string())
    }

    fn without_private_use(&self) -> &str {
        self.0.split("-x-").next().unwrap_or("und")
    }
}

impl FromStr for LanguageTag {
    type Err = LanguageError;
    fn from_str(text: &str) -> Result<LanguageTag, LanguageError> {
        let refuse = || LanguageError(text.to_owned());
        if text.len() > LONGEST || text.contains('_') {
            return Err(refuse());
        }
        let canonical = icu::locale::Locale::try_from_str(text).map_err(|_| refuse())?.to_string();
        if canonical.len() > LONGEST { Err(refuse()) } else { Ok(LanguageTag(canonical)) }
    }
}

impl TryFrom<String> for LanguageTag {
    type Error = LanguageError;
    fn try_from(text: String) -> Result<LanguageTag, LanguageError> {
        text.parse()
    }
}
impl From<LanguageTag> for String {
    fn from(tag: LanguageTag) -> String {
        tag.0
    }
}
impl fmt::Display for LanguageTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl fmt::Debug for LanguageTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LanguageTag({})", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{Direction, LanguageTag};

    #[test]
    fn the_direction_follows_from_the_script() {
        let direction = |tag: &str| tag.parse::<LanguageTag>().unwrap().direction();
        for tag in ["ar", "fa", "ckb", "ps", "ur", "he", "pa-Arab", "ks"] {
            assert_eq!(direction(tag), Direction::RightToLeft, "{tag}");
        }
        for tag in ["de", "uk", "ti", "ku", "pa", "zh-Hans", "de-DE-x-simple", "ar-Latn"] {
            assert_eq!(direction(tag), Direction::LeftToRight, "{tag}");
        }
    }

    #[test]
    fn a_tag_has_one_spelling() {
        assert_eq!("DE-de".parse::<LanguageTag>().unwrap().as_str(), "de-DE");
        assert!("deutsch sprache".parse::<LanguageTag>().is_err());
        assert!("".parse::<LanguageTag>().is_err());
    }
}
