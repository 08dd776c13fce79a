//! The demo shows what it promises and leaves nothing behind.

use super::support::run_in;
use std::process::Command;

#[test]
fn the_demo_ends_by_itself_and_removes_its_folder() {
    let temp = tempfile::tempdir().unwrap();
    let run = Command::new(env!("CARGO_BIN_EXE_lotse"))
        .args(["demo", "--once"])
        .current_dir(temp.path())
        .env("TMPDIR", temp.path())
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&run.stderr).into_owned();
    assert!(run.status.success(), "{told}");
    for words in [
        "Landkreis Augsburg",
        "3 events, 2 places, 2 contacts, 1 piece of news, 1 offer and an imprint",
        "6 events, 4 places, 4 contacts, 3 pieces of news, 2 offers and an imprint",
        "entries verified",
        "Adopted live",
        "place \"Beispielstelle für Neuzugewanderte\" with all that it needs (5 in all)",
        "event \"Beispiel-Fragestunde online\" with all that it needs (1 in all)",
        "it stands at the town",
    ] {
        assert!(told.contains(words), "{words:?}: {told}");
    }
    assert_eq!(std::fs::read_dir(temp.path()).unwrap().count(), 0, "nothing was left behind");
}

#[test]
fn a_kept_demo_can_be_run_again() {
    let temp = tempfile::tempdir().unwrap();
    let mut demo = Command::new(env!("CARGO_BIN_EXE_lotse"));
    let run = demo.args(["demo", "--once", "--keep"]).env("TMPDIR", temp.path()).output().unwrap();
    let told = String::from_utf8_lossy(&run.stderr).into_owned();
    assert!(run.status.success(), "{told}");
    let commands: Vec<&str> =
        told.lines().filter_map(|line| line.split_once(" --config ")).map(|(_, rest)| rest).collect();
    assert_eq!(commands.len(), 2, "{told}");
    for (command, name) in commands.iter().zip(["Landkreis Augsburg", "Musterstadt"]) {
        let file = command.strip_suffix(" serve").unwrap();
        run_in(temp.path(), &["--config", file, "doctor"], "").done().says(name).says("the guard agrees");
        run_in(temp.path(), &["--config", file, "serve", "--check"], "")
            .done()
            .says("allow_private_addresses = true");
    }
}
