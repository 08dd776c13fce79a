//! A node is never what nobody chose: a file that is missing is told, before anything is signed.

use super::support::{Home, run_in};

#[test]
fn a_configuration_file_that_was_named_must_be_there() {
    let home = Home::new("Amt");
    let typo = ["--config", "lotse.tom"];
    for command in [&["doctor"][..], &["serve"], &["serve", "--check"], &["region", "list"], &["verify", "."]]
    {
        home.run(&[&typo, command].concat()).failed(3, &["no configuration file lotse.tom", "LOTSE_CONFIG"]);
    }
    let entries = || home.json(&["export", home.path("out").to_str().unwrap()])["entries"].clone();
    let before = entries();
    home.run(&[&typo[..], &["region", "add", "dorf", "--name", "Dorf"]].concat()).failed(3, &["lotse.tom"]);
    assert_eq!(entries(), before);
    // A folder that is only being made has none yet.
    let new = home.path("new");
    let init = ["init", new.to_str().unwrap(), "--name", "Neu", "--url", "http://localhost/"];
    home.run(&[&typo[..], &init].concat()).done();
}

#[test]
fn a_node_without_its_file_says_nothing_under_another_name() {
    let home = Home::new("Amt");
    let database = std::fs::read_to_string(home.path("lotse.toml")).unwrap();
    let database = database.lines().find_map(|line| line.strip_prefix("url = \"sqlite:")).map(str::to_owned);
    std::fs::rename(home.path("lotse.toml"), home.path("away.toml")).unwrap();
    for command in [&["doctor"][..], &["serve"], &["region", "add", "dorf", "--name", "Dorf"]] {
        home.run(command).failed(3, &["lost its lotse.toml", "LOTSE__NODE__NAME", "--config"]);
    }
    home.run(&["serve", "--check"]).done().says("# default");
    // The environment, or flags, can say all that the file said.
    let Some(file) = database else { return };
    let database = format!("database.url=sqlite:{}", file.trim_end_matches('"'));
    let chosen = ["--set", "node.name=Amt", "--set", "site.url=http://localhost/", "--set", &database];
    home.run(&[&chosen[..], &["doctor"]].concat()).done().says("Amt, node");
}

#[test]
fn in_an_empty_folder_the_first_thing_to_do_is_said() {
    let folder = tempfile::tempdir().unwrap();
    run_in(folder.path(), &["region", "list"], "").failed(3, &["there is no node", "lotse init"]);
}
