//! Contact cards in imported texts: the CMS writes them out in HTML. A card of a contact that is imported too becomes a
//! reference to it, so that another telephone number changes no text.

use super::cards::draft::Draft;
use crate::base::html::{CleanHtml, Tag, Token};
use crate::base::id::{ItemId, ObjectId};
use crate::base::url::WebUrl;
use crate::domain::content::embedded::{dialled, heading};
use crate::domain::content::facts::{Address, ContactFacts, Facts};
use crate::domain::content::references::{ContactReference, Detail};
use std::collections::HashMap;

/// The contacts of an import, by what stands above their cards.
#[derive(Default)]
pub(super) struct Contacts(HashMap<String, Vec<Known>>);

struct Known {
    object: ObjectId,
    facts: ContactFacts,
    address: Address,
}

impl Contacts {
    pub fn of(drafts: &[(&Draft, ItemId)]) -> Contacts {
        let places = drafts.iter().filter_map(|(draft, id)| match &draft.facts {
            Some(Facts::Place(place)) => Some((ObjectId::from(*id), &place.address)),
            _ => None,
        });
        let places: HashMap<ObjectId, &Address> = places.collect();
        let mut contacts = Contacts::default();
        for (draft, id) in drafts {
            let Some(Facts::Contact(facts)) = &draft.facts else { continue };
            let area = draft.texts.first().map_or("", |text| text.title.as_str());
            let address = facts.of.and_then(|place| places.get(&place).copied());
            contacts.0.entry(level(&heading(&facts.name, area))).or_default().push(Known {
                object: (*id).into(),
                facts: facts.as_ref().clone(),
                address: address.cloned().unwrap_or_default(),
            });
        }
        contacts
    }

    /// The text with references for the cards of known contacts; other cards stay as they are and are noted.
    pub fn referred(&self, html: &CleanHtml, notes: &mut Vec<String>) -> CleanHtml {
        if !html.as_str().contains(CARD) {
            return html.clone();
        }
        html.with_elements(&is_card, &mut |inside| {
            let card = Card::read(inside);
            match self.reference(&card) {
                Some(reference) => Some(reference.element()),
                None => {
                    let Card { heading, .. } = card;
                    notes.push(format!("the card of the contact {heading:?} is of none that was delivered; it stays as text, and will not follow when the contact changes"));
                    None
                }
            }
        })
    }

    /// `None` if no contact says all that is on the card, or several do.
    fn reference(&self, card: &Card) -> Option<ContactReference> {
        let known = self.0.get(&card.heading)?;
        let mut fitting = known.iter().filter_map(|known| Some((known, known.details(card)?)));
        let (known, details) = fitting.next().filter(|_| fitting.next().is_none())?;
        let all: Vec<Detail> = Detail::ALL.into_iter().filter(|detail| known.has(*detail)).collect();
        let details = if details == all { Vec::new() } else { details };
        Some(ContactReference { object: known.object, details })
    }
}

const CARD: &str = "contact-card";

fn is_card(tag: Tag<'_>) -> bool {
    let class = tag.attribute("class").unwrap_or_default();
    tag.attribute("data-contact-id").is_some() && class.split_whitespace().any(|class| class == CARD)
}

/// What a card says: what stands above it, and of each of its lines where it leads and its words.
struct Card {
    heading: String,
    lines: Vec<(Option<String>, String)>,
}

impl Card {
    fn read(inside: &CleanHtml) -> Card {
        let mut card = Card { heading: String::new(), lines: Vec::new() };
        let (mut in_heading, mut in_line, mut in_hours) = (false, false, 0usize);
        for token in inside.tokens() {
            match token {
                // Opening hours have lines of their own; the contact has them too.
                Token::Open(tag) if tag.name() == "details" => in_hours += 1,
                Token::Close("details") => in_hours = in_hours.saturating_sub(1),
                _ if in_hours > 0 => {}
                Token::Open(tag) => match tag.name() {
                    "li" => {
                        in_line = true;
                        card.lines.push((None, String::new()));
                    }
                    "a" if in_line => {
                        let href = tag.attribute("href").map(|href| href.into_owned());
                        card.lines.last_mut().into_iter().for_each(|line| line.0 = href.clone());
                    }
                    name => in_heading |= is_heading(name),
                },
                Token::Close(name) => {
                    in_line &= name != "li";
                    in_heading &= !is_heading(name);
                }
                Token::Text(text) if in_heading => card.heading.push_str(text),
                Token::Text(text) if in_line => {
                    card.lines.last_mut().into_iter().for_each(|line| line.1.push_str(text));
                }
                Token::Text(_) => {}
            }
        }
        let plain = |text: &str| level(&CleanHtml::parse(text).plain_words());
        card.heading = plain(&card.heading);
        for (_, words) in &mut card.lines {
            *words = plain(words);
        }
        card
    }
}

