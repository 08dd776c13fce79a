//! Addresses of the CMS that are no lists: documents for paper, heads for messengers, short links, sitemaps; and what is
//! told where there is no text.

use super::cards;
use super::fixture::{Node, SITE, found_region, text};
use lotse::base::id::ItemId;
use lotse::domain::content::item::{self, NewItem};
use lotse::domain::content::publish::{self, Publication};
use lotse::domain::content::revision::Edit;
use lotse::domain::content::{ContentError, Desk};
use lotse::platform::clock::Clock;
use lotse::platform::db::{Database, Write};

#[actix_web::test]
async fn whoever_asks_for_a_document_gets_a_page_with_all_below_it_to_print() {
    let node = Node::new();
    let old = "/musterland/de/wp-json/ig-mpdf/v1/pdf";
    for address in [
        "/api/v3/musterland/de/pdf/?url=/musterland/de/willkommen/",
        &format!("{old}?url=/musterland/de/willkommen"),
        &format!("{old}/?url=willkommen"),
        "/musterland/de/wp-json/extensions/v3/pdf?url=willkommen",
    ] {
        let told = node.get(address).await;
        assert_eq!((told.status, told.header("location")), (302, "/print/musterland/de/1/"), "{address}");
        assert_eq!(told.header("access-control-allow-origin"), "*");
    }
    let printed = node.get("/print/musterland/de/1/").await;
    assert_eq!((printed.status, printed.header("content-type")), (200, "text/html; charset=utf-8"));
    let at = |words: &str| printed.body.find(words).unwrap_or_else(|| panic!("{words}: {}", printed.body));
    assert!(
        at("<h1>Willkommen</h1>") < at("<h2>Arbeit</h2>") && at("<h2>Arbeit</h2>") < at("<h3>Jobsuche</h3>")
    );
    assert!(at("<h3>Jobsuche</h3>") < at("<h2>Kinder</h2>") && at("noindex") > 0);
    assert!(!printed.body.contains("Wohnen") && !printed.body.contains("<form"));
    assert_eq!(printed.header("x-frame-options"), "DENY");
    assert_eq!(node.get("/print/musterland/de/1").await.body, printed.body);

    let whole = node.get(old).await;
    assert_eq!(whole.header("location"), "/print/musterland/de/");
    let whole = node.get("/print/musterland/de/").await.body;
    assert!(whole.contains("<h1>Landkreis Musterland</h1>") && whole.contains("<h2>Wohnen</h2>"));
    // Whom a foreign text is from stands on paper too.
    assert!(whole.contains("Landkreis &#60;Nord&#62;"), "{whole}");
}

#[actix_web::test]
async fn what_cannot_be_printed_is_told() {
    let node = Node::new();
    for (address, status) in [
        ("/api/v3/musterland/de/pdf/?url=/gone", 404),
        ("/api/v3/musterland/fr/pdf/", 404),
        ("/api/v3/musterland/uk/pdf/", 400),
        ("/print/musterland/de/99/", 404),
        ("/print/musterland/de/x/", 404),
        ("/print/nowhere/de/", 404),
    ] {
        assert_eq!(node.get(address).await.status, status, "{address}");
    }
}

#[actix_web::test]
async fn messengers_are_told_what_an_address_of_the_app_shows() {
    let (pages, cards) = (Node::new(), cards::node());
    for (node, path, title) in [
        (&pages, "", "Node"),
        (&pages, "landing/de", "Node"),
        (&pages, "licenses", "Node"),
        (&pages, "musterland", "Landkreis Musterland | Node"),
        (&pages, "musterland/en/", "Landkreis Musterland | Node"),
        (&pages, "musterland/de/news/local", "Landkreis Musterland | Node"),
        (&pages, "musterland/disclaimer", "Landkreis Musterland | Node"),
        (&pages, "musterland/de/search", "Landkreis Musterland | Node"),
        (&pages, "musterland/de/willkommen/arbeit/stellensuche/", "Jobsuche - Landkreis Musterland | Node"),
        (
            &pages,
            "musterland/ar/%D8%A3%D9%87%D9%84%D8%A7-%D9%88%D8%B3%D9%87%D9%84%D8%A7",
            "أهلا - Landkreis Musterland | Node",
        ),
        (
            &cards,
            "musterland/en/events/language-cafe$2026-06-02",
            "Language café - Landkreis Musterland | Node",
        ),
        (&cards, "musterland/de/locations/rathaus", "Rathaus - Landkreis Musterland | Node"),
        (&cards, "musterland/de/news/local/8", "Büro geschlossen - Landkreis Musterland | Node"),
    ] {
        let told = node.get(&format!("/api/v3/social/{path}")).await;
        assert_eq!((told.status, told.header("content-type")), (200, "text/html; charset=utf-8"), "{path}");
        let words = format!("<title>{title}</title>");
        assert!(told.body.contains(&words), "{path}: {}", told.body);
        assert!(told.body.contains(&format!("<meta property=\"og:title\" content=\"{title}\">")), "{path}");
        assert!(told.body.contains("twitter:card"), "{path}");
    }
    let page = pages.get("/api/v3/social/musterland/de/willkommen").await.body;
    assert!(page.contains("og:description\" content=\"Größe Mehr\""), "{page}");
    assert!(page.contains("og:image\" content=\"https://elsewhere.example/icon.png\""), "{page}");
    assert!(page.contains(&format!("og:url\" content=\"{SITE}musterland/de/willkommen/\"")), "{page}");
    let arabic = pages.get("/api/v3/social/musterland/ar/").await.body;
    assert!(arabic.contains("<html lang=\"ar\" dir=\"rtl\">"), "{arabic}");
    for (path, why) in [
        ("nowhere/de", "no such region"),
        ("musterland/fr/x", "the region does not have this language"),
        ("musterland/de/nothing", "nothing has this address"),
        ("musterland/de/events/nothing", "nothing has this address"),
    ] {
        let told = pages.get(&format!("/api/v3/social/{path}")).await;
        assert_eq!(told.status, 404, "{path}");
        assert!(told.body.contains("<title>Error 404 | Node</title>"), "{path}: {}", told.body);
        assert!(told.body.contains(&format!("<!-- {why} -->")), "{path}: {}", told.body);
    }
}

