//! The list of news, newest first.

use super::address::{self, Scope};
use super::frame::{FileLink, Frame, Marked};
use super::item::{Crumb, home};
use super::render::World;
use super::section::Section;
use super::text::{Plain, excerpt};
use super::when;
use crate::domain::content::facts::{Facts, NewsFacts};
use crate::domain::content::kind::ObjectKind;
use crate::domain::content::published::{Edition, ItemView};
use crate::locale::date::Form;
use crate::web::open::File;
use askama::Template;

const EXCERPT_CHARACTERS: usize = 220;

#[derive(Template)]
#[template(path = "reader/templates/news.html")]
struct News {
    frame: Frame,
    trail: Vec<Crumb>,
    pieces: Vec<Piece>,
}

struct Piece {
    href: String,
    title: Marked,
    told_at: String,
    told_on: String,
    excerpt: Plain,
}

pub fn all(edition: &Edition) -> impl Iterator<Item = (&ItemView, &NewsFacts)> {
    edition.all(ObjectKind::News).iter().filter_map(|view| match view.facts()? {
        Facts::News(news) => Some((view, news)),
        _ => None,
    })
}

pub fn list(world: &World<'_>, scope: Scope<'_>) -> Result<String, askama::Error> {
    let mut frame = Frame::of(scope, super::section::Subject::Section(Section::News), world.site);
    let piece = |(view, news): (&ItemView, &NewsFacts)| Piece {
        href: address::encoded(&view.path),
        title: Marked::title(scope, view),
        told_at: news.at.to_string(),
        told_on: when::written(&frame, Form::Day, when::today(&frame.zone, news.at)),
        excerpt: Plain(excerpt(&view.body, EXCERPT_CHARACTERS)),
    };
    let pieces: Vec<Piece> = all(scope.edition).map(piece).collect();
    let titles: Vec<&str> = all(scope.edition).take(3).map(|(view, _)| view.title()).collect();
    frame.description = format!("{}: {}", frame.words.say("news").text, titles.join(" · "));
    for file in [File::NewsAtom, File::NewsJson] {
        let link = FileLink::of(scope, &frame.words, file);
        frame.files.push(link);
    }
    News { frame, trail: home(scope), pieces }.render()
}
