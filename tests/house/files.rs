//! What holds for every file: an opening sentence, a length, no trace of a machine, papers that agree.

use super::source::{Repository, Source, only_in_tests};

/// Lines before the tests at the foot of a file.
const BUDGET: usize = 400;
/// Lines of ARCHITECTURE.md: a map that takes an evening is no map.
const MAP_BUDGET: usize = 200;

/// Rust files that do not open with `//!`.
pub fn untitled(sources: &[Source]) -> Vec<String> {
    let opens = |source: &&Source| !source.text.starts_with("//! ");
    sources.iter().filter(opens).map(|source| source.path.clone()).collect()
}

/// Rust files over [`BUDGET`]; a file of tests alone is all foot.
pub fn too_long(sources: &[Source]) -> Vec<String> {
    let told = |source: &Source| {
        let lines = source.lines_before_tests();
        (lines > BUDGET).then(|| format!("{}: {lines} lines, {BUDGET} are the limit", source.path))
    };
    // The tables are a list, as long as there are tables.
    let counted =
        |source: &&Source| source.path != "src/platform/db/schema.rs" && !only_in_tests(sources, source);
    sources.iter().filter(counted).filter_map(told).collect()
}

/// Lines that name a folder of somebody's machine or a package registry other than the public default.
pub fn traces(tracked: &[Source]) -> Vec<String> {
    let mut found = Vec::new();
    for source in tracked.iter().filter(|source| !source.path.starts_with("tests/fixtures/")) {
        for (number, line) in source.text.lines().enumerate() {
            if let Some(what) = trace(&source.path, line) {
                found.push(format!("{}:{}: {what}", source.path, number + 1));
            }
        }
    }
    found
}

fn trace(path: &str, line: &str) -> Option<&'static str> {
    // Put together here, so that this file does not find itself.
    let folders =
        [concat!("/ro", "ot/"), concat!("/wo", "rk/"), concat!("/ho", "me/"), concat!("/Us", "ers/")];
    let registries = [
        concat!("index", "-url"),
        concat!("trusted", "-host"),
        concat!("npm_config", "_registry"),
        concat!("registry", " = \"http"),
        concat!("replace", "-with"),
        concat!("\"resolved\"", ": \"http"),
    ];
    let absolute = |folder: &&str| {
        let mut places = line.match_indices(*folder);
        places.any(|(at, _)| !line[..at].ends_with(|c: char| c.is_alphanumeric() || "_-.}/)".contains(c)))
    };
    if folders.iter().any(absolute) {
        return Some("a folder of one machine");
    }
    if registries.iter().any(|word| line.contains(word)) {
        return Some("a package registry");
    }
    let public = "registry+https://github.com/rust-lang/crates.io-index";
    let foreign = path.ends_with("Cargo.lock") && line.starts_with("source = ") && !line.contains(public);
    foreign.then_some("a package from elsewhere")
}

/// README, map, licence and publiccode.yml are there and say the same as Cargo.toml.
pub fn papers(repository: &Repository) -> Vec<String> {
    let mut found = Vec::new();
    for (path, needed) in [
        ("README.md", "cargo run --release -- demo"),
        ("README.md", "tests/run"),
        ("ARCHITECTURE.md", "## Invariants"),
        ("CONTRIBUTING.md", "tests/run"),
        ("LICENSE", "EUROPEAN UNION PUBLIC LICENCE v. 1.2"),
        ("publiccode.yml", "license: EUPL-1.2"),
        ("Cargo.toml", "license = \"EUPL-1.2\""),
        (".ci/run", "tests/run"),
    ] {
        if !repository.read(path).contains(needed) {
            found.push(format!("{path} does not say {needed:?}"));
        }
    }
    let map = repository.read("ARCHITECTURE.md").lines().count();
    if map > MAP_BUDGET {
        found.push(format!("ARCHITECTURE.md: {map} lines, {MAP_BUDGET} are the limit"));
    }
    let version = format!("softwareVersion: \"{}\"", env!("CARGO_PKG_VERSION"));
    if !repository.read("publiccode.yml").contains(&version) {
        found.push(format!("publiccode.yml does not say {version}"));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_an_opening_sentence_is_found() {
        let files =
            [Source::new("src/a.rs", "//! What lives here.\n"), Source::new("src/b.rs", "// Not a title.\n")];
        assert_eq!(untitled(&files), ["src/b.rs"]);
    }

    #[test]
    fn only_lines_before_the_tests_count() {
        let short = format!("{}#[cfg(test)]\nmod tests {{\n{}", "x\n".repeat(BUDGET), "x\n".repeat(900));
        let long = "x\n".repeat(BUDGET + 1);
        let files = [Source::new("src/short.rs", &short), Source::new("src/long.rs", &long)];
        assert_eq!(too_long(&files), ["src/long.rs: 401 lines, 400 are the limit"]);
    }

    #[test]
    fn folders_of_a_machine_are_found_and_addresses_are_not() {
        let folder = concat!("cd /ro", "ot/lotse");
        let address = concat!("see https://example.org/ho", "me/index.html and src/wo", "rk/x");
        assert_eq!(traces(&[Source::new("a.md", folder), Source::new("b.md", address)]).len(), 1);
    }

    #[test]
    fn a_registry_of_one_place_is_found() {
        let mirror = "source = \"registry+https://mirror.example/index\"";
        let public = "source = \"registry+https://github.com/rust-lang/crates.io-index\"";
        assert_eq!(traces(&[Source::new("Cargo.lock", mirror), Source::new("Cargo.lock", public)]).len(), 1);
        let option = format!("pip install --{}=https://mirror.example x", concat!("index", "-url"));
        assert_eq!(traces(&[Source::new("tests/run", &option)]).len(), 1);
    }
}
