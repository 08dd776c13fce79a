//! What is done beside writing: pictures, cards of contacts, news that wait, terms, whole regions, mirrors of every kind.

use super::verbs::Verb;
use super::world::{HOUR, LANGUAGES, SLUGS, World, medium, origin, tag};
use lotse::base::id::ItemId;
use lotse::base::language::LanguageTag;
use lotse::domain::content::body::Body;
use lotse::domain::content::change::Via;
use lotse::domain::content::item::{Item, Stewardship};
use lotse::domain::content::kind::ObjectKind;
use lotse::domain::content::media::clear::clear;
use lotse::domain::content::media::library::{self, Said, Upload};
use lotse::domain::content::media::{MediaError, replace};
use lotse::domain::content::mirrored::{self, ForeignText};
use lotse::domain::content::news::{self, Message, NewsText, Outcome};
use lotse::domain::content::relabel::{self, Relabelling};
use lotse::domain::content::revision::{Edit, Revision};
use lotse::domain::content::vocabulary::{self, Sort};
use lotse::domain::content::{ContentError, Desk, archive_region, publish, store};
use lotse::platform::db::{Read, Write};
use std::collections::BTreeMap;

const WORDS: [&str; 4] = ["housing", "verein", "sport", "worker"];

impl World {
    pub fn announce(&mut self, verb: &Verb) -> Result<(), ContentError> {
        match verb {
            Verb::Region { region, back } => {
                let slug = ["eins", "zwei"][usize::from(*region) % 2];
                self.write(|tx, desk| match back {
                    true => archive_region::restore(tx, desk, slug).map(drop),
                    false => archive_region::archive(tx, desk, slug).map(drop),
                })
            }
            Verb::Term { word, remove } => {
                let word = WORDS[usize::from(*word) % 4];
                self.said.set(self.said.get() + 1);
                let names = BTreeMap::from([(tag("de"), format!("{word} {}", self.said.get()))]);
                self.write(|tx, desk| match remove {
                    true => vocabulary::remove(tx, desk, word).map(drop),
                    false => {
                        let known = vocabulary::Vocabulary::read(tx)?;
                        let known = known.terms().iter().find(|term| term.word == word);
                        let id = known.and_then(|term| term.id.parse().ok());
                        let sort = known.map_or(Sort::Topic, |term| term.sort);
                        vocabulary::add(tx, desk, (sort, word), id, names).map(drop)
                    }
                })
            }
            Verb::Tell { regions, hours } => self.tell(*regions, *hours),
            Verb::Withdraw { news } => {
                let told = self.items.borrow();
                let told = told.iter().filter(|(_, _, kind)| *kind == ObjectKind::News).map(|(_, id, _)| *id);
                let all: Vec<ItemId> = self.waiting.iter().map(|(_, id)| *id).chain(told).collect();
                let Some(at) = usize::from(*news).checked_rem(all.len()) else { return Ok(()) };
                self.write(|tx, desk| news::withdraw(tx, desk, all[at])).map(drop)
            }
            _ => Ok(()),
        }
    }

    fn tell(&mut self, regions: u8, hours: u8) -> Result<(), ContentError> {
        let chosen: &[usize] = [&[0][..], &[1], &[0, 1]][usize::from(regions) % 3];
        let now = self.clock.now();
        let ahead = i64::from(hours % 32) * HOUR;
        self.said.set(self.said.get() + 1);
        let text = |language: &str| NewsText {
            language: tag(language),
            title: format!("Neues {}", self.said.get()),
            text: "Heute.".to_owned(),
        };
        let message = Message {
            regions: chosen.iter().map(|at| self.regions[*at].slug.clone()).collect(),
            texts: vec![text("de"), text("en")],
            at: (ahead > 0).then(|| now.plus_seconds(ahead)),
            until: Some(now.plus_seconds(ahead + 20 * HOUR)),
            audiences: if hours.is_multiple_of(2) { vec!["worker".to_owned()] } else { Vec::new() },
        };
        let told = self.write(|tx, desk| news::tell(tx, desk, message))?;
        for (at, (_, item)) in chosen.iter().zip(told) {
            match ahead {
                0 => self.items.borrow_mut().push((*at, item, ObjectKind::News)),
                _ => self.waiting.push((*at, item)),
            }
        }
        Ok(())
    }

    /// Tells what is due, as a node does by itself.
    pub fn tell_due(&mut self) -> Result<(), ContentError> {
        let now = self.clock.now();
        for item in self.db.read(|tx: &mut Read<'_>| news::due(tx, now))? {
            let outcome = self.write(|tx, desk| news::tell_waiting(tx, desk, item))?;
            let Some(at) = self.waiting.iter().position(|(_, waiting)| *waiting == item) else { continue };
            let (region, item) = self.waiting.remove(at);
            if outcome == Outcome::Told {
                self.items.borrow_mut().push((region, item, ObjectKind::News));
            }
        }
        Ok(())
    }

