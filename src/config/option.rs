//! Every option with its sentence, unit and default, written down once: `config/default.toml`, the errors and
//! `lotse serve --check` all speak from this table.

use std::fmt::Write;

/// One thing an operator may choose.
pub struct Choice {
    pub section: &'static str,
    pub key: &'static str,
    /// What it does, for a person who has never seen this software.
    pub sentence: &'static str,
    /// Of a number; empty for everything else.
    pub unit: &'static str,
    /// As written after `=` in the file, without quotes.
    pub default: &'static str,
    pub accepts: Accepts,
}

/// What a value must look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accepts {
    Text,
    /// `http(s)://host[:port]/`, the slash included.
    BaseAddress,
    /// IP address and port.
    Socket,
    /// The name of an HTTP header, or nothing.
    Header,
    /// Relative ones start at the folder named.
    Folder {
        from: &'static str,
    },
    /// May hold a password: printed without it, and accepted from a file as `<key>_file`.
    Database,
    Switch,
    Whole {
        least: u64,
        most: u64,
    },
    OneOf(&'static [&'static str]),
}

pub const OPTIONS: &[Choice] = &[
    Choice {
        section: "node",
        key: "name",
        sentence: "Who speaks here, as readers and other nodes see it, such as \"Landkreis Augsburg\".",
        unit: "",
        default: "Lotse",
        accepts: Accepts::Text,
    },
    Choice {
        section: "node",
        key: "data",
        sentence: "The folder of everything this node keeps: database, keys, feed, media. How to back it up: deploy/README.md.",
        unit: "",
        default: ".",
        accepts: Accepts::Folder { from: "the folder of this file" },
    },
    Choice {
        section: "site",
        key: "url",
        sentence: "The address under which readers, apps and other nodes reach this node, with a slash at the end.",
        unit: "",
        default: "http://localhost:8080/",
        accepts: Accepts::BaseAddress,
    },
    Choice {
        section: "site",
        key: "listen",
        sentence: "The IP address and port to serve on; 0.0.0.0 or [::] is every network card, port 0 any free port.",
        unit: "",
        default: "127.0.0.1:8080",
        accepts: Accepts::Socket,
    },
    Choice {
        section: "site",
        key: "client_address_header",
        sentence: "The header in which your own proxy names the client's address, such as \"X-Forwarded-For\"; empty if none does. Where no proxy sets it, anybody could write into it what they like.",
        unit: "",
        default: "",
        accepts: Accepts::Header,
    },
    Choice {
        section: "database",
        key: "url",
        sentence: "Where the content is stored: \"sqlite:<file>\" (relative files lie in node.data) or \"postgres://user:password@host/name\".",
        unit: "",
        default: "sqlite:lotse.db",
        accepts: Accepts::Database,
    },
    Choice {
        section: "federation",
        key: "allow_private_addresses",
        sentence: "Whether nodes on this machine or in the private network may be followed; leave it off on the open internet.",
        unit: "",
        default: "false",
        accepts: Accepts::Switch,
    },
    Choice {
        section: "federation",
        key: "poll_min_seconds",
        sentence: "How soon at the earliest a followed node that just published is asked again.",
        unit: "seconds",
        default: "120",
        accepts: Accepts::Whole { least: 1, most: 86_400 },
    },
    Choice {
        section: "federation",
        key: "poll_max_seconds",
        sentence: "How late at the latest a followed node that has long been silent is asked again.",
        unit: "seconds",
        default: "1800",
        accepts: Accepts::Whole { least: 1, most: 604_800 },
    },
    Choice {
        section: "federation",
        key: "blob_quota_bytes",
        sentence: "How much of each followed feed is kept at most: its log, texts and media together.",
        unit: "bytes",
        default: "2147483648",
        accepts: Accepts::Whole { least: 1_048_576, most: 1 << 50 },
    },
    Choice {
        section: "federation",
        key: "guard",
        sentence: "The folder of the guard, which remembers the last signature so that a restored backup cannot sign twice; best on another disk than the database.",
        unit: "",
        default: "guard",
        accepts: Accepts::Folder { from: "node.data" },
    },
    Choice {
        section: "log",
        key: "level",
        sentence: "How much is told while serving.",
        unit: "",
        default: "info",
        accepts: Accepts::OneOf(&["error", "warn", "info", "debug", "trace"]),
    },
    Choice {
        section: "log",
        key: "format",
        sentence: "Lines for people (text) or for machines (json).",
        unit: "",
        default: "text",
        accepts: Accepts::OneOf(&["text", "json"]),
    },
];

