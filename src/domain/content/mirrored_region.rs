//! Regions that another node publishes and this one shows: read from their profile with care, and changed by nobody here.

use super::body::{LanguageCard, RegionCard};
use super::error::ContentError;
use super::published::RegionSettings;
use super::region::{self, Language, Region};
use super::store;
use crate::base::id::RegionId;
use crate::base::language::LanguageTag;
use crate::base::slug::Slug;
use crate::locale::native_names::native_name;
use crate::platform::db::Write;
use serde_json::{Map, Value};

/// More languages than any region has.
const MOST_LANGUAGES: usize = 100;
/// Of one setting as JSON.
const LONGEST_SETTING_BYTES: usize = 16 * 1024;
const LONGEST_NAME_CHARACTERS: usize = 120;

/// A region as its profile tells it.
#[derive(Clone, Debug, PartialEq)]
pub struct ToldRegion {
    pub name: String,
    /// The default language first.
    pub languages: Vec<ToldLanguage>,
    pub settings: RegionSettings,
}

#[derive(Clone, Debug, PartialEq)]
pub struct ToldLanguage {
    pub tag: LanguageTag,
    pub slug: String,
    pub native_name: String,
    pub source: Option<LanguageTag>,
}

impl ToldRegion {
    /// What a profile in this language says; `spoken` are the languages of the region's texts, for profiles of older nodes,
    /// which do not name them. What cannot be is passed over. `None`: it has no name.
    pub fn read(
        title: &str,
        card: &RegionCard,
        language: &LanguageTag,
        spoken: &[LanguageTag],
    ) -> Option<ToldRegion> {
        let name = plain(title, LONGEST_NAME_CHARACTERS)?;
        let about = card.about.as_ref();
        let told = about.map_or(&[][..], |about| &about.languages);
        let settings = about.map_or_else(RegionSettings::default, |about| settings(&about.settings));
        let spoken = spoken.iter().filter(|_| told.is_empty()).map(|tag| LanguageCard {
            tag: tag.clone(),
            slug: String::new(),
            native_name: String::new(),
            source: None,
        });
        let told: Vec<LanguageCard> = told.iter().cloned().chain(spoken).collect();
        Some(ToldRegion { languages: languages(&told, language), settings, name })
    }
}

/// Words without control characters, cut off; `None` if nothing is left.
fn plain(text: &str, most: usize) -> Option<String> {
    let kept: String = text.chars().filter(|letter| !letter.is_control()).take(most).collect();
    Some(kept.trim().to_owned()).filter(|kept| !kept.is_empty())
}

/// Each setting that this version knows, if it can be; else as for any region.
fn settings(told: &Map<String, Value>) -> RegionSettings {
    let mut settings = RegionSettings::default();
    for (name, value) in told.iter().filter(|(_, value)| value.to_string().len() <= LONGEST_SETTING_BYTES) {
        let Ok(Value::Object(mut all)) = serde_json::to_value(&settings) else { continue };
        // Whose it is nobody tells of himself, and whether we archive it is ours; what is new is refused as unknown.
        if ["origin", "archived"].contains(&name.as_str()) {
            continue;
        }
        all.insert(name.clone(), value.clone());
        if let Ok(read) = serde_json::from_value::<RegionSettings>(Value::Object(all))
            && region::check("-", &read).is_ok()
        {
            settings = read;
        }
    }
    settings
}

/// The default language, and of the others those that can be: each once, under an address that no other has, made from
/// one before it.
fn languages(told: &[LanguageCard], default: &LanguageTag) -> Vec<ToldLanguage> {
    let mut all: Vec<ToldLanguage> = Vec::new();
    let first = told.iter().find(|card| card.tag == *default);
    let own =
        LanguageCard { tag: default.clone(), slug: String::new(), native_name: String::new(), source: None };
    for card in std::iter::once(first.unwrap_or(&own)).chain(told) {
        let known = all.iter().any(|language| language.tag == card.tag);
        if known || card.tag.is_none() || all.len() == MOST_LANGUAGES {
            continue;
        }
        let by_tag = card.tag.as_str().to_lowercase();
        let wished = card
            .slug
            .parse::<Slug>()
            .ok()
            .map(|slug| slug.as_str().to_owned())
            .filter(|slug| slug.is_ascii());
        let free = |slug: &String| all.iter().all(|language| language.slug != *slug);
        let Some(slug) = wished.into_iter().chain([by_tag]).find(free) else { continue };
        let source = card.source.clone().filter(|source| all.iter().any(|language| language.tag == *source));
        all.push(ToldLanguage {
            native_name: plain(&card.native_name, LONGEST_NAME_CHARACTERS)
                .unwrap_or_else(|| native_name(&card.tag)),
            source: if all.is_empty() { None } else { source.or_else(|| Some(default.clone())) },
            tag: card.tag.clone(),
            slug,
        });
    }
    all
}

/// Where a region of another node stands here: chosen once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    pub id: RegionId,
    pub number: i64,
    pub slug: String,
}

