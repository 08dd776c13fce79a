//! The order of `mod` lines is the law: foundations first, and nothing looks upwards.

use super::source::{Source, only_in_tests};
use std::collections::BTreeMap;

/// Parents whose order of children is law; below them, a room arranges itself.
const ORDERED: &[&str] = &["", "platform", "domain", "web"];

/// Every path in `sources` that names a module listed below its own. A file of tests alone may look anywhere: it
/// tells a story from outside, and nothing is built on it.
pub fn upward(sources: &[Source]) -> Vec<String> {
    let orders = orders(sources);
    let mut found = Vec::new();
    for source in sources.iter().filter(|source| !only_in_tests(sources, source)) {
        let from = source.module();
        for to in paths(source, &from) {
            let shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
            let (Some(mine), Some(theirs)) = (from.get(shared), to.get(shared)) else { continue };
            let Some(order) = orders.get(&from[..shared].join("/")) else { continue };
            let rank = |name: &String| order.iter().position(|n| n == name);
            if rank(theirs).is_some_and(|theirs| rank(mine).is_none_or(|mine| theirs > mine)) {
                found.push(format!("{} uses crate::{}", source.path, to[..=shared].join("::")));
            }
        }
    }
    found.dedup();
    found
}

/// Files that no `mod` line of their parent names: the compiler never sees them.
pub fn undeclared(sources: &[Source]) -> Vec<String> {
    let declared = |parent: &[String], name: &String| {
        sources.iter().any(|s| s.module() == parent && declarations(&s.code()).contains(name))
    };
    let lost = |source: &&Source| {
        let module = source.module();
        module.split_last().is_some_and(|(name, parent)| !declared(parent, name))
    };
    sources.iter().filter(lost).map(|source| source.path.clone()).collect()
}

/// Lines of the map such as ``- `domain/mod.rs`: `identity`, `content` `` against what the code declares.
pub fn unlike_the_map(sources: &[Source], map: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (parent, order) in orders(sources) {
        let file = if parent.is_empty() { "lib.rs".to_owned() } else { format!("{parent}/mod.rs") };
        let told = map.lines().find_map(|line| line.strip_prefix(&format!("- `{file}`: ")));
        let told: Vec<_> = told.unwrap_or_default().split('`').skip(1).step_by(2).collect();
        if told != order {
            found.push(format!("{file} declares {order:?}, the map says {told:?}"));
        }
    }
    found
}

fn orders(sources: &[Source]) -> BTreeMap<String, Vec<String>> {
    let of_parent = |parent: &&str| {
        let file = if parent.is_empty() { "src/lib.rs".to_owned() } else { format!("src/{parent}/mod.rs") };
        let source = sources.iter().find(|source| source.path == file)?;
        Some(((*parent).to_owned(), declarations(&source.code())))
    };
    ORDERED.iter().filter_map(of_parent).collect()
}

/// Names in `mod x;` lines, in order.
fn declarations(code: &str) -> Vec<String> {
    let declared = |line: &str| {
        let (before, rest) = line.trim().split_once("mod ")?;
        let before = before.trim_end();
        let visible = before.is_empty() || before.ends_with(']') || before.contains("pub");
        let name = rest.strip_suffix(';')?.trim();
        (visible && is_name(name)).then(|| name.to_owned())
    };
    code.lines().filter_map(declared).collect()
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || c == '_')
}

/// Every `crate::…` and `super::…` path of a file, groups taken apart, as names from the crate's root.
fn paths(source: &Source, from: &[String]) -> Vec<Vec<String>> {
    let code = squeezed(&source.code());
    let mut found = Vec::new();
    for (at, _) in code.match_indices("crate::").filter(|(at, _)| starts_word(&code, *at)) {
        expand(&code[at + "crate::".len()..], Vec::new(), &mut found);
    }
    // `super` in the tests at the foot means the file itself: only what stands before them is followed.
    let code = squeezed(&source.code_before_tests());
    for (at, _) in code.match_indices("super::").filter(|(at, _)| starts_word(&code, *at)) {
        if code[..at].ends_with("super::") {
            continue;
        }
        let supers = code[at..].split("::").take_while(|part| *part == "super").count();
        let stem = from[..from.len().saturating_sub(supers)].to_vec();
        expand(&code[at + supers * "super::".len()..], stem, &mut found);
    }
    found
}

/// Without white space around `::`, `{`, `}` and `,`, so that a path over several lines reads as one.
fn squeezed(code: &str) -> String {
    let mut out = String::with_capacity(code.len());
    let mut gap = false;
    for c in code.chars() {
        if c.is_whitespace() {
            gap = true;
            continue;
        }
        let glued = |c: char| matches!(c, ':' | '{' | '}' | ',');
        if gap && !glued(c) && !out.ends_with(glued) {
            out.push(' ');
        }
        gap = false;
        out.push(c);
    }
    out
}

