//! `lotse follow`: gets to know another node and begins to follow it.

use super::{Call, sync};
use crate::app::{AppError, Node, asked};
use crate::base::id::{NodeId, ObjectId};
use crate::base::language::LanguageTag;
use crate::domain::adoption::regions::{self, Switch};
use crate::domain::peers::error::PeerError;
use crate::domain::peers::filter::Filter;
use crate::domain::peers::follow::{self, Introduction, Pinned};
use crate::domain::peers::peer;
use crate::platform::db::Write;
use clap::Args;
use serde_json::json;
use std::collections::BTreeSet;
use std::process::ExitCode;

#[derive(Args)]
pub struct Follow {
    /// Address of the node's site, or a folder with an exported feed. You agree to all entries that it has now; later,
    /// more than a million new ones at once wait for your word.
    place: String,
    /// The node id it must have, as its people told you.
    #[arg(long)]
    node: Option<NodeId>,
    /// Only these languages (BCP 47).
    #[arg(long, value_delimiter = ',')]
    languages: Vec<LanguageTag>,
    /// Only these kinds, such as page or event, and those that they are not whole without, such as the place of an event.
    #[arg(long, value_delimiter = ',')]
    kinds: Vec<String>,
    /// Only these regions of the node, by their object ids.
    #[arg(long, value_delimiter = ',')]
    regions: Vec<ObjectId>,
    /// Also shows all its regions beside yours, under your address and as they are; `lotse peers set <node> --regions off`
    /// ends that.
    #[arg(long)]
    show_regions: bool,
    /// Takes back what such limits left out when the node was followed before.
    #[arg(long, conflicts_with_all = ["languages", "kinds", "regions"])]
    everything: bool,
    /// Follows without asking; for scripts that name the node with --node.
    #[arg(long)]
    yes: bool,
}

impl Follow {
    pub fn run(self, call: &Call) -> Result<ExitCode, AppError> {
        let node = call.node()?;
        let filter =
            Filter { kinds: some(self.kinds), languages: some(self.languages), regions: some(self.regions) };
        let limits = (self.everything || filter != Filter::default()).then_some(filter);
        call.wait(async {
            let met = meet(&node, &self.place, self.node.as_ref()).await?;
            call.say.remark(&format!(
                "This is node {}\n\n    {}\n\nCompare these thirty digits by telephone or on paper with the people there. \
                 {} entries are in its feed.",
                met.node, met.spoken_fingerprint, met.size,
            ));
            if self.node.is_none() && !self.yes && !confirmed(call)? {
                return Err(asked("follow")("not confirmed; nothing was stored"));
            }
            let kept = keep(&node, &met, limits).await?;
            let bar = call.say.counting("entries");
            let synced = sync::one(&node, &met.origin, &bar).await?;
            bar.finish_and_clear();
            let shown = if self.show_regions { Some(show_regions(&node, &met.origin).await?) } else { None };
            let regions = shown.map(|shown| format!(" {shown} regions of it are shown here.")).unwrap_or_default();
            call.say.result(
                &json!({ "node": met.node, "fingerprint": met.spoken_fingerprint, "origin": met.origin,
                    "sync": synced, "wanted": kept.now, "regions": shown }),
                &format!("Following. {}{}{regions}", synced.told(), kept.told()),
            );
            Ok(ExitCode::SUCCESS)
        })?
    }
}

/// How many there are.
async fn show_regions(node: &Node, origin: &str) -> Result<usize, AppError> {
    let (working, origin) = (node.clone(), origin.to_owned());
    let shown = node.db.run(move |db| {
        db.write(|tx: &mut Write<'_>| regions::switch(tx, &working.desk(), &origin, Switch::On))
    });
    Ok(shown.await?)
}

fn some<T: Ord>(list: Vec<T>) -> Option<BTreeSet<T>> {
    (!list.is_empty()).then(|| list.into_iter().collect())
}

/// # Errors: there is no person to ask.
fn confirmed(call: &Call) -> Result<bool, AppError> {
    let nobody = "nobody is there to compare the fingerprint; give --node <id>, or --yes";
    call.say.asks("Is it the right node?")?.ok_or_else(|| asked("follow")(nobody))
}

async fn meet(node: &Node, place: &str, expected: Option<&NodeId>) -> Result<Introduction, AppError> {
    let met = follow::discover(&node.fetcher, place, expected).await?;
    if met.node == *node.id() {
        return Err(asked("follow")("that is this node itself"));
    }
    Ok(met)
}

/// What is wanted of a node.
struct Kept {
    /// If it was followed already.
    before: Option<Filter>,
    now: Filter,
}

impl Kept {
    fn told(&self) -> String {
        let Kept { before, now } = self;
        match before {
            Some(before) if before != now => format!("\nWanted of it from now on: {now}; before: {before}."),
            None if *now == Filter::default() => String::new(),
            _ => format!("\nWanted of it: {now}."),
        }
    }
}

/// Pins the node. Limits that a person gives replace those of before; without any, those stay.
async fn keep(node: &Node, met: &Introduction, limits: Option<Filter>) -> Result<Kept, AppError> {
    let (peers, met) = (node.peers(), met.clone());
    let kept = node.db.run(move |db| {
        let origin = &met.origin;
        if met.pin(&peers, limits.as_ref().unwrap_or(&Filter::default()))? == Pinned::New {
            return Ok::<_, PeerError>(Kept { before: None, now: limits.unwrap_or_default() });
        }
        db.write(|tx: &mut Write<'_>| {
            let before = peer::show(tx, origin, peers.clock.now())?.peer.filter;
            let now = limits.unwrap_or_else(|| before.clone());
            if now != before {
                peer::set_filter(tx, origin, &now)?;
            }
            Ok(Kept { before: Some(before), now })
        })
    });
    Ok(kept.await?)
}

/// Meets a node and follows all of its public feed, without asking anybody.
pub(super) async fn pin(node: &Node, place: &str) -> Result<Introduction, AppError> {
    let met = meet(node, place, None).await?;
    keep(node, &met, None).await?;
    Ok(met)
}