impl Choice {
    /// Such as `site.url`.
    pub fn name(&self) -> String {
        format!("{}.{}", self.section, self.key)
    }

    /// The value as TOML writes it.
    pub fn written(&self, value: &str) -> String {
        match self.accepts {
            Accepts::Switch | Accepts::Whole { .. } => value.to_owned(),
            _ => toml::Value::from(value).to_string(),
        }
    }

    pub fn find(name: &str) -> Option<&'static Choice> {
        OPTIONS.iter().find(|choice| choice.name() == name)
    }
}

impl Accepts {
    /// The end of the sentence "accepted is …".
    pub fn told(self) -> String {
        match self {
            Accepts::Text => "a text of 1 to 200 characters".to_owned(),
            Accepts::BaseAddress => "an address such as \"https://example.org/\"".to_owned(),
            Accepts::Socket => {
                "an IP address and a port such as \"127.0.0.1:8080\" or \"[::]:80\"".to_owned()
            }
            Accepts::Header => "a header's name such as \"X-Forwarded-For\", or \"\" for none".to_owned(),
            Accepts::Folder { from } => format!("a folder; a relative one starts at {from}"),
            Accepts::Database => {
                "\"sqlite:<file>\" or \"postgres://user:password@host:port/name\"".to_owned()
            }
            Accepts::Switch => "true or false".to_owned(),
            Accepts::Whole { least, most } => format!("a whole number from {least} to {most}"),
            Accepts::OneOf(words) => words.join(" or "),
        }
    }

    pub fn is_secret(self) -> bool {
        self == Accepts::Database
    }
}

/// `config/default.toml`: every option, commented out.
pub fn default_file() -> String {
    let mut file = String::from(
        "# Every option of Lotse with its default. Remove the # before a line to change it.\n\
         # A variable LOTSE__SECTION__KEY of the environment wins over this file, --set section.key=value wins over both.\n\
         # Look at what was understood with: lotse serve --check\n",
    );
    let mut section = "";
    for choice in OPTIONS {
        if choice.section != section {
            section = choice.section;
            let _ = write!(file, "\n[{section}]\n");
        } else {
            file.push('\n');
        }
        let _ = writeln!(file, "# {}", choice.sentence);
        let unit = if choice.unit.is_empty() { String::new() } else { format!(" Unit: {}.", choice.unit) };
        let _ = writeln!(file, "# Accepted: {}.{unit}", choice.accepts.told());
        if choice.accepts.is_secret() {
            let _ = writeln!(
                file,
                "# To keep it out of this file: {0}_file = \"<file that holds it>\"",
                choice.key
            );
        }
        let _ = writeln!(file, "#{} = {}", choice.key, choice.written(choice.default));
    }
    file
}

#[cfg(test)]
mod tests {
    use super::{OPTIONS, default_file};

    #[test]
    fn the_default_file_says_what_the_code_says() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/config/default.toml");
        if std::env::var_os("LOTSE_TEST_WRITE").is_some() {
            std::fs::write(path, default_file()).unwrap();
        }
        let written = std::fs::read_to_string(path).unwrap();
        assert!(written == default_file(), "run LOTSE_TEST_WRITE=1 cargo test default_file, then look at it");
    }

    #[test]
    fn the_default_file_is_toml_with_and_without_its_comments() {
        let lines: Vec<String> = default_file()
            .lines()
            .map(|line| match line.strip_prefix('#') {
                Some(rest) if !rest.starts_with(' ') => rest.to_owned(),
                _ => line.to_owned(),
            })
            .collect();
        let table: toml::Table = lines.join("\n").parse().unwrap();
        let values: usize = table.values().map(|section| section.as_table().unwrap().len()).sum();
        assert_eq!(values, OPTIONS.len());
        assert!(default_file().parse::<toml::Table>().is_ok());
    }

    #[test]
    fn every_option_has_a_sentence_and_its_own_name() {
        let mut names: Vec<String> = OPTIONS.iter().map(|choice| choice.name()).collect();
        assert!(OPTIONS.iter().all(|choice| choice.sentence.ends_with('.')));
        names.sort();
        names.dedup();
        assert_eq!(names.len(), OPTIONS.len());
    }
}
