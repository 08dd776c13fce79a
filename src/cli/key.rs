//! `lotse key`: who this node is, and the sheet that brings it back.

use super::Call;
use crate::app::{AppError, asked};
use crate::domain::identity::keyring::Keyring;
use clap::Subcommand;
use serde_json::json;
use std::io::Read as _;
use std::process::ExitCode;

#[derive(Subcommand)]
pub enum Key {
    /// Prints the node id and the fingerprint to compare over the telephone.
    Fingerprint,
    /// Prints the recovery sheet: whoever has it can speak as this node. Print it on paper, delete the file.
    Sheet {
        /// Writes a page with a QR code for a browser's printer instead of plain text.
        #[arg(long)]
        html: bool,
    },
    /// Puts the keys of a recovery sheet into an empty data folder; the code is read from standard input.
    Restore,
}

impl Key {
    pub fn run(self, call: &Call) -> Result<ExitCode, AppError> {
        match self {
            Key::Fingerprint => fingerprint(call),
            Key::Sheet { html } => sheet(call, html),
            Key::Restore => restore(call),
        }
    }
}

fn fingerprint(call: &Call) -> Result<ExitCode, AppError> {
    let node = call.looking()?;
    let id = node.id();
    call.say.result(
        &json!({ "node": id, "fingerprint": id.spoken_fingerprint() }),
        &format!(
            "{}\n  Node id      {id}\n  Fingerprint  {}",
            node.config.node.name,
            id.spoken_fingerprint()
        ),
    );
    Ok(ExitCode::SUCCESS)
}

fn sheet(call: &Call, html: bool) -> Result<ExitCode, AppError> {
    let node = call.looking()?;
    let code = node.keys().recovery_code();
    let sheet = Sheet {
        name: &node.config.node.name,
        id: node.id().as_str(),
        spoken: &node.id().spoken_fingerprint(),
        code: &code,
    };
    let page = if html { sheet.html()? } else { sheet.text() };
    call.say.result(&json!({ "node": node.id(), "recovery_code": code.as_str() }), &page);
    Ok(ExitCode::SUCCESS)
}

fn restore(call: &Call) -> Result<ExitCode, AppError> {
    let config = call.settings()?;
    call.say.remark("Type the recovery code, then press Enter and Ctrl-D:");
    let mut code = String::new();
    std::io::stdin().read_to_string(&mut code).map_err(AppError::file("standard input"))?;
    std::fs::create_dir_all(&config.node.data).map_err(AppError::file(&config.node.data))?;
    Keyring::restore(&config.node.data.join("keys"), &code)?;
    call.say.result(
        &json!({ "restored": true }),
        "The keys are back. Before serving, bring back the newest database backup and the guard folder too: \
         a node that lost entries it already signed must not sign anew.",
    );
    Ok(ExitCode::SUCCESS)
}

struct Sheet<'a> {
    name: &'a str,
    id: &'a str,
    spoken: &'a str,
    code: &'a str,
}

impl Sheet<'_> {
    fn text(&self) -> String {
        let Sheet { name, id, spoken, code } = self;
        format!(
            "RECOVERY SHEET of {name}\n\nNode id      {id}\nFingerprint  {spoken}\n\nRecovery code\n\n{code}\n\n\
             Whoever holds this sheet can speak as {name}. Keep it where you keep deeds, not on a computer.\n\
             To use it: lotse key restore"
        )
    }

    fn html(&self) -> Result<String, AppError> {
        let code = qrcode::QrCode::new(self.code.as_bytes()).map_err(asked("the QR code"))?;
        let picture = code.render::<qrcode::render::svg::Color<'_>>().min_dimensions(260, 260).build();
        let svg = picture.find("<svg").and_then(|at| picture.get(at..)).unwrap_or_default();
        let page = SheetPage { name: self.name, id: self.id, spoken: self.spoken, code: self.code, svg };
        askama::Template::render(&page).map_err(asked("the sheet"))
    }
}

/// The printed page; the picture is made by us and holds nothing foreign.
#[derive(askama::Template)]
#[template(path = "sheet.html")]
struct SheetPage<'a> {
    name: &'a str,
    id: &'a str,
    spoken: &'a str,
    code: &'a str,
    svg: &'a str,
}
