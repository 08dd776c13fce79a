//! Interface words from the message catalogs, and in which language each of them is: a word that a language's own
//! catalog does not hold is given in the next language of its chain, at last in English, and says so.

use crate::base::language::{Direction, LanguageTag};
use crate::base::moment::Moment;
use crate::locale::date::{self, Form};
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use std::sync::LazyLock;

/// Tag and messages of each catalog.
const SOURCES: [(&str, &str); 8] = [
    ("en", include_str!("catalogs/en.ftl")),
    ("de", include_str!("catalogs/de.ftl")),
    ("ar", include_str!("catalogs/ar.ftl")),
    ("fa", include_str!("catalogs/fa.ftl")),
    ("fr", include_str!("catalogs/fr.ftl")),
    ("ru", include_str!("catalogs/ru.ftl")),
    ("tr", include_str!("catalogs/tr.ftl")),
    ("uk", include_str!("catalogs/uk.ftl")),
];

/// Languages whose readers read another catalog with ease: Dari is written as Persian is.
const RELATED: [(&str, &str); 1] = [("prs", "fa")];

struct Catalog {
    language: LanguageTag,
    bundle: FluentBundle<FluentResource>,
}

static CATALOGS: LazyLock<Vec<Catalog>> =
    LazyLock::new(|| SOURCES.iter().filter_map(|(tag, source)| Catalog::read(tag, source)).collect());

/// The languages that have a catalog, English first.
pub fn spoken() -> Vec<LanguageTag> {
    CATALOGS.iter().map(|catalog| catalog.language.clone()).collect()
}

/// The interface in one language.
#[derive(Clone)]
pub struct Words {
    language: LanguageTag,
    chain: Vec<&'static Catalog>,
}

/// What a message holds in its `{ $name }` places.
#[derive(Clone, Copy)]
pub enum Given<'a> {
    Text(&'a str),
    Count(usize),
    /// Written in the language that the message turns out to be in.
    Day(Moment, &'a TimeZone),
    /// The same of what a wall clock shows.
    Written(Form, DateTime),
}

/// A message and the language it is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrase {
    pub text: String,
    pub language: LanguageTag,
    /// Whether it is in the language that was asked for.
    pub fit: Fit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// In the language asked for, or in a variety of it.
    Own,
    /// In another language, which whoever shows it must mark.
    Fallback,
}

impl Words {
    pub fn of(language: &LanguageTag) -> Words {
        let related = RELATED.iter().find(|(tag, _)| *tag == language.primary()).map(|(_, other)| *other);
        let candidates = [Some(language.as_str()), Some(language.primary()), related, Some("en")];
        let find = |tag: &str| CATALOGS.iter().find(|catalog| catalog.language.as_str() == tag);
        let mut chain: Vec<&'static Catalog> = candidates.into_iter().flatten().filter_map(find).collect();
        chain.dedup_by_key(|catalog| catalog.language.as_str());
        Words { language: language.clone(), chain }
    }

    /// The language that was asked for.
    pub fn language(&self) -> &LanguageTag {
        &self.language
    }

    pub fn say(&self, key: &str) -> Phrase {
        self.say_with(key, &[])
    }

    /// A message that no catalog holds is given as its key, so that it is seen.
    pub fn say_with(&self, key: &str, given: &[(&'static str, Given<'_>)]) -> Phrase {
        let found =
            self.chain.iter().find_map(|catalog| Some((catalog.message(key, given)?, &catalog.language)));
        match found {
            Some((text, language)) => {
                let fit =
                    if language.primary() == self.language.primary() { Fit::Own } else { Fit::Fallback };
                Phrase { text, language: language.clone(), fit }
            }
            None => Phrase { text: key.to_owned(), language: self.language.clone(), fit: Fit::Own },
        }
    }
}

impl Phrase {
    pub fn direction(&self) -> Direction {
        self.language.direction()
    }

    /// The language to mark it with, if it is not the one asked for.
    pub fn foreign(&self) -> Option<&LanguageTag> {
        (self.fit == Fit::Fallback).then_some(&self.language)
    }
}

