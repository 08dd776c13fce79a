//! Entries of the log (civic-feed §2.4): the strict reading of anybody's, and the exact bytes of ours.

use crate::base::digest::Digest;
use crate::base::error::{Kind, Told};
use crate::base::id::ObjectId;
use crate::base::language::LanguageTag;
use crate::base::moment::Moment;
use crate::domain::content::change::Via;
use crate::tlog::entry_bundle::LARGEST_ENTRY_BYTES;
use crate::tlog::error::TlogError;
use crate::tlog::jcs::{self, Members, Value};
use std::collections::BTreeMap;

/// How long holders have to delete erased bodies if the entry does not say, in seconds.
pub const DEFAULT_DUE_SECONDS: u64 = 72 * 3600;

/// The bytes are no entry of this protocol.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EntryError {
    #[error("an entry of {0} bytes; at most 8192 are allowed")]
    TooLarge(usize),
    #[error(transparent)]
    Json(#[from] TlogError),
    #[error("the member {0:?} is missing or not what it should be")]
    Member(&'static str),
    #[error("{member} cannot be published: {text:?} holds characters outside A-Z a-z 0-9 . _ : / + = -")]
    Unpublishable { member: &'static str, text: String },
}

impl Told for EntryError {
    fn kind(&self) -> Kind {
        Kind::Invalid
    }

    fn code(&self) -> &'static str {
        match self {
            EntryError::TooLarge(_) => "entry-too-large",
            EntryError::Json(_) => "entry-not-canonical",
            EntryError::Member(_) => "entry-member",
            EntryError::Unpublishable { .. } => "unpublishable",
        }
    }
}

/// One statement of a feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When, as claimed, in unix seconds.
    pub ts: u64,
    pub op: Op,
    /// Members that must be understood and are not: the entry then has no effect here.
    pub crit: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Op {
    Put(PutEntry),
    Withdraw {
        object: ObjectId,
        why: String,
    },
    /// No `revs`: every body of the object.
    Erase {
        object: ObjectId,
        revs: Option<BTreeMap<LanguageTag, Vec<i64>>>,
        why: String,
        due_seconds: u64,
    },
    Identity {
        seq: u64,
        doc: Digest,
    },
    /// Leaf `index` is served empty from now on.
    Redact {
        index: u64,
        why: String,
    },
    /// Stored and counted, not understood.
    Unknown {
        op: String,
    },
}

/// What an object is, and which of its languages changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PutEntry {
    pub object: ObjectId,
    /// Such as `page`; kinds this version does not know are kept as they are.
    pub kind: String,
    /// SPDX identifier.
    pub licence: String,
    pub parent: Option<ObjectId>,
    /// Fractional index among siblings.
    pub ord: Option<String>,
    pub categories: Vec<String>,
    pub audiences: Vec<String>,
    /// Such as `DE-ARS:097720000000`.
    pub geo: Vec<String>,
    /// Ends by itself then.
    pub expires_at: Option<Moment>,
    pub minor: bool,
    /// `None` withdraws the language; languages not listed stay.
    pub variants: BTreeMap<LanguageTag, Option<EntryVariant>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryVariant {
    pub body: Digest,
    pub size_bytes: u64,
    pub rev: i64,
    /// What it was translated from.
    pub source: Option<(LanguageTag, i64)>,
    pub via: Via,
}

/// Members every `crit` may name without harm.
const UNDERSTOOD: [&str; 20] = [
    "v", "op", "ts", "crit", "obj", "kind", "lic", "var", "par", "ord", "cat", "aud", "geo", "exp", "minor",
    "why", "due", "doc", "seq", "idx",
];

impl Entry {
    /// Reads an entry as the log holds it.
    ///
    /// # Errors
    /// [`EntryError`] if it is larger than 8,192 bytes, not canonical JSON of the profile, or lacks what its `op` needs.
    pub fn parse(bytes: &[u8]) -> Result<Entry, EntryError> {
        if bytes.len() > LARGEST_ENTRY_BYTES {
            return Err(EntryError::TooLarge(bytes.len()));
        }
        // SPEC: civic-feed §2.4, JCS(parse(bytes)) == bytes.
        let members = jcs::parse(bytes)?;
        if integer(&members, "v")? != 1 {
            return Err(EntryError::Member("v"));
        }
        let named = texts(&members, "crit")?;
        let crit = named.into_iter().filter(|name| !UNDERSTOOD.contains(&name.as_str())).collect();
        Ok(Entry { ts: integer(&members, "ts")?, op: parse_op(&members)?, crit })
    }

    /// The exact bytes that are logged.
    ///
    /// # Errors
    /// [`EntryError::Unpublishable`] if a text cannot stand in an entry, [`EntryError::TooLarge`] above 8,192 bytes.
    pub fn to_bytes(&self) -> Result<Vec<u8>, EntryError> {
        let mut members = Members::new();
        members.insert("v".into(), 1.into());
        members.insert("ts".into(), self.ts.into());
        if !self.crit.is_empty() {
            put_texts(&mut members, "crit", &self.crit)?;
        }
        let op = match &self.op {
            Op::Put(put) => {
                put.write(&mut members)?;
                "put"
            }
            Op::Withdraw { object, why } => {
                members.insert("obj".into(), object.to_string().into());
                put_text(&mut members, "why", why)?;
                "withdraw"
            }
            Op::Erase { object, revs, why, due_seconds } => {
                members.insert("obj".into(), object.to_string().into());
                put_text(&mut members, "why", why)?;
                if *due_seconds != DEFAULT_DUE_SECONDS {
                    members.insert("due".into(), (*due_seconds).into());
                }
                if let Some(revs) = revs {
                    members.insert("var".into(), erased_revs(revs)?);
                }
                "erase"
            }
            Op::Identity { seq, doc } => {
                members.insert("seq".into(), (*seq).into());
                members.insert("doc".into(), doc.to_base64url().into());
                "identity"
            }
            Op::Redact { index, why } => {
                members.insert("idx".into(), (*index).into());
                put_text(&mut members, "why", why)?;
                "redact"
            }
            Op::Unknown { op } => op,
        };
        put_text(&mut members, "op", op)?;
        let bytes = jcs::print(&members).into_bytes();
        // What a follower would refuse must never be signed: the same rules decide on both sides.
        Entry::parse(&bytes)?;
        Ok(bytes)
    }
}

fn parse_op(members: &Members) -> Result<Op, EntryError> {
    Ok(match text(members, "op")?.as_str() {
        "put" => Op::Put(PutEntry::parse(members)?),
        "withdraw" => Op::Withdraw { object: object(members, "obj")?, why: text(members, "why")? },
        "erase" => Op::Erase {
            object: object(members, "obj")?,
            revs: members.get("var").map(parse_erased_revs).transpose()?,
            why: text(members, "why")?,
            due_seconds: optional_integer(members, "due")?.unwrap_or(DEFAULT_DUE_SECONDS),
        },
        "identity" => Op::Identity {
            seq: integer(members, "seq")?,
            doc: Digest::from_base64url(&text(members, "doc")?).map_err(|_| EntryError::Member("doc"))?,
        },
        "redact" => Op::Redact { index: integer(members, "idx")?, why: text(members, "why")? },
        other => Op::Unknown { op: other.to_owned() },
    })
}

impl PutEntry {
    fn parse(members: &Members) -> Result<PutEntry, EntryError> {
        let expires = optional_integer(members, "exp")?
            .map(|seconds| Moment::from_seconds(i64::try_from(seconds).unwrap_or(i64::MAX)));
        let listed = members.get("var").and_then(Value::as_map).ok_or(EntryError::Member("var"))?;
        let mut variants = BTreeMap::new();
        for (language, value) in listed {
            let variant = if *value == Value::Null { None } else { Some(EntryVariant::parse(value)?) };
            variants.insert(tag(language)?, variant);
        }
        Ok(PutEntry {
            object: object(members, "obj")?,
            kind: text(members, "kind")?,
            licence: text(members, "lic")?,
            parent: members.get("par").map(|_| object(members, "par")).transpose()?,
            ord: members.get("ord").map(|_| text(members, "ord")).transpose()?,
            categories: texts(members, "cat")?,
            audiences: texts(members, "aud")?,
            geo: texts(members, "geo")?,
            expires_at: expires,
            minor: match members.get("minor") {
                None | Some(Value::Bool(false)) => false,
                Some(Value::Bool(true)) => true,
                Some(_) => return Err(EntryError::Member("minor")),
            },
            variants,
        })
    }

    fn write(&self, members: &mut Members) -> Result<(), EntryError> {
        members.insert("obj".into(), self.object.to_string().into());
        put_text(members, "kind", &self.kind)?;
        put_text(members, "lic", &self.licence)?;
        if let Some(parent) = self.parent {
            members.insert("par".into(), parent.to_string().into());
        }
        if let Some(ord) = &self.ord {
            put_text(members, "ord", ord)?;
        }
        for (name, list) in [("cat", &self.categories), ("aud", &self.audiences), ("geo", &self.geo)] {
            if !list.is_empty() {
                put_texts(members, name, list)?;
            }
        }
        if let Some(at) = self.expires_at {
            members.insert("exp".into(), at.unix_seconds().into());
        }
        if self.minor {
            members.insert("minor".into(), Value::Bool(true));
        }
        let mut variants = Members::new();
        for (language, variant) in &self.variants {
            let value = variant.as_ref().map(EntryVariant::to_value).transpose()?.unwrap_or(Value::Null);
            variants.insert(language.as_str().to_owned(), value);
        }
        members.insert("var".into(), Value::Map(variants));
        Ok(())
    }
}

impl EntryVariant {
    fn parse(value: &Value) -> Result<EntryVariant, EntryError> {
        let members = value.as_map().ok_or(EntryError::Member("var"))?;
        let source = match members.get("src") {
            None => None,
            Some(source) => {
                let source = source.as_map().ok_or(EntryError::Member("src"))?;
                Some((tag(&text(source, "lang")?)?, source_rev(source.get("rev"))?))
            }
        };
        let via = match members.get("via") {
            None => Via::Human,
            Some(via) => via.as_text().and_then(Via::parse).ok_or(EntryError::Member("via"))?,
        };
        let body = Digest::from_base64url(&text(members, "body")?).map_err(|_| EntryError::Member("body"))?;
        let size_bytes = integer(members, "size")?;
        Ok(EntryVariant { body, size_bytes, rev: rev(members.get("rev"))?, source, via })
    }

    fn to_value(&self) -> Result<Value, EntryError> {
        let mut members = Members::new();
        members.insert("body".into(), self.body.to_base64url().into());
        members.insert("size".into(), self.size_bytes.into());
        members.insert("rev".into(), number(self.rev, "rev")?);
        if let Some((language, rev)) = &self.source {
            let source = [("lang".into(), language.as_str().into()), ("rev".into(), number(*rev, "rev")?)];
            members.insert("src".into(), Value::Map(source.into()));
        }
        if self.via != Via::Human {
            members.insert("via".into(), self.via.as_str().into());
        }
        Ok(Value::Map(members))
    }
}

fn parse_erased_revs(value: &Value) -> Result<BTreeMap<LanguageTag, Vec<i64>>, EntryError> {
    let listed = value.as_map().ok_or(EntryError::Member("var"))?;
    let mut erased = BTreeMap::new();
    for (language, revs) in listed {
        let revs = revs.as_list().ok_or(EntryError::Member("var"))?;
        erased.insert(tag(language)?, revs.iter().map(|number| rev(Some(number))).collect::<Result<_, _>>()?);
    }
    Ok(erased)
}

fn erased_revs(revs: &BTreeMap<LanguageTag, Vec<i64>>) -> Result<Value, EntryError> {
    let mut members = Members::new();
    for (language, revs) in revs {
        let revs = revs.iter().map(|rev| number(*rev, "var")).collect::<Result<_, _>>()?;
        members.insert(language.as_str().to_owned(), Value::List(revs));
    }
    Ok(Value::Map(members))
}

fn number(value: i64, member: &'static str) -> Result<Value, EntryError> {
    let fits = u64::try_from(value).ok().filter(|number| *number <= jcs::LARGEST_INTEGER);
    fits.map(Value::Integer).ok_or(EntryError::Member(member))
}

fn put_text(members: &mut Members, member: &'static str, text: &str) -> Result<(), EntryError> {
    if !jcs::is_profile_text(text) {
        return Err(EntryError::Unpublishable { member, text: text.to_owned() });
    }
    members.insert(member.to_owned(), text.into());
    Ok(())
}

fn put_texts(members: &mut Members, member: &'static str, list: &[String]) -> Result<(), EntryError> {
    if let Some(text) = list.iter().find(|text| !jcs::is_profile_text(text)) {
        return Err(EntryError::Unpublishable { member, text: text.clone() });
    }
    members.insert(member.to_owned(), Value::List(list.iter().map(|text| text.as_str().into()).collect()));
    Ok(())
}

fn text(members: &Members, name: &'static str) -> Result<String, EntryError> {
    members.get(name).and_then(Value::as_text).map(str::to_owned).ok_or(EntryError::Member(name))
}

fn texts(members: &Members, name: &'static str) -> Result<Vec<String>, EntryError> {
    let Some(value) = members.get(name) else { return Ok(Vec::new()) };
    let list = value.as_list().ok_or(EntryError::Member(name))?;
    list.iter().map(|text| text.as_text().map(str::to_owned).ok_or(EntryError::Member(name))).collect()
}

fn integer(members: &Members, name: &'static str) -> Result<u64, EntryError> {
    members.get(name).and_then(Value::as_integer).ok_or(EntryError::Member(name))
}

fn optional_integer(members: &Members, name: &'static str) -> Result<Option<u64>, EntryError> {
    members.get(name).map(|_| integer(members, name)).transpose()
}

fn object(members: &Members, name: &'static str) -> Result<ObjectId, EntryError> {
    text(members, name)?.parse().map_err(|_| EntryError::Member(name))
}

/// Revisions are counted from 1.
fn rev(value: Option<&Value>) -> Result<i64, EntryError> {
    source_rev(value).ok().filter(|rev| *rev > 0).ok_or(EntryError::Member("rev"))
}

/// What was translated: 0 is a revision older than the first that its node ever published.
fn source_rev(value: Option<&Value>) -> Result<i64, EntryError> {
    let number = value.and_then(Value::as_integer).and_then(|number| i64::try_from(number).ok());
    number.ok_or(EntryError::Member("src"))
}

/// A language has one spelling here, its canonical one, so that `DE` and `de` are not two.
fn tag(text: &str) -> Result<LanguageTag, EntryError> {
    let tag = text.parse::<LanguageTag>().ok().filter(|tag| tag.as_str() == text);
    tag.ok_or(EntryError::Member("var"))
}

#[cfg(test)]
mod tests {
    use super::Entry;

    const OLDER_SOURCE: &str = r#"{"kind":"page","lic":"CC-BY-4.0","obj":"019b76da-a800-7c3e-9d1a-3f2b6c7d8e9f","op":"put","ts":1,"v":1,"var":{"en":{"body":"samXac7ubpKxTjQnYFf5-PAPhbyh52YxmGRB-xSJZlk","rev":1,"size":2,"src":{"lang":"de","rev":0}}}}"#;

    #[test]
    fn a_text_may_be_made_from_a_revision_older_than_any_that_was_published() {
        let entry = Entry::parse(OLDER_SOURCE.as_bytes()).unwrap();
        assert_eq!(entry.to_bytes().unwrap(), OLDER_SOURCE.as_bytes());
    }

    #[test]
    fn what_a_follower_would_refuse_is_not_written() {
        let mut entry = Entry::parse(OLDER_SOURCE.as_bytes()).unwrap();
        if let super::Op::Put(put) = &mut entry.op {
            for variant in put.variants.values_mut().flatten() {
                variant.rev = 0;
            }
        }
        assert!(entry.to_bytes().is_err());
    }
}
