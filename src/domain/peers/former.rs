//! Texts that an object had before and that are still here, such as in a mirror that has yet to follow: an erasure
//! reaches them too.

use super::error::PeerError;
use super::store::{blobs, fold as rows};
use crate::base::id::ObjectId;
use crate::base::language::LanguageTag;
use crate::domain::feed::entry::{Entry, EntryVariant, Op};
use crate::platform::db::Reading;
use std::collections::{BTreeMap, BTreeSet};

/// The digests of such bodies, by object.
pub type Former = BTreeMap<ObjectId, BTreeSet<String>>;

/// What an erasure names: all, or these revisions.
type Demand<'a> = Option<&'a BTreeMap<LanguageTag, Vec<i64>>>;

/// The former bodies that the erasures among these entries name.
pub fn former<'a>(
    tx: &mut impl Reading,
    origin: &str,
    entries: impl Iterator<Item = &'a Entry>,
) -> Result<Former, PeerError> {
    let mut demands: BTreeMap<ObjectId, Vec<Demand<'_>>> = BTreeMap::new();
    for entry in entries.filter(|entry| entry.crit.is_empty()) {
        if let Op::Erase { object, revs, .. } = &entry.op {
            demands.entry(*object).or_default().push(revs.as_ref());
        }
    }
    demands
        .into_iter()
        .map(|(object, demands)| Ok((object, still_here(tx, origin, object, &demands)?)))
        .collect()
}

/// Whether a demand names this revision of this language.
pub fn names(demand: Demand<'_>, language: &LanguageTag, rev: i64) -> bool {
    demand.is_none_or(|revs| revs.get(language).is_some_and(|revs| revs.contains(&rev)))
}

/// Reads all that the log ever said of the object, a page at a time, and keeps only what is here: a log may put one
/// object more often than the memory could hold.
fn still_here(
    tx: &mut impl Reading,
    origin: &str,
    object: ObjectId,
    demands: &[Demand<'_>],
) -> Result<BTreeSet<String>, PeerError> {
    let (object, mut found, mut from) = (object.to_string(), BTreeSet::new(), 0);
    let named = |(language, variant): &(LanguageTag, EntryVariant)| {
        demands.iter().any(|demand| names(*demand, language, variant.rev))
    };
    loop {
        let page = rows::puts_of(tx, origin, &object, from)?;
        let Some((last, _)) = page.last() else { return Ok(found) };
        from = last + 1;
        let named: BTreeSet<String> = page
            .iter()
            .flat_map(|(_, raw)| variants(raw))
            .filter(named)
            .map(|(_, variant)| variant.body.to_string())
            .collect();
        let named: Vec<String> = named.into_iter().collect();
        found.extend(blobs::here(tx, &named)?);
    }
}

fn variants(raw: &str) -> Vec<(LanguageTag, EntryVariant)> {
    let Ok(Entry { op: Op::Put(put), .. }) = Entry::parse(raw.as_bytes()) else { return Vec::new() };
    put.variants.into_iter().filter_map(|(language, variant)| Some((language, variant?))).collect()
}

#[cfg(test)]
mod tests {
    use super::former;
    use crate::base::digest::Digest;
    use crate::domain::content::store as content;
    use crate::domain::feed::entry::Entry;
    use crate::domain::peers::sync;
    use crate::domain::peers::testing::{Follower, Publisher, body_json, object};
    use std::collections::{BTreeMap, BTreeSet};

    #[tokio::test]
    async fn an_erasure_keeps_in_mind_only_those_of_a_thousand_texts_that_are_here() {
        let (mut publisher, follower) = (Publisher::new(), Follower::new());
        (1..=1100).for_each(|rev| publisher.page(1, None, &[("de", rev)]));
        publisher.publish();
        let origin = follower.follow_folder(&publisher).await;
        sync::sync(&follower.peers, &origin, |_, _| {}).await.unwrap();
        let here = [1, 600, 1100].map(|rev| body_json(1, "de", rev));
        let rows = here.map(|body| (Digest::of(body.as_bytes()), body));
        follower.write(|tx| content::bodies::save(tx, &rows));
        let erased = |var: &str| {
            let erase = format!(r#"{{"obj":"{}","op":"erase","ts":1,"v":1,{var}"why":"court"}}"#, object(1));
            let entry = Entry::parse(erase.as_bytes()).unwrap();
            follower.read(|tx| former(tx, &origin, [&entry].into_iter()))
        };
        let of = |digests: &[usize]| {
            BTreeMap::from([(
                object(1),
                digests.iter().map(|at| rows[*at].0.to_string()).collect::<BTreeSet<_>>(),
            )])
        };
        assert_eq!(erased(""), of(&[0, 1, 2]));
        assert_eq!(erased(r#""var":{"de":[2,600],"en":[1]},"#), of(&[1]));
    }
}
