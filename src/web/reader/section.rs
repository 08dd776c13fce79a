//! The lists that a region has beside its tree of pages, where they and their items stand in it, and what stands for
//! them in another language.

use super::address::{Found, Scope, item_at};
use crate::domain::content::kind::ObjectKind;
use crate::domain::content::published::{Edition, ItemView};
use jiff::ToSpan;
use jiff::civil::Date;
use std::fmt;

/// A list of items of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    Events,
    /// The events of one month, as a calendar.
    Month(Month),
    Places,
    News,
}

/// A month of a year, in addresses `2026-12`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month(Date);

/// What a page of a region is about.
#[derive(Clone, Copy)]
pub enum Subject<'s> {
    Home,
    Section(Section),
    Item(&'s ItemView),
}

/// How what stands at an address in another language answers to what is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answering {
    Same,
    /// The same item in the words of the region's default language.
    Untranslated,
    /// What is nearest to it.
    Near,
}

impl Section {
    /// Those that a region can have an entry to.
    pub const ALL: [Section; 3] = [Section::Events, Section::Places, Section::News];

    pub fn kind(self) -> ObjectKind {
        match self {
            Section::Events | Section::Month(_) => ObjectKind::Event,
            Section::Places => ObjectKind::Place,
            Section::News => ObjectKind::News,
        }
    }

    /// The message that names it.
    pub fn key(self) -> &'static str {
        match self {
            Section::Events | Section::Month(_) => "events",
            Section::Places => "places",
            Section::News => "news",
        }
    }

    pub fn path(self, scope: Scope<'_>) -> String {
        let list = format!("{}{}/", scope.home_path(), self.kind().segment().unwrap_or_default());
        if let Section::Month(month) = self { format!("{list}{month}/") } else { list }
    }

    /// Whether there is anything in it.
    pub fn is_in(self, edition: &Edition) -> bool {
        !edition.all(self.kind()).is_empty()
    }

    /// What a region has and offers, for its first page and the sitemap.
    pub fn offered(scope: Scope<'_>) -> impl Iterator<Item = Section> {
        let settings = &scope.region.settings;
        let wanted = |section: &Section| match section {
            Section::Events | Section::Month(_) => settings.events,
            Section::Places => settings.places,
            Section::News => settings.news,
        };
        Section::ALL.into_iter().filter(wanted).filter(move |section| section.is_in(scope.edition))
    }

    /// The list that an item of this kind is in.
    pub fn of(kind: ObjectKind) -> Option<Section> {
        Section::ALL.into_iter().find(|section| section.kind() == kind)
    }
}

impl Month {
    pub fn of(date: Date) -> Month {
        Month(date.first_of_month())
    }

    /// Only the spelling of addresses.
    pub fn parse(text: &str) -> Option<Month> {
        let first: Date = format!("{text}-01").parse().ok()?;
        Some(Month(first)).filter(|month| month.to_string() == text)
    }

    pub fn first(self) -> Date {
        self.0
    }

    pub fn last(self) -> Date {
        self.0.last_of_month()
    }

    /// So many months later.
    pub fn plus(self, months: i32) -> Month {
        Month(self.0.saturating_add(months.months()))
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.0.year(), self.0.month())
    }
}

impl<'s> From<Option<&'s ItemView>> for Subject<'s> {
    fn from(item: Option<&'s ItemView>) -> Subject<'s> {
        item.map_or(Subject::Home, Subject::Item)
    }
}

impl Scope<'_> {
    /// The path that stands for a subject of this edition in another language of the region.
    pub fn path_to(self, subject: Subject<'_>, other: Scope<'_>) -> (String, Answering) {
        match subject {
            Subject::Home => (other.home_path(), Answering::Same),
            Subject::Section(section) if section.is_in(other.edition) => {
                (section.path(other), Answering::Same)
            }
            Subject::Section(_) => (other.home_path(), Answering::Near),
            Subject::Item(item) => {
                let (path, is_same) = self.path_in(Some(item), other);
                let there = other.edition.item(item.id);
                let answering = match there {
                    Some(there) if there.fallback => Answering::Untranslated,
                    _ if is_same => Answering::Same,
                    _ => Answering::Near,
                };
                (path, answering)
            }
        }
    }
}

/// What stands at a path whose first part below the language names a kind of item. `None`: it names none, or the region
/// has nothing of that kind, so that a page may be called so.
pub fn inside<'s>(scope: Scope<'s>, parts: &[&str], path: &str) -> Option<Found<'s>> {
    let (first, below) = parts.split_first()?;
    let kind = kind_at(first)?;
    scope.region.editions.iter().find(|edition| !edition.all(kind).is_empty())?;
    let of = |find: &dyn Fn(&'s Edition) -> Option<&'s ItemView>| Some(item_at(scope, path, find));
    let list = Section::of(kind);
    match (kind, below) {
        (ObjectKind::Imprint, []) => of(&|edition| edition.all(kind).first()),
        (ObjectKind::News, ["local"]) => Some(Found::Moved(list?.path(scope))),
        (ObjectKind::News, ["local", number]) => {
            let number = number.parse().ok();
            of(&|edition| edition.shelf(kind)?.numbered(number?))
        }
        (_, []) => Some(listed(scope, list?, path)),
        (ObjectKind::Event | ObjectKind::Place, [slug]) => {
            // One date of an event that comes back is told on the page of the event.
            let whole = slug.split_once('$').map_or(*slug, |(slug, _)| slug);
            let month = Month::parse(slug).filter(|_| kind == ObjectKind::Event);
            match (month, scope.edition.shelf(kind).and_then(|shelf| shelf.at_slug(whole))) {
                (Some(month), None) => Some(listed(scope, Section::Month(month), path)),
                _ => of(&|edition| edition.shelf(kind)?.at_slug(whole)),
            }
        }
        _ => Some(Found::Missing(Some(scope), None)),
    }
}

/// By today's name or by another that Integreat's apps and CMS have for it.
fn kind_at(segment: &str) -> Option<ObjectKind> {
    match segment {
        "places" => Some(ObjectKind::Place),
        "disclaimer" => Some(ObjectKind::Imprint),
        _ => ObjectKind::ITEMS.into_iter().find(|kind| kind.segment() == Some(segment)),
    }
}

fn listed<'s>(scope: Scope<'s>, section: Section, path: &str) -> Found<'s> {
    let own = section.path(scope);
    match section.is_in(scope.edition) {
        true if own == path => Found::Section(scope, section),
        true => Found::Moved(own),
        false => Found::Missing(Some(scope), None),
    }
}

#[cfg(test)]
mod tests {
    use super::Month;
    use jiff::civil::date;

    #[test]
    fn a_month_has_one_spelling() {
        assert_eq!(Month::parse("2026-12"), Some(Month::of(date(2026, 12, 24))));
        for wrong in ["2026-13", "2026-1", "26-12", "2026-12-01", "", "2026-ab", "+2026-12"] {
            assert_eq!(Month::parse(wrong), None, "{wrong}");
        }
        let december = Month::of(date(2026, 12, 24));
        assert_eq!(
            (december.plus(1).to_string(), december.last()),
            ("2027-01".to_owned(), date(2026, 12, 31))
        );
    }
}
