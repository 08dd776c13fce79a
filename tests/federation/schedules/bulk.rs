//! The same for logs so long that tiles are fetched first.

use super::plan::{Deed, fault};
use super::{config, run, world};
use proptest::prelude::*;

proptest! {
    #![proptest_config(config(10))]

    #[test]
    fn a_long_log_is_taken_over_as_it_was_signed_or_not_at_all(
        before in 0usize..300,
        faults in prop::collection::vec(fault(), 1..4),
        awaits in 1u8..60,
        road in prop::bool::ANY,
    ) {
        let crash = Deed::CrashFollower { awaits, reopen: true };
        let mut deeds = vec![Deed::Fill(before), Deed::Sequence, Deed::Sync];
        deeds.extend([Deed::Fill(4200), Deed::Sequence, crash]);
        deeds.extend(faults.into_iter().map(Deed::Serve));
        run(&deeds, if road { world::Road::Http } else { world::Road::Folder });
    }
}
