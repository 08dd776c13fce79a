//! The demo shows what it promises and leaves nothing behind.

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
    for words in ["Landkreis Augsburg", "entries verified", "Adopted live", "it stands at the town"] {
        assert!(told.contains(words), "{words:?}: {told}");
    }
    assert_eq!(std::fs::read_dir(temp.path()).unwrap().count(), 0, "nothing was left behind");
}
