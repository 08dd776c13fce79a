//! What every page of the reader's site has: its language, its addresses, the switch to other languages, the words of the
//! interface. Templates ask it; it asks nobody.

use super::address::{self, Scope};
use super::feedback::Asking;
use super::glyph::Glyph;
use super::linked_data::LinkedData;
use super::section::{Answering, Subject};
use crate::base::language::{Direction, LanguageTag};
use crate::base::moment::Moment;
use crate::domain::content::kind::ObjectKind;
use crate::domain::content::published::{ItemView, LanguageView, RegionView};
use crate::locale::date::{self, Form};
use crate::locale::words::{Given, Phrase, Words};
use crate::web::assets;
use crate::web::open::File;
use askama::Template;
use askama::filters::HtmlSafe;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use std::borrow::Borrow;

pub struct Frame {
    pub words: Words,
    pub language: LanguageTag,
    pub zone: TimeZone,
    pub title: String,
    pub description: String,
    pub indexing: Indexing,
    /// The page's own whole address.
    pub canonical: Option<String>,
    pub alternates: Vec<Alternate>,
    /// Where the name at the head leads to, and the name.
    pub home: String,
    pub brand: String,
    pub switch: Option<Switch>,
    pub publisher: Option<Publisher>,
    /// The question whether the page helps.
    pub asking: Option<Asking>,
    /// Where the region says who answers for it.
    pub imprint: Option<String>,
    /// The same, or more of its kind, for calendars, feed readers and other programs.
    pub files: Vec<FileLink>,
    /// The same for machines.
    pub data: Option<LinkedData>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Indexing {
    Wanted,
    /// Search engines shall not list it.
    Unwanted,
}

/// The same page in another language, for search engines.
pub struct Alternate {
    pub hreflang: String,
    pub address: String,
}

/// A file that other programs read.
pub struct FileLink {
    pub media_type: &'static str,
    pub title: String,
    pub href: String,
}

impl FileLink {
    /// One of those that a region offers in a language.
    pub fn of(scope: Scope<'_>, words: &Words, file: File) -> FileLink {
        FileLink {
            media_type: file.media_type(),
            title: format!("{} – {}", scope.region.name, words.say(file.key()).text),
            href: address::encoded(&format!("{}{}", scope.home_path(), file.name())),
        }
    }
}

/// The way to other languages.
pub struct Switch {
    pub current: LanguageLink,
    /// Languages that have this page, the current one included.
    pub here: Vec<LanguageLink>,
    /// Languages that lead to the nearest page they have.
    pub elsewhere: Vec<LanguageLink>,
}

pub struct LanguageLink {
    pub tag: LanguageTag,
    pub native_name: String,
    pub href: String,
}

pub struct Publisher {
    pub name: String,
    /// SPDX identifier.
    pub licence: String,
}

/// A link in a trail or list.
#[derive(Default)]
pub struct Step {
    pub href: String,
    pub title: String,
}

impl Frame {
    /// The frame of an item, a list or the home page of a region.
    pub fn of<'s>(scope: Scope<'s>, subject: impl Into<Subject<'s>>, site: &str) -> Frame {
        let (region, subject) = (scope.region, subject.into());
        let words = Words::of(&scope.language.tag);
        let title = match subject {
            Subject::Home => None,
            Subject::Item(item) => Some(format!("{} – {}", item.title(), region.name)),
            Subject::Section(section) => Some(format!("{} – {}", words.say(section.key()).text, region.name)),
        };
        let switch = Switch::of(scope, subject);
        let settings = &region.settings;
        let imprint = scope.edition.all(ObjectKind::Imprint).first();
        let item = match subject {
            Subject::Item(item) => Some(item),
            _ => None,
        };
        Frame {
            words,
            language: scope.language.tag.clone(),
            zone: date::zone(&settings.time_zone),
            title: title.unwrap_or_else(|| region.name.clone()),
            description: String::new(),
            // What is not listed here shall not be found by a search either.
            indexing: if settings.listed { Indexing::Wanted } else { Indexing::Unwanted },
            canonical: Some(address::absolute(site, &own_path(scope, subject))),
            alternates: alternates(scope, subject, site),
            home: address::encoded(&scope.home_path()),
            brand: region.name.clone(),
            switch: (region.languages.len() > 1).then_some(switch),
            publisher: Some(Publisher::of(region, item)),
            asking: Asking::of(scope, item),
            imprint: imprint.map(|imprint| address::encoded(&imprint.path)),
            files: Vec::new(),
            data: None,
        }
    }

