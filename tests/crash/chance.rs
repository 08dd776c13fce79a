//! Chance that can be repeated: SplitMix64 (Steele, Lea, Flood 2014) from a seed that is told.

use std::time::Duration;

pub struct Chance(u64);

impl Chance {
    /// From `CRASH_SEED`, or from real chance; what it is stands in the output of a test that fails.
    pub fn new(story: &str) -> Chance {
        let seed = match std::env::var("CRASH_SEED") {
            Ok(text) => text.parse().expect("CRASH_SEED is a number"),
            Err(_) => u64::from(u32::from_le_bytes(lotse::platform::clock::chance::<4>())),
        };
        eprintln!("{story}: CRASH_SEED={seed}");
        Chance(seed)
    }

    pub fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end
    }

    /// Yes in `of` of a hundred cases.
    pub fn percent(&mut self, of: u64) -> bool {
        self.below(100) < of
    }

    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[usize::try_from(self.below(from.len() as u64)).unwrap()]
    }

    /// A moment up to `longest_ms` from now.
    pub fn moment(&mut self, longest_ms: u64) -> Duration {
        Duration::from_micros(self.below(longest_ms * 1000))
    }
}
