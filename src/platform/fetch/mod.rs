//! The only way out to the network: every request has a deadline, a size limit and a checked address, and follows
//! no redirect. What is fetched is not trusted by anybody for having come this way.

pub mod guard;
pub mod remote;
#[cfg(test)]
pub mod testing;

use crate::base::error::{Kind, Told};
use flate2::write::MultiGzDecoder;
use reqwest::header::{self, HeaderMap, HeaderValue};
use std::collections::HashMap;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;
use tokio::sync::Semaphore;

/// SPEC: 4 connections per host (civic-feed §2.17).
const CONNECTIONS_PER_HOST: usize = 4;
/// SPEC: total timeout 20 s (civic-feed §2.8).
const DEADLINE: Duration = Duration::from_secs(20);

/// What an operator lets requests do.
#[derive(Clone, Copy, Debug, Default)]
pub struct FetchPolicy {
    /// Plain http, any port, and addresses that are not public: for intranets, demonstrations and tests.
    pub allow_private: bool,
}

/// Makes requests; cloning shares the connections.
#[derive(Clone)]
pub struct Fetcher(Arc<Inner>);

struct Inner {
    policy: FetchPolicy,
    deadline: Duration,
    /// Made with the first request, since reading the system's certificates takes a while.
    client: OnceLock<reqwest::Client>,
    lanes: Mutex<HashMap<String, Arc<Semaphore>>>,
}

/// One GET. `most_bytes` holds for the bytes on the wire and again for the bytes unpacked.
#[derive(Clone, Debug)]
pub struct Ask {
    pub url: String,
    pub most_bytes: u64,
    pub deadline: Duration,
    /// The ETag of the answer at hand; an equal one is answered 304.
    pub unless: Option<String>,
    pub caches: Caches,
    /// An answer 200 of another type than these is an error; no types accept all.
    pub types: &'static [&'static str],
}

/// Whether caches on the way may answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caches {
    Allow,
    Bypass,
}

/// An answer 200, 304, 404 or 410; any other is an error. `bytes` is unpacked, and empty unless 200.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    pub etag: Option<String>,
    pub bytes: Vec<u8>,
}

#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    #[error("{url:?} cannot be fetched: {why}")]
    Refused { url: String, why: String },
    #[error("{url} cannot be reached: {why}")]
    Unreachable { url: String, why: String },
    #[error("{url} did not answer completely within {seconds} seconds")]
    Slow { url: String, seconds: f64 },
    #[error("{url} answered with more than the {most_bytes} bytes allowed for it")]
    TooLarge { url: String, most_bytes: u64 },
    #[error("{url} redirects to {to:?}; redirects are not followed, use that address if you trust it")]
    Redirect { url: String, to: String },
    #[error("{url} answered with status {status}")]
    Status { url: String, status: u16, retry_after_seconds: Option<u64> },
    #[error("{url} answered with the type {found:?}, expected {expected}")]
    Type { url: String, found: String, expected: String },
    #[error("{url} broke off or garbled its answer: {why}")]
    Garbled { url: String, why: String },
    #[error("cannot read {path}: {why}")]
    Folder { path: String, why: String },
}

impl Told for FetchError {
    fn kind(&self) -> Kind {
        match self {
            FetchError::Refused { .. } | FetchError::Redirect { .. } | FetchError::Type { .. } => {
                Kind::Invalid
            }
            FetchError::TooLarge { .. } | FetchError::Folder { .. } => Kind::Invalid,
            FetchError::Unreachable { .. } | FetchError::Slow { .. } => Kind::Busy,
            FetchError::Status { .. } | FetchError::Garbled { .. } => Kind::Busy,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            FetchError::Refused { .. } => "fetch-refused",
            FetchError::Unreachable { .. } => "fetch-unreachable",
            FetchError::Slow { .. } => "fetch-slow",
            FetchError::TooLarge { .. } => "fetch-too-large",
            FetchError::Redirect { .. } => "fetch-redirect",
            FetchError::Status { .. } => "fetch-status",
            FetchError::Type { .. } => "fetch-type",
            FetchError::Garbled { .. } => "fetch-garbled",
            FetchError::Folder { .. } => "fetch-folder",
        }
    }
}

