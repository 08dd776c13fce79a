//! `lotse doctor`: looks a node over, changes nothing.

use super::Call;
use crate::app::{AppError, Node};
use crate::domain::content::ContentError;
use crate::domain::content::assemble::assemble;
use crate::domain::content::translation::{self, State};
use crate::domain::peers::peer;
use crate::platform::db::Read;
use crate::platform::fetch::{Ask, FetchPolicy, Fetcher};
use clap::Args;
use serde::Serialize;
use serde_json::json;
use std::collections::HashMap;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::process::ExitCode;

#[derive(Args)]
pub struct Doctor {
    /// Writes a new guard for the database as it is. Only if you are certain that no newer database exists
    /// anywhere: otherwise followers will see a forged feed, and this node has lost their trust for good.
    #[arg(long)]
    confirm_database: bool,
    /// Only asks whether the node that runs here can answer readers, as watchdogs want to know.
    #[arg(long)]
    ready: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Verdict {
    Well,
    Remark,
    Ill,
}

#[derive(Serialize)]
struct Finding {
    verdict: Verdict,
    words: String,
}

#[derive(Default)]
struct Findings(Vec<Finding>);

impl Findings {
    fn say(&mut self, verdict: Verdict, words: impl Into<String>) {
        self.0.push(Finding { verdict, words: words.into() });
    }
}

impl Doctor {
    pub fn run(self, call: &Call) -> Result<ExitCode, AppError> {
        if self.ready {
            return ready(call);
        }
        let node = call.looking()?;
        if self.confirm_database {
            node.sequencer.confirm_database()?;
        }
        let mut found = Findings::default();
        found.say(Verdict::Well, format!("{}, node {}", node.config.node.name, node.id()));
        found.say(Verdict::Well, format!("readers are told the address {}", node.config.site.url));
        feed(&node, &mut found)?;
        content(&node, &mut found)?;
        peers(&node, &mut found)?;
        let ill = found.0.iter().any(|finding| finding.verdict == Verdict::Ill);
        let mut text = String::new();
        for finding in &found.0 {
            let mark = match finding.verdict {
                Verdict::Well => "well  ",
                Verdict::Remark => "remark",
                Verdict::Ill => "ILL   ",
            };
            text.push_str(&format!("{mark}  {}\n", finding.words));
        }
        call.say.result(&found.0, &text);
        Ok(if ill { super::finding() } else { ExitCode::SUCCESS })
    }
}

/// Asks the node's own address; opens neither keys nor database.
fn ready(call: &Call) -> Result<ExitCode, AppError> {
    let mut address = call.settings()?.site.listen;
    if address.ip().is_unspecified() {
        address.set_ip(if address.is_ipv4() {
            Ipv4Addr::LOCALHOST.into()
        } else {
            Ipv6Addr::LOCALHOST.into()
        });
    }
    let fetcher = Fetcher::new(FetchPolicy { allow_private: true });
    let url = format!("http://{address}/health/ready");
    let answer = call.wait(async { fetcher.get(&Ask::new(&url, MOST_READY_BYTES)).await })?;
    let (ready, words) = match answer {
        Ok(answer) if answer.status == 200 => (true, format!("{url} is ready")),
        Ok(answer) => (false, format!("{url} answers {}", answer.status)),
        Err(error) => (false, error.to_string()),
    };
    call.say.result(&json!({ "ready": ready }), &words);
    Ok(if ready { ExitCode::SUCCESS } else { super::finding() })
}

const MOST_READY_BYTES: u64 = 4096;

fn feed(node: &Node, found: &mut Findings) -> Result<(), AppError> {
    let state = node.sequencer.state()?;
    match state.fault {
        None => found.say(
            Verdict::Well,
            format!("the feed holds {} signed entries, and the guard agrees", state.signed),
        ),
        Some(fault) => found.say(Verdict::Ill, fault.to_string()),
    }
    match (state.waiting, state.stuck) {
        (0, _) => {}
        (waiting, Some(stuck)) => {
            found.say(Verdict::Ill, stuck.to_string());
            found.say(Verdict::Remark, format!("{waiting} changes wait for a signature because of that"));
        }
        (waiting, None) => found.say(
            Verdict::Remark,
            format!("{waiting} changes wait for a signature; `lotse serve` signs them within seconds"),
        ),
    }
    if state.visible != Some(state.signed) {
        let visible = state.visible.map_or("nothing".to_owned(), |size| format!("{size} entries"));
        found.say(
            Verdict::Remark,
            format!("{visible} of it can be read; `lotse serve` completes that when it starts"),
        );
    }
    Ok(())
}

fn content(node: &Node, found: &mut Findings) -> Result<(), AppError> {
    let (snapshot, standings) = node.db.read(|tx: &mut Read<'_>| {
        Ok::<_, ContentError>((assemble(tx, node.clock.now(), HashMap::new())?, translation::standings(tx)?))
    })?;
    if snapshot.regions.is_empty() {
        found.say(Verdict::Remark, "there is no region yet: `lotse region add`, or `lotse import integreat`");
    }
    for region in &snapshot.regions {
        for (language, edition) in region.languages.iter().zip(&region.editions) {
            let standing = standings.get(&(region.id, language.tag.clone())).cloned().unwrap_or_default();
            let is_outdated = standing.counts().contains_key(&State::Outdated);
            let words = format!(
                "{} in {}: readers see {} pages; {standing}",
                region.name,
                language.native_name,
                edition.pages.items.len()
            );
            found.say(if is_outdated { Verdict::Remark } else { Verdict::Well }, words);
        }
    }
    Ok(())
}

fn peers(node: &Node, found: &mut Findings) -> Result<(), AppError> {
    for peer in node.db.read(|tx: &mut Read<'_>| peer::list(tx, node.clock.now()))? {
        let verdict = match (peer.state.as_str(), peer.unconfirmed_since) {
            ("following", None) => Verdict::Well,
            ("following", Some(_)) => Verdict::Remark,
            _ => Verdict::Ill,
        };
        found.say(verdict, format!("{}: {}", peer.name, peer.told));
    }
    Ok(())
}
