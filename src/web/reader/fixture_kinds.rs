//! What the small region has beside its pages: one item of each kind, in German and most of them in Arabic.

use super::fixture::{page_id, region};
use crate::base::digest::Digest;
use crate::base::html::CleanHtml;
use crate::base::moment::Moment;
use crate::domain::content::body::{Block, Body, Medium};
use crate::domain::content::facts::Facts;
use crate::domain::content::kind::ObjectKind;
use crate::domain::content::published::{Freshness, ItemView, LanguageView, Shelf, Snapshot, View};
use jiff::civil::Date;
use std::sync::Arc;

/// A Wednesday; the day on which the region is looked at.
pub const TODAY: Date = Date::constant(2026, 11, 25);
pub const NOW: &str = "2026-11-25T09:00:00Z";

/// A picture that the fixture's house has. It is held only by a node that was given it.
pub const PICTURE: &[u8] = b"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 640 280\" width=\"640\" height=\"280\">\
<rect width=\"640\" height=\"280\" fill=\"#dbe7ea\"/><path d=\"M0 220h640v60H0z\" fill=\"#9db8a0\"/>\
<path d=\"M200 220V110l120-70 120 70v110z\" fill=\"#c96f4a\"/><path d=\"M180 118l140-82 140 82\" fill=\"none\" stroke=\"#5d3a2a\" stroke-width=\"14\"/>\
<path d=\"M295 220v-60h50v60zM230 140h36v34h-36zM374 140h36v34h-36z\" fill=\"#fff3d6\"/></svg>";

/// An item with its German and perhaps an Arabic title and text.
struct Told {
    id: u128,
    kind: ObjectKind,
    /// Empty for kinds without an address.
    slug: &'static str,
    german: (&'static str, &'static str),
    arabic: Option<(&'static str, &'static str)>,
    facts: Option<serde_json::Value>,
}

fn id(number: u128) -> String {
    page_id(number).to_string()
}

/// Puts the items on the shelves of every language of the snapshot's first region.
pub fn furnish(snapshot: &mut Snapshot) {
    let all: Vec<Told> =
        [orientation(), places(), contacts(), events(), words()].into_iter().flatten().collect();
    let region = region(snapshot);
    Arc::make_mut(&mut region.known).extend(all.iter().map(|told| (page_id(told.id), 1)));
    let slug = region.slug.clone();
    for (language, edition) in region.languages.iter().zip(&mut region.editions) {
        for kind in ObjectKind::ITEMS.into_iter().filter(|kind| *kind != ObjectKind::Page) {
            let told = all.iter().filter(|told| told.kind == kind);
            let views = told.filter_map(|told| view(told, &slug, language)).collect();
            edition.shelves.insert(kind, Shelf::of(views).into());
        }
    }
}

fn view(told: &Told, region: &str, language: &LanguageView) -> Option<ItemView> {
    let (fallback, (title, html)) = match language.tag.as_str() {
        "de" => (false, told.german),
        "ar" if told.arabic.is_some() => (false, told.arabic?),
        _ if !told.kind.falls_back() => return None,
        _ => (true, told.german),
    };
    let home = format!("/{region}/{}/", language.slug);
    let number = i64::try_from(told.id).unwrap();
    let path = match (told.kind, told.kind.segment()) {
        (_, None) => String::new(),
        (ObjectKind::Imprint, Some(segment)) => format!("{home}{segment}/"),
        (ObjectKind::News, Some(segment)) => format!("{home}{segment}/local/{number}/"),
        (_, Some(segment)) => format!("{home}{segment}/{}/", told.slug),
    };
    let body = |title: &str, html: &str| Body {
        title: title.to_owned(),
        blocks: CleanHtml::parse(html)
            .pieces()
            .into_iter()
            .map(|piece| Block { id: String::new(), tag: piece.tag, html: piece.html })
            .collect(),
        ..Body::untitled(String::new())
    };
    let facts = told.facts.as_ref().map(|facts| {
        let medium = serde_json::json!({"sha256": Digest::of(PICTURE), "size": PICTURE.len(),
            "mime": "image/svg+xml", "alt": "Ein Haus mit roten Wänden", "credit": "Zeichnung: Landratsamt"});
        let medium: Medium = serde_json::from_value(medium).unwrap();
        let facts: Facts = serde_json::from_value(facts.clone()).unwrap();
        Arc::new(Body { facts: Some(facts), media: vec![medium], ..body("", "") })
    });
    let view = View {
        id: page_id(told.id),
        kind: told.kind,
        number,
        revision: 1,
        fallback,
        facts,
        rev: 1,
        digest: Digest::of(title.as_bytes()),
        slug: told.slug.to_owned(),
        slug_history: match told.slug {
            "" => Vec::new(),
            slug => vec![format!("frueher-{slug}"), slug.to_owned()],
        },
        path,
        parent: None,
        children: Vec::new(),
        depth: 1,
        order: number,
        updated_at: Moment::parse("2026-11-20T13:06:57Z").unwrap(),
        freshness: Freshness::Current,
        body: Arc::new(body(title, html)),
        icon: None,
        labels: None,
        provenance: None,
    };
    Some(view.into())
}

