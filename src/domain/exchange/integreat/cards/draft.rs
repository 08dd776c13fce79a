//! Items as they are to be: facts and texts of everything that is no page, joined over the languages. Pure.

use super::answers::*;
use crate::base::html::CleanHtml;
use crate::base::id::{ItemId, ObjectId};
use crate::base::moment::Moment;
use crate::base::url::WebUrl;
use crate::domain::content::facts::*;
use crate::domain::content::kind::ObjectKind;
use crate::domain::content::news::USUAL_SECONDS;
use crate::domain::content::opening_hours::OpeningHours;
use crate::domain::content::opening_hours::integreat::IntegreatDay;
use crate::domain::content::recurrence::{Schedule, Zone};
use std::collections::{BTreeMap, HashMap, HashSet};

/// An item of the import: its key is what it is recognised by the next time.
pub(in super::super) struct Draft {
    pub key: String,
    pub kind: ObjectKind,
    pub facts: Option<Facts>,
    /// The picture's address where it comes from; it may be held here.
    pub picture: Option<String>,
    pub texts: Vec<DraftText>,
}

/// A text in one language, by its code; clean it is not yet.
pub(in super::super) struct DraftText {
    pub language: String,
    pub title: String,
    /// Where it was read; its last part is the slug.
    pub path: String,
    pub content: String,
    pub summary: Option<String>,
    pub updated_at: Moment,
}

/// Turns answers into drafts. `id` names the item of a key; `told` hears what could not be taken over.
pub(in super::super) struct Drafting<'a> {
    pub default: &'a str,
    pub zone: &'a str,
    pub id: &'a dyn Fn(&str) -> ItemId,
    pub told: Vec<String>,
}

type ByKey = BTreeMap<String, Draft>;

