//! Reads HTML in the one spelling that the sanitiser writes: lower-case names, quoted values, five entities.

use super::rules;
use std::borrow::Cow;

/// A piece of clean HTML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token<'a> {
    /// Text as it stands there, entities and all.
    Text(&'a str),
    Open(Tag<'a>),
    /// The name of an end tag.
    Close(&'a str),
}

impl Token<'_> {
    /// How many bytes it has where it stands.
    pub(super) fn length(&self) -> usize {
        match self {
            Token::Text(text) => text.len(),
            Token::Open(tag) => tag.as_str().len(),
            Token::Close(name) => "</>".len() + name.len(),
        }
    }
}

/// A start tag from `<` to `>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tag<'a>(&'a str);

impl<'a> Tag<'a> {
    pub fn name(self) -> &'a str {
        let inside = self.inside();
        inside.split(' ').next().unwrap_or(inside)
    }

    /// The tag itself, `<` and `>` included.
    pub fn as_str(self) -> &'a str {
        self.0
    }

    /// The value with its entities decoded.
    pub fn attribute(self, name: &str) -> Option<Cow<'a, str>> {
        self.attributes().find(|(found, _)| *found == name).map(|(_, value)| decoded(value))
    }

    /// Names and values, the values encoded as they stand there.
    pub fn attributes(self) -> Attributes<'a> {
        Attributes(&self.inside()[self.name().len()..])
    }

    /// Names and values, the values with their entities decoded.
    pub fn decoded_attributes(self) -> impl Iterator<Item = (String, String)> {
        self.attributes().map(|(name, value)| (name.to_owned(), decoded(value).into_owned()))
    }

    pub fn is_void(self) -> bool {
        rules::is_void(self.name())
    }

    fn inside(self) -> &'a str {
        self.0.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')).unwrap_or("")
    }
}

pub struct Attributes<'a>(&'a str);

impl<'a> Iterator for Attributes<'a> {
    type Item = (&'a str, &'a str);
    fn next(&mut self) -> Option<(&'a str, &'a str)> {
        let (name, rest) = self.0.strip_prefix(' ')?.split_once("=\"")?;
        let (value, rest) = rest.split_once('"')?;
        self.0 = rest;
        Some((name, value))
    }
}

/// The tokens of clean HTML, which joined are the HTML again.
pub(super) struct Tokens<'a>(pub(super) &'a str);

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;
    fn next(&mut self) -> Option<Token<'a>> {
        let html = self.0;
        let end = match html.as_bytes().first()? {
            b'<' => tag_end(html),
            _ => html.find('<').unwrap_or(html.len()),
        };
        let (token, rest) = html.split_at(end);
        self.0 = rest;
        let close = token.strip_prefix("</").map(|close| close.strip_suffix('>').unwrap_or(close));
        Some(match close {
            Some(name) => Token::Close(name),
            None if token.starts_with('<') => Token::Open(Tag(token)),
            None => Token::Text(token),
        })
    }
}

fn tag_end(html: &str) -> usize {
    let mut quoted = false;
    for (at, byte) in html.bytes().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b'>' if !quoted => return at + 1,
            _ => {}
        }
    }
    html.len()
}

/// Whether the sanitiser would give `html` back byte for byte.
///
/// What browsers read depends on tokens alone as long as no element switches the tokeniser (script, style, svg …),
/// and none of those is allowed; so checking every token, and that elements are closed in order, is enough.
pub(super) fn is_clean(html: &str) -> bool {
    const DEEPEST: usize = 100;
    let mut open: Vec<&str> = Vec::new();
    for token in Tokens(html) {
        let fine = match token {
            Token::Text(text) => open.last() != Some(&"iframe") && is_encoded(text, false),
            Token::Close(name) => open.pop() == Some(name),
            Token::Open(tag) => {
                let in_frame = open.last() == Some(&"iframe");
                if !tag.is_void() {
                    open.push(tag.name());
                }
                !in_frame && open.len() <= DEEPEST && is_clean_tag(tag)
            }
        };
        if !fine {
            return false;
        }
    }
    open.is_empty()
}

fn is_clean_tag(tag: Tag<'_>) -> bool {
    let name = tag.name();
    let mut length = "<>".len() + name.len();
    let mut seen: Vec<&str> = Vec::new();
    for (attribute, value) in tag.attributes() {
        length += " =\"\"".len() + attribute.len() + value.len();
        let allowed = rules::allows(name, attribute) && is_encoded(value, true) && !seen.contains(&attribute);
        let plain = decoded(value);
        if !allowed || rules::value(name, attribute, &plain).as_deref() != Some(&*plain) {
            return false;
        }
        seen.push(attribute);
    }
    let framed = name != "iframe" || tag.attribute("src").is_some_and(|src| super::is_film(&src));
    length == tag.as_str().len() && rules::attributes_of(name).is_some() && framed
}

/// Whether every special character is written as the entity that the sanitiser writes.
fn is_encoded(text: &str, in_attribute: bool) -> bool {
    if text.contains(['<', '>', '\u{a0}', '\r', '\0', '\u{c}']) {
        return false;
    }
    let known = |rest: &str| {
        ["amp;", "nbsp;", "lt;", "gt;"].iter().any(|entity| rest.starts_with(entity))
            || (in_attribute && rest.starts_with("quot;"))
    };
    text.split('&').skip(1).all(known)
}

/// Text as people mean it, from text with the five entities.
pub(super) fn decoded(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let text = text.replace("&quot;", "\"").replace("&nbsp;", "\u{a0}");
    Cow::Owned(text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
}

/// The inverse of [`decoded`], fit for text and for a quoted value.
pub(super) fn encoded(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('"', "&quot;").replace('\u{a0}', "&nbsp;");
    text.replace('<', "&lt;").replace('>', "&gt;")
}