impl Ask {
    /// A plain GET within 20 seconds.
    pub fn new(url: impl Into<String>, most_bytes: u64) -> Ask {
        let url = url.into();
        Ask { url, most_bytes, deadline: DEADLINE, unless: None, caches: Caches::Allow, types: &[] }
    }

    fn headers(&self) -> Result<HeaderMap, FetchError> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
        if self.caches == Caches::Bypass {
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        }
        if let Some(etag) = &self.unless {
            let value = HeaderValue::from_str(etag).map_err(|_| FetchError::Refused {
                url: self.url.clone(),
                why: format!("{etag:?} cannot be sent as an ETag"),
            })?;
            headers.insert(header::IF_NONE_MATCH, value);
        }
        Ok(headers)
    }
}

impl Fetcher {
    pub fn new(policy: FetchPolicy) -> Fetcher {
        Fetcher::within(policy, DEADLINE)
    }

    /// With another deadline for the files of peers than 20 seconds.
    pub fn within(policy: FetchPolicy, deadline: Duration) -> Fetcher {
        Fetcher(Arc::new(Inner { policy, deadline, client: OnceLock::new(), lanes: Mutex::default() }))
    }

    pub fn deadline(&self) -> Duration {
        self.0.deadline
    }

    pub fn policy(&self) -> FetchPolicy {
        self.0.policy
    }

    /// GETs one URL as [`Ask`] says. # Errors: each [`FetchError`] names the URL and what happened.
    pub async fn get(&self, ask: &Ask) -> Result<Answer, FetchError> {
        let slow = || FetchError::Slow { url: ask.url.clone(), seconds: ask.deadline.as_secs_f64() };
        tokio::time::timeout(ask.deadline, self.answer(ask)).await.map_err(|_| slow())?
    }

    async fn answer(&self, ask: &Ask) -> Result<Answer, FetchError> {
        let url = guard::check(&ask.url, self.0.policy.allow_private)?;
        let lane = self.lane(url.authority());
        let _place = lane.acquire().await;
        let sent = self.client()?.get(url).headers(ask.headers()?).send().await;
        let mut response = sent.map_err(|error| unreachable(ask, &error))?;
        let status = response.status().as_u16();
        let etag = text_of(response.headers(), header::ETAG);
        match status {
            200 => {}
            304 | 404 | 410 => return Ok(Answer { status, etag, bytes: Vec::new() }),
            300..=399 => return Err(redirected(ask, response.headers())),
            _ => return Err(refused_status(ask, status, response.headers())),
        }
        check_type(ask, response.headers())?;
        // A length that is announced as too large need not be read to be known as such.
        if response.content_length().is_some_and(|length| length > ask.most_bytes) {
            return Err(too_large(ask));
        }
        let mut unpack = Unpack::new(ask, response.headers())?;
        while let Some(piece) = response.chunk().await.map_err(|error| garbled(ask, &innermost(&error)))? {
            unpack.take(ask, &piece)?;
        }
        Ok(Answer { status, etag, bytes: unpack.finish(ask)? })
    }

    fn client(&self) -> Result<&reqwest::Client, FetchError> {
        if let Some(client) = self.0.client.get() {
            return Ok(client);
        }
        let built = build_client(self.0.policy).map_err(|why| FetchError::Refused {
            url: "any address".to_owned(),
            why: format!("TLS cannot be set up: {why}"),
        })?;
        Ok(self.0.client.get_or_init(|| built))
    }

    fn lane(&self, authority: &str) -> Arc<Semaphore> {
        let mut lanes = self.0.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        let lane = lanes.entry(authority.to_owned());
        lane.or_insert_with(|| Arc::new(Semaphore::new(CONNECTIONS_PER_HOST))).clone()
    }
}

