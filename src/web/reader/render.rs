//! The pages themselves: pure functions from a snapshot to HTML or XML, without a request.

use super::address::{self, Scope};
use super::card::EmbeddedCard;
use super::doors::{self, Door};
use super::frame::{FileLink, Frame, Indexing, LanguageLink, Step};
use super::image::Credit;
use super::linked_data::LinkedData;
use super::named::Named;
use super::terms::Terms;
use super::text::{self, Around, Spot, excerpt};
use super::tiles::{self, Emblem, Tile};
use crate::base::digest::Digest;
use crate::base::id::ObjectId;
use crate::base::language::LanguageTag;
use crate::base::moment::Moment;
use crate::domain::content::body::Body;
use crate::domain::content::embedded;
use crate::domain::content::published::{Freshness, ItemView, Place, Provenance, RegionOrigin, Snapshot};
use crate::domain::content::references::ContactReference;
use crate::locale::words::Words;
use crate::web::media::Held;
use crate::web::open::File;
use askama::Template;
use jiff::civil::Date;

/// What pages are made of besides their region.
pub struct World<'a> {
    pub snapshot: &'a Snapshot,
    /// Base address of this site, with a slash at the end.
    pub site: &'a str,
    pub node_name: &'a str,
    /// A picture or file of a body, if this node has it.
    pub medium: &'a dyn Fn(&Body, Digest) -> Option<Held>,
}

const DESCRIPTION_CHARACTERS: usize = 155;

#[derive(Template)]
#[template(path = "reader/templates/regions.html")]
struct Regions {
    frame: Frame,
    regions: Vec<RegionTile>,
}

struct RegionTile {
    name: String,
    language: LanguageTag,
    href: String,
    languages: Vec<LanguageLink>,
    /// Of a region that another node publishes.
    origin: Option<RegionOrigin>,
}

/// The list of regions, with the interface in `language`.
pub fn regions(world: &World<'_>, language: &LanguageTag) -> Result<String, askama::Error> {
    let listed = world.snapshot.regions.iter().filter(|region| region.settings.listed);
    let tile = |region: &crate::domain::content::published::RegionView| RegionTile {
        name: region.name.clone(),
        language: region.default_language.clone(),
        href: address::encoded(&format!("/{}/", region.slug)),
        languages: Scope::of(region, 0)
            .into_iter()
            .flat_map(Scope::others)
            .map(|scope| LanguageLink::to(scope.language, &scope.home_path()))
            .collect(),
        origin: region.settings.origin.clone(),
    };
    let mut frame = Frame::plain(language, world.node_name);
    frame.title = format!("{} – {}", frame.words.say("regions-title").text, world.node_name);
    frame.description = frame.words.say("regions-intro").text;
    frame.canonical = Some(world.site.to_owned());
    Regions { frame, regions: listed.map(|region| tile(region)).collect() }.render()
}

#[derive(Template)]
#[template(path = "reader/templates/region.html")]
struct Home {
    frame: Frame,
    name: String,
    /// Set if another node publishes it.
    origin: Option<RegionOrigin>,
    doors: Vec<Door>,
    tiles: Vec<Tile>,
}

/// A region's first page in a language.
pub fn home(world: &World<'_>, scope: Scope<'_>, today: Date) -> Result<String, askama::Error> {
    let mut frame = Frame::of(scope, None, world.site);
    let intro = frame.words.say("region-intro").text;
    frame.description = format!("{}: {intro}", scope.region.name);
    for file in [File::ChangesAtom, File::ChangesJson] {
        let link = FileLink::of(scope, &frame.words, file);
        frame.files.push(link);
    }
    let tiles = tiles::of(scope.edition, &scope.edition.roots, world.medium);
    let doors = doors::of(world, scope, &frame, today);
    frame.data = Some(LinkedData::site(scope, &frame));
    let origin = scope.region.settings.origin.clone();
    Home { frame, name: scope.region.name.clone(), origin, doors, tiles }.render()
}

#[derive(Template)]
#[template(path = "reader/templates/page.html")]
struct Page {
    frame: Frame,
    trail: Vec<Step>,
    /// What is above the page, and all that stands beside it, itself included.
    above: Step,
    siblings: Vec<Step>,
    here: String,
    title: String,
    text: String,
    named: Named,
    notices: Vec<Notice>,
    origin: Option<Origin>,
    terms: Terms,
    updated_at: Moment,
    credits: Vec<Credit>,
    tiles: Vec<Tile>,
}

