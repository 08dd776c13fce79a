//! What readers get, asked over HTTP of a small region.

use super::fixture::{self, ARABIC, BULGARIAN, GERMAN};
use crate::base::id::NodeId;
use crate::base::moment::Moment;
use crate::domain::content::published::{Freshness, Snapshot};
use crate::platform::blobs::Blobs;
use crate::platform::clock::Clock;
use crate::platform::db::Database;
use crate::platform::db::testing::Scratch;
use crate::web::{About, Showing, State, routes};
use actix_web::dev::ServiceResponse;
use actix_web::http::{Method, header};
use actix_web::test::{TestRequest, call_service, init_service, read_body};
use actix_web::{App, web};
use std::sync::Arc;

pub struct Asked {
    pub status: u16,
    pub location: String,
    policy: String,
    vary: String,
    pub html: String,
}

pub async fn asked(snapshot: Snapshot, path: &str, languages: &str) -> Asked {
    asked_at(snapshot, path, languages, fixture::NOW).await
}

pub async fn asked_at(snapshot: Snapshot, path: &str, languages: &str, now: &str) -> Asked {
    let (_kept, state) = state_of(snapshot, now);
    asked_of(state, path, languages).await
}

async fn answered(snapshot: Snapshot, request: TestRequest) -> Asked {
    let (_kept, state) = state_of(snapshot, fixture::NOW);
    answered_of(state, request).await
}

/// A node's doors over an empty database, and what must live as long as they do.
pub fn state_of(snapshot: Snapshot, now: &str) -> ((Scratch, tempfile::TempDir), web::Data<State>) {
    let scratch = Scratch::new();
    let folder = tempfile::tempdir().unwrap();
    let about = About {
        site: "https://info.example/".to_owned(),
        node_name: "Musterland".to_owned(),
        node_id: NodeId::of_genesis([1; 32]),
        data: folder.path().to_owned(),
    };
    let database = Database::open(scratch.url()).unwrap();
    let blobs = Blobs::open(folder.path().join("blobs")).unwrap();
    let clock = Clock::manual(Moment::parse(now).unwrap());
    let state = web::Data::new(State::new(about, database, blobs, clock));
    state.show(Showing::new(Arc::new(snapshot)));
    ((scratch, folder), state)
}

pub async fn asked_of(state: web::Data<State>, path: &str, languages: &str) -> Asked {
    let request = TestRequest::get().uri(path).insert_header((header::ACCEPT_LANGUAGE, languages));
    answered_of(state, request).await
}

async fn answered_of(state: web::Data<State>, request: TestRequest) -> Asked {
    let app = init_service(App::new().app_data(state).configure(routes::configure)).await;
    let answer: ServiceResponse = call_service(&app, request.to_request()).await;
    let text = |name: header::HeaderName| {
        let all: Vec<&str> = answer.headers().get_all(name).map(|value| value.to_str().unwrap()).collect();
        all.join(", ")
    };
    let (location, policy, vary) =
        (text(header::LOCATION), text(header::CONTENT_SECURITY_POLICY), text(header::VARY));
    let status = answer.status().as_u16();
    let html = String::from_utf8(read_body(answer).await.to_vec()).unwrap();
    Asked { status, location, policy, vary, html }
}

pub async fn page(path: &str) -> Asked {
    asked(fixture::snapshot(), path, "de").await
}

/// Every element that is opened is closed, in order, and every attribute is quoted.
pub fn assert_well_formed(html: &str) {
    const VOID: [&str; 9] = ["meta", "link", "img", "input", "br", "hr", "wbr", "col", "!doctype"];
    let mut open: Vec<&str> = Vec::new();
    for part in html.split('<').skip(1) {
        let (tag, text) = part.split_once('>').unwrap_or_else(|| panic!("unclosed tag <{part}"));
        assert!(!text.contains('>'), "a bare > after <{tag}>: {text}");
        assert_eq!(tag.matches('"').count() % 2, 0, "<{tag}>");
        match tag.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name), "in {html}"),
            None => {
                let name = tag.split_whitespace().next().unwrap();
                if !VOID.contains(&name) {
                    open.push(name);
                }
            }
        }
    }
    assert_eq!(open, Vec::<&str>::new());
}

pub fn assert_loads_only_from_here(html: &str) {
    for part in html.split('<').filter(|part| {
        ["img ", "iframe", "source", "link rel=\"s", "link rel=\"i", "use "]
            .iter()
            .any(|tag| part.starts_with(tag))
    }) {
        let tag = part.split('>').next().unwrap();
        assert!(!tag.contains("//"), "<{tag}>");
    }
    let scripts = html.matches("<script").count();
    assert_eq!(scripts, html.matches("<script type=\"application/ld+json\">").count(), "no script runs");
    assert!(!html.contains("style=\""));
}

