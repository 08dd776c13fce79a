//! One import in one transaction: pages found again or made, put in their places, texts published, what vanished taken back.

use super::cards::draft::{Draft, Drafting};
use super::cards::take_over::{Counter, take_over};
use super::contacts::Contacts;
use super::description;
use super::error::ImportError;
use super::items::{Item, Prepared, trimmed};
use super::links::Links;
use super::media::Held;
use super::memory::{Hidden, Memories, hiding, number_key};
use super::named;
use super::place::place;
use super::report::{PageNotes, Report};
use super::store::{self, Memory};
use super::take_back::take_back;
use super::texts::{Before, Changed, Surroundings, texts};
use crate::base::digest::Digest;
use crate::base::id::{ItemId, RegionId};
use crate::base::language::LanguageTag;
use crate::domain::content::Desk;
use crate::domain::content::archive;
use crate::domain::content::body::Body;
use crate::domain::content::kind::ObjectKind;
use crate::domain::content::publish::{NewFacts, Publication, publish};
use crate::domain::content::published::RegionSettings;
use crate::domain::content::region::{self, NewLanguage, NewRegion, Region};
use crate::domain::content::revision::Edit;
use crate::domain::content::store::{self as content, items::SlugRow};
use crate::platform::db::Write;
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

/// Where one import is at work.
#[derive(Clone, Copy)]
pub(super) struct Job<'a> {
    pub desk: &'a Desk<'a>,
    pub region: RegionId,
    pub prepared: &'a Prepared,
    /// The page of each item, and whether it was known before.
    pub pages: &'a [(ItemId, bool)],
    pub memories: &'a Memories,
}

/// Takes a prepared region over. Unchanged input changes nothing; each changed text becomes one revision.
/// `held` are the media at hand; texts refer to them instead of their addresses.
/// # Errors: those of the database, and names that are taken; nothing is changed then.
pub fn import(
    tx: &mut Write<'_>,
    desk: &Desk<'_>,
    mut prepared: Prepared,
    held: &Held,
) -> Result<Report, ImportError> {
    let mut report = std::mem::take(&mut prepared.report);
    held.refer_icons(&mut prepared);
    let region = settle_region(tx, desk, &prepared, &mut report)?.id;
    let memories = Memories::of(store::remembered(tx, region)?);
    let pages = memories.recognise(&prepared, || desk.clock.fresh_id().into());
    let job = Job { desk, region, prepared: &prepared, pages: &pages, memories: &memories };
    let placed = place(tx, &job, &mut report)?;
    store::keep_media(tx, &held.by_address, desk.clock.now())?;

    let ids: RefCell<HashMap<String, ItemId>> = RefCell::default();
    let id = |key: &str| {
        let known = || memories.page(key).unwrap_or_else(|| desk.clock.fresh_id().into());
        *ids.borrow_mut().entry(key.to_owned()).or_insert_with(known)
    };
    let drafts = drafted(tx, &prepared, region, &id, &mut report)?;
    let items: Vec<(&Draft, ItemId)> = drafts.iter().map(|draft| (draft, id(&draft.key))).collect();
    let links = links(&job, &items);
    let contacts = Contacts::of(&items);
    let around =
        Surroundings { prepared: &prepared, links: &links, held, memories: &memories, contacts: &contacts };
    let mut notes: Vec<Vec<Vec<String>>> = prepared
        .items
        .iter()
        .map(|item| item.texts.iter().map(|text| text.notes.notes.clone()).collect())
        .collect();
    let mut remember: Vec<Memory> =
        placed.shown.into_iter().map(|page| hiding(page, Hidden::NoLonger)).collect();
    let changed = changes(&around, &pages, &placed.left, &mut notes, &mut remember);
    let touched: Vec<ItemId> = pages
        .iter()
        .zip(&changed)
        .filter(|(_, texts)| !texts.is_empty())
        .map(|((page, _), _)| *page)
        .collect();
    let before = public_before(tx, &touched)?;
    keep_former_slugs(tx, region, &prepared, &pages)?;
    let mut named = named::changes(&job, &placed.left, &id);
    remember.append(&mut named.remember);
    let publications = publications(&around, &pages, (changed, named.new), &before, &mut notes);
    if !publications.is_empty() {
        report.new_revisions = publish(tx, desk, region, publications)?.len();
    }
    for page in named.gone {
        archive::unpublish(tx, desk, page, &LanguageTag::none())?;
    }
    let ids = ids.take();
    let counter = Counter { desk, region, memories: &memories, around: &around, ids: &ids };
    remember.extend(take_over(tx, &counter, drafts, &mut report)?);
    remember.extend(take_back(tx, &job, &mut report)?);
    store::remember(tx, region, &remember)?;
    report.media_held = held.by_address.len();
    report.notes.extend(held.notes.iter().cloned());
    report.by_page = page_notes(prepared.items, notes);
    Ok(report)
}

