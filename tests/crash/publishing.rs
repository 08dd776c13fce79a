//! A publishing node: whichever of its processes dies at whatever moment, what was acknowledged is public and in the
//! log, nothing is there twice, and the log only ever grew.

use super::chance::Chance;
use super::log::Log;
use super::node::{Node, Running, SOON};
use super::texts::shown;
use super::watch::Watch;
use super::wire::until;
use super::world::{Change, World};
use lotse::tlog::checkpoint::Checkpoint;
use std::time::{Duration, Instant};

/// Longer than a change takes by itself, so that it is also killed after its end.
const CHANGE_MS: u64 = 120;
/// Longer than a start takes.
const SERVE_MS: u64 = 250;

struct Story {
    chance: Chance,
    node: Node,
    world: World,
    log: Log,
    watch: Watch,
    serving: Option<Running>,
    killed: (u32, u32),
}

impl Story {
    fn begin(name: &str) -> Story {
        let mut node = Node::new("Stadt");
        let mut world = World::new();
        let first = world.first();
        node.publish(&first);
        world.happened(&first);
        node.learn_ids();
        let serving = Some(node.serving());
        let mut watch = Watch::new();
        watch.checkpoints(node.port);
        watch.pages(node.port, "stadt");
        let chance = Chance::new(name);
        Story { chance, node, world, log: Log::default(), watch, serving, killed: (0, 0) }
    }

    /// A change by a second process; either of the two may be killed meanwhile.
    fn change(&mut self) {
        let change = self.world.next(&mut self.chance);
        let change_dies = self.chance.percent(60).then(|| self.chance.moment(CHANGE_MS));
        let mut server_dies = self.chance.percent(60).then(|| self.chance.moment(SERVE_MS));
        if self.serving.is_none() {
            self.serving = Some(self.node.serve());
        }
        let begun = Instant::now();
        let mut changing = Some(self.node.change(&change));
        while changing.is_some() || server_dies.is_some() {
            if server_dies.is_some_and(|at| begun.elapsed() >= at) {
                server_dies = None;
                self.serving.take().unwrap().kill();
                self.killed.0 += 1;
            }
            if let Some(ended) = changing.as_mut().and_then(Running::ended) {
                assert!(ended, "{change:?} failed\n{}", self.node.told());
                self.world.happened(&change);
                changing = None;
            } else if change_dies.is_some_and(|at| begun.elapsed() >= at)
                && let Some(running) = changing.take()
            {
                self.killed.1 += 1;
                self.killed_while(running, &change);
            }
            std::thread::sleep(Duration::from_micros(500));
        }
    }

    fn killed_while(&mut self, running: Running, change: &Change) {
        if running.kill() {
            self.world.happened(change);
        } else {
            self.world.may_have_happened(change);
        }
    }

    /// Everything is started again and comes to rest, and then everything is right.
    fn rest(&mut self) {
        if self.serving.is_none() {
            self.serving = Some(self.node.serve());
        }
        let Story { node, world, log, .. } = self;
        let signed = until("the node comes to rest", SOON, || at_rest(node, world, log));
        self.watch.is_content();
        assert_eq!(self.node.guarded(), signed.size, "the guard and the log");
        assert!(self.serving.as_mut().unwrap().ended().is_none(), "{}", self.node.told());
    }
}

/// Whether nothing is under way any more: readers see what may be, and the log says the same.
pub fn at_rest(node: &Node, world: &mut World, log: &mut Log) -> Result<Checkpoint, String> {
    let seen = shown(node.port, "stadt")?;
    world.allows(&seen)?;
    let signed = log.catch_up(node.port)?;
    let logged = log.public();
    if logged != seen {
        return Err(format!("the log says {logged:?}, readers see {seen:?}"));
    }
    let complaints = node.complaints();
    // Nothing may have been signed since the log was read.
    if !complaints.is_empty() || log.catch_up(node.port)? != signed {
        return Err(format!("it still signs: {complaints:?}"));
    }
    world.settle(&seen);
    Ok(signed)
}

#[test]
fn a_publishing_node_loses_nothing_and_says_nothing_twice() {
    let mut story = Story::begin("publishing");
    let begun = Instant::now();
    let rounds = super::rounds() * 3 / 5;
    for round in 0..rounds {
        eprintln!("publishing, round {round}");
        for _ in 0..=story.chance.below(2) {
            story.change();
        }
        story.rest();
    }
    story.node.verify();
    let sizes = story.log.continues(story.watch.checkpoints_seen());
    eprintln!(
        "{rounds} rounds in {:?}: {} servers and {} changes killed, {} entries, {sizes} checkpoints, {} looks",
        begun.elapsed(),
        story.killed.0,
        story.killed.1,
        story.log.size(),
        story.watch.looks(),
    );
    assert!(sizes > rounds / 4 && story.watch.looks() > rounds as u64, "the watch saw too little");
}
