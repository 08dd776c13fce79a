//! What an editor does: writes, edits, moves, takes back.

use super::TestNode;
use lotse::base::html::CleanHtml;
use lotse::base::id::ItemId;
use lotse::base::language::LanguageTag;
use lotse::base::slug::Slug;
use lotse::domain::content::archive::{self, Ground};
use lotse::domain::content::body::Medium;
use lotse::domain::content::change::Via;
use lotse::domain::content::item::{self as pages, NewItem};
use lotse::domain::content::publish::{self, Publication, Text};
use lotse::domain::content::published::RegionSettings;
use lotse::domain::content::references::Reference;
use lotse::domain::content::region::{self, NewLanguage, NewRegion, Region};
use lotse::domain::content::relabel::{self, Relabelling};
use lotse::domain::content::revision::Edit;
use lotse::domain::content::{ContentError, Desk, blocks, store};
use lotse::platform::db::Write;

/// A page to be published, known to the story by a name.
pub struct Draft {
    name: &'static str,
    below: Option<&'static str>,
    region: Option<&'static str>,
    texts: Vec<(&'static str, String, String)>,
    by_machine: Vec<&'static str>,
    icon: Option<&'static [u8]>,
}

/// A page without any text yet.
pub fn page(name: &'static str) -> Draft {
    Draft { name, below: None, region: None, texts: Vec::new(), by_machine: Vec::new(), icon: None }
}

impl Draft {
    pub fn below(self, parent: &'static str) -> Draft {
        Draft { below: Some(parent), ..self }
    }

    pub fn of(self, region: &'static str) -> Draft {
        Draft { region: Some(region), ..self }
    }

    /// `html` may name items of this node: `href="page:NAME"` a page, `data-contact="contact:NAME"` a contact.
    pub fn says(mut self, language: &'static str, title: &str, html: &str) -> Draft {
        self.texts.push((language, title.to_owned(), html.to_owned()));
        self
    }

    /// A PNG stands for it in lists.
    pub fn with_icon(self, png: &'static [u8]) -> Draft {
        Draft { icon: Some(png), ..self }
    }

    /// As [`Draft::says`], but nobody looked at the translation.
    pub fn by_machine(mut self, language: &'static str, title: &str, html: &str) -> Draft {
        self.by_machine.push(language);
        self.says(language, title, html)
    }
}

pub fn tag(tag: &str) -> LanguageTag {
    tag.parse().unwrap()
}

impl TestNode {
    /// Founds a region; the first language is what the others are translated from.
    pub fn founds(&self, slug: &str, name: &str, languages: &[&str]) -> Region {
        let region = self.writes(|tx, desk| {
            let settings = RegionSettings { attribution: name.to_owned(), ..RegionSettings::default() };
            let default_language = tag(languages[0]);
            let new = NewRegion { slug: slug.into(), name: name.into(), default_language, settings };
            region::found(tx, desk, new)
        });
        for language in languages {
            self.speaks(&region, language, (*language != languages[0]).then_some(languages[0]));
        }
        self.regions.borrow_mut().push(region.clone());
        region
    }

    /// Adds a language to a region.
    pub fn speaks(&self, region: &Region, language: &str, source: Option<&str>) {
        self.writes(|tx, _| {
            let new = NewLanguage {
                tag: tag(language),
                slug: language.into(),
                native_name: language.into(),
                source: source.map(tag),
            };
            region::add_language(tx, region, new)
        });
    }

    pub fn region(&self, slug: Option<&str>) -> Region {
        let regions = self.regions.borrow();
        let mut found = regions.iter().filter(|region| slug.is_none_or(|slug| region.slug == slug));
        found.next().unwrap().clone()
    }

    /// What the story calls `name`.
    pub fn id(&self, name: &str) -> ItemId {
        *self.names.borrow().get(name).unwrap_or_else(|| panic!("no page is called {name:?}"))
    }

    pub fn publishes(&self, draft: Draft) -> ItemId {
        let Draft { name, below, region, texts, by_machine, icon } = draft;
        let icon = icon.map(|png| format!("media:{}", self.node.blobs.put(png).unwrap()));
        let region = self.region(region);
        let parent = below.map(|name| self.id(name));
        let id: ItemId = self.clock.fresh_id().into();
        self.names.borrow_mut().insert(name.to_owned(), id);
        self.writes(|tx, desk| {
            let ord = pages::last_place(tx, region.id, parent)?;
            let new = NewItem { icon, ..NewItem::page(id, parent, ord) };
            pages::create(tx, desk, region.id, vec![new])
        });
        let texts: Vec<_> = texts.iter().map(|(tag, title, html)| (*tag, &**title, &**html)).collect();
        self.try_to_publish(id, Edit::Major, &texts, &by_machine).unwrap();
        id
    }

    /// A change that matters.
    pub fn edits(&self, name: &str, language: &str, title: &str, html: &str) {
        self.says(name, Edit::Major, &[(language, title, html)]);
    }

    /// A change that translations need not follow.
    pub fn mends_a_typo(&self, name: &str, language: &str, title: &str, html: &str) {
        self.says(name, Edit::Minor, &[(language, title, html)]);
    }

