//! The contract of our own API, asked over HTTP of a node with real content.

mod early;
mod hostile;
mod media;
mod reading;
mod revoked;
mod writing;

use crate::integreat_v3::fixture::{Node, SITE, Told};
use actix_web::http::Method;
use lotse::base::id::RegionId;
use lotse::base::moment::Moment;
use lotse::domain::access::grant::{Grant, grant};
use lotse::domain::access::token::Scope;
use lotse::domain::content::assemble::assemble;
use lotse::domain::content::published::RegionSettings;
use lotse::domain::content::region::{self, NewLanguage, NewRegion};
use lotse::domain::content::{ContentError, Desk};
use lotse::platform::db::{Read, Write};
use lotse::web::routes;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::Arc;

const ITEMS: &str = "/api/v1/regions/musterland/items";

/// The path and query of an address of this node.
fn below_site(url: &str) -> String {
    format!("/{}", url.strip_prefix(SITE).unwrap())
}

/// Runs what blocks, as the database does, where it may.
pub async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    actix_web::web::block(work).await.unwrap()
}

/// Shows what was published, as a node does by itself.
pub async fn show(node: &Node) {
    let state = node.state.clone();
    let work = move || {
        let now = state.clock.now();
        let snapshot = state.database.read(|tx: &mut Read<'_>| assemble(tx, now, HashMap::new()));
        routes::show(&state, Arc::new(snapshot.map_err(|error: ContentError| error).unwrap()));
    };
    apart(work).await;
}

/// Another region of the node, which speaks German too.
async fn neighbour(node: &Node) -> RegionId {
    let state = node.state.clone();
    let found = move || {
        let desk = Desk { clock: &state.clock, site: SITE };
        let new = NewRegion {
            slug: "nachbarland".into(),
            name: "Nachbarland".into(),
            default_language: "de".parse().unwrap(),
            settings: RegionSettings::default(),
        };
        let german = NewLanguage {
            tag: "de".parse().unwrap(),
            slug: "de".into(),
            native_name: "Deutsch".into(),
            source: None,
        };
        let found = state.database.write(|tx: &mut Write<'_>| {
            let region = region::found(tx, &desk, new)?;
            region::add_language(tx, &region, german)?;
            Ok::<_, ContentError>(region.id)
        });
        found.unwrap()
    };
    let id = apart(found).await;
    show(node).await;
    id
}

#[track_caller]
fn refused(told: &Told, status: u16, code: &str) {
    assert_eq!((told.status, told.json()["code"].as_str()), (status, Some(code)), "{}", told.body);
    assert_eq!(told.header("content-type"), "application/problem+json");
}

/// A new token with its number.
async fn token(node: &Node, region: Option<RegionId>, expires_at: Option<Moment>) -> (i64, String) {
    let state = node.state.clone();
    let work = move || {
        let scopes = [Scope::ContentWrite].into();
        let wanted = Grant { name: "Redaktion".into(), scopes, region, page: None, expires_at };
        let granted = state.database.write(|tx: &mut Write<'_>| grant(tx, &state.clock, wanted));
        let (token, secret) = granted.unwrap();
        (token.number, secret.reveal().to_owned())
    };
    apart(work).await
}

/// Somebody with a token.
struct Editor<'n> {
    node: &'n Node,
    authorization: String,
}

impl<'n> Editor<'n> {
    async fn of(node: &'n Node) -> Editor<'n> {
        Editor { node, authorization: format!("Bearer {}", token(node, None, None).await.1) }
    }

    /// Sends JSON; `seen` is the version that is changed.
    async fn send(&self, method: Method, path: &str, seen: Option<&str>, body: &Value) -> Told {
        let mut headers =
            vec![("authorization", self.authorization.as_str()), ("content-type", "application/json")];
        headers.extend(seen.map(|seen| ("if-match", seen)));
        self.node.ask_with(method, path, &headers, body.to_string()).await
    }

    /// Makes an item; its address and ETag.
    async fn make(&self, body: &Value) -> (String, String) {
        let told = self.send(Method::POST, ITEMS, None, body).await;
        assert_eq!(told.status, 201, "{}", told.body);
        (below_site(told.header("location")), told.header("etag").to_owned())
    }

    /// Sends a file.
    async fn upload(&self, content_type: &str, bytes: &[u8]) -> Told {
        let headers = [("authorization", self.authorization.as_str()), ("content-type", content_type)];
        let path = "/api/v1/media?file_name=Rathaus.jpg";
        self.node.ask_with(Method::POST, path, &headers, bytes.to_vec()).await
    }

    async fn read(&self, path: &str) -> Told {
        self.node.ask(Method::GET, path, &[("authorization", self.authorization.as_str())]).await
    }

    async fn state(&self, path: &str) -> Told {
        self.read(&format!("{path}/state")).await
    }
}
