//! A small region for the tests of this room: five languages, a tree of three levels, one page mirrored from elsewhere.

use crate::base::digest::Digest;
use crate::base::html::CleanHtml;
use crate::base::id::{ItemId, NodeId, RegionId};
use crate::base::moment::Moment;
use crate::domain::content::body::{Block, Body};
use crate::domain::content::kind::ObjectKind;
use crate::domain::content::labels::Facets;
use crate::domain::content::published::{
    Edition, Freshness, ItemView, LanguageView, Provenance, RegionSettings, RegionView, Shared, Shelf,
    Snapshot, View,
};
use std::sync::Arc;
use uuid::Uuid;

pub use super::fixture_kinds::{NOW, PICTURE, TODAY};

pub const GERMAN: usize = 0;
pub const ARABIC: usize = 2;
pub const BULGARIAN: usize = 3;

/// One page in one language.
pub struct Written {
    pub id: u128,
    pub parent: Option<u128>,
    pub slug: &'static str,
    pub title: &'static str,
    pub html: &'static str,
    pub icon: Option<&'static str>,
}

pub fn page_id(id: u128) -> ItemId {
    ItemId::from_uuid(Uuid::from_u128(0x019b_76da_a800_7c3e_9d1a_0000_0000_0000 + id))
}

fn page(
    id: u128,
    parent: Option<u128>,
    slug: &'static str,
    title: &'static str,
    html: &'static str,
) -> Written {
    Written { id, parent, slug, title, html, icon: None }
}

/// A region "Landkreis Musterland" at `musterland`.
pub fn snapshot() -> Snapshot {
    let contact = "<h3>Kontakt</h3><p>&nbsp;</p><p><strong>Ausländeramt</strong><br>\
        <img style=\"width: 15px; height: 15px;\" src=\"https://cms.example/static/svg/pin.svg\"> Am Platz 4, 86150 Musterstadt<br>\
        <img style=\"width: 15px; height: 15px;\" src=\"https://cms.example/static/svg/call.svg\"> <a href=\"tel:+498213102\">0821 / 31 02-0</a></p>\
        <table><thead><tr><th>Tag</th><th>Von</th><th>Bis</th></tr></thead><tbody><tr><td>Montag</td><td>8</td><td>12</td></tr></tbody></table>\
        <p><img src=\"https://cms.example/haus.jpg\" alt=\"Das Haus am Platz\" width=\"400\"></p>\
        <p>Mehr: <a href=\"https://www.example.org/lang/\">www.example.org/lang</a></p>";
    let german = vec![
        Written {
            icon: Some("https://cms.example/Standort.png"),
            ..page(1, None, "ankommen", "Ankommen", "")
        },
        page(2, Some(1), "anmelden", "Sich anmelden & <ummelden>", contact),
        page(
            3,
            Some(2),
            "fristen",
            "Fristen",
            "<p>Innerhalb von zwei Wochen. Siehe <a href=\"page:019b76da-a800-7c3e-9d1a-000000000002\">Anmelden</a>.</p>",
        ),
        Written {
            icon: Some("https://cms.example/house180.png"),
            ..page(4, None, "wohnen", "Wohnen", "<p>Eine Wohnung suchen.</p>")
        },
    ];
    let english = vec![
        page(1, None, "arrive", "Arriving", ""),
        page(2, Some(1), "register", "Register", "<p>Register in two weeks.</p>"),
    ];
    let arabic = vec![
        page(1, None, "الوصول", "الوصول", ""),
        page(
            2,
            Some(1),
            "التسجيل",
            "التسجيل لدى البلدية",
            "<h3>معلومات</h3><p>يرجى الاتصال على 0821 / 31 02-0 خلال أسبوعين.</p>",
        ),
    ];
    let bulgarian = vec![page(1, None, "пристигане", "Пристигане", "<p>Добре дошли.</p>")];
    let mut snapshot = built(vec![
        ("de", "Deutsch", german),
        ("en", "English", english),
        ("ar", "العربية", arabic),
        ("bg", "Български", bulgarian),
    ]);
    super::fixture_kinds::furnish(&mut snapshot);
    snapshot
}

