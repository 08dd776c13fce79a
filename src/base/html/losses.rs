//! What sanitising took away, told in words: for the report of an import.

use super::token::{Token, decoded};
use super::{CleanHtml, rules};
use std::collections::BTreeMap;

/// What `original` has and `clean` has not, such as `style "color: red" of <span>`, with how often.
/// Only the spelling of entities, quotes and line ends is not counted.
pub fn losses(original: &str, clean: &CleanHtml) -> BTreeMap<String, usize> {
    if original == clean.as_str() {
        return BTreeMap::new();
    }
    let mut counts: BTreeMap<String, isize> = BTreeMap::new();
    for found in inventory(original) {
        *counts.entry(found).or_default() += 1;
    }
    for token in clean.tokens() {
        let Token::Open(tag) = token else { continue };
        let attributes = tag.attributes().map(|(name, value)| (name.to_owned(), decoded(value).into_owned()));
        for kept in parts(tag.name(), attributes) {
            *counts.entry(kept).or_default() -= 1;
        }
    }
    counts
        .into_iter()
        .filter_map(|(what, count)| Some((what, usize::try_from(count).ok()?)))
        .filter(|(_, count)| *count > 0)
        .collect()
}

fn inventory(html: &str) -> Vec<String> {
    let found = std::cell::RefCell::new(Vec::new());
    let elements = lol_html::element!("*", |element: &mut lol_html::html_content::Element<'_, '_>| {
        let attributes = element.attributes().iter().map(|at| (at.name(), numerals_decoded(&at.value())));
        found.borrow_mut().extend(parts(&element.tag_name(), attributes));
        Ok(())
    });
    let comments = lol_html::doc_comments!(|_| {
        found.borrow_mut().push("a comment".to_owned());
        Ok(())
    });
    let settings = lol_html::RewriteStrSettings {
        element_content_handlers: vec![elements],
        document_content_handlers: vec![comments],
        strict: false,
        ..lol_html::RewriteStrSettings::new()
    };
    if lol_html::rewrite_str(html, settings).is_err() {
        found.borrow_mut().push("parts that cannot be read".to_owned());
    }
    found.into_inner()
}

/// An element and its attributes, each as a phrase; styles and classes one by one.
fn parts(element: &str, attributes: impl Iterator<Item = (String, String)>) -> Vec<String> {
    let mut parts = vec![format!("<{element}>")];
    for (name, value) in attributes {
        match name.as_str() {
            "style" | "class" => {
                let separator: fn(char) -> bool =
                    if name == "style" { |c| c == ';' } else { char::is_whitespace };
                let each = value.split(separator).map(str::trim).filter(|part| !part.is_empty());
                parts.extend(each.map(|part| format!("{name} \"{part}\" of <{element}>")));
            }
            _ if rules::allows(element, &name) => {
                parts.push(format!("{name} \"{}\" of <{element}>", value.trim()));
            }
            _ => parts.push(format!("{name} of <{element}>")),
        }
    }
    parts
}

/// Decodes the five named entities and numeric ones, which is what attribute values hold in practice.
fn numerals_decoded(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once("&#") {
        out.push_str(before);
        let decoded = after.split_once(';').and_then(|(number, rest)| {
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            Some((char::from_u32(code)?, rest))
        });
        match decoded {
            Some((character, after)) => {
                out.push(character);
                rest = after;
            }
            None => {
                out.push_str("&#");
                rest = after;
            }
        }
    }
    out.push_str(rest);
    decoded(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_taken_away_is_told_and_what_was_only_spelt_differently_is_not() {
        let original =
            "<p style='text-align:left;color:red' onclick=\"x()\">&#252;<font>y</font><!-- z --></p>\r\n";
        let lost = losses(original, &CleanHtml::parse(original));
        let told: Vec<&str> = lost.keys().map(String::as_str).collect();
        assert_eq!(told, ["<font>", "a comment", "onclick of <p>", "style \"color:red\" of <p>"]);
        let same = "<p>&#252;&#160;<a href='https://example.org/?a=1&#38;b=2'>x</a></p>\r\n";
        assert_eq!(losses(same, &CleanHtml::parse(same)), BTreeMap::new());
    }
}
