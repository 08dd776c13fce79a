//! The editors' side: verbs carried out on a real region, and a plain note of what must be public after each.

use super::plan::Verb;
use lotse::base::html::CleanHtml;
use lotse::base::id::ItemId;
use lotse::base::language::LanguageTag;
use lotse::base::moment::Moment;
use lotse::domain::content::archive::{self, Ground};
use lotse::domain::content::body::Block;
use lotse::domain::content::change::{Change, Put, Via};
use lotse::domain::content::item::{self, NewItem};
use lotse::domain::content::kind::ObjectKind;
use lotse::domain::content::labels::Facets;
use lotse::domain::content::publish::{self, Publication, Text};
use lotse::domain::content::published::RegionSettings;
use lotse::domain::content::region::{self, NewLanguage, NewRegion, Region};
use lotse::domain::content::revision::Edit;
use lotse::domain::content::{ContentError, Desk, store};
use lotse::platform::clock::Clock;
use lotse::platform::db::{Database, Write};
use std::collections::BTreeMap;

pub const SITE: &str = "https://town.example/";
pub const LICENCE: &str = "DL-DE-BY-2.0";
const LANGUAGES: [&str; 3] = ["de", "en", "ar"];

pub struct Town {
    pub clock: Clock,
    pub region: Region,
    pages: Vec<Item>,
    said: u32,
}

#[derive(Clone)]
struct Item {
    id: ItemId,
    parent: Option<usize>,
    ord: String,
    archived: bool,
    texts: BTreeMap<String, Said>,
}

/// The newest text of a page in a language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    pub rev: i64,
    pub title: String,
    pub source: Option<(String, i64)>,
    pub public: bool,
}

/// A page as everybody may see it: parent, order, texts by language.
pub type Public = BTreeMap<String, (String, String, BTreeMap<String, Said>)>;