fn build_client(policy: FetchPolicy) -> Result<reqwest::Client, String> {
    let mut roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_root_certificates(roots)
        .with_no_client_auth();
    tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let builder = reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .referer(false)
        .pool_max_idle_per_host(CONNECTIONS_PER_HOST)
        .pool_idle_timeout(Duration::from_secs(30))
        .user_agent(concat!("lotse/", env!("CARGO_PKG_VERSION")));
    let builder =
        if policy.allow_private { builder } else { builder.dns_resolver(Arc::new(guard::PublicOnly)) };
    builder.build().map_err(|error| innermost(&error))
}

/// Collects an answer, unpacking it if it is packed, and stops at the limit.
enum Unpack {
    Plain { bytes: Vec<u8>, most: u64 },
    Gzip { decoder: Box<MultiGzDecoder<Capped>>, packed: u64, most: u64 },
}

/// Refuses the byte after the last one allowed, so that a small answer cannot fill the memory.
struct Capped {
    bytes: Vec<u8>,
    most: u64,
    full: bool,
}

impl Write for Capped {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        if (self.bytes.len() + piece.len()) as u64 > self.most {
            self.full = true;
            return Err(io::Error::other("over the limit"));
        }
        self.bytes.extend_from_slice(piece);
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Unpack {
    fn new(ask: &Ask, headers: &HeaderMap) -> Result<Unpack, FetchError> {
        let most = ask.most_bytes;
        match text_of(headers, header::CONTENT_ENCODING).as_deref() {
            None | Some("" | "identity") => Ok(Unpack::Plain { bytes: Vec::new(), most }),
            Some("gzip" | "x-gzip") => {
                let capped = Capped { bytes: Vec::new(), most, full: false };
                Ok(Unpack::Gzip { decoder: Box::new(MultiGzDecoder::new(capped)), packed: 0, most })
            }
            Some(other) => Err(garbled(ask, &format!("it is packed as {other:?}, which was not asked for"))),
        }
    }

    fn take(&mut self, ask: &Ask, piece: &[u8]) -> Result<(), FetchError> {
        match self {
            Unpack::Plain { bytes, most } => {
                if (bytes.len() + piece.len()) as u64 > *most {
                    return Err(too_large(ask));
                }
                bytes.extend_from_slice(piece);
                Ok(())
            }
            Unpack::Gzip { decoder, packed, most } => {
                *packed += piece.len() as u64;
                if *packed > *most {
                    return Err(too_large(ask));
                }
                let written = decoder.write_all(piece);
                written.map_err(|error| unpack_error(ask, decoder.get_ref().full, &error))
            }
        }
    }

    fn finish(self, ask: &Ask) -> Result<Vec<u8>, FetchError> {
        match self {
            Unpack::Plain { bytes, .. } => Ok(bytes),
            Unpack::Gzip { mut decoder, .. } => {
                let finished = decoder.try_finish();
                finished.map_err(|error| unpack_error(ask, decoder.get_ref().full, &error))?;
                Ok(std::mem::take(&mut decoder.get_mut().bytes))
            }
        }
    }
}

fn unpack_error(ask: &Ask, full: bool, error: &io::Error) -> FetchError {
    if full { too_large(ask) } else { garbled(ask, &format!("its gzip is broken: {error}")) }
}

fn check_type(ask: &Ask, headers: &HeaderMap) -> Result<(), FetchError> {
    let Some(found) = text_of(headers, header::CONTENT_TYPE) else { return Ok(()) };
    let essence = found.split(';').next().unwrap_or_default().trim();
    if ask.types.is_empty() || ask.types.iter().any(|allowed| essence.eq_ignore_ascii_case(allowed)) {
        return Ok(());
    }
    Err(FetchError::Type { url: ask.url.clone(), found, expected: ask.types.join(" or ") })
}

fn text_of(headers: &HeaderMap, name: header::HeaderName) -> Option<String> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

fn too_large(ask: &Ask) -> FetchError {
    FetchError::TooLarge { url: ask.url.clone(), most_bytes: ask.most_bytes }
}

fn garbled(ask: &Ask, why: &str) -> FetchError {
    FetchError::Garbled { url: ask.url.clone(), why: why.to_owned() }
}

fn redirected(ask: &Ask, headers: &HeaderMap) -> FetchError {
    let to = text_of(headers, header::LOCATION).unwrap_or_else(|| "nowhere".to_owned());
    FetchError::Redirect { url: ask.url.clone(), to: to.chars().take(300).collect() }
}

fn refused_status(ask: &Ask, status: u16, headers: &HeaderMap) -> FetchError {
    let retry_after_seconds = text_of(headers, header::RETRY_AFTER).and_then(|text| text.parse().ok());
    FetchError::Status { url: ask.url.clone(), status, retry_after_seconds }
}

fn unreachable(ask: &Ask, error: &reqwest::Error) -> FetchError {
    FetchError::Unreachable { url: ask.url.clone(), why: innermost(error) }
}

/// The cause at the bottom, which says what happened; the layers above only say that something did.
fn innermost(error: &dyn std::error::Error) -> String {
    let mut deepest = error;
    while let Some(source) = deepest.source() {
        deepest = source;
    }
    deepest.to_string()
}

#[cfg(test)]
mod tests {
    use super::testing::{BadServer, Reply, answer, gzip, ok};
    use super::{Answer, Ask, Caches, FetchError, FetchPolicy, Fetcher};
    use std::time::Duration;

