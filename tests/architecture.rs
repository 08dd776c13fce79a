//! The law of the house. Each rule is a plain function over sources, so that it is tried twice:
//! on this repository, where it must find nothing, and on small invented sources, where it must find the fault.

mod house;

use house::source::{Source, repository, sources};
use house::{files, imports, licences, places, tables};

/// Prints every finding at once: mending one fault a run is slow.
#[track_caller]
fn none(rule: &str, findings: &[String]) {
    assert!(findings.is_empty(), "{rule}:\n  {}\n", findings.join("\n  "));
}

#[test]
fn a_module_uses_only_what_is_listed_above_it() {
    none("imports against the order of the modules", &imports::upward(&sources(&["src"])));
}

#[test]
fn every_source_file_is_a_declared_module() {
    none("files no `mod` line names", &imports::undeclared(&sources(&["src"])));
}

#[test]
fn the_map_tells_the_order_of_the_modules() {
    let map = repository().read("ARCHITECTURE.md");
    none("ARCHITECTURE.md and the code differ", &imports::unlike_the_map(&sources(&["src"]), &map));
}

#[test]
fn each_power_stays_in_its_place() {
    none("words outside their place", &places::misplaced(&sources(&["src"])));
}

#[test]
fn every_file_opens_by_saying_what_lives_in_it() {
    none("files without `//!`", &files::untitled(&sources(&["src", "tests", "benches"])));
}

#[test]
fn files_stay_short() {
    none("files over budget", &files::too_long(&sources(&["src", "tests", "benches"])));
}

#[test]
fn nothing_names_the_machine_it_was_made_on() {
    none("traces of a machine", &files::traces(&repository().tracked()));
}

#[test]
fn the_papers_at_the_door_agree() {
    none("papers", &files::papers(&repository()));
}

#[test]
fn every_migration_goes_up_and_down() {
    none("migrations", &tables::one_way(&tables::migrations()));
}

#[test]
fn the_schema_says_what_the_migrations_make() {
    let schema = repository().read("src/platform/db/schema.rs");
    none("schema.rs and migrations differ", &tables::unlike_the_schema(&tables::migrations(), &schema));
}

#[test]
fn every_foreign_key_cascades() {
    none("foreign keys", &tables::not_cascading(&tables::migrations()));
}

#[test]
fn every_crate_may_be_used_under_our_licence() {
    none("licences", &licences::refused(&licences::packages()));
}

#[test]
fn the_rules_look_at_something() {
    assert!(sources(&["src"]).len() > 20);
    assert!(repository().tracked().len() > 30);
    assert!(!tables::migrations().is_empty());
    assert!(licences::packages().len() > 100);
    assert!(sources(&["src"]).iter().all(|source: &Source| !source.text.is_empty()));
}
