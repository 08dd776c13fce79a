//! What an editor does with everything that is no page: events, places, contacts, news and so on, told by their facts.

use super::TestNode;
use lotse::base::id::ItemId;
use lotse::domain::adoption::adopt::{Request, Scope};
use lotse::domain::content::facts::Facts;
use lotse::domain::content::item::{self, NewItem};
use lotse::domain::content::kind::ObjectKind;
use lotse::domain::content::publish::{self, NewFacts, Publication};
use lotse::domain::content::revision::Edit;
use serde_json::Value;

/// Language, title and HTML.
type Words<'a> = (&'a str, &'a str, &'a str);

impl TestNode {
    /// Publishes an item in its first region, or in the one of that slug before the name, as in `nord/fest`. In the facts
    /// `"@name"` stands for the id of what the story calls so.
    pub fn tells(&self, name: &str, facts: Value, words: &[Words<'_>]) -> ItemId {
        let facts = self.facts(&facts);
        let id = self.makes(name, facts.kind());
        self.publishes_card(id, Some(facts), words);
        id
    }

    /// Publishes the imprint of its first region.
    pub fn imprints(&self, name: &str, words: &[Words<'_>]) {
        let id = self.makes(name, ObjectKind::Imprint);
        self.publishes_card(id, None, words);
    }

    /// Says that an item is otherwise now; its words stay.
    pub fn corrects(&self, name: &str, facts: Value) {
        let facts = self.facts(&facts);
        self.publishes_card(self.id(name), Some(facts), &[]);
    }

    fn facts(&self, told: &Value) -> Facts {
        let known = self.names.borrow();
        let named = known.iter().fold(told.to_string(), |told, (name, id)| {
            told.replace(&format!("\"@{name}\""), &format!("\"{id}\""))
        });
        serde_json::from_str(&named).unwrap_or_else(|error| panic!("{error}: {named}"))
    }

    fn makes(&self, name: &str, kind: ObjectKind) -> ItemId {
        let region = self.region(name.split_once('/').map(|(region, _)| region));
        let id: ItemId = self.clock.fresh_id().into();
        self.names.borrow_mut().insert(name.to_owned(), id);
        self.writes(|tx, desk| item::create(tx, desk, region.id, vec![NewItem::flat(id, kind)]));
        id
    }

    fn publishes_card(&self, item: ItemId, facts: Option<Facts>, words: &[Words<'_>]) {
        let updated_at = self.clock.now();
        let facts = facts.map(|facts| NewFacts { facts, media: Vec::new(), updated_at });
        let texts = words.iter().map(|(tag, title, html)| self.text(tag, title, html, None)).collect();
        self.writes(|tx, desk| {
            let region = item::editable(tx, item)?.region;
            let publication = Publication { item, edit: Edit::Major, texts, facts };
            publish::publish(tx, desk, region, vec![publication])
        });
    }

    /// Asks for all of a kind that the other node's first region publishes.
    pub fn all_of(&self, other: &TestNode, kind: ObjectKind) -> Request {
        Request {
            region: self.region(None).id,
            parent: None,
            origin: other.origin(),
            object: other.region(None).id.into(),
            scope: Scope::All(kind),
        }
    }

    /// The titles that apps get of a list such as `events`, in a language of its first region.
    pub fn titles(&self, list: &str, language: &str) -> Vec<String> {
        let all = self.told(list, language);
        all.as_array().unwrap().iter().map(|item| item["title"].as_str().unwrap().to_owned()).collect()
    }

    /// What apps get of a list, in a language of its first region.
    pub fn told(&self, list: &str, language: &str) -> Value {
        let told = self.reads(&format!("/api/v3/{}/{language}/{list}", self.region(None).slug));
        told.is_there();
        told.json()
    }
}