/// Where links of the import lead, to places and events too.
fn links<'a>(job: &Job<'a>, items: &[(&Draft, ItemId)]) -> Links<'a> {
    let mut links = job.memories.links(job.prepared, job.pages);
    let at = |path: &str| trimmed(path).to_lowercase();
    let paths = items.iter().flat_map(|(draft, id)| draft.texts.iter().map(|text| (at(&text.path), *id)));
    links.paths.extend(paths.filter(|(path, _)| !path.is_empty()));
    links
}

/// The texts of each page that are not as they were last time; what the next import is to know of all goes to `remember`.
fn changes(
    around: &Surroundings<'_>,
    pages: &[(ItemId, bool)],
    left: &HashSet<ItemId>,
    notes: &mut [Vec<Vec<String>>],
    remember: &mut Vec<Memory>,
) -> Vec<Vec<Changed>> {
    let mut changed = Vec::with_capacity(pages.len());
    for ((item, (page, _)), notes) in around.prepared.items.iter().zip(pages).zip(notes) {
        let texts = around.changed(*page, item, notes);
        remember
            .extend(item.number.map(|number| memory(number_key(number), *page, Digest::of(b"").to_string())));
        // What stays hidden is recognised the next time, and new to the import after an editor shows it again.
        let left = left.contains(page);
        let sha256 = |text: &Changed| if left { String::new() } else { text.sha256.clone() };
        remember.extend(texts.iter().map(|text| memory(text.key.clone(), *page, sha256(text))));
        changed.push(if left { Vec::new() } else { texts });
    }
    changed
}

/// The changed texts and facts of pages as what is to be published, small corrections apart from new wordings.
fn publications(
    around: &Surroundings<'_>,
    pages: &[(ItemId, bool)],
    (changed, mut named): (Vec<Vec<Changed>>, HashMap<ItemId, NewFacts>),
    before: &HashMap<ItemId, Before>,
    notes: &mut [Vec<Vec<String>>],
) -> Vec<Publication> {
    let nothing = Before::default();
    let mut publications = Vec::new();
    for (((item, (page, _)), changed), notes) in
        around.prepared.items.iter().zip(pages).zip(changed).zip(notes)
    {
        let before = before.get(page).unwrap_or(&nothing);
        let texts = texts(around, item, changed, before, notes);
        let (minor, major): (Vec<_>, Vec<_>) =
            texts.into_iter().partition(|text| before.edit(text) == Edit::Minor);
        let mut facts = named.remove(page);
        for (edit, texts) in [(Edit::Major, major), (Edit::Minor, minor)] {
            if !texts.is_empty() {
                publications.push(Publication { item: *page, edit, texts, facts: facts.take() });
            }
        }
        if facts.is_some() {
            publications.push(Publication { item: *page, edit: Edit::Major, texts: Vec::new(), facts });
        }
    }
    publications
}

