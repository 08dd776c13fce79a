//! What readers get of events, places, news and the imprint, asked over HTTP of the same small region.

use super::fixture::{self, ARABIC, GERMAN, NOW, page_id};
use super::tests::{Asked, asked, asked_at, assert_loads_only_from_here, assert_well_formed, page};
use crate::domain::content::body::Body;
use crate::domain::content::facts::Facts;
use crate::domain::content::kind::ObjectKind;
use crate::domain::content::published::Snapshot;
use serde_json::json;
use std::sync::Arc;

fn bare(text: &str) -> String {
    text.replace(['\u{2068}', '\u{2069}'], "").replace('\u{a0}', " ")
}

async fn text(path: &str) -> String {
    let page = page(path).await;
    assert_eq!(page.status, 200, "{path}: {}", page.location);
    bare(&page.html)
}

#[track_caller]
fn assert_in_order(html: &str, wanted: &[&str]) {
    let mut rest = html;
    for wanted in wanted {
        rest = rest.split_once(wanted).unwrap_or_else(|| panic!("{wanted} in {html}")).1;
    }
}

const PATHS: [&str; 8] = [
    "events/",
    "events/2026-12/",
    "events/sprachcafe/",
    "events/beratung-online/",
    "locations/",
    "locations/buergerhaus/",
    "locations/praxis-am-markt/",
    "imprint/",
];

#[actix_web::test]
async fn every_page_of_every_kind_is_well_formed_and_loads_only_from_here() {
    for language in ["de", "ar", "bg"] {
        for path in PATHS.iter().chain(["news/", "news/local/141/"].iter().filter(|_| language != "bg")) {
            let path = format!("/musterland/{language}/{path}");
            let page = page(&path).await;
            assert_eq!(page.status, 200, "{path}");
            assert_well_formed(&page.html);
            assert_loads_only_from_here(&page.html);
            assert_eq!(page.html.matches("<h1").count(), 1, "{path}");
            assert!(page.html.contains(&format!("href=\"/musterland/{language}/imprint/\"")), "{path}");
        }
    }
}

#[actix_web::test]
async fn the_first_page_leads_only_to_what_there_is() {
    let html = text("/musterland/de/").await;
    assert_in_order(
        &html,
        &[
            "href=\"/musterland/de/events/\"",
            "Donnerstag, 26. November",
            "Sprachcafé",
            "Samstag, 12. Dezember",
            "Lange Nacht",
            "Mittwoch, 3. Februar 2027",
            "href=\"/musterland/de/locations/\"",
            "Beratung",
            "href=\"/musterland/de/news/\"",
            "Bürgerhaus morgen geschlossen",
        ],
    );
    assert!(!html.contains("1. Dezember") && !html.contains("Ausstellung"), "three events are enough");
    let mut snapshot = fixture::snapshot();
    fixture::region(&mut snapshot).editions[GERMAN].shelves.clear();
    let html = asked(snapshot, "/musterland/de/", "de").await.html;
    assert!(!html.contains("/events/") && !html.contains("class=\"doors\"") && !html.contains("/imprint/"));
    let mut snapshot = fixture::snapshot();
    fixture::region(&mut snapshot).settings.events = false;
    let html = asked(snapshot, "/musterland/de/", "de").await.html;
    assert!(!html.contains("/de/events/") && html.contains("/de/locations/"), "the region offers none");
}

