//! Random schedules of publishing, crashing, following and fraud: whatever happens, a follower shows what was
//! signed and nothing else, and says what was wrong. `LOTSE_SCHEDULES=<n>` runs more of them.

mod bulk;
mod faults;
mod follower;
mod plan;
mod publisher;
mod regressions;
mod served;
mod shelf;
mod town;
mod world;

use plan::{Deed, plans};
use proptest::prelude::*;
use world::World;

/// Schedules in a usual run; less than a minute on either database.
const USUAL: u32 = 24;

fn config(share: u32) -> ProptestConfig {
    let asked = std::env::var("LOTSE_SCHEDULES").ok().and_then(|number| number.parse::<u32>().ok());
    let cases = asked.unwrap_or(USUAL).div_ceil(share);
    // What a schedule finds becomes a test in `regressions`, where it can be read.
    ProptestConfig { cases, failure_persistence: None, max_shrink_iters: 300, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config(1))]

    #[test]
    fn whatever_happens_a_follower_shows_what_was_signed_and_nothing_else(deeds in plans()) {
        run(&deeds, world::Road::Folder);
    }
}

proptest! {
    #![proptest_config(config(4))]

    #[test]
    fn over_http_a_follower_shows_what_was_signed_and_nothing_else(deeds in plans()) {
        run(&deeds, world::Road::Http);
    }
}

fn run(deeds: &[Deed], road: world::Road) {
    let mut world = World::new(road);
    for deed in deeds {
        world.play(deed);
    }
    world.end();
}
