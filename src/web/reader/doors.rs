//! What leads from a region's first page to its events, places and news: only what it has and
//! offers.

use super::address::{self, Scope};
use super::agenda;
use super::frame::{Frame, Marked};
use super::news;
use super::places;
use super::render::World;
use super::section::Section;
use super::when;
use crate::domain::content::kind::ObjectKind;
use crate::locale::date::Form;
use jiff::civil::Date;

pub struct Door {
    pub href: String,
    pub title: Marked,
    pub glyph: &'static str,
    pub lines: Vec<Line>,
}

/// What is to be found behind a door.
pub struct Line {
    /// Empty if there is nothing to be said before the words.
    pub before: String,
    pub words: Marked,
    pub href: String,
}

/// The next dates that the first page tells.
const NEXT_DATES: usize = 3;
const NAMED_CATEGORIES: usize = 4;

pub fn of(world: &World<'_>, scope: Scope<'_>, frame: &Frame, today: Date) -> Vec<Door> {
    Section::offered(scope).map(|section| door(world, scope, frame, (section, today))).collect()
}

fn door(world: &World<'_>, scope: Scope<'_>, frame: &Frame, (section, today): (Section, Date)) -> Door {
    let (glyph, lines) = match section {
        Section::Events | Section::Month(_) => ("calendar", dates(scope, frame, today)),
        Section::Places => ("pin", categories(world, scope)),
        Section::News => ("speech", newest(scope, frame)),
    };
    Door { href: address::encoded(&section.path(scope)), title: frame.say(section.key()), glyph, lines }
}

fn dates(scope: Scope<'_>, frame: &Frame, today: Date) -> Vec<Line> {
    let next = agenda::next(scope.edition, today, NEXT_DATES);
    let line = |entry: &agenda::Entry<'_>| Line {
        before: when::near(frame, entry.start.date(), today),
        words: Marked::title(scope, entry.view),
        href: address::encoded(&entry.view.path),
    };
    next.iter().map(line).collect()
}

/// The categories that have places.
fn categories(world: &World<'_>, scope: Scope<'_>) -> Vec<Line> {
    let used: Vec<_> = places::all(scope.edition)
        .filter_map(|(view, place)| super::item::related(world, scope, view, place.category?))
        .map(|category| category.id)
        .collect();
    let named = scope.edition.all(ObjectKind::Category).iter().filter(|category| used.contains(&category.id));
    let list = address::encoded(&Section::Places.path(scope));
    let line = |category| Line {
        before: String::new(),
        words: Marked::title(scope, category),
        href: format!("{list}#{}", places::anchor(category)),
    };
    named.take(NAMED_CATEGORIES).map(line).collect()
}

fn newest(scope: Scope<'_>, frame: &Frame) -> Vec<Line> {
    let line = |(view, news): (&crate::domain::content::published::ItemView, _)| {
        let news: &crate::domain::content::facts::NewsFacts = news;
        Line {
            before: when::written(frame, Form::Day, when::today(&frame.zone, news.at)),
            words: Marked::title(scope, view),
            href: address::encoded(&view.path),
        }
    };
    news::all(scope.edition).take(1).map(line).collect()
}
