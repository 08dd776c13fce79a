//! `lotse init`: makes a new node.

use super::Call;
use crate::app::{AppError, Node, settings};
use crate::config::option::Choice;
use crate::platform::clock::Clock;
use clap::Args;
use serde_json::json;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Args)]
pub struct Init {
    /// The folder in which the node is to live; it is made if need be.
    #[arg(default_value = ".")]
    folder: PathBuf,
    /// Who speaks here, such as "Landkreis Augsburg".
    #[arg(long)]
    name: String,
    /// The address under which the node can be reached, such as <https://lotse.example.org/>.
    #[arg(long)]
    url: String,
}

impl Init {
    pub fn run(self, call: &Call) -> Result<ExitCode, AppError> {
        let file = self.folder.join(settings::FILE_NAME);
        if file.exists() {
            return Err(AppError::AlreadyInitialised { path: self.folder });
        }
        let chosen = [format!("node.name={}", self.name), format!("site.url={}", with_slash(&self.url))];
        let flags: Vec<String> = chosen.into_iter().chain(call.set.iter().cloned()).collect();
        let config = settings::merged(&file, &flags)?;
        std::fs::create_dir_all(&self.folder).map_err(AppError::file(&self.folder))?;
        let node = Node::init(config, Clock::default())?;
        keep(&file, &flags)?;
        let id = node.id();
        let path = file.display().to_string();
        call.say.result(
            &json!({ "node": id, "fingerprint": id.spoken_fingerprint(), "config": path }),
            &format!(
                "{} is ready.\n\n  Node id      {id}\n  Fingerprint  {}\n  Settings     {path}\n\n\
                 Now print the recovery sheet and keep it where you keep deeds: without it, lost keys are lost for good.\n\
                 \n  lotse --config {path} key sheet\n  lotse --config {path} region add <slug> --name <name>\n  \
                 lotse --config {path} serve",
                node.config.node.name,
                id.spoken_fingerprint(),
            ),
        );
        Ok(ExitCode::SUCCESS)
    }
}

/// People leave out the slash after a host name; anything else that is wrong is told by the check of the option.
fn with_slash(url: &str) -> String {
    match url::Url::parse(url) {
        Ok(parsed) if parsed.path() == "/" && parsed.query().is_none() && !url.ends_with('/') => {
            format!("{url}/")
        }
        _ => url.to_owned(),
    }
}

/// Writes a configuration file with these options, each `section.key=value`. # Errors: the file is there already.
pub(super) fn keep(file: &Path, flags: &[String]) -> Result<(), AppError> {
    write_private(file, &configuration(flags)).map_err(AppError::file(file))
}

/// The settings may hold the database's password, so only the owner may read them.
fn write_private(file: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let mut open = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file)?;
    open.write_all(text.as_bytes())?;
    open.sync_all()
}

/// The defaults with their sentences, and below them what was chosen.
fn configuration(flags: &[String]) -> String {
    let mut text = String::from(
        "# The settings of this node. All options, each with its sentence: config/default.toml of the program,\n\
         # or `lotse serve --check`, which prints what is in force and who decided it.\n",
    );
    // Of two values for one key the later one counts, as it does on the command line.
    let chosen: BTreeMap<(&str, &str), &str> = flags
        .iter()
        .filter_map(|flag| {
            let (key, value) = flag.split_once('=')?;
            Some((key.trim().split_once('.')?, value.trim()))
        })
        .collect();
    let mut last = "";
    for ((section, key), value) in chosen {
        if section != last {
            text.push_str(&format!("\n[{section}]\n"));
            last = section;
        }
        let choice = Choice::find(&format!("{section}.{key}"));
        let value =
            choice.map_or_else(|| toml::Value::from(value).to_string(), |choice| choice.written(value));
        text.push_str(&format!("{key} = {value}\n"));
    }
    text
}