#[actix_web::test]
async fn events_are_listed_by_day_and_what_goes_on_for_long_comes_last() {
    let html = text("/musterland/de/events/").await;
    assert_in_order(
        &html,
        &[
            "<h2>Donnerstag, 26. November</h2>",
            "<time datetime=\"2026-11-26T17:00\">17:00–19:00 Uhr</time>",
            "<a class=\"name\" href=\"/musterland/de/events/sprachcafe/\">Sprachcafé</a>",
            "Bürgerhaus Musterstadt",
            "Jede Woche: Dienstag",
            "<h2>Mittwoch, 9. Dezember</h2>",
            "18:00–20:00 Uhr",
            "<h2>Mittwoch, 3. Februar 2027</h2>",
            "10:00–11:00 Uhr",
            "Kiew (Ortszeit)",
            "Online",
            "Über längere Zeit",
            "Ausstellung „Ankommen“",
            "9. November 2026 bis 10. Januar 2027",
            "Nur Montag bis Freitag",
        ],
    );
    assert!(!html.contains("8. Dezember"), "that date was moved");
    assert!(html.contains("href=\"/musterland/de/events/2026-12/\""));
}

#[actix_web::test]
async fn dates_move_on_with_the_day_though_nothing_is_published() {
    let on = async |now: &str| {
        asked_at(fixture::snapshot(), "/musterland/de/events/sprachcafe/", "de", now).await.html
    };
    // Still the day before in Greenwich, and already the next in Musterland.
    assert!(on("2026-11-26T22:59:59Z").await.contains("datetime=\"2026-11-26T17:00\""));
    assert!(!on("2026-11-26T23:00:00Z").await.contains("datetime=\"2026-11-26T17:00\""));
}

#[actix_web::test]
async fn a_calendar_has_a_neighbour_only_where_there_are_dates() {
    let html = text("/musterland/de/events/2026-12/").await;
    assert_in_order(
        &html,
        &[
            "<h1 id=\"title\">Dezember 2026</h1>",
            "href=\"/musterland/de/events/2026-11/\" rel=\"prev\"",
            "href=\"/musterland/de/events/2027-01/\" rel=\"next\"",
            "<a href=\"#d1\"><span class=\"unseen\">Dienstag, 1. Dezember</span>",
            "<caption class=\"unseen\">Dezember 2026</caption>",
            "<abbr title=\"Montag\">",
            "<td id=\"d1\"><time datetime=\"2026-12-01\">",
            "Sprachcafé",
            "Lange Nacht",
            "Über längere Zeit",
            "9. November 2026 bis 10. Januar 2027",
        ],
    );
    assert_eq!(html.matches("Lange Nacht").count(), 1, "a night stands on one day");
    let this = text("/musterland/de/events/2026-11/").await;
    assert!(!this.contains("rel=\"prev\"") && this.contains("class=\"over\""));
    let last = text("/musterland/de/events/2027-11/").await;
    assert!(!last.contains("rel=\"next\""), "calendars end after a year");
    for gone in ["2026-10", "2027-12", "9999-12"] {
        let answer = page(&format!("/musterland/de/events/{gone}/")).await;
        assert_eq!((answer.status, answer.location.as_str()), (302, "/musterland/de/events/"), "{gone}");
    }
}

#[actix_web::test]
async fn an_event_tells_when_and_where_and_which_dates_are_off() {
    let html = text("/musterland/de/events/sprachcafe/").await;
    assert_in_order(
        &html,
        &[
            "<meta name=\"description\" content=\"Donnerstag, 26. November 2026, 17:00–19:00 Uhr · Deutsch sprechen",
            "Donnerstag, 26. November 2026",
            "Jede Woche: Dienstag",
            "<a href=\"/musterland/de/locations/buergerhaus/\">Bürgerhaus Musterstadt</a>",
            "Am Platz 4",
            "href=\"geo:48.371000,10.898000\"",
            "Nächste Termine",
            "Verschoben von Dienstag, 24. November",
            "<s><time datetime=\"2026-12-29T17:00\">",
            "Fällt aus",
            "Danach folgen weitere Termine.",
        ],
    );
    let online = text("/musterland/de/events/beratung-online/").await;
    assert!(online.contains("href=\"https://treffen.example/raum\" rel=\"noopener external\""));
    assert!(online.contains("Kiew") && !online.contains("id=\"dates\""), "one date is no list");
    let long = text("/musterland/de/events/ausstellung/").await;
    assert!(long.contains("9. November 2026 bis 10. Januar 2027") && long.contains("Ganztägig"));
}

