//! A node as its operator has it: a folder, the program, and what it says. Dropping a process kills it.

use super::texts;
use super::wire::{fetch, free_port, until};
use super::world::Change;
use lotse::platform::db::testing::Scratch;
use serde_json::Value;
use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;
use tempfile::TempDir;

pub const SOON: Duration = Duration::from_secs(30);

/// A process that runs.
pub struct Running(Child);

impl Running {
    /// `kill -9`, and waits until it is gone; whether it had ended well before.
    pub fn kill(mut self) -> bool {
        drop(self.0.kill());
        self.0.wait().unwrap().success()
    }

    /// Whether it ended, and well.
    pub fn ended(&mut self) -> Option<bool> {
        self.0.try_wait().unwrap().map(|status| status.success())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

pub struct Node {
    pub port: u16,
    folder: TempDir,
    program: PathBuf,
    pub database: Scratch,
    ids: HashMap<String, String>,
}

/// How much of what a node said is shown when a test fails.
const TOLD_BYTES: usize = 6000;

impl Node {
    /// A new node on the database that the tests run on.
    pub fn new(name: &str) -> Node {
        let folder = tempfile::tempdir().unwrap();
        // A build that runs meanwhile shall not change the program under test.
        let program = folder.path().join("lotse");
        let built = Path::new(env!("CARGO_BIN_EXE_lotse"));
        if std::fs::hard_link(built, &program).is_err() {
            std::fs::copy(built, &program).unwrap();
        }
        let node = Node { port: free_port(), folder, program, database: Scratch::new(), ids: HashMap::new() };
        let (place, url) = (node.data().display().to_string(), format!("http://127.0.0.1:{}/", node.port));
        let chosen = [
            format!("site.listen=127.0.0.1:{}", node.port),
            format!("database.url={}", node.database.url()),
            "federation.allow_private_addresses=true".to_owned(),
            "federation.poll_min_seconds=1".to_owned(),
            "federation.poll_max_seconds=1".to_owned(),
        ];
        let mut words = vec!["init", &place, "--name", name, "--url", &url];
        words.extend(chosen.iter().flat_map(|option| ["--set", option]));
        let made = node.program().args(words).output().unwrap();
        assert!(made.status.success(), "{made:?}");
        node
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("node")
    }

    fn program(&self) -> Command {
        let mut command = Command::new(&self.program);
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("LOTSE_")) {
            command.env_remove(name);
        }
        command.stdin(Stdio::null());
        command
    }

    /// `lotse` with these words, for this node.
    pub fn lotse(&self, words: &[&str]) -> Command {
        let mut command = self.program();
        command.arg("--config").arg(self.data().join("lotse.toml")).args(words);
        command
    }

    /// Runs to the end. # Panics: it fails.
    pub fn done(&self, words: &[&str]) -> Output {
        let output = self.lotse(words).output().unwrap();
        assert!(output.status.success(), "{words:?}: {output:?}\n{}", self.told());
        output
    }

    pub fn json(&self, words: &[&str]) -> Value {
        serde_json::from_slice(&self.done(&[words, &["--json"]].concat()).stdout).unwrap()
    }

    fn said(&self) -> PathBuf {
        self.folder.path().join("said")
    }

    /// What its processes said last.
    pub fn told(&self) -> String {
        let said = std::fs::read_to_string(self.said()).unwrap_or_default();
        let from = said.len().saturating_sub(TOLD_BYTES);
        let from = (from..).find(|at| said.is_char_boundary(*at)).unwrap();
        format!("--- the node said last:\n{}", &said[from..])
    }

    /// Starts it without waiting.
    pub fn start(&self, words: &[&str]) -> Running {
        let said: File = OpenOptions::new().create(true).append(true).open(self.said()).unwrap();
        let mut command = self.lotse(words);
        command.stdout(said.try_clone().unwrap()).stderr(said);
        Running(command.spawn().unwrap())
    }

    pub fn serve(&self) -> Running {
        self.start(&["serve"])
    }

    /// Serves, and readers are answered.
    pub fn serving(&self) -> Running {
        let serving = self.serve();
        self.answers();
        serving
    }

    pub fn answers(&self) {
        until("the node serves", SOON, || fetch(self.port, "/api/v3/regions/"));
    }

    /// Starts what makes a change.
    pub fn change(&self, change: &Change) -> Running {
        let id = |slug: &str| self.ids[slug].as_str();
        match change {
            Change::Import(versions) => {
                let folder = self.folder.path().join("recorded");
                drop(std::fs::remove_dir_all(&folder));
                texts::record(&folder, versions);
                let from = folder.display().to_string();
                self.start(&[&["import", "integreat", "--region", "stadt", "--name", "Stadt", "--media", "link"][..], &["--from", &from]].concat())
            }
            Change::Archive(slug) => self.start(&["page", "archive", id(slug)]),
            Change::Restore(slug) => self.start(&["page", "restore", id(slug)]),
            Change::Erase(slug) => self.start(&["page", "erase", id(slug), "--why", "gdpr-17", "--yes"]),
        }
    }

    /// Makes a change to the end. # Panics: it fails.
    pub fn publish(&self, change: &Change) {
        let mut running = self.change(change);
        let well =
            until("a change is made", SOON, || running.ended().ok_or_else(|| format!("{change:?} runs")));
        assert!(well, "{change:?} failed\n{}", self.told());
    }

    /// Learns which page has which id; each must be public now.
    pub fn learn_ids(&mut self) {
        let pages = self.json(&["page", "list", "--region", "stadt"]);
        for page in pages.as_array().unwrap() {
            let (title, id) = (page["title"].as_str().unwrap(), page["id"].as_str().unwrap());
            self.ids.insert(title.split(' ').next().unwrap().to_owned(), id.to_owned());
        }
        assert_eq!(self.ids.len(), texts::PAGES.len());
    }

    pub fn id_of(&self, slug: &str) -> &str {
        &self.ids[slug]
    }

    /// The size in the guard: of what was signed last.
    pub fn guarded(&self) -> u64 {
        let guard = std::fs::read_to_string(self.data().join("guard/signed")).unwrap();
        guard.lines().nth(1).unwrap().parse().unwrap()
    }

    /// What `lotse doctor` finds that is not well.
    pub fn complaints(&self) -> Vec<String> {
        let output = self.lotse(&["doctor", "--json"]).output().unwrap();
        let findings: Vec<Value> = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|_| panic!("doctor: {output:?}\n{}", self.told()));
        let ill = findings.iter().any(|finding| finding["verdict"] == "ill");
        assert_eq!(output.status.code(), Some(i32::from(ill)), "{findings:?}");
        let complaints = findings.iter().filter(|finding| finding["verdict"] != "well");
        complaints.map(|finding| finding["words"].as_str().unwrap().to_owned()).collect()
    }

    /// Checks the whole feed as anybody would, with our program and with the independent one.
    pub fn verify(&self) {
        let site = format!("http://127.0.0.1:{}/", self.port);
        self.done(&["verify", &site]);
        if let Ok(python) = std::env::var("LOTSE_TEST_PYTHON") {
            let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/verify_feed.py");
            let output = Command::new(python).arg(script).arg(&site).output().unwrap();
            assert!(output.status.success(), "{output:?}");
        }
    }
}
