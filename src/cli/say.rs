//! Speaking to people and to scripts: sentences or one JSON document on standard output, all else on standard
//! error. Whoever listens may stop listening at any word, as `head` does; the work goes on to its end.

use crate::app::AppError;
use crate::base::error::Told;
use crate::config::{Log, LogFormat};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use std::cell::Cell;
use std::io::{ErrorKind, IsTerminal, Write};
use tracing_subscriber::EnvFilter;

pub struct Say {
    json: bool,
    unwritten: Cell<bool>,
}

impl Say {
    pub fn new(json: bool) -> Say {
        Say { json, unwritten: Cell::new(false) }
    }

    /// Whether a result did not arrive where it should, as on a full disk.
    pub fn is_unwritten(&self) -> bool {
        self.unwritten.get()
    }

    /// The result of a command: `sentences` for people, `value` for scripts.
    pub fn result(&self, value: &impl Serialize, sentences: &str) {
        if self.json {
            match serde_json::to_string_pretty(value) {
                Ok(text) => self.tell(&text),
                Err(error) => aside(&format!("this result cannot be written as JSON: {error}")),
            }
        } else {
            self.tell(sentences.trim_end());
        }
    }

    fn tell(&self, text: &str) {
        if let Err(error) = line(std::io::stdout(), text) {
            aside(&format!("lotse: the result could not be written: {error}"));
            self.unwritten.set(true);
        }
    }

    /// Whether the person at the terminal says yes to `question`; `None` if nobody is there to be asked.
    pub fn asks(&self, question: &str) -> Result<Option<bool>, AppError> {
        if self.json || !std::io::stdin().is_terminal() {
            return Ok(None);
        }
        aside(&format!("{question} Type yes:"));
        let mut answer = String::new();
        std::io::stdin().read_line(&mut answer).map_err(AppError::file("standard input"))?;
        Ok(Some(answer.trim().eq_ignore_ascii_case("yes")))
    }

    /// A remark on the way that is not the result.
    pub fn remark(&self, sentence: &str) {
        if !self.json {
            aside(sentence);
        }
    }

    pub fn error(&self, error: &AppError) {
        if self.json {
            let told = serde_json::json!({ "error": { "code": error.code(), "message": error.to_string() } });
            self.tell(&told.to_string());
        } else {
            aside(&format!("lotse: {error}"));
        }
    }

    /// A bar for work whose length is told on the way; silent where nobody watches.
    pub fn counting(&self, what: &'static str) -> ProgressBar {
        let bar = self.working(what);
        if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {pos} of {len}, {eta} left") {
            bar.set_style(style);
        }
        bar
    }

    /// A spinner for work of unknown length; silent where nobody watches.
    pub fn working(&self, what: &'static str) -> ProgressBar {
        if self.json || !std::io::stderr().is_terminal() {
            return ProgressBar::hidden();
        }
        let bar = ProgressBar::new_spinner().with_message(what);
        bar.set_style(ProgressStyle::default_spinner());
        bar.enable_steady_tick(std::time::Duration::from_millis(120));
        bar
    }
}

/// Writes a line; what a listener cut off is no failure.
fn line(mut to: impl Write, text: &str) -> std::io::Result<()> {
    match writeln!(to, "{text}").and_then(|()| to.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

/// If that cannot be said either, there is nobody to say it to.
fn aside(text: &str) {
    drop(line(std::io::stderr(), text));
}

/// Whether the log tells of daily work.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Quiet {
    OnlyWarnings,
    AsConfigured,
}

/// Starts the log on standard error; a second call changes nothing.
pub fn start_log(log: &Log, quiet: Quiet) {
    let level = if quiet == Quiet::OnlyWarnings { "warn" } else { log.level.as_str() };
    let filter = EnvFilter::new(format!("{level},html5ever=error"));
    // Colours are for eyes, and in a file they are rubbish. SPEC: https://no-color.org
    let coloured =
        std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|set| set.is_empty());
    let lines =
        tracing_subscriber::fmt().with_env_filter(filter).with_ansi(coloured).with_writer(std::io::stderr);
    let started = match log.format {
        LogFormat::Text => lines.with_target(false).try_init(),
        LogFormat::Json => lines.json().try_init(),
    };
    // Only a second start in one process fails, and then the first one goes on.
    drop(started);
}
