//! How long the words in facts may be. Every page repeats its organisation and its offers, and every text the contacts that
//! it shows: without an end a foreign feed could make answers as large as it likes. Titles and addresses on the web have
//! limits of their own.

use super::facts::{Address, ContactFacts, Facts};
use serde::{Deserialize, Deserializer};

/// Bytes of what machines know something by.
const LONGEST_WORD: usize = 200;
/// Bytes of what people read in one line.
const LONGEST_LINE: usize = 1000;
/// Bytes of all form fields together, names and values.
const LARGEST_FORM: usize = 4096;

impl Facts {
    /// Takes away what is too long; what that was and how many bytes it may have, if it was anything.
    pub fn cut(&mut self) -> Option<(&'static str, usize)> {
        let mut cut = None;
        if let Facts::Offer(offer) = self
            && offer.post.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>() > LARGEST_FORM
        {
            offer.post.clear();
            cut = Some(("post", LARGEST_FORM));
        }
        for (what, words, most) in self.lines() {
            if words.len() > most {
                words.clear();
                cut = Some((what, most));
            }
        }
        cut
    }

    /// For serde: facts from wherever, cut.
    pub(super) fn within_limits<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Facts>, D::Error> {
        let mut facts = Option::<Facts>::deserialize(from)?;
        facts.as_mut().and_then(Facts::cut);
        Ok(facts)
    }

    /// All that is free text, with what it is called and its most bytes.
    fn lines(&mut self) -> Vec<(&'static str, &mut String, usize)> {
        match self {
            Facts::Offer(offer) => vec![("alias", &mut offer.alias, LONGEST_WORD)],
            Facts::Organisation(organisation) => vec![("slug", &mut organisation.slug, LONGEST_WORD)],
            Facts::News(news) => vec![("channel", &mut news.channel, LONGEST_WORD)],
            Facts::Contact(contact) => {
                let ContactFacts { name, email, phone, mobile, .. } = contact.as_mut();
                [("name", name), ("email", email), ("phone", phone), ("mobile", mobile)]
                    .map(|(what, words)| (what, words, LONGEST_LINE))
                    .into()
            }
            Facts::Place(place) => {
                let Address { street, postcode, town, country } = &mut place.address;
                [("street", street), ("postcode", postcode), ("town", town), ("country", country)]
                    .map(|(what, words)| (what, words, LONGEST_LINE))
                    .into()
            }
            Facts::Page(_) | Facts::Event(_) | Facts::Category(_) => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::body::Body;
    use serde_json::json;

    #[test]
    fn what_is_too_long_in_foreign_facts_is_passed_over_and_the_rest_is_read() {
        for (kind, member, most) in [
            ("offer", "alias", 200),
            ("organisation", "slug", 200),
            ("contact", "name", 1000),
            ("contact", "mobile", 1000),
        ] {
            for (length, is_read) in [(most, true), (most + 1, false)] {
                let words = "x".repeat(length);
                let told = json!({kind: {"alias": "a", "slug": "s", "email": "e", member: &words}});
                let bytes = json!({"v": 1, "salt": "", "title": "", "blocks": [], "facts": told}).to_string();
                let parsed = Body::parse(bytes.as_bytes()).unwrap().facts;
                assert_eq!(parsed, Body::facts_named(&bytes));
                let read = serde_json::to_value(parsed.unwrap()).unwrap();
                let expected = if is_read { words.as_str() } else { "" };
                assert_eq!(read[kind][member].as_str().unwrap_or_default(), expected, "{kind} {member}");
                assert_eq!(kind == "contact", read[kind]["email"] == "e");
            }
        }
    }

    #[test]
    fn all_form_fields_of_an_offer_together_have_a_limit() {
        for (length, fields) in [(2047, 2), (2048, 0)] {
            let post = json!({"a": "x".repeat(2046), "bb": "x".repeat(length)});
            let told = json!({"facts": {"offer": {"alias": "jobs", "post": post}}}).to_string();
            let Some(super::Facts::Offer(offer)) = Body::facts_named(&told) else { panic!("{told}") };
            assert_eq!((offer.alias.as_str(), offer.post.len()), ("jobs", fields));
        }
    }
}
