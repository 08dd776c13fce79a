//! What a change of content says in the log: pure and deterministic, so that the same change is the same bytes.

use super::entry::{Entry, EntryError, EntryVariant, Op, PutEntry};
use crate::base::moment::Moment;
use crate::domain::content::change::{Change, Put, Variant};
use crate::domain::identity::note::IdentityNote;

/// The bytes that tell a change in the log. Usually of one entry; of several only if so many languages changed
/// that one would be too large.
///
/// # Errors
/// As [`Entry::to_bytes`].
pub fn logged_bytes(change: &Change) -> Result<Vec<Vec<u8>>, EntryError> {
    let whole = Entry::from_change(change).to_bytes();
    match (whole, change) {
        (Err(EntryError::TooLarge(_)), Change::Put(put)) if put.variants.len() > 1 => {
            let middle = put.variants.keys().nth(put.variants.len() / 2).cloned();
            let mut first = put.clone();
            let second = middle.map(|middle| first.variants.split_off(&middle)).unwrap_or_default();
            let mut bytes = logged_bytes(&Change::Put(first))?;
            bytes.extend(logged_bytes(&Change::Put(Put { variants: second, ..put.clone() }))?);
            Ok(bytes)
        }
        (whole, _) => Ok(vec![whole?]),
    }
}

impl Entry {
    /// The entry that tells a change.
    pub fn from_change(change: &Change) -> Entry {
        let (at, op) = match change {
            Change::Put(put) => (put.at, Op::Put(PutEntry::from(put))),
            Change::Withdraw { object, at, why } => (*at, Op::Withdraw { object: *object, why: why.clone() }),
            Change::Erase { object, at, why, due_seconds, revs } => {
                let revs = if revs.is_empty() { None } else { Some(revs.clone()) };
                let op = Op::Erase { object: *object, revs, why: why.clone(), due_seconds: *due_seconds };
                (*at, op)
            }
        };
        Entry { ts: at.unix_seconds(), op, crit: Vec::new() }
    }

    /// The entry that binds an identity note into the log.
    pub fn of_identity(note: &IdentityNote, at: Moment) -> Entry {
        let op = Op::Identity { seq: note.document.seq, doc: note.digest() };
        Entry { ts: at.unix_seconds(), op, crit: Vec::new() }
    }
}