#[actix_web::test]
async fn every_kind_of_page_is_well_formed_and_loads_only_from_here() {
    for path in [
        "/",
        "/musterland/de/",
        "/musterland/de/ankommen/",
        "/musterland/de/ankommen/anmelden/",
        "/musterland/bg/",
        "/nowhere/",
        "/musterland/ar/nichts/",
    ] {
        let page = page(path).await;
        assert_well_formed(&page.html);
        assert_loads_only_from_here(&page.html);
        assert!(page.policy.contains("default-src 'none'") && !page.policy.contains("unsafe"), "{path}");
        assert_eq!(page.html.matches("<h1").count(), 1, "{path}");
        assert!(page.html.contains("href=\"#content\"") && page.html.contains("id=\"content\""), "{path}");
    }
}

#[actix_web::test]
async fn a_page_tells_machines_what_it_is() {
    let html = page("/musterland/de/ankommen/anmelden/").await.html;
    for wanted in [
        "<html lang=\"de\" dir=\"ltr\">",
        "<link rel=\"canonical\" href=\"https://info.example/musterland/de/ankommen/anmelden/\">",
        "<link rel=\"alternate\" hreflang=\"en\" href=\"https://info.example/musterland/en/arrive/register/\">",
        "<meta name=\"description\" content=\"Ausländeramt Am Platz 4, 86150 Musterstadt 0821 / 31 02-0",
        "<title>Sich anmelden &#38; &#60;ummelden&#62; – Landkreis Musterland</title>",
        "Zuletzt geändert am \u{2068}20. November 2023\u{2069}",
        "<h2>Kontakt</h2>",
        "#phone",
        "Das Haus am Platz",
    ] {
        assert!(html.contains(wanted), "{wanted} in {html}");
    }
    assert!(!html.contains("hreflang=\"bg\" href=\"https"), "Bulgarian has no such page");
}

#[actix_web::test]
async fn arabic_runs_from_right_to_left() {
    let html = page(
        "/musterland/ar/%D8%A7%D9%84%D9%88%D8%B5%D9%88%D9%84/%D8%A7%D9%84%D8%AA%D8%B3%D8%AC%D9%8A%D9%84/",
    )
    .await
    .html;
    assert!(html.contains("<html lang=\"ar\" dir=\"rtl\">"), "{html}");
    assert!(html.contains("<bdi dir=\"ltr\">0821 / 31 02-0</bdi>"));
    assert!(html.contains("20 نوفمبر 2023"));
}

#[actix_web::test]
async fn words_in_another_language_are_marked() {
    let html = page("/musterland/bg/").await.html;
    assert!(html.contains("<html lang=\"bg\" dir=\"ltr\">"));
    assert!(html.contains("<span lang=\"en\" dir=\"ltr\">Skip to content</span>"), "{html}");
    assert!(!page("/musterland/de/").await.html.contains("lang=\"en\" dir=\"ltr\">Skip"));
}

#[actix_web::test]
async fn the_language_switch_stays_on_the_page_or_goes_to_the_nearest() {
    let html = page("/musterland/de/ankommen/anmelden/fristen/").await.html;
    // English and Arabic have the parent, Bulgarian the grandparent.
    assert!(html.contains("<li><a href=\"/musterland/en/arrive/register/\" lang=\"en\""), "{html}");
    assert!(html.contains("<li><a href=\"/musterland/bg/%D0%BF"));
    assert!(html.contains("Diese Seite gibt es dort noch nicht"));
    let html = page("/musterland/de/wohnen/").await.html;
    assert!(html.contains("<li><a href=\"/musterland/en/\" lang=\"en\""));
}

#[actix_web::test]
async fn a_language_without_a_page_is_not_offered() {
    let mut snapshot = fixture::snapshot();
    fixture::region(&mut snapshot).editions[BULGARIAN] = Default::default();
    let html = asked(snapshot, "/musterland/de/", "de").await.html;
    assert!(!html.contains("/musterland/bg/") && html.contains("/musterland/en/"), "{html}");
    let mut snapshot = fixture::snapshot();
    fixture::region(&mut snapshot).editions[BULGARIAN] = Default::default();
    assert_eq!(asked(snapshot, "/musterland/", "bg, ar;q=0.5").await.location, "/musterland/ar/");
}

