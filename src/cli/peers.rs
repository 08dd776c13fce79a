//! `lotse peers`: the nodes that are followed.

use super::Call;
use crate::app::{AppError, Node};
use crate::base::language::LanguageTag;
use crate::domain::adoption::offers::{Offer, offers};
use crate::domain::adoption::regions::{self, Switch};
use crate::domain::content::item::DEEPEST;
use crate::domain::content::kind::ObjectKind;
use crate::domain::content::media::clear::clear;
use crate::domain::peers::peer::{self, PeerDetail};
use crate::platform::db::{Read, Write};
use clap::{Subcommand, ValueEnum};
use serde_json::json;
use std::process::ExitCode;

#[derive(Subcommand)]
pub enum Peers {
    /// Lists who is followed and how they are.
    List,
    /// Tells all about one.
    Show {
        /// Node id, its beginning, name or address.
        peer: String,
        /// Also lists its regions, pages, events, places and so on with the ids that `lotse adopt` takes.
        #[arg(long)]
        items: bool,
    },
    /// Changes what is shown of a node.
    Set {
        peer: String,
        /// Shows all its regions beside yours, under your address and as they are: on or off.
        #[arg(long)]
        regions: Regions,
    },
    /// Follows again after you looked at why it was paused, or takes over the many entries that it waits with.
    Resume { peer: String },
    /// No longer follows a node, and deletes what came from it. Refused while anything of it is shown.
    Forget { peer: String },
}

impl Peers {
    pub fn run(self, call: &Call) -> Result<ExitCode, AppError> {
        match self {
            Peers::List => list(&call.looking()?, call),
            Peers::Show { peer, items } => show(&call.looking()?, call, &peer, items),
            Peers::Set { peer, regions } => set(&call.node()?, call, &peer, regions),
            Peers::Resume { peer } => {
                let node = call.node()?;
                let origin = node.db.write(|tx: &mut Write<'_>| {
                    let origin = peer::find(tx, &peer)?;
                    peer::resume(tx, &origin)?;
                    Ok::<_, AppError>(origin)
                })?;
                call.say.result(&json!({ "origin": origin }), "It will be asked again with the next round.");
                Ok(ExitCode::SUCCESS)
            }
            Peers::Forget { peer } => forget(&call.node()?, call, &peer),
        }
    }
}

fn forget(node: &Node, call: &Call, asked: &str) -> Result<ExitCode, AppError> {
    let origin = node.db.write(|tx: &mut Write<'_>| {
        let origin = peer::find(tx, asked)?;
        regions::refuse_shown(tx, &origin, asked)?;
        peer::forget(tx, &origin, node.clock.now())?;
        Ok::<_, AppError>(origin)
    })?;
    clear::<AppError>(&node.db, &node.blobs)?;
    call.say.result(
        &json!({ "origin": origin }),
        &format!("{origin} is no longer followed, and what came from it is deleted."),
    );
    Ok(ExitCode::SUCCESS)
}

#[derive(Clone, Copy, ValueEnum)]
pub enum Regions {
    On,
    Off,
}

fn set(node: &Node, call: &Call, asked: &str, to: Regions) -> Result<ExitCode, AppError> {
    let switch = match to {
        Regions::On => Switch::On,
        Regions::Off => Switch::Off,
    };
    let (origin, shown) = node.db.write(|tx: &mut Write<'_>| {
        let origin = peer::find(tx, asked)?;
        let shown = regions::switch(tx, &node.desk(), &origin, switch)?;
        Ok::<_, AppError>((origin, shown))
    })?;
    clear::<AppError>(&node.db, &node.blobs)?;
    let words = match to {
        Regions::On => format!("{shown} regions of it are shown here now, and follow every change."),
        Regions::Off => "None of its regions are shown here any more.".to_owned(),
    };
    call.say.result(&json!({ "origin": origin, "regions": shown }), &words);
    Ok(ExitCode::SUCCESS)
}

fn list(node: &Node, call: &Call) -> Result<ExitCode, AppError> {
    let peers = node.db.read(|tx: &mut Read<'_>| peer::list(tx, node.clock.now()))?;
    let mut text = String::new();
    for peer in &peers {
        text.push_str(&format!(
            "{}\n  {}\n  {} entries; {}\n",
            peer.name, peer.node, peer.entries, peer.told
        ));
    }
    if peers.is_empty() {
        text.push_str("No node is followed yet; see `lotse follow --help`.");
    }
    call.say.result(&peers, &text);
    Ok(ExitCode::SUCCESS)
}

fn show(node: &Node, call: &Call, asked: &str, items: bool) -> Result<ExitCode, AppError> {
    let (detail, offers) = node.db.read(|tx: &mut Read<'_>| {
        let origin = peer::find(tx, asked)?;
        let detail = peer::show(tx, &origin, node.clock.now())?;
        let offers = if items { offers(tx, &origin)? } else { Vec::new() };
        Ok::<_, AppError>((detail, offers))
    })?;
    let mut text = told(&detail);
    for of_kind in offers.chunk_by(|one, next| one.kind == next.kind) {
        text.push_str(&format!("  {}\n", heading(of_kind[0].kind)));
        of_kind.iter().for_each(|offer| text.push_str(&line(offer)));
    }
    call.say.result(&json!({ "peer": detail, "items": offers }), &text);
    Ok(ExitCode::SUCCESS)
}

fn told(detail: &PeerDetail) -> String {
    let peer = &detail.peer;
    let none = || "never".to_owned();
    let mut text = format!(
        "{}\n  Node id      {}\n  Fingerprint  {}\n  Feed         {} ({})\n  State        {}\n  Followed     since {}\n  \
         Last good    {}\n  Entries      {} verified, {} identity notes\n  To fetch     {}, {} bytes held\n",
        peer.name,
        peer.node,
        peer.spoken_fingerprint,
        peer.origin,
        peer.feed_url,
        peer.told,
        detail.pinned_at,
        peer.last_good.map_or_else(none, |at| at.to_string()),
        peer.entries,
        detail.identity_notes,
        peer.to_fetch,
        detail.held_bytes,
    );
    for (kind, state, count) in &detail.objects {
        text.push_str(&format!("  {count:6} {kind} {state}\n"));
    }
    for (reason, count) in &detail.refused {
        text.push_str(&format!("  {count:6} entries not used: {reason}\n"));
    }
    for trouble in peer.last_error.iter().chain(&detail.fetch_trouble) {
        text.push_str(&format!("  Trouble      {trouble}\n"));
    }
    for evidence in &detail.evidence {
        text.push_str(&format!("  Evidence     {}: {}\n", evidence.found_at, evidence.what));
    }
    text
}

fn heading(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::Profile => "Regions",
        ObjectKind::Page => "Pages",
        ObjectKind::Event => "Events",
        ObjectKind::Place => "Places",
        ObjectKind::Contact => "Contacts",
        ObjectKind::Organisation => "Organisations",
        ObjectKind::Category => "Categories",
        ObjectKind::News => "News",
        ObjectKind::Imprint => "Imprint",
        ObjectKind::Offer => "Offers",
    }
}

fn line(offer: &Offer) -> String {
    let titles: Vec<String> = offer.titles.iter().map(|(language, title)| named(language, title)).collect();
    let mark = if offer.adopted { " (adopted)" } else { "" };
    let indent = "  ".repeat(offer.depth.min(DEEPEST) - 1);
    format!("  {}  {indent}{}{mark}\n", offer.object, titles.join(" · "))
}

/// A name is one in every language.
fn named(language: &str, title: &str) -> String {
    if language == LanguageTag::none().as_str() { title.to_owned() } else { format!("{language}: {title}") }
}