/// What everything that is no page is to be.
fn drafted(
    tx: &mut Write<'_>,
    prepared: &Prepared,
    region: RegionId,
    id: &dyn Fn(&str) -> ItemId,
    report: &mut Report,
) -> Result<Vec<Draft>, ImportError> {
    let regions = content::regions::all(tx)?;
    let settings = regions.into_iter().find(|known| known.id == region).map(|known| known.settings);
    let zone = settings.unwrap_or_default().time_zone;
    let default = prepared.languages.first().map_or("", |tongue| tongue.code.as_str());
    let mut drafting = Drafting { default, zone: &zone, id, told: Vec::new() };
    let mut drafts = drafting.all(&prepared.cards);
    named::complete(&mut drafting, &prepared.items, &mut drafts);
    report.notes.append(&mut drafting.told);
    Ok(drafts)
}

fn memory(item: String, page: ItemId, sha256: String) -> Memory {
    Memory { item, page, sha256 }
}

/// The region with the languages of the import; founded if it is new, else brought up to date.
fn settle_region(
    tx: &mut Write<'_>,
    desk: &Desk<'_>,
    prepared: &Prepared,
    report: &mut Report,
) -> Result<Region, ImportError> {
    let Some(default) = prepared.languages.first() else {
        return Err(ImportError::NoPages { place: prepared.slug.clone() });
    };
    let (told, decided) = (&prepared.told, &prepared.decided);
    let region = match content::regions::by_slug(tx, &prepared.slug)? {
        Some(region) => {
            description::update(tx, desk, &region, (told, decided), report)?;
            region
        }
        None => {
            let nothing = (prepared.slug.as_str(), &RegionSettings::default());
            let (name, settings) = description::described(nothing, [told, decided]);
            let (slug, default_language) = (prepared.slug.clone(), default.tag.clone());
            let region = region::found(tx, desk, NewRegion { slug, name, default_language, settings })?;
            description::remember(tx, region.id, told)?;
            region
        }
    };
    let known = content::regions::languages_of(tx, region.id)?;
    let new =
        prepared.languages.iter().filter(|tongue| known.iter().all(|language| language.tag != tongue.tag));
    for tongue in new {
        let source = (tongue.tag != region.default_language).then(|| region.default_language.clone());
        let new = NewLanguage {
            tag: tongue.tag.clone(),
            slug: tongue.code.clone(),
            native_name: tongue.native_name.clone(),
            source,
        };
        region::add_language(tx, &region, new)?;
    }
    Ok(region)
}

/// Blocks and revisions of what is public on these pages.
fn public_before(tx: &mut Write<'_>, pages: &[ItemId]) -> Result<HashMap<ItemId, Before>, ImportError> {
    let mut before: HashMap<ItemId, Before> = HashMap::new();
    let public = content::revisions::public_of(tx, pages)?;
    let digests: Vec<Digest> = public.iter().map(|revision| revision.body).collect();
    let bodies = content::bodies::load(tx, &digests)?;
    for revision in public {
        let body = bodies.get(&revision.body).and_then(|bytes| Body::parse(bytes.as_bytes()).ok());
        let (title, blocks) = body.map(|body| (body.title, body.blocks)).unwrap_or_default();
        let before = before.entry(revision.item).or_default();
        before.titles.insert(revision.language.clone(), title);
        before.blocks.insert(revision.language, blocks);
    }
    for (page, language, rev) in content::revisions::newest_revs(tx, pages)? {
        before.entry(page).or_default().revs.insert(language, rev);
    }
    Ok(before)
}