fn is_heading(name: &str) -> bool {
    matches!(name, "h2" | "h3" | "h4" | "h5" | "h6")
}

fn level(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Known {
    /// The card's lines as details of this contact; `None` if one of them says something else.
    fn details(&self, card: &Card) -> Option<Vec<Detail>> {
        card.lines
            .iter()
            .map(|(href, words)| self.detail(href.as_deref().unwrap_or_default(), words))
            .collect()
    }

    fn detail(&self, href: &str, words: &str) -> Option<Detail> {
        let facts = &self.facts;
        let number = |number: &str| dialled(number).is_some_and(|number| Some(number) == dialled(words));
        let said = |own: &str| !own.is_empty() && level(own) == words;
        let website = || href.parse::<WebUrl>().ok().filter(|_| !href.is_empty());
        if href.strip_prefix("mailto:").is_some_and(|to| to == facts.email) || said(&facts.email) {
            Some(Detail::Email)
        } else if said(&facts.phone) || number(&facts.phone) {
            Some(Detail::Phone)
        } else if said(&facts.mobile) || number(&facts.mobile) {
            Some(Detail::Mobile)
        } else if facts.website.is_some() && website() == facts.website {
            Some(Detail::Website)
        } else {
            let street = level(&self.address.street);
            (!street.is_empty() && words.contains(&street)).then_some(Detail::Address)
        }
    }

    fn has(&self, detail: Detail) -> bool {
        match detail {
            Detail::Address => !self.address.is_empty(),
            Detail::Email => !self.facts.email.is_empty(),
            Detail::Phone => !self.facts.phone.is_empty(),
            Detail::Mobile => !self.facts.mobile.is_empty(),
            Detail::Website => self.facts.website.is_some(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::content::kind::ObjectKind;

    const OBJECT: &str = "019b76da-a800-7c3e-9d1a-3f2b6c7d8e9f";

    fn contacts(count: usize) -> Contacts {
        let facts = ContactFacts {
            name: "Frau Amt".into(),
            email: "amt@town.example".into(),
            phone: "+49 (0) 1234 567".into(),
            website: Some("https://town.example/amt".parse().unwrap()),
            ..ContactFacts::default()
        };
        let draft = Draft {
            key: "contact 1".into(),
            kind: ObjectKind::Contact,
            facts: Some(Facts::Contact(Box::new(facts))),
            picture: None,
            texts: Vec::new(),
        };
        Contacts::of(&vec![(&draft, OBJECT.parse().unwrap()); count])
    }

    /// As the CMS writes it, with its pictures and hours.
    fn card(heading: &str, lines: &[&str]) -> String {
        let lines: String = lines
            .iter()
            .map(|line| format!("<li>\n<img src=\"https://x.example/i.svg\" alt=\"\"> {line}</li>"))
            .collect();
        format!(
            "<p>a</p>\n<div class=\"contact-card notranslate\" dir=\"ltr\" translate=\"no\" data-contact-id=\"7\" contenteditable=\"false\">\n\
             <h4>{heading}</h4>\n<ul class=\"details\">{lines}</ul><details><summary>Zeiten</summary><ul><li>Mo 8-12</li></ul></details></div><p>b</p>"
        )
    }

    fn referred(html: &str, count: usize) -> (String, usize) {
        let mut notes = Vec::new();
        let clean = CleanHtml::parse(html);
        let html = contacts(count).referred(&clean, &mut notes);
        assert_eq!(notes.is_empty(), html != clean);
        (html.as_str().to_owned(), notes.len())
    }

    const PHONE: &str = "<a href=\"tel:+491234567\">+49 1234 567</a>";
    const MAIL: &str = "<a href=\"mailto:amt@town.example\">amt@town.example</a>";
    const SITE: &str = "<a href=\"https://town.example/amt\">town.example</a>";

    #[test]
    fn a_card_becomes_a_reference_with_its_details_in_their_order() {
        let some = referred(&card("Frau Amt", &[PHONE, MAIL]), 1).0;
        assert_eq!(
            some,
            format!("<p>a</p>\n<div data-contact=\"contact:{OBJECT}?show=phone,email\"></div><p>b</p>")
        );
        let all = referred(&card(" Frau  Amt", &[MAIL, PHONE, SITE]), 1).0;
        assert!(all.contains(&format!("contact:{OBJECT}\"")), "{all}");
    }

    #[test]
    fn a_card_that_says_anything_else_stays_a_text_and_is_told() {
        for (heading, lines) in [
            ("Herr Amt", vec![PHONE]),
            ("Frau Amt", vec!["<a href=\"tel:+491234568\">+49 1234 568</a>"]),
            ("Frau Amt", vec![PHONE, "Markt 1"]),
        ] {
            assert_eq!(referred(&card(heading, &lines), 1).1, 1, "{heading}");
        }
        // Two that cannot be told apart.
        assert_eq!(referred(&card("Frau Amt", &[PHONE]), 2).1, 1);
    }
}