/// Shows a region, or brings it up to date: `before` is what stands there. Languages that it no longer has go; addresses
/// of the others stay.
/// # Errors: the address is another region's.
pub fn show(
    tx: &mut Write<'_>,
    standing: &Standing,
    told: ToldRegion,
    before: Option<(Region, Vec<Language>)>,
) -> Result<(), ContentError> {
    let Standing { id, number, slug } = standing.clone();
    let ToldRegion { name, languages, settings } = told;
    let Some(default_language) = languages.first().map(|language| language.tag.clone()) else {
        return Ok(());
    };
    let (before, known) = before.unzip();
    let region = Region { id, number, slug, name, default_language, settings };
    if before.as_ref() != Some(&region) {
        let taken = store::regions::by_slug(tx, &region.slug)?.filter(|known| known.id != id);
        if taken.is_some() {
            return Err(ContentError::RegionTaken { slug: region.slug });
        }
        store::regions::save(tx, &region)?;
    }
    let known = known.unwrap_or_default();
    let gone: Vec<LanguageTag> = known
        .iter()
        .map(|one| one.tag.clone())
        .filter(|tag| languages.iter().all(|one| one.tag != *tag))
        .collect();
    store::regions::delete_languages(tx, id, &gone)?;
    let mut kept: Vec<Language> = known.into_iter().filter(|one| !gone.contains(&one.tag)).collect();
    for (ordinal, told) in (0..).zip(languages) {
        let ToldLanguage { tag, slug, native_name, source } = told;
        let before = kept.iter().find(|one| one.tag == tag).cloned();
        let (number, slug) = match &before {
            Some(before) => (before.number, before.slug.clone()),
            // Its address stands already under another language here.
            None if kept.iter().any(|one| one.slug == slug) => continue,
            None => (store::take_numbers(tx, "languages", 1)?, slug),
        };
        let language = Language { tag, number, slug, native_name, source, ordinal };
        if before.as_ref() != Some(&language) {
            store::regions::save_language(tx, id, &language)?;
        }
        kept.push(language);
    }
    Ok(())
}

/// Shows a region no more; everything in it goes with it.
pub fn remove(tx: &mut Write<'_>, id: RegionId) -> Result<(), ContentError> {
    Ok(store::regions::delete(tx, id)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::content::body::RegionAbout;
    use serde_json::json;

    fn told(about: Value, language: &str, spoken: &[&str]) -> ToldRegion {
        let about = Some(serde_json::from_value::<RegionAbout>(about).unwrap());
        let card = RegionCard { slug: "x".into(), site: "https://x.example/".into(), about };
        let spoken: Vec<LanguageTag> = spoken.iter().map(|tag| tag.parse().unwrap()).collect();
        ToldRegion::read("Ort", &card, &language.parse().unwrap(), &spoken).unwrap()
    }

    fn shape(told: &ToldRegion) -> Vec<String> {
        let source = |one: &ToldLanguage| one.source.as_ref().map_or("-".to_owned(), ToString::to_string);
        told.languages.iter().map(|one| format!("{} {} {}", one.tag, one.slug, source(one))).collect()
    }

    #[test]
    fn what_a_profile_says_of_its_region_is_taken_as_far_as_it_can_be() {
        let region = told(
            json!({"settings": {
                "postcode": "12345", "time_zone": "Mars/Base", "licence": "all mine, really", "listed": false,
                "centre": [10.5, 50.25], "aliases": "none", "attribution": "x".repeat(20_000),
                "origin": {"node": "n1", "node_name": "Wir"}, "moon_phase": true,
            }}),
            "de",
            &[],
        );
        let expected = RegionSettings {
            postcode: "12345".into(),
            listed: false,
            centre: Some([10.5, 50.25]),
            ..RegionSettings::default()
        };
        assert_eq!(region.settings, expected);
    }

    #[test]
    fn languages_are_a_tree_with_an_address_each_whatever_is_told() {
        let language = |tag: &str, slug: &str, source: Option<&str>| json!({"tag": tag, "slug": slug, "native_name": "", "source": source});
        let told = told(
            json!({"languages": [
                language("en", "en", Some("ar")),
                language("ar", "../x", Some("en")),
                language("de", "deutsch", Some("en")),
                language("fr", "en", Some("tr")),
                language("zxx", "zxx", None),
                language("en", "englisch", None),
            ]}),
            "de",
            &["uk"],
        );
        assert_eq!(shape(&told), ["de deutsch -", "en en de", "ar ar en", "fr fr de"]);
        assert_eq!(told.languages[1].native_name, "English");
    }

    #[test]
    fn an_older_profile_has_the_languages_of_its_texts() {
        assert_eq!(shape(&told(json!({}), "de", &["ar", "de"])), ["de de -", "ar ar de"]);
    }

    #[test]
    fn a_region_without_a_name_is_none() {
        let card = RegionCard { slug: "x".into(), site: "https://x.example/".into(), about: None };
        assert_eq!(ToldRegion::read(" \u{7} ", &card, &"de".parse().unwrap(), &[]), None);
    }
}
