//! Order keys for siblings that come in a new order, so that as few pages as possible must move.

use crate::domain::content::order;

/// One key per sibling, in their order. `held` are the keys they have; those of the longest run that is already in
/// order stay, `None` and the others get new ones. If one would be too long, all get new ones.
pub(super) fn keys(held: &[Option<&str>]) -> Vec<String> {
    let stays = longest_run(held);
    if stays.is_empty() {
        return order::after(None, held.len());
    }
    let mut keys: Vec<String> = Vec::with_capacity(held.len());
    for at in 0..held.len() {
        let key = match held[at].filter(|_| stays.contains(&at)) {
            Some(key) => key.to_owned(),
            None => {
                let next = stays.iter().find(|stay| **stay > at).and_then(|stay| held[*stay]);
                order::between(keys.last().map(String::as_str), next)
            }
        };
        keys.push(key);
    }
    match keys.iter().any(|key| key.len() > order::LONGEST) {
        true => order::after(None, held.len()),
        false => keys,
    }
}

/// Indices of a longest strictly increasing run of keys. Siblings are few, so the plain quadratic way is fine.
fn longest_run(held: &[Option<&str>]) -> Vec<usize> {
    let mut best: Vec<(usize, Option<usize>)> = Vec::with_capacity(held.len());
    for (at, key) in held.iter().enumerate() {
        let before = (0..at)
            .filter(|before| key.is_some() && held[*before].is_some() && held[*before] < *key)
            .max_by_key(|before| best[*before].0);
        let length = if key.is_some() { before.map_or(0, |before| best[before].0) + 1 } else { 0 };
        best.push((length, before));
    }
    let mut run = Vec::new();
    let mut at = (0..held.len()).max_by_key(|at| best[*at].0).filter(|at| best[*at].0 > 0);
    while let Some(index) = at {
        run.push(index);
        at = best[index].1;
    }
    run.reverse();
    run
}

#[cfg(test)]
mod tests {
    use super::keys;
    use proptest::prelude::*;

    #[test]
    fn only_what_moved_gets_a_new_key() {
        let held = ["B", "C", "D"].map(Some);
        assert_eq!(keys(&held), ["B", "C", "D"]);
        let moved = keys(&[Some("D"), Some("B"), Some("C"), None]);
        assert_eq!(moved[1..3], ["B", "C"]);
        assert!(moved[0] < moved[1] && moved[3] > moved[2]);
        assert_eq!(keys(&[None, None]).len(), 2);
    }

    #[test]
    fn any_number_of_new_siblings_between_two_get_keys_that_the_log_takes() {
        let held: Vec<Option<&str>> =
            std::iter::once(Some("B")).chain((0..2000).map(|_| None)).chain([Some("C")]).collect();
        let keys = keys(&held);
        assert!(keys.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(keys.iter().all(|key| key.len() <= crate::domain::content::order::LONGEST));
    }

    proptest! {
        #[test]
        fn keys_follow_the_order(held in proptest::collection::vec(proptest::option::of("[1-9A-Z]{1,3}"), 0..20)) {
            let held: Vec<Option<&str>> = held.iter().map(Option::as_deref).collect();
            let keys = keys(&held);
            prop_assert!(keys.windows(2).all(|pair| pair[0] < pair[1]), "{keys:?}");
        }
    }
}
