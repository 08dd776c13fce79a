//! The regions of this node and their languages.

use super::json::bytes_of;
use super::refusal::Refusal;
use super::{ask, part, shape};
use crate::domain::content::published::Snapshot;
use crate::web::answer::Answer;
use crate::web::problem::Problem;
use crate::web::{Showing, State};
use actix_web::{HttpRequest, HttpResponse, web};

const REGIONS: &str = "v3/regions";

pub async fn all(request: HttpRequest, state: web::Data<State>) -> Result<HttpResponse, Problem> {
    Ok(state.showing().answer(REGIONS, regions)?.respond(&request))
}

pub async fn one(request: HttpRequest, state: web::Data<State>) -> Result<HttpResponse, Problem> {
    let slug = part(&request, "region");
    let answer = state.showing().answer(&format!("v3/region/{slug}"), |snapshot| {
        let region = ask::region(snapshot, slug)?;
        let answer = Answer::json(bytes_of(&shape::region(region))?);
        Ok::<_, Refusal>(answer.made_of([snapshot.outline.stamp()]))
    })?;
    Ok(answer.respond(&request))
}

pub async fn languages_of(request: HttpRequest, state: web::Data<State>) -> Result<HttpResponse, Problem> {
    let slug = part(&request, "region");
    let key = format!("v3/languages/{slug}");
    let answer = state.showing().answer(&key, |snapshot| languages(snapshot, slug))?;
    Ok(answer.respond(&request))
}

/// `regions/`: every region, by its name without prefix. # Errors: [`Refusal::Unwritable`].
pub fn regions(snapshot: &Snapshot) -> Result<Answer, Refusal> {
    let mut regions: Vec<_> = snapshot.regions.iter().collect();
    regions.sort_by_key(|region| {
        shape::plain_name(&region.name, &region.settings.name_without_prefix).to_lowercase()
    });
    let shapes: Vec<_> = regions.into_iter().map(|region| shape::region(region)).collect();
    Ok(Answer::json(bytes_of(&shapes)?).made_of([snapshot.outline.stamp()]))
}

/// `{region}/languages/`. # Errors: [`Refusal::UnknownRegion`], [`Refusal::Unwritable`].
pub fn languages(snapshot: &Snapshot, region: &str) -> Result<Answer, Refusal> {
    let languages = &ask::region(snapshot, region)?.languages;
    let shapes: Vec<_> = languages.iter().map(shape::language).collect();
    Ok(Answer::json(bytes_of(&shapes)?).made_of([snapshot.outline.stamp()]))
}

pub fn prepare(showing: &Showing) -> Result<(), Refusal> {
    showing.prepare(REGIONS, regions)
}
