//! Reading the repository: its files, and Rust text with comments and literals blanked out.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// One text file, its path relative to the repository with `/` between parts.
#[derive(Clone, Debug)]
pub struct Source {
    pub path: String,
    pub text: String,
}

impl Source {
    pub fn new(path: &str, text: &str) -> Source {
        Source { path: path.to_owned(), text: text.to_owned() }
    }

    /// The text without comments and without the insides of literals; lines stay where they are.
    pub fn code(&self) -> String {
        blanked(&self.text)
    }

    /// What [`Source::code`] gives, up to the tests at the foot of the file.
    pub fn code_before_tests(&self) -> String {
        self.code().lines().take(self.lines_before_tests()).collect::<Vec<_>>().join("\n")
    }

    /// Only a whole module of tests ends the count: one gated line in the middle must not hide what follows it.
    pub fn lines_before_tests(&self) -> usize {
        let lines: Vec<_> = self.text.lines().collect();
        let foot =
            |pair: &[&str]| pair[0] == "#[cfg(test)]" && pair[1].contains("mod ") && pair[1].contains('{');
        lines.windows(2).position(foot).unwrap_or(lines.len())
    }

    /// Names of modules in files of their own that exist only in tests.
    pub fn test_modules(&self) -> Vec<String> {
        let code = self.code();
        let lines: Vec<_> = code.lines().map(str::trim).collect();
        let gated = lines.windows(2).filter(|pair| pair[0] == "#[cfg(test)]");
        let name = |pair: &[&str]| Some(pair[1].split_once("mod ")?.1.strip_suffix(';')?.to_owned());
        gated.filter_map(name).collect()
    }

    /// `src/domain/feed/store.rs` → `[domain, feed, store]`; `mod`, `lib` and `main` stand for their folder.
    pub fn module(&self) -> Vec<String> {
        let path = self.path.trim_start_matches("src/").trim_end_matches(".rs");
        let parts = path.split('/').map(str::to_owned).collect::<Vec<_>>();
        match parts.split_last() {
            Some((last, folder)) if matches!(&**last, "mod" | "lib" | "main") => folder.to_vec(),
            _ => parts,
        }
    }
}

/// Whether the module above declares this file `#[cfg(test)]`.
pub fn only_in_tests(sources: &[Source], file: &Source) -> bool {
    let module = file.module();
    let Some((name, parent)) = module.split_last() else { return false };
    sources.iter().any(|source| source.module() == parent && source.test_modules().contains(name))
}

/// The folder that holds `Cargo.toml`.
pub struct Repository(PathBuf);

pub fn repository() -> Repository {
    Repository(PathBuf::from(env!("CARGO_MANIFEST_DIR")))
}

impl Repository {
    /// The text of one file, empty if there is none.
    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.0.join(path)).unwrap_or_default()
    }

    /// Names inside a folder, sorted.
    pub fn names(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.0.join(folder)).into_iter().flatten().flatten();
        let mut names: Vec<_> = entries.map(|e| e.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    /// Every text file that a commit would hold: what git lists, or the whole folder where there is no git.
    pub fn tracked(&self) -> Vec<Source> {
        let listed = Command::new("git")
            .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
            .current_dir(&self.0)
            .output();
        let paths = match listed {
            Ok(out) if out.status.success() => {
                String::from_utf8_lossy(&out.stdout).split_terminator('\0').map(str::to_owned).collect()
            }
            _ => self.walk(""),
        };
        paths.into_iter().filter_map(|path| self.source(path)).collect()
    }

    fn source(&self, path: String) -> Option<Source> {
        let text = String::from_utf8(fs::read(self.0.join(&path)).ok()?).ok()?;
        Some(Source { path, text })
    }

    fn walk(&self, folder: &str) -> Vec<String> {
        let mut found = Vec::new();
        for name in self.names(folder) {
            let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
            if matches!(&*name, ".git" | "target" | "node_modules" | "__pycache__") {
                continue;
            }
            if self.0.join(&path).is_dir() {
                found.extend(self.walk(&path));
            } else {
                found.push(path);
            }
        }
        found
    }
}

/// Every Rust file below `folders`.
pub fn sources(folders: &[&str]) -> Vec<Source> {
    let repository = repository();
    let paths = folders.iter().flat_map(|folder| repository.walk(folder));
    paths
        .filter(|path| Path::new(path).extension().is_some_and(|e| e == "rs"))
        .filter_map(|path| repository.source(path))
        .collect()
}

