//! In which order the blocks of both sides stand.

use crate::domain::content::body::Body;
use std::collections::HashSet;

/// The ids of all blocks that either side has, in the order of the side that moved some; each block that only the other
/// side has stands behind the one it follows there. Second, whether both moved blocks, differently; then ours counts.
pub fn merged(base: &Body, ours: &Body, theirs: &Body) -> (Vec<String>, bool) {
    let [base, ours, theirs] = [base, ours, theirs].map(ids);
    let common: HashSet<&str> = {
        let [ours, theirs] = [&ours, &theirs].map(|ids| ids.iter().copied().collect::<HashSet<_>>());
        base.iter().copied().filter(|id| ours.contains(id) && theirs.contains(id)).collect()
    };
    let kept = |ids: &[&str]| -> Vec<String> {
        ids.iter().filter(|id| common.contains(*id)).map(|id| (*id).to_owned()).collect()
    };
    let [before, here, there] = [kept(&base), kept(&ours), kept(&theirs)];
    let both_moved = here != before && there != before && here != there;
    let (spine, other) = if here == before && there != before { (theirs, ours) } else { (ours, theirs) };
    (woven(&spine, &other), both_moved)
}

fn ids(body: &Body) -> Vec<&str> {
    body.blocks.iter().map(|block| block.id.as_str()).collect()
}

/// `spine` with everything of `other` that it lacks.
fn woven(spine: &[&str], other: &[&str]) -> Vec<String> {
    let known: HashSet<&str> = spine.iter().copied().collect();
    // What follows each block of the spine, or stands before all of them: runs of `other` without any of it.
    let mut first = Vec::new();
    let mut behind: std::collections::HashMap<&str, Vec<&str>> = std::collections::HashMap::new();
    let mut last: Option<&str> = None;
    for id in other.iter().copied() {
        match last {
            _ if known.contains(id) => last = Some(id),
            Some(last) => behind.entry(last).or_default().push(id),
            None => first.push(id),
        }
    }
    let follow = spine.iter().flat_map(|id| {
        let run = behind.get(id).into_iter().flatten().copied();
        std::iter::once(*id).chain(run)
    });
    first.into_iter().chain(follow).map(str::to_owned).collect()
}
