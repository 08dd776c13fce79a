//! A node is never what nobody chose: a file that is missing is told, before anything is signed. And it writes as
//! pipes and files want it.

use super::support::{Home, run_in};
use std::process::{Command, Stdio};

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

#[test]
fn whoever_has_read_enough_may_close_the_pipe() {
    let home = Home::new("Amt");
    for (arguments, closed) in [(&["region", "list"][..], "out"), (&["page", "list", "--region", "x"], "err")]
    {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lotse"));
        command.current_dir(home.path(".")).args(arguments).env_remove("LOTSE_CONFIG");
        // A pipe whose other end is closed before anything is said.
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        match closed {
            "out" => command.stdout(writer).stderr(Stdio::piped()),
            _ => command.stderr(writer).stdout(Stdio::piped()),
        };
        let run = command.output().unwrap();
        assert_eq!(run.status.code(), Some(if closed == "out" { 0 } else { 3 }), "{run:?}");
        assert!(run.stderr.is_empty(), "{}", String::from_utf8_lossy(&run.stderr));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_result_that_cannot_be_written_is_no_success() {
    let home = Home::new("Amt");
    let mut command = Command::new(env!("CARGO_BIN_EXE_lotse"));
    command.current_dir(home.path(".")).args(["key", "sheet"]).env_remove("LOTSE_CONFIG");
    let run = command.stdout(std::fs::File::create("/dev/full").unwrap()).output().unwrap();
    let told = String::from_utf8_lossy(&run.stderr).into_owned();
    assert!(run.status.code() == Some(70) && told.contains("could not be written"), "{run:?}");
}

#[test]
fn a_log_that_goes_to_a_file_holds_no_colours() {
    let home = Home::new("Amt");
    let log = home.path("log");
    let mut command = Command::new(env!("CARGO_BIN_EXE_lotse"));
    command.current_dir(home.path(".")).arg("serve").env_remove("NO_COLOR").env_remove("LOTSE_CONFIG");
    let mut served = command.stderr(std::fs::File::create(&log).unwrap()).spawn().unwrap();
    let said = || std::fs::read_to_string(&log).unwrap();
    while !said().contains("serving") && served.try_wait().unwrap().is_none() {
        std::thread::yield_now();
    }
    served.kill().unwrap();
    served.wait().unwrap();
    assert!(said().contains("serving") && !said().contains('\u{1b}'), "{}", said());
}
