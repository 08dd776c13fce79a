//! A page with everything below it, or all pages of a region, as one document for paper.

use super::address::Scope;
use super::frame::{Frame, Indexing};
use super::image::Credit;
use super::render::{Notice, Origin, World, embedded_card, linked_page, notice};
use super::text::{self, Around, Spot};
use super::{HTML, failed, kept};
use crate::base::digest::Digest;
use crate::base::id::ObjectId;
use crate::base::language::LanguageTag;
use crate::base::moment::Moment;
use crate::domain::content::published::ItemView;
use crate::domain::content::references::ContactReference;
use crate::web::State;
use crate::web::problem::Problem;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

/// Headings go no deeper; what stands deeper still has this level too.
const LOWEST_HEADING: usize = 6;

/// `/print/{region}/{language}/` is the whole region, `/print/{region}/{language}/{page's number}/` a page.
pub fn configure(server: &mut web::ServiceConfig) {
    for path in ["/print/{region}/{language}", "/print/{region}/{language}/{page}"] {
        for path in [path.to_owned(), format!("{path}/")] {
            server.route(&path, web::get().to(document)).route(&path, web::head().to(document));
        }
    }
}

async fn document(request: HttpRequest, state: web::Data<State>) -> HttpResponse {
    let showing = state.showing();
    let asked = request.match_info();
    let found = showing.snapshot.region(asked.query("region")).and_then(|region| {
        let known = region.languages.iter().position(|language| language.slug == asked.query("language"));
        let scope = Scope::of(region, known?)?;
        match asked.get("page") {
            None => Some((scope, None)),
            Some(number) => Some((scope, Some(scope.edition.pages.numbered(number.parse().ok()?)?))),
        }
    });
    match found {
        Some((scope, page)) => {
            let key = format!("reader/print{}{}", scope.home_path(), page.map_or(0, |page| page.number));
            kept(&request, &state, &showing, (&key, HTML), &|world| printable(world, scope, page))
        }
        None => failed(&request, &state, &showing, &Problem::no_such_address()),
    }
}

#[derive(Template)]
#[template(path = "reader/templates/print.html")]
struct Document {
    frame: Frame,
    title: String,
    chapters: Vec<Chapter>,
}

struct Chapter {
    /// 1: the document's own words, below its title.
    level: usize,
    title: String,
    notices: Vec<Notice>,
    text: String,
    origin: Option<Origin>,
    updated_at: Moment,
    credits: Vec<Credit>,
}

fn printable(world: &World<'_>, scope: Scope<'_>, page: Option<&ItemView>) -> Result<String, askama::Error> {
    let mut frame = Frame::of(scope, page, world.site);
    frame.indexing = Indexing::Unwanted;
    frame.asking = None;
    let chapters = below(scope, page).map(|view| chapter(world, scope, &frame, (page, view)));
    let chapters = chapters.collect::<Result<Vec<_>, _>>()?;
    let title = page.map_or(&scope.region.name, |page| &page.body.title).clone();
    Document { frame, title, chapters }.render()
}

/// In preorder: the page itself and all below it, or every page.
fn below<'s>(scope: Scope<'s>, page: Option<&'s ItemView>) -> impl Iterator<Item = &'s ItemView> {
    let pages = &scope.edition.pages;
    let start = page.and_then(|page| pages.by_id.get(&page.id)).copied().unwrap_or(0);
    let depth = page.map_or(0, |page| page.depth);
    let all = pages.items.get(start..).unwrap_or_default().iter().enumerate();
    all.take_while(move |(at, view)| *at == 0 || view.depth > depth).map(|(_, view)| view)
}

fn chapter(
    world: &World<'_>,
    scope: Scope<'_>,
    frame: &Frame,
    (start, view): (Option<&ItemView>, &ItemView),
) -> Result<Chapter, askama::Error> {
    let linked = |object: ObjectId, language: Option<&LanguageTag>| {
        let path = linked_page(world, scope, view, (object, language))?;
        // On paper only whole addresses lead anywhere.
        Some(path.strip_prefix('/').map_or_else(|| path.clone(), |path| format!("{}{path}", world.site)))
    };
    let medium = |digest: Digest| (world.medium)(&view.body, digest);
    let level = view.depth + 1 - start.map_or(0, |start| start.depth);
    let level = level.min(LOWEST_HEADING);
    let origin = view.provenance.as_deref().map(|provenance| Origin::of(provenance, view));
    let spot = Spot { below: u8::try_from(level).unwrap_or(1), mark: format!("{}-", view.number) };
    let elsewhere = origin.as_ref().and_then(|origin| origin.url.as_deref());
    let contact = |reference: &ContactReference| embedded_card(world, scope, &frame.words, (view, reference));
    let around = Around {
        words: &frame.words,
        page: &linked,
        medium: &medium,
        contact: &contact,
        origin: elsewhere,
        spot,
    };
    let text = text::shown(&view.body, &around)?;
    let (title, updated_at) = (view.body.title.clone(), view.updated_at);
    let (notices, credits) = (notice(scope, view).into_iter().collect(), Credit::of(&view.body));
    Ok(Chapter { level, title, notices, text, origin, updated_at, credits })
}
