//! What Integreat's API v3 says, as far as we need it: strict about that, tolerant about everything else.

use super::cards::answers::{CardAnswers, LocationAnswer};
use super::error::ImportError;
use crate::base::moment::Moment;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::Path;

/// No answer is larger; a smaller file that unpacks to more is an attack or an accident.
pub(super) const LARGEST_ANSWER_BYTES: u64 = 256 * 1024 * 1024;

/// Everything that was said about one region.
#[derive(Debug, Default)]
pub struct Answers {
    /// Where it comes from, for messages.
    pub place: String,
    /// Absent in recordings that hold only pages.
    pub region: Option<RegionAnswer>,
    pub languages: Vec<LanguageAnswer>,
    /// By language code, in the order of delivery.
    pub pages: Vec<(String, Vec<PageAnswer>)>,
    /// Everything that is no page.
    pub cards: CardAnswers,
    /// Single items that could not be read, as sentences.
    pub defects: Vec<String>,
    /// Of what not everything was heard: whoever is missing may only not have been told.
    pub gaps: BTreeSet<Told>,
}

/// The sorts of things that answers tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Told {
    Region,
    Language,
    Page,
    Place,
    Category,
    Event,
    News,
    Imprint,
    Offer,
}

impl Told {
    /// By the name under which they are recorded and asked for.
    pub fn by(what: &str) -> Option<Told> {
        Some(match what {
            "pages" => Told::Page,
            "locations" | "locations-on-map" => Told::Place,
            "location-categories" => Told::Category,
            "events" => Told::Event,
            "news" => Told::News,
            "imprint" => Told::Imprint,
            "offers" => Told::Offer,
            _ => return None,
        })
    }

    fn as_str(self) -> &'static str {
        match self {
            Told::Region => "region",
            Told::Language => "language",
            Told::Page => "page",
            Told::Place => "place",
            Told::Category => "category",
            Told::Event => "event",
            Told::News => "news",
            Told::Imprint => "imprint",
            Told::Offer => "offer",
        }
    }
}

