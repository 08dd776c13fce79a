//! Schedules that once went wrong.

use super::plan::{Deed, Fault, Verb};
use super::{run, world::Road};

const CREATE: Verb = Verb::Create { parent: 1 };

fn three_pages() -> Vec<Deed> {
    // The first one has no text yet, the others have.
    vec![Deed::Edit(vec![CREATE, CREATE, CREATE]), Deed::Sequence, Deed::Sync]
}

fn edited(verbs: Vec<Verb>) {
    let mut deeds = three_pages();
    deeds.extend([Deed::Edit(verbs), Deed::Sync, Deed::Sequence, Deed::Sync]);
    run(&deeds, Road::Folder);
}

#[test]
fn a_page_restored_at_once_is_shown_again_and_counted_once() {
    edited(vec![Verb::Archive { page: 1 }, Verb::Restore { page: 1 }]);
}

#[test]
fn a_page_restored_later_is_shown_again() {
    let mut deeds = three_pages();
    deeds.extend([Deed::Edit(vec![Verb::Archive { page: 1 }]), Deed::Sequence, Deed::Sync]);
    deeds.extend([Deed::Edit(vec![Verb::Restore { page: 1 }]), Deed::Sequence, Deed::Sync]);
    run(&deeds, Road::Folder);
}

#[test]
fn erasing_a_language_without_a_text_leaves_the_others() {
    edited(vec![Verb::Erase { page: 1, language: Some(2) }]);
}

#[test]
fn an_export_between_an_erasure_and_its_entry_is_made() {
    edited(vec![Verb::Erase { page: 1, language: None }]);
}

#[test]
fn a_moved_page_keeps_its_licence() {
    edited(vec![Verb::Move { page: 1, to: 2 }]);
}

#[test]
fn an_archived_page_takes_no_new_text() {
    edited(vec![Verb::Archive { page: 1 }, Verb::Say { page: 1, language: 0, minor: false }]);
}

#[test]
fn a_page_without_a_text_is_not_told_of() {
    edited(vec![Verb::Move { page: 0, to: 1 }, Verb::Archive { page: 0 }, Verb::Restore { page: 0 }]);
    edited(vec![Verb::Erase { page: 0, language: None }, Verb::Unpublish { page: 0, language: 1 }]);
}

#[test]
fn what_was_erased_is_not_taken_for_withdrawn() {
    edited(vec![Verb::Erase { page: 1, language: Some(0) }, Verb::Unpublish { page: 1, language: 0 }]);
}

#[test]
fn a_rollback_after_a_sync_that_was_cut_short_is_noticed() {
    for awaits in 4..13 {
        let mut deeds = three_pages();
        deeds.extend([Deed::Edit(vec![CREATE, CREATE]), Deed::Sequence]);
        deeds.push(Deed::CrashFollower { awaits, reopen: false });
        deeds.push(Deed::Serve(Fault::RollBack { back: 1, for_a_day: true }));
        run(&deeds, Road::Folder);
    }
}

#[test]
fn after_a_longer_fork_the_shorter_log_is_not_taken_for_the_newest() {
    let mut deeds = three_pages();
    deeds.push(Deed::Serve(Fault::Fork { at: 2, more: 2 }));
    deeds.extend([Deed::Sync, Deed::Sync]);
    run(&deeds, Road::Folder);
}

#[test]
fn an_entry_hidden_once_is_taken_over_when_it_is_delivered() {
    let mut deeds = vec![Deed::Edit(vec![CREATE, CREATE]), Deed::Sequence, Deed::Serve(Fault::Hide(0))];
    deeds.extend([Deed::Edit(vec![CREATE]), Deed::Sequence, Deed::Sync]);
    run(&deeds, Road::Folder);
}
