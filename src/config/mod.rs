//! What an operator may choose, each with default, unit and check. Pure: texts in, settings or an error out;
//! only `app` reads files and the environment.

pub mod error;
pub mod option;
pub mod merge;

pub use error::ConfigError;
use merge::{Origin, Settled, bad};
pub use merge::{Sources, flag};
use option::{Accepts, Choice, OPTIONS};
use std::collections::BTreeSet;
use std::fmt;
use std::fmt::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// Everything that was chosen, checked.
#[derive(Clone, Debug)]
pub struct Config {
    pub node: Node,
    pub site: Site,
    pub database: Database,
    pub federation: Federation,
    pub log: Log,
    /// For [`Config::understood`]: option, value as shown, who set it.
    told: Vec<(&'static str, String, String)>,
    /// Options whose value is the default because nobody chose one.
    open: BTreeSet<String>,
}

#[derive(Clone, Debug)]
pub struct Node {
    pub name: String,
    pub data: PathBuf,
}

#[derive(Clone, Debug)]
pub struct Site {
    /// `http(s)://host[:port]/`.
    pub url: String,
    pub listen: SocketAddr,
    /// The header in which a trusted proxy names the client's address; empty: the other end of the connection is
    /// the client.
    pub client_address_header: String,
}

#[derive(Clone, Debug)]
pub struct Database {
    pub url: Secret,
}

#[derive(Clone, Debug)]
pub struct Federation {
    pub allow_private_addresses: bool,
    pub poll_min_seconds: u64,
    pub poll_max_seconds: u64,
    /// Per followed feed.
    pub blob_quota_bytes: u64,
    /// Folder of the guard file.
    pub guard: PathBuf,
}

#[derive(Clone, Debug)]
pub struct Log {
    /// `error`, `warn`, `info`, `debug` or `trace`.
    pub level: String,
    pub format: LogFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    Text,
    Json,
}

/// A text that is not printed by accident.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(hidden)")
    }
}

/// Merges and checks. # Errors: [`ConfigError`] names key, value, source and what is accepted.
pub fn understand(sources: &Sources<'_>) -> Result<Config, ConfigError> {
    let merged = merge::merge(sources)?;
    let settled = |name: &str| -> (&'static Choice, Settled) {
        match (Choice::find(name), merged.get(name)) {
            (Some(choice), Some(settled)) => (choice, settled.clone()),
            _ => unreachable!("{name} is an option"),
        }
    };
    let text = |name: &str| checked(settled(name));
    let data: PathBuf = sources.folder.join(text("node.data")?).components().collect();
    let config = Config {
        node: Node { name: text("node.name")?.trim().to_owned(), data: data.clone() },
        site: Site {
            url: text("site.url")?,
            listen: parsed(settled("site.listen"))?,
            client_address_header: text("site.client_address_header")?,
        },
        database: Database { url: Secret(database_url(&text("database.url")?, &data)) },
        federation: Federation {
            allow_private_addresses: parsed(settled("federation.allow_private_addresses"))?,
            poll_min_seconds: parsed(settled("federation.poll_min_seconds"))?,
            poll_max_seconds: parsed(settled("federation.poll_max_seconds"))?,
            blob_quota_bytes: parsed(settled("federation.blob_quota_bytes"))?,
            guard: data.join(text("federation.guard")?),
        },
        log: Log {
            level: text("log.level")?,
            format: if text("log.format")? == "json" { LogFormat::Json } else { LogFormat::Text },
        },
        told: OPTIONS.iter().map(|choice| told(choice, settled(&choice.name()).1)).collect(),
        open: merged
            .iter()
            .filter(|(_, one)| one.origin == Origin::Default)
            .map(|(name, _)| name.clone())
            .collect(),
    };
    let (least, most) = (config.federation.poll_min_seconds, config.federation.poll_max_seconds);
    if least > most {
        return Err(ConfigError::PollReversed { least, most });
    }
    Ok(config)
}

impl Config {
    /// The defaults with a few options set, as by flags: for nodes that live in one process, such as the demo's.
    /// # Errors: as [`understand`].
    pub fn of(folder: &Path, options: &[(&str, &str)]) -> Result<Config, ConfigError> {
        understand(&Sources {
            folder,
            file: None,
            environment: Vec::new(),
            flags: options.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect(),
            read_secret: &|_| Err(std::io::ErrorKind::Unsupported.into()),
        })
    }

    /// Whether a file, the environment or a flag chose the value of an option, such as `node.name`.
    pub fn is_chosen(&self, option: &str) -> bool {
        !self.open.contains(option)
    }

    /// Every option with its value and who set it, as TOML; passwords hidden.
    pub fn understood(&self) -> String {
        let mut page = String::new();
        let width = self.told.iter().map(|(_, line, _)| line.chars().count()).max().unwrap_or(0).min(60);
        let mut last = "";
        for (section, line, origin) in &self.told {
            if *section != last {
                let gap = if last.is_empty() { "" } else { "\n" };
                let _ = writeln!(page, "{gap}[{section}]");
                last = section;
            }
            let _ = writeln!(page, "{line:width$}  # {origin}");
        }
        page
    }
}

