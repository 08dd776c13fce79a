//! Tiles, bundles and ranges: what the log holds, never to change.

use super::notes::read;
use super::served::{Keep, octets};
use crate::domain::feed::error::FeedError;
use crate::domain::feed::store;
use crate::tlog::entry_bundle::append_entry;
use crate::tlog::tile::{Layer, TilePath};
use crate::web::State;
use crate::web::problem::Problem;
use actix_web::{HttpRequest, HttpResponse, web};

/// Entries in one range; who is further behind takes bundles (civic-feed §2.8 step 4).
const LONGEST_RANGE: u64 = 4096;

pub async fn tile(request: HttpRequest, state: web::Data<State>) -> Result<HttpResponse, Problem> {
    let place = request.match_info().get("place").unwrap_or_default();
    let path: TilePath = format!("tile/{place}").parse().map_err(|_| Problem::no_such_address())?;
    let files = super::files(&state);
    // Tiles lie there before the checkpoint that names them; until then nobody is told.
    let size = published_size(&state).await?;
    if !path.exists_at(size) {
        return Err(Problem::no_such_address());
    }
    // Full bundles were compressed when they became full.
    let ready = match path.layer() {
        Layer::Entries if path.is_full() => tokio::fs::read(files.compressed(&path)).await.ok(),
        _ => None,
    };
    Ok(octets(&request, read(&files.tile(&path)).await?, ready, Keep::Forever))
}

/// The entries `m..n` of `m-n`, framed as in a bundle.
pub async fn range(request: HttpRequest, state: web::Data<State>) -> Result<HttpResponse, Problem> {
    let named = request.match_info().get("range").and_then(parse_range);
    let (from, to) = named.ok_or_else(Problem::no_such_address)?;
    if to > published_size(&state).await? {
        return Err(Problem::no_such_address());
    }
    let entries =
        state.database.run(move |database| database.read(|tx| store::entries(tx, from, to))).await?;
    let mut framed = Vec::with_capacity(entries.iter().map(|entry| entry.raw.len() + 2).sum());
    for entry in entries {
        append_entry(&mut framed, entry.raw.as_bytes()).map_err(FeedError::from)?;
    }
    Ok(octets(&request, framed, None, Keep::Forever))
}

async fn published_size(state: &web::Data<State>) -> Result<u64, Problem> {
    let files = super::files(state);
    let published = web::block(move || files.published()).await.map_err(|_| Problem::interrupted())?;
    Ok(published.map_or(0, |checkpoint| checkpoint.size))
}

/// Not empty, not too long, and in the one spelling of its numbers.
fn parse_range(text: &str) -> Option<(u64, u64)> {
    let (from, to) = text.split_once('-')?;
    let (from, to): (u64, u64) = (from.parse().ok()?, to.parse().ok()?);
    let fits = from < to && to - from <= LONGEST_RANGE && format!("{from}-{to}") == text;
    fits.then_some((from, to))
}

#[cfg(test)]
mod tests {
    use super::parse_range;

    #[test]
    fn a_range_has_one_spelling_and_an_end() {
        assert_eq!(parse_range("0-1"), Some((0, 1)));
        assert_eq!(parse_range("7-4103"), Some((7, 4103)));
        for wrong in
            ["7-4104", "1-1", "2-1", "01-2", "+1-2", "1-", "-1", "1", "1-2-3", "0-18446744073709551616"]
        {
            assert_eq!(parse_range(wrong), None, "{wrong}");
        }
    }
}
