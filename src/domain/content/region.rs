//! Regions and their languages: a tree in which each language names the one it is translated from.

use super::error::ContentError;
use super::labels::is_spdx;
use super::profile;
use super::published::RegionSettings;
use super::{Desk, publish, store};
use crate::base::id::RegionId;
use crate::base::language::LanguageTag;
use crate::base::slug::Slug;
use crate::platform::db::Write;

/// A municipality, county or other area that publishes under its own name.
#[derive(Clone, Debug, PartialEq)]
pub struct Region {
    pub id: RegionId,
    pub number: i64,
    /// ASCII, unique on this node.
    pub slug: String,
    pub name: String,
    pub default_language: LanguageTag,
    pub settings: RegionSettings,
}

/// A language of a region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Language {
    pub tag: LanguageTag,
    pub number: i64,
    /// The part of every address in this language.
    pub slug: String,
    pub native_name: String,
    /// What it is translated from; only the default language has none.
    pub source: Option<LanguageTag>,
    pub ordinal: i64,
}

/// What is needed to found a region.
pub struct NewRegion {
    pub slug: String,
    pub name: String,
    pub default_language: LanguageTag,
    pub settings: RegionSettings,
}

/// What is needed to add a language.
pub struct NewLanguage {
    pub tag: LanguageTag,
    pub slug: String,
    pub native_name: String,
    pub source: Option<LanguageTag>,
}

/// Founds a region without any language and publishes its profile.
/// # Errors: the slug is taken, or not 1 to 63 of a-z, 0-9, `-` and `_`; what it says of itself cannot be.
pub fn found(tx: &mut Write<'_>, desk: &Desk<'_>, new: NewRegion) -> Result<Region, ContentError> {
    let NewRegion { slug, name, default_language, settings } = new;
    if !is_slug(&slug) {
        return Err(ContentError::RegionSlug { slug });
    }
    check(&name, &settings)?;
    if store::regions::by_slug(tx, &slug)?.is_some() {
        return Err(ContentError::RegionTaken { slug });
    }
    let number = store::take_numbers(tx, "regions", 1)?;
    let region = Region { id: desk.clock.fresh_id().into(), number, slug, name, default_language, settings };
    store::regions::save(tx, &region)?;
    profile::publish_region(tx, desk, &region)?;
    Ok(region)
}

/// Changes what a region says of itself: its name and settings are those of `region` now. Whether they were others. An
/// archived region stays so.
///
/// All of it is told in the region's profile, and a new licence or official key for every item that the log knows, as who
/// follows goes by the newest that was told. Whom to name stands in each text: those published before keep what they say.
/// # Errors: there is no such region, or what it says of itself cannot be.
pub fn describe(tx: &mut Write<'_>, desk: &Desk<'_>, region: &Region) -> Result<bool, ContentError> {
    let unknown = || ContentError::UnknownRegion { slug: region.slug.clone(), known: String::new() };
    let before = store::regions::by_slug(tx, &region.slug)?.ok_or_else(unknown)?;
    before.refuse_foreign()?;
    let mut region = region.clone();
    region.settings.archived = before.settings.archived;
    let Region { name, settings, .. } = &region;
    check(name, settings)?;
    if before.name == *name && before.settings == *settings {
        return Ok(false);
    }
    store::regions::save(tx, &region)?;
    // Who follows was told that an archived region is gone.
    if !settings.archived {
        profile::publish_region(tx, desk, &region)?;
    }
    let told = |settings: &RegionSettings| (settings.licence.clone(), settings.official_key.clone());
    if told(&before.settings) != told(settings) {
        let items = store::items::of_region(tx, region.id)?;
        publish::put_again(tx, desk, region.id, &items)?;
    }
    Ok(true)
}

impl Region {
    /// # Errors: another node publishes it, so that nothing of it is changed here.
    pub fn refuse_foreign(&self) -> Result<(), ContentError> {
        match self.settings.origin {
            Some(_) => Err(ContentError::MirroredRegion { slug: self.slug.clone() }),
            None => Ok(()),
        }
    }
}