    /// The same with the words of another language.
    pub fn speaking(self, language: &LanguageTag) -> Frame {
        Frame { words: Words::of(language), language: language.clone(), ..self }
    }

    /// The frame of what belongs to no region.
    pub fn plain(language: &LanguageTag, brand: &str) -> Frame {
        Frame {
            words: Words::of(language),
            language: language.clone(),
            zone: TimeZone::UTC,
            title: brand.to_owned(),
            description: String::new(),
            indexing: Indexing::Wanted,
            canonical: None,
            alternates: Vec::new(),
            home: "/".to_owned(),
            brand: brand.to_owned(),
            switch: None,
            publisher: None,
            asking: None,
            imprint: None,
            files: Vec::new(),
            data: None,
        }
    }

    /// Whether search engines may list it.
    pub fn is_listed(&self) -> bool {
        self.indexing == Indexing::Wanted
    }

    pub fn direction(&self) -> &'static str {
        direction(&self.language)
    }

    pub fn say(&self, key: &str) -> Marked {
        Marked::from(self.words.say(key))
    }

    pub fn say_with(&self, key: &str, given: &[(&'static str, Given<'_>)]) -> Marked {
        Marked::from(self.words.say_with(key, given))
    }

    pub fn say_text(&self, key: &str, place: &'static str, text: &str) -> Marked {
        Marked::from(self.words.say_with(key, &[(place, Given::Text(text))]))
    }

    pub fn say_count(&self, key: &str, count: impl Borrow<usize>) -> Marked {
        Marked::from(self.words.say_with(key, &[("count", Given::Count(*count.borrow()))]))
    }

    pub fn say_written(&self, key: &str, form: Form, at: DateTime) -> Marked {
        Marked::from(self.words.say_with(key, &[("date", Given::Written(form, at))]))
    }

    pub fn say_day(&self, key: &str, at: impl Borrow<Moment>) -> Marked {
        Marked::from(self.words.say_with(key, &[("date", Given::Day(*at.borrow(), &self.zone))]))
    }

    pub fn glyph(&self, name: &'static str) -> Glyph {
        Glyph::named(name)
    }

    pub fn asset(&self, name: &str) -> &'static str {
        assets::address(name)
    }

    pub fn licence(&self, spdx: &str) -> Licence {
        Licence::of(spdx)
    }

    /// An address for people who type it from paper.
    pub fn spelled_out(&self, address: &str) -> String {
        address::decoded(address).unwrap_or_else(|| address.to_owned())
    }
}

pub fn direction(language: &LanguageTag) -> &'static str {
    match language.direction() {
        Direction::LeftToRight => "ltr",
        Direction::RightToLeft => "rtl",
    }
}

/// A text that is shown untranslated has its own address in the language that it is in.
fn own_path(scope: Scope<'_>, subject: Subject<'_>) -> String {
    let (path, answering) = scope.path_to(subject, scope);
    let default = scope.others().find(|other| other.language.tag == scope.region.default_language);
    match (answering, default) {
        (Answering::Untranslated, Some(default)) => scope.path_to(subject, default).0,
        _ => path,
    }
}

fn alternates(scope: Scope<'_>, subject: Subject<'_>, site: &str) -> Vec<Alternate> {
    let same = scope.others().filter_map(|other| {
        let (path, answering) = scope.path_to(subject, other);
        let hreflang = other.language.tag.as_str().to_owned();
        let address = address::absolute(site, &path);
        (answering == Answering::Same).then_some(Alternate { hreflang, address })
    });
    same.collect()
}

