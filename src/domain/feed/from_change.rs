//! What a change of content says in the log: pure and deterministic, so that the same change is the same bytes.

use super::entry::{Entry, EntryError, EntryVariant, Op, PutEntry};
use crate::base::language::LanguageTag;
use crate::base::moment::Moment;
use crate::domain::content::change::{Change, Put, Variant};
use crate::domain::identity::note::IdentityNote;
use std::collections::BTreeMap;

/// The bytes that tell a change in the log. Usually of one entry; of several only if so many languages changed, or so
/// many revisions are erased, that one would be too large.
///
/// # Errors
/// As [`Entry::to_bytes`].
pub fn logged_bytes(change: &Change) -> Result<Vec<Vec<u8>>, EntryError> {
    match Entry::from_change(change).to_bytes() {
        Err(error @ EntryError::TooLarge(_)) => {
            let (first, second) = halves(change).ok_or(error)?;
            let mut bytes = logged_bytes(&first)?;
            bytes.extend(logged_bytes(&second)?);
            Ok(bytes)
        }
        whole => Ok(vec![whole?]),
    }
}

/// Two changes that say together what one does; none if it says a single thing. Only [`Change::Put`] and
/// [`Change::Erase`] can be long.
fn halves(change: &Change) -> Option<(Change, Change)> {
    let (mut first, mut second) = (change.clone(), change.clone());
    match (&mut first, &mut second) {
        (Change::Put(first), Change::Put(second)) => second.variants = second_half(&mut first.variants)?,
        (Change::Erase { revs: first, .. }, Change::Erase { revs: second, .. }) => {
            *second = match first.first_entry().filter(|only| only.get().len() > 1) {
                // Erasing no languages would mean all of them, so each half names at least one revision.
                Some(mut only) if second.len() == 1 => {
                    let middle = only.get().len() / 2;
                    [(only.key().clone(), only.get_mut().split_off(middle))].into()
                }
                _ => second_half(first)?,
            };
        }
        _ => return None,
    }
    Some((first, second))
}

fn second_half<V>(by_language: &mut BTreeMap<LanguageTag, V>) -> Option<BTreeMap<LanguageTag, V>> {
    let middle = by_language.keys().nth(by_language.len() / 2).filter(|_| by_language.len() > 1).cloned()?;
    Some(by_language.split_off(&middle))
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
            categories: put.facets.topics.iter().cloned().collect(),
            audiences: put.facets.audiences.iter().cloned().collect(),
            geo: put.geo.iter().cloned().collect(),
            expires_at: put.expires_at,
            minor: put.minor,
            variants: variants.map(|(tag, one)| (tag.clone(), one.as_ref().map(variant))).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::base::language::LanguageTag;
    use crate::base::moment::Moment;
    use crate::domain::content::change::{Change, Put, Variant, Via};
    use crate::domain::content::kind::ObjectKind;
    use crate::domain::content::labels::{Facets, MOST_TERMS};
    use crate::domain::content::order;
    use crate::domain::feed::entry::{Entry, EntryError, Op};
    use crate::domain::feed::from_change::logged_bytes;
    use crate::domain::identity::chain::Chain;
    use crate::tlog::vectors;
    use crate::tlog::{entry_bundle::LARGEST_ENTRY_BYTES, jcs::LARGEST_INTEGER};
    use proptest::prelude::*;
    use std::collections::BTreeMap;

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
            facets: Facets::NONE,
            geo: None,
            expires_at: None,
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
    fn an_erasure_of_any_number_of_revisions_is_told_in_as_many_entries_as_it_takes() {
        let all: BTreeMap<LanguageTag, Vec<i64>> = [("de", 1..=5000), ("en", 1..=1), ("uk", 7..=2500)]
            .map(|(tag, revs)| (tag.parse().unwrap(), revs.collect()))
            .into();
        let change = Change::Erase {
            object: OBJECT.parse().unwrap(),
            at: Moment::from_seconds(1_767_312_000),
            why: "gdpr-17".into(),
            due_seconds: 3600,
            revs: all.clone(),
        };
        let parts = logged_bytes(&change).unwrap();
        let mut told: BTreeMap<LanguageTag, Vec<i64>> = BTreeMap::new();
        for part in &parts {
            let Op::Erase { object, revs: Some(revs), due_seconds: 3600, .. } =
                Entry::parse(part).unwrap().op
            else {
                panic!("{}", String::from_utf8_lossy(part))
            };
            assert_eq!(object, OBJECT.parse().unwrap());
            revs.into_iter().for_each(|(language, revs)| told.entry(language).or_default().extend(revs));
        }
        assert_eq!(told, all);
        assert!((5..=16).contains(&parts.len()), "{}", parts.len());
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

    /// The `number`th of the longest language tags.
    fn long_tag(number: usize) -> LanguageTag {
        format!("de-DE-x-abcdefgh-abcdefgh-{number:08}").parse().unwrap()
    }

    #[test]
    fn there_is_no_change_that_the_log_cannot_take() {
        let (largest, ord) = (LARGEST_INTEGER as i64, "z".repeat(order::LONGEST));
        let Change::Put(mut put) = put(&"x".repeat(100), 0) else { panic!() };
        put.ord = Some(ord);
        // As long as the ids of topics are, the longest words of audiences and the longest keys of areas.
        let terms = |length: usize| (0..MOST_TERMS).map(|number| format!("{number:0>length$}")).collect();
        put.facets = Facets { topics: terms(36), audiences: terms(40) };
        put.geo = Some("x".repeat(100));
        let variant = Variant {
            body: vectors::BODY_SHA256.parse().unwrap(),
            size_bytes: LARGEST_INTEGER,
            rev: largest,
            source: Some((long_tag(0), largest)),
            via: Via::MtReviewed,
            media: vec![],
        };
        put.variants = (0..400).map(|number| (long_tag(number), Some(variant.clone()))).collect();
        let taken_back = put.variants.keys().map(|tag| (tag.clone(), None)).collect();
        let (object, at) = (put.object, Moment::from_micros(i64::MAX));
        let erase = |languages: usize, count: i64| Change::Erase {
            object,
            at,
            why: "gdpr-17".into(),
            due_seconds: LARGEST_INTEGER,
            revs: (0..languages)
                .map(|tag| (long_tag(tag), (largest - count + 1..=largest).collect()))
                .collect(),
        };
        for change in [
            Change::Put(Put { variants: taken_back, ..put.clone() }),
            Change::Put(put),
            Change::Withdraw { object, at, why: "archived".into() },
            erase(0, 0),
            erase(1, 30_000),
            erase(400, 0),
            erase(400, 1),
            erase(300, 30),
        ] {
            let parts = logged_bytes(&change).unwrap();
            assert!(parts.iter().all(|part| part.len() <= LARGEST_ENTRY_BYTES && Entry::parse(part).is_ok()));
            let told: usize = parts.iter().map(|part| count(&Entry::parse(part).unwrap().op)).sum();
            assert_eq!(told, count(&Entry::from_change(&change).op));
        }
    }

    /// How many languages or revisions an entry speaks of; one that erases all counts for more than any list.
    fn count(op: &Op) -> usize {
        match op {
            Op::Put(put) => put.variants.len(),
            Op::Erase { revs: Some(revs), .. } => revs.values().map(Vec::len).sum(),
            Op::Erase { revs: None, .. } => 1_000_000,
            _ => 0,
        }
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
