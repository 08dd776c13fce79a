//! Short addresses, as on printed codes: the number of any revision leads to where its item is now.

use super::{Lasting, failed, redirect};
use crate::domain::content::kind::ObjectKind;
use crate::domain::content::published::Snapshot;
use crate::domain::content::store::revisions;
use crate::platform::db::{DbError, Read};
use crate::web::State;
use crate::web::problem::Problem;
use actix_web::{HttpRequest, HttpResponse, web};

pub fn configure(server: &mut web::ServiceConfig) {
    for (path, kind) in [("/s/p/{number}", ObjectKind::Page), ("/s/i/{number}", ObjectKind::Imprint)] {
        let handler = move |request: HttpRequest, state: web::Data<State>| async move {
            lead(&request, &state, kind).await
        };
        for path in [path.to_owned(), format!("{path}/")] {
            server.route(&path, web::get().to(handler)).route(&path, web::head().to(handler));
        }
    }
}

async fn lead(request: &HttpRequest, state: &State, kind: ObjectKind) -> HttpResponse {
    let showing = state.showing();
    match current_path(state, &showing.snapshot, request.match_info().query("number"), kind).await {
        Ok(Some(path)) => redirect(&path, Lasting::Now),
        Ok(None) => failed(request, state, &showing, &Problem::no_such_address()),
        Err(error) => failed(request, state, &showing, &Problem::of(&error)),
    }
}

/// Where the item of a revision is read now in the revision's language; `None` if it is not.
async fn current_path(
    state: &State,
    snapshot: &Snapshot,
    number: &str,
    kind: ObjectKind,
) -> Result<Option<String>, DbError> {
    let Ok(number) = number.parse() else { return Ok(None) };
    let named = move |tx: &mut Read<'_>| revisions::of_number(tx, number);
    let named = state.database.run(move |database| database.read(named)).await?;
    Ok(named.and_then(|(item, language)| {
        let place = snapshot.place(item.into())?;
        let region = snapshot.regions.get(place.region)?;
        let known = region.languages.iter().position(|known| known.tag == language)?;
        let view = region.editions.get(known)?.item(item).filter(|view| view.kind == kind)?;
        Some(view.path.clone())
    }))
}