impl Publisher {
    /// Who stands for a page: whom it names itself, its origin, if it is mirrored, or else the region, as for its home page.
    fn of(region: &RegionView, page: Option<&ItemView>) -> Publisher {
        let settings = &region.settings;
        let (credit, licence) = match page {
            Some(page) => (region.attribution_of(page), region.licence_of(page)),
            None => (settings.attribution.as_str(), settings.licence.as_str()),
        };
        let origin = page.and_then(|page| page.provenance.as_deref());
        let named = origin.map_or(&region.name, |origin| &origin.node_name);
        let name = if credit.is_empty() { named } else { credit };
        Publisher { name: name.to_owned(), licence: licence.to_owned() }
    }
}

impl Switch {
    fn of(scope: Scope<'_>, subject: Subject<'_>) -> Switch {
        let (mut here, mut elsewhere) = (Vec::new(), Vec::new());
        for other in scope.others() {
            let (path, answering) = scope.path_to(subject, other);
            let link = LanguageLink::to(other.language, &path);
            if answering == Answering::Near { elsewhere.push(link) } else { here.push(link) }
        }
        Switch { current: LanguageLink::to(scope.language, ""), here, elsewhere }
    }
}

impl LanguageLink {
    pub fn to(language: &LanguageView, path: &str) -> LanguageLink {
        LanguageLink {
            tag: language.tag.clone(),
            native_name: language.native_name.clone(),
            href: address::encoded(path),
        }
    }

    pub fn direction(&self) -> &'static str {
        direction(&self.tag)
    }
}

/// A phrase that marks its language where it is not the page's.
#[derive(Template)]
#[template(path = "reader/templates/phrase.html")]
pub struct Marked {
    text: String,
    foreign: Option<LanguageTag>,
    direction: &'static str,
}

impl HtmlSafe for Marked {}

impl Marked {
    /// Without saying in which language.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Words in the language of the page.
    pub fn own(text: impl Into<String>) -> Marked {
        Marked { text: text.into(), foreign: None, direction: "" }
    }

    /// Words of the region that nobody translates: they are in its default language.
    pub fn of_region(scope: Scope<'_>, text: &str) -> Marked {
        let default = &scope.region.default_language;
        let foreign = (*default != scope.language.tag).then(|| default.clone());
        Marked { text: text.to_owned(), direction: direction(default), foreign }
    }

    /// The words alone.
    pub fn text(self) -> String {
        self.text
    }

    /// The title of an item, which is in the default language where it is not translated.
    pub fn title(scope: Scope<'_>, item: &ItemView) -> Marked {
        let foreign = item.fallback.then(|| scope.region.default_language.clone());
        let language = foreign.as_ref().unwrap_or(&scope.language.tag);
        Marked { text: item.title().to_owned(), direction: direction(language), foreign }
    }

    /// What the language is called that an item is shown in, where it is not translated.
    pub fn language(scope: Scope<'_>, item: &ItemView) -> Option<Marked> {
        let default = &scope.region.default_language;
        let known = scope.region.languages.iter().find(|language| language.tag == *default);
        known.filter(|_| item.fallback).map(|language| Marked::of_region(scope, &language.native_name))
    }
}

impl From<Phrase> for Marked {
    fn from(phrase: Phrase) -> Marked {
        let foreign = phrase.foreign().cloned();
        Marked { direction: direction(&phrase.language), text: phrase.text, foreign }
    }
}

/// A licence by name, with the address of its text where that is known.
#[derive(Template)]
#[template(path = "reader/templates/licence.html")]
pub struct Licence {
    name: String,
    address: Option<&'static str>,
}

impl HtmlSafe for Licence {}

impl Licence {
    pub fn address(&self) -> Option<&'static str> {
        self.address
    }

    pub fn of(spdx: &str) -> Licence {
        const KNOWN: [(&str, &str, &str); 4] = [
            ("CC-BY-4.0", "CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),
            ("CC-BY-SA-4.0", "CC BY-SA 4.0", "https://creativecommons.org/licenses/by-sa/4.0/"),
            ("CC0-1.0", "CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
            ("DL-DE-BY-2.0", "dl-de/by-2-0", "https://www.govdata.de/dl-de/by-2-0"),
        ];
        match KNOWN.iter().find(|(id, ..)| *id == spdx) {
            Some((_, name, address)) => Licence { name: (*name).to_owned(), address: Some(address) },
            None => Licence { name: spdx.to_owned(), address: None },
        }
    }
}
