//! What a log adds up to, by the plainest reading of the protocol paper: one entry after the other, nothing shared
//! with the code under test but digests.

use lotse::base::digest::Digest;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Debug, Default)]
pub struct Shelf {
    pub objects: BTreeMap<String, Object>,
    /// By object and language.
    pub heads: BTreeMap<(String, String), Head>,
    /// How many entries had to be skipped.
    pub refused: Vec<usize>,
    pub size: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    pub kind: String,
    pub licence: String,
    pub parent: Option<String>,
    pub ord: String,
    pub state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Live,
    Withdrawn,
    Erased,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    pub rev: i64,
    pub body: String,
    pub size: i64,
    pub source: Option<(String, i64)>,
    pub minor: bool,
    pub state: State,
    /// Body and rev that readers see.
    pub shown: Option<(String, i64)>,
}

impl Shelf {
    pub fn of(log: &[Vec<u8>]) -> Shelf {
        let mut shelf = Shelf::default();
        log.iter().for_each(|entry| shelf.add(entry));
        shelf
    }

    /// Adds the next entry.
    pub fn add(&mut self, raw: &[u8]) {
        if self.take(raw).is_none() {
            self.refused.push(self.size);
        }
        self.size += 1;
    }

    pub fn shown(&self) -> BTreeSet<String> {
        self.heads.values().filter_map(|head| Some(head.shown.as_ref()?.0.clone())).collect()
    }

    fn take(&mut self, raw: &[u8]) -> Option<()> {
        let entry: Value = serde_json::from_slice(raw).ok()?;
        let object = || entry["obj"].as_str().map(str::to_owned);
        match entry["op"].as_str()? {
            "put" => self.put(object()?, &entry),
            "withdraw" => self.withdraw(&object()?),
            "erase" => self.erase(&object()?, &entry),
            _ => Some(()),
        }
    }

    fn put(&mut self, object: String, entry: &Value) -> Option<()> {
        let new = entry["var"].as_object()?;
        let body =
            |variant: &Value| Some(Digest::from_base64url(variant["body"].as_str()?).ok()?.to_string());
        for (language, variant) in new.iter().filter(|(_, variant)| !variant.is_null()) {
            let Some(known) = self.heads.get(&(object.clone(), language.clone())) else { continue };
            let rev = variant["rev"].as_i64()?;
            if rev <= known.rev {
                return None;
            }
        }
        for (language, variant) in new {
            let place = (object.clone(), language.clone());
            if variant.is_null() {
                if let Some(head) = self.heads.get_mut(&place) {
                    head.leave(State::Withdrawn);
                }
                continue;
            }
            let source = &variant["src"];
            let source =
                source["lang"].as_str().map(|language| (language.to_owned(), source["rev"].as_i64()));
            let shown = self.heads.get(&place).and_then(|head| head.shown.clone());
            let head = Head {
                rev: variant["rev"].as_i64()?,
                body: body(variant)?,
                size: variant["size"].as_i64()?,
                source: source.and_then(|(language, rev)| Some((language, rev?))),
                minor: entry["minor"].as_bool().unwrap_or(false),
                state: State::Live,
                shown,
            };
            self.heads.insert(place, head);
        }
        let text = |name: &str| entry[name].as_str().map(str::to_owned);
        let put = Object {
            kind: text("kind")?,
            licence: text("lic")?,
            parent: text("par"),
            ord: text("ord").unwrap_or_default(),
            state: State::Live,
        };
        self.objects.insert(object, put);
        Some(())
    }

    fn withdraw(&mut self, object: &str) -> Option<()> {
        let known = self.objects.get_mut(object)?;
        if known.state != State::Erased {
            known.state = State::Withdrawn;
        }
        self.of_object(object).for_each(|(_, head)| head.leave(State::Withdrawn));
        Some(())
    }

    fn erase(&mut self, object: &str, entry: &Value) -> Option<()> {
        let known = self.objects.get_mut(object)?;
        let revs = entry["var"].as_object();
        if revs.is_none() {
            known.state = State::Erased;
        }
        for (language, head) in self.of_object(object) {
            let named = |rev: i64| match revs {
                None => true,
                Some(revs) => revs
                    .get(language)
                    .and_then(Value::as_array)
                    .is_some_and(|revs| revs.contains(&Value::from(rev))),
            };
            if head.shown.as_ref().is_some_and(|(_, rev)| named(*rev)) {
                head.shown = None;
            }
            if named(head.rev) {
                head.leave(State::Erased);
            }
        }
        Some(())
    }

    fn of_object<'a>(&'a mut self, object: &'a str) -> impl Iterator<Item = (&'a str, &'a mut Head)> {
        self.heads
            .iter_mut()
            .filter(move |((of, _), _)| of == object)
            .map(|((_, language), head)| (language.as_str(), head))
    }
}

impl Head {
    fn leave(&mut self, state: State) {
        if self.state != State::Erased {
            self.state = state;
        }
        self.shown = None;
    }
}
