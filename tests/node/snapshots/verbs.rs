//! What is done to the two regions.

use super::world::{HOUR, LANGUAGES, SLUGS, World, language, origin, tag};
use lotse::base::id::ItemId;
use lotse::base::language::LanguageTag;
use lotse::domain::content::archive::{self, Ground};
use lotse::domain::content::body::Body;
use lotse::domain::content::change::Via;
use lotse::domain::content::item::{self, Stewardship};
use lotse::domain::content::kind::ObjectKind;
use lotse::domain::content::mirrored::{self, ForeignText};
use lotse::domain::content::relabel::{self, Relabelling};
use lotse::domain::content::revision::Edit;
use lotse::domain::content::store::items::SlugRow;
use lotse::domain::content::{ContentError, order, publish, region, store};

/// Numbers choose among what there is; what cannot be done to it is refused, and nothing happens.
#[derive(Clone, Debug)]
pub enum Verb {
    Page {
        region: u8,
        parent: u8,
    },
    Flat {
        region: u8,
        kind: u8,
    },
    Say {
        item: u8,
        language: u8,
        slug: u8,
        minor: bool,
    },
    Facts {
        item: u8,
        hours: u8,
    },
    Hide {
        item: u8,
        language: u8,
    },
    Archive {
        item: u8,
        back: bool,
    },
    Erase {
        item: u8,
        language: Option<u8>,
    },
    /// Takes back what it is apart from words.
    Silence {
        item: u8,
    },
    Move {
        page: u8,
        parent: u8,
        first: bool,
    },
    Describe {
        region: u8,
        what: u8,
    },
    Language {
        region: u8,
        language: u8,
    },
    FormerSlug {
        item: u8,
        slug: u8,
    },
    Label {
        item: u8,
        licence: u8,
    },
    /// A draft, or a revision of another node that never came here.
    Unseen {
        item: u8,
        language: u8,
        draft: bool,
    },
    Mirror {
        region: u8,
        parent: u8,
    },
    /// Shows a text of another node; `late`: its body comes afterwards.
    Mirrored {
        mirror: u8,
        language: u8,
        late: bool,
    },
    /// Bodies come that were missing.
    Arrive,
    HideMirrored {
        mirror: u8,
        language: u8,
    },
    /// Where a mirrored page comes from is told otherwise, or not at all.
    Doubt {
        mirror: u8,
        known: bool,
    },
    End {
        mirror: u8,
    },
    Wait {
        hours: u8,
    },
    SetBack,
    /// Of everything below as well.
    RestoreBelow {
        item: u8,
    },
    /// The region is hidden, or shown again.
    Region {
        region: u8,
        back: bool,
    },
    /// A mirrored item that stands in no tree.
    MirrorFlat {
        region: u8,
        kind: u8,
    },
    MirroredFacts {
        mirror: u8,
        hours: u8,
    },
    Upload {
        medium: u8,
    },
    /// A text shows a picture.
    Picture {
        item: u8,
        language: u8,
        medium: u8,
    },
    Alt {
        medium: u8,
        language: u8,
        credit: bool,
    },
    Replace {
        medium: u8,
        with: u8,
    },
    DeleteMedium {
        medium: u8,
    },
    /// A text shows the card of an item, which is a contact now and then.
    Card {
        item: u8,
        language: u8,
        contact: u8,
    },
    Tell {
        regions: u8,
        hours: u8,
    },
    Withdraw {
        news: u8,
    },
    Term {
        word: u8,
        remove: bool,
    },
    Sort {
        item: u8,
        word: u8,
    },
}

impl World {
    pub fn carry_out(&mut self, verb: &Verb) {
        // What is refused leaves the world as it was, and that is looked at like anything else.
        let _ = match verb {
            Verb::Page { .. } | Verb::Flat { .. } | Verb::Move { .. } | Verb::Mirror { .. } => {
                self.place(verb)
            }
            Verb::Describe { .. } | Verb::Language { .. } => self.arrange(verb),
            Verb::Mirrored { mirror, language, late } => self.show(*mirror, *language, *late),
            Verb::Arrive | Verb::HideMirrored { .. } | Verb::Doubt { .. } | Verb::End { .. } => {
                self.follow(verb)
            }
            Verb::Wait { hours } => {
                self.clock.advance(i64::from(*hours) * HOUR / 4);
                self.tell_due()
            }
            Verb::SetBack => {
                self.clock.advance(-10 * HOUR);
                Ok(())
            }
            Verb::Region { .. } | Verb::Term { .. } | Verb::Tell { .. } | Verb::Withdraw { .. } => {
                self.announce(verb)
            }
            Verb::MirrorFlat { region, kind } => self.mirror_flat(*region, *kind),
            Verb::MirroredFacts { mirror, hours } => self.show_facts(*mirror, *hours),
            Verb::Upload { .. } | Verb::Alt { .. } | Verb::Replace { .. } | Verb::DeleteMedium { .. } => {
                self.keep_library(verb);
                Ok(())
            }
            _ => self.edit(verb),
        };
    }

