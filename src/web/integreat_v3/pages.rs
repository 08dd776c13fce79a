//! The pages of a region in one language: all, one, the ones below it, the ones above it.

use super::ask::{Query, around};
use super::json::bytes_of;
use super::part;
use super::refusal::Refusal;
use super::shape::Around;
use crate::domain::content::kind::ObjectKind;
use crate::domain::content::published::{ItemView, Snapshot};
use crate::web::answer::Answer;
use crate::web::problem::Problem;
use crate::web::{Showing, State};
use actix_web::{HttpRequest, HttpResponse, web};

/// What the answer on a page tells of.
const MADE_OF: [ObjectKind; 3] = [ObjectKind::Page, ObjectKind::Organisation, ObjectKind::Offer];

pub async fn all(request: HttpRequest, state: web::Data<State>) -> Result<HttpResponse, Problem> {
    let (region, language) = (part(&request, "region"), part(&request, "language"));
    let build = |snapshot: &Snapshot| pages(&state, snapshot, region, language);
    let answer = state.showing().answer(&all_key(region, language), build)?;
    Ok(answer.respond(&request))
}

fn all_key(region: &str, language: &str) -> String {
    ["v3/pages/", region, "/", language].concat()
}

/// `pages/`: parents before children. # Errors: [`Refusal::UnknownRegion`], [`Refusal::UnknownLanguage`].
pub fn pages(state: &State, snapshot: &Snapshot, region: &str, language: &str) -> Result<Answer, Refusal> {
    let around = around(state, snapshot, region, language)?;
    written(&around, around.edition.pages.items.iter())
}

pub async fn one(request: HttpRequest, state: web::Data<State>) -> Result<HttpResponse, Problem> {
    let asked = Asked::new(&request, &state);
    let around = asked.around()?;
    let page = Query::parse(request.query_string()).page(&around)?.ok_or(Refusal::NothingNamed)?;
    let key = asked.key("page", page.number, 0);
    let answer = asked
        .showing
        .answer(&key, |_| Ok::<_, Refusal>(around.answer(bytes_of(&around.page(page))?, &MADE_OF)))?;
    Ok(answer.respond(&request))
}

pub async fn children(request: HttpRequest, state: web::Data<State>) -> Result<HttpResponse, Problem> {
    let asked = Asked::new(&request, &state);
    let around = asked.around()?;
    let query = Query::parse(request.query_string());
    // Deeper than the deepest page is the same answer, so it is kept under the same key.
    let deepest = around.edition.pages.items.iter().map(|page| page.depth).max().unwrap_or(0);
    let depth = query.depth()?.min(deepest);
    let start = query.page(&around)?;
    let key = asked.key("children", start.map_or(0, |page| page.number), depth);
    let answer = asked.showing.answer(&key, |_| match start {
        Some(page) => written(&around, below(&around, page, depth)),
        None => written(&around, around.edition.pages.items.iter().filter(|page| page.depth <= depth)),
    })?;
    Ok(answer.respond(&request))
}

/// The page itself, then the pages up to `depth` levels below it, in preorder.
fn below<'a>(around: &Around<'a>, page: &'a ItemView, depth: usize) -> impl Iterator<Item = &'a ItemView> {
    let at = around.edition.pages.by_id.get(&page.id).copied().unwrap_or(around.edition.pages.items.len());
    let rest = around.edition.pages.items.get(at..).unwrap_or_default();
    let inside = move |(index, other): &(usize, &ItemView)| *index == 0 || other.depth > page.depth;
    rest.iter()
        .enumerate()
        .take_while(inside)
        .map(|(_, other)| other)
        .filter(move |other| other.depth <= page.depth + depth)
}

pub async fn parents(request: HttpRequest, state: web::Data<State>) -> Result<HttpResponse, Problem> {
    let asked = Asked::new(&request, &state);
    let around = asked.around()?;
    let page = Query::parse(request.query_string()).page(&around)?.ok_or(Refusal::NothingNamed)?;
    let key = asked.key("parents", page.number, 0);
    let answer = asked.showing.answer(&key, |_| written(&around, above(&around, page).into_iter()))?;
    Ok(answer.respond(&request))
}

/// From the root down to the page just above.
fn above<'a>(around: &Around<'a>, page: &ItemView) -> Vec<&'a ItemView> {
    let up = |index: Option<usize>| index.and_then(|index| around.edition.pages.items.get(index));
    let mut chain: Vec<_> = std::iter::successors(up(page.parent), |above| up(above.parent)).collect();
    chain.reverse();
    chain
}

/// Makes `pages/` of every language that is asked for, and what the web app asks for on a region's first page.
pub fn prepare(state: &State, showing: &Showing) -> Result<(), Refusal> {
    for region in &showing.snapshot.regions {
        for language in &region.languages {
            let key = all_key(&region.slug, &language.slug);
            showing.prepare(&key, |snapshot| pages(state, snapshot, &region.slug, &language.slug))?;
        }
    }
    Ok(())
}

fn written<'a>(around: &Around<'a>, pages: impl Iterator<Item = &'a ItemView>) -> Result<Answer, Refusal> {
    let shapes: Vec<_> = pages.map(|page| around.page(page)).collect();
    Ok(around.answer(bytes_of(&shapes)?, &MADE_OF))
}

/// Region, language and the picture that one request is answered from.
struct Asked<'a> {
    region: &'a str,
    language: &'a str,
    state: &'a State,
    showing: std::sync::Arc<Showing>,
}

impl<'a> Asked<'a> {
    fn new(request: &'a HttpRequest, state: &'a State) -> Asked<'a> {
        Asked {
            region: part(request, "region"),
            language: part(request, "language"),
            state,
            showing: state.showing(),
        }
    }

    fn around(&self) -> Result<Around<'_>, Refusal> {
        around(self.state, &self.showing.snapshot, self.region, self.language)
    }

    fn key(&self, door: &str, page: i64, depth: usize) -> String {
        format!("v3/{door}/{}/{}/{page}/{depth}", self.region, self.language)
    }
}
