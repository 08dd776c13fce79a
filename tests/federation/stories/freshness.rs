//! Whether a translation keeps up with its source is known wherever it is mirrored.

use super::changes::{district, town};
use crate::support::page;

/// What stands above a text that does not keep up.
const NOTE: &str = "class=\"note\"";

#[test]
fn a_translation_is_outdated_at_the_town_once_its_source_changed_at_the_district() {
    let district = district();
    let town = town(&district);
    town.reads("/stadt/en/work/job-search/").is_there().is_silent_about(NOTE);
    district.edits("suche", "de", "Stellensuche", "<p>Jetzt ganz anders</p>");
    town.syncs(&district);
    town.reads("/stadt/en/work/job-search/").says(NOTE).says("/stadt/de/arbeit/stellensuche/");
    town.reads("/stadt/en/work/").is_silent_about(NOTE);
    district.edits("suche", "en", "Job search", "<p>All different now</p>");
    town.syncs(&district);
    town.reads("/stadt/en/work/job-search/").says("All different now").is_silent_about(NOTE);
}

#[test]
fn typos_outdate_nothing_however_many_come_at_once() {
    let district = district();
    let town = town(&district);
    for words in ["<p>Hier suchen sie</p>", "<p>Hier suchen Sie!</p>"] {
        district.mends_a_typo("suche", "de", "Stellensuche", words);
    }
    town.syncs(&district);
    town.reads("/stadt/de/arbeit/stellensuche/").says("Hier suchen Sie!");
    town.reads("/stadt/en/work/job-search/").is_silent_about(NOTE);
}

#[test]
fn a_change_is_not_hidden_by_a_typo_that_follows_it() {
    let district = district();
    let town = town(&district);
    district.edits("suche", "de", "Stellensuche", "<p>Neue Zeiten</p>");
    district.mends_a_typo("suche", "de", "Stellensuche", "<p>Neue Zeiten!</p>");
    town.syncs(&district);
    town.reads("/stadt/en/work/job-search/").says(NOTE);
    district.edits("suche", "en", "Job search", "<p>New hours</p>");
    district.mends_a_typo("suche", "de", "Stellensuche", "<p>Neue Zeiten</p>");
    town.syncs(&district);
    town.reads("/stadt/en/work/job-search/").is_silent_about(NOTE);
}

#[test]
fn whoever_comes_late_sees_the_same_as_whoever_was_there_all_along() {
    let district = district();
    district.mends_a_typo("suche", "de", "Stellensuche", "<p>Hier suchen Sie!</p>");
    district.edits("arbeit", "de", "Arbeit", "<p>Alles neu</p>");
    district.mends_a_typo("arbeit", "de", "Arbeit", "<p>Alles neu.</p>");
    let town = town(&district);
    town.reads("/stadt/en/work/job-search/").is_there().is_silent_about(NOTE);
    town.reads("/stadt/en/work/").is_there().says(NOTE);
}

#[test]
fn a_text_by_machine_says_so_at_the_town() {
    let district = district();
    district.publishes(page("amt").below("arbeit").says("de", "Amt", "<p>Das Amt</p>").by_machine(
        "en",
        "Office",
        "<p>The office</p>",
    ));
    let town = super::changes::town_with(&district, 4);
    town.reads("/stadt/en/work/office/").is_there().says(NOTE);
    town.reads("/stadt/de/arbeit/amt/").is_there().is_silent_about(NOTE);
}