/// What a reader should know before trusting a text.
pub struct Notice {
    pub key: &'static str,
    pub source: Option<LanguageLink>,
}

/// Where a mirrored page comes from.
pub struct Origin {
    pub name: String,
    pub url: Option<String>,
    pub licence: String,
    pub attribution: String,
    pub confirmed_at: Option<Moment>,
    pub unconfirmed_since: Option<Moment>,
}

pub fn page(world: &World<'_>, scope: Scope<'_>, page: &ItemView) -> Result<String, askama::Error> {
    let mut frame = Frame::of(scope, Some(page), world.site);
    let linked = |object: ObjectId, language: Option<&LanguageTag>| {
        linked_page(world, scope, page, (object, language))
    };
    let medium = |digest: Digest| (world.medium)(&page.body, digest);
    let origin = page.provenance.as_ref().and_then(|provenance| provenance.url.as_deref());
    let contact = |reference: &ContactReference| embedded_card(world, scope, &frame.words, (page, reference));
    let around = Around {
        words: &frame.words,
        page: &linked,
        medium: &medium,
        contact: &contact,
        origin,
        spot: Spot::default(),
    };
    let text = text::shown(&page.body, &around)?;
    let tiles = tiles::of(scope.edition, &page.children, world.medium);
    frame.description = match excerpt(&page.body, DESCRIPTION_CHARACTERS) {
        words if words.is_empty() => {
            let inside: Vec<&str> = tiles.iter().map(|tile| tile.title.as_str()).collect();
            if inside.is_empty() {
                page.body.title.clone()
            } else {
                format!("{}: {}", page.body.title, inside.join(", "))
            }
        }
        words => words,
    };
    let named = Named::of(world, scope, page);
    frame.data = Some(LinkedData::article(scope, &frame, page, named.organisation.as_ref()));
    let origin = page.provenance.as_deref().map(|provenance| Origin::of(provenance, page));
    let (trail, siblings) = (trail(scope, page), siblings(scope, page));
    let above = trail.last().map(|step| Step { href: step.href.clone(), title: step.title.clone() });
    Page {
        above: above.unwrap_or_default(),
        here: address::encoded(&page.path),
        siblings,
        trail,
        title: page.body.title.clone(),
        notices: notice(scope, page).into_iter().collect(),
        updated_at: page.updated_at,
        terms: Terms::of(world, scope, page),
        credits: Credit::of(&page.body),
        frame,
        text,
        named,
        origin,
        tiles,
    }
    .render()
}

/// The way from the home page down to the page's parent.
fn trail(scope: Scope<'_>, page: &ItemView) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut above = page.parent.and_then(|parent| scope.edition.pages.items.get(parent));
    while let Some(page) = above {
        steps.push(Step { href: address::encoded(&page.path), title: page.body.title.clone() });
        above = page.parent.and_then(|parent| scope.edition.pages.items.get(parent));
    }
    steps.push(Step { href: address::encoded(&scope.home_path()), title: scope.region.name.clone() });
    steps.reverse();
    steps
}

fn siblings(scope: Scope<'_>, page: &ItemView) -> Vec<Step> {
    let above = page.parent.and_then(|parent| scope.edition.pages.items.get(parent));
    let all = above.map_or(&scope.edition.roots, |above| &above.children);
    let pages = all.iter().filter_map(|index| scope.edition.pages.items.get(*index));
    pages.map(|page| Step { href: address::encoded(&page.path), title: page.body.title.clone() }).collect()
}

pub fn notice(scope: Scope<'_>, page: &ItemView) -> Option<Notice> {
    let key = match page.freshness {
        Freshness::Current => return None,
        Freshness::Outdated => "outdated",
        Freshness::Machine => "machine",
    };
    let source = scope.language.source.as_ref();
    let index = scope.region.languages.iter().position(|language| Some(&language.tag) == source);
    let original = index.and_then(|index| Scope::of(scope.region, index));
    let link = original.and_then(|original| {
        let (path, is_same) = scope.path_in(Some(page), original);
        is_same.then(|| LanguageLink::to(original.language, &path))
    });
    Some(Notice { key, source: link })
}

