//! Lists of all addresses for search engines (sitemaps.org 0.9).

use super::address::{self, Scope};
use super::frame::{Alternate, Frame};
use super::render::World;
use crate::base::moment::Moment;
use crate::domain::content::published::ItemView;
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

pub fn of(world: &World<'_>, scope: Scope<'_>) -> Result<String, askama::Error> {
    let entry = |page: Option<&ItemView>| {
        let frame = Frame::of(scope, page, world.site);
        Entry {
            address: frame.canonical.unwrap_or_default(),
            updated_at: page.map(|page| page.updated_at),
            alternates: frame.alternates,
        }
    };
    let entries =
        std::iter::once(entry(None)).chain(scope.edition.pages.items.iter().map(|page| entry(Some(page))));
    Sitemap { entries: entries.collect() }.render()
}

pub fn robots(site: &str) -> Result<String, askama::Error> {
    Robots { site }.render()
}
