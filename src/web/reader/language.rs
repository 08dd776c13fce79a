//! Which language a reader gets where the address does not say it: the one the browser asks for.

use super::address::Scope;
use super::render;
use crate::base::id::ObjectId;
use crate::base::language::LanguageTag;
use crate::domain::content::published::{Place, RegionView, Snapshot};
use crate::locale::{accept, words};
use actix_web::HttpRequest;
use actix_web::http::header;

fn wishes(request: &HttpRequest) -> &str {
    request.headers().get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or("")
}

/// The best of the languages that the interface speaks, or else that of the first region, or else English.
pub fn of_interface(request: &HttpRequest, snapshot: &Snapshot) -> LanguageTag {
    let mut spoken = words::spoken();
    let default = snapshot.regions.first().map(|region| region.default_language.as_str());
    let best = accept::best(wishes(request), spoken.iter());
    let best = best.or_else(|| spoken.iter().position(|tag| Some(tag.as_str()) == default));
    spoken.swap_remove(best.unwrap_or(0))
}

/// The best of a region's languages, or else its default; `None` if it has none.
pub fn of_region<'s>(request: &HttpRequest, region: &'s RegionView) -> Option<Scope<'s>> {
    let offered: Vec<Scope<'s>> = Scope::of(region, 0)?.others().collect();
    let best = accept::best(wishes(request), offered.iter().map(|scope| &scope.language.tag));
    offered.get(best.unwrap_or(0)).copied()
}

/// Where a reader goes on who asked for a language that the region does not speak, and the language to say so in: the
/// best that this region or the interface has.
pub fn of_stranger<'s>(request: &HttpRequest, region: &'s RegionView) -> (Option<Scope<'s>>, LanguageTag) {
    let scope = of_region(request, region);
    let own = scope.map_or(&region.default_language, |scope| &scope.language.tag);
    let mut known: Vec<LanguageTag> = std::iter::once(own.clone()).chain(words::spoken()).collect();
    let best = accept::best(wishes(request), known.iter()).unwrap_or(0);
    (scope, known.swap_remove(best))
}

/// The path of the page or region with this id, in the language asked for or the best there is.
pub fn of_permalink(
    request: &HttpRequest,
    snapshot: &Snapshot,
    object: &str,
    language: Option<&str>,
) -> Option<String> {
    let object: ObjectId = object.parse().ok()?;
    if let Some(region) = snapshot.regions.iter().find(|region| ObjectId::from(region.id) == object) {
        let named = region.languages.iter().position(|known| Some(known.slug.as_str()) == language);
        let scope = named.and_then(|index| Scope::of(region, index)).or_else(|| of_region(request, region));
        return scope.map(Scope::home_path);
    }
    let place: Place = snapshot.place(object)?;
    let region = snapshot.regions.get(place.region)?;
    let has_page =
        |index: usize| region.editions.get(index).is_some_and(|edition| edition.item(place.item).is_some());
    let offered: Vec<&LanguageTag> = region
        .languages
        .iter()
        .enumerate()
        .filter(|(index, _)| has_page(*index))
        .map(|(_, known)| &known.tag)
        .collect();
    let named = offered.iter().position(|tag| {
        let known = region.languages.iter().find(|known| known.tag == **tag);
        known.is_some_and(|known| Some(known.slug.as_str()) == language || Some(tag.as_str()) == language)
    });
    let best = named.or_else(|| accept::best(wishes(request), offered.iter().copied())).unwrap_or(0);
    render::path_of(snapshot, place, offered.get(best)?)
}
