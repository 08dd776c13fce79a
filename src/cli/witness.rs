//! `lotse witness`: who cosigns this node's log, so that it cannot show different histories to different readers.

use super::Call;
use crate::app::{AppError, Node};
use crate::domain::peers::cosigners::{self, Cosigner};
use crate::domain::peers::error::PeerError;
use crate::platform::db::{Read, Write};
use clap::Subcommand;
use serde_json::json;
use std::process::ExitCode;

#[derive(Subcommand)]
pub enum Witness {
    /// Asks another node to cosign from now on. It does once it follows this one, and hears of news at once.
    Add {
        /// Address of the node's site.
        place: String,
    },
    /// Lists whom this node asks, and what they answered.
    List,
    /// Asks a node no more.
    Remove {
        /// Its name as `lotse witness list` tells it, the beginning of it, or the address of its site.
        witness: String,
    },
}

impl Witness {
    pub fn run(self, call: &Call) -> Result<ExitCode, AppError> {
        match self {
            Witness::Add { place } => add(&call.node()?, call, &place),
            Witness::List => list(&call.looking()?, call),
            Witness::Remove { witness } => {
                let removed = call.node()?.db.write(|tx: &mut Write<'_>| cosigners::remove(tx, &witness))?;
                call.say.result(&json!({ "name": removed }), &format!("{removed} is asked no more."));
                Ok(ExitCode::SUCCESS)
            }
        }
    }
}

fn add(node: &Node, call: &Call, place: &str) -> Result<ExitCode, AppError> {
    let met = call.wait(cosigners::meet(&node.fetcher, place))??;
    if met.node == *node.id() {
        return Err(PeerError::Itself(place.to_owned()).into());
    }
    node.db.write(|tx: &mut Write<'_>| met.add(tx, node.clock.now()))?;
    call.say.result(
        &json!({ "node": met.node, "fingerprint": met.spoken_fingerprint }),
        &format!(
            "Node {} is asked to cosign from now on; its digits are {}. It does once it follows this node.",
            met.node, met.spoken_fingerprint
        ),
    );
    Ok(ExitCode::SUCCESS)
}

fn list(node: &Node, call: &Call) -> Result<ExitCode, AppError> {
    let witnesses = node.db.read(|tx: &mut Read<'_>| cosigners::list(tx))?;
    let mut text: String = witnesses.iter().map(told).collect();
    if witnesses.is_empty() {
        text.push_str("No node is asked to cosign yet; see `lotse witness add --help`.");
    }
    call.say.result(&witnesses, &text);
    Ok(ExitCode::SUCCESS)
}

fn told(witness: &Cosigner) -> String {
    let cosigned = match (witness.cosigned_size, witness.cosigned_at) {
        (Some(size), Some(at)) => format!("cosigned {size} entries at {at}"),
        _ => "has not cosigned yet".to_owned(),
    };
    let trouble = witness.last_error.iter().map(|error| format!("  Trouble: {error}\n"));
    format!("{}\n  {}\n  {cosigned}\n{}", witness.name, witness.site, trouble.collect::<String>())
}
