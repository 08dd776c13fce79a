//! The words by which items are sorted: what they are about, and whom they are for. The program brings some; a node may
//! have others beside them or instead of them. What travels is a term's id, so that nodes agree whatever they call it.

use super::error::ContentError;
use super::{Desk, relabel, store};
use crate::base::id::ObjectId;
use crate::base::language::LanguageTag;
use crate::locale::words::{Fit, Phrase, Words};
use crate::platform::db::{Reading, Write};
use std::collections::BTreeMap;

/// What a term says of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sort {
    /// What it is about.
    Topic,
    /// Whom it is for: how long somebody has been here.
    Stage,
    /// Whom it is for: as what somebody is here.
    Group,
}

impl Sort {
    pub const ALL: [Sort; 3] = [Sort::Topic, Sort::Stage, Sort::Group];

    pub fn as_str(self) -> &'static str {
        match self {
            Sort::Topic => "topic",
            Sort::Stage => "stage",
            Sort::Group => "group",
        }
    }

    pub fn parse(word: &str) -> Option<Sort> {
        Sort::ALL.into_iter().find(|sort| sort.as_str() == word)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// Of a topic a UUID, of an audience its word; this is what feed entries name.
    pub id: String,
    pub sort: Sort,
    /// Short and unique, for commands: 1 to 40 of a-z, 0-9 and hyphens.
    pub word: String,
    /// What it is called. Those of the program have none here but in the message catalogs.
    pub names: BTreeMap<LanguageTag, String>,
}

/// The terms that every node has unless it removes them. Their ids are for ever: the four pillars of integration, and
/// whom a text is for.
const BROUGHT: [(Sort, &str, &str); 11] = [
    (Sort::Topic, "019b76da-0000-7000-8000-000000000001", "language"),
    (Sort::Topic, "019b76da-0000-7000-8000-000000000002", "housing"),
    (Sort::Topic, "019b76da-0000-7000-8000-000000000003", "work-education"),
    (Sort::Topic, "019b76da-0000-7000-8000-000000000004", "participation"),
    (Sort::Stage, "before-arrival", "before-arrival"),
    (Sort::Stage, "arriving", "arriving"),
    (Sort::Stage, "settled", "settled"),
    (Sort::Group, "worker", "worker"),
    (Sort::Group, "family", "family"),
    (Sort::Group, "student", "student"),
    (Sort::Group, "refugee", "refugee"),
];

const LONGEST_WORD: usize = 40;

/// All terms of a node: those of the program first, then its own as they were added.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vocabulary(Vec<Term>);

/// A term as it is stored.
pub struct StoredTerm {
    pub term: Term,
    pub removed: bool,
}

impl Term {
    /// What it is called in a language, or else in another: the program's own word, then any name, then the word.
    pub fn name(&self, language: &LanguageTag) -> Phrase {
        let primary = |tag: &&LanguageTag| tag.primary() == language.primary();
        let own = self.names.get_key_value(language);
        let own = own.or_else(|| self.names.iter().find(|(tag, _)| primary(tag)));
        if let Some((tag, name)) = own {
            return Phrase { text: name.clone(), language: tag.clone(), fit: Fit::Own };
        }
        if BROUGHT.iter().any(|(_, id, word)| *id == self.id && *word == self.word) {
            return Words::of(language).say(&format!("term-{}", self.word));
        }
        let english = self.names.iter().find(|(tag, _)| tag.primary() == "en");
        match english.or_else(|| self.names.first_key_value()) {
            Some((tag, name)) => Phrase { text: name.clone(), language: tag.clone(), fit: Fit::Fallback },
            None => Phrase { text: self.word.clone(), language: language.clone(), fit: Fit::Own },
        }
    }
}

impl Vocabulary {
    /// Reads the terms of this node.
    pub fn read(tx: &mut impl Reading) -> Result<Vocabulary, ContentError> {
        let stored = store::labels::terms(tx)?;
        let brought = BROUGHT.into_iter().map(|(sort, id, word)| Term {
            id: id.to_owned(),
            sort,
            word: word.to_owned(),
            names: BTreeMap::new(),
        });
        let mut terms: Vec<Term> =
            brought.filter(|term| !stored.iter().any(|stored| stored.term.id == term.id)).collect();
        terms.extend(stored.into_iter().filter(|stored| !stored.removed).map(|stored| stored.term));
        Ok(Vocabulary(terms))
    }

