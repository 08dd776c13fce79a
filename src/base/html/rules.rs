//! What clean HTML may hold: elements, their attributes, and the values these may have.
//! The list follows what Integreat's editor produces; nothing here can load, run or hide anything.

use std::borrow::Cow;
use url::Url;

/// Allowed on every element.
pub(super) const GENERIC: [&str; 6] = ["class", "dir", "lang", "style", "title", "translate"];

/// Each allowed element with the attributes it may have besides [`GENERIC`].
pub(super) const ELEMENTS: [(&str, &[&str]); 52] = [
    ("a", &["href", "hreflang", "data-integreat-auto-update"]),
    ("abbr", &[]),
    ("b", &[]),
    ("bdi", &[]),
    ("bdo", &[]),
    ("blockquote", &[]),
    ("br", &[]),
    ("caption", &[]),
    ("cite", &[]),
    ("col", &["span"]),
    ("colgroup", &["span"]),
    ("dd", &[]),
    ("del", &[]),
    ("details", &[]),
    ("div", &["contenteditable", "data-contact", "data-contact-id", "data-contact-url"]),
    ("dl", &[]),
    ("dt", &[]),
    ("em", &[]),
    ("figcaption", &[]),
    ("figure", &[]),
    ("h2", &[]),
    ("h3", &[]),
    ("h4", &[]),
    ("h5", &[]),
    ("h6", &[]),
    ("hr", &[]),
    ("i", &[]),
    ("iframe", &["src", "width", "height"]),
    ("img", &["src", "alt", "width", "height"]),
    ("ins", &[]),
    ("li", &["value"]),
    ("mark", &[]),
    ("ol", &["start"]),
    ("p", &[]),
    ("q", &[]),
    ("s", &[]),
    ("small", &[]),
    ("span", &[]),
    ("strong", &[]),
    ("sub", &[]),
    ("summary", &[]),
    ("sup", &[]),
    ("table", &[]),
    ("tbody", &[]),
    ("td", &["colspan", "rowspan"]),
    ("tfoot", &[]),
    ("th", &["colspan", "rowspan", "scope"]),
    ("thead", &[]),
    ("tr", &[]),
    ("u", &[]),
    ("ul", &[]),
    ("wbr", &[]),
];

/// Elements without content and without an end tag.
pub(super) fn is_void(element: &str) -> bool {
    matches!(element, "br" | "col" | "hr" | "img" | "wbr")
}

/// Elements that stand for themselves at the top of a text; all others flow in a line.
pub(super) fn is_block(element: &str) -> bool {
    matches!(
        element,
        "blockquote" | "details" | "div" | "dl" | "figure" | "h2" | "h3" | "h4" | "h5" | "h6" | "hr"
    ) || matches!(element, "iframe" | "li" | "ol" | "p" | "table" | "ul")
}

pub(super) fn attributes_of(element: &str) -> Option<&'static [&'static str]> {
    let at = ELEMENTS.binary_search_by_key(&element, |(name, _)| *name).ok()?;
    ELEMENTS.get(at).map(|(_, attributes)| *attributes)
}

pub(super) fn allows(element: &str, attribute: &str) -> bool {
    attributes_of(element).is_some_and(|own| own.contains(&attribute)) || GENERIC.contains(&attribute)
}

/// What stays of an attribute's value; `None` drops the attribute. Applied twice it changes nothing more.
pub(super) fn value<'v>(element: &str, attribute: &str, value: &'v str) -> Option<Cow<'v, str>> {
    let keep = |allowed: bool| allowed.then_some(Cow::Borrowed(value));
    match attribute {
        "class" => filtered(value, char::is_whitespace, class_allowed, " "),
        "style" => filtered(value, |c| c == ';', |part| declaration_allowed(part.trim()), "; "),
        "dir" => keep(matches!(value, "ltr" | "rtl" | "auto")),
        "lang" | "hreflang" => {
            keep(value.len() <= 35 && value.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'))
        }
        "translate" => keep(matches!(value, "yes" | "no")),
        "width" | "height" => keep(is_number(value.strip_suffix(['%']).unwrap_or(value), 4)),
        "span" | "colspan" | "rowspan" => keep(is_number(value, 3)),
        "start" | "value" => keep(is_number(value, 6)),
        "scope" => keep(matches!(value, "row" | "col" | "rowgroup" | "colgroup")),
        "data-integreat-auto-update" => keep(matches!(value, "true" | "false")),
        "contenteditable" => keep(value == "false"),
        "data-contact" => keep(is_contact(value)),
        "data-contact-id" => keep(is_number(value, 12)),
        "data-contact-url" => address(value, &["http", "https"]),
        "href" => address(value, &["http", "https", "mailto", "tel", "sms", "page", "media"]),
        "src" if element == "iframe" => address(value, &["http", "https"]),
        "src" => address(value, &["http", "https", "media"]),
        _ => Some(Cow::Borrowed(value)),
    }
}

