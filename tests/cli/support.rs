//! A node in a folder, and runs of the executable on it.

use lotse::platform::db::Database;
use lotse::platform::db::testing::Scratch;
use serde_json::Value;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// What a run left.
#[derive(Debug)]
pub struct Run {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Run {
    #[track_caller]
    pub fn done(self) -> Run {
        assert_eq!(self.code, 0, "{self:?}");
        self
    }

    /// Ended with this code, and said these words to the person.
    #[track_caller]
    pub fn failed(self, code: i32, words: &[&str]) -> Run {
        assert_eq!(self.code, code, "{self:?}");
        assert!(self.out.is_empty(), "results and errors do not mix: {self:?}");
        assert!(self.err.contains("lotse: ") || code == 2, "{self:?}");
        for word in words {
            assert!(self.err.contains(word), "{word:?} is missing: {self:?}");
        }
        self
    }

    #[track_caller]
    pub fn says(self, words: &str) -> Run {
        assert!(self.out.contains(words), "{words:?} is missing: {self:?}");
        self
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// Runs the executable in a folder; `typed` is its standard input.
pub fn run_in(folder: &Path, arguments: &[&str], typed: &str) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lotse"));
    command.current_dir(folder).args(arguments).env_remove("LOTSE_CONFIG").env("NO_COLOR", "1");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(typed.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    Run {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A node whose home is a folder.
pub struct Home {
    pub url: String,
    folder: tempfile::TempDir,
    database: Scratch,
}

impl Home {
    /// An empty folder; the node would be reached at a port that is free now.
    pub fn empty() -> Home {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let folder = tempfile::tempdir().unwrap();
        Home { url: format!("http://127.0.0.1:{port}/"), folder, database: Scratch::new() }
    }

    /// A node that was made by `lotse init`.
    pub fn new(name: &str) -> Home {
        let home = Home::empty();
        home.init(name).done();
        home
    }

    pub fn init(&self, name: &str) -> Run {
        let listen = format!("site.listen={}", self.url.trim_start_matches("http://").trim_end_matches('/'));
        let database = format!("database.url={}", self.database.url());
        let sets = ["--set", &listen, "--set", &database, "--set", "federation.allow_private_addresses=true"];
        // Without the slash at the end, as people write addresses.
        self.run(&[&["init", "--name", name, "--url", self.url.trim_end_matches('/')], &sets[..]].concat())
    }

    pub fn run(&self, arguments: &[&str]) -> Run {
        run_in(self.folder.path(), arguments, "")
    }

    pub fn json(&self, arguments: &[&str]) -> Value {
        self.run(&[&["--json"], arguments].concat()).done().json()
    }

    /// Takes over what an Integreat server would answer: file names without `.json`, and what each holds.
    pub fn imports(&self, region: &str, answers: &[(&str, Value)], more: &[&str]) -> Run {
        let folder = tempfile::tempdir().unwrap();
        for (name, answer) in answers {
            std::fs::write(folder.path().join(format!("{name}.json")), answer.to_string()).unwrap();
        }
        let from = folder.path().to_str().unwrap();
        self.run(&[&["import", "integreat", "--region", region, "--from", from], more].concat())
    }

    /// The ids and titles of a region's public pages in a language.
    pub fn pages(&self, region: &str, language: &str) -> Vec<(String, String)> {
        let listed = self.json(&["page", "list", "--region", region, "--language", language]);
        let text = |page: &Value, member: &str| page[member].as_str().unwrap().to_owned();
        listed.as_array().unwrap().iter().map(|page| (text(page, "id"), text(page, "title"))).collect()
    }

    /// Its database, opened beside the program.
    pub fn database(&self) -> Database {
        Database::open(self.database.url()).unwrap()
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs `lotse serve` until the value is dropped.
    pub fn serves(&self) -> Served {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lotse"));
        command.current_dir(self.folder.path()).arg("serve").env("NO_COLOR", "1");
        let mut child = command.stderr(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        while !lines.next().unwrap().unwrap().contains("serving") {}
        // Somebody must go on reading, or the log would block the server.
        std::thread::spawn(move || lines.for_each(drop));
        Served(child)
    }
}

/// What Integreat says of a page at the top of a region, and where it is in other languages.
pub fn answer(path: &str, title: &str, elsewhere: &[(&str, &str)]) -> Value {
    let elsewhere =
        elsewhere.iter().map(|(code, path)| (code.to_string(), serde_json::json!({ "path": path })));
    serde_json::json!({
        "path": path, "url": format!("https://cms.example{path}"), "title": title, "content": format!("<p>{title}</p>"),
        "last_updated": "2024-01-01T09:00:00+01:00", "available_languages": Value::Object(elsewhere.collect()),
    })
}

/// A running server.
pub struct Served(Child);

impl Served {
    /// Ends it as service managers do; its exit code.
    pub fn ends(mut self) -> Option<i32> {
        Command::new("kill").args(["-TERM", &self.0.id().to_string()]).status().unwrap();
        self.0.wait().unwrap().code()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The recorded answers that come with the sources.
pub fn recorded() -> &'static str {
    concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/lkaugsburg")
}
