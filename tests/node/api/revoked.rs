//! A token that is taken back while the body of a change is still on its way.

use super::{Editor, ITEMS, apart, refused, show, token};
use crate::integreat_v3::cards::publish_cards;
use crate::integreat_v3::fixture::Node;
use actix_web::http::Method;
use actix_web::web::Bytes;
use lotse::domain::access::grant;
use lotse::platform::db::Write;
use serde_json::{Value, json};

fn picture(width: u32) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(width, 20).write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// The body, which arrives when the token is of no use any more.
fn revoked_before(node: &Node, number: i64, body: Vec<u8>) -> impl Future<Output = Bytes> + use<> {
    let state = node.state.clone();
    let revoke =
        move || state.database.write(|tx: &mut Write<'_>| grant::revoke(tx, &state.clock, number)).unwrap();
    async move {
        apart(revoke).await;
        Bytes::from(body)
    }
}

#[actix_web::test]
async fn nothing_is_changed_with_a_token_that_was_taken_back_meanwhile() {
    let node = Node::with(publish_cards);
    let editor = Editor::of(&node).await;
    let (one, _) = editor
        .make(&json!({ "kind": "page", "texts": { "de": { "title": "Eins", "html": "<p>x</p>" } } }))
        .await;
    let place = format!("{ITEMS}/{}", node.ids[2]);
    let taken = editor.upload("image/png", &picture(20)).await.json();
    let medium = format!("/api/v1/media/{}", taken["sha256"].as_str().unwrap());
    show(&node).await;
    let facts = node.get(&place).await.json()["facts"].clone();
    let new = json!({ "title": "Zwei", "html": "<p>y</p>" });
    let before = [
        editor.state(&one).await.json(),
        editor.state(&place).await.json(),
        editor.read(&medium).await.json(),
    ];
    let listed = editor.read("/api/v1/media").await.json();
    let json = |method: Method, path: String, body: Value| {
        (method, path, "application/json", body.to_string().into_bytes())
    };
    for (method, path, content_type, body) in [
        json(Method::POST, ITEMS.to_owned(), json!({ "kind": "page", "texts": { "de": new } })),
        json(Method::PUT, format!("{one}/texts/de"), new.clone()),
        json(Method::PUT, format!("{place}/facts"), facts),
        json(Method::PUT, format!("{one}/labels"), json!({ "licence": "CC0-1.0" })),
        json(Method::PUT, format!("{one}/position"), json!({})),
        json(Method::PUT, format!("{one}/state"), json!({ "archived": true })),
        (Method::POST, "/api/v1/media".to_owned(), "image/png", picture(30)),
        json(Method::PUT, format!("{medium}/words"), json!({ "credit": "Ich" })),
    ] {
        let (number, secret) = token(&node, None, None).await;
        let meanwhile = revoked_before(&node, number, body);
        let authorization = format!("Bearer {secret}");
        let headers =
            [("authorization", authorization.as_str()), ("content-type", content_type), ("if-match", "*")];
        let told = node.ask_while(method, &path, &headers, meanwhile).await;
        refused(&told, 401, "unknown-caller");
    }
    let after = [
        editor.state(&one).await.json(),
        editor.state(&place).await.json(),
        editor.read(&medium).await.json(),
    ];
    assert_eq!(after, before);
    assert_eq!(editor.read("/api/v1/media").await.json(), listed);
    let count = node.get(ITEMS).await.json()["items"].as_array().unwrap().len();
    show(&node).await;
    assert_eq!(node.get(ITEMS).await.json()["items"].as_array().unwrap().len(), count);
}