/// Replaces comments and the insides of literals by spaces, byte for byte, keeping line ends.
pub fn blanked(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let (keep, end) = token(bytes, at);
        out.extend(bytes[at..end].iter().map(|b| if keep || *b == b'\n' { *b } else { b' ' }));
        at = end;
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// The piece that starts at `at`: whether it is code, and where it ends.
fn token(bytes: &[u8], at: usize) -> (bool, usize) {
    let rest = &bytes[at..];
    if rest.starts_with(b"//") {
        return (false, at + rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len()));
    }
    if rest.starts_with(b"/*") {
        return (false, at + block_comment(rest));
    }
    if rest[0] == b'"' {
        return (false, at + quoted(rest, 1, b'"'));
    }
    if let Some(length) = raw_string(bytes, at) {
        return (false, at + length);
    }
    if rest[0] == b'\'' && (rest.get(1) == Some(&b'\\') || char_literal(rest)) {
        return (false, at + quoted(rest, 1, b'\''));
    }
    (true, at + 1)
}

fn block_comment(rest: &[u8]) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < rest.len() {
        match &rest[at..rest.len().min(at + 2)] {
            b"/*" => (depth, at) = (depth + 1, at + 2),
            b"*/" if depth == 1 => return at + 2,
            b"*/" => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
    }
    rest.len()
}

fn quoted(rest: &[u8], mut at: usize, end: u8) -> usize {
    while at < rest.len() {
        match rest[at] {
            b'\\' => at += 2,
            b if b == end => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

/// `r"…"`, `r#"…"#` and their byte twins; a name that ends in `r` is none.
fn raw_string(bytes: &[u8], at: usize) -> Option<usize> {
    let named =
        at > 0 && (bytes[at - 1].is_ascii_alphanumeric() && bytes[at - 1] != b'b' || bytes[at - 1] == b'_');
    if bytes[at] != b'r' || named {
        return None;
    }
    let hashes = bytes[at + 1..].iter().take_while(|b| **b == b'#').count();
    let open = at + 1 + hashes;
    if bytes.get(open) != Some(&b'"') {
        return None;
    }
    let end = [&b"\""[..], &vec![b'#'; hashes]].concat();
    let inside = &bytes[open + 1..];
    let length = inside.windows(end.len()).position(|w| w == end).map_or(inside.len(), |p| p + end.len());
    Some(2 + hashes + length)
}

/// `'x'`, not the lifetime `'x`; one character may be up to four bytes.
fn char_literal(rest: &[u8]) -> bool {
    let width = match rest.get(1) {
        Some(0..=0x7f) => 1,
        Some(0xc0..=0xdf) => 2,
        Some(0xe0..=0xef) => 3,
        _ => 4,
    };
    rest.get(1 + width) == Some(&b'\'')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_literals_are_no_code() {
        let text = "a // crate::x\nb \"crate::x \\\" y\" c /* d /* e */ f */ g r#\"h \" i\"# j 'k' l '\\'' m<'n>(o: &'n p)";
        let words = blanked(text).split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(words, "a b c g j l m<'n>(o: &'n p)");
        assert_eq!(blanked(text).len(), text.len());
    }

    #[test]
    fn umlauts_do_not_derail_the_reader() {
        assert_eq!(blanked("x 'ä' y \"ü\" z").split_whitespace().collect::<Vec<_>>(), ["x", "y", "z"]);
    }

    #[test]
    fn tests_at_the_foot_are_left_out() {
        let source = Source::new("src/a.rs", "one\ntwo\n#[cfg(test)]\nmod tests { diesel }\n");
        assert_eq!(source.lines_before_tests(), 2);
        assert!(!source.code_before_tests().contains("diesel"));
        assert!(source.code().contains("diesel"));
        let gated = Source::new("src/a.rs", "#[cfg(test)]\nuse x;\n#[cfg(test)]\npub mod vectors;\ndiesel\n");
        assert!(gated.code_before_tests().contains("diesel"));
        assert_eq!(gated.test_modules(), ["vectors"]);
    }

    #[test]
    fn a_path_names_its_module() {
        assert_eq!(Source::new("src/domain/feed/store.rs", "").module(), ["domain", "feed", "store"]);
        assert_eq!(Source::new("src/domain/feed/mod.rs", "").module(), ["domain", "feed"]);
        assert!(Source::new("src/lib.rs", "").module().is_empty());
    }
}