/// Whether this can be the address of a region.
pub fn is_slug(slug: &str) -> bool {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    (1..=63).contains(&slug.len()) && slug.chars().all(allowed) && !is_reserved(slug)
}

pub(super) fn check(name: &str, settings: &RegionSettings) -> Result<(), ContentError> {
    if name.trim().is_empty() {
        return Err(ContentError::RegionName);
    }
    if !is_spdx(&settings.licence) {
        return Err(ContentError::Licence { licence: settings.licence.clone() });
    }
    if !settings.official_key.is_empty() && !is_official_key(&settings.official_key) {
        return Err(ContentError::OfficialKey { key: settings.official_key.clone() });
    }
    let places = settings.centre.into_iter().chain(settings.aliases.values().copied());
    if !places.into_iter().all(is_position) || !settings.bounding_box.is_none_or(is_box) {
        return Err(ContentError::Position);
    }
    match jiff::tz::TimeZone::get(&settings.time_zone) {
        Ok(_) => Ok(()),
        Err(_) => Err(ContentError::TimeZone { zone: settings.time_zone.clone() }),
    }
}

/// Whether this is longitude and latitude in degrees.
pub fn is_position([longitude, latitude]: [f64; 2]) -> bool {
    longitude.abs() <= 180.0 && latitude.abs() <= 90.0
}

/// Whether these are a south-western and a north-eastern corner; a box may lie across the date line.
pub fn is_box([south_west, north_east]: [[f64; 2]; 2]) -> bool {
    is_position(south_west) && is_position(north_east) && south_west[1] <= north_east[1]
}

/// A scheme and a key in it, such as `DE-ARS:097720000000`; a feed entry can hold it.
fn is_official_key(key: &str) -> bool {
    let is_part =
        |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    key.len() <= 100 && key.split_once(':').is_some_and(|(scheme, key)| is_part(scheme) && is_part(key))
}

fn is_reserved(slug: &str) -> bool {
    slug.parse::<Slug>().is_ok_and(|slug| slug.is_reserved_for_regions())
}

/// Adds a language to a region, or renames and re-sources one that it has.
/// # Errors: the slug belongs to another language, or the source is missing or would make a circle.
pub fn add_language(tx: &mut Write<'_>, region: &Region, new: NewLanguage) -> Result<Language, ContentError> {
    region.refuse_foreign()?;
    let languages = store::regions::languages_of(tx, region.id)?;
    let NewLanguage { tag, slug, native_name, source } = new;
    if let Some(other) = languages.iter().find(|other| other.slug == slug && other.tag != tag) {
        return Err(ContentError::LanguageSlug { slug, other: other.tag.clone() });
    }
    check_source(&languages, &tag, source.as_ref())?;
    let known = languages.iter().find(|language| language.tag == tag);
    let (number, ordinal, slug) = match known {
        Some(known) => (known.number, known.ordinal, known.slug.clone()),
        None => (store::take_numbers(tx, "languages", 1)?, i64::try_from(languages.len()).unwrap_or(0), slug),
    };
    let language = Language { tag, number, slug, native_name, source, ordinal };
    store::regions::save_language(tx, region.id, &language)?;
    Ok(language)
}

/// Follows the sources upwards: each must exist, and none may lead back to `tag`.
fn check_source(
    all: &[Language],
    tag: &LanguageTag,
    source: Option<&LanguageTag>,
) -> Result<(), ContentError> {
    let mut above = source;
    while let Some(source) = above {
        let known = all.iter().find(|language| language.tag == *source && language.tag != *tag);
        let Some(known) = known else {
            return Err(ContentError::LanguageSource {
                language: tag.clone(),
                source_language: source.clone(),
            });
        };
        above = known.source.as_ref();
    }
    Ok(())
}