pub fn built(written: Vec<(&'static str, &'static str, Vec<Written>)>) -> Snapshot {
    let languages: Vec<LanguageView> =
        written.iter().enumerate().map(|(at, (tag, name, _))| language(at, tag, name)).collect();
    let editions: Vec<Shared<Edition>> =
        written.into_iter().map(|(tag, _, pages)| edition(&format!("/musterland/{tag}/"), pages)).collect();
    let known = editions.iter().flat_map(|edition| edition.items().map(|page| (page.id, 1))).collect();
    let settings =
        RegionSettings { attribution: "Landratsamt Musterland".to_owned(), ..RegionSettings::default() };
    let region = RegionView {
        id: RegionId::from_uuid(Uuid::from_u128(7)),
        number: 1,
        slug: "musterland".to_owned(),
        name: "Landkreis Musterland".to_owned(),
        settings,
        default_language: languages[GERMAN].tag.clone(),
        languages,
        editions,
        outline: Shared::default(),
        known: Arc::new(known),
        mirrored: Arc::default(),
    };
    Snapshot { version: 1, regions: vec![Arc::new(region)], ..Snapshot::default() }
}

fn language(at: usize, tag: &str, name: &str) -> LanguageView {
    let tag: crate::base::language::LanguageTag = tag.parse().unwrap();
    LanguageView {
        number: i64::try_from(at).unwrap(),
        slug: tag.as_str().to_owned(),
        native_name: name.to_owned(),
        direction: tag.direction(),
        source: (at != GERMAN).then(|| "de".parse().unwrap()),
        tag,
    }
}

fn edition(home: &str, written: Vec<Written>) -> Shared<Edition> {
    let (mut views, mut roots) = (Vec::<ItemView>::new(), Vec::new());
    for page in written {
        let at = views.len();
        let parent =
            page.parent.map(|parent| views.iter().position(|view| view.id == page_id(parent)).unwrap());
        match parent {
            Some(parent) => views[parent].children.push(at),
            None => roots.push(at),
        }
        let above = parent.map_or(home, |parent| views[parent].path.as_str());
        let path = format!("{above}PLACE/");
        views.push(view(page, parent, path));
    }
    Edition { pages: Shelf::of(views).into(), roots, ..Edition::default() }.into()
}

fn view(page: Written, parent: Option<usize>, path: String) -> ItemView {
    let mut body = Body::untitled(String::new());
    body.title = page.title.to_owned();
    let pieces = CleanHtml::parse(page.html).pieces();
    body.blocks = pieces
        .into_iter()
        .map(|piece| Block { id: String::new(), tag: piece.tag, html: piece.html })
        .collect();
    let view = View {
        id: page_id(page.id),
        kind: ObjectKind::Page,
        number: 1,
        revision: 1,
        fallback: false,
        facts: None,
        rev: 1,
        digest: Digest::of(page.slug.as_bytes()),
        slug: page.slug.to_owned(),
        slug_history: vec![format!("frueher-{}", page.slug), page.slug.to_owned()],
        path: path.replace("PLACE", page.slug),
        parent,
        children: Vec::new(),
        depth: 1,
        order: 1,
        updated_at: Moment::parse("2023-11-20T13:06:57Z").unwrap(),
        freshness: Freshness::Current,
        body: Arc::new(body),
        icon: page.icon.map(str::to_owned),
        labels: None,
        provenance: None,
    };
    view.into()
}

/// The snapshot's first region, to be changed.
pub fn region(snapshot: &mut Snapshot) -> &mut RegionView {
    Arc::get_mut(&mut snapshot.regions[0]).unwrap()
}

pub fn provenance() -> Provenance {
    Provenance {
        node: NodeId::of_genesis([7; 32]),
        node_name: "Landkreis Augsburg".to_owned(),
        object: page_id(2).into(),
        site: Some("https://origin.example/".to_owned()),
        url: Some("https://origin.example/o/2".to_owned()),
        licence: "CC-BY-4.0".to_owned(),
        attribution: "Landratsamt Augsburg".to_owned(),
        facets: Facets::NONE,
        confirmed_at: Some(Moment::parse("2024-01-05T10:00:00Z").unwrap()),
        unconfirmed_since: None,
    }
}
