//! Addresses of the CMS whose answers stand elsewhere on this node: documents for paper and sitemaps.

use super::ask::{Query, around};
use super::part;
use super::refusal::Refusal;
use crate::web::State;
use crate::web::problem::Problem;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, web};

/// `pdf/`: to the document of the page that `url` names and of all below it, or of the whole region.
pub async fn printable(request: HttpRequest, state: web::Data<State>) -> Result<HttpResponse, Problem> {
    let showing = state.showing();
    let around = around(&state, &showing.snapshot, part(&request, "region"), part(&request, "language"))?;
    let query = Query { id: None, ..Query::parse(request.query_string()) };
    let page = query.page(&around)?;
    if around.edition.pages.items.is_empty() {
        return Err(Refusal::NothingToPrint.into());
    }
    let page = page.map(|page| format!("{}/", page.number)).unwrap_or_default();
    let path = format!("/print/{}/{}/{page}", around.region.slug, around.language.slug);
    Ok(to(HttpResponse::Found(), &path))
}

pub async fn sitemaps() -> HttpResponse {
    to(HttpResponse::MovedPermanently(), "/sitemap.xml")
}

pub async fn sitemap(request: HttpRequest, state: web::Data<State>) -> Result<HttpResponse, Problem> {
    let showing = state.showing();
    let around = around(&state, &showing.snapshot, part(&request, "region"), part(&request, "language"))?;
    let path = format!("/{}/{}/sitemap.xml", around.region.slug, around.language.slug);
    Ok(to(HttpResponse::MovedPermanently(), &path))
}

fn to(mut answer: HttpResponseBuilder, path: &str) -> HttpResponse {
    answer.insert_header((header::LOCATION, path)).insert_header((header::CACHE_CONTROL, "no-cache")).finish()
}