#[derive(Clone, Debug, Deserialize)]
pub struct RegionAnswer {
    pub name: String,
    /// The slug.
    pub path: String,
    #[serde(default = "yes")]
    pub live: bool,
    #[serde(default)]
    pub prefix: Option<String>,
    #[serde(default)]
    pub name_without_prefix: Option<String>,
    #[serde(default)]
    pub plz: Option<String>,
    #[serde(default)]
    pub longitude: Option<f64>,
    #[serde(default)]
    pub latitude: Option<f64>,
    #[serde(default)]
    pub bounding_box: Option<[[f64; 2]; 2]>,
    #[serde(default, deserialize_with = "map_or_nothing")]
    pub aliases: BTreeMap<String, Point>,
    #[serde(default)]
    pub languages: Vec<LanguageAnswer>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Point {
    pub longitude: f64,
    pub latitude: f64,
}

#[derive(Clone, Debug, Deserialize)]
pub struct LanguageAnswer {
    pub code: String,
    #[serde(default)]
    pub bcp47_tag: Option<String>,
    #[serde(default)]
    pub native_name: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct PageAnswer {
    /// `/{region}/{language}/…/{slug}/`, which identifies the page.
    pub path: String,
    #[serde(default)]
    pub url: String,
    pub title: String,
    #[serde(default, deserialize_with = "text_or_nothing")]
    pub content: String,
    #[serde(default)]
    pub parent: Option<ParentAnswer>,
    /// Comparable among siblings.
    #[serde(default)]
    pub order: i64,
    #[serde(default, deserialize_with = "map_or_nothing")]
    pub available_languages: BTreeMap<String, TranslationAnswer>,
    #[serde(default)]
    pub thumbnail: Option<String>,
    #[serde(default)]
    pub last_updated: Option<Moment>,
    /// The same in UTC; older versions of Integreat say only this.
    #[serde(default)]
    pub modified_gmt: Option<Moment>,
    #[serde(default)]
    pub slug_history: Vec<String>,
    /// Whole offers and a whole organisation, read apart so that a page is not lost with them.
    #[serde(default)]
    pub embedded_offers: Vec<Value>,
    #[serde(default)]
    pub organization: Option<Value>,
}

/// `0` and nulls for a root page.
#[derive(Clone, Debug, Deserialize)]
pub struct ParentAnswer {
    /// The page's lasting number in Integreat, unlike a page's own `id`.
    #[serde(default)]
    pub id: Option<i64>,
    #[serde(default)]
    pub path: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct TranslationAnswer {
    pub path: String,
}

fn yes() -> bool {
    true
}

fn text_or_nothing<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    Ok(Option::<String>::deserialize(from)?.unwrap_or_default())
}

/// An empty map may also be `[]` or `null`, and members that cannot be read are left out.
fn map_or_nothing<'de, D: Deserializer<'de>, T: serde::de::DeserializeOwned>(
    from: D,
) -> Result<BTreeMap<String, T>, D::Error> {
    let Value::Object(members) = Value::deserialize(from)? else { return Ok(BTreeMap::new()) };
    let read = |(key, value)| serde_json::from_value(value).ok().map(|value| (key, value));
    Ok(members.into_iter().filter_map(read).collect())
}

impl Answers {
    /// Reads recorded answers: `pages.<language>.json`, and where they were recorded too `regions.json` and
    /// `languages.json`; each may be gzip-compressed and then ends in `.gz`. `region` is the slug to look for.
    /// # Errors: a file cannot be read, is no JSON, or there are no pages.
    pub fn read_folder(folder: &Path, region: &str) -> Result<Answers, ImportError> {
        let told = |source| ImportError::File { path: folder.display().to_string(), source };
        let mut answers = Answers { place: folder.display().to_string(), ..Answers::default() };
        let entries: Result<Vec<_>, _> = std::fs::read_dir(folder).map_err(told)?.collect();
        let mut paths: Vec<_> = entries.map_err(told)?.into_iter().map(|entry| entry.path()).collect();
        paths.sort();
        for path in paths {
            let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
            let name = name.strip_suffix(".gz").unwrap_or(name);
            let Some(name) = name.strip_suffix(".json") else { continue };
            let place = path.display().to_string();
            match name.split_once('.') {
                Some(("pages", code)) => answers.add_pages(code, &read_file(&path)?, &place)?,
                Some((what, code)) => answers.add_cards(what, code, &read_file(&path)?, &place)?,
                None if name == "offers" => answers.add_cards("offers", "", &read_file(&path)?, &place)?,
                None if name == "regions" => answers.add_regions(region, &read_file(&path)?, &place)?,
                None if name == "languages" => answers.add_languages(&read_file(&path)?, &place)?,
                _ => {}
            }
        }
        if answers.pages.iter().all(|(_, pages)| pages.is_empty()) {
            return Err(ImportError::NoPages { place: answers.place });
        }
        Ok(answers)
    }

    pub(super) fn add_regions(&mut self, region: &str, bytes: &[u8], place: &str) -> Result<(), ImportError> {
        let mut regions: Vec<RegionAnswer> = self.list(bytes, place, Told::Region)?;
        match regions.iter().position(|found| found.path == region) {
            Some(at) => self.region = Some(regions.swap_remove(at)),
            None => {
                let mut known: Vec<&str> = regions.iter().map(|found| found.path.as_str()).collect();
                known.sort_unstable();
                let (region, known) = (region.to_owned(), known.join(", "));
                return Err(ImportError::UnknownRegion { place: place.to_owned(), region, known });
            }
        }
        Ok(())
    }

    pub(super) fn add_languages(&mut self, bytes: &[u8], place: &str) -> Result<(), ImportError> {
        self.languages = self.list(bytes, place, Told::Language)?;
        Ok(())
    }

    pub(super) fn add_pages(&mut self, code: &str, bytes: &[u8], place: &str) -> Result<(), ImportError> {
        let pages = self.list(bytes, place, Told::Page)?;
        self.pages.push((code.to_owned(), pages));
        Ok(())
    }

