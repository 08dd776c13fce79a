//! Who answers for a region.

use super::ask::around;
use super::json::{bytes_of, date_time};
use super::part;
use super::refusal::Refusal;
use super::shape::{Around, Elsewhere, InOrder};
use crate::domain::content::kind::ObjectKind;
use crate::domain::content::published::ItemView;
use crate::web::State;
use crate::web::problem::Problem;
use actix_web::{HttpRequest, HttpResponse, web};
use jiff::tz::TimeZone;
use serde::Serialize;

pub async fn one(request: HttpRequest, state: web::Data<State>) -> Result<HttpResponse, Problem> {
    let (region, language) = (part(&request, "region"), part(&request, "language"));
    let key = format!("v3/imprint/{region}/{language}");
    let answer = state.showing().answer(&key, |snapshot| {
        let around = around(&state, snapshot, region, language)?;
        let view = around.edition.all(ObjectKind::Imprint).first().ok_or(Refusal::NoImprint)?;
        Ok::<_, Refusal>(around.answer(bytes_of(&around.imprint(view))?, &[ObjectKind::Imprint]))
    })?;
    Ok(answer.respond(&request))
}

#[derive(Serialize)]
struct Imprint<'a> {
    id: Option<i64>,
    url: String,
    path: &'a str,
    title: &'a str,
    modified_gmt: String,
    last_updated: String,
    excerpt: String,
    content: String,
    parent: Option<()>,
    available_languages: InOrder<&'a str, Elsewhere<'a>>,
    thumbnail: Option<()>,
    hash: Option<()>,
}

impl<'a> Around<'a> {
    fn imprint(&self, view: &'a ItemView) -> Imprint<'a> {
        let told = self.told(view);
        Imprint {
            id: (!view.fallback).then_some(view.revision),
            url: self.url(&view.path),
            path: &view.path,
            title: view.title(),
            modified_gmt: date_time(view.updated_at, &TimeZone::UTC),
            last_updated: date_time(view.updated_at, &self.zone),
            excerpt: told.excerpt,
            content: told.content,
            parent: None,
            available_languages: self.elsewhere(view),
            thumbnail: None,
            hash: None,
        }
    }
}
