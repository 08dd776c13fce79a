//! Speaking to people and to scripts: sentences or one JSON document on standard output, all else on standard
//! error.
#![expect(clippy::print_stdout, reason = "the command line is where the program speaks")]

use crate::app::AppError;
use crate::base::error::Told;
use crate::config::{Log, LogFormat};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use std::io::IsTerminal;
use tracing_subscriber::EnvFilter;

pub struct Say {
    json: bool,
}

impl Say {
    pub fn new(json: bool) -> Say {
        Say { json }
    }

    /// The result of a command: `sentences` for people, `value` for scripts.
    pub fn result(&self, value: &impl Serialize, sentences: &str) {
        if self.json {
            match serde_json::to_string_pretty(value) {
                Ok(text) => println!("{text}"),
                Err(error) => eprintln!("this result cannot be written as JSON: {error}"),
            }
        } else {
            println!("{}", sentences.trim_end());
        }
    }

    /// Whether the person at the terminal says yes to `question`; `None` if nobody is there to be asked.
    pub fn asks(&self, question: &str) -> Result<Option<bool>, AppError> {
        if self.json || !std::io::stdin().is_terminal() {
            return Ok(None);
        }
        eprint!("{question} Type yes: ");
        let mut answer = String::new();
        std::io::stdin().read_line(&mut answer).map_err(AppError::file("standard input"))?;
        Ok(Some(answer.trim().eq_ignore_ascii_case("yes")))
    }

    /// A remark on the way that is not the result.
    pub fn remark(&self, sentence: &str) {
        if !self.json {
            eprintln!("{sentence}");
        }
    }

    pub fn error(&self, error: &AppError) {
        if self.json {
            let told = serde_json::json!({ "error": { "code": error.code(), "message": error.to_string() } });
            println!("{told}");
        } else {
            eprintln!("lotse: {error}");
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
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started = match log.format {
        LogFormat::Text => lines.with_target(false).try_init(),
        LogFormat::Json => lines.json().try_init(),
    };
    // Only a second start in one process fails, and then the first one goes on.
    drop(started);
}