/// Former addresses go on leading to their pages; numbered before the present ones, which thereby stay the newest.
fn keep_former_slugs(
    tx: &mut Write<'_>,
    region: RegionId,
    prepared: &Prepared,
    pages: &[(ItemId, bool)],
) -> Result<(), ImportError> {
    let present =
        prepared.items.iter().flat_map(|item| &item.texts).map(|text| (text.language, text.slug.as_str()));
    let mut taken: HashSet<(String, String)> = present
        .map(|(language, slug)| (prepared.languages[language].tag.to_string(), slug.to_owned()))
        .collect();
    taken
        .extend(content::items::slugs_of_region(tx, region)?.into_iter().map(|row| (row.language, row.slug)));
    let mut rows = Vec::new();
    for (item, (page, _)) in prepared.items.iter().zip(pages) {
        for text in &item.texts {
            let language = prepared.languages[text.language].tag.to_string();
            for slug in text.former.iter().map(|slug| slug.as_str().to_owned()) {
                if taken.insert((language.clone(), slug.clone())) {
                    rows.push(SlugRow {
                        region,
                        language: language.clone(),
                        slug,
                        kind: ObjectKind::Page,
                        item: *page,
                        number: 0,
                    });
                }
            }
        }
    }
    if rows.is_empty() {
        return Ok(());
    }
    let first = content::take_numbers(tx, "slugs", rows.len())?;
    for (number, row) in (first..).zip(&mut rows) {
        row.number = number;
    }
    Ok(content::items::save_slugs(tx, &rows)?)
}

fn page_notes(items: Vec<Item>, notes: Vec<Vec<Vec<String>>>) -> Vec<PageNotes> {
    let texts = items.into_iter().flat_map(|item| item.texts).zip(notes.into_iter().flatten());
    let told = texts.map(|(text, notes)| PageNotes { notes: counted(notes), ..text.notes });
    told.filter(|page| !page.is_empty()).collect()
}