#[actix_web::test]
async fn a_place_shows_this_week_and_says_nothing_of_now() {
    let html = text("/musterland/de/locations/buergerhaus/").await;
    assert_in_order(
        &html,
        &[
            "<span class=\"emblem sign tint-2e98fb\"><img src=\"/static/svg/poi-category-icons/advice.svg\"",
            "Beratung",
            "86150 Musterstadt",
            "<a href=\"geo:48.371000,10.898000\">",
            "<a href=\"https://www.openstreetmap.org/?mlat=48.371000&#38;mlon=10.898000#map=17/48.371000/10.898000\" rel=\"noopener",
            "Barrierefrei",
            "href=\"https://www.caritas.example/\"",
            "Montag</th>",
            "08:00–12:00 Uhr",
            "14:00–16:00 Uhr",
            "<tr class=\"today\"><th scope=\"row\">Mittwoch <time datetime=\"2026-11-25\">25. November</time>",
            "Heute",
            "Geschlossen",
            "Betriebsausflug",
            "Sonst: 08:00–12:00 Uhr",
            "An Feiertagen",
            "Abweichende Zeiten",
            "24. Dezember 2026 bis 6. Januar 2027",
            "Weihnachtsferien",
            "href=\"https://termine.example/buergerhaus\"",
            "Empfang",
            "href=\"tel:082131020\"",
            "<bdi dir=\"ltr\">0821 / 31 02-0</bdi>",
            "href=\"mailto:buergerhaus@musterland.example\"",
            "<bdi dir=\"ltr\">buergerhaus@<wbr>musterland.example</bdi>",
            "<bdi dir=\"ltr\">buergerhaus.example</bdi>",
            "Sozialberatung",
            "href=\"tel:+491512345678\"",
            "Veranstaltungen an diesem Ort",
        ],
    );
    let closed = text("/musterland/de/locations/praxis-am-markt/").await;
    assert!(closed.contains("Vorübergehend geschlossen") && !closed.contains("class=\"hours\""));
    assert!(closed.contains("Nicht barrierefrei"));
}

#[actix_web::test]
async fn a_day_without_hours_tells_when_they_come_next() {
    let on = async |path: &str| {
        bare(&asked_at(fixture::snapshot(), path, "de", "2026-11-26T09:00:00Z").await.html)
    };
    for path in ["/musterland/de/locations/", "/musterland/de/locations/buergerhaus/"] {
        assert_in_order(
            &on(path).await,
            &["Heute", "Geschlossen", "Wieder geöffnet: Freitag, 27. November, 08:00 Uhr"],
        );
    }
}

#[actix_web::test]
async fn places_stand_below_their_category() {
    let first = text("/musterland/de/").await;
    let link = first.split("/de/locations/#").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    assert!(text("/musterland/de/locations/").await.contains(&format!("id=\"{link}\"")), "{link}");
    let html = text("/musterland/ar/locations/").await;
    assert_in_order(
        &html,
        &[
            "الاستشارة</h2>",
            "دار المواطنين",
            "مهيأ لذوي الإعاقة",
            "اليوم",
            "من 08:00 إلى 12:00",
            "الصحة</h2>",
            "<span lang=\"de\" dir=\"ltr\">Praxis am Markt</span>",
            "<span class=\"badge tongue\"><span lang=\"de\" dir=\"ltr\">Deutsch</span></span>",
            "مغلق مؤقتًا",
            "أخرى</h2>",
            "Telefonseelsorge",
        ],
    );
}

