//! Where a file is made: one region in one language, and what its items name.

use crate::base::id::ObjectId;
use crate::base::language::LanguageTag;
use crate::base::moment::Moment;
use crate::base::url::absolute;
use crate::domain::content::facts::{Facts, PlaceFacts};
use crate::domain::content::published::{Edition, ItemView, LanguageView, RegionView, Snapshot};
use crate::locale::words::Words;
use crate::web::State;
use crate::web::problem::Problem;

pub struct Around<'a> {
    pub state: &'a State,
    pub snapshot: &'a Snapshot,
    pub region: &'a RegionView,
    pub language: &'a LanguageView,
    pub edition: &'a Edition,
    pub words: Words,
}

impl<'a> Around<'a> {
    /// # Errors: there is no such region, or it does not speak the language.
    pub fn find(
        state: &'a State,
        snapshot: &'a Snapshot,
        region: &str,
        language: &str,
    ) -> Result<Around<'a>, Problem> {
        let region = snapshot.region(region).ok_or_else(Problem::no_such_address)?;
        let (language, edition) = region.edition(language).ok_or_else(Problem::no_such_address)?;
        let words = Words::of(&language.tag);
        Ok(Around { state, snapshot, region, language, edition, words })
    }

    pub fn now(&self) -> Moment {
        self.state.clock.now()
    }

    /// The whole address of a path.
    pub fn url(&self, path: &str) -> String {
        absolute(&self.state.about.site, path)
    }

    /// The path of a file of this region and language.
    pub fn path(&self, name: &str) -> String {
        format!("/{}/{}/{name}", self.region.slug, self.language.slug)
    }

    /// Such as `Stadt Musterstadt – Events`.
    pub fn titled(&self, key: &str) -> String {
        format!("{} – {}", self.region.name, self.words.say(key).text)
    }

    /// The item of this region that another one names in its facts.
    pub fn related(&self, item: &ItemView, object: ObjectId) -> Option<&'a ItemView> {
        self.snapshot.named_by(item, object, self.region, self.edition)
    }

    /// The place that an event names.
    pub fn place(&self, event: &ItemView, object: ObjectId) -> Option<(&'a ItemView, &'a PlaceFacts)> {
        let view = self.related(event, object)?;
        match view.facts()? {
            Facts::Place(place) => Some((view, place.as_ref())),
            _ => None,
        }
    }

    /// The language that the words of an item are in.
    pub fn language_of(&self, view: &ItemView) -> &'a LanguageTag {
        if view.fallback { &self.region.default_language } else { &self.language.tag }
    }
}
