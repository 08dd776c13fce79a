//! A region with seven pages in five languages, asked over HTTP; the last page comes from another node.

use actix_web::body::to_bytes;
use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use actix_web::http::Method;
use actix_web::http::header::HeaderMap;
use actix_web::{App, test, web};
use futures_util::Stream;
use futures_util::stream::once;
use lotse::base::html::CleanHtml;
use lotse::base::id::{ItemId, NodeId};
use lotse::base::moment::Moment;
use lotse::domain::content::assemble::assemble;
use lotse::domain::content::change::Via;
use lotse::domain::content::item::{self, NewItem};
use lotse::domain::content::labels::Facets;
use lotse::domain::content::publish::{self, Publication, Text};
use lotse::domain::content::published::{Provenance, RegionSettings};
use lotse::domain::content::region::{self, NewLanguage, NewRegion};
use lotse::domain::content::revision::Edit;
use lotse::domain::content::{ContentError, Desk, blocks};
use lotse::platform::blobs::Blobs;
use lotse::platform::clock::Clock;
use lotse::platform::db::testing::{Scratch, database};
use lotse::platform::db::{Database, Read, Write};
use lotse::web::{About, State, routes};
use serde_json::Value;
use std::collections::HashMap;
use std::pin::Pin;
use std::sync::Arc;

/// When every test takes place.
const NOW: &str = "2026-05-01T08:00:00Z";
pub const SITE: &str = "https://node.example/";
/// Parent, then titles and slugs by language; the pages have the numbers 1 to 7.
type Plan = (Option<usize>, &'static [(&'static str, &'static str, &'static str)]);
const PAGES: [Plan; 7] = [
    (
        None,
        &[
            ("de", "Willkommen", "willkommen"),
            ("en", "Welcome", "welcome"),
            ("ar", "أهلا", "أهلا-وسهلا"),
            ("am", "እንኳን", "እንኳን-ደህና"),
        ],
    ),
    (Some(0), &[("de", "Arbeit", "arbeit"), ("en", "Work", "work"), ("uk", "Праця", "праця")]),
    (Some(1), &[("de", "Jobsuche", "stellensuche"), ("en", "Job search", "job-search")]),
    (None, &[("de", "Wohnen", "wohnen")]),
    (Some(3), &[("de", "Miete", "miete"), ("en", "Rent", "rent")]),
    (Some(0), &[("de", "Kinder", "kinder"), ("en", "Children", "kids"), ("ar", "الأطفال", "الأطفال")]),
    (None, &[("de", "Vom Landkreis", "vom-landkreis"), ("en", "From the district", "from-the-district")]),
];

pub struct Node {
    pub state: web::Data<State>,
    pub ids: Vec<ItemId>,
    scratch: Option<Scratch>,
    _folder: tempfile::TempDir,
}

pub struct Told {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: String,
}

impl Told {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("not JSON: {}", self.body))
    }

    pub fn list(&self) -> Vec<Value> {
        self.json().as_array().unwrap().clone()
    }

    pub fn paths(&self) -> Vec<String> {
        self.list().iter().map(|page| page["path"].as_str().unwrap().to_owned()).collect()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

fn settings() -> RegionSettings {
    RegionSettings {
        prefix: "Landkreis".into(),
        name_without_prefix: "Musterland".into(),
        postcode: "12345".into(),
        centre: Some([10.5, 50.25]),
        aliases: [("Kleinstadt".to_owned(), [10.6, 50.3])].into(),
        ..RegionSettings::default()
    }
}

pub fn found_region(tx: &mut Write<'_>, desk: &Desk<'_>) -> Result<region::Region, ContentError> {
    let new = NewRegion {
        slug: "musterland".into(),
        name: "Landkreis Musterland".into(),
        default_language: "de".parse().unwrap(),
        settings: settings(),
    };
    let region = region::found(tx, desk, new)?;
    // Amharic is added last and made from English, so that neither age nor alphabet gives the tree's order.
    let languages = [
        ("de", "Deutsch", None),
        ("en", "English", Some("de")),
        ("uk", "Українська", Some("de")),
        ("ar", "العربية", Some("en")),
        ("am", "አማርኛ", Some("en")),
    ];
    for (tag, name, source) in languages {
        let source = source.map(|tag: &str| tag.parse().unwrap());
        let new =
            NewLanguage { tag: tag.parse().unwrap(), slug: tag.into(), native_name: name.into(), source };
        region::add_language(tx, &region, new)?;
    }
    Ok(region)
}

pub fn text(language: &str, title: &str, slug: &str, html: &str, updated: &str) -> Text {
    let (wrap, pieces) = blocks::split(&CleanHtml::parse(html));
    Text {
        language: language.parse().unwrap(),
        title: title.into(),
        slug: slug.into(),
        blocks: blocks::identify(pieces, &[], &[]),
        wrap,
        media: vec![],
        summary: None,
        via: Via::Human,
        source: None,
        updated_at: Moment::parse(updated).unwrap(),
    }
}

fn publish_all(db: &Database, clock: &Clock) -> Vec<ItemId> {
    let desk = Desk { clock, site: SITE };
    db.write(|tx: &mut Write<'_>| {
        let region = found_region(tx, &desk)?;
        let ids: Vec<ItemId> = PAGES.iter().map(|_| clock.fresh_id().into()).collect();
        for (at, (parent, _)) in PAGES.iter().enumerate() {
            let parent = parent.map(|parent| ids[parent]);
            let ord = item::last_place(tx, region.id, parent)?;
            let icon = (at == 0).then(|| "https://elsewhere.example/icon.png".to_owned());
            item::create(
                tx,
                &desk,
                region.id,
                vec![NewItem { icon, ..NewItem::page(ids[at], parent, ord) }],
            )?;
        }
        let texts = |at: usize| -> Vec<Text> {
            let html = match at {
                1 => format!("<div><p>Zur <a href=\"page:{}\">Suche &amp; mehr</a></p></div>", ids[2]),
                _ => "<p>Größe</p>\n<p>Mehr</p>".to_owned(),
            };
            let updated = if at == 0 { "2023-11-20T13:06:57.529Z" } else { "2023-07-20T13:06:57Z" };
            PAGES[at]
                .1
                .iter()
                .map(|(language, title, slug)| text(language, title, slug, &html, updated))
                .collect()
        };
        let all = (0..PAGES.len()).map(|at| Publication::of_texts(ids[at], Edit::Major, texts(at)));
        publish::publish(tx, &desk, region.id, all.collect())?;
        // The German page below work moves to another address later.
        let moved = vec![text("de", "Jobsuche", "jobsuche", "<p>Neu</p>", "2026-01-01T00:00:00Z")];
        publish::publish(tx, &desk, region.id, vec![Publication::of_texts(ids[2], Edit::Minor, moved)])?;
        Ok::<_, ContentError>(ids)
    })
    .unwrap()
}