impl Origin {
    pub fn of(provenance: &Provenance, page: &ItemView) -> Origin {
        let credit = page.body.credit.as_deref().unwrap_or(&provenance.attribution);
        let safe = |url: &String| url.starts_with("https://") || url.starts_with("http://");
        Origin {
            name: provenance.node_name.clone(),
            url: provenance.url.clone().filter(safe),
            licence: provenance.licence.clone(),
            attribution: credit.to_owned(),
            confirmed_at: provenance.confirmed_at,
            unconfirmed_since: provenance.unconfirmed_since,
        }
    }
}

/// Where a link to an object leads: to its place here; if it has none, to the origin of the page that links to it.
pub fn linked_page(
    world: &World<'_>,
    scope: Scope<'_>,
    from: &ItemView,
    (object, language): (ObjectId, Option<&LanguageTag>),
) -> Option<String> {
    let wanted = language.unwrap_or(&scope.language.tag);
    let place = world.snapshot.place_near(object, scope.region);
    let here = place.and_then(|place| path_of(world.snapshot, place, wanted));
    here.map(|path| address::encoded(&path)).or_else(|| {
        let site = from.provenance.as_ref()?.site.as_ref()?;
        Some(format!("{site}o/{object}/{wanted}"))
    })
}

/// A contact as texts show it: as it is now, whenever the text was written.
pub fn embedded_card(
    world: &World<'_>,
    scope: Scope<'_>,
    words: &Words,
    (text, reference): (&ItemView, &ContactReference),
) -> Option<EmbeddedCard> {
    let around = (scope.region, &scope.language.tag);
    let contact = embedded::contact(world.snapshot, around, text, reference.object)?;
    Some(EmbeddedCard::of(words, &contact, reference))
}

/// The path of a page in `wanted`, or else in the first language that has it.
pub fn path_of(snapshot: &Snapshot, place: Place, wanted: &LanguageTag) -> Option<String> {
    let region = snapshot.regions.get(place.region)?;
    let all = || region.languages.iter().zip(&region.editions);
    let exact = all().filter(|(language, _)| language.tag == *wanted);
    let mut found = exact.chain(all()).filter_map(|(_, edition)| edition.item(place.item));
    // Contacts and the like have no address of their own.
    found.next().map(|page| page.path.clone()).filter(|path| !path.is_empty())
}

#[derive(Template)]
#[template(path = "reader/templates/missing.html")]
struct Missing {
    frame: Frame,
    title_key: &'static str,
    text_key: &'static str,
    languages: Vec<LanguageLink>,
    ways: Vec<Step>,
}

/// What could not be shown.
#[derive(Clone, Copy)]
pub enum Failure<'s> {
    /// There is no such page; perhaps another language has one of this name.
    Missing(Option<&'s ItemView>),
    Broken,
}

/// The page that tells so in `language`, with ways to go on in that of the scope.
pub fn failure(
    world: &World<'_>,
    scope: Option<Scope<'_>>,
    language: &LanguageTag,
    failure: Failure<'_>,
) -> Result<String, askama::Error> {
    let mut frame = match scope {
        Some(scope) => Frame::of(scope, None, world.site).speaking(language),
        None => Frame::plain(language, world.node_name),
    };
    let (title_key, text_key, known) = match failure {
        Failure::Missing(known) => ("missing-title", "missing-text", known),
        Failure::Broken => ("broken-title", "broken-text", None),
    };
    frame.title = frame.words.say(title_key).text;
    frame.indexing = Indexing::Unwanted;
    frame.canonical = None;
    frame.asking = None;
    frame.alternates.clear();
    let mut languages = Vec::new();
    if let Some((scope, page)) = scope.zip(known) {
        // The language in which it was found comes first.
        let mut tongues: Vec<_> = scope.region.tongues(page).collect();
        tongues.sort_by_key(|(_, there)| there.stamp() != page.stamp());
        languages = tongues.iter().map(|(language, there)| LanguageLink::to(language, &there.path)).collect();
    }
    let home = |scope: Scope<'_>| Step {
        href: address::encoded(&scope.home_path()),
        title: scope.region.name.clone(),
    };
    let ways = scope.map(home).into_iter().collect();
    Missing { frame, title_key, text_key, languages, ways }.render()
}
