//! Clean HTML as one place shows it: references as addresses, pictures that are missing as words.

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
    /// These words, and what is inside, without the element.
    Words(String),
    /// What a template made, without the element and what is inside.
    Instead(String),
}

impl CleanHtml {
    /// For one place where the text is shown: `show` decides about each start tag.
    pub fn rendered(&self, show: &mut dyn FnMut(Tag<'_>) -> Shown) -> RenderedHtml {
        let mut html = String::with_capacity(self.0.len() + self.0.len() / 8);
        let mut ends: Vec<End> = Vec::new();
        // How deep inside of an element whose place something else has taken.
        let mut hidden = 0usize;
        for token in Tokens(&self.0) {
            match token {
                Token::Open(tag) if hidden > 0 => hidden += usize::from(!tag.is_void()),
                Token::Close(_) if hidden > 0 => hidden -= 1,
                Token::Text(_) if hidden > 0 => {}
                Token::Text(text) => html.push_str(text),
                Token::Close(name) => {
                    if let Some(End::Shown) = ends.pop() {
                        push_close(&mut html, name);
                    }
                }
                Token::Open(tag) => match show(tag) {
                    Shown::Instead(other) => {
                        html.push_str(&other);
                        hidden = usize::from(!tag.is_void());
                    }
                    shown => {
                        let end = push_shown(&mut html, tag, shown);
                        if !tag.is_void() {
                            ends.push(end);
                        }
                    }
                },
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

    /// The words without any tag, as [`CleanHtml::words`].
    pub fn words(&self) -> String {
        Tokens(&self.0)
            .filter_map(|token| if let Token::Text(text) = token { Some(text) } else { None })
            .collect()
    }
}

/// What becomes of an element's end tag.
enum End {
    Shown,
    Absent,
}

fn push_shown(html: &mut String, tag: Tag<'_>, shown: Shown) -> End {
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
        Shown::Words(words) => {
            html.push_str(&encoded(&words));
            End::Absent
        }
        Shown::Instead(other) => {
            html.push_str(&other);
            End::Absent
        }
    }
}