fn told(choice: &'static Choice, settled: Settled) -> (&'static str, String, String) {
    let (line, origin) = match settled.secret_file {
        Some(file) => {
            (format!("{}_file = {}", choice.key, choice.written(&file)), settled.origin.to_string())
        }
        None => {
            let text =
                if choice.accepts.is_secret() { without_password(&settled.text) } else { settled.text };
            (format!("{} = {}", choice.key, choice.written(&text)), settled.origin.to_string())
        }
    };
    (choice.section, line, origin)
}

/// The text, when it is what the option accepts.
fn checked((choice, settled): (&Choice, Settled)) -> Result<String, ConfigError> {
    let text = settled.text;
    let slip = match choice.accepts {
        Accepts::Text if text.trim().is_empty() => Err("it is empty"),
        Accepts::Text if text.chars().count() > 200 => Err("it is longer"),
        Accepts::Folder { .. } if text.is_empty() => Err("it is empty"),
        Accepts::BaseAddress => base_address(&text),
        Accepts::Socket => socket(&text),
        Accepts::Header => header(&text),
        Accepts::Database => database(&text),
        Accepts::Switch if text.parse::<bool>().is_err() => Err(""),
        Accepts::Whole { least, most } => match text.parse::<u64>() {
            Ok(number) if (least..=most).contains(&number) => Ok(()),
            _ => Err(""),
        },
        Accepts::OneOf(words) if !words.contains(&text.as_str()) => Err(""),
        _ => Ok(()),
    };
    match slip {
        Ok(()) => Ok(text),
        Err(slip) => Err(bad(choice, &choice.written(&text), &settled.origin, slip)),
    }
}

fn parsed<T: std::str::FromStr>(both: (&Choice, Settled)) -> Result<T, ConfigError> {
    let (choice, origin) = (both.0, both.1.origin.clone());
    let text = checked(both)?;
    text.parse().map_err(|_| bad(choice, &text, &origin, ""))
}

fn base_address(text: &str) -> Result<(), &'static str> {
    let Ok(url) = url::Url::parse(text) else {
        return Err("it starts with http:// or https://");
    };
    match url.scheme() {
        "http" | "https" => {}
        "localhost" => return Err("http:// is missing before the name"),
        _ => return Err("it starts with http:// or https://"),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("no user or password belongs in it");
    }
    if url.query().is_some() || url.fragment().is_some() || url.path() != "/" {
        return Err("a node has a host name of its own: nothing may follow the slash");
    }
    if url.as_str() == text {
        Ok(())
    } else if !text.ends_with('/') {
        Err("the slash at the end is missing")
    } else {
        Err("write the host in lower case, international names as xn--, and leave out the usual port")
    }
}

fn socket(text: &str) -> Result<(), &'static str> {
    if text.parse::<SocketAddr>().is_ok() {
        Ok(())
    } else if text.parse::<std::net::IpAddr>().is_ok() {
        Err("the port is missing")
    } else if text.starts_with("localhost:") {
        Err("write 127.0.0.1 for localhost")
    } else if text.starts_with(':') {
        Err("write [::] or 0.0.0.0 before the port")
    } else {
        Err("a host name belongs in site.url")
    }
}

/// SPEC: RFC 9110 §5.6.2: the characters of a token.
fn header(text: &str) -> Result<(), &'static str> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    if text.chars().all(allowed) { Ok(()) } else { Err("write its name only, without a colon or blanks") }
}

fn database(text: &str) -> Result<(), &'static str> {
    if text.strip_prefix("sqlite:").is_some_and(|file| !file.is_empty()) {
        Ok(())
    } else if text.starts_with("postgres://") || text.starts_with("postgresql://") {
        match url::Url::parse(text) {
            Ok(_) => Ok(()),
            Err(_) => Err("write reserved characters of the password as %XX"),
        }
    } else if text.ends_with(".db") {
        Err("sqlite: is missing before the file")
    } else {
        Err("it starts with sqlite: or postgres://")
    }
}

/// Relative SQLite files lie in the data folder.
fn database_url(text: &str, data: &Path) -> String {
    match text.strip_prefix("sqlite:") {
        Some(file) => format!("sqlite:{}", data.join(file.trim_start_matches("//")).display()),
        None => text.to_owned(),
    }
}

/// The address of a database with its password replaced.
pub fn without_password(text: &str) -> String {
    match url::Url::parse(text) {
        Ok(mut url) if url.password().is_some() => match url.set_password(Some("hidden")) {
            Ok(()) => url.to_string(),
            Err(()) => "(hidden)".to_owned(),
        },
        Ok(url) if url.query().is_some_and(|query| query.contains("password")) => "(hidden)".to_owned(),
        Ok(_) => text.to_owned(),
        Err(_) => "(hidden)".to_owned(),
    }
}

#[cfg(test)]
mod tests;
