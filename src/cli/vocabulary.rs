//! `lotse vocabulary`: the words by which items are sorted.

use super::Call;
use crate::app::{AppError, asked};
use crate::base::id::ObjectId;
use crate::base::language::LanguageTag;
use crate::domain::content::vocabulary::{self, Sort, Vocabulary as Terms};
use crate::platform::db::{Read, Write};
use clap::{Args, Subcommand, ValueEnum};
use serde_json::json;
use std::collections::BTreeMap;
use std::process::ExitCode;

#[derive(Subcommand)]
pub enum Vocabulary {
    /// Lists the terms with the words that other commands take.
    List {
        /// In which language they are named.
        #[arg(long, default_value = "en")]
        language: LanguageTag,
    },
    /// Adds a term, or gives a known id another word and other names.
    Add(Add),
    /// Removes a term, and takes it from every item that has it.
    Remove {
        /// Its word or its id.
        term: String,
    },
}

#[derive(Args)]
pub struct Add {
    /// What commands call it: 1 to 40 of a-z, 0-9 and hyphens.
    word: String,
    /// What it says of an item: what it is about, or whom it is for, by time here or by situation.
    #[arg(long, value_enum, default_value_t = Kind::Topic)]
    sort: Kind,
    /// A UUID that other nodes know the topic by; otherwise a fresh one.
    #[arg(long)]
    id: Option<ObjectId>,
    /// What readers see, such as de=Vereine; once for each language.
    #[arg(long = "name", value_parser = name)]
    names: Vec<(LanguageTag, String)>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    Topic,
    Stage,
    Group,
}

fn name(text: &str) -> Result<(LanguageTag, String), String> {
    let expected = "expected a language and a name, such as de=Vereine";
    let (tag, name) = text.split_once('=').ok_or(expected)?;
    let (tag, name) = (tag.parse().map_err(|error| format!("{error}; {expected}"))?, name.trim());
    if name.is_empty() { Err(expected.to_owned()) } else { Ok((tag, name.to_owned())) }
}

impl Vocabulary {
    pub fn run(self, call: &Call) -> Result<ExitCode, AppError> {
        match self {
            Vocabulary::List { language } => list(call, &language)?,
            Vocabulary::Add(new) => add(call, new)?,
            Vocabulary::Remove { term } => {
                let node = call.node()?;
                let removed =
                    node.db.write(|tx: &mut Write<'_>| vocabulary::remove(tx, &node.desk(), &term))?;
                node.log()?;
                let (term, items) = removed;
                let sentence = format!("{} is removed, also from {items} items that had it.", term.word);
                call.say.result(&json!({ "removed": term.id, "items": items }), &sentence);
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn list(call: &Call, language: &LanguageTag) -> Result<(), AppError> {
    let terms = call.looking()?.db.read(|tx: &mut Read<'_>| Terms::read(tx))?;
    let (mut text, mut rows) = (String::new(), Vec::new());
    for term in terms.terms() {
        let name = term.name(language).text;
        text.push_str(&format!("{:5}  {:15}  {:36}  {name}\n", term.sort.as_str(), term.word, term.id));
        rows.push(json!({ "id": term.id, "sort": term.sort.as_str(), "word": term.word, "name": name,
            "names": term.names }));
    }
    if rows.is_empty() {
        text.push_str("No term. Add one: lotse vocabulary add <word> --name de=…");
    }
    call.say.result(&rows, &text);
    Ok(())
}

fn add(call: &Call, new: Add) -> Result<(), AppError> {
    let Add { word, sort, id, names } = new;
    let sort = match sort {
        Kind::Topic => Sort::Topic,
        Kind::Stage => Sort::Stage,
        Kind::Group => Sort::Group,
    };
    let count = names.len();
    let names: BTreeMap<LanguageTag, String> = names.into_iter().collect();
    if names.len() < count {
        return Err(asked("--name")("one language is named twice"));
    }
    let node = call.node()?;
    let term =
        node.db.write(|tx: &mut Write<'_>| vocabulary::add(tx, &node.desk(), (sort, &word), id, names))?;
    let sentence = format!("{} is in the vocabulary; it travels as {}.", term.word, term.id);
    call.say.result(&json!({ "id": term.id, "word": term.word }), &sentence);
    Ok(())
}
