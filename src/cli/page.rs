//! `lotse page`: what can be done with pages without an editor.

use super::Call;
use crate::app::{AppError, Node, asked};
use crate::base::id::ItemId;
use crate::base::language::LanguageTag;
use crate::domain::content::archive::{self, Erased, Ground};
use crate::domain::content::assemble::assemble;
use crate::domain::content::naming::{self, Naming};
use crate::domain::content::translation::{self, State};
use crate::domain::content::{ContentError, item, store};
use crate::platform::db::{Read, Write};
use clap::{ArgGroup, Args, Subcommand, ValueEnum};
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
    /// Says who answers for a page and which offers it shows; what is not named stays, an empty value ('') takes it away.
    Set(Set),
    /// Hides a page and all below it from readers and followers; nothing is lost.
    Archive { page: ItemId },
    /// Shows an archived page and all below it again.
    Restore { page: ItemId },
    /// Deletes the text of a page for good, here and at everybody who follows.
    Erase {
        page: ItemId,
        /// Only this language, by its address part or BCP 47 tag; otherwise all.
        #[arg(long)]
        language: Option<String>,
        /// The legal ground that followers are told.
        #[arg(long)]
        why: Why,
        /// Erases without asking.
        #[arg(long)]
        yes: bool,
    },
}

#[derive(Args)]
#[group(skip)]
#[command(group = ArgGroup::new("what").required(true).multiple(true))]
pub struct Set {
    page: ItemId,
    /// The organisation that answers for it: its short name, or its id.
    #[arg(long, group = "what")]
    organisation: Option<String>,
    /// The offers in their order, with commas between them: what apps know them by, or their ids.
    #[arg(long, group = "what", value_delimiter = ',')]
    offers: Option<Vec<String>>,
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
            Page::Set(set) => changing(call, |node| set.carry_out(node, call)),
            Page::Archive { page } => changing(call, |node| archive(node, call, page)),
            Page::Restore { page } => changing(call, |node| restore(node, call, page)),
            Page::Erase { page, language, why, yes } => changing(call, |node| {
                let language = language.map(|language| written_in(node, page, &language)).transpose()?;
                if !yes {
                    confirm(node, call, page, language.as_ref())?;
                }
                erase(node, call, page, language, why)
            }),
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
    let (snapshot, standings) = node.db.read(|tx: &mut Read<'_>| {
        Ok::<_, ContentError>((assemble(tx, node.clock.now(), HashMap::new())?, translation::standings(tx)?))
    })?;
    let known = || snapshot.regions.iter().map(|region| region.slug.clone()).collect::<Vec<_>>().join(", ");
    let unknown = || ContentError::UnknownRegion { slug: region.to_owned(), known: known() };
    let region = snapshot.region(region).ok_or_else(unknown)?;
    let Some((spoken, edition)) = region.edition(language) else {
        return Err(asked("--language")(format!("the region has no language {language:?}")));
    };
    let standing = standings.get(&(region.id, spoken.tag.clone())).cloned().unwrap_or_default();
    let mut text = String::new();
    let mut rows = Vec::new();
    for page in &edition.pages.items {
        let indent = "  ".repeat(page.depth - 1);
        let state = standing.0.get(&page.id).copied().unwrap_or(State::Current);
        let mark = if state == State::Current { String::new() } else { format!(" ({})", state.told()) };
        text.push_str(&format!("{}  {indent}{}{mark}\n", page.id, page.body.title));
        rows.push(json!({ "id": page.id, "title": page.body.title, "path": page.path, "depth": page.depth,
            "state": state }));
    }
    text.push_str(&format!("\nReaders see {} pages; {standing}", edition.pages.items.len()));
    call.say.result(&rows, &text);
    Ok(ExitCode::SUCCESS)
}