#[actix_web::test]
async fn every_old_or_wrong_address_leads_to_the_present_one() {
    for (path, status, location) in [
        ("/musterland/de/ankommen/frueher-anmelden/", 301, "/musterland/de/ankommen/anmelden/"),
        ("/musterland/de/wohnen/fristen/", 301, "/musterland/de/ankommen/anmelden/fristen/"),
        ("/musterland/de/wohnen", 301, "/musterland/de/wohnen/"),
        ("/musterland/de", 301, "/musterland/de/"),
        ("/musterland/en/anmelden/", 302, "/musterland/en/arrive/register/"),
        ("/musterland/", 302, "/musterland/de/"),
        ("/o/019b76da-a800-7c3e-9d1a-000000000002", 302, "/musterland/de/ankommen/anmelden/"),
        ("/o/019b76da-a800-7c3e-9d1a-000000000002/en", 302, "/musterland/en/arrive/register/"),
        ("/o/019b76da-a800-7c3e-9d1a-000000000002/bg", 302, "/musterland/de/ankommen/anmelden/"),
        ("/o/00000000-0000-0000-0000-000000000007", 302, "/musterland/de/"),
    ] {
        let answer = page(path).await;
        assert_eq!((answer.status, answer.location.as_str()), (status, location), "{path}");
    }
}

#[actix_web::test]
async fn whoever_asks_for_the_head_alone_gets_the_same_answer() {
    for path in
        ["/o/019b76da-a800-7c3e-9d1a-000000000002", "/o/019b76da-a800-7c3e-9d1a-000000000002/en", "/o/x"]
    {
        let (get, head) = (TestRequest::get(), TestRequest::with_uri(path).method(Method::HEAD));
        let get = answered(fixture::snapshot(), get.uri(path)).await;
        let head = answered(fixture::snapshot(), head).await;
        assert_eq!((head.status, head.location), (get.status, get.location), "{path}");
    }
}

#[actix_web::test]
async fn a_language_that_the_region_lacks_is_told_in_words_that_the_reader_knows() {
    let snapshot = || {
        let mut snapshot = fixture::snapshot();
        fixture::region(&mut snapshot).languages[ARABIC].slug = "other".to_owned();
        fixture::region(&mut snapshot).languages[ARABIC].tag = "so".parse().unwrap();
        snapshot
    };
    let arabic = asked(snapshot(), "/musterland/ar/", "ar").await;
    assert_eq!((arabic.status, arabic.vary.as_str()), (404, "accept-language"));
    assert!(arabic.html.contains("<html lang=\"ar\" dir=\"rtl\">"), "{}", arabic.html);
    assert!(arabic.html.contains("الصفحة غير موجودة") && arabic.html.contains("href=\"/musterland/de/\""));
    let bulgarian = asked(snapshot(), "/musterland/ar/", "bg, fr;q=0.5").await.html;
    assert!(bulgarian.contains("<html lang=\"bg\"") && bulgarian.contains("href=\"/musterland/bg/\""));
    let nothing_better = asked(snapshot(), "/musterland/ar/", "xx").await.html;
    assert!(nothing_better.contains("<html lang=\"de\"") && nothing_better.contains("Seite nicht gefunden"));
}

#[actix_web::test]
async fn an_unlisted_region_is_not_offered_to_search_engines() {
    for path in ["/musterland/de/", "/musterland/de/wohnen/"] {
        let mut snapshot = fixture::snapshot();
        assert!(!asked(fixture::snapshot(), path, "de").await.html.contains("noindex"));
        fixture::region(&mut snapshot).settings.listed = false;
        assert!(
            asked(snapshot, path, "de").await.html.contains("<meta name=\"robots\" content=\"noindex\">")
        );
    }
}

#[actix_web::test]
async fn a_browser_gets_the_language_it_asks_for() {
    let answer = asked(fixture::snapshot(), "/musterland/", "ar-SY, de;q=0.4").await;
    assert_eq!((answer.location.as_str(), answer.vary.as_str()), ("/musterland/ar/", "accept-language"));
    let start = asked(fixture::snapshot(), "/", "fr").await;
    assert!(start.html.contains("<html lang=\"fr\" dir=\"ltr\">") && start.vary.contains("accept-language"));
    assert!(start.html.contains("Landkreis Musterland") && start.html.contains("العربية"));
}

#[actix_web::test]
async fn what_is_missing_is_told_in_the_readers_language_with_a_way_on() {
    let missing = page("/musterland/ar/nichts/").await;
    assert_eq!(missing.status, 404);
    assert!(missing.html.contains("الصفحة غير موجودة") && missing.html.contains("href=\"/musterland/ar/\""));
    assert!(missing.html.contains("noindex") && !missing.html.contains("canonical"));
    let other = page("/musterland/bg/wohnen/").await;
    assert_eq!(other.status, 404);
    assert!(other.html.contains("<a href=\"/musterland/de/wohnen/\" lang=\"de\""), "{}", other.html);
    for path in ["/o/nothing", "/%ff/", "/musterland/xx/"] {
        assert_eq!(page(path).await.status, 404, "{path}");
    }
}

