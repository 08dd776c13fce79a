//! Powers that only some places have: SQL, time, chance, keys, sockets, printing.

use super::source::{Source, only_in_tests};

/// Words that may stand only in certain places, and why.
struct Place {
    words: &'static [&'static str],
    /// Paths below `src/`: a folder ends in `/`, `*` stands for any room.
    home: &'static [&'static str],
    why: &'static str,
    scope: Scope,
}

/// Whether the tests at the foot of a file are held to the rule as well.
enum Scope {
    Everywhere,
    BeforeTests,
}

const PLACES: &[Place] = &[
    Place {
        words: &["diesel", "diesel_async", "on_both!", "db::schema", "schema::", "batch_execute"],
        home: &["*/store.rs", "*/store/", "platform/db/"],
        why: "SQL lives in a room's store",
        scope: Scope::BeforeTests,
    },
    Place {
        words: &["SystemTime", "Timestamp::now", "Zoned::now", "now_v7"],
        home: &["platform/clock.rs"],
        why: "time comes from the Clock",
        scope: Scope::Everywhere,
    },
    Place {
        words: &["rand::", "getrandom", "OsRng"],
        home: &["platform/clock.rs"],
        why: "chance comes from platform/clock",
        scope: Scope::BeforeTests,
    },
    Place {
        words: &["println!", "print!", "eprintln!", "eprint!", "dbg!"],
        home: &["cli/", "main.rs"],
        why: "only the command line speaks to the terminal",
        scope: Scope::BeforeTests,
    },
    Place {
        words: &["SigningKey", "SecretKey", "ExpandedSecretKey"],
        home: &["domain/identity/keyring.rs"],
        why: "private keys stay in the keyring",
        scope: Scope::BeforeTests,
    },
    Place {
        words: &["reqwest", "TcpStream", "UdpSocket", "UnixStream", "tokio_postgres"],
        home: &["platform/fetch/", "platform/db/"],
        why: "outgoing sockets are opened in platform/fetch, those to the database in platform/db",
        scope: Scope::BeforeTests,
    },
    Place {
        words: &["ammonia"],
        home: &["base/html/"],
        why: "HTML is cleaned where CleanHtml is made",
        scope: Scope::Everywhere,
    },
    Place {
        words: &["#[allow(", "#![allow("],
        home: &[],
        why: "an exception is `#[expect(…, reason = …)]`, which tells when it is no longer needed",
        scope: Scope::Everywhere,
    },
];

/// Each word of [`PLACES`] that stands outside its home, with its line.
pub fn misplaced(sources: &[Source]) -> Vec<String> {
    let mut found = Vec::new();
    for source in sources {
        let only_test = only_in_tests(sources, source);
        let path = source.path.trim_start_matches("src/");
        for place in PLACES.iter().filter(|place| !place.home.iter().any(|home| lives(path, home))) {
            let code = match place.scope {
                Scope::Everywhere => source.code(),
                Scope::BeforeTests if only_test => continue,
                Scope::BeforeTests => source.code_before_tests(),
            };
            for (number, line) in code.lines().enumerate() {
                if let Some(word) = place.words.iter().find(|word| has_word(line, word)) {
                    found.push(format!("{}:{}: `{word}`: {}", source.path, number + 1, place.why));
                }
            }
        }
    }
    found
}

fn lives(path: &str, home: &str) -> bool {
    match home.strip_prefix('*') {
        Some(folder) if folder.ends_with('/') => path.contains(folder),
        Some(file) => path.ends_with(file),
        None if home.ends_with('/') => path.starts_with(home),
        None => path == home,
    }
}

/// Whether `word` stands in `line` on its own: `rand::` is not in `operand::`, `diesel` not in `diesels`.
fn has_word(line: &str, word: &str) -> bool {
    let part_of_name = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).any(|(at, _)| {
        let before = word.starts_with(part_of_name) && line[..at].ends_with(part_of_name);
        let after = word.ends_with(part_of_name) && line[at + word.len()..].starts_with(part_of_name);
        !before && !after
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(path: &str, text: &str) -> usize {
        misplaced(&[Source::new(path, text)]).len()
    }

    #[test]
    fn each_power_is_missed_at_home_and_found_abroad() {
        for (home, text) in [
            ("src/domain/feed/store.rs", "use diesel::prelude::*;"),
            ("src/domain/content/store/pages.rs", "on_both!(tx, c => x)"),
            ("src/platform/db/pool.rs", "c.batch_execute(sql)"),
            ("src/domain/peers/store.rs", "use crate::platform::db::schema::pages;"),
            ("src/platform/clock.rs", "jiff::Timestamp::now()"),
            ("src/platform/clock.rs", "rand::fill(&mut bytes)"),
            ("src/cli/init.rs", "println!(\"x\")"),
            ("src/domain/identity/keyring.rs", "use ed25519_dalek::SigningKey;"),
            ("src/platform/fetch/mod.rs", "reqwest::Client::new()"),
            ("src/base/html/mod.rs", "ammonia::clean(x)"),
        ] {
            assert_eq!(faults(home, text), 0, "{text}");
            assert_eq!(faults("src/web/reader/page.rs", text), 1, "{text}");
        }
        assert_eq!(faults("src/cli/mod.rs", "#[allow(dead_code)]"), 1);
    }

    #[test]
    fn a_word_inside_another_word_or_a_text_is_none() {
        assert_eq!(
            faults("src/web/mod.rs", "let operand::x = \"diesel\"; // SystemTime\nfn reqwested() {}"),
            0
        );
    }

    #[test]
    fn tests_may_meddle_but_not_with_time() {
        assert_eq!(faults("src/web/mod.rs", "fn a() {}\n#[cfg(test)]\nmod tests { use diesel::x; }"), 0);
        assert_eq!(
            faults("src/web/mod.rs", "fn a() {}\n#[cfg(test)]\nmod tests { use std::time::SystemTime; }"),
            1
        );
    }

    #[test]
    fn a_file_of_test_vectors_may_hold_their_keys() {
        let key = Source::new("src/tlog/vectors.rs", "use ed25519_dalek::SigningKey;");
        let gated = Source::new("src/tlog/mod.rs", "#[cfg(test)]\npub mod vectors;");
        let open = Source::new("src/tlog/mod.rs", "pub mod vectors;");
        assert!(misplaced(&[gated, key.clone()]).is_empty());
        assert_eq!(misplaced(&[open, key]).len(), 1);
    }

    #[test]
    fn a_folder_that_only_sounds_like_a_store_is_none() {
        assert_eq!(faults("src/domain/content/restore.rs", "use diesel::prelude::*;"), 1);
    }
}
