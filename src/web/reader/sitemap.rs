//! Lists of all addresses for search engines (sitemaps.org 0.9).

use super::address::{self, Scope};
use super::frame::{Alternate, Frame};
use super::render::World;
use super::section::{Section, Subject};
use crate::base::moment::Moment;
use crate::domain::content::kind::ObjectKind;
use askama::Template;

#[derive(Template)]
#[template(path = "reader/templates/sitemaps.xml")]
struct Sitemaps {
    addresses: Vec<String>,
}

#[derive(Template)]
#[template(path = "reader/templates/sitemap.xml")]
struct Sitemap {
    entries: Vec<Entry>,
}

struct Entry {
    address: String,
    updated_at: Option<Moment>,
    alternates: Vec<Alternate>,
}

#[derive(Template)]
#[template(path = "reader/templates/robots.txt")]
struct Robots<'a> {
    site: &'a str,
}

/// One sitemap for each language of each listed region.
pub fn index(world: &World<'_>) -> Result<String, askama::Error> {
    let regions = world.snapshot.regions.iter().filter(|region| region.settings.listed);
    let paths = regions.flat_map(|region| {
        region.languages.iter().map(move |language| format!("/{}/{}/sitemap.xml", region.slug, language.slug))
    });
    Sitemaps { addresses: paths.map(|path| address::absolute(world.site, &path)).collect() }.render()
}

/// The home page, lists and items of a language; what is not translated is listed in the language that it is in.
pub fn of(world: &World<'_>, scope: Scope<'_>) -> Result<String, askama::Error> {
    let kinds = Section::offered(scope).map(Section::kind).chain([ObjectKind::Imprint]);
    let others = kinds.flat_map(|kind| scope.edition.all(kind)).filter(|item| !item.fallback);
    let subjects = std::iter::once(Subject::Home)
        .chain(scope.edition.pages.items.iter().map(Subject::Item))
        .chain(Section::offered(scope).map(Subject::Section))
        .chain(others.map(Subject::Item));
    let entry = |subject: Subject<'_>| {
        let frame = Frame::of(scope, subject, world.site);
        let updated_at = if let Subject::Item(item) = subject { Some(item.updated_at) } else { None };
        Entry { address: frame.canonical.unwrap_or_default(), updated_at, alternates: frame.alternates }
    };
    Sitemap { entries: subjects.map(entry).collect() }.render()
}

pub fn robots(site: &str) -> Result<String, askama::Error> {
    Robots { site }.render()
}