impl Town {
    pub fn found(db: &Database, clock: &Clock) -> Town {
        let founded = db.write(|tx: &mut Write<'_>| {
            let desk = Desk { clock, site: SITE };
            let settings = RegionSettings { licence: LICENCE.into(), ..RegionSettings::default() };
            let new =
                NewRegion { slug: "town".into(), name: "Town".into(), default_language: tag("de"), settings };
            let region = region::found(tx, &desk, new)?;
            for (at, language) in LANGUAGES.into_iter().enumerate() {
                let source = at.checked_sub(1).map(|above| tag(LANGUAGES[above]));
                let native_name = language.to_owned();
                let new = NewLanguage { tag: tag(language), slug: language.into(), native_name, source };
                region::add_language(tx, &region, new)?;
            }
            Ok::<_, ContentError>(region)
        });
        Town { clock: clock.clone(), region: founded.unwrap(), pages: Vec::new(), said: 0 }
    }

    /// What must be public when everything is in the log.
    pub fn public(&self) -> Public {
        let mut all = Public::new();
        for page in self.pages.iter().filter(|page| !page.archived) {
            let texts: BTreeMap<_, _> =
                page.texts.clone().into_iter().filter(|(_, said)| said.public).collect();
            if texts.is_empty() {
                continue;
            }
            let parent = page.parent.map_or(self.region.id.to_string(), |at| self.pages[at].id.to_string());
            all.insert(page.id.to_string(), (parent, page.ord.clone(), texts));
        }
        all
    }

    pub fn edit(&mut self, db: &Database, verb: &Verb) {
        let region = self.region.id;
        let clock = self.clock.clone();
        let desk = Desk { clock: &clock, site: SITE };
        if let Verb::Create { parent } = verb {
            return self.create(db, self.choose(*parent).filter(|_| parent % 2 == 0));
        }
        let (Verb::Say { page, .. }
        | Verb::Move { page, .. }
        | Verb::Archive { page }
        | Verb::Restore { page }
        | Verb::Erase { page, .. }
        | Verb::Unpublish { page, .. }
        | Verb::Create { parent: page }) = verb;
        let Some(at) = self.choose(*page) else { return };
        let id = self.pages[at].id;
        match verb {
            Verb::Create { .. } => {}
            Verb::Say { language, minor, .. } => self.say(db, at, usize::from(*language), *minor),
            Verb::Move { to, .. } => self.relocate(db, at, self.choose(*to).filter(|_| to % 3 > 0)),
            Verb::Archive { .. } => {
                db.write(|tx: &mut Write<'_>| archive::archive(tx, &desk, region, &[id])).unwrap();
                for below in 0..self.pages.len() {
                    self.pages[below].archived |= self.stands_below(below, at);
                }
            }
            Verb::Restore { .. } => {
                db.write(|tx: &mut Write<'_>| archive::restore(tx, &desk, region, &[id])).unwrap();
                // What comes back counts as the next revision.
                let page = &mut self.pages[at];
                let back = page.texts.values_mut().filter(|said| page.archived && said.public);
                back.for_each(|said| said.rev += 1);
                page.archived = false;
            }
            Verb::Erase { language, .. } => {
                let language = language.map(|language| LANGUAGES[usize::from(language)]);
                let asked = language.map(tag);
                let ground = Ground::Gdpr17;
                db.write(|tx: &mut Write<'_>| archive::erase(tx, &desk, id, asked.as_ref(), ground)).unwrap();
                let texts = self.pages[at].texts.iter_mut();
                texts.filter(|(of, _)| language.is_none_or(|language| language == *of)).for_each(
                    |(_, said)| {
                        said.public = false;
                    },
                );
            }
            Verb::Unpublish { language, .. } => {
                let language = LANGUAGES[usize::from(*language)];
                db.write(|tx: &mut Write<'_>| archive::unpublish(tx, &desk, id, &tag(language))).unwrap();
                if let Some(said) = self.pages[at].texts.get_mut(language) {
                    said.public = false;
                }
            }
        }
    }

    /// `count` changes that say what is so anyway.
    pub fn fill(&self, db: &Database, count: usize) {
        let change = Change::Put(Put {
            object: self.region.id.into(),
            at: self.clock.now(),
            kind: ObjectKind::Profile,
            licence: "CC0-1.0".into(),
            parent: None,
            ord: None,
            facets: Facets::NONE,
            geo: None,
            expires_at: None,
            minor: false,
            variants: BTreeMap::new(),
        });
        db.write(|tx: &mut Write<'_>| store::record(tx, &vec![change; count])).unwrap();
    }

    fn choose(&self, number: u8) -> Option<usize> {
        usize::from(number).checked_rem(self.pages.len())
    }

    /// Whether it is that page or below it.
    fn stands_below(&self, page: usize, top: usize) -> bool {
        page == top || self.pages[page].parent.is_some_and(|parent| self.stands_below(parent, top))
    }

    fn create(&mut self, db: &Database, parent: Option<usize>) {
        let above = parent.map(|at| self.pages[at].id);
        let desk = Desk { clock: &self.clock, site: SITE };
        let made = db.write(|tx: &mut Write<'_>| {
            let ord = item::last_place(tx, self.region.id, above)?;
            let id = self.clock.fresh_id().into();
            let new = NewItem::page(id, above, ord);
            Ok::<_, ContentError>(item::create(tx, &desk, self.region.id, vec![new])?.remove(0))
        });
        let item::Item { id, ord, .. } = made.unwrap();
        self.pages.push(Item { id, parent, ord, archived: false, texts: BTreeMap::new() });
        if !self.pages.len().is_multiple_of(4) {
            self.say(db, self.pages.len() - 1, 0, false);
        }
    }

    fn say(&mut self, db: &Database, at: usize, language: usize, minor: bool) {
        self.said += 1;
        let page = &mut self.pages[at];
        let title = format!("Text {}", self.said);
        // Translations are made from whatever the language above says, if it says something.
        let above = language.checked_sub(1).map(|above| LANGUAGES[above]);
        let source = above.and_then(|above| Some((above.to_owned(), page.texts.get(above)?.rev)));
        let text = Text {
            language: tag(LANGUAGES[language]),
            title: title.clone(),
            slug: title.to_lowercase().replace(' ', "-"),
            blocks: vec![Block { id: "b1".into(), tag: "p".into(), html: CleanHtml::parse("<p>x</p>") }],
            wrap: None,
            media: Vec::new(),
            summary: None,
            via: Via::Human,
            source: source.as_ref().map(|(language, rev)| (tag(language), *rev)),
            updated_at: Moment::from_seconds(1_700_000_000),
        };
        let edit = if minor { Edit::Minor } else { Edit::Major };
        let publication = Publication::of_texts(page.id, edit, vec![text]);
        let desk = Desk { clock: &self.clock, site: SITE };
        let said =
            db.write(|tx: &mut Write<'_>| publish::publish(tx, &desk, self.region.id, vec![publication]));
        match (said, page.archived) {
            (Ok(_), false) => {}
            (Err(ContentError::Archived { .. }), true) => return,
            (said, archived) => panic!("archived: {archived}, but {said:?}"),
        }
        let rev = page.texts.get(LANGUAGES[language]).map_or(1, |said| said.rev + 1);
        page.texts.insert(LANGUAGES[language].into(), Said { rev, title, source, public: true });
    }

    fn relocate(&mut self, db: &Database, at: usize, to: Option<usize>) {
        let desk = Desk { clock: &self.clock, site: SITE };
        let (id, above) = (self.pages[at].id, to.map(|to| self.pages[to].id));
        let moved = db.write(|tx: &mut Write<'_>| {
            let ord = item::last_place(tx, self.region.id, above)?;
            item::relocate(tx, &desk, self.region.id, &[(id, above, ord.clone())])?;
            Ok(ord)
        });
        match (moved, to.is_some_and(|to| self.stands_below(to, at))) {
            (Ok(ord), false) => (self.pages[at].parent, self.pages[at].ord) = (to, ord),
            (Err(ContentError::Circle { .. }), true) => {}
            (moved, circle) => panic!("circle: {circle}, but {moved:?}"),
        }
    }
}

fn tag(tag: &str) -> LanguageTag {
    tag.parse().unwrap()
}