#[actix_web::test]
async fn what_is_not_translated_is_marked_and_stands_once_for_search_engines() {
    let html = text("/musterland/ar/events/ausstellung/").await;
    assert!(html.contains("<h1><span lang=\"de\" dir=\"ltr\">Ausstellung „Ankommen“</span></h1>"), "{html}");
    assert!(
        html.contains("<div class=\"text\" lang=\"de\" dir=\"ltr\">") && html.contains("بلغة أخرى: Deutsch")
    );
    assert!(
        html.contains("rel=\"canonical\" href=\"https://info.example/musterland/de/events/ausstellung/\"")
    );
    assert!(!html.contains("hreflang=\"ar\" href=\"https"), "{html}");
    // The switch stays on the event all the same.
    assert!(html.contains("<li><a href=\"/musterland/en/events/ausstellung/\" lang=\"en\""));
    let translated = text("/musterland/ar/events/sprachcafe/").await;
    assert!(
        translated.contains("hreflang=\"de\" href=\"https://info.example/musterland/de/events/sprachcafe/\"")
    );
    assert!(translated.contains("من 17:00 إلى 19:00") && !translated.contains("Deutsch sprechen"));
}

#[actix_web::test]
async fn news_without_a_translation_lead_to_those_that_have_one() {
    let list = text("/musterland/de/news/").await;
    assert_in_order(&list, &["25. November 2026", "Bürgerhaus morgen", "20. November 2026", "Deutschkurse"]);
    let html = text("/musterland/de/news/local/142/").await;
    assert!(html.contains("Freitag, 20. November 2026"));
    // Arabic has news, but not these; Bulgarian has none.
    assert!(html.contains("<li><a href=\"/musterland/ar/news/\" lang=\"ar\""), "{html}");
    assert!(html.contains("<li><a href=\"/musterland/bg/\" lang=\"bg\""));
    let missing = page("/musterland/ar/news/local/142/").await;
    assert_eq!(missing.status, 404);
    assert!(missing.html.contains("<a href=\"/musterland/de/news/local/142/\" lang=\"de\""));
    assert_eq!(page("/musterland/bg/news/").await.status, 404);
}

#[actix_web::test]
async fn every_address_of_an_item_leads_to_its_present_one() {
    for (path, status, location) in [
        ("/musterland/de/events", 301, "/musterland/de/events/"),
        ("/musterland/de/events/frueher-sprachcafe/", 301, "/musterland/de/events/sprachcafe/"),
        ("/musterland/de/events/sprachcafe$2026-12-01/", 301, "/musterland/de/events/sprachcafe/"),
        ("/musterland/de/events/2026-12", 301, "/musterland/de/events/2026-12/"),
        ("/musterland/de/locations/frueher-buergerhaus", 301, "/musterland/de/locations/buergerhaus/"),
        ("/musterland/de/news/local/", 301, "/musterland/de/news/"),
        ("/musterland/de/news/local/141", 301, "/musterland/de/news/local/141/"),
        ("/musterland/de/imprint", 301, "/musterland/de/imprint/"),
        ("/o/019b76da-a800-7c3e-9d1a-000000000084/ar", 302, "/musterland/ar/events/sprachcafe/"),
        ("/o/019b76da-a800-7c3e-9d1a-00000000006f", 302, "/musterland/de/locations/buergerhaus/"),
        ("/o/019b76da-a800-7c3e-9d1a-00000000008d", 302, "/musterland/de/news/local/141/"),
        ("/o/019b76da-a800-7c3e-9d1a-000000000097", 302, "/musterland/de/imprint/"),
    ] {
        let answer = page(path).await;
        assert_eq!((answer.status, answer.location.as_str()), (status, location), "{path}");
    }
    for path in
        ["events/nichts/", "events/sprachcafe/mehr/", "locations/2026-12/", "news/fern/1/", "imprint/x/"]
    {
        assert_eq!(page(&format!("/musterland/de/{path}")).await.status, 404, "{path}");
    }
    // A contact has no address.
    assert_eq!(page("/o/019b76da-a800-7c3e-9d1a-000000000079").await.status, 404);
}

