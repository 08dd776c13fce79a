//! "Was this helpful?" at the foot of the pages for people.

use crate::integreat_v3::fixture::Node;
use lotse::domain::content::kind::ObjectKind;
use lotse::domain::upkeep::feedback::{Rating, Subject};

const FORM: &str = "application/x-www-form-urlencoded";
const WORK: &str = "/musterland/de/willkommen/arbeit/";

/// Where the form of a page leads to.
async fn action(node: &Node, path: &str) -> Option<String> {
    let html = node.get(path).await.body;
    let (_, rest) = html.split_once("<form class=\"asking\" method=\"post\" action=\"")?;
    Some(rest.split('"').next()?.to_owned())
}

#[actix_web::test]
async fn a_reader_says_something_and_is_thanked_once() {
    let node = Node::new();
    let action = action(&node, WORK).await.unwrap();
    assert_eq!(action, format!("/o/{}/de/feedback", node.ids[1]));
    let sent = node.send(&action, FORM, "rating=down&comment=%D8%B4%D9%83%D8%B1%D8%A7&website=").await;
    assert_eq!((sent.status, sent.header("location")), (303, action.as_str()));
    let given = node.last().await.given;
    assert_eq!((given.subject, given.language.as_str(), given.technical), (Subject::Page, "de", false));
    assert_eq!(given.seen, Some(node.seen("de", ObjectKind::Page, 2)));
    assert_eq!((given.opinion.rating(), given.opinion.comment()), (Some(Rating::Down), "شكرا"));
    let thanks = node.get(&action).await;
    assert_eq!(thanks.status, 200);
    for expected in
        ["<h1>Danke</h1>", "noindex", &format!("<a href=\"{WORK}\">Zurück zu: <bdi>Arbeit</bdi></a>")]
    {
        assert!(thanks.body.contains(expected), "{expected} in {}", thanks.body);
    }
    assert!(!thanks.body.contains("<form") && !thanks.body.contains("canonical"));
    assert_eq!(node.inbox().await.len(), 1, "looking at the thanks says nothing");
}

#[actix_web::test]
async fn a_regions_first_page_asks_and_pages_about_nothing_do_not() {
    let node = Node::new();
    let home = action(&node, "/musterland/uk/").await.unwrap();
    assert_eq!(node.send(&home, FORM, "rating=up").await.status, 303);
    let given = node.last().await.given;
    assert_eq!((given.subject, given.language.as_str(), given.seen), (Subject::Categories, "uk", None));
    for path in ["/", "/musterland/de/nichts/", "/nowhere/"] {
        assert_eq!(action(&node, path).await, None, "{path}");
    }
}

#[actix_web::test]
async fn the_form_speaks_the_readers_language_and_runs_in_its_direction() {
    let node = Node::new();
    let path = "/musterland/ar/%D8%A3%D9%87%D9%84%D8%A7-%D9%88%D8%B3%D9%87%D9%84%D8%A7/";
    let page = node.get(path).await;
    for expected in ["dir=\"rtl\"", "هل كان هذا مفيدًا؟", "dir=\"auto\" aria-describedby"] {
        assert!(page.body.contains(expected), "{expected} in {}", page.body);
    }
    let policy = page.header("content-security-policy");
    assert!(policy.contains("form-action 'self'") && policy.contains("default-src 'none'"), "{policy}");
    let action = action(&node, path).await.unwrap();
    assert!(node.get(&action).await.body.contains("<h1>شكرًا لك</h1>"));
}

#[actix_web::test]
async fn what_cannot_be_taken_is_told_on_a_page_with_a_way_back() {
    let node = Node::new();
    let action = action(&node, WORK).await.unwrap();
    for form in ["", "rating=sideways", &format!("comment={}", "a".repeat(10_001))] {
        let refused = node.send(&action, FORM, form).await;
        assert_eq!((refused.status, refused.header("content-type")), (400, "text/html; charset=utf-8"));
        assert!(
            refused.body.contains("wählen Sie Ja oder Nein") && refused.body.contains(WORK),
            "{}",
            refused.body
        );
    }
    assert_eq!(node.send(&action, FORM, "comment=x&website=y").await.status, 303);
    assert!(node.inbox().await.is_empty());
    for address in ["/o/nothing/de/feedback".to_owned(), action.replace("/de/", "/xx/")] {
        assert_eq!(node.send(&address, FORM, "rating=up").await.status, 404, "{address}");
        assert_eq!(node.get(&address).await.status, 404, "{address}");
    }
}

#[actix_web::test]
async fn both_doors_count_for_the_same_limit() {
    let node = Node::new();
    let action = action(&node, WORK).await.unwrap();
    for _ in 0..5 {
        assert_eq!(node.send(&action, FORM, "rating=up").await.status, 303);
        assert_eq!(node.say("de", "map", "rating=up").await.status, 201);
    }
    let refused = node.send(&action, FORM, "rating=up").await;
    assert_eq!((refused.status, refused.header("retry-after")), (429, "60"));
    assert!(refused.body.contains("in kurzer Zeit") && refused.body.contains(WORK), "{}", refused.body);
}