/// Keeps the allowed parts; the value as it is if all are.
fn filtered<'v>(
    value: &'v str,
    separator: impl Fn(char) -> bool,
    allowed: impl Fn(&str) -> bool,
    glue: &str,
) -> Option<Cow<'v, str>> {
    let parts = || value.split(&separator).filter(|part| !part.trim().is_empty());
    if parts().all(&allowed) {
        return parts().next().map(|_| Cow::Borrowed(value));
    }
    let kept: Vec<&str> = parts().filter(|part| allowed(part)).map(str::trim).collect();
    if kept.is_empty() { None } else { Some(Cow::Owned(kept.join(glue))) }
}

fn class_allowed(class: &str) -> bool {
    const KNOWN: [&str; 13] = [
        "link-external",
        "contact-card",
        "details",
        "notranslate",
        "alignnone",
        "alignleft",
        "alignright",
        "aligncenter",
        "size-full",
        "size-large",
        "size-medium",
        "size-thumbnail",
        "wp-caption",
    ];
    KNOWN.contains(&class) || class.strip_prefix("wp-image-").is_some_and(|number| is_number(number, 12))
}

/// Alignment, indentation, lines and the size of icons; colours would fight with dark mode and contrast.
fn declaration_allowed(declaration: &str) -> bool {
    let Some((property, value)) = declaration.split_once(':') else { return false };
    let value = value.trim();
    match property.trim() {
        "text-align" => matches!(value, "left" | "right" | "center" | "justify" | "start" | "end"),
        "text-decoration" => matches!(value, "underline" | "line-through" | "none"),
        "list-style-type" => matches!(value, "none" | "disc" | "circle" | "square" | "decimal"),
        "padding-left" | "padding-right" => is_length(value, 3),
        "width" | "height" => is_length(value, 4),
        _ => false,
    }
}

/// A reference to a contact, and what to show of it: its form is read where references are.
fn is_contact(value: &str) -> bool {
    const LONGEST: usize = 120;
    let allowed =
        |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '?' | '=' | ',');
    value.strip_prefix("contact:").is_some_and(|rest| rest.len() <= LONGEST && rest.chars().all(allowed))
}

fn is_length(value: &str, digits: usize) -> bool {
    let number = ["px", "em", "%"].iter().find_map(|unit| value.strip_suffix(unit)).unwrap_or(value);
    is_number(number, digits)
}

fn is_number(value: &str, digits: usize) -> bool {
    (1..=digits).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_digit())
}

/// An address with one of `schemes`, or a relative one.
fn address<'v>(value: &'v str, schemes: &[&str]) -> Option<Cow<'v, str>> {
    // Browsers skip these characters wherever they stand, so `java\nscript:` must be read without them.
    let skipped = |c: char| matches!(c, '\t' | '\n' | '\r');
    let value = if value.contains(skipped) || value.trim() != value {
        Cow::Owned(value.replace(skipped, "").trim().to_owned())
    } else {
        Cow::Borrowed(value)
    };
    let allowed = match Url::parse(&value) {
        Ok(url) => schemes.contains(&url.scheme()),
        Err(url::ParseError::RelativeUrlWithoutBase) => !value.starts_with(['\\', ':']),
        Err(_) => false,
    };
    allowed.then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_elements_are_sorted_for_the_search() {
        assert!(ELEMENTS.is_sorted_by_key(|(name, _)| *name));
    }

    #[test]
    fn a_style_keeps_what_shapes_the_text_and_loses_its_colours() {
        let kept = |style| value("p", "style", style).map(Cow::into_owned);
        assert_eq!(kept("text-align: justify;").as_deref(), Some("text-align: justify;"));
        assert_eq!(kept("color: red; padding-left: 30px").as_deref(), Some("padding-left: 30px"));
        assert_eq!(kept("background: url(https://tracker.example/)"), None);
        assert_eq!(kept("width: expression(alert(1))"), None);
    }

    #[test]
    fn an_address_that_runs_a_script_is_dropped_however_it_is_spelt() {
        for wrong in
            ["javascript:alert(1)", " JaVaScRiPt:alert(1)", "java\nscript:alert(1)", "data:text/html,x"]
        {
            assert_eq!(value("a", "href", wrong), None, "{wrong}");
        }
        assert!(value("a", "href", "tel:+49 821 3102 0").is_some());
        assert!(value("a", "href", "page:019b76da-a800-7c3e-9d1a-3f2b6c7d8e9f?lang=de#x").is_some());
        assert!(value("img", "src", "page:x").is_none());
    }
}
