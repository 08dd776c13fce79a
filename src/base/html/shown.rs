//! Clean HTML as one place shows it: pictures as links, references as addresses.

use super::token::{Tag, Token, Tokens, encoded};
use super::{CleanHtml, push_attribute, push_close};

/// HTML made from clean HTML for one place where it is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RenderedHtml(String);

/// What [`CleanHtml::rendered`] shows in the place of a start tag.
pub enum Shown {
    AsItIs,
    /// The same element with these attributes.
    With(Vec<(String, String)>),
    /// What is inside, without the element.
    Inside,
    /// A link with these words instead of the element and what is inside; inside of another link only the words.
    Link {
        href: String,
        words: String,
    },
    /// These words instead of the element and what is inside.
    Words(String),
    Nothing,
}

impl CleanHtml {
    /// For one place where the text is shown: `show` decides about each start tag.
    pub fn rendered(&self, show: &mut dyn FnMut(Tag<'_>) -> Shown) -> RenderedHtml {
        let mut html = String::with_capacity(self.0.len() + self.0.len() / 8);
        let mut open: Vec<End> = Vec::new();
        let (mut links, mut hidden) = (0usize, 0usize);
        for token in Tokens(&self.0) {
            match token {
                Token::Text(text) if hidden == 0 => html.push_str(text),
                Token::Text(_) => {}
                Token::Close(name) => match open.pop() {
                    Some(End::Shown) if hidden == 0 => {
                        links -= usize::from(name == "a");
                        push_close(&mut html, name);
                    }
                    Some(End::Hides) => hidden -= 1,
                    _ => {}
                },
                Token::Open(tag) if hidden > 0 => {
                    if !tag.is_void() {
                        open.push(End::Absent);
                    }
                }
                Token::Open(tag) => {
                    let end = push_shown(&mut html, tag, show(tag), links > 0);
                    if !tag.is_void() {
                        links += usize::from(matches!(end, End::Shown) && tag.name() == "a");
                        hidden += usize::from(matches!(end, End::Hides));
                        open.push(end);
                    }
                }
            }
        }
        RenderedHtml(html)
    }
}

impl RenderedHtml {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn into_string(self) -> String {
        self.0
    }
}

/// What becomes of an element's end tag.
enum End {
    Shown,
    Absent,
    /// It ends a part that is not shown at all.
    Hides,
}

fn push_shown(html: &mut String, tag: Tag<'_>, shown: Shown, in_link: bool) -> End {
    match shown {
        Shown::AsItIs => {
            html.push_str(tag.as_str());
            End::Shown
        }
        Shown::With(attributes) => {
            html.push('<');
            html.push_str(tag.name());
            for (name, value) in attributes {
                push_attribute(html, &name, &encoded(&value));
            }
            html.push('>');
            End::Shown
        }
        Shown::Inside => End::Absent,
        Shown::Nothing => End::Hides,
        Shown::Words(words) => {
            html.push_str(&encoded(&words));
            End::Hides
        }
        Shown::Link { words, .. } if in_link => {
            html.push_str(&encoded(&words));
            End::Hides
        }
        Shown::Link { href, words } => {
            html.push_str("<a");
            push_attribute(html, "href", &encoded(&href));
            push_attribute(html, "class", "link-external");
            push_attribute(html, "rel", "nofollow noopener");
            html.push('>');
            html.push_str(&encoded(&words));
            html.push_str("</a>");
            End::Hides
        }
    }
}