impl Set {
    fn carry_out(self, node: &Node, call: &Call) -> Result<(), AppError> {
        let Set { page, organisation, offers } = self;
        let wish = Naming { organisation, offers };
        let changed = node.db.write(|tx: &mut Write<'_>| naming::name(tx, &node.desk(), page, &wish))?;
        let sentence = match changed {
            true => "The page is changed; those who follow are told.",
            false => "The page says so already; nothing was changed.",
        };
        call.say.result(&json!({ "changed": changed }), sentence);
        Ok(())
    }
}

fn archive(node: &Node, call: &Call, id: ItemId) -> Result<(), AppError> {
    let hidden = node.db.write(|tx: &mut Write<'_>| {
        let page = item::editable(tx, id)?;
        archive::archive(tx, &node.desk(), page.region, &[id])
    })?;
    call.say.result(&json!({ "archived": hidden.len() }), &format!("{} pages are hidden now.", hidden.len()));
    Ok(())
}

fn restore(node: &Node, call: &Call, id: ItemId) -> Result<(), AppError> {
    let restored = node.db.write(|tx: &mut Write<'_>| {
        let page = item::editable(tx, id)?;
        archive::restore_below(tx, &node.desk(), page.region, id)
    })?;
    call.say.result(&json!({ "restored": restored }), &format!("{restored} pages are public again."));
    Ok(())
}

/// The language of the page that a person means. # Errors: the page has no text in it, but in these.
fn written_in(node: &Node, id: ItemId, language: &str) -> Result<LanguageTag, AppError> {
    node.db.read(|tx: &mut Read<'_>| {
        let page = item::editable(tx, id)?;
        let mut known = store::regions::languages_of(tx, page.region)?;
        let written = store::revisions::of_item(tx, id)?;
        known.retain(|known| written.iter().any(|revision| revision.language == known.tag));
        let names: Vec<&str> = known.iter().map(|known| known.slug.as_str()).collect();
        let unknown = format!("the page has no text in {language:?}; it has: {}", names.join(", "));
        let found = known.into_iter().find(|known| known.slug == language || known.tag.as_str() == language);
        found.map(|found| found.tag).ok_or_else(|| asked("--language")(unknown))
    })
}

/// # Errors: the person says no, or there is none.
fn confirm(node: &Node, call: &Call, id: ItemId, language: Option<&LanguageTag>) -> Result<(), AppError> {
    let snapshot = node.db.read(|tx: &mut Read<'_>| assemble(tx, node.clock.now(), HashMap::new()))?;
    let mut editions = snapshot.regions.iter().flat_map(|region| &region.editions);
    let title = editions.find_map(|edition| Some(edition.item(id)?.body.title.as_str()));
    let what = language.map_or("in all languages".to_owned(), |language| format!("in {language}"));
    let question = format!(
        "This deletes every text of {} {what}, here and at everybody who follows. It cannot be undone.",
        title.map_or_else(|| id.to_string(), |title| format!("{title:?}"))
    );
    match call.say.asks(&question)? {
        Some(true) => Ok(()),
        Some(false) => Err(asked("page erase")("not confirmed; nothing was deleted")),
        None => Err(asked("page erase")("it cannot be undone, and nobody is there to be asked; give --yes")),
    }
}

fn erase(
    node: &Node,
    call: &Call,
    id: ItemId,
    language: Option<LanguageTag>,
    why: Why,
) -> Result<(), AppError> {
    let ground = match why {
        Why::Gdpr17 => Ground::Gdpr17,
        Why::Court => Ground::Court,
        Why::Licence => Ground::Licence,
        Why::Error => Ground::Error,
    };
    let Erased { revisions, is_demanded } = node
        .db
        .write(|tx: &mut Write<'_>| archive::erase(tx, &node.desk(), id, language.as_ref(), ground))?;
    let others = if is_demanded {
        "those who follow are told to delete them within 72 hours"
    } else {
        "nothing of it was ever published, so nobody else has to be told"
    };
    call.say.result(
        &json!({ "erased_revisions": revisions, "told": is_demanded }),
        &format!("Revisions deleted here: {revisions}; {others}."),
    );
    Ok(())
}