    /// Places, events, news, imprint or offers in one language; answers of another sort are passed over.
    pub(super) fn add_cards(
        &mut self,
        what: &str,
        code: &str,
        bytes: &[u8],
        place: &str,
    ) -> Result<(), ImportError> {
        let code = code.to_owned();
        match what {
            "locations" => {
                let all = self.list(bytes, place, Told::Place)?;
                self.cards.locations.push((code, all));
            }
            "locations-on-map" => {
                let shown: Vec<LocationAnswer> = self.list(bytes, place, Told::Place)?;
                let ids = shown.iter().filter_map(|one| one.location.id);
                self.cards.on_map.get_or_insert_default().extend(ids);
            }
            "location-categories" => {
                let all = self.list(bytes, place, Told::Category)?;
                self.cards.categories.push((code, all));
            }
            "events" => {
                let all = self.list(bytes, place, Told::Event)?;
                self.cards.events.push((code, all));
            }
            "news" => {
                let all = self.list(bytes, place, Told::News)?;
                self.cards.news.push((code, all));
            }
            "imprint" => match serde_json::from_slice(bytes) {
                Ok(imprint) => self.cards.imprints.push((code, imprint)),
                // Integreat answers `[]` where there is none.
                Err(_) if bytes.trim_ascii() == b"[]" => {}
                Err(error) => self.defects.push(format!("the imprint of {place} cannot be read: {error}")),
            },
            "offers" => {
                let all = self.list(bytes, place, Told::Offer)?;
                self.cards.offers.extend(all);
            }
            _ => {}
        }
        Ok(())
    }

    /// An array whose unreadable members become defects.
    fn list<T: serde::de::DeserializeOwned>(
        &mut self,
        bytes: &[u8],
        place: &str,
        what: Told,
    ) -> Result<Vec<T>, ImportError> {
        let garbled = |error: serde_json::Error| ImportError::Garbled {
            place: place.to_owned(),
            why: error.to_string(),
        };
        let members: Vec<Value> = serde_json::from_slice(bytes).map_err(garbled)?;
        let mut read = Vec::with_capacity(members.len());
        for (at, member) in members.into_iter().enumerate() {
            let named =
                member.get("path").or(member.get("code")).and_then(Value::as_str).unwrap_or("").to_owned();
            match serde_json::from_value(member) {
                Ok(item) => read.push(item),
                Err(error) => {
                    self.gaps.insert(what);
                    let what = what.as_str();
                    self.defects
                        .push(format!("{what} {} of {place} {named:?} cannot be read: {error}", at + 1));
                }
            }
        }
        Ok(read)
    }
}

fn read_file(path: &Path) -> Result<Vec<u8>, ImportError> {
    let told = |source| ImportError::File { path: path.display().to_string(), source };
    let file = std::fs::File::open(path).map_err(told)?;
    let mut bytes = Vec::new();
    let packed = path.extension().is_some_and(|extension| extension == "gz");
    let read = match packed {
        true => {
            flate2::read::MultiGzDecoder::new(file).take(LARGEST_ANSWER_BYTES + 1).read_to_end(&mut bytes)
        }
        false => file.take(LARGEST_ANSWER_BYTES + 1).read_to_end(&mut bytes),
    };
    read.map_err(told)?;
    if bytes.len() as u64 > LARGEST_ANSWER_BYTES {
        return Err(told(std::io::Error::other(format!("it is larger than {LARGEST_ANSWER_BYTES} bytes"))));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_read_is_told_and_the_rest_is_kept() {
        let mut answers = Answers::default();
        let json = r#"[{"path": "/r/de/a/", "title": "A", "content": null, "available_languages": [], "extra": 1},
                       {"path": "/r/de/b/"},
                       {"path": "/r/de/c/", "title": "C", "last_updated": "2026-01-01T00:00:00+01:00",
                        "available_languages": {"en": {"id": null, "path": "/r/en/c/"}, "fr": 3}}]"#;
        answers.add_pages("de", json.as_bytes(), "here").unwrap();
        assert_eq!(answers.pages[0].1.len(), 2);
        assert_eq!(answers.pages[0].1[1].available_languages.len(), 1);
        assert_eq!(answers.defects.len(), 1);
        assert!(answers.defects[0].contains("page 2 of here \"/r/de/b/\""), "{}", answers.defects[0]);
        assert!(answers.add_pages("de", b"<html>", "there").is_err());
    }
}
