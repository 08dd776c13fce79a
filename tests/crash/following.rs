//! A following node: killed while it syncs, fetches or mirrors, it comes to show exactly what its origin publishes,
//! and on the way never half a text or one that was not published.

use super::chance::Chance;
use super::node::{Node, Running, SOON};
use super::texts::{Shown, shown};
use super::watch::Watch;
use super::wire::until;
use super::world::World;
use std::time::Instant;

/// Longer than a sync takes by itself.
const SYNC_MS: u64 = 100;
/// Longer than a server needs to start and to find news.
const SERVE_MS: u64 = 1800;

struct Story {
    chance: Chance,
    origin: Node,
    world: World,
    follower: Node,
    serving: Option<Running>,
    killed: (u32, u32),
    watch: Watch,
    _origin_serves: Running,
}

impl Story {
    fn begin(name: &str) -> Story {
        let mut origin = Node::new("Stadt");
        let mut world = World::new();
        let first = world.first();
        origin.publish(&first);
        world.happened(&first);
        origin.learn_ids();
        let origin_serves = origin.serving();
        let follower = Node::new("Ort");
        let site = format!("http://127.0.0.1:{}/", origin.port);
        follower.done(&["region", "add", "ort", "--name", "Ort", "--languages", "de,en"]);
        follower.done(&["follow", &site, "--yes"]);
        follower.done(&["adopt", "Stadt", origin.id_of("wurzel"), "--region", "ort"]);
        let serving = Some(follower.serving());
        let mut watch = Watch::new();
        watch.pages(follower.port, "ort");
        watch.checkpoints(follower.port);
        let chance = Chance::new(name);
        Story {
            chance,
            origin,
            world,
            follower,
            serving,
            killed: (0, 0),
            watch,
            _origin_serves: origin_serves,
        }
    }

    /// A change there; here the server is killed while it arrives, or a sync by hand.
    fn change(&mut self) {
        let change = self.world.next(&mut self.chance);
        let mut changing = self.origin.change(&change);
        if self.chance.percent(60) {
            let serving = self.serving.take().unwrap_or_else(|| self.follower.serve());
            std::thread::sleep(self.chance.moment(SERVE_MS));
            serving.kill();
            self.killed.0 += 1;
        }
        let made = until("a change is made", SOON, || changing.ended().ok_or_else(|| format!("{change:?}")));
        assert!(made, "{change:?} failed\n{}", self.origin.told());
        self.world.happened(&change);
        if self.chance.percent(60) {
            let sync = self.follower.start(&["sync"]);
            std::thread::sleep(self.chance.moment(SYNC_MS));
            sync.kill();
            self.killed.1 += 1;
        }
    }

    /// The follower runs again and arrives at what its origin shows.
    fn rest(&mut self) {
        if self.serving.is_none() {
            self.serving = Some(self.follower.serve());
        }
        let Story { origin, world, follower, .. } = self;
        until("the follower arrives", SOON, || {
            let there = shown(origin.port, "stadt")?;
            world.allows(&there)?;
            let adopted: Shown = there.into_iter().filter(|((_, slug), _)| slug != "zweig").collect();
            let here = shown(follower.port, "ort")?;
            if here == adopted {
                Ok(())
            } else {
                Err(format!("shown here {here:?}, there {adopted:?}\n{}", follower.told()))
            }
        });
        self.watch.is_content();
        assert!(self.serving.as_mut().unwrap().ended().is_none(), "{}", self.follower.told());
    }
}

#[test]
fn a_following_node_arrives_at_what_its_origin_says_and_never_shows_half_of_it() {
    let mut story = Story::begin("following");
    let begun = Instant::now();
    let rounds = super::rounds() * 2 / 5;
    for round in 0..rounds {
        eprintln!("following, round {round}");
        story.change();
        story.rest();
    }
    let complaints = story.follower.complaints();
    assert!(!complaints.iter().any(|words| words.contains("sign")), "{complaints:?}");
    story.follower.verify();
    eprintln!(
        "{rounds} rounds in {:?}: {} servers and {} syncs killed, {} looks",
        begun.elapsed(),
        story.killed.0,
        story.killed.1,
        story.watch.looks(),
    );
    assert!(story.watch.looks() > rounds as u64, "the watch saw too little");
}
