//! `lotse media`: what can be done with pictures without an editor.

use super::Call;
use crate::app::{AppError, Node, asked};
use crate::base::digest::Digest;
use crate::base::language::LanguageTag;
use crate::domain::content::media::clear::clear;
use crate::domain::content::media::library::{self, Entry, Said, Upload};
use crate::domain::content::media::pictures::Pictures;
use crate::domain::content::media::replace::{self, Renewed};
use crate::domain::content::media::usage::{self, Use};
use crate::domain::content::media::{MediaError, library::Record};
use crate::domain::content::store::media as rows;
use crate::platform::db::{Read, Write};
use clap::{Args, Subcommand};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Subcommand)]
pub enum Media {
    /// Lists the pictures and files in the library, newest first.
    List {
        /// Only those that no text shows.
        #[arg(long)]
        unused: bool,
    },
    /// Takes a picture into the library: JPEG, PNG, WebP or GIF. Where and when it was taken is removed from it.
    Add {
        file: PathBuf,
        #[command(flatten)]
        said: Words,
    },
    /// Shows what the library says of a picture, its size and its smaller copies.
    Show { sha256: Digest },
    /// Says something else of a picture, and publishes the texts that show it with that.
    Set {
        sha256: Digest,
        #[command(flatten)]
        said: Words,
    },
    /// Lists the texts that show a picture.
    Usage { sha256: Digest },
    /// Shows another picture wherever our texts show this one.
    Replace {
        sha256: Digest,
        file: PathBuf,
        #[command(flatten)]
        said: Words,
    },
    /// Deletes a picture that no text shows.
    Delete { sha256: Digest },
}

/// What is said of a picture.
#[derive(Args)]
pub struct Words {
    /// What it shows, in a language, such as --alt de="Eingang des Rathauses"; may be repeated.
    #[arg(long, value_name = "LANGUAGE=TEXT")]
    alt: Vec<String>,
    /// Whom to name.
    #[arg(long)]
    credit: Option<String>,
    /// SPDX identifier; without one it is that of the region. An empty text here and above takes back what was said.
    #[arg(long)]
    licence: Option<String>,
}

impl Words {
    fn read(self) -> Result<Said, AppError> {
        let alt = |written: String| {
            let (language, text) = written
                .split_once('=')
                .ok_or_else(|| asked("--alt")("expected a language and a text, such as de=Rathaus"))?;
            let language: LanguageTag = language.trim().parse().map_err(asked("--alt"))?;
            Ok::<_, AppError>((language, text.to_owned()))
        };
        let alts = self.alt.into_iter().map(alt).collect::<Result<_, _>>()?;
        Ok(Said { credit: self.credit, licence: self.licence, alts })
    }
}