    const HEAD: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n";

    async fn get(reply: impl Fn(&str) -> Reply + Send + Sync + 'static) -> Result<Answer, FetchError> {
        let server = BadServer::start(reply);
        let mut ask = Ask::new(format!("{}checkpoint", server.url), 1000);
        ask.deadline = Duration::from_millis(500);
        ask.types = &["text/plain", "application/octet-stream"];
        Fetcher::new(FetchPolicy { allow_private: true }).get(&ask).await
    }

    async fn told(reply: impl Fn(&str) -> Reply + Send + Sync + 'static) -> String {
        let told = get(reply).await.unwrap_err().to_string();
        assert!(told.contains("http://127.0.0.1:") && told.contains("/checkpoint"), "{told}");
        told
    }

    #[tokio::test]
    async fn an_answer_comes_unpacked_with_its_etag() {
        let packed = answer("200 OK", "ETag: \"a\"\r\nContent-Encoding: gzip\r\n", &gzip(&[7; 1000]));
        let got = get(move |_| Reply::Bytes(packed.clone())).await.unwrap();
        assert_eq!(got, Answer { status: 200, etag: Some("\"a\"".to_owned()), bytes: vec![7; 1000] });
    }

    #[tokio::test]
    async fn the_request_names_what_is_at_hand_and_bypasses_caches_when_told() {
        let server = BadServer::start(|head| {
            let head = head.to_lowercase();
            assert!(
                head.contains("if-none-match: \"a\"") && head.contains("cache-control: no-cache"),
                "{head}"
            );
            Reply::Bytes(answer("304 Not Modified", "ETag: \"a\"\r\n", b""))
        });
        let mut ask = Ask::new(&server.url, 10);
        ask.unless = Some("\"a\"".to_owned());
        ask.caches = Caches::Bypass;
        let got = Fetcher::new(FetchPolicy { allow_private: true }).get(&ask).await.unwrap();
        assert_eq!((got.status, got.bytes.len()), (304, 0));
    }

    #[tokio::test]
    async fn slow_bytes_end_at_the_deadline() {
        let stall = |_: &str| Reply::Stall(format!("{HEAD}Content-Length: 5\r\n\r\nab").into_bytes());
        assert!(told(stall).await.contains("did not answer completely within 0.5 seconds"));
        assert!(told(|_| Reply::Stall(Vec::new())).await.contains("within 0.5 seconds"));
    }

