//! What is said when something is asked wrongly: the thing by its name, what is accepted, and a code for scripts.

use super::support::{Home, run_in};
use lotse::base::moment::Moment;
use lotse::platform::db::Write;

#[test]
fn errors_name_the_thing_and_what_to_do() {
    let home = Home::new("Amt");
    home.run(&["region", "add", "stadt", "--name", "Stadt"]).done();
    home.run(&["page", "list", "--region", "dorf"]).failed(3, &["\"dorf\"", "stadt"]);
    home.run(&["page", "list", "--region", "stadt", "--language", "fr"]).failed(2, &["\"fr\""]);
    home.run(&["region", "add", "stadt", "--name", "Stadt"]).failed(5, &["\"stadt\""]);
    home.run(&["region", "add", "Große Stadt", "--name", "Stadt"]).failed(2, &["\"Große Stadt\"", "a-z"]);
    home.run(&["--set", "site.lisen=127.0.0.1:1", "doctor"]).failed(2, &["site.lisen", "site.listen"]);
    home.run(&["--set", "site.listen=localhost:1", "doctor"])
        .failed(2, &["site.listen", "127.0.0.1 for localhost"]);
    home.run(&["peers", "show", "niemand"]).failed(3, &["\"niemand\"", "peers list"]);
    home.run(&["follow", "kein ort", "--yes"]).failed(2, &["kein ort"]);
    let import = ["import", "integreat", "--region", "r", "http://127.0.0.1:1/"];
    home.run(&[&["--set", "federation.allow_private_addresses=false"], &import[..]].concat())
        .failed(2, &["http://127.0.0.1:1/", "https", "federation.allow_private_addresses = true"]);
    let page = "019b76da-a800-7c3e-9d1a-3f2b6c7d8e9f";
    home.run(&["page", "archive", page]).failed(3, &[page]);
    home.run(&["page", "archive", "nummer-7"]).failed(2, &["nummer-7"]);
    home.run(&["adopt", "niemand", page]).failed(3, &["niemand"]);
    home.run(&["export"]).failed(2, &["<FOLDER>"]);
    let told = home.run(&["--json", "page", "list", "--region", "dorf"]);
    assert_eq!((told.code, told.json()["error"]["code"].as_str()), (3, Some("unknown-region")));
    assert!(home.run(&["verify", home.path("nichts").to_str().unwrap()]).code != 0);
}

#[test]
fn a_folder_without_a_node_says_how_to_make_one() {
    let home = Home::empty();
    for command in [&["doctor"][..], &["serve"], &["region", "list"], &["key", "sheet"]] {
        home.run(command).failed(3, &["there is no node", "lotse init"]);
    }
    home.init("Amt").done();
    home.init("Amt").failed(5, &["already holds a node"]);
}

#[test]
fn an_address_that_cannot_be_one_is_refused_before_anything_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let init = |url: &str| run_in(folder.path(), &["init", "--name", "Amt", "--url", url], "");
    init("https://example.org/lotse/").failed(2, &["site.url", "nothing may follow the slash"]);
    init("example.org").failed(2, &["site.url", "http"]);
    let nowhere = "database.url=postgres://lotse@127.0.0.1:1/lotse";
    let refused = run_in(
        folder.path(),
        &["init", "--name", "2026", "--url", "https://example.org", "--set", nowhere],
        "",
    );
    refused.failed(6, &["database", "127.0.0.1:1"]);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing was left behind");
    run_in(folder.path(), &["init", "--name", "2026", "--url", "https://example.org"], "").done();
    run_in(folder.path(), &["doctor"], "").done().says("2026").says("https://example.org/");
}

#[cfg(unix)]
#[test]
fn keys_that_others_could_read_are_not_used() {
    use std::os::unix::fs::PermissionsExt;
    let home = Home::new("Amt");
    std::fs::set_permissions(home.path("keys/seed"), std::fs::Permissions::from_mode(0o644)).unwrap();
    home.run(&["doctor"]).failed(4, &["keys/seed", "mode 644", "set it to 600"]);
}

#[test]
fn help_tells_the_exit_codes_and_every_command_explains_itself() {
    let folder = tempfile::tempdir().unwrap();
    let help = run_in(folder.path(), &["--help"], "").done();
    for words in ["Exit codes:", "2 asked wrongly", "3 not found", "5 contradicts", "6 busy"] {
        assert!(help.out.replace('\n', " ").contains(words), "{words}: {}", help.out);
    }
    let commands =
        "init serve demo region page feedback import follow sync adopt peers verify export key doctor";
    for command in commands.split(' ') {
        let told = run_in(folder.path(), &[command, "--help"], "").done();
        assert!(help.out.contains(command) && told.out.contains("Usage: lotse"), "{command}");
    }
}

#[test]
fn doctor_names_the_change_that_the_log_cannot_take() {
    use lotse::domain::content::{change::Change, store};
    let home = Home::new("Amt");
    home.run(&["doctor"]).done();
    let object = "019b76da-a800-7c3e-9d1a-3f2b6c7d8e9f".parse().unwrap();
    let change = Change::Withdraw { object, at: Moment::from_seconds(1), why: "weil eben".into() };
    home.database().write(|tx: &mut Write<'_>| store::record(tx, &[change])).unwrap();
    let told = home.run(&["doctor"]);
    assert_eq!(told.code, 1, "{told:?}");
    told.says("ILL").says(&object.to_string()).says("weil eben").says("newest version");
}

#[test]
fn looking_never_migrates_an_older_database() {
    use diesel::RunQueryDsl;
    use lotse::on_both;
    use lotse::platform::db::{DbError, Reading};
    let home = Home::new("Amt");
    // As if the program knew one migration more than the database.
    let older = |tx: &mut Write<'_>| {
        let forget = "DELETE FROM __diesel_schema_migrations \
            WHERE version = (SELECT max(version) FROM __diesel_schema_migrations)";
        Ok::<_, DbError>(on_both!(tx, c => diesel::sql_query(forget).execute(c))?)
    };
    assert_eq!(home.database().write(older).unwrap(), 1);
    for command in
        [&["doctor"][..], &["page", "list", "--region", "amt"], &["peers", "list"], &["key", "sheet"]]
    {
        home.run(command).failed(5, &["older than this program", "lotse serve"]);
    }
}
