//! The editors' side: verbs carried out on a real region, and a plain note of what must be public after each.

use super::plan::Verb;
use lotse::base::html::CleanHtml;
use lotse::base::id::ItemId;
use lotse::base::language::LanguageTag;
use lotse::base::moment::Moment;
use lotse::domain::content::archive::{self, Ground};
use lotse::domain::content::body::Block;
use lotse::domain::content::change::{Change, Put, Via};
use lotse::domain::content::facts::Facts;
use lotse::domain::content::item::{self, NewItem};
use lotse::domain::content::kind::ObjectKind;
use lotse::domain::content::labels::Facets;
use lotse::domain::content::publish::{self, NewFacts, Publication, Text};
use lotse::domain::content::published::RegionSettings;
use lotse::domain::content::region::{self, NewLanguage, NewRegion, Region};
use lotse::domain::content::revision::Edit;
use lotse::domain::content::{ContentError, Desk, store};
use lotse::platform::clock::Clock;
use lotse::platform::db::{Database, Write};
use serde_json::json;
use std::collections::BTreeMap;

pub const SITE: &str = "https://town.example/";
pub const LICENCE: &str = "DL-DE-BY-2.0";
const LANGUAGES: [&str; 3] = ["de", "en", "ar"];
const CARDS: [ObjectKind; 3] = [ObjectKind::Place, ObjectKind::Contact, ObjectKind::Event];

pub struct Town {
    pub clock: Clock,
    pub region: Region,
    items: Vec<Item>,
    said: u32,
}

