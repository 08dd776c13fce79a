//! What may happen, and how a schedule is drawn. Numbers choose among what is there when the time comes.

use proptest::prelude::*;

/// One step of a schedule.
#[derive(Clone, Debug)]
pub enum Deed {
    /// Editors at work; nothing is in the log yet.
    Edit(Vec<Verb>),
    /// So many changes that alter nothing, to fill tiles.
    Fill(usize),
    Sequence,
    /// The publisher dies right after this step of the sequencer.
    CrashPublisher(usize),
    /// The publisher starts again.
    Recover,
    /// The guard says something else than the database.
    MeddleWithGuard(Meddling),
    Sync,
    /// The follower dies after so many awaits of a sync; `reopen`: its database is opened anew.
    CrashFollower {
        awaits: u8,
        reopen: bool,
    },
    /// The feed is served with a fault, then without.
    Serve(Fault),
}

/// What editors do; pages and cards are counted in the order they were made.
#[derive(Clone, Debug)]
pub enum Verb {
    Create {
        parent: u8,
    },
    /// A place, a contact there, or an event there.
    MakeCard {
        kind: u8,
    },
    /// Says what a card is, apart from words.
    Tell {
        page: u8,
        minor: bool,
    },
    Say {
        page: u8,
        language: u8,
        minor: bool,
    },
    Move {
        page: u8,
        to: u8,
    },
    Archive {
        page: u8,
    },
    Restore {
        page: u8,
    },
    Erase {
        page: u8,
        language: Option<u8>,
    },
    Unpublish {
        page: u8,
        language: u8,
    },
}

#[derive(Clone, Copy, Debug)]
pub enum Meddling {
    /// As if the database came from a backup.
    Ahead,
    /// As if another copy had signed.
    Differs,
    Missing,
}

/// What is wrong with what is served.
#[derive(Clone, Copy, Debug)]
pub enum Fault {
    /// A bit is flipped in one of these files.
    Tamper(Part, u16),
    /// A file ends early.
    Cut(Part, u16),
    /// A file is not there.
    Lose(Part, u16),
    Drop(u16),
    Swap(u16),
    Duplicate(u16),
    /// An older checkpoint that was really signed; for a day, or until the next sync.
    RollBack {
        back: u8,
        for_a_day: bool,
    },
    /// The true key signs a log with another entry here, and so many more.
    Rewrite {
        at: u16,
        more: u8,
    },
    /// The true key signs a second log that splits off at the follower's edge.
    Fork {
        at: u16,
        more: u8,
    },
    /// Somebody else signs a longer log.
    Foreign,
    /// An entry is served without its bytes.
    Hide(u16),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Checkpoint,
    Identity,
    Bundle,
    Range,
    Tile,
    Body,
}

fn part() -> impl Strategy<Value = Part> {
    prop::sample::select(vec![
        Part::Checkpoint,
        Part::Identity,
        Part::Bundle,
        Part::Range,
        Part::Tile,
        Part::Body,
    ])
}

pub fn fault() -> impl Strategy<Value = Fault> {
    prop_oneof![
        6 => (part(), any::<u16>()).prop_map(|(part, at)| Fault::Tamper(part, at)),
        2 => (part(), any::<u16>()).prop_map(|(part, at)| Fault::Cut(part, at)),
        1 => (part(), any::<u16>()).prop_map(|(part, at)| Fault::Lose(part, at)),
        2 => any::<u16>().prop_map(Fault::Drop),
        2 => any::<u16>().prop_map(Fault::Swap),
        2 => any::<u16>().prop_map(Fault::Duplicate),
        3 => (0u8..4, any::<bool>()).prop_map(|(back, for_a_day)| Fault::RollBack { back, for_a_day }),
        2 => (any::<u16>(), 0u8..3).prop_map(|(at, more)| Fault::Rewrite { at, more }),
        2 => (any::<u16>(), 0u8..3).prop_map(|(at, more)| Fault::Fork { at, more }),
        1 => Just(Fault::Foreign),
        1 => any::<u16>().prop_map(Fault::Hide),
    ]
}

fn verb() -> impl Strategy<Value = Verb> {
    let (page, language) = (any::<u8>(), 0u8..3);
    prop_oneof![
        4 => any::<u8>().prop_map(|parent| Verb::Create { parent }),
        3 => any::<u8>().prop_map(|kind| Verb::MakeCard { kind }),
        3 => (page, any::<bool>()).prop_map(|(page, minor)| Verb::Tell { page, minor }),
        8 => (page, language.clone(), any::<bool>())
            .prop_map(|(page, language, minor)| Verb::Say { page, language, minor }),
        2 => (page, page).prop_map(|(page, to)| Verb::Move { page, to }),
        2 => page.prop_map(|page| Verb::Archive { page }),
        2 => page.prop_map(|page| Verb::Restore { page }),
        1 => (page, prop::option::of(language.clone()))
            .prop_map(|(page, language)| Verb::Erase { page, language }),
        1 => (page, language).prop_map(|(page, language)| Verb::Unpublish { page, language }),
    ]
}

fn deed() -> impl Strategy<Value = Deed> {
    let meddling = prop::sample::select(vec![Meddling::Ahead, Meddling::Differs, Meddling::Missing]);
    prop_oneof![
        8 => prop::collection::vec(verb(), 1..8).prop_map(Deed::Edit),
        1 => (1usize..300).prop_map(Deed::Fill),
        5 => Just(Deed::Sequence),
        3 => (0usize..9).prop_map(Deed::CrashPublisher),
        2 => Just(Deed::Recover),
        1 => meddling.prop_map(Deed::MeddleWithGuard),
        5 => Just(Deed::Sync),
        3 => (1u8..24, any::<bool>()).prop_map(|(awaits, reopen)| Deed::CrashFollower { awaits, reopen }),
        8 => fault().prop_map(Deed::Serve),
    ]
}

/// Schedules; shrinking leaves deeds out and makes numbers smaller.
pub fn plans() -> impl Strategy<Value = Vec<Deed>> {
    prop::collection::vec(deed(), 4..22)
}