/// Each note once, with how often it was made.
fn counted(notes: Vec<String>) -> Vec<String> {
    let mut counts: Vec<(String, usize)> = Vec::new();
    for note in notes {
        match counts.iter_mut().find(|(known, _)| *known == note) {
            Some((_, count)) => *count += 1,
            None => counts.push((note, 1)),
        }
    }
    counts
        .into_iter()
        .map(|(note, count)| if count == 1 { note } else { format!("{count} ×: {note}") })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::answers::ParentAnswer;
    use super::super::{Answers, Options, PageAnswer, prepare};
    use super::*;
    use crate::base::moment::Moment;
    use crate::domain::content::archive;
    use crate::domain::content::assemble::assemble;
    use crate::domain::content::published::{Edition, Freshness, Snapshot};
    use crate::domain::content::references::Delivery;
    use crate::platform::clock::Clock;
    use crate::platform::db::testing::{Scratch, database};
    use crate::platform::db::{Database, DbError};
    use std::path::Path;

    struct Node {
        database: Database,
        clock: Clock,
        _scratch: Scratch,
    }

    impl Node {
        fn new() -> Node {
            let (database, scratch) = database();
            Node { database, clock: Clock::manual(Moment::from_micros(0)), _scratch: scratch }
        }

        fn imports(&self, answers: Answers) -> Report {
            let options = Options { region: "lkaugsburg".to_owned(), ..Options::default() };
            let prepared = prepare(answers, &options).unwrap();
            let desk = Desk { clock: &self.clock, site: "https://stadt.example/" };
            self.database.write(|tx| import(tx, &desk, prepared, &Held::default())).unwrap()
        }

        fn shows(&self) -> Snapshot {
            self.database.read(|tx| assemble(tx, Moment::from_seconds(0), HashMap::new())).unwrap()
        }

        fn waiting_changes(&self) -> i64 {
            use crate::on_both;
            use crate::platform::db::Reading;
            use crate::platform::db::schema::outbox;
            use diesel::prelude::*;
            let count = |tx: &mut crate::platform::db::Read<'_>| {
                Ok::<i64, DbError>(on_both!(tx, c => outbox::table.count().get_result(c))?)
            };
            self.database.read(count).unwrap()
        }
    }

    fn recorded() -> Answers {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/lkaugsburg");
        Answers::read_folder(&folder, "lkaugsburg").unwrap()
    }

    fn edition<'a>(snapshot: &'a Snapshot, code: &str) -> &'a Edition {
        snapshot.region("lkaugsburg").unwrap().edition(code).unwrap().1
    }

    #[test]
    fn the_real_region_comes_back_as_it_was_recorded() {
        let node = Node::new();
        let report = node.imports(recorded());
        assert_eq!((report.pages, report.texts, report.new_revisions), (238, 471, 471));
        let snapshot = node.shows();
        for (code, pages) in recorded().pages {
            let edition = edition(&snapshot, &code);
            let paths: Vec<&str> = edition.pages.items.iter().map(|page| page.path.as_str()).collect();
            let recorded: Vec<&str> = pages.iter().map(|page| page.path.as_str()).collect();
            assert_eq!(paths, recorded, "{code}");
            for (page, recorded) in edition.pages.items.iter().zip(&pages) {
                assert_eq!(page.body.title, recorded.title);
                assert_eq!(Some(page.updated_at), recorded.last_updated);
                assert_eq!(page.icon, recorded.thumbnail);
                let parent = page.parent.map(|parent| edition.pages.items[parent].path.as_str());
                assert_eq!(parent, recorded.parent.as_ref().and_then(|parent| parent.path.as_deref()));
            }
        }
    }

    #[test]
    fn texts_come_back_as_they_were_but_for_addresses_of_pages() {
        let node = Node::new();
        node.imports(recorded());
        let snapshot = node.shows();
        let own = |object, _: Option<&_>| snapshot.place(object).map(|_| "own".to_owned());
        let delivery = Delivery { page: &own, medium: &|_| None, contact: &|_| None };
        for (code, pages) in recorded().pages {
            for (page, recorded) in edition(&snapshot, &code).pages.items.iter().zip(&pages) {
                let clean = crate::base::html::CleanHtml::parse(&recorded.content);
                let shown = crate::base::html::CleanHtml::parse(page.body.rendered(&delivery).as_str());
                let level = |html: crate::base::html::CleanHtml| {
                    html.with_addresses(&mut |_, address| {
                        (address == "own" || address.contains("/lkaugsburg/")).then(|| "x".to_owned())
                    })
                };
                assert_eq!(level(shown), level(clean), "{}", page.path);
            }
        }
    }

    #[test]
    fn a_second_import_changes_nothing_and_a_changed_text_becomes_one_revision() {
        let node = Node::new();
        node.imports(recorded());
        let (version, waiting) = (node.shows().version, node.waiting_changes());
        let again = node.imports(recorded());
        assert_eq!((again.new_revisions, again.new_pages, again.moved_pages), (0, 0, 0));
        assert_eq!((node.shows().version, node.waiting_changes()), (version, waiting));

        let mut answers = recorded();
        answers.pages[0].1[5].content.push_str("<p>Neu</p>");
        let changed = node.imports(answers);
        assert_eq!((changed.new_revisions, changed.new_pages, changed.moved_pages), (1, 0, 0));
        assert_eq!(node.waiting_changes(), waiting + 1);
        let snapshot = node.shows();
        let (german, english) = (&edition(&snapshot, "de").pages.items[5], edition(&snapshot, "en"));
        assert_eq!(german.rev, 2);
        assert!(english.item(german.id).unwrap().freshness == Freshness::Outdated);
    }

    #[test]
    fn saving_without_changing_a_word_leaves_translations_up_to_date() {
        let node = Node::new();
        node.imports(recorded());
        let mut answers = recorded();
        answers.pages[0].1[5].last_updated = Some(Moment::from_seconds(1_800_000_000));
        assert_eq!(node.imports(answers).new_revisions, 1);
        let snapshot = node.shows();
        let german = &edition(&snapshot, "de").pages.items[5];
        assert_eq!(german.rev, 2);
        assert!(edition(&snapshot, "en").item(german.id).unwrap().freshness == Freshness::Current);
    }

    #[test]
    fn pages_that_vanish_are_archived_and_come_back() {
        let node = Node::new();
        node.imports(recorded());
        let mut answers = recorded();
        let gone = answers.pages[0].1[237].clone();
        let translation = gone.available_languages["en"].path.clone();
        answers.pages[0].1.truncate(237);
        answers.pages[1].1.retain(|page| page.path != translation && page.order != 43);
        let report = node.imports(answers);
        assert_eq!(report.vanished_pages.len(), 1, "{report}");
        assert!(!report.vanished_texts.is_empty(), "{report}");
        assert_eq!(report.new_revisions, 0, "{report}");
        assert_eq!(edition(&node.shows(), "de").pages.items.len(), 237);
        let back = node.imports(recorded());
        assert_eq!((back.restored_pages, back.vanished_pages.len()), (vec![gone.path], 0));
        assert_eq!(back.new_revisions, report.vanished_texts.len());
        assert_eq!(edition(&node.shows(), "en").pages.items.len(), 233);
    }

    #[test]
    fn what_an_editor_archived_stays_so_and_is_brought_up_to_date_once_it_is_shown_again() {
        let node = Node::new();
        let few = || {
            let mut answers = recorded();
            answers.pages.truncate(1);
            answers.pages[0].1.truncate(20);
            answers
        };
        node.imports(few());
        let (region, page) = {
            let snapshot = node.shows();
            (snapshot.region("lkaugsburg").unwrap().id, edition(&snapshot, "de").pages.items[5].id)
        };
        let desk = Desk { clock: &node.clock, site: "https://stadt.example/" };
        let hidden = node.database.write(|tx| archive::archive(tx, &desk, region, &[page])).unwrap().len();
        let (shown, waiting) = (20 - hidden, node.waiting_changes());
        let mut answers = few();
        let path = answers.pages[0].1[5].path.clone();
        answers.pages[0].1[5].content.push_str("<p>Neu</p>");
        let new = PageAnswer {
            path: format!("{path}neu/"),
            parent: Some(ParentAnswer { id: None, path: Some(path.clone()) }),
            available_languages: Default::default(),
            ..answers.pages[0].1[5].clone()
        };
        answers.pages[0].1.push(new);
        for new_pages in [1, 0] {
            let answers = Answers { pages: answers.pages.clone(), ..Answers::default() };
            let report = node.imports(answers);
            assert_eq!((report.new_pages, report.new_revisions), (new_pages, 0), "{report}");
            assert!(report.restored_pages.is_empty() && report.left_pages.contains(&path), "{report}");
            assert_eq!(edition(&node.shows(), "de").pages.items.len(), shown);
        }
        assert_eq!(node.waiting_changes(), waiting);

        let pages = node.database.read(|tx| content::items::of_region(tx, region)).unwrap();
        let all: Vec<ItemId> = archive::with_below(&pages, &[page]).into_iter().collect();
        node.database.write(|tx| archive::restore(tx, &desk, region, &all)).unwrap();
        assert_eq!(node.imports(answers).new_revisions, 2);
        assert_eq!(edition(&node.shows(), "de").pages.items.len(), 21);
    }

    /// A German page, below another one if that is named.
    fn page_answer(slug: &str, parent: Option<&str>) -> PageAnswer {
        let path = |slug: &str| format!("/lkaugsburg/de/{slug}/");
        let parent = parent.map(|parent| serde_json::json!({ "path": path(parent) }));
        let told = serde_json::json!({"path": path(slug), "title": slug, "content": slug, "parent": parent});
        serde_json::from_value(told).unwrap()
    }

    fn german(pages: &[(&str, Option<&str>)]) -> Answers {
        let pages = pages.iter().map(|(slug, parent)| page_answer(slug, *parent)).collect();
        let mut answers = Answers { pages: vec![("de".to_owned(), pages)], ..Answers::default() };
        // Where no place and no offer is told, nothing that they may name counts as vanished.
        let place = serde_json::json!({
            "id": 9, "path": "/lkaugsburg/de/locations/hall/", "title": "Halle",
            "location": {"id": 9, "latitude": 48.4, "longitude": 10.9},
        });
        answers.cards.locations = vec![("de".to_owned(), vec![serde_json::from_value(place).unwrap()])];
        let offer = serde_json::json!({"name": "Maps", "alias": "maps", "url": "", "post": null});
        answers.cards.offers = vec![serde_json::from_value(offer).unwrap()];
        answers
    }

    /// Archives a page alone, as older versions did, and not what stands below it.
    fn hide_alone(node: &Node, slug: &str) {
        let id = edition(&node.shows(), "de").pages.at_slug(slug).unwrap().id;
        let hide = |tx: &mut Write<'_>| {
            let page = content::items::find(tx, id)?.unwrap();
            content::items::save(tx, &[crate::domain::content::item::Item { archived: true, ..page }])
        };
        node.database.write::<_, DbError>(hide).unwrap();
    }

    #[test]
    fn what_is_new_below_a_page_that_stands_below_a_hidden_one_is_hidden_too() {
        let node = Node::new();
        node.imports(german(&[("hidden", None), ("below", Some("hidden"))]));
        hide_alone(&node, "hidden");
        let more = || german(&[("hidden", None), ("below", Some("hidden")), ("new", Some("below"))]);
        for new in [1, 0] {
            let report = node.imports(more());
            assert_eq!((report.new_pages, report.restored_pages.len()), (new, 0), "{report}");
            assert!(report.left_pages.contains(&"/lkaugsburg/de/hidden/".to_owned()), "{report}");
            assert!(edition(&node.shows(), "de").pages.items.is_empty());
        }
        // Where it moves away at the same time, readers see what is new below it.
        let report = node.imports(german(&[
            ("hidden", None),
            ("below", None),
            ("new", Some("below")),
            ("newer", Some("below")),
        ]));
        assert_eq!((report.new_pages, report.moved_pages), (1, 1), "{report}");
        let snapshot = node.shows();
        let pages = &edition(&snapshot, "de").pages;
        assert!(pages.at_slug("below").is_some() && pages.at_slug("newer").is_some());
    }

    #[test]
    fn pages_that_stay_where_readers_see_them_close_no_circle() {
        let node = Node::new();
        node.imports(german(&[("hidden", None), ("above", None), ("low", Some("above"))]));
        hide_alone(&node, "hidden");
        let report =
            node.imports(german(&[("hidden", None), ("low", Some("hidden")), ("above", Some("low"))]));
        let left = ["hidden", "low", "above"].map(|slug| format!("/lkaugsburg/de/{slug}/"));
        assert_eq!((report.left_pages.as_slice(), report.moved_pages), (&left[..], 0), "{report}");
        let snapshot = node.shows();
        let pages = &edition(&snapshot, "de").pages.items;
        assert_eq!(pages.iter().map(|page| page.slug.as_str()).collect::<Vec<_>>(), ["above", "low"]);
        assert_eq!(pages[1].parent, Some(0));
    }

    #[test]
    fn what_a_page_names_stays_while_it_cannot_be_read_or_is_not_heard() {
        let node = Node::new();
        let office = serde_json::json!({"id": 3, "slug": "office", "name": "Amt"});
        let offer = serde_json::json!({"name": "Jobs", "alias": "jobs", "url": "", "post": null});
        let told = |organisation: serde_json::Value, offers: Vec<serde_json::Value>| {
            let mut answers = german(&[("start", None), ("other", None)]);
            let start = &mut answers.pages[0].1[0];
            start.organization = Some(organisation).filter(|told| !told.is_null());
            start.embedded_offers = offers;
            let other = &mut answers.pages[0].1[1];
            other.organization = Some(serde_json::json!({"id": 4, "slug": "club", "name": "Verein"}));
            answers
        };
        let shown = |kept: usize| {
            let snapshot = node.shows();
            let german = edition(&snapshot, "de");
            let names = german.pages.at_slug("start").unwrap().facts().map(|facts| facts.refers_to().len());
            assert_eq!(names.unwrap_or_default(), kept);
            for kind in [ObjectKind::Organisation, ObjectKind::Offer] {
                assert_eq!(german.all(kind).len(), 1 + kept / 2, "{kind:?}");
            }
        };
        let version = |answers: Answers| {
            node.imports(answers);
            node.shows().version
        };
        let first = version(told(office.clone(), vec![offer.clone()]));
        shown(2);
        let garbled = serde_json::json!({"alias": 1});
        assert_eq!(version(told(garbled.clone(), vec![garbled])), first);
        shown(2);
        node.imports(told(serde_json::Value::Null, Vec::new()));
        shown(0);
    }

    #[test]
    fn what_only_pages_of_an_unheard_language_name_is_kept() {
        let node = Node::new();
        let told = |english: bool| {
            let mut answers = german(&[("start", None)]);
            answers.pages[0].1[0].organization =
                Some(serde_json::json!({"id": 4, "slug": "club", "name": "Verein"}));
            let page = serde_json::json!({
                "path": "/lkaugsburg/en/office/", "title": "Office",
                "organization": {"id": 3, "slug": "office", "name": "Amt"},
            });
            let pages = english.then(|| serde_json::from_value(page).unwrap());
            answers.pages.push(("en".to_owned(), pages.into_iter().collect()));
            answers
        };
        node.imports(told(true));
        let organisations = |node: &Node| edition(&node.shows(), "de").all(ObjectKind::Organisation).len();
        assert_eq!(organisations(&node), 2);
        let report = node.imports(told(false));
        assert_eq!((report.vanished_items, organisations(&node)), (0, 2), "{report}");
    }

    #[test]
    fn a_renamed_and_moved_page_is_the_same_page() {
        let node = Node::new();
        node.imports(recorded());
        let before = edition(&node.shows(), "de").pages.items[5].id;
        let mut answers = recorded();
        answers.pages.truncate(1);
        let page = &mut answers.pages[0].1[5];
        let old = page.path.trim_matches('/').rsplit('/').next().unwrap().to_owned();
        page.path = "/lkaugsburg/de/neuer-name/".to_owned();
        page.slug_history = vec![old.clone(), "neuer-name".to_owned()];
        page.parent = None;
        page.order = 1_000_000;
        let report = node.imports(answers);
        assert_eq!((report.new_pages, report.moved_pages, report.new_revisions), (0, 1, 1), "{report}");
        let snapshot = node.shows();
        let german = edition(&snapshot, "de");
        let page = german.item(before).unwrap();
        assert_eq!(page.path, "/lkaugsburg/de/neuer-name/");
        assert_eq!(german.pages.at_slug(&old).unwrap().id, before);
    }

    #[test]
    fn a_missing_parent_and_missing_languages_are_reported() {
        let node = Node::new();
        let mut answers = recorded();
        let child = answers.pages[0].1[3].path.clone();
        let parent = answers.pages[0].1[3].parent.clone().unwrap().path.unwrap();
        for (_, pages) in &mut answers.pages {
            let english = "/lkaugsburg/en/important-facts-about-life-in-the-district-of-augsburg/";
            pages.retain(|page| page.path != parent && page.path != english);
        }
        let report = node.imports(answers);
        let notes = report.by_page.iter().find(|page| page.path == child).unwrap();
        assert!(notes.notes.iter().any(|note| note.contains("stands at the top")), "{notes:?}");
        assert!(report.notes.iter().any(|note| note.contains("uk (on 4")), "{:?}", report.notes);
    }
}