#[actix_web::test]
async fn a_mirrored_event_names_its_origin() {
    let mut snapshot = fixture::snapshot();
    let german = &mut fixture::region(&mut snapshot).editions[GERMAN];
    let events = german.shelves.get_mut(&ObjectKind::Event).unwrap();
    events.items[1].provenance = Some(Arc::new(fixture::provenance()));
    let html = asked(snapshot, "/musterland/de/events/sprachcafe/", "de").await.html;
    assert!(bare(&html).contains("Dieser Text kommt von Landkreis Augsburg"), "{html}");
    assert!(html.contains("href=\"#origin\"") && html.contains("CC BY 4.0"));
}

fn data(page: &Asked) -> serde_json::Value {
    let (_, rest) = page.html.split_once("<script type=\"application/ld+json\">").unwrap();
    serde_json::from_str(rest.split_once("</script>").unwrap().0).unwrap()
}

#[actix_web::test]
async fn machines_are_told_what_a_page_is_about() {
    let event = data(&page("/musterland/de/events/sprachcafe/").await);
    assert_eq!(event["@type"], "Event");
    assert_eq!(event["startDate"], "2026-11-26T17:00:00+01:00");
    assert_eq!(event["eventStatus"], "https://schema.org/EventRescheduled");
    assert_eq!(event["location"][0]["address"]["addressLocality"], "Musterstadt");
    assert_eq!(event["previousStartDate"], "2026-11-24T17:00:00+01:00");
    assert_eq!(event["eventSchedule"]["repeatFrequency"], "P1W");
    let dates = event["subEvent"].as_array().unwrap();
    assert_eq!(dates[0]["startDate"], event["startDate"]);
    let cancelled = dates.iter().filter(|date| date["eventStatus"] == "https://schema.org/EventCancelled");
    assert_eq!(cancelled.count(), 2, "{dates:?}");
    let whole = data(&page("/musterland/de/events/ausstellung/").await);
    assert!(whole.get("subEvent").is_none() && whole.get("eventSchedule").is_none());
    assert_eq!((&whole["startDate"], &whole["endDate"]), (&"2026-11-09".into(), &"2027-01-10".into()));
    let place = data(&page("/musterland/ar/locations/buergerhaus/").await);
    assert_eq!(place["@type"], "Place");
    assert_eq!(place["openingHoursSpecification"][0]["opens"], "08:00");
    assert_eq!((&place["telephone"], &place["geo"]["latitude"]), (&"0821 / 31 02-0".into(), &48.371.into()));
    assert_eq!(place["@reverse"]["location"]["name"], "Caritas Musterland");
    assert_eq!(place["amenityFeature"]["value"], true);
    let german_house = "https://info.example/musterland/de/locations/buergerhaus/";
    assert_eq!(place["subjectOf"]["translationOfWork"]["url"], german_house);
    let german = data(&page("/musterland/de/locations/buergerhaus/").await);
    assert_eq!(german["subjectOf"]["workTranslation"][0]["inLanguage"], "ar");
    let site = data(&page("/musterland/de/").await);
    assert_eq!(
        (&site["@type"], &site["publisher"]["name"]),
        (&"WebSite".into(), &"Landratsamt Musterland".into())
    );
    let news = data(&page("/musterland/de/news/local/141/").await);
    assert!(news["datePublished"].is_string() && news["dateModified"].is_string());
    let mut snapshot = fixture::snapshot();
    let german = &mut fixture::region(&mut snapshot).editions[GERMAN];
    german.pages.items[1].provenance = Some(Arc::new(fixture::provenance()));
    let article = data(&asked(snapshot, "/musterland/de/ankommen/anmelden/", "de").await);
    assert_eq!((&article["@type"], &article["inLanguage"]), (&"Article".into(), &"de".into()));
    assert_eq!(article["isBasedOn"], "https://origin.example/o/2");
    assert_eq!(article["license"], "https://creativecommons.org/licenses/by/4.0/");
}

