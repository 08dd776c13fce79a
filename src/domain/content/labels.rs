//! What an item says of itself besides its texts: on which terms it may be reused, what it is about, and whom it is for.

use super::error::ContentError;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Topics, and audiences, of one item: feed entries hold at most 8,192 bytes, and many labels tell nothing.
pub const MOST_TERMS: usize = 16;
const LONGEST_ATTRIBUTION: usize = 500;

/// Members that are not said are what the region says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Labels {
    /// SPDX identifier.
    pub licence: Option<String>,
    /// Whom to name when the item is reused.
    pub attribution: Option<String>,
    pub facets: Facets,
}

/// What an item is about and whom it is for, in the words of `cat` and `aud` (civic-feed §2.4): the ids of terms. Those of
/// a followed node may be in no vocabulary that is known here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Facets {
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub topics: BTreeSet<String>,
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub audiences: BTreeSet<String>,
}

impl Labels {
    /// # Errors: no SPDX identifier, an attribution of over 500 bytes or over a line, or more than [`MOST_TERMS`] terms.
    pub fn check(&self) -> Result<(), ContentError> {
        if let Some(licence) = self.licence.as_ref().filter(|licence| !is_spdx(licence)) {
            return Err(ContentError::Licence { licence: licence.clone() });
        }
        let fits = |text: &String| text.len() <= LONGEST_ATTRIBUTION && !text.contains(char::is_control);
        if self.attribution.as_ref().is_some_and(|text| !fits(text)) {
            return Err(ContentError::Attribution { most: LONGEST_ATTRIBUTION });
        }
        match self.facets.topics.len().max(self.facets.audiences.len()) {
            given if given > MOST_TERMS => Err(ContentError::ManyTerms { given, most: MOST_TERMS }),
            _ => Ok(()),
        }
    }
}

impl Facets {
    /// No topic and no audience.
    pub const NONE: Facets = Facets { topics: BTreeSet::new(), audiences: BTreeSet::new() };

    pub fn is_empty(&self) -> bool {
        self.topics.is_empty() && self.audiences.is_empty()
    }
}

/// The form of an SPDX identifier, which is also what feed entries can hold.
pub(super) fn is_spdx(licence: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+');
    !licence.is_empty() && licence.len() <= 100 && licence.chars().all(allowed)
}

#[cfg(test)]
mod tests {
    use super::{Facets, Labels, MOST_TERMS};

    #[test]
    fn labels_that_an_entry_cannot_hold_are_refused() {
        let licensed = |licence: &str| Labels { licence: Some(licence.into()), ..Labels::default() };
        assert!(licensed("CC-BY-4.0").check().is_ok());
        assert!(licensed("frei").check().is_ok() && licensed("ganz frei").check().is_err());
        let credited = |name: &str| Labels { attribution: Some(name.into()), ..Labels::default() };
        assert!(credited("Stadt Köln").check().is_ok());
        assert!(
            credited("eine\nzweite Zeile").check().is_err() && credited(&"x".repeat(501)).check().is_err()
        );
        let about = |count: usize| {
            let topics = (0..count).map(|number| number.to_string()).collect();
            Labels { facets: Facets { topics, ..Facets::NONE }, ..Labels::default() }
        };
        assert!(about(MOST_TERMS).check().is_ok() && about(MOST_TERMS + 1).check().is_err());
    }
}