    #[tokio::test]
    async fn an_endless_answer_ends_at_the_limit() {
        let head = format!("{HEAD}\r\n").into_bytes();
        assert!(
            told(move |_| Reply::Endless(head.clone(), vec![0; 512]))
                .await
                .contains("more than the 1000 bytes")
        );
        let told_length =
            told(|_| Reply::Stall(format!("{HEAD}Content-Length: 9999999999\r\n\r\n").into_bytes()));
        assert!(told_length.await.contains("more than the 1000 bytes"));
    }

    #[tokio::test]
    async fn a_gzip_bomb_ends_at_the_limit() {
        let bomb = answer("200 OK", "Content-Encoding: gzip\r\n", &gzip(&vec![0; 300_000]));
        assert!(bomb.len() < 1000);
        assert!(told(move |_| Reply::Bytes(bomb.clone())).await.contains("more than the 1000 bytes"));
    }

    #[tokio::test]
    async fn a_redirect_is_told_and_not_followed() {
        let metadata = "Location: http://169.254.169.254/latest/\r\n";
        let told = told(move |_| Reply::Bytes(answer("302 Found", metadata, b""))).await;
        assert!(told.contains("redirects to \"http://169.254.169.254/latest/\""), "{told}");
    }

    #[tokio::test]
    async fn an_answer_shorter_than_told_or_broken_is_no_answer() {
        let short = |_: &str| Reply::Bytes(format!("{HEAD}Content-Length: 10\r\n\r\nabc").into_bytes());
        assert!(told(short).await.contains("broke off or garbled"));
        let mut half = gzip(&[7; 900]);
        half.truncate(half.len() - 6);
        let half = answer("200 OK", "Content-Encoding: gzip\r\n", &half);
        assert!(told(move |_| Reply::Bytes(half.clone())).await.contains("gzip is broken"));
        let brotli = answer("200 OK", "Content-Encoding: br\r\n", b"x");
        assert!(told(move |_| Reply::Bytes(brotli.clone())).await.contains("packed as \"br\""));
        assert!(told(|_| Reply::Bytes(b"SSH-2.0-OpenSSH\r\n".to_vec())).await.contains("cannot be reached"));
    }

    #[tokio::test]
    async fn a_web_page_or_an_error_page_is_no_file() {
        let page = answer("200 OK", "Content-Type: text/html; charset=utf-8\r\n", b"<html>");
        assert!(
            told(move |_| Reply::Bytes(page.clone())).await.contains("the type \"text/html; charset=utf-8\"")
        );
        let busy = answer("429 Too Many Requests", "Retry-After: 120\r\n", b"");
        let error = get(move |_| Reply::Bytes(busy.clone())).await.unwrap_err();
        assert!(matches!(error, FetchError::Status { status: 429, retry_after_seconds: Some(120), .. }));
        assert_eq!(get(|_| Reply::Bytes(answer("410 Gone", "", b""))).await.unwrap().status, 410);
    }

    #[tokio::test]
    async fn a_name_of_a_private_address_is_refused_by_the_resolver() {
        let refused = Fetcher::new(FetchPolicy::default()).get(&Ask::new("https://localhost/x", 10)).await;
        let told = refused.unwrap_err().to_string();
        assert!(told.contains("localhost leads to") && told.contains("not a public address"), "{told}");
    }

    #[tokio::test]
    async fn a_fetcher_stays_healthy_after_bad_answers() {
        let server = BadServer::start(|head| match head.contains("/bad") {
            true => Reply::Bytes(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc".to_vec()),
            false => Reply::Bytes(ok(b"fine")),
        });
        let fetcher = Fetcher::new(FetchPolicy { allow_private: true });
        for _ in 0..10 {
            assert!(fetcher.get(&Ask::new(format!("{}bad", server.url), 100)).await.is_err());
        }
        assert_eq!(fetcher.get(&Ask::new(&server.url, 100)).await.unwrap().bytes, b"fine");
    }
}
