//! A page's text as apps show it: links and pictures with whole addresses, and below a mirrored page whom it is from.

use super::shape::{Around, credit};
use crate::base::digest::Digest;
use crate::base::id::ObjectId;
use crate::base::language::LanguageTag;
use crate::domain::content::published::{ItemView, Place, Provenance};
use crate::domain::content::references::Delivery;
use crate::locale::words::{Given, Phrase, Words};
use askama::Template;

impl Around<'_> {
    pub fn content(&self, view: &ItemView) -> String {
        let page = |object: ObjectId, language: Option<&LanguageTag>| self.address(view, object, language);
        let medium = |sha256: Digest| {
            let path = self.state.medium_path(&view.body, sha256)?;
            Some(self.url(&path))
        };
        let delivery = Delivery { page: &page, medium: &medium };
        let mut content = view.body.rendered(&delivery).into_string();
        if let Some(provenance) = &view.provenance {
            // Apps ignore the member `origin`; without this their readers would not learn whose text it is.
            content.push_str(&self.origin_note(provenance, credit(view, provenance)));
        }
        content
    }

    /// Where a link of `view` leads: to the page here, or to where a mirrored page's own node shows it.
    fn address(&self, view: &ItemView, object: ObjectId, language: Option<&LanguageTag>) -> Option<String> {
        let wanted = language.unwrap_or(&self.language.tag);
        match self.snapshot.place_near(object, self.region) {
            Some(place) => self.address_here(&place, wanted),
            None => {
                let site = view.provenance.as_ref()?.site.as_ref()?;
                Some(format!("{site}o/{object}/{wanted}"))
            }
        }
    }

    /// In the language wanted, else in the first of the region's that has it.
    fn address_here(&self, place: &Place, wanted: &LanguageTag) -> Option<String> {
        let region = self.snapshot.regions.get(place.region)?;
        let own = region.languages.iter().position(|language| language.tag == *wanted);
        let mut editions = own.into_iter().chain(0..region.editions.len());
        let page = editions.find_map(|index| region.editions.get(index)?.item(place.item))?;
        Some(self.url(&page.path))
    }

    fn origin_note(&self, provenance: &Provenance, credit: &str) -> String {
        let words = Words::of(&self.language.tag);
        let origin = if credit.is_empty() { &provenance.node_name } else { credit };
        let since = |at| words.say_with("mirrored-unconfirmed", &[("date", Given::Day(at, &self.zone))]);
        let note = OriginNote {
            from: words.say_with("mirrored-from", &[("origin", Given::Text(origin))]),
            url: provenance.url.as_deref(),
            link: words.say("mirrored-link"),
            licence: words.say("licence"),
            licence_name: &provenance.licence,
            unconfirmed: provenance.unconfirmed_since.map(since),
        };
        // Printing into a string cannot fail.
        note.render().unwrap_or_default()
    }
}

#[derive(Template)]
#[template(path = "integreat_v3/templates/origin.html")]
struct OriginNote<'a> {
    from: Phrase,
    url: Option<&'a str>,
    link: Phrase,
    licence: Phrase,
    licence_name: &'a str,
    unconfirmed: Option<Phrase>,
}
