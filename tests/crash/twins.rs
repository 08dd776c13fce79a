//! Two servers on the same data: they take turns at signing, so that there is never more than one log.

use super::chance::Chance;
use super::log::{Log, checkpoint};
use super::node::{Node, Running, SOON};
use super::publishing::at_rest;
use super::texts::shown;
use super::watch::Watch;
use super::wire::{fetch, free_port, until};
use super::world::World;

const CHANGES: usize = 12;

#[test]
fn two_servers_on_the_same_data_sign_one_log() {
    let mut chance = Chance::new("twins");
    let (mut node, mut world) = (Node::new("Stadt"), World::new());
    let first = world.first();
    node.publish(&first);
    world.happened(&first);
    node.learn_ids();
    let _one = node.serving();
    let port = free_port();
    let twin = || node.start(&["serve", "--set", &format!("site.listen=127.0.0.1:{port}")]);
    let mut two = twin();
    let mut watch = Watch::new();
    watch.checkpoints(node.port);
    watch.checkpoints(port);
    let mut log = Log::default();
    for _ in 0..CHANGES {
        let change = world.next(&mut chance);
        let changing = node.change(&change);
        if chance.percent(30) {
            two.kill();
            two = twin();
        }
        if chance.percent(60) {
            // Killed before it signs, it leaves that to both servers.
            std::thread::sleep(chance.moment(60));
            if changing.kill() { world.happened(&change) } else { world.may_have_happened(&change) }
        } else {
            finish(changing, &node);
            world.happened(&change);
        }
        until("both show the same", SOON, || {
            let signed = at_rest(&node, &mut world, &mut log)?;
            let other = checkpoint(&fetch(port, "/feed/pub/1/checkpoint")?);
            let same = shown(node.port, "stadt")? == shown(port, "stadt")? && signed == other;
            if same { Ok(()) } else { Err(format!("{signed:?} and {other:?}")) }
        });
        watch.is_content();
    }
    node.verify();
    assert!(log.continues(watch.checkpoints_seen()) > 1, "the watch saw too little");
}

fn finish(mut changing: Running, node: &Node) {
    let well = until("a change is made", SOON, || changing.ended().ok_or_else(|| "it runs".to_owned()));
    assert!(well, "{}", node.told());
}

#[test]
fn a_second_server_at_the_same_address_says_what_to_do() {
    let node = Node::new("Stadt");
    let _serving = node.serving();
    let second = node.lotse(&["serve"]).output().unwrap();
    assert_eq!(second.status.code(), Some(6), "{second:?}");
    let said = String::from_utf8(second.stderr).unwrap();
    assert!(said.contains(&format!("cannot listen on 127.0.0.1:{}", node.port)), "{said}");
}
