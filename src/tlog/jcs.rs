//! Canonical JSON (RFC 8785) in the profile of civic-feed §2.4: ASCII, no floats, sorted keys, no spaces.
//! The profile needs no escapes, so a text that parses here is canonical by construction: printing gives it back.

use super::error::TlogError;
use std::collections::BTreeMap;
use std::fmt;

/// A value of the profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    Null,
    Bool(bool),
    /// 0 … 2^53-1
    Integer(u64),
    /// 1 … 200 characters of `[A-Za-z0-9._:/+=-]`
    Text(String),
    List(Vec<Value>),
    Map(Members),
}

/// The members of an object, in canonical order.
pub type Members = BTreeMap<String, Value>;

pub const LARGEST_INTEGER: u64 = (1 << 53) - 1;
const DEEPEST: usize = 5;
const LONGEST_KEY: usize = 16;
const LONGEST_LANGUAGE_KEY: usize = 35;
const LONGEST_TEXT: usize = 200;

/// Whether `text` may stand as a string in the profile.
pub fn is_profile_text(text: &str) -> bool {
    (1..=LONGEST_TEXT).contains(&text.len()) && text.bytes().all(is_text_byte)
}

fn is_text_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"._:/+=-".contains(&byte)
}

/// Reads one object of the profile; nothing may follow it.
///
/// # Errors
/// [`TlogError::Json`] names the byte and the rule: not canonical, a duplicate or unsorted key, a number above 2^53-1,
/// nested deeper than 5, a key or string outside the grammar, `null` outside `var`.
pub fn parse(bytes: &[u8]) -> Result<Members, TlogError> {
    let mut parser = Parser { bytes, at: 0 };
    let members = parser.map(1, Place::Top)?;
    if parser.at != bytes.len() { Err(parser.refuse("something follows the object")) } else { Ok(members) }
}

/// The canonical text of an object.
pub fn print(members: &Members) -> String {
    let mut text = String::with_capacity(256);
    print_map(members, &mut text);
    text
}

/// Which grammar holds: keys of `var` are language tags and its values may be `null`.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Top,
    Variants,
    Elsewhere,
}