#[actix_web::test]
async fn a_mirrored_page_names_its_origin_and_how_sure_that_is() {
    let mut snapshot = fixture::snapshot();
    fixture::region(&mut snapshot).editions[GERMAN].pages.items[1].provenance =
        Some(Arc::new(fixture::provenance()));
    let html = asked(snapshot, "/musterland/de/ankommen/anmelden/", "de").await.html;
    assert!(html.contains("Dieser Text kommt von \u{2068}Landkreis Augsburg\u{2069}"), "{html}");
    assert!(html.contains("href=\"https://origin.example/o/2\" rel=\"noopener external\""));
    assert!(html.contains("CC BY 4.0") && html.contains("Landratsamt Augsburg"));
    assert!(html.contains("verglichen am \u{2068}5. Januar 2024\u{2069}"));
    let mut snapshot = fixture::snapshot();
    let doubtful = crate::domain::content::published::Provenance {
        unconfirmed_since: Some(Moment::parse("2024-02-01T00:00:00Z").unwrap()),
        url: Some("javascript:alert(1)".to_owned()),
        ..fixture::provenance()
    };
    fixture::region(&mut snapshot).editions[GERMAN].pages.items[1].provenance = Some(Arc::new(doubtful));
    let html = asked(snapshot, "/musterland/de/ankommen/anmelden/", "de").await.html;
    assert!(html.contains("Seit \u{2068}1. Februar 2024\u{2069}") && !html.contains("javascript"));
}

#[actix_web::test]
async fn a_mirrored_page_credits_its_origin_and_nobody_else() {
    let mut snapshot = fixture::snapshot();
    let pages = &mut fixture::region(&mut snapshot).editions[GERMAN].pages;
    let origin = crate::domain::content::published::Provenance {
        licence: "DL-DE-BY-2.0".to_owned(),
        ..fixture::provenance()
    };
    pages.items[1].provenance = Some(Arc::new(origin));
    let html = asked(snapshot, "/musterland/de/ankommen/anmelden/", "de").await.html;
    // At the foot and on paper.
    assert_eq!(html.matches("Inhalte: \u{2068}Landratsamt Augsburg\u{2069}").count(), 2, "{html}");
    assert!(html.contains("Lizenz: DL-DE-BY-2.0") && !html.contains("CC BY 4.0"), "{html}");
    assert!(!html.contains("Landratsamt Musterland"), "{html}");
    let own = page("/musterland/de/ankommen/").await.html;
    assert!(own.contains("Inhalte: \u{2068}Landratsamt Musterland\u{2069}") && own.contains("CC BY 4.0"));
}

#[actix_web::test]
async fn an_outdated_or_machine_translation_says_so_and_leads_to_its_source() {
    for (freshness, words) in [(Freshness::Outdated, "ليست محدَّثة"), (Freshness::Machine, "آليًا")]
    {
        let mut snapshot = fixture::snapshot();
        fixture::region(&mut snapshot).editions[ARABIC].pages.items[0].freshness = freshness;
        let html = asked(snapshot, "/musterland/ar/%D8%A7%D9%84%D9%88%D8%B5%D9%88%D9%84/", "de").await.html;
        assert!(html.contains(words), "{html}");
        assert!(html.contains("<a href=\"/musterland/de/ankommen/\" hreflang=\"de\">"));
    }
    assert_eq!(fixture::snapshot().regions[0].languages[BULGARIAN].slug, "bg");
}

#[actix_web::test]
async fn a_link_to_a_page_here_leads_to_its_path() {
    let html = page("/musterland/de/ankommen/anmelden/fristen/").await.html;
    assert!(html.contains("<a href=\"/musterland/de/ankommen/anmelden/\">Anmelden</a>"), "{html}");
    assert!(html.contains("<li><a href=\"/musterland/de/\">Landkreis Musterland</a></li>"), "breadcrumbs");
}

#[actix_web::test]
async fn sitemaps_list_every_page_with_its_languages() {
    let index = page("/sitemap.xml").await.html;
    assert!(index.contains("<loc>https://info.example/musterland/de/sitemap.xml</loc>"));
    let map = page("/musterland/de/sitemap.xml").await.html;
    assert_eq!(map.matches("<url>").count(), 18);
    assert!(
        map.contains("hreflang=\"en\" href=\"https://info.example/musterland/en/arrive/register/\"/>"),
        "{map}"
    );
    assert!(page("/robots.txt").await.html.contains("Sitemap: https://info.example/sitemap.xml"));
}
