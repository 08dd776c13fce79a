//! The contract of our own API, asked over HTTP of a node with real content.

mod hostile;
mod reading;
mod writing;

use crate::integreat_v3::fixture::{Node, SITE, Told};
use actix_web::http::Method;
use lotse::base::id::RegionId;
use lotse::base::moment::Moment;
use lotse::domain::access::grant::{Grant, grant};
use lotse::domain::access::token::Scope;
use lotse::domain::content::ContentError;
use lotse::domain::content::assemble::assemble;
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

    async fn state(&self, path: &str) -> Told {
        let headers = [("authorization", self.authorization.as_str())];
        self.node.ask(Method::GET, &format!("{path}/state"), &headers).await
    }
}