struct Parser<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Parser<'a> {
    fn refuse(&self, why: &'static str) -> TlogError {
        TlogError::Json { at: self.at, why }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn expect(&mut self, byte: u8, why: &'static str) -> Result<(), TlogError> {
        if self.peek() != Some(byte) {
            return Err(self.refuse(why));
        }
        self.at += 1;
        Ok(())
    }

    fn word(&mut self, word: &str, value: Value) -> Result<Value, TlogError> {
        if !self.bytes[self.at..].starts_with(word.as_bytes()) {
            return Err(self.refuse("expected a value"));
        }
        self.at += word.len();
        Ok(value)
    }

    fn value(&mut self, depth: usize, place: Place) -> Result<Value, TlogError> {
        match self.peek() {
            Some(b'{') => Ok(Value::Map(self.map(depth + 1, place)?)),
            Some(b'[') => self.list(depth + 1),
            Some(b'"') => Ok(Value::Text(self.text(LONGEST_TEXT, is_text_byte)?.to_owned())),
            Some(b'0'..=b'9') => self.integer(),
            Some(b't') => self.word("true", Value::Bool(true)),
            Some(b'f') => self.word("false", Value::Bool(false)),
            Some(b'n') => Err(self.refuse("null stands only for a withdrawn language")),
            _ => Err(self.refuse("expected a value: no spaces, no negative numbers")),
        }
    }

    fn map(&mut self, depth: usize, place: Place) -> Result<Members, TlogError> {
        // SPEC: civic-feed §2.4, depth <= 5.
        if depth > DEEPEST {
            return Err(self.refuse("nested deeper than 5"));
        }
        self.expect(b'{', "expected an object")?;
        let mut members = Members::new();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(members);
        }
        loop {
            let key = match place {
                Place::Variants => {
                    self.text(LONGEST_LANGUAGE_KEY, |b| b.is_ascii_alphanumeric() || b == b'-')
                }
                Place::Top | Place::Elsewhere => self.text(LONGEST_KEY, |b| b.is_ascii_lowercase()),
            }?
            .to_owned();
            // SPEC: RFC 8785 §3.2.3, keys sorted; strictly, so that a key stands once.
            if members.last_key_value().is_some_and(|(last, _)| *last >= key) {
                return Err(self.refuse("keys are not sorted, or one stands twice"));
            }
            self.expect(b':', "expected a colon")?;
            let value = match (place, self.peek()) {
                (Place::Variants, Some(b'n')) => self.word("null", Value::Null)?,
                (Place::Top, _) if key == "var" => self.value(depth, Place::Variants)?,
                _ => self.value(depth, Place::Elsewhere)?,
            };
            members.insert(key, value);
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => {
                    self.at += 1;
                    return Ok(members);
                }
                _ => return Err(self.refuse("expected a comma or the object's end")),
            }
        }
    }

    fn list(&mut self, depth: usize) -> Result<Value, TlogError> {
        if depth > DEEPEST {
            return Err(self.refuse("nested deeper than 5"));
        }
        self.expect(b'[', "expected a list")?;
        let mut items = Vec::new();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(Value::List(items));
        }
        loop {
            items.push(self.value(depth, Place::Elsewhere)?);
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => {
                    self.at += 1;
                    return Ok(Value::List(items));
                }
                _ => return Err(self.refuse("expected a comma or the list's end")),
            }
        }
    }

    fn integer(&mut self) -> Result<Value, TlogError> {
        let start = self.at;
        let mut number = 0u64;
        while let Some(digit @ b'0'..=b'9') = self.peek() {
            number = number * 10 + u64::from(digit - b'0');
            // SPEC: civic-feed §2.4, integers 0 … 2^53-1.
            if number > LARGEST_INTEGER {
                return Err(self.refuse("a number above 2^53-1"));
            }
            self.at += 1;
        }
        if self.bytes[start] == b'0' && self.at - start > 1 {
            return Err(self.refuse("a number with a leading zero"));
        }
        Ok(Value::Integer(number))
    }

    fn text(&mut self, longest: usize, fits: impl Fn(u8) -> bool) -> Result<&'a str, TlogError> {
        self.expect(b'"', "expected a string")?;
        let rest: &'a [u8] = &self.bytes[self.at..];
        let length = rest.iter().take(longest + 1).take_while(|byte| fits(**byte)).count();
        if length == 0 || length > longest || rest.get(length) != Some(&b'"') {
            self.at += length;
            return Err(self.refuse("a key or string outside the profile"));
        }
        self.at += length + 1;
        std::str::from_utf8(&rest[..length]).map_err(|_| self.refuse("not ASCII"))
    }
}

fn print_map(members: &Members, text: &mut String) {
    text.push('{');
    for (number, (key, value)) in members.iter().enumerate() {
        if number > 0 {
            text.push(',');
        }
        text.push('"');
        text.push_str(key);
        text.push_str("\":");
        print_value(value, text);
    }
    text.push('}');
}

fn print_value(value: &Value, text: &mut String) {
    match value {
        Value::Null => text.push_str("null"),
        Value::Bool(true) => text.push_str("true"),
        Value::Bool(false) => text.push_str("false"),
        Value::Integer(number) => text.push_str(&number.to_string()),
        Value::Text(words) => {
            text.push('"');
            text.push_str(words);
            text.push('"');
        }
        Value::List(items) => {
            text.push('[');
            for (number, item) in items.iter().enumerate() {
                if number > 0 {
                    text.push(',');
                }
                print_value(item, text);
            }
            text.push(']');
        }
        Value::Map(members) => print_map(members, text),
    }
}