    fn place(&mut self, verb: &Verb) -> Result<(), ContentError> {
        match verb {
            Verb::Page { region, parent } => {
                let region = usize::from(*region) % 2;
                let page =
                    self.make(region, self.parent(region, *parent), (ObjectKind::Page, Stewardship::Own))?;
                self.say(&self.regions[region], page, ("de", SLUGS[usize::from(*parent) % 3]), Edit::Major)
            }
            Verb::Flat { region, kind } => {
                let kinds = ObjectKind::ITEMS.into_iter().filter(|kind| *kind != ObjectKind::Page);
                let kind = kinds.cycle().nth(usize::from(*kind)).unwrap();
                let region = usize::from(*region) % 2;
                let item = self.make(region, None, (kind, Stewardship::Own))?;
                self.facts(region, item, kind, 5)
            }
            Verb::Mirror { region, parent } => {
                let region = usize::from(*region) % 2;
                let parent = self.parent(region, *parent);
                let page = self.make(region, parent, (ObjectKind::Page, Stewardship::Mirrored))?;
                self.mirrors.push((region, page, ObjectKind::Page));
                Ok(())
            }
            Verb::Move { page, parent, first } => {
                let Some((region, page, ObjectKind::Page)) = self.chosen(*page) else { return Ok(()) };
                let parent = self.parent(region, *parent);
                self.write(|tx, desk| {
                    let region = self.regions[region].id;
                    let ord = match first {
                        true => order::between(None, Some(&item::last_place(tx, region, parent)?)),
                        false => item::last_place(tx, region, parent)?,
                    };
                    item::relocate(tx, desk, region, &[(page, parent, ord)])
                })
            }
            _ => Ok(()),
        }
    }

    fn arrange(&mut self, verb: &Verb) -> Result<(), ContentError> {
        match verb {
            Verb::Describe { region, what } => {
                let mut region = self.regions[usize::from(*region) % 2].clone();
                match what % 3 {
                    0 => region.name = ["Erste", "Dritte"][usize::from(*what) % 2].to_owned(),
                    1 => region.settings.fallback = *what < 128,
                    _ => region.settings.events = *what < 128,
                }
                self.write(|tx, desk| region::describe(tx, desk, &region)).map(drop)
            }
            Verb::Language { region, language: number } => {
                let region = &self.regions[usize::from(*region) % 2];
                let name = LANGUAGES[usize::from(*number) % 4];
                let source =
                    if name == "de" { None } else { Some(["de", "en"][usize::from(*number / 4) % 2]) };
                self.write(|tx, _| region::add_language(tx, region, language(name, source))).map(drop)
            }
            _ => Ok(()),
        }
    }