#[actix_web::test]
async fn a_printed_code_leads_to_where_the_page_is_now() {
    let node = Node::new();
    let now = node.get("/api/v3/musterland/de/page/?id=3").await.json()["id"].as_i64().unwrap();
    // The page had another address at its first revision, whose number was told to apps once.
    let numbers: Vec<i64> = (1..now).collect();
    let mut before = Vec::new();
    for number in numbers {
        let told = node.get(&format!("/s/p/{number}/")).await;
        if told.header("location") == "/musterland/de/willkommen/arbeit/jobsuche/" {
            assert_eq!(told.status, 302);
            before.push(number);
        }
    }
    assert_eq!(before.len(), 1, "{before:?}");
    let told = node.get(&format!("/s/p/{now}")).await;
    assert_eq!((told.status, told.header("location")), (302, "/musterland/de/willkommen/arbeit/jobsuche/"));
    for unknown in ["/s/p/999999/", "/s/p/x/", "/s/i/1/", &format!("/s/i/{now}/")] {
        assert_eq!(node.get(unknown).await.status, 404, "{unknown}");
    }
    let node = cards::node();
    let imprint = node.get("/api/v3/musterland/de/imprint/").await.json()["id"].as_i64().unwrap();
    let told = node.get(&format!("/s/i/{imprint}/")).await;
    assert_eq!((told.status, told.header("location")), (302, "/musterland/de/imprint/"));
}

#[actix_web::test]
async fn old_addresses_of_sitemaps_and_sections_lead_to_todays() {
    let node = cards::node();
    for (old, new) in [
        ("/wp-json/ig-sitemap/v1/sitemap-index.xml", "/sitemap.xml"),
        ("/musterland/de/wp-json/ig-sitemap/v1/sitemap.xml", "/musterland/de/sitemap.xml"),
        ("/musterland/de/places/rathaus", "/musterland/de/locations/rathaus/"),
        ("/musterland/de/places/", "/musterland/de/locations/"),
        ("/musterland/de/disclaimer/", "/musterland/de/imprint/"),
    ] {
        let told = node.get(old).await;
        assert_eq!((told.status, told.header("location")), (301, new), "{old}");
        assert_eq!(node.get(new).await.status, 200, "{new}");
    }
}

fn hardly_translated(db: &Database, clock: &Clock) -> Vec<ItemId> {
    let desk = Desk { clock, site: SITE };
    db.write(|tx: &mut Write<'_>| {
        let region = found_region(tx, &desk)?;
        let ids: Vec<ItemId> = (0..2).map(|_| clock.fresh_id().into()).collect();
        for id in &ids {
            let ord = item::last_place(tx, region.id, None)?;
            item::create(tx, &desk, region.id, vec![NewItem::page(*id, None, ord)])?;
        }
        let at = "2026-01-01T00:00:00Z";
        let said = vec![
            text("de", "Arbeit", "arbeit", "<p>Hier</p>", at),
            text("en", "Work", "work", "<p>&nbsp;</p>", at),
            text("ar", "العمل", "work", "<p>هنا</p>", at),
        ];
        let silent = vec![text("de", "Ordner", "ordner", "", at), text("en", "Folder", "folder", "", at)];
        let all =
            ids.iter().zip([said, silent]).map(|(id, texts)| Publication::of_texts(*id, Edit::Major, texts));
        publish::publish(tx, &desk, region.id, all.collect())?;
        Ok::<_, ContentError>(ids)
    })
    .unwrap()
}

#[actix_web::test]
async fn an_empty_page_says_in_which_languages_it_can_be_read() {
    let pages = Node::with(hardly_translated).get("/api/v3/musterland/en/pages/").await.list();
    let expected = concat!(
        "<p>The page exists in these languages:</p><ul>",
        r#"<li><a href="https://node.example/musterland/de/arbeit/" hreflang="de">Deutsch</a></li>"#,
        r#"<li><a href="https://node.example/musterland/ar/work/" hreflang="ar">العربية</a></li></ul>"#,
    );
    assert_eq!(pages[0]["content"], expected);
    assert_eq!(pages[0]["excerpt"], "The page exists in these languages:Deutschالعربية");
    // Where no language says anything there is nothing to lead to.
    assert_eq!((&pages[1]["content"], &pages[1]["excerpt"]), (&"".into(), &"".into()));
}
