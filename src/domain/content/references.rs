//! References inside a text: links to own pages, pictures held here and contacts, and how they are shown where a text is
//! delivered.
//!
//! A link to a page is `page:<object id>`, with `?lang=<tag>` if it leads to another language than the text's own
//! and `#<part>` if it leads into the page; a held picture is `media:<sha256 in hex>`. So a rename breaks nothing.
//! A contact's card is an empty `<div data-contact="contact:<object id>">`, with `?show=<details>` if it shows only some:
//! who changes a telephone number changes no text. What stands in the element is shown where the contact is not known.

use super::body::Medium;
use crate::base::digest::Digest;
use crate::base::html::{CleanHtml, RenderedHtml, Shown, Tag, Token};
use crate::base::id::ObjectId;
use crate::base::language::LanguageTag;
use std::fmt;

/// What an address in a text leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reference {
    Page(PageReference),
    Medium(Digest),
    Contact(ContactReference),
    /// Any other address, as it stands there.
    Elsewhere(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageReference {
    pub object: ObjectId,
    /// Set if it leads to another language than that of the text.
    pub language: Option<LanguageTag>,
    /// The part of the page after `#`.
    pub fragment: Option<String>,
}

/// A contact shown as a card.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ContactReference {
    pub object: ObjectId,
    /// What the card shows, in this order; empty: everything there is.
    pub details: Vec<Detail>,
}

/// What can be shown of a contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Detail {
    /// Of the place that it belongs to.
    Address,
    Email,
    Phone,
    Mobile,
    Website,
}

impl Detail {
    /// In the order in which a card shows all of them.
    pub const ALL: [Detail; 5] =
        [Detail::Address, Detail::Email, Detail::Phone, Detail::Mobile, Detail::Website];

    pub fn as_str(self) -> &'static str {
        match self {
            Detail::Address => "address",
            Detail::Email => "email",
            Detail::Phone => "phone",
            Detail::Mobile => "mobile",
            Detail::Website => "website",
        }
    }

    fn parse(word: &str) -> Option<Detail> {
        Detail::ALL.into_iter().find(|detail| detail.as_str() == word)
    }
}

impl Reference {
    pub fn parse(address: &str) -> Reference {
        let page = || address.strip_prefix("page:").and_then(PageReference::parse).map(Reference::Page);
        let medium = || address.strip_prefix("media:")?.parse().ok().map(Reference::Medium);
        let contact = || ContactReference::parse(address).map(Reference::Contact);
        page().or_else(medium).or_else(contact).unwrap_or_else(|| Reference::Elsewhere(address.to_owned()))
    }
}

impl ContactReference {
    /// `None` if it is none; a detail that is not known is left out, as a later version may know more.
    fn parse(address: &str) -> Option<ContactReference> {
        let text = address.strip_prefix("contact:")?;
        let (id, details) = text.split_once("?show=").unwrap_or((text, ""));
        let details = details.split(',').filter_map(Detail::parse).collect();
        Some(ContactReference { object: id.parse().ok()?, details })
    }

    /// The contact that an element stands for.
    pub fn of(tag: Tag<'_>) -> Option<ContactReference> {
        ContactReference::parse(&tag.attribute(ATTRIBUTE)?)
    }

    /// The element that stands for the contact in a text.
    pub fn element(&self) -> CleanHtml {
        CleanHtml::parse(&format!("<div {ATTRIBUTE}=\"{self}\"></div>"))
    }

    /// What the card shows, in its order.
    pub fn shown(&self) -> &[Detail] {
        if self.details.is_empty() { &Detail::ALL } else { &self.details }
    }
}

/// Of the element that stands for a contact.
const ATTRIBUTE: &str = "data-contact";

impl fmt::Display for ContactReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "contact:{}", self.object)?;
        let details: Vec<&str> = self.details.iter().map(|detail| detail.as_str()).collect();
        if details.is_empty() { Ok(()) } else { write!(f, "?show={}", details.join(",")) }
    }
}

/// The objects that a text links to or embeds.
pub fn named(html: &CleanHtml) -> impl Iterator<Item = ObjectId> + '_ {
    html.tokens().filter_map(|token| {
        let Token::Open(tag) = token else { return None };
        if let Some(contact) = ContactReference::of(tag) {
            return Some(contact.object);
        }
        match Reference::parse(&tag.attribute("href")?) {
            Reference::Page(page) => Some(page.object),
            _ => None,
        }
    })
}

/// The contacts whose cards a text shows.
pub fn contacts(html: &CleanHtml) -> impl Iterator<Item = ObjectId> + '_ {
    html.tokens().filter_map(|token| match token {
        Token::Open(tag) => Some(ContactReference::of(tag)?.object),
        _ => None,
    })
}