    /// An item of ours names something: a picture, a contact, a term.
    pub fn refer(&self, verb: &Verb, (at, item): (usize, ItemId)) -> Result<(), ContentError> {
        let region = &self.regions[at];
        let words =
            |language: u8| (LANGUAGES[usize::from(language) % 4], SLUGS[usize::from(language / 4) % 3]);
        match verb {
            Verb::Picture { language, medium: number, .. } => {
                let html = format!("<p><img src=\"media:{}\"></p>", medium(*number).0);
                self.write_down(region, item, words(*language), (Edit::Minor, &html))
            }
            Verb::Card { language, contact, .. } => {
                let all = self.items.borrow();
                let contacts = all.iter().filter(|(_, _, kind)| *kind == ObjectKind::Contact);
                let mirrors = self.mirrors.iter().filter(|(_, _, kind)| *kind == ObjectKind::Contact);
                let contacts: Vec<ItemId> = contacts.chain(mirrors).map(|(_, id, _)| *id).collect();
                drop(all);
                let Some(at) = usize::from(*contact).checked_rem(contacts.len()) else { return Ok(()) };
                let html = format!("<div data-contact=\"contact:{}\"></div>", contacts[at]);
                self.write_down(region, item, words(*language), (Edit::Minor, &html))
            }
            Verb::Sort { word, .. } => self.write(|tx, desk| {
                let words = vec![WORDS[usize::from(*word) % 3].to_owned()];
                let wish = Relabelling { topics: Some(words), ..Relabelling::default() };
                relabel::relabel(tx, desk, &[item], &wish).map(drop)
            }),
            _ => Ok(()),
        }
    }

    /// What is refused leaves everything as it was.
    pub fn keep_library(&self, verb: &Verb) {
        let desk = Desk { clock: &self.clock, site: super::world::SITE };
        let _: Result<(), MediaError> = match verb {
            Verb::Upload { medium: number } => {
                let bytes = &medium(*number).1;
                let upload =
                    Upload { bytes, file_name: "Bild.png", said: Said::default(), at: self.clock.now() };
                library::upload(&self.db, &self.blobs, upload, |_| Ok(())).map(drop)
            }
            Verb::Alt { medium: number, language, credit } => self.db.write(|tx: &mut Write<'_>| {
                self.said.set(self.said.get() + 1);
                let words = format!("Zu sehen {}", self.said.get());
                let said = match credit {
                    true => Said { credit: Some(words), ..Said::default() },
                    false => {
                        let language = tag(LANGUAGES[usize::from(*language) % 4]);
                        Said { alts: BTreeMap::from([(language, words)]), ..Said::default() }
                    }
                };
                let sha256 = medium(*number).0;
                library::describe(tx, sha256, said)?;
                replace::renew(tx, &desk, sha256).map(drop)
            }),
            Verb::Replace { medium: old, with } => self.db.write(|tx: &mut Write<'_>| {
                replace::replace(tx, &desk, medium(*old).0, medium(*with).0).map(drop)
            }),
            Verb::DeleteMedium { medium: number } => {
                let deleted = self.db.write(|tx: &mut Write<'_>| library::delete(tx, medium(*number).0));
                deleted.and_then(|()| clear(&self.db, &self.blobs))
            }
            _ => Ok(()),
        };
    }

    /// A draft, or a revision of another node that never came here.
    pub fn write_unseen(&self, item: ItemId, language: &str, draft: bool) -> Result<(), ContentError> {
        self.write(|tx, _| {
            let public = store::revisions::public_of(tx, &[item])?;
            let Some(known) = public.iter().find(|known| known.language == tag(language)) else {
                return Ok(());
            };
            let number = store::take_numbers(tx, "revisions", 1)?;
            let rev = known.rev.filter(|_| !draft).map(|rev| rev + 100 + number);
            let unseen = Revision { number, rev, edit: Edit::Major, ..known.clone() };
            Ok(store::revisions::save(tx, &[unseen])?)
        })
    }

    pub fn mirror_flat(&mut self, region: u8, kind: u8) -> Result<(), ContentError> {
        let region = usize::from(region) % 2;
        let kinds = ObjectKind::ITEMS.into_iter();
        let kinds = kinds.filter(|kind| !matches!(kind, ObjectKind::Page | ObjectKind::Imprint));
        let kind = kinds.cycle().nth(usize::from(kind)).unwrap();
        let item = self.make(region, None, (kind, Stewardship::Mirrored))?;
        self.mirrors.push((region, item, kind));
        Ok(())
    }

    /// Shows the facts of another node, as adoption does.
    pub fn show_facts(&mut self, mirror: u8, hours: u8) -> Result<(), ContentError> {
        let Some((region, item, kind)) = self.mirror(mirror) else { return Ok(()) };
        let Some(facts) = self.some_facts(kind, hours) else { return Ok(()) };
        let expires_at = facts.expires_at();
        let (bytes, body) = Body { facts: Some(facts), ..Body::untitled(publish::salt()) }.to_bytes();
        self.said.set(self.said.get() + 1);
        let text = ForeignText {
            item,
            kind,
            language: LanguageTag::none(),
            body,
            rev: i64::from(self.said.get()),
            edit: Edit::Minor,
            missed: None,
            via: Via::Human,
            source: None,
            slug: String::new(),
            title: String::new(),
            updated_at: self.clock.now(),
        };
        self.write(|tx, _| {
            store::bodies::save(tx, &[(body, bytes)])?;
            let mut items = store::items::some(tx, &[item])?;
            items.iter_mut().for_each(|item: &mut Item| item.expires_at = expires_at);
            store::items::save(tx, &items)?;
            mirrored::show(tx, self.regions[region].id, vec![text])
        })?;
        self.origins.insert(item, origin(item, None));
        Ok(())
    }
}
