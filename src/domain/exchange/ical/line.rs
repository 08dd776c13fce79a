//! Content lines (RFC 5545 §3.1): folded and unfolded, taken apart, their texts escaped and plain again.

use std::borrow::Cow;

/// Bytes of a line, its end not counted.
const LONGEST_BYTES: usize = 75;

/// Parameters of a line; more are a flood.
const MOST_PARAMETERS: usize = 32;

/// `NAME;PARAMETER=value:value`. Names are in capitals.
#[derive(Debug, PartialEq, Eq)]
pub struct Line {
    pub name: String,
    pub parameters: Vec<(String, String)>,
    pub value: String,
}

impl Line {
    /// `None` for what has no name or no value, or too many parameters.
    pub fn parse(text: &str) -> Option<Line> {
        let end = text.find([';', ':'])?;
        let (name, mut rest) = text.split_at(end);
        let mut parameters = Vec::new();
        while let Some(parameter) = rest.strip_prefix(';') {
            let end = outside_quotes(parameter).filter(|_| parameters.len() < MOST_PARAMETERS)?;
            let (name, value) = parameter[..end].split_once('=').unwrap_or((&parameter[..end], ""));
            parameters.push((name.trim().to_ascii_uppercase(), value.trim().replace('"', "")));
            rest = &parameter[end..];
        }
        let value = rest.strip_prefix(':')?.to_owned();
        let name = name.trim().to_ascii_uppercase();
        (!name.is_empty()).then_some(Line { name, parameters, value })
    }

    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The value as plain text.
    pub fn text(&self) -> String {
        plain(&self.value).trim().to_owned()
    }

    /// The value as a list of plain texts, parted by commas.
    pub fn texts(&self) -> Vec<String> {
        let mut texts = Vec::new();
        let mut start = 0;
        let mut escaped = false;
        for (at, character) in self.value.char_indices() {
            if character == ',' && !escaped {
                texts.push(&self.value[start..at]);
                start = at + 1;
            }
            escaped = character == '\\' && !escaped;
        }
        texts.push(&self.value[start..]);
        texts.into_iter().map(|text| plain(text).trim().to_owned()).filter(|text| !text.is_empty()).collect()
    }
}

/// Where the parameter ends: at the first `;` or `:` that is not in quotes.
fn outside_quotes(text: &str) -> Option<usize> {
    let mut quoted = false;
    text.find(|character| {
        quoted ^= character == '"';
        !quoted && matches!(character, ';' | ':')
    })
}

/// The lines of a file, joined again where they were folded, be it in the middle of a character. What is no UTF-8
/// becomes `\u{FFFD}`; control characters go, as no text has a use for them and no database of ours takes them all.
pub fn unfold(bytes: &[u8]) -> impl Iterator<Item = String> + '_ {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut physical =
        bytes.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line)).peekable();
    std::iter::from_fn(move || {
        let mut whole = Cow::Borrowed(physical.next()?);
        while let Some([b' ' | b'\t', more @ ..]) = physical.peek() {
            whole.to_mut().extend_from_slice(more);
            physical.next();
        }
        let text = String::from_utf8_lossy(&whole);
        Some(text.chars().filter(|character| *character == '\t' || !character.is_control()).collect())
    })
}

/// Appends a line, folded.
pub fn fold(out: &mut Vec<u8>, line: &str) {
    let mut room = LONGEST_BYTES;
    for character in line.chars() {
        if character.len_utf8() > room {
            out.extend_from_slice(b"\r\n ");
            room = LONGEST_BYTES - 1;
        }
        room -= character.len_utf8();
        out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
    }
    out.extend_from_slice(b"\r\n");
}

/// A text as a value of type TEXT.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\\' | ';' | ',' => out.extend(['\\', character]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push('\t'),
            _ if character.is_control() => {}
            _ => out.push(character),
        }
    }
    out
}

fn plain(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut characters = value.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.next() {
                Some('n' | 'N') => out.push('\n'),
                Some(other) => out.push(other),
                None => {}
            },
            _ => out.push(character),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn line(name: &str, parameters: &[(&str, &str)], value: &str) -> Option<Line> {
        let parameters = parameters.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Some(Line { name: name.to_owned(), parameters: parameters.collect(), value: value.to_owned() })
    }

    #[test]
    fn a_line_is_taken_apart_quotes_respected() {
        assert_eq!(Line::parse("summary:a:b;c"), line("SUMMARY", &[], "a:b;c"));
        assert_eq!(
            Line::parse("DTSTART;TZID=\"(UTC+01:00) Berlin; Rome\";Value=DATE-TIME:2026"),
            line("DTSTART", &[("TZID", "(UTC+01:00) Berlin; Rome"), ("VALUE", "DATE-TIME")], "2026")
        );
        for broken in ["", "SUMMARY", ":x", "A;B", "A;B=\"c:d", ";A=b:c"] {
            assert_eq!(Line::parse(broken), None, "{broken}");
        }
    }

    #[test]
    fn a_list_is_parted_at_plain_commas_only() {
        let categories = Line::parse("CATEGORIES:a\\, b,c\\;d,, e\\\\,f").unwrap();
        assert_eq!(categories.texts(), ["a, b", "c;d", "e\\", "f"]);
    }

    #[test]
    fn a_line_folded_in_the_middle_of_a_character_is_whole_again() {
        let bytes = b"\xef\xbb\xbfSUMMARY:B\xc3\r\n \xbccher\r\nX:1\n\t2\n";
        assert_eq!(unfold(bytes).collect::<Vec<_>>(), ["SUMMARY:Bücher", "X:12", ""]);
    }

    proptest! {
        #[test]
        fn a_text_survives_being_escaped_and_folded(text in "[\\PC\\n\\t\\\\;,:äß🎈]{0,200}") {
            let mut bytes = Vec::new();
            fold(&mut bytes, &format!("SUMMARY:{}", escaped(&text)));
            let physical: Vec<_> = bytes.split(|byte| *byte == b'\n').collect();
            prop_assert!(physical.iter().all(|line| line.len() <= LONGEST_BYTES + 1 && std::str::from_utf8(line).is_ok()));
            let read = unfold(&bytes).find_map(|line| Line::parse(&line)).unwrap();
            prop_assert_eq!(read.text(), text.trim());
        }
    }
}