impl Media {
    pub fn run(self, call: &Call) -> Result<ExitCode, AppError> {
        match self {
            Media::List { unused } => list(&call.looking()?, call, unused)?,
            Media::Show { sha256 } => show(&call.looking()?, call, sha256)?,
            Media::Usage { sha256 } => usage_of(&call.looking()?, call, sha256)?,
            Media::Add { file, said } => {
                let (entry, is_new) = add(&call.node()?, &file, said.read()?)?;
                let how = if is_new { "It is in the library now" } else { "The library had it already" };
                let value = json!({ "sha256": entry.sha256, "is_new": is_new });
                call.say.result(
                    &value,
                    &format!("{}\n{how}; nobody sees it until a text shows it.", entry.sha256),
                );
            }
            Media::Set { sha256, said } => set(&call.node()?, call, sha256, said.read()?)?,
            Media::Replace { sha256, file, said } => {
                replace(&call.node()?, call, sha256, (&file, said.read()?))?;
            }
            Media::Delete { sha256 } => {
                let node = call.node()?;
                node.db.write(|tx: &mut Write<'_>| library::delete(tx, sha256))?;
                clear::<MediaError>(&node.db, &node.blobs)?;
                call.say.result(&json!({ "deleted": sha256 }), "It is deleted, with its smaller copies.");
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn list(node: &Node, call: &Call, unused: bool) -> Result<(), AppError> {
    let (mut entries, named) = node.db.read(|tx: &mut Read<'_>| {
        Ok::<_, MediaError>((rows::listed(tx, None, usize::MAX)?, rows::all_named(tx)?))
    })?;
    entries.retain(|entry| !unused || !named.contains(&entry.sha256));
    let line = |entry: &Entry| {
        let Entry { sha256, size_bytes, record, .. } = entry;
        let name = record.as_ref().map_or("", |record| record.file_name.as_str());
        let mark = if named.contains(sha256) { "" } else { " (unused)" };
        format!("{sha256}  {:>6} KiB  {name}{mark}\n", size_bytes.div_ceil(1024))
    };
    let lines: String = entries.iter().map(line).collect();
    let text = if lines.is_empty() { "There is nothing.".to_owned() } else { lines };
    call.say.result(&entries, &text);
    Ok(())
}

/// # Errors: the file cannot be read, or is refused.
fn add(node: &Node, file: &Path, said: Said) -> Result<(Entry, bool), AppError> {
    let bytes = std::fs::read(file).map_err(AppError::file(file))?;
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let upload = Upload { bytes: &bytes, file_name: &name, said, at: node.clock.now() };
    Ok(library::upload(&node.db, &node.blobs, upload, |_| Ok::<_, MediaError>(()))?)
}

fn show(node: &Node, call: &Call, sha256: Digest) -> Result<(), AppError> {
    let (entry, pictures) = node.db.read(|tx: &mut Read<'_>| {
        Ok::<_, MediaError>((library::find(tx, sha256)?, Pictures::current(tx, None)?))
    })?;
    let Some(Record { file_name, credit, licence, alts, .. }) = &entry.record else {
        return Err(MediaError::Unknown { sha256 }.into());
    };
    let picture = pictures.of(&sha256);
    let mut text = format!("{file_name}, {}, {} bytes\n", entry.mime, entry.size_bytes);
    if let Some(picture) = picture {
        let widths: Vec<String> = picture.copies.iter().map(|copy| copy.width.to_string()).collect();
        let (width, height) = (picture.width, picture.height);
        text.push_str(&format!(
            "{width} × {height} pixels; smaller copies: {}\n",
            or_none(&widths.join(", "))
        ));
    }
    text.push_str(&format!("Credit: {}\n", or_none(credit.as_deref().unwrap_or_default())));
    text.push_str(&format!("Licence: {}\n", licence.as_deref().unwrap_or("that of the region")));
    text.extend(alts.iter().map(|(language, alt)| format!("In {language}: {alt}\n")));
    let copies = picture.map_or(&[][..], |picture| &picture.copies);
    let copies: Vec<_> =
        copies.iter().map(|copy| json!({ "width": copy.width, "sha256": copy.sha256 })).collect();
    let size = picture.map(|picture| [picture.width, picture.height]);
    call.say.result(&json!({ "medium": entry, "size": size, "copies": copies }), &text);
    Ok(())
}

fn or_none(words: &str) -> &str {
    if words.is_empty() { "none" } else { words }
}

fn usage_of(node: &Node, call: &Call, sha256: Digest) -> Result<(), AppError> {
    let uses = node.db.read(|tx: &mut Read<'_>| {
        library::find(tx, sha256)?;
        usage::of(tx, sha256)
    })?;
    let lines: String = uses.iter().map(|shows: &Use| format!("{shows}\n")).collect();
    let text = if lines.is_empty() { "No text shows it.".to_owned() } else { lines };
    call.say.result(&uses, &text);
    Ok(())
}

fn set(node: &Node, call: &Call, sha256: Digest, said: Said) -> Result<(), AppError> {
    let renewed = node.db.write(|tx: &mut Write<'_>| {
        library::describe(tx, sha256, said)?;
        replace::renew(tx, &node.desk(), sha256)
    })?;
    node.log()?;
    call.say.result(&renewed, &told(renewed));
    Ok(())
}

fn replace(node: &Node, call: &Call, old: Digest, (file, said): (&Path, Said)) -> Result<(), AppError> {
    node.db.read(|tx: &mut Read<'_>| library::find(tx, old))?;
    let (new, _) = add(node, file, said)?;
    let renewed = node.db.write(|tx: &mut Write<'_>| replace::replace(tx, &node.desk(), old, new.sha256))?;
    node.log()?;
    let value = json!({ "sha256": new.sha256, "revisions": renewed.revisions, "left": renewed.left });
    call.say.result(&value, &format!("{}\n{}", new.sha256, told(renewed)));
    Ok(())
}

fn told(renewed: Renewed) -> String {
    let Renewed { revisions, left } = renewed;
    match left {
        0 => format!("Texts that say so now: {revisions}."),
        left => format!(
            "Texts that say so now: {revisions}. Archived texts and those of other nodes that stay as they are: {left}."
        ),
    }
}
