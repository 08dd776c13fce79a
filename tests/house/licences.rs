//! Licences of all crates, as `cargo metadata` tells them, against those that go with the EUPL.

use std::process::Command;

/// What we use under. Weak copyleft by file (MPL) is welcome; the GPL family would decide our licence for us.
const ALLOWED: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-1-Clause",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "EUPL-1.2",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Name with version, and its SPDX expression (empty if it tells none).
pub type Package = (String, String);

/// Every crate that a build for this machine uses, those of the tests included.
pub fn packages() -> Vec<Package> {
    let told = |program: &str, args: &[&str]| {
        let out = Command::new(program).args(args).current_dir(env!("CARGO_MANIFEST_DIR")).output();
        out.map(|out| String::from_utf8_lossy(&out.stdout).into_owned()).unwrap_or_default()
    };
    let version = told(env!("CARGO"), &["-vV"]);
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap_or_default();
    let args = ["metadata", "--format-version", "1", "--locked", "--filter-platform", host];
    let metadata: serde_json::Value = serde_json::from_str(&told(env!("CARGO"), &args)).unwrap_or_default();
    let text = |package: &serde_json::Value, key: &str| package[key].as_str().unwrap_or_default().to_owned();
    let packages = metadata["packages"].as_array().into_iter().flatten();
    packages.map(|p| (format!("{} {}", text(p, "name"), text(p, "version")), text(p, "license"))).collect()
}

/// Packages whose licence leaves us no choice from [`ALLOWED`].
pub fn refused(packages: &[Package]) -> Vec<String> {
    let bad = |(_, licence): &&Package| !allowed(licence);
    packages.iter().filter(bad).map(|(name, licence)| format!("{name}: {licence:?}")).collect()
}

/// Whether an SPDX expression can be met: `OR` (also the old `/`) binds weaker than `AND`, brackets first.
fn allowed(expression: &str) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<_> = spaced.split_whitespace().collect();
    let mut at = 0;
    let verdict = either(&words, &mut at);
    verdict && at == words.len()
}

fn either(words: &[&str], at: &mut usize) -> bool {
    let mut verdict = both(words, at);
    while words.get(*at) == Some(&"OR") {
        *at += 1;
        verdict |= both(words, at);
    }
    verdict
}

fn both(words: &[&str], at: &mut usize) -> bool {
    let mut verdict = one(words, at);
    while words.get(*at) == Some(&"AND") {
        *at += 1;
        verdict &= one(words, at);
    }
    verdict
}

fn one(words: &[&str], at: &mut usize) -> bool {
    let Some(word) = words.get(*at) else { return false };
    *at += 1;
    if *word == "(" {
        let verdict = either(words, at);
        *at += 1;
        return verdict;
    }
    let mut licence = (*word).to_owned();
    if words.get(*at) == Some(&"WITH") {
        licence = format!("{word} WITH {}", words.get(*at + 1).unwrap_or(&""));
        *at += 2;
    }
    ALLOWED.contains(&&*licence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_with_one_good_end_is_allowed() {
        for licence in [
            "MIT",
            "MIT/Apache-2.0",
            "GPL-3.0-only OR MIT",
            "(MIT OR Apache-2.0) AND Unicode-3.0",
            "Apache-2.0 WITH LLVM-exception OR GPL-2.0",
            "MIT AND (GPL-2.0 OR Zlib)",
        ] {
            assert!(allowed(licence), "{licence}");
        }
    }

    #[test]
    fn no_choice_is_refused() {
        for licence in [
            "",
            "GPL-3.0-only",
            "AGPL-3.0",
            "MIT AND GPL-2.0",
            "GPL-2.0 WITH LLVM-exception",
            "MIT nonsense",
            "OR",
        ] {
            assert!(!allowed(licence), "{licence:?}");
        }
        assert_eq!(
            refused(&[("a 1".into(), "MIT".into()), ("b 2".into(), "SSPL-1.0".into())]),
            ["b 2: \"SSPL-1.0\""]
        );
    }
}