    fn edit(&self, verb: &Verb) -> Result<(), ContentError> {
        let (Verb::Say { item, .. }
        | Verb::Facts { item, .. }
        | Verb::Hide { item, .. }
        | Verb::Archive { item, .. }
        | Verb::Erase { item, .. }
        | Verb::Silence { item }
        | Verb::FormerSlug { item, .. }
        | Verb::Label { item, .. }
        | Verb::Sort { item, .. }
        | Verb::Picture { item, .. }
        | Verb::Card { item, .. }
        | Verb::RestoreBelow { item }
        | Verb::Unseen { item, .. }) = verb
        else {
            return Ok(());
        };
        let Some((at, item, kind)) = self.chosen(*item) else { return Ok(()) };
        let region = &self.regions[at];
        let spoken = |language: u8| LANGUAGES[usize::from(language) % 4];
        match verb {
            Verb::Say { language, slug, minor, .. } => {
                let edit = if *minor { Edit::Minor } else { Edit::Major };
                self.say(region, item, (spoken(*language), SLUGS[usize::from(*slug) % 3]), edit)
            }
            Verb::Facts { hours, .. } => self.facts(at, item, kind, *hours),
            Verb::Hide { language, .. } => {
                self.write(|tx, desk| archive::unpublish(tx, desk, item, &tag(spoken(*language))))
            }
            Verb::Archive { back: false, .. } => {
                self.write(|tx, desk| archive::archive(tx, desk, region.id, &[item])).map(drop)
            }
            Verb::RestoreBelow { .. } => {
                self.write(|tx, desk| archive::restore_below(tx, desk, region.id, item)).map(drop)
            }
            Verb::Sort { .. } | Verb::Picture { .. } | Verb::Card { .. } => self.refer(verb, (at, item)),
            Verb::Archive { back: true, .. } => {
                self.write(|tx, desk| archive::restore(tx, desk, region.id, &[item]))
            }
            Verb::Erase { language, .. } => self.write(|tx, desk| {
                let language = language.map(|language| tag(spoken(language)));
                archive::erase(tx, desk, item, language.as_ref(), Ground::Gdpr17).map(drop)
            }),
            Verb::Silence { .. } => {
                self.write(|tx, desk| archive::unpublish(tx, desk, item, &LanguageTag::none()))
            }
            Verb::FormerSlug { slug, .. } => self.write(|tx, _| {
                let number = store::take_numbers(tx, "slugs", 1)?;
                let slug = format!("frueher-{}-{number}", SLUGS[usize::from(*slug) % 3]);
                let row = SlugRow { region: region.id, kind, language: "de".to_owned(), slug, item, number };
                Ok(store::items::save_slugs(tx, &[row])?)
            }),
            Verb::Label { licence, .. } => self.write(|tx, desk| {
                let licence = ["", "CC0-1.0", "CC-BY-SA-4.0"][usize::from(*licence) % 3].to_owned();
                let wish = Relabelling { licence: Some(licence), ..Relabelling::default() };
                relabel::relabel(tx, desk, &[item], &wish).map(drop)
            }),
            Verb::Unseen { language, draft, .. } => self.write_unseen(item, spoken(*language), *draft),
            _ => Ok(()),
        }
    }

    /// Shows what another node says in a language.
    fn show(&mut self, mirror: u8, language: u8, late: bool) -> Result<(), ContentError> {
        let Some((region, item, kind)) = self.mirror(mirror) else { return Ok(()) };
        let language = tag(LANGUAGES[usize::from(language) % 4]);
        let number = self.said.get() + 1;
        self.said.set(number);
        let title = format!("Von anderswo {number}");
        let body = Body { title: title.clone(), ..Body::untitled(publish::salt()) };
        let (bytes, digest) = body.to_bytes();
        let text = ForeignText {
            item,
            kind,
            language,
            body: digest,
            rev: i64::from(number),
            edit: Edit::Major,
            missed: None,
            via: Via::Human,
            source: Some((tag("de"), i64::from(number) - 2)),
            slug: SLUGS[usize::try_from(number).unwrap() % 3].to_owned(),
            title,
            updated_at: self.clock.now(),
        };
        self.write(|tx, _| {
            if !late {
                store::bodies::save(tx, &[(digest, bytes.clone())])?;
            }
            mirrored::show(tx, self.regions[region].id, vec![text])
        })?;
        self.late.extend(late.then_some((digest, bytes)));
        self.origins.insert(item, origin(item, None));
        Ok(())
    }

    fn follow(&mut self, verb: &Verb) -> Result<(), ContentError> {
        match verb {
            Verb::Arrive => {
                let late = std::mem::take(&mut self.late);
                self.write(|tx, _| Ok(store::bodies::save(tx, &late)?))
            }
            Verb::HideMirrored { mirror, language } => {
                let Some((_, item, _)) = self.mirror(*mirror) else { return Ok(()) };
                let language = tag(LANGUAGES[usize::from(*language) % 4]);
                self.write(|tx, _| mirrored::hide(tx, &[(item, language)]))
            }
            Verb::Doubt { mirror, known } => {
                let Some((_, item, _)) = self.mirror(*mirror) else { return Ok(()) };
                match known {
                    true => drop(self.origins.insert(item, origin(item, Some(self.clock.now())))),
                    false => drop(self.origins.remove(&item)),
                }
                Ok(())
            }
            Verb::End { mirror } => {
                let Some((_, item, _)) = self.mirror(*mirror) else { return Ok(()) };
                self.write(|tx, _| mirrored::remove(tx, &[item]))?;
                self.origins.remove(&item);
                self.forget_lost()
            }
            _ => Ok(()),
        }
    }

    /// What stood below an item that is gone is gone with it.
    fn forget_lost(&mut self) -> Result<(), ContentError> {
        let left = self.write(|tx, _| Ok(store::items::all(tx)?))?;
        let is_left = |id: &ItemId| left.iter().any(|item| item.id == *id);
        self.items.borrow_mut().retain(|(_, id, _)| is_left(id));
        self.mirrors.retain(|(_, id, _)| is_left(id));
        self.origins.retain(|id, _| is_left(id));
        Ok(())
    }
}
