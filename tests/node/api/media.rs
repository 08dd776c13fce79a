//! Pictures over HTTP: taken in, described, shown, replaced and deleted; and what is refused of what strangers might send.

use super::{Editor, ITEMS, apart, below_site, neighbour, refused, show, token};
use crate::integreat_v3::fixture::{Node, Told};
use actix_web::http::Method;
use image::codecs::gif::GifEncoder;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use lotse::domain::access::grant;
use lotse::platform::db::Write;
use serde_json::{Value, json};
use std::io::Cursor;

const MEDIA: &str = "/api/v1/media";
const JPEG: &str = "image/jpeg";

fn picture(width: u32, blue: u8) -> DynamicImage {
    let shade =
        |x: u32, y: u32| Rgb([u8::try_from((x + y) % 256).unwrap(), u8::try_from(x % 7).unwrap(), blue]);
    RgbImage::from_fn(width, width.div_ceil(2), shade).into()
}

fn coded(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn jpeg(width: u32, blue: u8) -> Vec<u8> {
    coded(&picture(width, blue), ImageFormat::Jpeg)
}

/// The address of a new medium and its digest.
async fn uploaded(editor: &Editor<'_>, bytes: &[u8]) -> (String, String) {
    let told = editor.upload(JPEG, bytes).await;
    assert_eq!(told.status, 201, "{}", told.body);
    (below_site(told.header("location")), told.json()["sha256"].as_str().unwrap().to_owned())
}

fn page_with(sha256: &str) -> Value {
    let html = format!("<p><img src=\"media:{sha256}\"></p>");
    json!({ "kind": "page", "texts": { "de": { "title": "Rathaus", "html": html } } })
}

async fn delete(editor: &Editor<'_>, path: &str, seen: Option<&str>) -> Told {
    editor.send(Method::DELETE, path, seen, &Value::Null).await
}

#[actix_web::test]
async fn a_picture_is_taken_in_described_shown_replaced_and_deleted() {
    let node = Node::new();
    let editor = Editor::of(&node).await;
    let told = editor.upload(JPEG, &jpeg(700, 3)).await;
    assert_eq!(told.status, 201, "{}", told.body);
    let (one, medium) = (below_site(told.header("location")), told.json());
    let sha256 = medium["sha256"].as_str().unwrap().to_owned();
    assert_eq!((&medium["file_name"], &medium["type"]), (&json!("Rathaus.jpg"), &json!(JPEG)));
    assert_eq!(
        (&medium["width"], &medium["height"], &medium["uses"]),
        (&json!(700), &json!(350), &json!([]))
    );
    let again = editor.upload("application/octet-stream", &jpeg(700, 3)).await;
    assert_eq!((again.status, again.json()), (200, medium), "one picture, one medium");
    assert_eq!(node.get(&format!("/media/{sha256}.jpg")).await.status, 404, "nobody gets what no text shows");

    let words = json!({ "credit": "A. Muster", "licence": "CC0-1.0", "alts": { "de": "Rathaus", "en": "Town hall" } });
    let put = format!("{one}/words");
    refused(&editor.send(Method::PUT, &put, None, &words).await, 428, "version-not-named");
    refused(&editor.send(Method::PUT, &put, Some("\"0\""), &words).await, 412, "stale-version");
    let told = editor.send(Method::PUT, &put, Some(told.header("etag")), &words).await;
    assert_eq!((told.status, &told.json()["alts"]), (200, &words["alts"]), "{}", told.body);
    let read = editor.read(&one).await;
    assert_eq!(read.json(), told.json());
    assert!(read.header("etag").starts_with(told.header("etag").trim_end_matches('"')));
    assert_eq!(read.header("cache-control"), "private, no-cache");

    let (page, _) = editor.make(&page_with(&sha256)).await;
    show(&node).await;
    let shown = node.get(&page).await.json()["texts"]["de"]["media"][0].clone();
    assert_eq!((&shown["alt"], &shown["credit"]), (&json!("Rathaus"), &json!("A. Muster")));
    // It is what it was taken for, whatever the asker calls it.
    for end in ["jpg", "png", "svg", "pdf", "txt"] {
        let told = node.get(&format!("/media/{sha256}.{end}")).await;
        assert_eq!((told.status, told.header("content-type")), (200, JPEG), "{end}");
    }
    let told = node.get(&format!("/media/{sha256}.html")).await;
    assert_eq!(told.header("content-type"), "application/octet-stream");
    assert_eq!(told.header("content-disposition"), "attachment");
    let uses = editor.read(&one).await.json()["uses"].clone();
    assert_eq!((&uses[0]["title"], &uses[0]["language"]), (&json!("Rathaus"), &json!("de")));
    refused(&delete(&editor, &one, Some("*")).await, 409, "medium-used");

    // What is left out is said no longer, and the text says so.
    let told = editor
        .send(Method::PUT, &put, Some(read.header("etag")), &json!({ "alts": { "de": "Am Markt" } }))
        .await;
    assert_eq!((&told.json()["alts"], &told.json()["credit"]), (&json!({ "de": "Am Markt" }), &Value::Null));
    show(&node).await;
    let shown = node.get(&page).await.json()["texts"]["de"].clone();
    assert_eq!((&shown["media"][0]["alt"], &shown["media"][0]["credit"]), (&json!("Am Markt"), &Value::Null));

    let (other, new) = uploaded(&editor, &jpeg(900, 200)).await;
    let wish = json!({ "medium": new });
    let told =
        editor.send(Method::PUT, &format!("{one}/replacement"), Some(told.header("etag")), &wish).await;
    assert_eq!((told.status, &told.json()["sha256"]), (200, &json!(new)), "{}", told.body);
    assert_eq!(told.json()["alts"]["de"], "Am Markt");
    show(&node).await;
    assert_eq!(node.get(&page).await.json()["texts"]["de"]["media"][0]["sha256"], json!(new));
    refused(&delete(&editor, &one, None).await, 428, "version-not-named");
    assert_eq!(delete(&editor, &one, Some("*")).await.status, 204);
    refused(&editor.read(&one).await, 404, "unknown-medium");
    assert!(!node.state.blobs.holds(&sha256.parse().unwrap()));
    assert_eq!(editor.read(&other).await.status, 200);
}

#[actix_web::test]
async fn the_library_is_listed_newest_first_page_by_page() {
    let node = Node::new();
    let editor = Editor::of(&node).await;
    let mut newest_first = Vec::new();
    for blue in 0..5 {
        // Two at a time come in the same moment.
        node.state.clock.advance(i64::from(blue % 2));
        newest_first.insert(0, uploaded(&editor, &jpeg(20, blue * 50)).await.1);
    }
    let whole = editor.read(MEDIA).await.json();
    assert!(whole.get("next").is_none());
    let digests = |page: &Value| -> Vec<String> {
        let media = page["media"].as_array().unwrap().iter();
        media.map(|medium| medium["sha256"].as_str().unwrap().to_owned()).collect()
    };
    let (mut seen, mut next) = (Vec::new(), Some(format!("{MEDIA}?limit=2")));
    while let Some(path) = next {
        let told = editor.read(&path).await;
        let page = told.json();
        assert!(page["media"][0].get("uses").is_none());
        seen.extend(digests(&page));
        next = page["next"].as_str().map(below_site);
        assert_eq!(told.header("link").is_empty(), next.is_none());
        // What comes meanwhile moves nothing.
        node.state.clock.advance(1);
        uploaded(&editor, &jpeg(30 + u32::try_from(seen.len()).unwrap(), 9)).await;
    }
    assert_eq!(seen, digests(&whole));
    seen.sort();
    newest_first.sort();
    assert_eq!(seen, newest_first);
    for (query, code) in
        [("cursor=x", "parameter"), ("limit=0", "parameter"), ("kind=page", "unknown-parameter")]
    {
        refused(&editor.read(&format!("{MEDIA}?{query}")).await, 400, code);
    }
    // The list of items goes on by other things.
    let page = editor.read(&format!("{ITEMS}?limit=1")).await.json();
    let cursor = page["next"].as_str().unwrap().rsplit_once("cursor=").unwrap().1.to_owned();
    refused(&editor.read(&format!("{MEDIA}?cursor={cursor}")).await, 400, "parameter");
}

#[actix_web::test]
async fn who_may_not_change_content_gets_nothing_of_the_library() {
    let node = Node::new();
    let editor = Editor::of(&node).await;
    let (one, sha256) = uploaded(&editor, &jpeg(20, 1)).await;
    for (method, path) in [
        (Method::GET, MEDIA.to_owned()),
        (Method::POST, MEDIA.to_owned()),
        (Method::GET, one.clone()),
        (Method::DELETE, one.clone()),
        (Method::PUT, format!("{one}/words")),
        (Method::PUT, format!("{one}/replacement")),
    ] {
        let headers = [("content-type", "application/json"), ("if-match", "*")];
        let told = node.ask_with(method.clone(), &path, &headers, "{}").await;
        assert!(matches!(told.status, 401 | 429), "{method} {path}: {}", told.body);
    }
    // Who works for one region shows what the library holds, and changes nothing that another one shows.
    let region = neighbour(&node).await;
    let (number, secret) = token(&node, Some(region), None).await;
    let neighbour = Editor { node: &node, authorization: format!("Bearer {secret}") };
    let there = "/api/v1/regions/nachbarland/items";
    assert_eq!(neighbour.send(Method::POST, there, None, &page_with(&sha256)).await.status, 201);
    assert_eq!(neighbour.send(Method::PUT, &format!("{one}/words"), Some("*"), &json!({})).await.status, 200);
    let (ours, _) = editor.make(&page_with(&sha256)).await;
    let hide = json!({ "archived": true });
    assert_eq!(editor.send(Method::PUT, &format!("{ours}/state"), Some("*"), &hide).await.status, 200);
    let (other, new) = uploaded(&neighbour, &jpeg(20, 200)).await;
    let (words, instead) = (json!({ "credit": "Ich" }), json!({ "medium": new }));
    let told = neighbour.send(Method::PUT, &format!("{one}/words"), Some("*"), &words).await;
    refused(&told, 403, "token-of-another-region");
    let told = neighbour.send(Method::PUT, &format!("{one}/replacement"), Some("*"), &instead).await;
    refused(&told, 403, "token-of-another-region");
    let told = neighbour
        .send(Method::PUT, &format!("{other}/replacement"), Some("*"), &json!({ "medium": sha256 }))
        .await;
    refused(&told, 403, "token-of-another-region");
    refused(&delete(&neighbour, &one, Some("*")).await, 403, "token-of-another-region");
    let uses = |told: Told| told.json()["uses"].as_array().unwrap().len();
    assert_eq!((uses(neighbour.read(&one).await), uses(editor.read(&one).await)), (1, 2));
    let told = neighbour.upload(JPEG, &jpeg(20, 1)).await;
    assert_eq!((told.status, told.json()["credit"].clone()), (200, Value::Null));
    assert_eq!(delete(&neighbour, &other, Some("*")).await.status, 204);

    let state = node.state.clone();
    apart(move || {
        state.database.write(|tx: &mut Write<'_>| grant::revoke(tx, &state.clock, number)).unwrap()
    })
    .await;
    refused(&neighbour.upload(JPEG, &jpeg(20, 1)).await, 401, "unknown-caller");
}

/// A PNG that says how large it is and then hardly anything.
fn bomb(width: u32, height: u32) -> Vec<u8> {
    let mut png = img_parts::png::Png::from_bytes(coded(&picture(4, 4), ImageFormat::Png).into()).unwrap();
    let mut header = png.chunks()[0].contents().to_vec();
    header[..4].copy_from_slice(&width.to_be_bytes());
    header[4..8].copy_from_slice(&height.to_be_bytes());
    png.chunks_mut()[0] = img_parts::png::PngChunk::new(*b"IHDR", header.into());
    png.encoder().bytes().to_vec()
}

fn film() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = GifEncoder::new(&mut bytes);
    let frame = || image::Frame::new(picture(40, 4).into_rgba8());
    encoder.encode_frames([frame(), frame()]).unwrap();
    drop(encoder);
    bytes
}

#[actix_web::test]
async fn what_is_no_picture_to_be_shown_is_refused_by_name() {
    let node = Node::new();
    let editor = Editor::of(&node).await;
    let (plain, unknown) = (jpeg(40, 4), "application/octet-stream");
    let drawing =
        b"<?xml version='1.0'?>\n<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";
    for (content_type, bytes, status, code) in [
        ("image/svg+xml", &drawing[..], 415, "body-of-other-type"),
        (unknown, drawing, 400, "medium-drawing"),
        ("image/png", drawing, 400, "medium-drawing"),
        ("image/png", &plain, 400, "medium-of-other-type"),
        ("text/html", &plain, 415, "body-of-other-type"),
        ("multipart/form-data; boundary=x", &plain, 415, "body-of-other-type"),
        ("", &plain, 415, "body-of-other-type"),
        (JPEG, b"", 400, "medium-type"),
        (JPEG, b"<html><img src=x onerror=alert(1)>", 400, "medium-type"),
        (unknown, b"%PDF-1.7\n", 400, "medium-type"),
        (JPEG, &plain[..120], 400, "medium-damaged"),
        (unknown, b"GIF89a/*\x01\x01\x01\x01\x01\x01*/=alert(1);//", 400, "medium-damaged"),
        (JPEG, b"\xff\xd8\xff\xe0<?php system($_GET['c']); ?>", 400, "medium-damaged"),
        (unknown, &bomb(60_000, 60_000), 400, "medium-too-many-pixels"),
        (unknown, &bomb(5_000, 5_000), 400, "medium-damaged"),
        ("image/gif", &film(), 400, "medium-moving"),
        (JPEG, &[plain.clone(), vec![0; 20 * 1024 * 1024]].concat(), 413, "body-too-large"),
    ] {
        let told = editor.upload(content_type, bytes).await;
        assert_eq!(
            (told.status, told.json()["code"].as_str()),
            (status, Some(code)),
            "{content_type}: {}",
            told.body
        );
        assert!(told.body.len() < 1000, "a refusal does not repeat what was sent");
    }
    assert_eq!(editor.read(MEDIA).await.json()["media"], json!([]), "nothing was kept");

    // A picture that is something else besides is kept as the picture alone.
    let brought = [&plain[..], b"PK\x03\x04<script>alert(1)</script>"].concat();
    let (_, sha256) = uploaded(&editor, &brought).await;
    let kept = node.state.blobs.read(&sha256.parse().unwrap()).unwrap().unwrap();
    assert!(!kept.windows(6).any(|window| window == b"script"));
    assert_eq!(uploaded_again(&editor, &plain).await, sha256);
}

async fn uploaded_again(editor: &Editor<'_>, bytes: &[u8]) -> String {
    let told = editor.upload(JPEG, bytes).await;
    assert_eq!(told.status, 200, "{}", told.body);
    told.json()["sha256"].as_str().unwrap().to_owned()
}

#[actix_web::test]
async fn no_more_files_are_held_at_once_than_there_is_room_for() {
    let node = Node::new();
    let editor = Editor::of(&node).await;
    let all = node.state.uploads.try_acquire_many(4).unwrap();
    let told = editor.upload(JPEG, &jpeg(20, 1)).await;
    refused(&told, 503, "busy");
    assert_eq!(told.header("retry-after"), "5");
    drop(all);
    uploaded(&editor, &jpeg(20, 1)).await;
}

#[actix_web::test]
async fn what_is_said_of_a_picture_has_its_limits() {
    let node = Node::new();
    let editor = Editor::of(&node).await;
    let (one, sha256) = uploaded(&editor, &jpeg(20, 1)).await;
    for (words, code) in [
        (json!({ "licence": "frei nutzbar" }), "licence"),
        (json!({ "credit": "x".repeat(1001) }), "medium-words"),
        (json!({ "alts": { "de": "x".repeat(1001) } }), "medium-words"),
        (json!({ "alts": { "d_e": "x" } }), "body-malformed"),
        (json!({ "alt": "x" }), "body-malformed"),
    ] {
        refused(&editor.send(Method::PUT, &format!("{one}/words"), Some("*"), &words).await, 400, code);
    }
    let instead = format!("{one}/replacement");
    for (medium, status, code) in [
        (sha256.as_str(), 400, "medium-same"),
        ("x", 400, "body-malformed"),
        (&"0".repeat(64), 404, "unknown-medium"),
    ] {
        let wish = json!({ "medium": medium });
        refused(&editor.send(Method::PUT, &instead, Some("*"), &wish).await, status, code);
    }
    for path in [format!("{MEDIA}/x"), format!("{MEDIA}/{}", "0".repeat(64))] {
        refused(&editor.read(&path).await, 404, "unknown-medium");
    }
    refused(&editor.send(Method::POST, &one, None, &Value::Null).await, 405, "wrong-method");
}