/// Whether there can be a contact in these words; reading them costs more than asking.
pub fn may_show_contacts(html: &str) -> bool {
    html.contains(ATTRIBUTE)
}

/// The held media that a text shows or leads to, each once.
pub fn media(html: &CleanHtml) -> Vec<Digest> {
    let mut media = Vec::new();
    for token in html.tokens() {
        let Token::Open(tag) = token else { continue };
        let address = tag.attribute("src").or_else(|| tag.attribute("href")).unwrap_or_default();
        if let Reference::Medium(sha256) = Reference::parse(&address)
            && !media.contains(&sha256)
        {
            media.push(sha256);
        }
    }
    media
}

impl PageReference {
    fn parse(text: &str) -> Option<PageReference> {
        let (text, fragment) = match text.split_once('#') {
            Some((text, fragment)) => (text, Some(fragment.to_owned())),
            None => (text, None),
        };
        let (id, language) = match text.split_once("?lang=") {
            Some((id, tag)) => (id, Some(tag.parse().ok()?)),
            None => (text, None),
        };
        Some(PageReference { object: id.parse().ok()?, language, fragment })
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reference::Medium(sha256) => write!(f, "media:{sha256}"),
            Reference::Contact(contact) => write!(f, "{contact}"),
            Reference::Elsewhere(address) => f.write_str(address),
            Reference::Page(PageReference { object, language, fragment }) => {
                write!(f, "page:{object}")?;
                if let Some(language) = language {
                    write!(f, "?lang={}", language.as_str())?;
                }
                fragment.iter().try_for_each(|fragment| write!(f, "#{fragment}"))
            }
        }
    }
}

/// Where a text is shown, and what its references become there. What leads elsewhere stays as it was written.
pub struct Delivery<'a> {
    /// The address of a page, in the text's own language unless one is named; without the part after `#`.
    /// `None`: nobody knows such a page, the words stay without a link.
    pub page: &'a dyn Fn(ObjectId, Option<&LanguageTag>) -> Option<String>,
    /// The address of a picture; `None`: it is not held, its alternative text stands for it.
    pub medium: &'a dyn Fn(Digest) -> Option<String>,
    /// The card of a contact, made by a template; `None`: nobody knows it, and it is not shown.
    pub contact: &'a dyn Fn(&ContactReference) -> Option<String>,
}

impl Delivery<'_> {
    /// `media` are those of the text: they describe its pictures where the text itself does not.
    pub fn render(&self, html: &CleanHtml, media: &[Medium]) -> RenderedHtml {
        html.rendered(&mut |tag| match tag.name() {
            "a" => self.link(tag),
            "img" => self.picture(tag, media),
            "div" => self.card(tag),
            _ => Shown::AsItIs,
        })
    }

    fn link(&self, tag: Tag<'_>) -> Shown {
        let Some(href) = tag.attribute("href") else { return Shown::AsItIs };
        match Reference::parse(&href) {
            Reference::Page(PageReference { object, language, fragment }) => {
                let Some(mut address) = (self.page)(object, language.as_ref()) else {
                    return Shown::Words(String::new());
                };
                if let Some(fragment) = fragment {
                    address.push('#');
                    address.push_str(&fragment);
                }
                Shown::With(changed(tag, "href", address))
            }
            Reference::Medium(sha256) => match (self.medium)(sha256) {
                Some(address) => Shown::With(changed(tag, "href", address)),
                None => Shown::Words(String::new()),
            },
            // Only an element of its own can become a card.
            Reference::Contact(_) => Shown::Words(String::new()),
            Reference::Elsewhere(_) => Shown::AsItIs,
        }
    }

    fn card(&self, tag: Tag<'_>) -> Shown {
        match ContactReference::of(tag) {
            Some(contact) => (self.contact)(&contact).map_or(Shown::Words(String::new()), Shown::Instead),
            None => Shown::AsItIs,
        }
    }

    fn picture(&self, tag: Tag<'_>, media: &[Medium]) -> Shown {
        let src = tag.attribute("src").unwrap_or_default();
        match Reference::parse(&src) {
            Reference::Medium(sha256) => match (self.medium)(sha256) {
                Some(address) => {
                    let mut attributes = changed(tag, "src", address);
                    match described(tag, sha256, media) {
                        alt if alt.is_empty() => {}
                        alt => set(&mut attributes, "alt", alt),
                    }
                    Shown::With(attributes)
                }
                None => Shown::Words(described(tag, sha256, media)),
            },
            Reference::Page(_) | Reference::Contact(_) => Shown::Words(String::new()),
            Reference::Elsewhere(_) => Shown::AsItIs,
        }
    }
}

