//! Which texts of a feed we want to hold, and what goes when nobody shows it any more.

use super::error::PeerError;
use super::filter::{self, Filter, Outline};
use super::store::fold::{self as rows, HeadRow, WantRow};
use super::store::{blobs, holding};
use crate::domain::content::body::LARGEST_BODY_BYTES;
use crate::domain::content::store as content;
use crate::platform::db::{Database, DbError, Write};
use std::collections::HashSet;

/// `want`, `unwanted`, or `bad` if it can never be had; regions are left aside.
pub fn state(filter: &Filter, kind: &str, head: &HeadRow) -> &'static str {
    if usize::try_from(head.size_bytes).unwrap_or(usize::MAX) > LARGEST_BODY_BYTES {
        // SPEC: body huge: mark variant bad (civic-feed §2.16).
        return "bad";
    }
    if filter.wants(kind, &head.language) { "want" } else { "unwanted" }
}

/// The wants that these heads have.
pub fn rows_for(origin: &str, heads: &[HeadRow]) -> Vec<WantRow> {
    let open = heads.iter().filter(|head| head.state == "want");
    open.map(|head| WantRow {
        origin: origin.to_owned(),
        sha256: head.body.clone(),
        kind: "body".to_owned(),
        size_bytes: head.size_bytes,
        tries: 0,
        next_at: 0,
        last_error: None,
    })
    .collect()
}

/// The feed lets go of bodies and of the media that no other of its bodies names; what nobody else needs is deleted.
/// `erased` go even if a mirror still has them, since their publisher must be obeyed; ours stay ours, and other feeds'
/// stay theirs.
pub fn forget(tx: &mut Write<'_>, origin: &str, left: &[String], erased: &[String]) -> Result<(), DbError> {
    // Most bodies that a log ever named were never here; the costly questions are for those that are.
    let known: HashSet<String> =
        blobs::here(tx, left)?.into_iter().chain(holding::held_in(tx, origin, left)?).collect();
    let left: Vec<String> = known.into_iter().collect();
    let shown = blobs::shown_by(tx, &left)?.into_iter().filter(|(_, by)| by == origin);
    let shown: HashSet<String> = shown.map(|(digest, _)| digest).collect();
    let mut gone = erased.to_vec();
    gone.extend(left.into_iter().filter(|digest| !shown.contains(digest)));
    let media = blobs::media_of(tx, &gone)?;
    holding::let_go(tx, origin, &gone)?;
    blobs::forget_bodies(tx, erased, blobs::Forget::ErasedBy(origin))?;
    blobs::forget_bodies(tx, &gone, blobs::Forget::Unused)?;
    let media: Vec<String> = media.into_iter().collect();
    let named = holding::still_named(tx, origin, &media)?;
    let media: Vec<String> = media.into_iter().filter(|medium| !named.contains(medium)).collect();
    holding::let_go(tx, origin, &media)?;
    // They are not fetched for a text that is gone.
    rows::delete_wants(tx, origin, &media)?;
    blobs::forget_media(tx, &media)
}

/// Looks again at what an older version of this program passed over because it could not show it.
pub fn look_again(database: &Database, origin: &str, filter: &Filter) -> Result<(), PeerError> {
    let (name, understood) = (format!("kinds looked for in {origin}"), filter::understood());
    let known = database.read(|tx| content::fact(tx, &name))?;
    if known.as_ref() == Some(&understood) {
        return Ok(());
    }
    database.write(|tx| {
        refilter(tx, origin, filter)?;
        Ok(content::set_fact(tx, &name, &understood)?)
    })
}

/// Decides anew which texts of a feed are wanted: after its filter changed, or when regions matter.
pub fn refilter(tx: &mut Write<'_>, origin: &str, filter: &Filter) -> Result<(), PeerError> {
    let outline = Outline::new(rows::outline(tx, origin)?);
    let within = filter.regions.as_ref().map(|regions| outline.within(regions));
    let (mut changed, mut left) = (Vec::new(), Vec::new());
    for mut head in rows::open_heads(tx, origin)? {
        let inside = within.as_ref().is_none_or(|within| within.contains(head.object.as_str()));
        let wanted = match inside {
            true => state(filter, outline.kind(&head.object), &head),
            false => "unwanted",
        };
        match (head.state.as_str(), wanted) {
            ("want" | "ready", "want") | ("unwanted", "unwanted") => continue,
            (_, "want") => head.state = "want".to_owned(),
            // What is shown stays with its page until the page goes; it is only not renewed.
            _ => {
                left.push(head.body.clone());
                head.state = "unwanted".to_owned();
            }
        }
        changed.push(head);
    }
    rows::upsert_heads(tx, &changed)?;
    rows::delete_wants(tx, origin, &left)?;
    rows::insert_wants(tx, &rows_for(origin, &changed))?;
    // A text that waited for its pictures waits no longer.
    Ok(forget(tx, origin, &left, &[])?)
}
