//! What a request asks for: which items, of which members, and from where on.

use super::refusal::Refusal;
use crate::base::language::LanguageTag;
use crate::base::moment::Moment;
use crate::domain::content::kind::ObjectKind;
use data_encoding::BASE64URL_NOPAD;
use std::collections::BTreeSet;
use std::fmt::Display;
use std::str::FromStr;
use utoipa::IntoParams;
use uuid::Uuid;

/// The parameters of a query, each checked. What an address does not take is refused, as a parameter with a slip in its
/// name would be passed over in silence.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// Empty: of every kind.
    pub kinds: Vec<ObjectKind>,
    pub language: Option<LanguageTag>,
    pub updated_after: Option<Moment>,
    pub limit: Option<usize>,
    /// Names the last one that the page before told.
    cursor: Option<Vec<u8>>,
    /// As the caller calls a file.
    pub file_name: Option<String>,
    pub fields: Fields,
}

/// The parameters of every list, for the description.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it is described by these, and read by [`Query`]")]
pub struct Paging {
    /// How many at most; 50 if not said.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// Where to go on: from the member `next` of the page before.
    cursor: Option<String>,
}

pub const MOST: usize = 200;
const USUAL: usize = 50;

/// What an item can be asked for.
pub const ITEM_FIELDS: [&str; 15] = [
    "kind",
    "number",
    "region",
    "version",
    "updated",
    "parent",
    "position",
    "texts",
    "facts",
    "picture",
    "licence",
    "attribution",
    "topics",
    "audiences",
    "provenance",
];
/// What can be asked of its texts, after `texts.`.
pub const TEXT_FIELDS: [&str; 11] =
    ["title", "slug", "path", "url", "rev", "updated", "freshness", "summary", "html", "blocks", "media"];

/// Which members of an item are wanted; its id always is.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Fields(Option<BTreeSet<String>>);

impl Fields {
    pub fn has(&self, member: &str) -> bool {
        let Fields(Some(wanted)) = self else { return true };
        wanted.contains(member)
    }

    pub fn has_of_text(&self, member: &str) -> bool {
        let Fields(Some(wanted)) = self else { return true };
        wanted.contains("texts") || wanted.contains(&format!("texts.{member}"))
    }

    pub fn has_texts(&self) -> bool {
        let Fields(Some(wanted)) = self else { return true };
        wanted.iter().any(|field| field.starts_with("texts"))
    }

    fn parse(text: &str) -> Result<Fields, Refusal> {
        let known = |field: &str| {
            field == "id"
                || ITEM_FIELDS.contains(&field)
                || field.strip_prefix("texts.").is_some_and(|field| TEXT_FIELDS.contains(&field))
        };
        let expected = || {
            let (item, text) = (ITEM_FIELDS.join(", "), TEXT_FIELDS.join(", "));
            format!("some of id, {item}, separated by commas, or after texts. one of {text}")
        };
        let wanted: BTreeSet<String> = text.split(',').map(|field| field.trim().to_owned()).collect();
        match wanted.iter().find(|field| !known(field)) {
            Some(field) => Err(refuse("fields", field, expected())),
            None => Ok(Fields(Some(wanted))),
        }
    }
}