/// What is said of a picture in words: where it is shown, or else in the list of the text's media.
pub fn described(tag: Tag<'_>, sha256: Digest, media: &[Medium]) -> String {
    let said = tag.attribute("alt").filter(|alt| !alt.trim().is_empty());
    let listed = || media.iter().find(|medium| medium.sha256 == sha256).map(|medium| medium.alt.clone());
    said.map(|alt| alt.into_owned()).or_else(listed).unwrap_or_default()
}

/// The tag's attributes with one value replaced, or added at the end.
fn changed(tag: Tag<'_>, name: &str, value: String) -> Vec<(String, String)> {
    let mut attributes: Vec<(String, String)> = tag.decoded_attributes().collect();
    set(&mut attributes, name, value);
    attributes
}

fn set(attributes: &mut Vec<(String, String)>, name: &str, value: String) {
    match attributes.iter_mut().find(|(found, _)| found == name) {
        Some((_, old)) => *old = value,
        None => attributes.push((name.to_owned(), value)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "019b76da-a800-7c3e-9d1a-3f2b6c7d8e9f";

    fn shown(html: &str) -> String {
        let page = |object: ObjectId, language: Option<&LanguageTag>| {
            let language = language.map_or("own", LanguageTag::as_str);
            (object.to_string() == ID).then(|| format!("/x/{language}/"))
        };
        let medium = |sha256: Digest| (sha256 == Digest::of(b"x")).then(|| "/m?a&b".to_owned());
        let contact = |contact: &ContactReference| {
            let details: Vec<&str> = contact.shown().iter().map(|detail| detail.as_str()).collect();
            (contact.object.to_string() == ID).then(|| format!("<b>{}</b>", details.join(" ")))
        };
        Delivery { page: &page, medium: &medium, contact: &contact }
            .render(&CleanHtml::parse(html), &[])
            .into_string()
    }

    #[test]
    fn a_reference_is_read_as_it_is_written() {
        for text in [
            &format!("page:{ID}?lang=de#part"),
            &format!("page:{ID}"),
            &format!("contact:{ID}"),
            "https://example.org/",
        ] {
            assert_eq!(Reference::parse(text).to_string(), text.to_string());
        }
        let medium = Reference::Medium(Digest::of(b"x"));
        assert_eq!(Reference::parse(&medium.to_string()), medium);
        assert!(matches!(Reference::parse("page:nonsense"), Reference::Elsewhere(_)));
    }

    #[test]
    fn links_to_pages_lead_where_the_pages_are_now() {
        let html = format!("<a href=\"page:{ID}?lang=en#p\" title=\"t\">x</a><a href=\"page:{ID}\">y</a>");
        let expected = "<a href=\"/x/en/#p\" title=\"t\">x</a><a href=\"/x/own/\">y</a>";
        assert_eq!(shown(&html), expected);
        let unknown = html.replace("019b76da", "019b76db");
        assert_eq!(shown(&unknown), "xy");
    }

    #[test]
    fn a_contact_is_shown_as_it_is_now_and_an_unknown_one_is_not() {
        let contact = |details: &[Detail]| {
            ContactReference { object: ID.parse().unwrap(), details: details.to_vec() }.element()
        };
        let some = contact(&[Detail::Phone, Detail::Email]);
        assert_eq!(some.as_str(), format!("<div data-contact=\"contact:{ID}?show=phone,email\"></div>"));
        assert_eq!(shown(some.as_str()), "<b>phone email</b>");
        assert_eq!(shown(contact(&[]).as_str()), "<b>address email phone mobile website</b>");
        let unknown = contact(&[]).as_str().replace("019b76da", "019b76db").replace("></div>", ">Ask</div>");
        assert_eq!(shown(&format!("<p>a</p>{unknown}<p>b</p>")), "<p>a</p>Ask<p>b</p>");
        let linked = format!("<p><a href=\"page:{ID}\">x</a></p>{}", contact(&[]).as_str());
        assert_eq!(named(&CleanHtml::parse(&linked)).count(), 2);
    }

    #[test]
    fn a_held_picture_is_shown_and_another_one_is_told_in_words() {
        let html = format!("<img src=\"media:{}\" alt=\"a\">", Digest::of(b"x"));
        assert_eq!(shown(&html), "<img src=\"/m?a&amp;b\" alt=\"a\">");
        let html = format!("<img src=\"media:{}\" alt=\"a\">", Digest::of(b"y"));
        assert_eq!(shown(&html), "a");
    }
}
