//! Links of imported texts: those to pages of the same region become references, all others stay as they are.

use crate::base::id::{ItemId, ObjectId};
use crate::base::language::LanguageTag;
use crate::base::slug::Slug;
use crate::domain::content::references::{PageReference, Reference};
use std::collections::{HashMap, HashSet};
use url::Url;

/// Where Integreat's pages live besides the address of the import itself.
const HOSTS: [&str; 5] = [
    "integreat.app",
    "www.integreat.app",
    "cms.integreat-app.de",
    "admin.integreat-app.de",
    "integreat-app.de",
];

/// Segments after the language that are no pages: what stands there is found by its whole path.
const NO_PAGES: [&str; 9] =
    ["events", "locations", "places", "news", "offers", "extras", "imprint", "disclaimer", "search"];

/// Knows every page of the import by its address.
pub(super) struct Links<'a> {
    /// The region's slug at its origin.
    pub region: &'a str,
    pub hosts: HashSet<String>,
    /// Language codes and their tags.
    pub languages: HashMap<&'a str, &'a LanguageTag>,
    /// By language and slug, present and former.
    pub pages: HashMap<(LanguageTag, Slug), ItemId>,
    /// By the whole path, without slashes around it.
    pub paths: HashMap<String, ItemId>,
}

/// What became of a link.
pub(super) enum Link {
    /// It leads to an imported page.
    Page(Reference),
    /// The page was found by its name, though it stands or stood elsewhere.
    Moved(Reference),
    /// It leads into the region, but to nothing that was imported.
    Lost,
    /// It leads elsewhere.
    Foreign,
}

impl<'a> Links<'a> {
    pub fn hosts(urls: impl Iterator<Item = &'a str>) -> HashSet<String> {
        let told = urls.filter_map(|url| Url::parse(url).ok()?.host_str().map(str::to_owned));
        told.chain(HOSTS.map(str::to_owned)).collect()
    }

    /// Follows `address`, found in a text in `language`.
    pub fn follow(&self, language: &LanguageTag, address: &str) -> Link {
        let Some((path, fragment)) = self.own_path(address) else { return Link::Foreign };
        let mut segments = path.split('/');
        if segments.next() != Some(self.region) {
            return Link::Foreign;
        }
        let (code, first) = (segments.next().unwrap_or(""), segments.next().unwrap_or(""));
        // The folder of files in Integreat's WordPress time.
        if code.starts_with("wp-") {
            return Link::Foreign;
        }
        let Some(target) = self.languages.get(code) else { return Link::Lost };
        let refer = |page: &ItemId| {
            Reference::Page(PageReference {
                object: ObjectId::from(*page),
                language: (*target != language).then(|| (*target).clone()),
                fragment: fragment.clone(),
            })
        };
        if let Some(page) = self.paths.get(&path) {
            return Link::Page(refer(page));
        }
        if NO_PAGES.contains(&first) {
            return Link::Lost;
        }
        // Integreat looks only at the last part of an address, so that links survive when pages move.
        let slug = Slug::from_foreign(segments.next_back().unwrap_or(first));
        let page = slug.and_then(|slug| self.pages.get(&((*target).clone(), slug)));
        page.map_or(Link::Lost, |page| Link::Moved(refer(page)))
    }

    /// The decoded path without slashes around it and the part after `#`, if the address is one of Integreat's.
    fn own_path(&self, address: &str) -> Option<(String, Option<String>)> {
        let url = match Url::parse(address) {
            Ok(url) => url,
            Err(_) if address.starts_with('/') && !address.starts_with("//") => {
                Url::parse(&format!("https://{}{address}", HOSTS[0])).ok()?
            }
            Err(_) => return None,
        };
        let own = matches!(url.scheme(), "http" | "https") && self.hosts.contains(url.host_str()?);
        if !own || url.query().is_some() {
            return None;
        }
        let path = percent_encoding::percent_decode_str(url.path()).decode_utf8().ok()?.to_lowercase();
        Some((path.trim_matches('/').to_owned(), url.fragment().map(str::to_owned)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_followed_by_path_by_name_and_no_further() {
        let (de, en): (LanguageTag, LanguageTag) = ("de".parse().unwrap(), "en".parse().unwrap());
        let page: ItemId = "019b76da-a800-7c3e-9d1a-3f2b6c7d8e9f".parse().unwrap();
        let links = Links {
            region: "r",
            hosts: Links::hosts(["https://cms.example/r/de/x/"].into_iter()),
            languages: HashMap::from([("de", &de), ("en", &en)]),
            pages: HashMap::from([((de.clone(), "behörden".parse().unwrap()), page)]),
            paths: HashMap::from([("r/de/info/behörden".to_owned(), page)]),
        };
        let told = |address| match links.follow(&de, address) {
            Link::Page(reference) => format!("page {reference}"),
            Link::Moved(reference) => format!("moved {reference}"),
            Link::Lost => "lost".to_owned(),
            Link::Foreign => "foreign".to_owned(),
        };
        assert_eq!(told("https://integreat.app/r/de/info/Beh%C3%B6rden#a"), format!("page page:{page}#a"));
        assert_eq!(told("/r/de/behörden/"), format!("moved page:{page}"));
        assert_eq!(told("https://cms.example/r/en/behörden/"), "lost");
        assert_eq!(told("https://integreat.app/r/de/events/x/"), "lost");
        assert_eq!(told("https://integreat.app/r/"), "lost");
        assert_eq!(told("https://integreat.app/other/de/info/"), "foreign");
        assert_eq!(told("https://elsewhere.example/r/de/info/behörden/"), "foreign");
        assert_eq!(told("tel:112"), "foreign");
        let Link::Page(other) = links.follow(&en, "https://integreat.app/r/de/info/behörden/") else {
            panic!()
        };
        assert_eq!(other.to_string(), format!("page:{page}?lang=de"));
    }
}
