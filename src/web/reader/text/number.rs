//! Telephone numbers in running words keep the order of their digits, also between words that run the other way.

use askama::Template;
use askama::filters::HtmlSafe;
use std::fmt;

#[derive(Template)]
#[template(path = "reader/templates/number.html")]
struct Number<'a> {
    number: &'a str,
}

/// Plain words in which telephone numbers keep their order.
pub struct Plain(pub String);

impl HtmlSafe for Plain {}

impl fmt::Display for Plain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let encoded =
            askama::filters::escape(&self.0, askama::filters::Html).map_err(|_| fmt::Error)?.to_string();
        let mut html = String::with_capacity(encoded.len());
        push_isolated(&mut html, &encoded).map_err(|_| fmt::Error)?;
        f.write_str(&html)
    }
}

/// Appends `text`, which is encoded, with each telephone number in an element of its own direction.
/// # Errors: none but those of a writer that does not fail.
pub fn push_isolated(html: &mut String, text: &str) -> Result<(), askama::Error> {
    let mut rest = text;
    while let Some((before, number, after)) = telephone_number(rest) {
        html.push_str(before);
        html.push_str(&Number { number }.render()?);
        rest = after;
    }
    html.push_str(rest);
    Ok(())
}

/// The words before the first telephone number of `text`, the number, and what follows.
fn telephone_number(text: &str) -> Option<(&str, &str, &str)> {
    const LEAST_DIGITS: usize = 6;
    let bytes = text.as_bytes();
    let mut start = 0;
    while start < bytes.len() {
        let is_first = matches!(bytes[start], b'+' | b'0' | b'(')
            && (start == 0 || !bytes[start - 1].is_ascii_alphanumeric());
        if !is_first {
            start += 1;
            continue;
        }
        let belongs = |byte: &u8| byte.is_ascii_digit() || b" +-/()".contains(byte);
        let mut end = start + bytes[start..].iter().take_while(|byte| belongs(byte)).count();
        while end > start && !bytes[end - 1].is_ascii_digit() {
            end -= 1;
        }
        let number = &text[start..end];
        if number.bytes().filter(u8::is_ascii_digit).count() >= LEAST_DIGITS {
            return Some((&text[..start], number, &text[end..]));
        }
        start = end.max(start + 1);
    }
    None
}