    fn says(&self, name: &str, edit: Edit, texts: &[(&str, &str, &str)]) {
        let page = self.id(name);
        self.try_to_say(page, edit, texts).unwrap();
    }

    /// # Errors: as [`publish::publish`].
    pub fn try_to_say(
        &self,
        page: ItemId,
        edit: Edit,
        texts: &[(&str, &str, &str)],
    ) -> Result<(), ContentError> {
        self.try_to_publish(page, edit, texts, &[])
    }

    fn try_to_publish(
        &self,
        page: ItemId,
        edit: Edit,
        texts: &[(&str, &str, &str)],
        by_machine: &[&str],
    ) -> Result<(), ContentError> {
        self.clock.advance(60);
        self.node.db.write(|tx: &mut Write<'_>| {
            let found = store::items::find(tx, page)?.unwrap();
            let (region_id, media) = (found.region, self.media(found.icon.as_deref()));
            let regions = store::regions::all(tx)?;
            let default = regions.into_iter().find(|region| region.id == region_id).unwrap().default_language;
            let known = store::revisions::newest_revs(tx, &[page])?;
            let mut original =
                known.iter().find(|(_, language, _)| *language == default).map_or(0, |(.., r)| *r);
            original += i64::from(texts.iter().any(|(language, ..)| tag(language) == default));
            let text = |(language, title, html): &(&str, &str, &str)| {
                let source = (tag(language) != default).then(|| (default.clone(), original));
                let via = if by_machine.contains(language) { Via::Mt } else { Via::Human };
                Text { via, media: media.clone(), ..self.text(language, title, html, source) }
            };
            let texts = texts.iter().map(text).collect();
            publish::publish(tx, &self.node.desk(), region_id, vec![Publication::of_texts(page, edit, texts)])
        })?;
        self.node.log().unwrap();
        Ok(())
    }

    fn media(&self, icon: Option<&str>) -> Vec<Medium> {
        let Some(Reference::Medium(sha256)) = icon.map(Reference::parse) else { return Vec::new() };
        let (_, size) = self.node.blobs.reader(&sha256).unwrap().unwrap();
        vec![Medium { sha256, size, mime: "image/png".into(), alt: String::new(), credit: None, lic: None }]
    }

    pub(super) fn text(
        &self,
        language: &str,
        title: &str,
        html: &str,
        source: Option<(LanguageTag, i64)>,
    ) -> Text {
        let linked = self.names.borrow().iter().fold(html.to_owned(), |html, (name, id)| {
            html.replace(&format!("\"page:{name}\""), &format!("\"page:{id}\""))
                .replace(&format!("\"contact:{name}\""), &format!("\"contact:{id}\""))
        });
        let (wrap, pieces) = blocks::split(&CleanHtml::parse(&linked));
        Text {
            language: tag(language),
            title: title.to_owned(),
            slug: Slug::from_title(title).unwrap().as_str().to_owned(),
            blocks: blocks::identify(pieces, &[], &[]),
            wrap,
            media: Vec::new(),
            summary: None,
            via: Via::Human,
            source,
            updated_at: self.clock.now(),
        }
    }

    /// Puts a page below another, as its last child.
    pub fn moves(&self, name: &str, below: Option<&str>) {
        let (id, parent) = (self.id(name), below.map(|name| self.id(name)));
        self.writes(|tx, desk| {
            let region = store::items::find(tx, id)?.unwrap().region;
            let ord = pages::last_place(tx, region, parent)?;
            pages::relocate(tx, desk, region, &[(id, parent, ord)])
        });
    }

    /// Says something of an item besides its texts.
    pub fn labels(&self, name: &str, wish: Relabelling) {
        let id = self.id(name);
        self.writes(|tx, desk| relabel::relabel(tx, desk, &[id], &wish));
    }

    pub fn archives(&self, name: &str) {
        let id = self.id(name);
        self.writes(|tx, desk| {
            let region = pages::editable(tx, id)?.region;
            archive::archive(tx, desk, region, &[id])
        });
    }

    pub fn restores(&self, name: &str) {
        let id = self.id(name);
        self.writes(|tx, desk| {
            let region = pages::editable(tx, id)?.region;
            archive::restore(tx, desk, region, &[id])
        });
    }

    pub fn takes_back(&self, name: &str, language: &str) {
        let id = self.id(name);
        self.writes(|tx, desk| archive::unpublish(tx, desk, id, &tag(language)));
    }

    pub fn erases(&self, name: &str, language: Option<&str>) {
        let (id, language) = (self.id(name), language.map(tag));
        self.writes(|tx, desk| archive::erase(tx, desk, id, language.as_ref(), Ground::Gdpr17));
    }

    /// One editor's action, logged at once.
    pub fn writes<T>(&self, act: impl FnOnce(&mut Write<'_>, &Desk<'_>) -> Result<T, ContentError>) -> T {
        self.clock.advance(60);
        let done = self.node.db.write(|tx: &mut Write<'_>| act(tx, &self.node.desk())).unwrap();
        self.node.log().unwrap();
        done
    }
}