fn starts_word(code: &str, at: usize) -> bool {
    !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_')
}

/// Follows one path from `rest`, taking groups apart; returns how many bytes it read.
fn expand(rest: &str, stem: Vec<String>, found: &mut Vec<Vec<String>>) -> usize {
    let mut path = stem;
    let mut at = 0;
    loop {
        if rest[at..].starts_with('{') {
            return at + group(&rest[at..], &path, found);
        }
        let name: String = rest[at..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        at += name.len();
        if !name.is_empty() && name != "self" {
            path.push(name);
        }
        match rest[at..].strip_prefix("::") {
            Some(_) => at += 2,
            None => {
                found.push(path);
                return at;
            }
        }
    }
}

fn group(rest: &str, stem: &[String], found: &mut Vec<Vec<String>>) -> usize {
    let mut at = 1;
    while at < rest.len() && !rest[at..].starts_with('}') {
        at += expand(&rest[at..], stem.to_vec(), found);
        // Skips `as name`, `*` and the comma.
        at += rest[at..].find([',', '}']).unwrap_or(rest.len() - at);
        at += usize::from(rest[at..].starts_with(','));
    }
    at + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn house(file: &str, text: &str) -> Vec<String> {
        upward(&[
            Source::new("src/lib.rs", "pub mod base;\npub mod platform;\npub mod domain;\npub mod web;"),
            Source::new("src/platform/mod.rs", "pub mod clock;\npub(crate) mod db;"),
            Source::new("src/domain/mod.rs", "pub mod content;\npub mod feed;"),
            Source::new(file, text),
        ])
    }

    #[test]
    fn looking_down_is_lawful() {
        assert!(
            house("src/domain/feed/mod.rs", "use crate::domain::content::Change; use crate::base::id;")
                .is_empty()
        );
        assert!(
            house("src/domain/feed/mod.rs", "use crate::domain::feed::store; use super::content;").is_empty()
        );
    }

    #[test]
    fn looking_up_is_found_however_it_is_written() {
        for text in [
            "use crate::web::routes;",
            "use crate::{base::id, web};",
            "use crate::{\n    base::{id, moment},\n    platform::{\n        clock as time,\n    },\n    web::routes as r,\n};",
            "fn f() { crate :: web\n  ::routes::all() }",
            "use crate::domain::{self, feed::{self, store}};",
            "use super::feed;",
            "fn f() { super::feed::tick(); }",
            "#[cfg(test)]\nmod tests { use crate::web; }",
        ] {
            assert_eq!(house("src/domain/content/mod.rs", text).len(), 1, "{text}");
        }
        assert_eq!(house("src/domain/content/page.rs", "use super::super::feed::store;").len(), 1);
        assert_eq!(house("src/platform/clock.rs", "use crate::platform::db;").len(), 1);
        assert_eq!(house("src/base/id.rs", "use crate::{platform, domain::{content, feed}};").len(), 2);
    }

    #[test]
    fn a_file_of_tests_alone_may_look_anywhere() {
        let [law, gated, tests] = [
            Source::new("src/lib.rs", "pub mod base;\npub mod web;"),
            Source::new("src/base/mod.rs", "#[cfg(test)]\nmod tests;"),
            Source::new("src/base/tests.rs", "use crate::web;"),
        ];
        assert!(upward(&[law.clone(), gated, tests.clone()]).is_empty());
        assert_eq!(upward(&[law, Source::new("src/base/mod.rs", "mod tests;"), tests]).len(), 1);
    }

    #[test]
    fn words_in_comments_and_texts_do_not_count() {
        let text = "// crate::web\nconst A: &str = \"crate::web\"; use supercrate::web;";
        assert!(house("src/base/id.rs", text).is_empty());
    }

    #[test]
    fn a_forgotten_file_is_found() {
        let lost = [
            Source::new("src/lib.rs", "pub mod base;"),
            Source::new("src/base/mod.rs", "mod id;"),
            Source::new("src/base/id.rs", ""),
            Source::new("src/base/old.rs", ""),
        ];
        assert_eq!(undeclared(&lost), ["src/base/old.rs"]);
    }

    #[test]
    fn an_outdated_map_is_found() {
        let code = [Source::new("src/lib.rs", "pub mod base;\npub mod web;")];
        assert!(unlike_the_map(&code, "- `lib.rs`: `base`, `web`").is_empty());
        assert_eq!(unlike_the_map(&code, "- `lib.rs`: `web`, `base`").len(), 1);
        assert_eq!(unlike_the_map(&code, "").len(), 1);
    }
}