impl From<&Put> for PutEntry {
    fn from(put: &Put) -> PutEntry {
        let variant = |variant: &Variant| EntryVariant {
            body: variant.body,
            size_bytes: variant.size_bytes,
            rev: variant.rev,
            source: variant.source.clone(),
            via: variant.via,
        };
        let variants = put.variants.iter();
        PutEntry {
            object: put.object,
            kind: put.kind.as_str().to_owned(),
            licence: put.licence.clone(),
            parent: put.parent,
            ord: put.ord.clone(),
            categories: Vec::new(),
            audiences: Vec::new(),
            geo: Vec::new(),
            expires_at: None,
            minor: put.minor,
            variants: variants.map(|(tag, one)| (tag.clone(), one.as_ref().map(variant))).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::base::moment::Moment;
    use crate::domain::content::change::{Change, ObjectKind, Put, Variant, Via};
    use crate::domain::feed::entry::{Entry, EntryError, Op};
    use crate::domain::feed::from_change::logged_bytes;
    use crate::domain::identity::chain::Chain;
    use crate::tlog::vectors;
    use proptest::prelude::*;

    const OBJECT: &str = "019b76da-a800-7c3e-9d1a-3f2b6c7d8e9f";

    #[test]
    fn the_published_entries_are_read_and_written_without_change() {
        for text in vectors::ENTRIES {
            let entry = Entry::parse(text.as_bytes()).unwrap();
            assert_eq!(entry.to_bytes().unwrap(), text.as_bytes());
        }
        let Op::Put(put) = Entry::parse(vectors::ENTRIES[1].as_bytes()).unwrap().op else { panic!() };
        assert_eq!(put.variants.len(), 2);
        assert_eq!(put.audiences, ["arrival"]);
        let english = put.variants[&"en".parse().unwrap()].clone().unwrap();
        assert_eq!((english.via, english.source), (Via::MtReviewed, Some(("de".parse().unwrap(), 1))));
    }

    #[test]
    fn the_published_identity_and_erasure_are_made_from_their_changes() {
        let chain = Chain::verify(vectors::IDENTITY.as_bytes()).unwrap();
        let entry = Entry::of_identity(chain.newest(), Moment::from_seconds(1_767_225_600));
        assert_eq!(entry.to_bytes().unwrap(), vectors::ENTRIES[0].as_bytes());
        let erase = Change::Erase {
            object: OBJECT.parse().unwrap(),
            at: Moment::from_seconds(1_767_312_000),
            why: "gdpr-17".into(),
            due_seconds: 72 * 3600,
            revs: [("en".parse().unwrap(), vec![1])].into(),
        };
        assert_eq!(Entry::from_change(&erase).to_bytes().unwrap(), vectors::ENTRIES[2].as_bytes());
    }

    fn put(licence: &str, languages: usize) -> Change {
        let variant = |number: usize| Variant {
            body: vectors::BODY_SHA256.parse().unwrap(),
            size_bytes: 173,
            rev: 1 + number as i64,
            source: (number > 0).then(|| ("aa".parse().unwrap(), 1)),
            via: if number.is_multiple_of(2) { Via::Human } else { Via::Mt },
            media: vec![],
        };
        let tag = |number: usize| {
            let letter = |n: usize| char::from(b'a' + n as u8);
            format!("{}{}", letter(number / 26), letter(number % 26)).parse().unwrap()
        };
        Change::Put(Put {
            object: OBJECT.parse().unwrap(),
            at: Moment::from_seconds(1_767_225_660),
            kind: ObjectKind::Page,
            licence: licence.into(),
            parent: Some(OBJECT.parse().unwrap()),
            ord: Some("a0".into()),
            minor: true,
            variants: (0..languages).map(|number| (tag(number), Some(variant(number)))).collect(),
        })
    }

    #[test]
    fn what_cannot_stand_in_an_entry_is_told() {
        assert!(Entry::from_change(&put("CC-BY-4.0", 15)).to_bytes().is_ok());
        let refused = Entry::from_change(&put("nur für Bürger", 1)).to_bytes();
        assert!(matches!(refused, Err(EntryError::Unpublishable { member: "lic", .. })));
        let refused = Entry::from_change(&put("CC-BY-4.0", 90)).to_bytes();
        assert!(matches!(refused, Err(EntryError::TooLarge(_))), "{refused:?}");
        let parts = logged_bytes(&put("CC-BY-4.0", 90)).unwrap();
        let languages = parts.iter().map(|part| match Entry::parse(part).unwrap().op {
            Op::Put(put) => put.variants.len(),
            _ => 0,
        });
        assert_eq!((parts.len(), languages.sum::<usize>()), (2, 90));
    }

    #[test]
    fn what_is_no_entry_is_refused() {
        let put = vectors::ENTRIES[1];
        for (from, to) in [
            (r#""v":1"#, r#""v":2"#),
            (r#""rev":1,"#, r#""rev":0,"#),
            (r#""via":"mt-reviewed""#, r#""via":"oracle""#),
            (r#""obj":"019b76da"#, r#""obj":"019B76DA"#),
            (r#"{"de":{"#, r#"{"DE":{"#),
            (r#""lic":"CC-BY-4.0","#, ""),
            (r#""ts":1767225660"#, r#""ts":"soon""#),
            (r#"{"aud""#, r#"{ "aud""#),
            ("hGRNg3dmAqFhkt4xM734nBbK9KPBE3T8LasxUuKMVNc", "hGRNg3dmAqFhkt4xM734nBbK9KPBE3T8LasxUuKMVNd"),
        ] {
            assert!(put.contains(from), "{from}");
            assert!(Entry::parse(put.replacen(from, to, 1).as_bytes()).is_err(), "{to}");
        }
        assert!(matches!(Entry::parse(&[b'{'; 8193]), Err(EntryError::TooLarge(8193))));
        assert!(Entry::parse(b"").is_err());
    }

    #[test]
    fn what_is_new_is_kept_and_told_apart() {
        let entry = Entry::parse(br#"{"op":"propose","ref":"x","ts":1,"v":1}"#).unwrap();
        assert_eq!(entry.op, Op::Unknown { op: "propose".into() });
        let unknown_kind = vectors::ENTRIES[1].replace(r#""kind":"page""#, r#""kind":"tram""#);
        let Op::Put(put) = Entry::parse(unknown_kind.as_bytes()).unwrap().op else { panic!() };
        assert_eq!(put.kind, "tram");
        let critical = br#"{"crit":["obj","quota"],"obj":"019b76da-a800-7c3e-9d1a-3f2b6c7d8e9f","op":"withdraw","quota":1,"ts":1,"v":1,"why":"moved"}"#;
        assert_eq!(Entry::parse(critical).unwrap().crit, ["quota"]);
        let withdrawn = vectors::ENTRIES[1].replace(r#""var":{"#, r#""var":{"ar":null,"#);
        let Op::Put(put) = Entry::parse(withdrawn.as_bytes()).unwrap().op else { panic!() };
        assert_eq!(put.variants[&"ar".parse().unwrap()], None);
    }

    proptest! {
        #[test]
        fn every_change_is_read_back_as_it_was_written(languages in 1usize..40, licence in "[A-Za-z0-9.-]{1,20}") {
            let entry = Entry::from_change(&put(&licence, languages));
            prop_assert_eq!(Entry::parse(&entry.to_bytes().unwrap()).unwrap(), entry);
        }

        #[test]
        fn no_change_of_a_byte_makes_it_panic(which in 0usize..3, at in any::<prop::sample::Index>(), byte in any::<u8>()) {
            let mut bytes = vectors::ENTRIES[which].as_bytes().to_vec();
            *at.get_mut(&mut bytes) = byte;
            let _ = Entry::parse(&bytes);
        }
    }
}
