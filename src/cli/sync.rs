//! `lotse sync`: asks followed nodes for news now.

use super::Call;
use crate::app::{AppError, Node};
use crate::base::error::Told;
use crate::domain::adoption::mirror;
use crate::domain::content::media::clear::clear;
use crate::domain::peers::peer;
use crate::jobs::sync_peers;
use crate::platform::db::{Read, Write};
use clap::Args;
use indicatif::ProgressBar;
use serde::Serialize;
use serde_json::json;
use std::process::ExitCode;

#[derive(Args)]
pub struct Sync {
    /// Node id, its beginning, name or address; without it, all.
    peer: Option<String>,
}

/// What one sync did.
#[derive(Clone, Debug, Serialize)]
pub struct Done {
    pub origin: String,
    pub new_entries: u64,
    /// Entries verified so far.
    pub size: u64,
    pub new_texts: u64,
    pub missing: u64,
    pub trouble: Option<String>,
}

impl Done {
    pub fn told(&self) -> String {
        let missing = match (self.missing, &self.trouble) {
            (0, _) | (_, None) => String::new(),
            (count, Some(why)) => format!(" {count} texts or media could not be had yet: {why}."),
        };
        format!(
            "{} new entries, {} in all, every one verified; {} texts and media fetched.{missing}",
            self.new_entries, self.size, self.new_texts
        )
    }
}

impl Sync {
    pub fn run(self, call: &Call) -> Result<ExitCode, AppError> {
        let node = call.node()?;
        let origins = node.db.read(|tx: &mut Read<'_>| match &self.peer {
            Some(text) => Ok(vec![peer::find(tx, text)?]),
            None => Ok::<_, AppError>(
                peer::list(tx, node.clock.now())?.into_iter().map(|peer| peer.origin).collect(),
            ),
        })?;
        let (mut rows, mut text, mut failed) = (Vec::new(), String::new(), false);
        for origin in origins {
            let bar = call.say.counting("entries");
            let outcome = call.wait(one(&node, &origin, &bar))?;
            bar.finish_and_clear();
            match outcome {
                Ok(done) => {
                    text.push_str(&format!("{origin}: {}\n", done.told()));
                    rows.push(json!(done));
                }
                Err(error) => {
                    failed = true;
                    text.push_str(&format!("{origin}: {error}\n"));
                    rows.push(json!({ "origin": origin, "error": { "code": error.code(), "message": error.to_string() } }));
                }
            }
        }
        if rows.is_empty() {
            text.push_str("No node is followed yet; see `lotse follow --help`.");
        }
        call.say.result(&rows, &text);
        Ok(if failed { super::finding() } else { ExitCode::SUCCESS })
    }
}

/// Syncs one feed, fetches what it names, and brings the mirrors of it up to date.
pub(super) async fn one(node: &Node, origin: &str, bar: &ProgressBar) -> Result<Done, AppError> {
    let told = |done, all| {
        bar.set_length(all);
        bar.set_position(done);
    };
    let (synced, fetched) = sync_peers::now(&node.peers(), origin, told).await?;
    refresh(node, origin).await?;
    Ok(Done {
        origin: origin.to_owned(),
        new_entries: synced.to - synced.from,
        size: synced.to,
        new_texts: fetched.kept,
        missing: fetched.failed,
        trouble: fetched.trouble,
    })
}

async fn refresh(node: &Node, origin: &str) -> Result<(), AppError> {
    let (working, origin) = (node.clone(), origin.to_owned());
    let refreshed = node.db.run(move |db| {
        db.write(|tx: &mut Write<'_>| mirror::refresh(tx, &working.desk(), &origin))?;
        // What the mirrors no longer show.
        clear::<AppError>(&working.db, &working.blobs)
    });
    refreshed.await
}