impl Catalog {
    fn read(tag: &str, source: &str) -> Option<Catalog> {
        let language: LanguageTag = tag.parse().ok()?;
        let mut bundle = FluentBundle::new_concurrent(vec![tag.parse().ok()?]);
        // What can be read of a catalog with a mistake is used; the tests refuse such a catalog.
        let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(read, _)| read);
        bundle.add_resource_overriding(resource);
        Some(Catalog { language, bundle })
    }

    fn message(&self, key: &str, given: &[(&'static str, Given<'_>)]) -> Option<String> {
        let pattern = self.bundle.get_message(key)?.value()?;
        let mut args = FluentArgs::with_capacity(given.len());
        for (name, value) in given {
            match *value {
                Given::Text(text) => args.set(*name, text),
                Given::Count(count) => args.set(*name, count),
                Given::Day(at, zone) => args.set(*name, date::day(&self.language, at, zone)),
                Given::Written(form, at) => args.set(*name, date::written(&self.language, form, at)),
            }
        }
        let mut mistakes = Vec::new();
        let text = self.bundle.format_pattern(pattern, Some(&args), &mut mistakes);
        mistakes.is_empty().then(|| text.into_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::{CATALOGS, Fit, Given, SOURCES, Words};
    use crate::base::moment::Moment;
    use crate::locale::date::zone;
    use fluent_bundle::FluentResource;
    use std::collections::BTreeSet;

    fn words(tag: &str) -> Words {
        Words::of(&tag.parse().unwrap())
    }

    fn keys(source: &str) -> BTreeSet<String> {
        source
            .lines()
            .filter(|line| line.starts_with(|first: char| first.is_ascii_lowercase()))
            .filter_map(|line| Some(line.split_once('=')?.0.trim().to_owned()))
            .collect()
    }

    #[test]
    fn every_catalog_is_well_formed_and_holds_the_same_words() {
        let english = keys(SOURCES[0].1);
        assert!(english.len() > 30);
        for (tag, source) in SOURCES {
            assert!(FluentResource::try_new(source.to_owned()).is_ok(), "{tag}");
            assert_eq!(keys(source), english, "{tag}");
        }
    }

    #[test]
    fn every_word_of_every_catalog_can_be_said() {
        let zone = zone("Europe/Berlin");
        let given = [
            ("count", Given::Count(3)),
            ("date", Given::Day(Moment::from_seconds(0), &zone)),
            ("name", Given::Text("Augsburg")),
            ("origin", Given::Text("Augsburg")),
            ("language", Given::Text("Deutsch")),
            ("from", Given::Text("8:00")),
            ("to", Given::Text("12:00")),
            ("hours", Given::Text("8:00")),
            ("time", Given::Text("8:00")),
            ("days", Given::Text("Montag")),
            ("title", Given::Text("Deutschkurs")),
        ];
        for catalog in CATALOGS.iter() {
            for key in keys(SOURCES[0].1) {
                let said = catalog.message(&key, &given);
                assert!(said.is_some_and(|text| !text.is_empty()), "{} {key}", catalog.language);
            }
        }
    }

    #[test]
    fn a_word_in_another_language_says_so() {
        let bulgarian = words("bg").say("skip");
        assert_eq!((bulgarian.text.as_str(), bulgarian.language.as_str()), ("Skip to content", "en"));
        assert_eq!(bulgarian.foreign().map(|tag| tag.as_str()), Some("en"));
        let simple = words("de-DE-x-simple").say("skip");
        assert_eq!((simple.text.as_str(), simple.fit), ("Zum Inhalt springen", Fit::Own));
        assert_eq!(words("prs").say("language").foreign().unwrap().as_str(), "fa");
    }

    #[test]
    fn counting_follows_the_rules_of_the_language() {
        let more = |tag: &str, count| words(tag).say_with("more", &[("count", Given::Count(count))]).text;
        assert_eq!(more("de", 1), "und ein weiteres Thema");
        assert_eq!(more("ar", 2), "وموضوعان آخران");
        let bare = |text: String| text.replace(['\u{2068}', '\u{2069}'], "");
        assert_eq!(bare(more("uk", 3)), "і ще 3 теми");
        assert_eq!(bare(more("uk", 5)), "і ще 5 тем");
        assert_eq!(bare(more("ru", 21)), "и ещё 21 тема");
    }

    #[test]
    fn a_date_is_in_the_language_of_its_sentence() {
        let zone = zone("Europe/Berlin");
        let given = [("date", Given::Day(Moment::parse("2023-11-20T12:00:00Z").unwrap(), &zone))];
        assert!(words("bg").say_with("updated", &given).text.contains("November 20, 2023"));
        assert!(words("fr").say_with("updated", &given).text.contains("20 novembre 2023"));
    }
}
