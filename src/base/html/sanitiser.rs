//! How foreign HTML becomes clean: ammonia by our rules, then headings and frames as Integreat has them.

use super::token::{Tag, Token, Tokens, encoded};
use super::{is_film, push_attribute, push_close, rules};
use std::borrow::Cow;
use std::sync::LazyLock;

pub(super) static SANITISER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let mut builder = ammonia::Builder::empty();
    // `h1` and `pre` are renamed afterwards, see `normalised`.
    let elements = rules::ELEMENTS.iter().map(|(name, _)| *name).chain(["h1", "pre"]);
    let own = rules::ELEMENTS.iter().map(|(name, own)| (*name, own.iter().copied().collect()));
    builder
        .tags(elements.collect())
        .tag_attributes(own.collect())
        .generic_attributes(rules::GENERIC.into_iter().collect())
        .clean_content_tags(NEVER_WORDS.into_iter().collect())
        .url_schemes(["http", "https", "mailto", "tel", "sms", "page", "media"].into_iter().collect())
        .link_rel(None)
        .attribute_filter(|element, attribute, value| {
            rules::value(element, attribute, value).map(|kept| Cow::Owned(kept.into_owned()))
        });
    builder
});

pub(super) static WORDS_ONLY: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let mut builder = ammonia::Builder::empty();
    builder.clean_content_tags(NEVER_WORDS.into_iter().collect()).link_rel(None);
    builder
});

/// Elements whose content is not for people.
const NEVER_WORDS: [&str; 7] = ["script", "style", "template", "noscript", "noembed", "noframes", "xmp"];

/// Renames headings as Integreat does (a page's title is its only `h1`), and makes links of frames that show no film.
pub(super) fn normalised(html: &str) -> String {
    let html = html.replace(['\r', '\0', '\u{c}'], "");
    if !["<h1", "<pre", "<iframe"].iter().any(|tag| html.contains(tag)) {
        return html;
    }
    let mut out = String::with_capacity(html.len());
    let mut in_frame = false;
    for token in Tokens(&html) {
        match token {
            Token::Close("iframe") => in_frame = false,
            _ if in_frame => {}
            Token::Open(tag) if tag.name() == "iframe" => {
                in_frame = true;
                push_frame(&mut out, tag);
            }
            Token::Open(tag) => match tag.name() {
                "h1" => out.push_str(&tag.as_str().replacen("<h1", "<h2", 1)),
                "pre" => out.push_str(&tag.as_str().replacen("<pre", "<p", 1)),
                _ => out.push_str(tag.as_str()),
            },
            Token::Close("h1") => out.push_str("</h2>"),
            Token::Close("pre") => out.push_str("</p>"),
            Token::Close(name) => push_close(&mut out, name),
            Token::Text(text) => out.push_str(text),
        }
    }
    out
}

fn push_frame(out: &mut String, tag: Tag<'_>) {
    match tag.attribute("src") {
        Some(src) if is_film(&src) => {
            out.push_str(tag.as_str());
            out.push_str("</iframe>");
        }
        Some(src) => {
            let address = encoded(&src);
            out.push_str("<a");
            push_attribute(out, "href", &address);
            push_attribute(out, "class", "link-external");
            out.push('>');
            out.push_str(&address);
            out.push_str("</a>");
        }
        None => {}
    }
}
