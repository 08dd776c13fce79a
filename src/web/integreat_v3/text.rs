//! A text as apps show it: links and pictures with whole addresses, contacts as cards, and below a mirrored text whom it
//! is from.

use super::shape::{Around, credit};
use crate::base::digest::Digest;
use crate::base::html::{CleanHtml, Token};
use crate::base::id::ObjectId;
use crate::base::language::LanguageTag;
use crate::domain::content::body::Body;
use crate::domain::content::kind::ObjectKind;
use crate::domain::content::published::{ItemView, Place, Provenance};
use crate::domain::content::references::{ContactReference, Delivery};
use crate::locale::words::{Given, Phrase, Words};
use crate::web::contact_card::Cards;
use askama::Template;

/// What apps get of a text.
pub struct Told {
    /// Its words without tags.
    pub excerpt: String,
    pub content: String,
}

impl Around<'_> {
    pub fn told(&self, view: &ItemView) -> Told {
        let page = |object: ObjectId, language: Option<&LanguageTag>| self.address(view, object, language);
        let medium = |sha256: Digest| {
            let path = self.medium_path(&view.body, sha256)?;
            Some(self.url(&path))
        };
        let cards = Cards {
            site: &self.state.about.site,
            snapshot: self.snapshot,
            region: self.region,
            language: &self.language.tag,
        };
        let contact = |contact: &ContactReference| cards.card(view, contact);
        let delivery = Delivery { page: &page, medium: &medium, contact: &contact };
        let rendered = view.body.rendered(&delivery);
        let (mut excerpt, mut content) = (rendered.words(), rendered.into_string());
        if view.kind == ObjectKind::Page && is_blank(&view.body) {
            content = self.elsewhere_note(view);
            excerpt = CleanHtml::parse(&content).words();
        }
        if let Some(provenance) = &view.provenance {
            // Apps ignore the member `origin`; without this their readers would not learn whose text it is.
            content.push_str(&self.origin_note(provenance, credit(view, provenance)));
        }
        Told { excerpt, content }
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

    /// Where an empty page can be read: the languages that say something. Nothing if none does.
    fn elsewhere_note(&self, view: &ItemView) -> String {
        let others = self.others(view).into_iter().filter(|(_, other)| !is_blank(&other.body));
        let languages: Vec<_> = others
            .map(|(language, other)| (self.url(&other.path), language.native_name.as_str(), &language.tag))
            .collect();
        if languages.is_empty() {
            return String::new();
        }
        let words = Words::of(&self.language.tag);
        let note = ElsewhereNote { words: words.say("missing-languages"), languages };
        // Printing into a string cannot fail.
        note.render().unwrap_or_default()
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

/// Whether a text says and shows nothing.
fn is_blank(body: &Body) -> bool {
    let shows = |token: Token<'_>| match token {
        Token::Open(tag) => matches!(tag.name(), "img" | "iframe") || ContactReference::of(tag).is_some(),
        Token::Text(text) => !text.replace("&nbsp;", "").trim().is_empty(),
        Token::Close(_) => false,
    };
    !body.blocks.iter().any(|block| block.html.tokens().any(shows))
}

#[derive(Template)]
#[template(path = "integreat_v3/templates/elsewhere.html")]
struct ElsewhereNote<'a> {
    words: Phrase,
    languages: Vec<(String, &'a str, &'a LanguageTag)>,
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
