//! References inside a text: links to own pages and pictures held here, and how they are shown where a text is delivered.
//!
//! A link to a page is `page:<object id>`, with `?lang=<tag>` if it leads to another language than the text's own
//! and `#<part>` if it leads into the page; a held picture is `media:<sha256 in hex>`. So a rename breaks nothing.

use crate::base::digest::Digest;
use crate::base::html::{CleanHtml, RenderedHtml, Shown, Tag};
use crate::base::id::ObjectId;
use crate::base::language::LanguageTag;
use std::fmt;

/// What an address in a text leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reference {
    Page(PageReference),
    Medium(Digest),
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

impl Reference {
    pub fn parse(address: &str) -> Reference {
        let page = address.strip_prefix("page:").and_then(PageReference::parse).map(Reference::Page);
        let medium = || address.strip_prefix("media:")?.parse().ok().map(Reference::Medium);
        page.or_else(medium).unwrap_or_else(|| Reference::Elsewhere(address.to_owned()))
    }
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
}

impl Delivery<'_> {
    pub fn render(&self, html: &CleanHtml) -> RenderedHtml {
        html.rendered(&mut |tag| match tag.name() {
            "a" => self.link(tag),
            "img" => self.picture(tag),
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
            Reference::Elsewhere(_) => Shown::AsItIs,
        }
    }

    fn picture(&self, tag: Tag<'_>) -> Shown {
        let src = tag.attribute("src").unwrap_or_default();
        match Reference::parse(&src) {
            Reference::Medium(sha256) => match (self.medium)(sha256) {
                Some(address) => Shown::With(changed(tag, "src", address)),
                None => Shown::Words(tag.attribute("alt").unwrap_or_default().into_owned()),
            },
            Reference::Page(_) => Shown::Words(String::new()),
            Reference::Elsewhere(_) => Shown::AsItIs,
        }
    }
}

/// The tag's attributes with one value replaced, or added at the end.
fn changed(tag: Tag<'_>, name: &str, value: String) -> Vec<(String, String)> {
    let mut attributes: Vec<(String, String)> = tag.decoded_attributes().collect();
    match attributes.iter_mut().find(|(found, _)| found == name) {
        Some((_, old)) => *old = value,
        None => attributes.push((name.to_owned(), value)),
    }
    attributes
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
        Delivery { page: &page, medium: &medium }.render(&CleanHtml::parse(html)).into_string()
    }

    #[test]
    fn a_reference_is_read_as_it_is_written() {
        for text in [&format!("page:{ID}?lang=de#part"), &format!("page:{ID}"), "https://example.org/"] {
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
    fn a_held_picture_is_shown_and_another_one_is_told_in_words() {
        let html = format!("<img src=\"media:{}\" alt=\"a\">", Digest::of(b"x"));
        assert_eq!(shown(&html), "<img src=\"/m?a&amp;b\" alt=\"a\">");
        let html = format!("<img src=\"media:{}\" alt=\"a\">", Digest::of(b"y"));
        assert_eq!(shown(&html), "a");
    }
}
