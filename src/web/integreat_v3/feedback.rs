//! What readers say through the apps. The order of the checks and their words are those of the CMS.

use super::ask;
use super::json::bytes_of;
use super::part;
use super::refusal::Refusal;
use crate::base::language::LanguageTag;
use crate::base::slug::Slug;
use crate::domain::content::facts::Facts;
use crate::domain::content::kind::ObjectKind;
use crate::domain::content::published::{Edition, ItemView, RegionView, Snapshot};
use crate::domain::upkeep::feedback::{Given, Opinion, Rating, SearchQuery, Seen, Subject};
use crate::web::State;
use crate::web::letterbox::deliver;
use crate::web::letterbox::form::Form;
use crate::web::problem::Problem;
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use std::sync::Arc;

/// What an app says it is about.
#[derive(Clone, Copy)]
enum Kind {
    Subject(Subject),
    /// The oldest apps send the address of what was read, and the kind is guessed from it.
    ByLink,
}

/// The only category with a meaning; all other words are about the content.
const TECHNICAL: &str = "Technisches Feedback";

/// Answers every method: the CMS looks for the region before it minds the method.
pub async fn give(
    request: HttpRequest,
    state: web::Data<State>,
    body: web::Payload,
) -> Result<HttpResponse, Problem> {
    let Some(kind) = Kind::of(request.match_info().get("kind")) else {
        return Err(Problem::no_such_address());
    };
    let snapshot = Arc::clone(&state.showing().snapshot);
    let region = ask::region(&snapshot, part(&request, "region"))?;
    if request.method() != Method::POST {
        let mut problem = Problem::wrong_method("POST");
        problem.message = "Invalid request.".to_owned();
        return Err(problem);
    }
    let reader = Reader::of(&snapshot, region, part(&request, "language"))?;
    // Not earlier, so that a mistake in an address costs nobody a chance, and not later, so that nothing is read
    // from somebody who sends too much.
    state.throttle.admit(&request)?;
    let form = Form::read(&request, body).await.map_err(Refusal::from)?;
    if !form.is_trapped() {
        let given = reader.given(kind, &form)?;
        deliver(&state, given).await?;
    }
    success()
}

fn success() -> Result<HttpResponse, Problem> {
    let told = serde_json::json!({ "success": "Feedback successfully submitted" });
    let mut answer = HttpResponse::Created().body(bytes_of(&told).map_err(Refusal::from)?);
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(answer)
}

impl Kind {
    /// `None`: there is no such address.
    fn of(word: Option<&str>) -> Option<Kind> {
        Some(Kind::Subject(match word {
            None => return Some(Kind::ByLink),
            Some("categories") => Subject::Categories,
            Some("page") => Subject::Page,
            Some("poi") => Subject::Poi,
            Some("event") => Subject::Event,
            Some("events") => Subject::Events,
            Some("imprint-page") => Subject::Imprint,
            Some("map") => Subject::Map,
            Some("search") => Subject::Search,
            Some("offers" | "extras") => Subject::Offers,
            Some("offer" | "extra") => Subject::Offer,
            Some(_) => return None,
        }))
    }
}

/// Where somebody reads, and in which language.
struct Reader<'a> {
    region: &'a RegionView,
    language: LanguageTag,
    /// `None`: the region does not have the language, another one of this node does.
    edition: Option<&'a Edition>,
}