impl Query {
    /// Reads `a=b&c=d`. `known` are the parameters that the address takes.
    /// # Errors: [`Refusal`] names the parameter and what it may be.
    pub fn parse(text: &str, known: &[&'static str]) -> Result<Query, Refusal> {
        let mut query = Query::default();
        let mut seen = BTreeSet::new();
        for (name, value) in url::form_urlencoded::parse(text.as_bytes()) {
            let Some(name) = known.iter().find(|known| **known == name) else {
                let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
                return Err(Refusal::UnknownParameter { name: short(&name), known });
            };
            if !seen.insert(*name) {
                return Err(Refusal::RepeatedParameter { name });
            }
            query.take(name, &value)?;
        }
        Ok(query)
    }

    fn take(&mut self, name: &'static str, value: &str) -> Result<(), Refusal> {
        match name {
            "kind" => self.kinds = value.split(',').map(kind).collect::<Result<_, _>>()?,
            "language" => self.language = Some(parsed(name, value)?),
            "updated_after" => {
                let at = Moment::parse(value);
                self.updated_after = Some(at.map_err(|error| refuse(name, value, error.to_string()))?);
            }
            "limit" => {
                let limit = value.parse().ok().filter(|limit| (1..=MOST).contains(limit));
                let expected = || refuse(name, value, format!("a whole number from 1 to {MOST}"));
                self.limit = Some(limit.ok_or_else(expected)?);
            }
            "cursor" => {
                let bytes = BASE64URL_NOPAD.decode(value.as_bytes());
                self.cursor = Some(bytes.map_err(|_| no_cursor(value))?);
            }
            "file_name" => self.file_name = Some(value.to_owned()),
            _ => self.fields = Fields::parse(value)?,
        }
        Ok(())
    }

    /// How many a page holds at most.
    pub fn limit(&self) -> usize {
        self.limit.unwrap_or(USUAL)
    }

    /// Where the list goes on, read as this list writes it. # Errors: it is another list's.
    pub fn after<T>(&self, read: impl FnOnce(&[u8]) -> Option<T>) -> Result<Option<T>, Refusal> {
        let Some(bytes) = &self.cursor else { return Ok(None) };
        read(bytes).map(Some).ok_or_else(|| no_cursor(&BASE64URL_NOPAD.encode(bytes)))
    }

    /// As [`Query::after`], for lists that go by id.
    pub fn after_id(&self) -> Result<Option<Uuid>, Refusal> {
        self.after(|bytes| Uuid::from_slice(bytes).ok())
    }

    /// Whether so many ask the same that the answer is worth keeping.
    pub fn is_usual(&self) -> bool {
        let Query { kinds, language: _, updated_after, limit, cursor, fields, file_name: _ } = self;
        let plain = updated_after.is_none() && limit.is_none() && cursor.is_none();
        plain && kinds.len() <= 1 && fields.0.is_none()
    }
}

fn no_cursor(value: &str) -> Refusal {
    refuse("cursor", value, "what the member next of a page holds".to_owned())
}

/// The query with which a list goes on after the thing that these bytes name: the same but for the cursor. They name it by
/// what stays, whatever is published in between.
pub fn query_after(text: &str, after: &[u8]) -> String {
    let before = url::form_urlencoded::parse(text.as_bytes()).filter(|(name, _)| name != "cursor");
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(before).append_pair("cursor", &BASE64URL_NOPAD.encode(after)).finish()
}

fn kind(word: &str) -> Result<ObjectKind, Refusal> {
    let known = ObjectKind::ITEMS.into_iter().find(|kind| kind.as_str() == word);
    known.ok_or_else(|| {
        let words: Vec<&str> = ObjectKind::ITEMS.iter().map(|kind| kind.as_str()).collect();
        refuse("kind", word, format!("some of {}, separated by commas", words.join(", ")))
    })
}

fn parsed<T: FromStr<Err: Display>>(name: &'static str, value: &str) -> Result<T, Refusal> {
    value.parse().map_err(|error: T::Err| refuse(name, value, error.to_string()))
}

fn refuse(name: &'static str, value: &str, expected: String) -> Refusal {
    Refusal::Parameter { name, value: short(value), expected }
}

/// So much of what somebody sent as tells which it was.
fn short(text: &str) -> String {
    text.chars().take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [&str; 6] = ["kind", "language", "updated_after", "limit", "cursor", "fields"];

    #[test]
    fn a_query_is_read_whole_or_refused_by_name() {
        let query =
            Query::parse("kind=event,news&language=de&limit=2&fields=kind,texts.title", &KNOWN).unwrap();
        assert_eq!((query.kinds.len(), query.limit(), query.is_usual()), (2, 2, false));
        assert!(query.fields.has("kind") && !query.fields.has("facts"));
        assert!(query.fields.has_of_text("title") && !query.fields.has_of_text("html"));
        assert!(Query::parse("kind=event&language=de", &KNOWN).unwrap().is_usual());
        for (text, word) in [
            ("kidn=event", "kidn"),
            ("limit=1&limit=2", "twice"),
            ("limit=0", "1 to 200"),
            ("limit=201", "1 to 200"),
            ("kind=tram", "organisation"),
            ("kind=profile", "organisation"),
            ("language=de_DE", "BCP 47"),
            ("updated_after=yesterday", "2026"),
            ("cursor=x", "next"),
            ("fields=html", "texts."),
            ("fields=", "texts."),
        ] {
            let refused = Query::parse(text, &KNOWN).unwrap_err().to_string();
            assert!(refused.contains(word), "{text}: {refused}");
        }
        assert!(Query::parse("limit=1", &[]).unwrap_err().to_string().contains("none"));
    }

    #[test]
    fn a_list_goes_on_after_what_was_told_last() {
        let last = Uuid::from_u128(7);
        let next = query_after("kind=event%2Cnews&cursor=old", last.as_bytes());
        assert_eq!(next, "kind=event%2Cnews&cursor=AAAAAAAAAAAAAAAAAAAABw");
        let query = Query::parse(&next, &KNOWN).unwrap();
        assert_eq!(query.after_id().unwrap(), Some(last));
        let elsewhere = query.after(|bytes| bytes.first_chunk::<40>().copied()).unwrap_err().to_string();
        assert!(elsewhere.contains("next"), "{elsewhere}");
    }
}