#[actix_web::test]
async fn sitemaps_list_what_is_translated() {
    let german = page("/musterland/de/sitemap.xml").await.html;
    for path in ["events/", "events/sprachcafe/", "locations/buergerhaus/", "news/local/142/", "imprint/"] {
        assert!(german.contains(&format!("<loc>https://info.example/musterland/de/{path}</loc>")), "{path}");
    }
    let arabic = page("/musterland/ar/sitemap.xml").await.html;
    assert!(
        arabic.contains("/ar/events/sprachcafe/</loc>") && !arabic.contains("/ar/events/ausstellung/</loc>")
    );
}

#[actix_web::test]
async fn a_picture_is_shown_only_if_it_is_held_here() {
    let html = text("/musterland/de/locations/buergerhaus/").await;
    assert!(!html.contains("<figure"), "this node does not hold it");
    let (_server, state) = super::tests::state_of(fixture::snapshot(), NOW);
    state.blobs.put(fixture::PICTURE).unwrap();
    let html = super::tests::asked_of(state, "/musterland/de/locations/buergerhaus/", "de").await.html;
    assert!(html.contains("alt=\"Ein Haus mit roten Wänden\"") && html.contains("Zeichnung: Landratsamt"));
    assert_well_formed(&html);
    assert_loads_only_from_here(&html);
}

#[actix_web::test]
async fn what_a_foreign_feed_calls_a_category_loads_nothing() {
    let mut snapshot: Snapshot = fixture::snapshot();
    let german = &mut fixture::region(&mut snapshot).editions[GERMAN];
    let category = &mut german.shelves.get_mut(&ObjectKind::Category).unwrap().items[0];
    let body = Arc::get_mut(category.facts.as_mut().unwrap()).unwrap();
    if let Some(Facts::Category(facts)) = &mut body.facts {
        facts.icon = "../../../x".to_owned();
    }
    let html = asked(snapshot, "/musterland/de/locations/", "de").await.html;
    assert!(html.contains("poi-category-icons/other.svg") && !html.contains("../x"), "{html}");
    assert_eq!(fixture::snapshot().regions[0].languages[ARABIC].slug, "ar");
}

#[actix_web::test]
async fn a_page_shows_its_offers_and_who_answers_for_it() {
    let bare = page("/musterland/de/ankommen/anmelden/").await.html;
    assert!(
        !bare.contains("id=\"offers\"")
            && !bare.contains("id=\"responsible\"")
            && !bare.contains("maintainer")
    );
    for (index, path, offers, offer) in [
        (GERMAN, "/musterland/de/ankommen/anmelden/", "Angebote", "Stellenbörse"),
        (ARABIC, "/musterland/ar/الوصول/", "خدمات", "فرص العمل"),
    ] {
        let mut snapshot = fixture::snapshot();
        let pages = &mut fixture::region(&mut snapshot).editions[index].pages;
        let page = pages.items.iter_mut().find(|page| page.path == path).unwrap();
        // One of the offers is not public.
        let facts = json!({"page": {"organisation": page_id(105), "offers": [page_id(106), page_id(107)]}});
        let facts = Some(serde_json::from_value(facts).unwrap());
        page.facts = Some(Arc::new(Body { facts, ..Body::untitled(String::new()) }));
        let html = asked(snapshot, &super::address::encoded(path), "de").await.html;
        assert_well_formed(&html);
        let link =
            format!("<a href=\"https://jobs.example/?q=1&#38;x\" rel=\"noopener external\">{offer}</a>");
        assert_in_order(
            &html,
            &[offers, &link, "id=\"responsible\"", "https://www.caritas.example/", "Caritas Musterland"],
        );
        let section = html.split_once("id=\"offers\"").unwrap().1.split_once("</section>").unwrap().0;
        assert_eq!(section.matches("<p>").count(), 1, "{section}");
        let maintainer = "\"maintainer\":{\"@type\":\"Organization\",\"name\":\"Caritas Musterland\",\"url\":\"https://www.caritas.example/\"}";
        assert!(html.contains(maintainer), "{html}");
    }
}