impl<'a> Reader<'a> {
    /// # Errors: [`Refusal::NoLanguageWithSlug`] if no region of this node has the language.
    fn of(snapshot: &Snapshot, region: &'a RegionView, slug: &str) -> Result<Reader<'a>, Refusal> {
        if let Some((language, edition)) = region.edition(slug) {
            return Ok(Reader { region, language: language.tag.clone(), edition: Some(edition) });
        }
        let mut all = snapshot.regions.iter().flat_map(|region| &region.languages);
        match all.find(|language| language.slug == slug) {
            Some(language) => Ok(Reader { region, language: language.tag.clone(), edition: None }),
            None => Err(Refusal::NoLanguageWithSlug { slug: slug.to_owned() }),
        }
    }

    fn given(&self, kind: Kind, form: &Form) -> Result<Given, Refusal> {
        let rating = match form.field("rating") {
            None => None,
            Some(word) => Some(Rating::parse(word).ok_or(Refusal::Rating)?),
        };
        let opinion = Opinion::new(rating, form.field("comment").unwrap_or_default())?;
        let (subject, seen) = match kind {
            Kind::Subject(subject) => (subject, self.seen(subject, form.field("slug").unwrap_or_default())?),
            Kind::ByLink => self.by_link(form.field("permalink").unwrap_or_default())?,
        };
        let query = match subject {
            Subject::Search => Some(SearchQuery::parse(form.field("query").unwrap_or_default())?),
            _ => None,
        };
        let technical = form.field("category") == Some(TECHNICAL);
        let (region, language) = (self.region.id, self.language.clone());
        Ok(Given { region, language, subject, seen, opinion, query, technical })
    }

    /// The text that was read, if it was one.
    fn seen(&self, subject: Subject, slug: &str) -> Result<Option<Seen>, Refusal> {
        let (item, refusal) = match subject {
            Subject::Page => (self.at_slug(ObjectKind::Page, slug), Refusal::NoPageForSlug),
            Subject::Poi => (self.at_slug(ObjectKind::Place, slug), Refusal::NoLocationForSlug),
            Subject::Event => (self.at_slug(ObjectKind::Event, without_date(slug)), Refusal::NoEventForSlug),
            Subject::Imprint => (self.imprint(), Refusal::NoImprint),
            Subject::Offer => (self.offer(slug), Refusal::NoOffer),
            Subject::Categories | Subject::Events | Subject::Map | Subject::Search | Subject::Offers => {
                return Ok(None);
            }
        };
        item.map(|view| Some(view.into())).ok_or(refusal)
    }

    /// By any slug that the item ever had in the reader's language or, where the region falls back on it, in the
    /// default one; then too, the text is the reader's if there is one.
    fn at_slug(&self, kind: ObjectKind, slug: &str) -> Option<&'a ItemView> {
        let slug = Slug::from_foreign(slug)?;
        let find = |edition: &'a Edition| edition.shelf(kind)?.at_slug(slug.as_str());
        let by_default = || {
            let falls_back = kind.falls_back() && self.region.settings.fallback;
            let there =
                self.region.editions.first().filter(|_| falls_back).and_then(|edition| find(edition))?;
            self.edition.and_then(|edition| edition.item(there.id)).or(Some(there))
        };
        self.edition.and_then(find).or_else(by_default)
    }

    fn imprint(&self) -> Option<&'a ItemView> {
        self.edition?.all(ObjectKind::Imprint).first()
    }

    /// Offers are told in the default language, whichever is asked for.
    fn offer(&self, alias: &str) -> Option<&'a ItemView> {
        let mut offers = self.region.editions.first()?.all(ObjectKind::Offer).iter();
        offers.find(|view| matches!(view.facts(), Some(Facts::Offer(offer)) if offer.alias == alias))
    }

    /// # Errors: [`Refusal::NoLink`], and those of the kind that it turns out to be.
    fn by_link(&self, link: &str) -> Result<(Subject, Option<Seen>), Refusal> {
        let path = link.split(['?', '#']).next().unwrap_or_default();
        let mut segments = path.rsplit('/').filter(|segment| !segment.is_empty());
        let last = segments.next().ok_or(Refusal::NoLink)?;
        let subject = match (segments.next(), last) {
            (_, "imprint" | "disclaimer") => Subject::Imprint,
            (Some("events"), _) => Subject::Event,
            _ => Subject::Page,
        };
        Ok((subject, self.seen(subject, last)?))
    }
}

/// Apps put the day of a recurring event behind its slug: `sprachcafe$2026-06-02`.
fn without_date(slug: &str) -> &str {
    let dated = slug.rsplit_once('$').or_else(|| slug.rsplit_once("%24"));
    match dated {
        Some((slug, day)) if day.len() == 10 && day.parse::<jiff::civil::Date>().is_ok() => slug,
        _ => slug,
    }
}

#[cfg(test)]
mod tests {
    use super::without_date;

    #[test]
    fn only_a_day_is_cut_off() {
        assert_eq!(without_date("sprachcafe$2026-06-02"), "sprachcafe");
        assert_eq!(without_date("sprachcafe%242026-06-02"), "sprachcafe");
        for whole in ["sprachcafe", "sprachcafe$", "sprachcafe$heute", "2026-06-02", "a$2026-13-02"] {
            assert_eq!(without_date(whole), whole);
        }
    }
}