    pub fn terms(&self) -> &[Term] {
        &self.0
    }

    /// The term with this id, if it is known here.
    pub fn term(&self, id: &str) -> Option<&Term> {
        self.0.iter().find(|term| term.id == id)
    }

    /// The term that a person means by a word or an id.
    /// # Errors: [`ContentError::UnknownTerm`] names those that are known.
    pub fn meant(&self, text: &str) -> Result<&Term, ContentError> {
        let found = self.0.iter().find(|term| term.word == text).or_else(|| self.term(text));
        found.ok_or_else(|| {
            let known: Vec<&str> = self.0.iter().map(|term| term.word.as_str()).collect();
            ContentError::UnknownTerm { term: text.to_owned(), known: known.join(", ") }
        })
    }
}

/// Adds a term, or gives one of that id, such as one of the program's, another word and other names. An `id` that is not
/// given is a fresh one for a topic and the word for an audience.
/// # Errors: a word that cannot be one or is another term's, an id that is not a UUID, or not the audience's word.
pub fn add(
    tx: &mut Write<'_>,
    desk: &Desk<'_>,
    (sort, word): (Sort, &str),
    id: Option<ObjectId>,
    names: BTreeMap<LanguageTag, String>,
) -> Result<Term, ContentError> {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let fits = !word.is_empty() && word.len() <= LONGEST_WORD && word.chars().all(allowed);
    // A word that reads as an id would hide the term of that id.
    if !fits || word.parse::<ObjectId>().is_ok() {
        return Err(ContentError::TermWord { word: word.to_owned() });
    }
    let id = match (sort, id) {
        (Sort::Topic, id) => id.unwrap_or_else(|| desk.clock.fresh_id()).to_string(),
        (Sort::Stage | Sort::Group, None) => word.to_owned(),
        (Sort::Stage | Sort::Group, Some(_)) => return Err(ContentError::AudienceId),
    };
    let known = Vocabulary::read(tx)?;
    if let Some(other) = known.terms().iter().find(|term| term.word == word && term.id != id) {
        return Err(ContentError::TermTaken { word: word.to_owned(), id: other.id.clone() });
    }
    let term = Term { id, sort, word: word.to_owned(), names };
    store::labels::save_term(tx, &StoredTerm { term: term.clone(), removed: false })?;
    Ok(term)
}

/// Removes the term that a person means, and takes it from every item of ours that has it; from how many.
/// # Errors: [`ContentError::UnknownTerm`].
pub fn remove(tx: &mut Write<'_>, desk: &Desk<'_>, text: &str) -> Result<(Term, usize), ContentError> {
    let term = Vocabulary::read(tx)?.meant(text)?.clone();
    let items = relabel::forget(tx, desk, &term.id)?;
    store::labels::save_term(tx, &StoredTerm { term: term.clone(), removed: true })?;
    Ok((term, items))
}

#[cfg(test)]
mod tests {
    use super::{BROUGHT, Sort, Term};
    use crate::locale::words::{Fit, spoken};
    use std::collections::BTreeMap;

    #[test]
    fn every_term_of_the_program_has_a_name_in_every_catalog() {
        for (sort, id, word) in BROUGHT {
            let term = Term { id: id.into(), sort, word: word.into(), names: BTreeMap::new() };
            for language in spoken() {
                let name = term.name(&language);
                assert_eq!((name.fit, &name.language), (Fit::Own, &language), "{word}");
                assert_ne!(name.text, format!("term-{word}"));
            }
            assert_eq!(Sort::parse(sort.as_str()), Some(sort));
        }
    }

    #[test]
    fn a_term_of_a_nodes_own_is_called_as_the_node_says() {
        let names = [("de", "Verein"), ("en", "Club")].map(|(tag, name)| (tag.parse().unwrap(), name.into()));
        let id = "019b76da-0000-7000-8000-000000000009".to_owned();
        let term = Term { id, sort: Sort::Topic, word: "club".into(), names: names.into() };
        assert_eq!(term.name(&"de-AT".parse().unwrap()).text, "Verein");
        let foreign = term.name(&"ar".parse().unwrap());
        assert_eq!((foreign.text.as_str(), foreign.fit), ("Club", Fit::Fallback));
    }
}