fn orientation() -> Vec<Told> {
    use serde_json::json;
    let category = |id, german, arabic, icon: &str, colour: &str| Told {
        id,
        kind: ObjectKind::Category,
        slug: "",
        german: (german, ""),
        arabic: Some((arabic, "")),
        facts: Some(json!({"category": {"icon": icon, "colour": colour}})),
    };
    vec![
        category(101, "Beratung", "الاستشارة", "advice", "#2E98FB"),
        category(102, "Gesundheit", "الصحة", "health", "#FF3333"),
        Told {
            id: 105,
            kind: ObjectKind::Organisation,
            slug: "",
            german: ("Caritas Musterland", ""),
            arabic: None,
            facts: Some(
                json!({"organisation": {"slug": "caritas", "website": "https://www.caritas.example/"}}),
            ),
        },
        Told {
            id: 106,
            kind: ObjectKind::Offer,
            slug: "",
            german: ("Stellenbörse", ""),
            arabic: Some(("فرص العمل", "")),
            facts: Some(json!({"offer": {"alias": "jobs", "url": "https://jobs.example/?q=1&x"}})),
        },
    ]
}

fn places() -> Vec<Told> {
    use serde_json::json;
    let hours = "Mo,Tu 08:00-12:00,14:00-16:00; We-Fr 08:00-12:00; PH off; 2026 Nov 26 off \"Betriebsausflug\"; \
                 2026 Dec 24-2027 Jan 06 off \"Weihnachtsferien\"; 2027 Feb 11 10:00-12:00";
    vec![
        Told {
            id: 111,
            kind: ObjectKind::Place,
            slug: "buergerhaus",
            german: (
                "Bürgerhaus Musterstadt",
                "<p>Hier helfen Ihnen Menschen, die viele Sprachen sprechen. Sie können ohne Anmeldung kommen.</p>\
                 <h3>Das finden Sie hier</h3><ul><li>Sprachcafé</li><li>Sozialberatung</li></ul>",
            ),
            arabic: Some((
                "دار المواطنين في موسترشتات",
                "<p>يساعدك هنا أشخاص يتحدثون لغات كثيرة. يمكنك الحضور دون موعد.</p>",
            )),
            facts: Some(json!({"place": {
                "address": {"street": "Am Platz 4", "postcode": "86150", "town": "Musterstadt"},
                "position": [10.898, 48.371], "on_map": true, "category": id(101), "organisation": id(105),
                "hours": hours, "appointment": "https://termine.example/buergerhaus", "barrier_free": true,
                "picture": {"held": Digest::of(PICTURE)}}})),
        },
        Told {
            id: 112,
            kind: ObjectKind::Place,
            slug: "praxis-am-markt",
            german: ("Praxis am Markt", "<p>Hausärztliche Praxis.</p>"),
            arabic: None,
            facts: Some(json!({"place": {
                "address": {"street": "Markt 1", "postcode": "86150", "town": "Musterstadt"},
                "category": id(102), "hours": "Mo-Fr 08:00-12:00", "temporarily_closed": true,
                "barrier_free": false}})),
        },
        Told {
            id: 113,
            kind: ObjectKind::Place,
            slug: "telefon-seelsorge",
            german: ("Telefonseelsorge", "<p>Anonym und kostenlos.</p>"),
            arabic: None,
            facts: Some(json!({"place": {"hours": "24/7"}})),
        },
    ]
}

