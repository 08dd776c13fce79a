//! What entries become as rows.

use super::fold::Parsed;
use super::store::fold::{EntryRow, HeadRow, ObjectRow};
use super::verify::Leaf;
use crate::base::language::LanguageTag;
use crate::domain::content::labels::Facets;
use crate::domain::feed::entry::{EntryVariant, Op, PutEntry};

pub(super) fn entry_row(
    origin: &str,
    index: u64,
    leaf: &Leaf,
    parsed: &Parsed,
    bad: Option<String>,
) -> EntryRow {
    let (op, kind, object) = match parsed.as_ref().map(|entry| &entry.op) {
        Ok(Op::Put(put)) => ("put", Some(put.kind.clone()), Some(put.object)),
        Ok(Op::Withdraw { object, .. }) => ("withdraw", None, Some(*object)),
        Ok(Op::Erase { object, .. }) => ("erase", None, Some(*object)),
        Ok(Op::Identity { .. }) => ("identity", None, None),
        Ok(Op::Redact { .. }) => ("redact", None, None),
        Ok(Op::Unknown { op }) => (op.as_str(), None, None),
        Err(_) if leaf.bytes.is_empty() => ("redacted", None, None),
        Err(_) => ("?", None, None),
    };
    EntryRow {
        origin: origin.to_owned(),
        idx: signed(index),
        leaf: leaf.hash.to_string(),
        raw: stored_bytes(&leaf.bytes),
        op: op.to_owned(),
        kind,
        object: object.map(|object| object.to_string()),
        bad_reason: bad,
    }
}

/// Entries are ASCII; one that is not is kept in base64 behind a mark that no entry begins with.
pub(super) fn stored_bytes(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.contains('\0') => text.to_owned(),
        _ => format!("base64:{}", data_encoding::BASE64.encode(bytes)),
    }
}

pub(super) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

pub(super) fn object_row(origin: &str, index: u64, put: &PutEntry, raw: &[u8]) -> ObjectRow {
    let facets = Facets {
        topics: put.categories.iter().cloned().collect(),
        audiences: put.audiences.iter().cloned().collect(),
    };
    ObjectRow {
        origin: origin.to_owned(),
        object: put.object.to_string(),
        idx: signed(index),
        kind: put.kind.clone(),
        licence: put.licence.clone(),
        parent: put.parent.map(|parent| parent.to_string()),
        ord: put.ord.clone().unwrap_or_default(),
        expires_at: put.expires_at.map(|at| at.micros()),
        state: "live".to_owned(),
        entry: stored_bytes(raw),
        facets: serde_json::to_string(&facets).unwrap_or_else(|_| "{}".to_owned()),
    }
}

pub(super) fn new_head(
    origin: &str,
    index: u64,
    put: &PutEntry,
    language: &LanguageTag,
    variant: &EntryVariant,
) -> HeadRow {
    let (source_language, source_rev) = variant.source.clone().unzip();
    HeadRow {
        origin: origin.to_owned(),
        object: put.object.to_string(),
        language: language.to_string(),
        idx: signed(index),
        rev: variant.rev,
        body: variant.body.to_string(),
        size_bytes: signed(variant.size_bytes),
        source_language: source_language.map(|language| language.to_string()),
        source_rev,
        via: variant.via.as_str().to_owned(),
        minor: put.minor,
        major_rev: if put.minor { 0 } else { variant.rev },
        state: String::new(),
        ready_body: None,
        ready_rev: None,
        ready_at: None,
        news: 0,
    }
}