impl Drop for Node {
    fn drop(&mut self) {
        let scratch = self.scratch.take();
        std::thread::spawn(move || drop(scratch)).join().unwrap();
    }
}

impl Node {
    /// The database blocks, which the runtime of a test's own thread does not allow.
    pub fn new() -> Node {
        std::thread::spawn(Node::make).join().unwrap()
    }

    /// A node with what `publish` puts into its database, without anything mirrored.
    pub fn with(publish: fn(&Database, &Clock) -> Vec<ItemId>) -> Node {
        Node::made_by(publish)
    }

    /// As [`Node::with`], for what needs to know something.
    pub fn made_by(publish: impl FnOnce(&Database, &Clock) -> Vec<ItemId> + Send + 'static) -> Node {
        std::thread::spawn(move || {
            let (database, scratch) = database();
            let clock = Clock::manual(Moment::parse(NOW).unwrap());
            let ids = publish(&database, &clock);
            Node::showing((database, scratch), clock, ids, HashMap::new())
        })
        .join()
        .unwrap()
    }

    fn make() -> Node {
        let (database, scratch) = database();
        let clock = Clock::manual(Moment::parse(NOW).unwrap());
        let ids = publish_all(&database, &clock);
        let origin = Provenance {
            node: NodeId::of_genesis([7; 32]),
            node_name: "Landkreis <Nord>".into(),
            object: ids[6].into(),
            site: Some("https://nord.example/".into()),
            url: Some("https://nord.example/o/1".into()),
            licence: "CC-BY-4.0".into(),
            attribution: String::new(),
            facets: Facets::NONE,
            confirmed_at: None,
            unconfirmed_since: Some(Moment::parse("2026-04-01T08:00:00Z").unwrap()),
        };
        let provenance: HashMap<ItemId, Arc<Provenance>> = [(ids[6], Arc::new(origin))].into();
        Node::showing((database, scratch), clock, ids, provenance)
    }

    fn showing(
        (database, scratch): (Database, Scratch),
        clock: Clock,
        ids: Vec<ItemId>,
        provenance: HashMap<ItemId, Arc<Provenance>>,
    ) -> Node {
        let now = clock.now();
        let snapshot = database.read(|tx: &mut Read<'_>| assemble(tx, now, provenance)).unwrap();
        let _folder = tempfile::tempdir().unwrap();
        let about = About {
            site: SITE.into(),
            node_name: "Node".into(),
            node_id: NodeId::of_genesis([1; 32]),
            data: _folder.path().to_owned(),
        };
        let blobs = Blobs::open(_folder.path().join("blobs")).unwrap();
        let state = State::new(about, database, blobs, clock);
        routes::show(&state, Arc::new(snapshot));
        Node { state: web::Data::new(state), ids, scratch: Some(scratch), _folder }
    }

    pub async fn ask(&self, method: Method, path: &str, headers: &[(&str, &str)]) -> Told {
        self.ask_with(method, path, headers, String::new()).await
    }

    /// Asks with a body.
    pub async fn ask_with(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<web::Bytes>,
    ) -> Told {
        let body = body.into();
        self.ask_while(method, path, headers, async { body }).await
    }

    /// Asks with a body that is not there yet.
    pub async fn ask_while(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Future<Output = web::Bytes> + 'static,
    ) -> Told {
        let body: Pin<Box<dyn Stream<Item = Result<web::Bytes, PayloadError>>>> =
            Box::pin(once(async { Ok(body.await) }));
        let request = test::TestRequest::with_uri(path).method(method);
        let request = headers.iter().fold(request, |request, header| request.insert_header(*header));
        let request = request.to_request().replace_payload(Payload::from(body)).0;
        let app = App::new()
            .app_data(self.state.clone())
            .wrap(routes::security_headers())
            .configure(routes::configure);
        let app = test::init_service(app).await;
        let response = test::call_service(&app, request).await;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = to_bytes(response.into_body()).await.unwrap();
        Told { status, headers, body: String::from_utf8_lossy(&body).into_owned() }
    }

    pub async fn get(&self, path: &str) -> Told {
        self.ask(Method::GET, path, &[("origin", "https://app.example")]).await
    }
}
