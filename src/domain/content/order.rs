//! Fractional order keys: between any two there is always another, so that moving a page changes one row.

/// The longest key that pages of ours have: the log takes up to 200 characters, and between two keys there is room only
/// for longer and longer ones. When one is longer than this, it and its siblings get fresh ones by [`after`].
pub const LONGEST: usize = 64;

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

fn value(digit: u8) -> usize {
    DIGITS.iter().position(|d| *d == digit).unwrap_or(0)
}

/// A key that sorts (by bytes) after `low` and before `high`; `None` is the open end. Keys never end in `0`,
/// which is what leaves room below every key. `low` must be less than `high`.
pub fn between(low: Option<&str>, high: Option<&str>) -> String {
    let (low, high) = (low.unwrap_or("").as_bytes(), high.map(str::as_bytes));
    let mut key = Vec::new();
    // While the keys agree the new one does too; after that `high` sets no bound any more.
    let mut high = high;
    for at in 0.. {
        let floor = low.get(at).map_or(0, |d| value(*d));
        let ceiling = high.map_or(DIGITS.len(), |high| high.get(at).map_or(0, |d| value(*d)));
        if ceiling > floor + 1 {
            key.push(DIGITS[floor.midpoint(ceiling)]);
            break;
        }
        key.push(DIGITS[floor]);
        if ceiling == floor + 1 {
            high = None;
        }
    }
    key.into_iter().map(char::from).collect()
}

/// `count` keys in order, all after `low`, equally long and evenly spread, for many siblings at once.
pub fn after(low: Option<&str>, count: usize) -> Vec<String> {
    let mut width = 1;
    while DIGITS.len().pow(width) < 2 * (count + 2) {
        width += 1;
    }
    let step = (DIGITS.len().pow(width) - 1) / (count + 1);
    let prefix = low.unwrap_or("");
    (1..=count)
        .map(|index| {
            let mut number = index * step;
            let mut key = vec![b'0'; width as usize];
            for digit in key.iter_mut().rev() {
                *digit = DIGITS[number % DIGITS.len()];
                number /= DIGITS.len();
            }
            // The last digit is a middle one, so that no key ends in 0.
            let key: String = key.into_iter().map(char::from).collect();
            format!("{prefix}{key}V")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{after, between};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn there_is_always_room_between_neighbours(places in proptest::collection::vec(any::<proptest::sample::Index>(), 1..200)) {
            let mut keys: Vec<String> = after(None, 2);
            for place in places {
                let at = place.index(keys.len() + 1);
                let low = at.checked_sub(1).map(|i| keys[i].clone());
                let key = between(low.as_deref(), keys.get(at).map(String::as_str));
                keys.insert(at, key);
            }
            prop_assert!(keys.windows(2).all(|pair| pair[0] < pair[1]), "{keys:?}");
            prop_assert!(keys.iter().all(|key| !key.ends_with('0')));
        }

        #[test]
        fn keys_for_many_siblings_are_in_order(count in 0usize..3000) {
            let keys = after(Some("Vk"), count);
            prop_assert_eq!(keys.len(), count);
            prop_assert!(keys.windows(2).all(|pair| pair[0] < pair[1]));
            prop_assert!(keys.iter().all(|key| key.as_str() > "Vk"));
        }
    }
}