impl Drafting<'_> {
    pub fn all(&mut self, answers: &CardAnswers) -> Vec<Draft> {
        let mut drafts = self.categories(answers);
        drafts.extend(self.places(answers));
        drafts.extend(self.events(answers));
        drafts.extend(self.news(answers));
        drafts.extend(imprint(answers));
        drafts.extend(answers.offers.iter().map(|offer| self.offer(offer)));
        drafts
    }

    fn object(&self, key: &str) -> ObjectId {
        (self.id)(key).into()
    }

    fn url(&mut self, url: Option<&str>, what: &str) -> Option<WebUrl> {
        let url = url.map(str::trim).filter(|url| !url.is_empty())?;
        // Many write addresses as one says them.
        let whole = if url.contains("://") { url.to_owned() } else { format!("https://{url}") };
        match whole.parse() {
            Ok(url) => Some(url),
            Err(error) => {
                self.told.push(format!("{what}: {error}; it was left out"));
                None
            }
        }
    }

    fn hours(&mut self, days: Option<&Vec<IntegreatDay>>, what: &str) -> Option<OpeningHours> {
        match OpeningHours::from_integreat(days?) {
            Ok(hours) => hours,
            Err(error) => {
                self.told.push(format!("the opening hours of {what}: {error}; they were left out"));
                None
            }
        }
    }

    fn categories(&mut self, answers: &CardAnswers) -> Vec<Draft> {
        let inside = answers.locations.iter().flat_map(|(code, all)| {
            all.iter().filter_map(move |place| Some((code, place.category.as_ref()?)))
        });
        let listed = answers.categories.iter().flat_map(|(code, all)| all.iter().map(move |one| (code, one)));
        let mut drafts = ByKey::new();
        for (code, answer) in listed.chain(inside).filter(|(_, answer)| answer.id > 0) {
            let key = format!("category {}", answer.id);
            let plain = CategoryFacts::default();
            let facts = CategoryFacts {
                icon: answer.icon.clone().unwrap_or(plain.icon),
                colour: answer.color.clone().unwrap_or(plain.colour),
            };
            let draft = drafts.entry(key.clone()).or_insert_with(|| Draft {
                key,
                kind: ObjectKind::Category,
                facts: Some(Facts::Category(facts)),
                picture: None,
                texts: Vec::new(),
            });
            draft.name(code, &answer.name);
        }
        drafts.into_values().collect()
    }

    fn places(&mut self, answers: &CardAnswers) -> Vec<Draft> {
        let (mut drafts, mut related) = (ByKey::new(), ByKey::new());
        let shown: Option<HashSet<i64>> = answers.on_map.as_ref().map(|ids| ids.iter().copied().collect());
        for (code, answer) in
            answers.locations.iter().flat_map(|(code, all)| all.iter().map(move |one| (code, one)))
        {
            let Some(id) = answer.location.id else {
                self.told.push(format!("the place {} has no id and was left out", answer.text.path));
                continue;
            };
            let key = format!("place {id}");
            if !drafts.contains_key(&key) {
                for draft in self.contacts(id, answer) {
                    related.insert(draft.key.clone(), draft);
                }
                let owner = answer.organization.as_ref().map(|one| self.organisation(one));
                related.extend(owner.map(|owner| (owner.key.clone(), owner)));
                let on_map = shown.as_ref().map(|shown| shown.contains(&id));
                let facts = self.place(answer, on_map);
                let picture = answer.icon.clone().or_else(|| answer.thumbnail.clone());
                let (facts, kind) = (Some(Facts::Place(Box::new(facts))), ObjectKind::Place);
                drafts
                    .insert(key.clone(), Draft { key: key.clone(), kind, facts, picture, texts: Vec::new() });
            }
            if let Some(draft) = drafts.get_mut(&key).filter(|_| answer.id.is_some()) {
                draft.say(code, &answer.text, answer.meta_description.as_deref());
            }
        }
        drafts.into_values().chain(related.into_values()).collect()
    }

    fn place(&mut self, answer: &LocationAnswer, on_map: Option<bool>) -> PlaceFacts {
        let what = answer.text.path.clone();
        let spot = &answer.location;
        let told = |text: &Option<String>| text.clone().unwrap_or_default();
        let position = spot.longitude.zip(spot.latitude).map(|(longitude, latitude)| [longitude, latitude]);
        let category = answer.category.as_ref().filter(|category| category.id > 0);
        PlaceFacts {
            address: Address {
                street: told(&spot.address),
                postcode: told(&spot.postcode),
                town: told(&spot.town),
                country: told(&spot.country),
            },
            position,
            on_map: on_map.unwrap_or(position.is_some()),
            category: category.map(|category| self.object(&format!("category {}", category.id))),
            organisation: answer.organization.as_ref().map(|one| self.object(&organisation_key(one))),
            hours: self.hours(answer.opening_hours.as_ref(), &what),
            temporarily_closed: answer.temporarily_closed,
            appointment: self.url(answer.appointment_url.as_deref(), &what),
            barrier_free: answer.barrier_free,
            picture: None,
        }
    }

    /// Contacts have no ids where they come from: the place, the name and the area tell them apart.
    fn contacts(&mut self, place: i64, answer: &LocationAnswer) -> Vec<Draft> {
        let mut seen: HashMap<String, usize> = HashMap::new();
        let mut drafts = Vec::with_capacity(answer.contacts.len());
        for contact in &answer.contacts {
            let told = |text: &Option<String>| text.clone().unwrap_or_default();
            let area = told(&contact.area_of_responsibility);
            let name = format!("contact {place} {area}/{}", told(&contact.name));
            let again = seen.entry(name.clone()).or_insert(0);
            *again += 1;
            let key = if *again == 1 { name } else { format!("{name}#{again}") };
            let what = format!("a contact of {}", answer.text.path);
            let facts = ContactFacts {
                of: Some(self.object(&format!("place {place}"))),
                name: told(&contact.name),
                email: told(&contact.email),
                phone: told(&contact.phone_number),
                mobile: told(&contact.mobile_number),
                website: self.url(contact.website.as_deref(), &what),
                hours: self.hours(contact.opening_hours.as_ref(), &what),
                appointment: self.url(contact.appointment_url.as_deref(), &what),
            };
            let facts = Some(Facts::Contact(Box::new(facts)));
            let mut draft = Draft { key, kind: ObjectKind::Contact, facts, picture: None, texts: Vec::new() };
            if !area.is_empty() {
                draft.name(self.default, &area);
            }
            drafts.push(draft);
        }
        drafts
    }

    pub fn organisation(&mut self, answer: &OrganizationAnswer) -> Draft {
        let website = self.url(answer.website.as_deref(), &answer.name);
        let facts = OrganisationFacts { slug: answer.slug.clone(), website, logo: None };
        let picture = answer.logo.clone().filter(|logo| !logo.is_empty());
        let (key, facts) = (organisation_key(answer), Some(Facts::Organisation(facts)));
        let mut draft = Draft { key, kind: ObjectKind::Organisation, facts, picture, texts: Vec::new() };
        draft.name(self.default, &answer.name);
        draft
    }

    fn events(&mut self, answers: &CardAnswers) -> Vec<Draft> {
        let mut drafts = ByKey::new();
        for (code, answer) in
            answers.events.iter().flat_map(|(code, all)| all.iter().map(move |one| (code, one)))
        {
            let Some(id) = answer.event.id else {
                self.told.push(format!("the event {} has no id and was left out", answer.text.path));
                continue;
            };
            let key = format!("event {id}");
            if !drafts.contains_key(&key) {
                let Some(facts) = self.event(answer) else { continue };
                let facts = Some(Facts::Event(Box::new(facts)));
                let (picture, kind) = (answer.thumbnail.clone(), ObjectKind::Event);
                drafts
                    .insert(key.clone(), Draft { key: key.clone(), kind, facts, picture, texts: Vec::new() });
            }
            if let Some(draft) = drafts.get_mut(&key).filter(|_| answer.id.is_some()) {
                draft.say(code, &answer.text, None);
            }
        }
        drafts.into_values().collect()
    }

    fn event(&mut self, answer: &EventAnswer) -> Option<EventFacts> {
        let path = &answer.text.path;
        let zone = Zone::named(answer.event.timezone.as_deref().unwrap_or(self.zone));
        let when = zone.and_then(|zone| {
            let (start, end) = (zone.local(answer.event.start), zone.local(answer.event.end));
            let rule = answer.recurrence_rule.as_deref();
            Schedule::from_integreat(rule, start, end, zone.clone()).or_else(|error| {
                self.told.push(format!("{path}: {error}; only its first date was taken over"));
                Schedule::from_integreat(None, start, end, zone)
            })
        });
        match when {
            Ok(when) => Some(EventFacts {
                when,
                only_weekdays: answer.event.only_weekdays,
                place: answer.location.id.map(|id| self.object(&format!("place {id}"))),
                online: self.url(answer.meeting_url.as_deref(), path),
                picture: None,
            }),
            Err(error) => {
                self.told.push(format!("{path}: {error}; the event was left out"));
                None
            }
        }
    }

    fn news(&mut self, answers: &CardAnswers) -> Vec<Draft> {
        let mut drafts = ByKey::new();
        for (code, answer) in
            answers.news.iter().flat_map(|(code, all)| all.iter().map(move |one| (code, one)))
        {
            let Some(number) = local_number(&answer.id) else {
                self.told
                    .push(format!("the news {:?} come from another source and were left out", answer.title));
                continue;
            };
            let others = answer.available_languages.iter().flatten();
            let others = others.filter_map(|(_, other)| local_number(other.get("id")?.as_str()?));
            let key = format!("news {}", others.chain([number]).min().unwrap_or(number));
            let at = answer.display_date;
            let channel = answer.channel.clone().unwrap_or_else(|| "news".to_owned());
            let facts =
                Facts::News(NewsFacts { at, until: at.plus_seconds(USUAL_SECONDS), channel, message: None });
            let draft = drafts.entry(key.clone()).or_insert_with(|| Draft {
                key,
                kind: ObjectKind::News,
                facts: Some(facts),
                picture: None,
                texts: Vec::new(),
            });
            draft.texts.push(DraftText {
                language: code.clone(),
                title: answer.title.clone(),
                path: String::new(),
                content: CleanHtml::of_lines(answer.content.as_deref().unwrap_or_default()).into(),
                summary: None,
                updated_at: answer.last_updated.unwrap_or(at),
            });
        }
        drafts.into_values().collect()
    }

    pub fn offer(&mut self, answer: &OfferAnswer) -> Draft {
        let fields = answer.post.iter().flatten();
        let fields = fields.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())));
        let facts = OfferFacts {
            alias: answer.alias.clone(),
            url: self.url(answer.url.as_deref(), &answer.name),
            post: fields.collect(),
            picture: None,
        };
        let picture = answer.thumbnail.clone().filter(|picture| !picture.is_empty());
        let (key, facts) = (offer_key(answer), Some(Facts::Offer(facts)));
        let mut draft = Draft { key, kind: ObjectKind::Offer, facts, picture, texts: Vec::new() };
        draft.name(self.default, &answer.name);
        draft
    }
}

