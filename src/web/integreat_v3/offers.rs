//! Services elsewhere that a region points to.

use super::ask;
use super::json::bytes_of;
use super::part;
use super::refusal::Refusal;
use super::shape::{Around, InOrder};
use crate::domain::content::facts::{Facts, OfferFacts};
use crate::domain::content::kind::ObjectKind;
use crate::domain::content::published::ItemView;
use crate::web::State;
use crate::web::problem::Problem;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;

/// Offers are told in the region's default language, whichever is asked for.
pub async fn all(request: HttpRequest, state: web::Data<State>) -> Result<HttpResponse, Problem> {
    let slug = part(&request, "region");
    let answer = state.showing().answer(&format!("v3/offers/{slug}"), |snapshot| {
        let region = ask::region(snapshot, slug)?;
        let default = region.languages.first().ok_or(Refusal::UnknownLanguage)?;
        let around = ask::around(&state, snapshot, slug, &default.slug)?;
        let mut offers: Vec<_> =
            around.edition.all(ObjectKind::Offer).iter().filter_map(|view| around.offer(view)).collect();
        offers.sort_by_key(|offer| offer.alias);
        Ok::<_, Refusal>(around.answer(bytes_of(&offers)?, &[ObjectKind::Offer]))
    })?;
    Ok(answer.respond(&request))
}

#[derive(Serialize)]
pub struct Offer<'a> {
    name: &'a str,
    alias: &'a str,
    url: &'a str,
    post: Option<InOrder<&'a str, &'a str>>,
    thumbnail: String,
}

impl<'a> Around<'a> {
    /// `None` for what is no offer.
    pub fn offer(&self, view: &'a ItemView) -> Option<Offer<'a>> {
        let Facts::Offer(OfferFacts { alias, url, post, picture: _ }) = view.facts()? else { return None };
        let fields = || InOrder::of(post.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        Some(Offer {
            name: view.title(),
            alias,
            url: url.as_ref().map_or("", |url| url.as_str()),
            post: (!post.is_empty()).then(fields),
            thumbnail: self.picture(view).unwrap_or_default(),
        })
    }
}