fn contacts() -> Vec<Told> {
    use serde_json::json;
    let contact = |id, german: &'static str, arabic, facts| Told {
        id,
        kind: ObjectKind::Contact,
        slug: "",
        german: (german, ""),
        arabic: Some((arabic, "")),
        facts: Some(json!({ "contact": facts })),
    };
    vec![
        contact(
            121,
            "Sozialberatung",
            "الاستشارة الاجتماعية",
            json!({"of": id(111), "name": "Amira Haddad", "phone": "0821 / 31 02-15",
                "mobile": "+49 (0) 151 2345678", "email": "haddad@musterland.example",
                "hours": "Mo 09:00-11:00; Th \"by appointment\""}),
        ),
        contact(
            122,
            "",
            "",
            json!({"of": id(111), "name": "Empfang", "phone": "0821 / 31 02-0",
                "email": "buergerhaus@musterland.example", "website": "https://www.buergerhaus.example/"}),
        ),
        contact(123, "", "", json!({"of": id(113), "phone": "0800 111 0 111"})),
    ]
}

fn events() -> Vec<Told> {
    use serde_json::json;
    let event = |id, slug, german, arabic, facts| Told {
        id,
        kind: ObjectKind::Event,
        slug,
        german,
        arabic,
        facts: Some(json!({ "event": facts })),
    };
    vec![
        event(
            131,
            "ausstellung",
            ("Ausstellung „Ankommen“", "<p>Bilder von Menschen, die hier angekommen sind.</p>"),
            None,
            json!({"when": {"start": "2026-11-09T00:00", "end": "2027-01-11T00:00", "zone": "Europe/Berlin",
                "all_day": true}, "only_weekdays": true, "place": id(111)}),
        ),
        event(
            132,
            "sprachcafe",
            (
                "Sprachcafé",
                "<p>Deutsch sprechen bei Kaffee und Tee. Alle sind willkommen, auch mit Kindern.</p>",
            ),
            Some(("مقهى اللغة", "<p>تحدّث الألمانية مع القهوة والشاي. الجميع مرحّب بهم، حتى مع الأطفال.</p>")),
            json!({"when": {"start": "2026-06-02T17:00", "end": "2026-06-02T19:00", "zone": "Europe/Berlin",
                "rrule": "FREQ=WEEKLY;BYDAY=TU", "cancelled": ["2026-12-29T17:00", "2027-01-05T17:00"],
                "moved": {
                    "2026-11-24T17:00": {"start": "2026-11-26T17:00", "end": "2026-11-26T19:00"},
                    "2026-12-08T17:00": {"start": "2026-12-09T18:00", "end": "2026-12-09T20:00"}}},
                "place": id(111)}),
        ),
        event(
            133,
            "lange-nacht",
            ("Lange Nacht", "<p>Musik und Essen aus vielen Ländern.</p>"),
            Some(("ليلة طويلة", "<p>موسيقى وأطعمة من بلدان كثيرة.</p>")),
            json!({"when": {"start": "2026-12-12T22:00", "end": "2026-12-13T02:00", "zone": "Europe/Berlin"},
                "place": id(111)}),
        ),
        event(
            134,
            "beratung-online",
            ("Beratung online", "<p>Fragen zur Rückkehr in die Ukraine.</p>"),
            None,
            json!({"when": {"start": "2027-02-03T10:00", "end": "2027-02-03T11:00", "zone": "Europe/Kyiv"},
                "online": "https://treffen.example/raum"}),
        ),
    ]
}

fn words() -> Vec<Told> {
    use serde_json::json;
    vec![
        Told {
            id: 141,
            kind: ObjectKind::News,
            slug: "",
            german: (
                "Bürgerhaus morgen geschlossen",
                "<p>Wegen eines Betriebsausflugs bleibt das Haus zu.</p>",
            ),
            arabic: Some(("دار المواطنين مغلقة غدًا", "<p>الدار مغلقة بسبب رحلة الموظفين.</p>")),
            facts: Some(json!({"news": {"at": "2026-11-25T07:00:00Z", "until": "2026-12-25T07:00:00Z"}})),
        },
        Told {
            id: 142,
            kind: ObjectKind::News,
            slug: "",
            german: ("Neue Deutschkurse ab Januar", "<p>Anmeldung ab sofort.</p>"),
            arabic: None,
            facts: Some(json!({"news": {"at": "2026-11-20T07:00:00Z", "until": "2026-12-25T07:00:00Z"}})),
        },
        Told {
            id: 151,
            kind: ObjectKind::Imprint,
            slug: "",
            german: (
                "Impressum",
                "<p>Landratsamt Musterland<br>Am Platz 4<br>86150 Musterstadt</p><p>Telefon: 0821 / 31 02-0</p>",
            ),
            arabic: None,
            facts: None,
        },
    ]
}
