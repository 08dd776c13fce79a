//! When a feed is asked again: often while it is lively, seldom while it is quiet or out of reach.

use super::Limits;
use crate::base::moment::Moment;
use crate::platform::clock;
use std::time::Duration;

/// SPEC: back-off ≤ 6 h (civic-feed §2.16).
const LONGEST_BACKOFF_SECONDS: i64 = 6 * 3600;
/// One worker has a feed for this long, and for as long again each time it shows that it lives: a process that was
/// killed keeps nobody waiting for longer.
pub const LEASE_SECONDS: i64 = 20;
/// How often it shows that.
pub const SIGN_OF_LIFE: Duration = Duration::from_secs(5);
/// SPEC: no error for 24 h if a cache shows an older checkpoint.
pub const STALE_CACHE_SECONDS: i64 = 24 * 3600;
/// SPEC: fresh if confirmed within 26 h, else unconfirmed since then.
pub const FRESH_SECONDS: i64 = 26 * 3600;

/// The next time to ask after an answer; `last_new` is when entries last came.
/// SPEC: adaptive with ±20 % jitter (civic-feed §2.8).
pub fn after_success(limits: Limits, now: Moment, last_new: Option<Moment>) -> Moment {
    // A tenth of the silence so far: by default every two minutes for twenty, every half hour after five hours.
    let silence = last_new.map_or(limits.poll_max_seconds * 10, |at| now.seconds_since(at));
    now.plus_seconds(jitter((silence / 10).clamp(limits.poll_min_seconds, limits.poll_max_seconds)))
}

/// The next time to ask after `fails` failures in a row, not before the server wants it.
pub fn after_failure(limits: Limits, now: Moment, fails: i64, retry_after_seconds: Option<u64>) -> Moment {
    now.plus_seconds(
        jitter(backoff(limits.poll_min_seconds, fails, LONGEST_BACKOFF_SECONDS)).max(
            retry_after_seconds
                .and_then(|seconds| i64::try_from(seconds).ok())
                .map_or(0, |seconds| seconds.min(LONGEST_BACKOFF_SECONDS)),
        ),
    )
}

/// `first` doubled for each failure so far, up to `longest`; in seconds.
pub fn backoff(first: i64, fails: i64, longest: i64) -> i64 {
    let doublings = u32::try_from(fails.clamp(0, 30)).unwrap_or(30);
    first.saturating_mul(1 << doublings).min(longest)
}

fn jitter(seconds: i64) -> i64 {
    let chance = i64::from(u16::from_le_bytes(clock::chance::<2>()));
    seconds * 4 / 5 + seconds * 2 / 5 * chance / i64::from(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::{Limits, after_failure, after_success};
    use crate::base::moment::Moment;

    const NOW: Moment = Moment::from_seconds(1_800_000_000);

    #[test]
    fn a_lively_feed_is_asked_every_two_minutes_and_a_quiet_one_every_thirty() {
        for _ in 0..100 {
            let lively = after_success(Limits::default(), NOW, Some(NOW)).seconds_since(NOW);
            assert!((96..=144).contains(&lively), "{lively}");
            let quiet =
                after_success(Limits::default(), NOW, Some(NOW.plus_seconds(-90_000))).seconds_since(NOW);
            assert!((1440..=2160).contains(&quiet), "{quiet}");
        }
    }

    #[test]
    fn failures_are_met_with_patience_up_to_six_hours() {
        assert!(after_failure(Limits::default(), NOW, 0, None).seconds_since(NOW) <= 144);
        for fails in [8, 30, 1000] {
            let wait = after_failure(Limits::default(), NOW, fails, None).seconds_since(NOW);
            assert!((17_280..=25_920).contains(&wait), "{wait}");
        }
        assert!(after_failure(Limits::default(), NOW, 0, Some(3600)).seconds_since(NOW) >= 3600);
        assert!(after_failure(Limits::default(), NOW, 0, Some(u64::MAX)).seconds_since(NOW) <= 21_600);
    }
}
