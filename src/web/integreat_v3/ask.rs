//! What a request asks for: region and language from the path, a page from `id` or `url`.

use super::refusal::Refusal;
use super::shape::Around;
use crate::base::slug::Slug;
use crate::domain::content::published::{ItemView, RegionView, Snapshot};
use crate::locale::date;
use crate::web::State;
use std::cell::Cell;
use std::sync::Arc;

/// The query parameters that this API knows; all others are ignored, empty ones count as missing.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Query {
    pub id: Option<String>,
    pub url: Option<String>,
    pub depth: Option<String>,
}

impl Query {
    /// Reads `a=b&c=d`, percent-encoded or in plain Unicode.
    pub fn parse(text: &str) -> Query {
        let mut query = Query::default();
        for (name, value) in url::form_urlencoded::parse(text.as_bytes()) {
            let place = match name.as_ref() {
                "id" => &mut query.id,
                "url" => &mut query.url,
                "depth" => &mut query.depth,
                _ => continue,
            };
            *place = Some(value.into_owned()).filter(|value| !value.is_empty());
        }
        query
    }

    /// 1 if nothing is said. # Errors: [`Refusal::NotANumber`].
    pub fn depth(&self) -> Result<usize, Refusal> {
        let depth = self.depth.as_deref().map_or(Ok(1), |text| number("depth", text))?;
        Ok(usize::try_from(depth).unwrap_or(0))
    }

    /// The page meant by `id` or `url`; `id` wins. `None` if neither is there.
    /// # Errors: no such page, or it is not public in this language.
    pub fn page<'a>(&self, around: &Around<'a>) -> Result<Option<&'a ItemView>, Refusal> {
        match (&self.id, &self.url) {
            (Some(id), _) => by_number(around, number("id", id)?).map(Some),
            (None, Some(url)) => by_url(around, url).map(Some),
            (None, None) => Ok(None),
        }
    }
}

fn number(parameter: &'static str, text: &str) -> Result<i64, Refusal> {
    text.trim().parse().map_err(|_| Refusal::NotANumber { parameter, value: text.chars().take(40).collect() })
}

fn by_number<'a>(around: &Around<'a>, number: i64) -> Result<&'a ItemView, Refusal> {
    match around.edition.pages.by_number.get(&number).and_then(|index| around.edition.pages.items.get(*index))
    {
        Some(page) => Ok(page),
        None if around
            .region
            .editions
            .iter()
            .any(|edition| edition.pages.by_number.contains_key(&number)) =>
        {
            Err(Refusal::NotPublicHere)
        }
        None => Err(Refusal::UnknownId),
    }
}

/// Only the last segment counts, in any spelling of case, once more percent-encoded or not; former slugs count too.
fn by_url<'a>(around: &Around<'a>, url: &str) -> Result<&'a ItemView, Refusal> {
    let url = percent_encoding::percent_decode_str(url).decode_utf8_lossy();
    let segment = url.trim_matches('/').rsplit('/').next().unwrap_or_default();
    let slug = Slug::from_foreign(segment).ok_or(Refusal::UnknownUrl)?;
    around.edition.pages.at_slug(slug.as_str()).ok_or(Refusal::UnknownUrl)
}

/// # Errors: [`Refusal::UnknownRegion`].
pub fn region<'a>(snapshot: &'a Snapshot, slug: &str) -> Result<&'a Arc<RegionView>, Refusal> {
    snapshot.region(slug).ok_or(Refusal::UnknownRegion)
}

/// # Errors: [`Refusal::UnknownRegion`], [`Refusal::UnknownLanguage`].
pub fn around<'a>(
    state: &'a State,
    snapshot: &'a Snapshot,
    region_slug: &str,
    language_slug: &str,
) -> Result<Around<'a>, Refusal> {
    let region = region(snapshot, region_slug)?;
    let (language, edition) = region.edition(language_slug).ok_or(Refusal::UnknownLanguage)?;
    let zone = date::zone(&region.settings.time_zone);
    let lacks_media = Cell::new(false);
    Ok(Around { state, snapshot, region, language, edition, zone, lacks_media })
}

#[cfg(test)]
mod tests {
    use super::Query;

    #[test]
    fn parameters_are_decoded_and_empty_ones_are_missing() {
        let query = Query::parse("url=/a/%D8%B9/&id=&depth=2&x=1");
        assert_eq!(query, Query { id: None, url: Some("/a/ع/".into()), depth: Some("2".into()) });
        assert_eq!(Query::parse("url=/a/ع/").url, Some("/a/ع/".into()));
        assert_eq!(Query::parse("").depth().unwrap(), 1);
        assert_eq!(Query::parse("depth=-3").depth().unwrap(), 0);
        assert!(Query::parse("depth=abc").depth().is_err());
    }
}
