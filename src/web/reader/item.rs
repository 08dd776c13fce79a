//! What the pages of events, places, news and imprints share: title, text, where it is from, what to know before
//! trusting it. News and the imprint are nothing more, so their pages are made here.

use super::address::{self, Scope};
use super::frame::{Frame, Licence, Marked};
use super::image::{Credit, Image};
use super::linked_data::LinkedData;
use super::render::{Notice, Origin, World, embedded_card, linked_page, notice};
use super::section::Section;
use super::terms::Terms;
use super::text::{self, Around, Spot, excerpt};
use super::when;
use crate::base::digest::Digest;
use crate::base::id::ObjectId;
use crate::base::language::LanguageTag;
use crate::base::moment::Moment;
use crate::domain::content::facts::{Facts, Picture};
use crate::domain::content::kind::ObjectKind;
use crate::domain::content::published::ItemView;
use crate::domain::content::references::ContactReference;
use crate::locale::date::Form;
use askama::Template;

pub const DESCRIPTION_CHARACTERS: usize = 155;

/// An item's words.
pub struct Sheet {
    pub trail: Vec<Crumb>,
    pub title: Marked,
    pub text: String,
    /// Language and direction of the text, where they are not those of the page.
    pub foreign: Option<(LanguageTag, &'static str)>,
    pub untranslated: Option<Marked>,
    pub notices: Vec<Notice>,
    pub picture: Option<Shown>,
    pub credits: Vec<Credit>,
    pub origin: Option<Origin>,
    pub terms: Terms,
    updated_at: Moment,
}

/// A step on the way to a page.
pub struct Crumb {
    pub href: String,
    pub title: Marked,
}

/// A picture that this node holds.
pub struct Shown {
    pub image: Image,
    pub credit: String,
    pub licence: Option<Licence>,
}

impl Sheet {
    pub fn of(
        world: &World<'_>,
        scope: Scope<'_>,
        frame: &Frame,
        item: &ItemView,
    ) -> Result<Sheet, askama::Error> {
        let linked = |object: ObjectId, language: Option<&LanguageTag>| {
            linked_page(world, scope, item, (object, language))
        };
        let medium = |digest: Digest| (world.medium)(&item.body, digest);
        let origin = item.provenance.as_ref().and_then(|provenance| provenance.url.as_deref());
        let contact =
            |reference: &ContactReference| embedded_card(world, scope, &frame.words, (item, reference));
        let around = Around {
            words: &frame.words,
            page: &linked,
            medium: &medium,
            contact: &contact,
            origin,
            spot: Spot::default(),
        };
        let default = &scope.region.default_language;
        let foreign = item.fallback.then(|| (default.clone(), super::frame::direction(default)));
        let known = scope.region.languages.iter().find(|language| language.tag == *default);
        let untranslated = known
            .filter(|_| item.fallback)
            .map(|language| frame.say_text("shown-in", "language", &language.native_name));
        Ok(Sheet {
            trail: trail(scope, frame, item),
            title: Marked::title(scope, item),
            text: text::shown(&item.body, &around)?,
            foreign,
            untranslated,
            // A text that is not a translation is not behind one either.
            notices: notice(scope, item).filter(|_| !item.fallback).into_iter().collect(),
            picture: picture(world, item),
            credits: Credit::of(&item.body),
            origin: item.provenance.as_deref().map(|provenance| Origin::of(provenance, item)),
            terms: Terms::of(world, scope, item),
            updated_at: item.updated_at,
        })
    }

    pub fn updated_at(&self) -> Moment {
        self.updated_at
    }
}

/// The home page, and the list that the item is in.
fn trail(scope: Scope<'_>, frame: &Frame, item: &ItemView) -> Vec<Crumb> {
    let list = Section::of(item.kind).map(|list| crumb(scope, frame, list));
    home(scope).into_iter().chain(list).collect()
}

/// The step to a list.
pub fn crumb(scope: Scope<'_>, frame: &Frame, list: Section) -> Crumb {
    Crumb { href: address::encoded(&list.path(scope)), title: frame.say(list.key()) }
}

/// The way that leads to a list.
pub fn home(scope: Scope<'_>) -> Vec<Crumb> {
    let title = Marked::own(scope.region.name.clone());
    vec![Crumb { href: address::encoded(&scope.home_path()), title }]
}

/// Only what this node holds; a picture elsewhere is not asked for.
fn picture(world: &World<'_>, item: &ItemView) -> Option<Shown> {
    let Picture::Held(digest) = item.facts()?.picture()? else { return None };
    let body = item.facts.as_ref()?;
    let medium = body.media.iter().find(|medium| medium.sha256 == *digest)?;
    let held = (world.medium)(body, *digest)?;
    Some(Shown {
        image: Image::of_page(&held, medium.alt.clone()),
        credit: medium.credit.clone().unwrap_or_default(),
        licence: medium.lic.as_deref().map(Licence::of),
    })
}

/// The item of this region that another one names in its facts.
pub fn related<'s>(
    world: &World<'s>,
    scope: Scope<'s>,
    item: &ItemView,
    object: ObjectId,
) -> Option<&'s ItemView> {
    world.snapshot.named_by(item, object, scope.region, scope.edition)
}

/// What search engines show below the title: the summary, or the first words.
pub fn description(item: &ItemView, before: &str) -> String {
    let words = match item.body.summary.as_deref().map(str::trim).filter(|words| !words.is_empty()) {
        Some(summary) => summary.to_owned(),
        None => excerpt(&item.body, DESCRIPTION_CHARACTERS.saturating_sub(before.chars().count())),
    };
    let parts: Vec<&str> = [before, words.as_str()].into_iter().filter(|part| !part.is_empty()).collect();
    if parts.is_empty() { item.title().to_owned() } else { parts.join(" · ") }
}

#[derive(Template)]
#[template(path = "reader/templates/item.html")]
struct Plain {
    frame: Frame,
    sheet: Sheet,
    /// When a piece of news was told.
    told_on: Option<String>,
}

/// A piece of news, or the imprint.
pub fn plain(world: &World<'_>, scope: Scope<'_>, item: &ItemView) -> Result<String, askama::Error> {
    let mut frame = Frame::of(scope, Some(item), world.site);
    let told_on = match item.facts() {
        Some(Facts::News(news)) => {
            Some(when::written(&frame, Form::WeekdayAndDay, when::today(&frame.zone, news.at)))
        }
        _ => None,
    };
    frame.description = description(item, "");
    if item.kind == ObjectKind::News {
        frame.data = Some(LinkedData::article(scope, &frame, item, None));
    }
    let sheet = Sheet::of(world, scope, &frame, item)?;
    Plain { frame, sheet, told_on }.render()
}