#[derive(Clone)]
struct Item {
    id: ItemId,
    kind: ObjectKind,
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
        Town { clock: clock.clone(), region: founded.unwrap(), items: Vec::new(), said: 0 }
    }

    /// What must be public when everything is in the log.
    pub fn public(&self) -> Public {
        let mut all = Public::new();
        for page in self.items.iter().filter(|page| !page.archived) {
            let texts: BTreeMap<_, _> =
                page.texts.clone().into_iter().filter(|(_, said)| said.public).collect();
            if texts.is_empty() {
                continue;
            }
            let parent = page.parent.map_or(self.region.id.to_string(), |at| self.items[at].id.to_string());
            all.insert(page.id.to_string(), (parent, page.ord.clone(), texts));
        }
        all
    }

    pub fn edit(&mut self, db: &Database, verb: &Verb) {
        let region = self.region.id;
        let clock = self.clock.clone();
        let desk = Desk { clock: &clock, site: SITE };
        if let Verb::Create { parent } = verb {
            return self.create(db, self.choose_page(*parent).filter(|_| parent % 2 == 0));
        }
        if let Verb::MakeCard { kind } = verb {
            return self.make_card(db, CARDS[usize::from(*kind) % CARDS.len()]);
        }
        let (Verb::Say { page, .. }
        | Verb::Move { page, .. }
        | Verb::Archive { page }
        | Verb::Restore { page }
        | Verb::Erase { page, .. }
        | Verb::Unpublish { page, .. }
        | Verb::Tell { page, .. }
        | Verb::MakeCard { kind: page }
        | Verb::Create { parent: page }) = verb;
        let Some(at) = self.choose(*page) else { return };
        let id = self.items[at].id;
        match verb {
            Verb::Create { .. } | Verb::MakeCard { .. } => {}
            Verb::Tell { minor, .. } => self.tell(db, at, *minor),
            Verb::Say { language, minor, .. } => self.say(db, at, usize::from(*language), *minor),
            Verb::Move { to, .. } => self.relocate(db, at, self.choose_page(*to).filter(|_| to % 3 > 0)),
            Verb::Archive { .. } => self.archive(db, at),
            Verb::Restore { .. } => {
                let restored = db.write(|tx: &mut Write<'_>| archive::restore(tx, &desk, region, &[id]));
                if self.items[at].archived && self.is_hidden(self.items[at].parent) {
                    return assert!(matches!(restored, Err(ContentError::Archived { .. })), "{restored:?}");
                }
                restored.unwrap();
                // What comes back counts as the next revision.
                let page = &mut self.items[at];
                let back = page.texts.values_mut().filter(|said| page.archived && said.public);
                back.for_each(|said| said.rev += 1);
                page.archived = false;
            }
            Verb::Erase { language, .. } => {
                let language = language.map(|language| LANGUAGES[usize::from(language)]);
                let asked = language.map(tag);
                let ground = Ground::Gdpr17;
                db.write(|tx: &mut Write<'_>| archive::erase(tx, &desk, id, asked.as_ref(), ground)).unwrap();
                let texts = self.items[at].texts.iter_mut();
                texts.filter(|(of, _)| language.is_none_or(|language| language == *of)).for_each(
                    |(_, said)| {
                        said.public = false;
                    },
                );
            }
            Verb::Unpublish { language, .. } => {
                let language = LANGUAGES[usize::from(*language)];
                db.write(|tx: &mut Write<'_>| archive::unpublish(tx, &desk, id, &tag(language))).unwrap();
                if let Some(said) = self.items[at].texts.get_mut(language) {
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

    fn archive(&mut self, db: &Database, at: usize) {
        let desk = Desk { clock: &self.clock, site: SITE };
        let ids = [self.items[at].id];
        db.write(|tx: &mut Write<'_>| archive::archive(tx, &desk, self.region.id, &ids)).unwrap();
        for below in 0..self.items.len() {
            self.items[below].archived |= self.stands_below(below, at);
        }
    }

    /// Whether this page or one above it is archived.
    fn is_hidden(&self, page: Option<usize>) -> bool {
        std::iter::successors(page, |at| self.items[*at].parent).any(|at| self.items[at].archived)
    }

    fn choose(&self, number: u8) -> Option<usize> {
        usize::from(number).checked_rem(self.items.len())
    }

    fn choose_page(&self, number: u8) -> Option<usize> {
        self.choose(number).filter(|at| self.items[*at].kind == ObjectKind::Page)
    }

    /// Whether it is that page or below it.
    fn stands_below(&self, page: usize, top: usize) -> bool {
        page == top || self.items[page].parent.is_some_and(|parent| self.stands_below(parent, top))
    }

    fn create(&mut self, db: &Database, parent: Option<usize>) {
        let above = parent.map(|at| self.items[at].id);
        let desk = Desk { clock: &self.clock, site: SITE };
        let made = db.write(|tx: &mut Write<'_>| {
            let ord = item::last_place(tx, self.region.id, above)?;
            let id = self.clock.fresh_id().into();
            let new = NewItem::page(id, above, ord);
            Ok::<_, ContentError>(item::create(tx, &desk, self.region.id, vec![new])?.remove(0))
        });
        if self.is_hidden(parent) {
            return assert!(matches!(made, Err(ContentError::Archived { .. })), "{made:?}");
        }
        let item::Item { id, ord, .. } = made.unwrap();
        let kind = ObjectKind::Page;
        self.items.push(Item { id, kind, parent, ord, archived: false, texts: BTreeMap::new() });
        if !self.items.len().is_multiple_of(4) {
            self.say(db, self.items.len() - 1, 0, false);
        }
    }

    fn say(&mut self, db: &Database, at: usize, language: usize, minor: bool) {
        self.said += 1;
        let page = &mut self.items[at];
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

    /// It says what it is at once; without a word, as contacts do.
    fn make_card(&mut self, db: &Database, kind: ObjectKind) {
        let desk = Desk { clock: &self.clock, site: SITE };
        let id: ItemId = self.clock.fresh_id().into();
        let new = vec![NewItem::flat(id, kind)];
        let region = self.region.id;
        db.write(|tx: &mut Write<'_>| item::create(tx, &desk, region, new)).unwrap();
        let (parent, ord, archived, texts) = (None, String::new(), false, BTreeMap::new());
        self.items.push(Item { id, kind, parent, ord, archived, texts });
        self.tell(db, self.items.len() - 1, false);
    }

    /// Names the newest place that there is, and something that was never said before.
    fn tell(&mut self, db: &Database, at: usize, minor: bool) {
        self.said += 1;
        let place = self.items.iter().rev().find(|item| item.kind == ObjectKind::Place).map(|item| item.id);
        let card = &mut self.items[at];
        let facts = match card.kind {
            ObjectKind::Place => json!({"place": {"address": {"street": format!("Street {}", self.said)}}}),
            ObjectKind::Contact => json!({"contact": {"of": place, "phone": format!("0800 {}", self.said)}}),
            ObjectKind::Event => {
                let day = format!("2031-0{}-1{}T10:00", 1 + self.said % 9, self.said / 9 % 10);
                json!({"event": {"place": place, "when": {"start": day, "end": day, "zone": "Europe/Berlin"}}})
            }
            _ => return,
        };
        let facts: Facts = serde_json::from_value(facts).unwrap();
        let facts = NewFacts { facts, media: Vec::new(), updated_at: Moment::from_seconds(1_700_000_000) };
        let edit = if minor { Edit::Minor } else { Edit::Major };
        let publication = Publication { item: card.id, edit, texts: Vec::new(), facts: Some(facts) };
        let desk = Desk { clock: &self.clock, site: SITE };
        let told =
            db.write(|tx: &mut Write<'_>| publish::publish(tx, &desk, self.region.id, vec![publication]));
        match (told, card.archived) {
            (Ok(_), false) => {}
            (Err(ContentError::Archived { .. }), true) => return,
            (told, archived) => panic!("archived: {archived}, but {told:?}"),
        }
        let rev = card.texts.get("zxx").map_or(1, |said| said.rev + 1);
        card.texts.insert("zxx".into(), Said { rev, title: String::new(), source: None, public: true });
    }

    fn relocate(&mut self, db: &Database, at: usize, to: Option<usize>) {
        if self.items[at].kind != ObjectKind::Page {
            return;
        }
        let desk = Desk { clock: &self.clock, site: SITE };
        let (id, above) = (self.items[at].id, to.map(|to| self.items[to].id));
        let moved = db.write(|tx: &mut Write<'_>| {
            let ord = item::last_place(tx, self.region.id, above)?;
            item::relocate(tx, &desk, self.region.id, &[(id, above, ord.clone())])?;
            Ok(ord)
        });
        match (moved, to.is_some_and(|to| self.stands_below(to, at))) {
            (Ok(ord), false) => (self.items[at].parent, self.items[at].ord) = (to, ord),
            (Err(ContentError::Circle { .. }), true) => {}
            (moved, circle) => panic!("circle: {circle}, but {moved:?}"),
        }
    }
}

fn tag(tag: &str) -> LanguageTag {
    tag.parse().unwrap()
}
