//! The feed as strangers ask for it over HTTP.

use super::configure;
use crate::base::moment::Moment;
use crate::domain::feed::sequence::{FeedPlace, Sequencer};
use crate::domain::identity::keyring::Keyring;
use crate::platform::blobs::Blobs;
use crate::platform::clock::Clock;
use crate::platform::db::testing::{self, Scratch};
use crate::tlog::checkpoint::Checkpoint;
use crate::tlog::entry_bundle::read_entries;
use crate::tlog::signed_note::Note;
use crate::web::{About, State};
use actix_web::http::header::HeaderValue;
use actix_web::test::{TestRequest, call_service, init_service, read_body};
use actix_web::{App, web};
use std::collections::HashMap;
use std::sync::Arc;

const SITE: &str = "https://stadt.example/";

struct Served {
    state: web::Data<State>,
    sequencer: Sequencer,
    _scratch: Scratch,
    _folder: tempfile::TempDir,
}

fn served() -> Served {
    let (database, scratch) = testing::database();
    let folder = tempfile::tempdir().unwrap();
    let keys = Arc::new(Keyring::create(&folder.path().join("keys")).unwrap());
    let place = FeedPlace::new(folder.path(), &folder.path().join("guard"), SITE);
    let clock = Clock::manual(Moment::from_seconds(1_767_225_600));
    let sequencer = Sequencer::new(database.clone(), keys, clock.clone(), place);
    sequencer.sequence().unwrap();
    let about = About {
        site: SITE.into(),
        node_name: "Stadt".into(),
        node_id: sequencer.chain().unwrap().node().clone(),
        data: folder.path().to_owned(),
    };
    let blobs = Blobs::open(folder.path().join("blobs")).unwrap();
    let state = web::Data::new(State::new(about, database, blobs, clock));
    Served { state, sequencer, _scratch: scratch, _folder: folder }
}

fn ask(served: &Served, path: &str, headers: &[(&str, &str)]) -> (u16, HashMap<String, String>, Vec<u8>) {
    // The test itself stays outside of the runtime, since it calls what blocks.
    actix_web::rt::System::new().block_on(async {
        let app = init_service(App::new().app_data(served.state.clone()).configure(configure)).await;
        let mut request = TestRequest::get().uri(path);
        for header in headers {
            request = request.append_header(*header);
        }
        let response = call_service(&app, request.to_request()).await;
        let status = response.status().as_u16();
        let text = |value: &HeaderValue| value.to_str().unwrap().to_owned();
        let headers =
            response.headers().iter().map(|(name, value)| (name.to_string(), text(value))).collect();
        (status, headers, read_body(response).await.to_vec())
    })
}

#[test]
fn who_is_here_and_how_long_the_log_is() {
    let served = served();
    let (status, headers, body) = ask(&served, "/.well-known/civic-feed", &[]);
    assert_eq!((status, headers["cache-control"].as_str()), (200, "public, max-age=3600"));
    let described: serde_json::Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(described["nodes"][0]["feeds"]["pub"], "https://stadt.example/feed/pub/1/");
    let (_, _, identity) = ask(&served, "/feed/identity", &[]);
    assert_eq!(identity, served.sequencer.chain().unwrap().to_string().into_bytes());
    let (_, headers, note) = ask(&served, "/feed/pub/1/checkpoint", &[]);
    let checkpoint: Checkpoint = Note::parse(&note).unwrap().text().parse().unwrap();
    assert_eq!(checkpoint.size, 1);
    assert_eq!(headers["content-type"], "text/plain; charset=utf-8");
    assert_eq!(headers["cache-control"], "no-cache");
    assert_eq!(headers["access-control-allow-origin"], "*");
    let etag = headers["etag"].as_str();
    let (status, _, body) = ask(&served, "/feed/pub/1/checkpoint", &[("if-none-match", etag)]);
    assert_eq!((status, body.len()), (304, 0));
}

#[test]
fn entries_are_given_in_bundles_and_ranges_alike() {
    let served = served();
    let (status, headers, bundle) = ask(&served, "/feed/pub/1/tile/entries/000.p/1", &[]);
    assert_eq!(status, 200);
    assert_eq!(headers["cache-control"], "public, max-age=31536000, immutable");
    assert_eq!(headers["content-type"], "application/octet-stream");
    assert_eq!(read_entries(&bundle, 1).unwrap().len(), 1);
    let (_, _, range) = ask(&served, "/feed/pub/1/range/0-1", &[]);
    assert_eq!(range, bundle);
    let (status, _, tile) = ask(&served, "/feed/pub/1/tile/0/000.p/1", &[]);
    assert_eq!((status, tile.len()), (200, 32));
    for absent in [
        "/feed/pub/1/tile/entries/000",
        "/feed/pub/1/tile/0/001.p/1",
        "/feed/pub/1/tile/9/000",
        "/feed/pub/1/tile/entries/..%2f..%2f..%2fidentity",
        "/feed/pub/1/tile/entries/../../checkpoint",
        "/feed/pub/1/tile/",
        "/feed/pub/1/tile/%ff",
        "/feed/pub/1/range/0-2",
        "/feed/pub/1/range/1-0",
        "/feed/pub/1/range/x",
    ] {
        assert_eq!(ask(&served, absent, &[]).0, 404, "{absent}");
    }
}

#[test]
fn only_what_the_log_names_is_given_as_a_blob() {
    let served = served();
    let stray = served.state.blobs.put(b"never published").unwrap();
    for absent in [stray.to_string(), "0".repeat(64), "x".into(), stray.to_string().to_uppercase()] {
        assert_eq!(ask(&served, &format!("/feed/pub/1/blob/{absent}"), &[]).0, 404, "{absent}");
    }
}

#[test]
fn bodies_are_given_until_they_are_erased() {
    use crate::domain::feed::testing::{Node, object, put};
    let node = Node::new();
    let served = served();
    let text = "a body ".repeat(100);
    let body = node.body(&text, &[]);
    node.publish(&[put(object(1), &[("de", body, 1, &[])])]);
    node.sequence();
    let about = About { data: node.folder.path().to_owned(), ..served.state.about.clone() };
    let state = State::new(about, node.database.clone(), served.state.blobs.clone(), Clock::default());
    let served = Served { state: web::Data::new(state), ..served };
    let address = format!("/feed/pub/1/blob/{body}");
    let (status, headers, bytes) = ask(&served, &address, &[]);
    assert_eq!((status, bytes), (200, text.into_bytes()));
    assert_eq!(headers["cache-control"], "public, max-age=86400");
    assert_eq!(headers["x-content-type-options"], "nosniff");
    assert_eq!(headers["content-security-policy"], "default-src 'none'; sandbox");
    let (_, headers, small) = ask(&served, &address, &[("accept-encoding", "gzip")]);
    assert_eq!(headers["content-encoding"], "gzip");
    assert!(small.len() < 100);
    node.publish(&[crate::domain::feed::testing::erase(1, &[])]);
    node.sequence();
    assert_eq!(ask(&served, &address, &[]).0, 410);
}
