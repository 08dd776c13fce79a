//! `lotse page`: what can be done with pages without an editor.

use super::Call;
use crate::app::{AppError, Node, asked};
use crate::base::id::PageId;
use crate::base::language::LanguageTag;
use crate::domain::content::archive::{self, Ground};
use crate::domain::content::assemble::assemble;
use crate::domain::content::{ContentError, page, store};
use crate::platform::db::{Read, Write};
use clap::{Subcommand, ValueEnum};
use serde_json::json;
use std::collections::HashMap;
use std::process::ExitCode;

#[derive(Subcommand)]
pub enum Page {
    /// Lists the public pages of a region in one language, with the ids that other commands take.
    List {
        #[arg(long)]
        region: String,
        /// The language's address part, such as de.
        #[arg(long, default_value = "de")]
        language: String,
    },
    /// Hides a page and all below it from readers and followers; nothing is lost.
    Archive { page: PageId },
    /// Shows an archived page and all below it again.
    Restore { page: PageId },
    /// Deletes the text of a page for good, here and at everybody who follows.
    Erase {
        page: PageId,
        /// Only this language; otherwise all.
        #[arg(long)]
        language: Option<String>,
        /// The legal ground that followers are told.
        #[arg(long)]
        why: Why,
    },
}

#[derive(Clone, Copy, ValueEnum)]
pub enum Why {
    /// A person's right to erasure, GDPR Art. 17.
    #[value(name = "gdpr-17")]
    Gdpr17,
    Court,
    Licence,
    Error,
}

impl Page {
    pub fn run(self, call: &Call) -> Result<ExitCode, AppError> {
        match self {
            Page::List { region, language } => list(&call.looking()?, call, &region, &language),
            Page::Archive { page } => changing(call, |node| archive(node, call, page)),
            Page::Restore { page } => changing(call, |node| restore(node, call, page)),
            Page::Erase { page, language, why } => {
                changing(call, |node| erase(node, call, page, language, why))
            }
        }
    }
}

/// Changes the node and tells its log.
fn changing(call: &Call, change: impl FnOnce(&Node) -> Result<(), AppError>) -> Result<ExitCode, AppError> {
    let node = call.node()?;
    change(&node)?;
    node.log()?;
    Ok(ExitCode::SUCCESS)
}

fn list(node: &Node, call: &Call, region: &str, language: &str) -> Result<ExitCode, AppError> {
    let snapshot = node.db.read(|tx: &mut Read<'_>| assemble(tx, HashMap::new(), None))?;
    let known = || snapshot.regions.iter().map(|region| region.slug.clone()).collect::<Vec<_>>().join(", ");
    let unknown = || ContentError::UnknownRegion { slug: region.to_owned(), known: known() };
    let region = snapshot.region(region).ok_or_else(unknown)?;
    let Some((_, edition)) = region.edition(language) else {
        return Err(asked("--language")(format!("the region has no language {language:?}")));
    };
    let mut text = String::new();
    let mut rows = Vec::new();
    for page in &edition.pages {
        let indent = "  ".repeat(page.depth - 1);
        text.push_str(&format!("{}  {indent}{}\n", page.id, page.body.title));
        rows.push(json!({ "id": page.id, "title": page.body.title, "path": page.path, "depth": page.depth }));
    }
    call.say.result(&rows, &text);
    Ok(ExitCode::SUCCESS)
}

fn archive(node: &Node, call: &Call, id: PageId) -> Result<(), AppError> {
    let hidden = node.db.write(|tx: &mut Write<'_>| {
        let page = page::editable(tx, id)?;
        archive::archive(tx, &node.desk(), page.region, &[id])
    })?;
    call.say.result(&json!({ "archived": hidden.len() }), &format!("{} pages are hidden now.", hidden.len()));
    Ok(())
}

fn restore(node: &Node, call: &Call, id: PageId) -> Result<(), AppError> {
    let restored = node.db.write(|tx: &mut Write<'_>| {
        let page = page::editable(tx, id)?;
        let pages = store::pages::of_region(tx, page.region)?;
        let all: Vec<PageId> = archive::with_below(&pages, &[id]).into_iter().collect();
        let hidden = pages.iter().filter(|page| page.archived && all.contains(&page.id)).count();
        archive::restore(tx, &node.desk(), page.region, &all).map(|_| hidden)
    })?;
    call.say.result(&json!({ "restored": restored }), &format!("{restored} pages are public again."));
    Ok(())
}

fn erase(node: &Node, call: &Call, id: PageId, language: Option<String>, why: Why) -> Result<(), AppError> {
    let language: Option<LanguageTag> =
        language.map(|tag| tag.parse().map_err(asked("--language"))).transpose()?;
    let ground = match why {
        Why::Gdpr17 => Ground::Gdpr17,
        Why::Court => Ground::Court,
        Why::Licence => Ground::Licence,
        Why::Error => Ground::Error,
    };
    let count = node
        .db
        .write(|tx: &mut Write<'_>| archive::erase(tx, &node.desk(), id, language.as_ref(), ground))?;
    call.say.result(
        &json!({ "erased_revisions": count }),
        &format!(
            "{count} revisions are deleted here; those who follow are told to delete them within 72 hours."
        ),
    );
    Ok(())
}