pub(in super::super) fn organisation_key(answer: &OrganizationAnswer) -> String {
    format!("organisation {}", answer.id)
}

/// Apps know offers by their alias; they have no number.
pub(in super::super) fn offer_key(answer: &OfferAnswer) -> String {
    format!("offer {}", answer.alias)
}

fn imprint(answers: &CardAnswers) -> Option<Draft> {
    let mut draft = Draft {
        key: "imprint".to_owned(),
        kind: ObjectKind::Imprint,
        facts: None,
        picture: None,
        texts: Vec::new(),
    };
    for (code, answer) in answers.imprints.iter().filter(|(_, answer)| answer.id.is_some()) {
        draft.say(code, &answer.text, None);
    }
    (!draft.texts.is_empty()).then_some(draft)
}

impl Draft {
    fn say(&mut self, code: &str, text: &TextAnswer, summary: Option<&str>) {
        self.texts.push(DraftText {
            language: code.to_owned(),
            title: text.title.clone(),
            path: text.path.clone(),
            content: text.content.clone().unwrap_or_default(),
            summary: summary.filter(|summary| !summary.is_empty()).map(str::to_owned),
            updated_at: text.last_updated.unwrap_or(Moment::from_micros(0)),
        });
    }

    /// A title without a text, once a language.
    fn name(&mut self, code: &str, title: &str) {
        if self.texts.iter().any(|text| text.language == code) {
            return;
        }
        self.texts.push(DraftText {
            language: code.to_owned(),
            title: title.to_owned(),
            path: String::new(),
            content: String::new(),
            summary: None,
            updated_at: Moment::from_micros(0),
        });
    }
}

fn local_number(id: &str) -> Option<i64> {
    id.strip_prefix("local-")?.parse().ok()
}