impl Value {
    pub fn as_text(&self) -> Option<&str> {
        if let Value::Text(text) = self { Some(text) } else { None }
    }

    pub fn as_integer(&self) -> Option<u64> {
        if let Value::Integer(number) = self { Some(*number) } else { None }
    }

    pub fn as_list(&self) -> Option<&[Value]> {
        if let Value::List(items) = self { Some(items) } else { None }
    }

    pub fn as_map(&self) -> Option<&Members> {
        if let Value::Map(members) = self { Some(members) } else { None }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Text(text.to_owned())
    }
}
impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::Text(text)
    }
}
impl From<u64> for Value {
    fn from(number: u64) -> Value {
        Value::Integer(number)
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        print_value(self, &mut text);
        f.write_str(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::{Members, Value, parse, print};
    use proptest::prelude::*;

    #[test]
    fn what_is_not_canonical_is_refused() {
        for wrong in [
            r#"{"b":1,"a":1}"#,
            r#"{"a":1,"a":1}"#,
            r#"{"a": 1}"#,
            r#"{"a":1} "#,
            r#"{"a":01}"#,
            r#"{"a":1.0}"#,
            r#"{"a":1e3}"#,
            r#"{"a":-1}"#,
            r#"{"a":9007199254740992}"#,
            r#"{"a":99999999999999999999999}"#,
            r#"{"a":null}"#,
            r#"{"a":""}"#,
            r#"{"a":"ä"}"#,
            r#"{"a":"b c"}"#,
            r#"{"a":"\u0041"}"#,
            r#"{"A":1}"#,
            r#"{"":1}"#,
            r#"{"abcdefghijklmnopq":1}"#,
            r#"{"x":{"de":null}}"#,
            r#"{"a":{"a":{"a":{"a":{"a":{}}}}}}"#,
            r#"{"a":1,}"#,
            r#"{"a"}"#,
            r#"[1]"#,
            r#"{"a":tru}"#,
            "{",
            "",
        ] {
            assert!(parse(wrong.as_bytes()).is_err(), "{wrong}");
        }
        assert!(parse(format!(r#"{{"a":"{}"}}"#, "x".repeat(201)).as_bytes()).is_err());
    }

    #[test]
    fn what_the_profile_allows_is_read() {
        for right in [
            r#"{}"#,
            r#"{"a":9007199254740991,"b":0,"c":true,"d":[],"e":{}}"#,
            r#"{"var":{"de-DE-x-simple":null,"zh-Hans":{"rev":1}}}"#,
            r#"{"a":{"a":{"a":{"a":{"a":1}}}}}"#,
        ] {
            assert_eq!(print(&parse(right.as_bytes()).unwrap()), right);
        }
    }

    fn any_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            (0..=super::LARGEST_INTEGER).prop_map(Value::Integer),
            "[A-Za-z0-9._:/+=-]{1,40}".prop_map(Value::Text),
            any::<bool>().prop_map(Value::Bool),
        ];
        leaf.prop_recursive(3, 32, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::List),
                prop::collection::btree_map("[a-z]{1,16}", inner, 0..4).prop_map(Value::Map),
            ]
        })
    }

    proptest! {
        #[test]
        fn printing_and_parsing_are_inverse(members in prop::collection::btree_map("[a-z]{4,16}", any_value(), 0..5)) {
            let members: Members = members;
            let text = print(&members);
            prop_assert_eq!(&parse(text.as_bytes()).unwrap(), &members);
            prop_assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok());
        }

        #[test]
        fn no_bytes_make_it_panic_and_what_parses_is_canonical(bytes in prop::collection::vec(
            prop_oneof![Just(b'{'), Just(b'}'), Just(b'"'), Just(b':'), Just(b','), Just(b'a'), Just(b'1'), any::<u8>()], 0..40)) {
            if let Ok(members) = parse(&bytes) {
                prop_assert_eq!(print(&members).into_bytes(), bytes);
            }
        }
    }
}
