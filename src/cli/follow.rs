//! `lotse follow`: gets to know another node and begins to follow it.

use super::{Call, sync};
use crate::app::{AppError, Node, asked};
use crate::base::id::{NodeId, ObjectId};
use crate::base::language::LanguageTag;
use crate::domain::peers::filter::Filter;
use crate::domain::peers::follow::{self, Introduction};
use clap::Args;
use serde_json::json;
use std::collections::BTreeSet;
use std::process::ExitCode;

#[derive(Args)]
pub struct Follow {
    /// Address of the node's site, or a folder with an exported feed.
    place: String,
    /// The node id it must have, as its people told you.
    #[arg(long)]
    node: Option<NodeId>,
    /// Only these languages (BCP 47).
    #[arg(long, value_delimiter = ',')]
    languages: Vec<LanguageTag>,
    /// Only these kinds, such as page.
    #[arg(long, value_delimiter = ',')]
    kinds: Vec<String>,
    /// Only these regions of the node, by their object ids.
    #[arg(long, value_delimiter = ',')]
    regions: Vec<ObjectId>,
    /// Follows without asking; for scripts that name the node with --node.
    #[arg(long)]
    yes: bool,
}

impl Follow {
    pub fn run(self, call: &Call) -> Result<ExitCode, AppError> {
        let node = call.node()?;
        let filter =
            Filter { kinds: some(self.kinds), languages: some(self.languages), regions: some(self.regions) };
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
            keep(&node, &met, filter).await?;
            let bar = call.say.counting("entries");
            let synced = sync::one(&node, &met.origin, &bar).await?;
            bar.finish_and_clear();
            call.say.result(
                &json!({ "node": met.node, "fingerprint": met.spoken_fingerprint, "origin": met.origin, "sync": synced }),
                &format!("Following. {}", synced.told()),
            );
            Ok(ExitCode::SUCCESS)
        })?
    }
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

async fn keep(node: &Node, met: &Introduction, filter: Filter) -> Result<(), AppError> {
    let (peers, met) = (node.peers(), met.clone());
    Ok(node.db.run(move |_| met.pin(&peers, &filter)).await.map(|_| ())?)
}

/// Meets a node and follows all of its public feed, without asking anybody.
pub(super) async fn pin(node: &Node, place: &str) -> Result<Introduction, AppError> {
    let met = meet(node, place, None).await?;
    keep(node, &met, Filter::default()).await?;
    Ok(met)
}
