//! "Was this page helpful?": the form at the foot of what people read, and the page that answers it.
//!
//! No token guards the form against other sites that might send it. There is no cookie, so nothing is ever done in
//! anybody's name: whoever can make a reader's browser send it could as well send it themselves.

use super::address::{self, Scope};
use super::frame::{Frame, Indexing, Step};
use super::render::World;
use super::{HTML, failed, guarded, kept, with_world};
use crate::base::error::Kind;
use crate::base::id::{ItemId, ObjectId};
use crate::domain::content::published::{ItemView, Snapshot};
use crate::domain::upkeep::UpkeepError;
use crate::domain::upkeep::feedback::{Given, LONGEST_COMMENT, Opinion, Rating, Seen, Subject};
use crate::web::State;
use crate::web::letterbox::deliver;
use crate::web::letterbox::form::Form;
use crate::web::problem::Problem;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

/// The form of one page.
pub struct Asking {
    /// Where it is sent to.
    pub action: String,
    pub longest_comment: usize,
}

/// What was read: a region's first page, or an item.
#[derive(Clone, Copy)]
struct Sheet<'s> {
    scope: Scope<'s>,
    item: Option<&'s ItemView>,
    subject: Subject,
}

/// Below the address that an object keeps for ever, so that a form that lay open for long still arrives.
const ADDRESS: &str = "/o/{object}/{language}/feedback";

pub fn configure(server: &mut web::ServiceConfig) {
    server
        .route(ADDRESS, web::post().to(taken))
        .route(ADDRESS, web::get().to(thanked))
        .route(ADDRESS, web::head().to(thanked));
}

impl Asking {
    /// `None`: nothing can be said about an item of this kind.
    pub fn of(scope: Scope<'_>, item: Option<&ItemView>) -> Option<Asking> {
        let sheet = Sheet::of(scope, item)?;
        Some(Asking { action: sheet.path(), longest_comment: LONGEST_COMMENT })
    }
}

impl<'s> Sheet<'s> {
    fn of(scope: Scope<'s>, item: Option<&'s ItemView>) -> Option<Sheet<'s>> {
        let subject = item.map_or(Some(Subject::Categories), |view| Subject::of_item(view.kind))?;
        Some(Sheet { scope, item, subject })
    }

    fn find(snapshot: &'s Snapshot, object: &str, language: &str) -> Option<Sheet<'s>> {
        let object: ObjectId = object.parse().ok()?;
        snapshot.regions.iter().find_map(|region| {
            let index = region.languages.iter().position(|known| known.slug == language)?;
            let scope = Scope::of(region, index)?;
            if ObjectId::from(region.id) == object {
                return Sheet::of(scope, None);
            }
            Sheet::of(scope, Some(scope.edition.item(ItemId::from(object))?))
        })
    }

    fn path(&self) -> String {
        let object = self.item.map_or(ObjectId::from(self.scope.region.id), |item| item.id.into());
        format!("/o/{object}/{}/feedback", self.scope.language.slug)
    }

    /// The way back.
    fn step(&self) -> Step {
        let (path, title) = match self.item {
            Some(item) if !item.path.is_empty() => (item.path.clone(), item.title()),
            _ => (self.scope.home_path(), self.scope.region.name.as_str()),
        };
        Step { href: address::encoded(&path), title: title.to_owned() }
    }

    fn given(&self, form: &Form) -> Result<Given, UpkeepError> {
        let rating = form.field("rating").and_then(Rating::parse);
        let opinion = Opinion::new(rating, form.field("comment").unwrap_or_default())?;
        Ok(Given {
            region: self.scope.region.id,
            language: self.scope.language.tag.clone(),
            subject: self.subject,
            seen: self.item.map(Seen::from),
            opinion,
            query: None,
            technical: false,
        })
    }
}

async fn taken(request: HttpRequest, state: web::Data<State>, body: web::Payload) -> HttpResponse {
    let showing = state.showing();
    let Some(sheet) = asked(&request, &showing.snapshot) else {
        return failed(&request, &state, &showing, &Problem::no_such_address());
    };
    match take(&request, &state, body, sheet).await {
        Ok(()) => {
            // SPEC: RFC 9110 §15.4.4: the browser goes on with GET, so that nothing is sent again by a reload.
            let mut answer = HttpResponse::SeeOther();
            answer.insert_header((header::LOCATION, sheet.path()));
            guarded(answer.insert_header((header::CACHE_CONTROL, "no-store")).finish())
        }
        Err(problem) => {
            let (page, _) =
                with_world(&state, &showing.snapshot, |world| told(world, sheet, Outcome::of(&problem)));
            match page {
                Ok(page) => guarded(problem.respond(HTML, page)),
                Err(_) => failed(&request, &state, &showing, &problem),
            }
        }
    }
}

async fn take(
    request: &HttpRequest,
    state: &State,
    body: web::Payload,
    sheet: Sheet<'_>,
) -> Result<(), Problem> {
    state.throttle.admit(request)?;
    let form = Form::read(request, body).await?;
    if !form.is_trapped() {
        deliver(state, sheet.given(&form)?).await?;
    }
    Ok(())
}

async fn thanked(request: HttpRequest, state: web::Data<State>) -> HttpResponse {
    let showing = state.showing();
    match asked(&request, &showing.snapshot) {
        Some(sheet) => {
            let key = format!("reader{}", sheet.path());
            kept(&request, &state, &showing, (&key, HTML), &|world| told(world, sheet, Outcome::Taken))
        }
        None => failed(&request, &state, &showing, &Problem::no_such_address()),
    }
}

fn asked<'s>(request: &HttpRequest, snapshot: &'s Snapshot) -> Option<Sheet<'s>> {
    let part = |name| request.match_info().query(name);
    Sheet::find(snapshot, part("object"), part("language"))
}

/// What became of it.
#[derive(Clone, Copy)]
enum Outcome {
    Taken,
    TooOften,
    /// Nothing was said, or too much.
    Refused,
    Broken,
}

impl Outcome {
    fn of(problem: &Problem) -> Outcome {
        match problem.kind {
            Kind::TooOften => Outcome::TooOften,
            Kind::Busy | Kind::Broken => Outcome::Broken,
            Kind::Invalid | Kind::NotFound | Kind::Forbidden | Kind::Conflict => Outcome::Refused,
        }
    }

    fn keys(self) -> (&'static str, &'static str) {
        match self {
            Outcome::Taken => ("feedback-thanks-title", "feedback-thanks-text"),
            Outcome::TooOften => ("broken-title", "feedback-often-text"),
            Outcome::Refused => ("broken-title", "feedback-refused-text"),
            Outcome::Broken => ("broken-title", "broken-text"),
        }
    }
}

#[derive(Template)]
#[template(path = "reader/templates/feedback_told.html")]
struct Told {
    frame: Frame,
    title_key: &'static str,
    text_key: &'static str,
    back: Step,
}

fn told(world: &World<'_>, sheet: Sheet<'_>, outcome: Outcome) -> Result<String, askama::Error> {
    let (title_key, text_key) = outcome.keys();
    let mut frame = Frame::of(sheet.scope, sheet.item, world.site);
    frame.title = format!("{} – {}", frame.words.say(title_key).text, sheet.scope.region.name);
    frame.indexing = Indexing::Unwanted;
    frame.canonical = None;
    frame.alternates.clear();
    frame.asking = None;
    Told { frame, title_key, text_key, back: sheet.step() }.render()
}
