//! Checks a whole feed from its first entry on, from a web site or a folder, and says in plain words what holds.
//! Uses nothing that is stored here and stores nothing.

use super::error::PeerError;
use super::fetch_entries::{self, ALL};
use super::follow::{self, Introduction};
use super::keep::LARGEST_MEDIUM_BYTES;
use super::verify::{self, Leaf};
use crate::base::digest::Digest;
use crate::base::id::{NodeId, ObjectId};
use crate::base::language::LanguageTag;
use crate::domain::content::body::{Body, LARGEST_BODY_BYTES};
use crate::domain::feed::entry::{Entry, Op, PutEntry};
use crate::platform::fetch::{Caches, Fetcher};
use crate::tlog::merkle::Frontier;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use tokio::task::JoinSet;

const BATCH_BUNDLES: u64 = 64;
const PARALLEL: usize = 4;
/// More findings of one sort are counted, not listed.
const MOST_LISTED: usize = 20;

/// What was found out about a feed.
#[derive(Clone, Debug, Serialize)]
pub struct Audit {
    pub node: NodeId,
    pub spoken_fingerprint: String,
    pub origin: String,
    pub entries: u64,
    pub findings: Vec<Finding>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    pub verdict: Verdict,
    pub words: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    Holds,
    /// Worth knowing; does not make the feed false.
    Remark,
    Broken,
}

impl Audit {
    /// Whether nothing is broken.
    pub fn holds(&self) -> bool {
        self.findings.iter().all(|finding| finding.verdict != Verdict::Broken)
    }

    fn say(&mut self, verdict: Verdict, words: impl Into<String>) {
        self.findings.push(Finding { verdict, words: words.into() });
    }

    fn list(&mut self, verdict: Verdict, all: Vec<String>) {
        let more = all.len().saturating_sub(MOST_LISTED);
        all.into_iter().take(MOST_LISTED).for_each(|words| self.say(verdict, words));
        if more > 0 {
            self.say(verdict, format!("and {more} more of this sort"));
        }
    }
}

/// Fetches and checks everything at a place. `told` hears of progress: done, in all.
/// # Errors: identity or checkpoint do not hold, or the place cannot be read; anything less is a finding.
pub async fn audit(
    fetcher: &Fetcher,
    place: &str,
    expected: Option<&NodeId>,
    told: impl Fn(u64, u64),
) -> Result<Audit, PeerError> {
    let feed = follow::discover(fetcher, place, expected).await?;
    let mut audit = Audit {
        node: feed.node.clone(),
        spoken_fingerprint: feed.spoken_fingerprint.clone(),
        origin: feed.origin.clone(),
        entries: feed.size,
        findings: Vec::new(),
    };
    let notes = feed.identity_notes;
    audit.say(Verdict::Holds, format!("the identity of {} holds ({notes} signed notes)", feed.node));
    audit.say(Verdict::Holds, format!("the checkpoint over {} entries is signed by that node", feed.size));
    let mut state = Heads::default();
    if entries(&feed, &mut audit, &mut state, &told).await? {
        grammar(&mut audit, &mut state);
        bodies(&feed, &mut audit, &state, &told).await?;
    }
    Ok(audit)
}

/// The newest body of each text, and what was wrong with entries on the way.
#[derive(Default)]
struct Heads {
    revs: BTreeMap<(ObjectId, LanguageTag), i64>,
    live: BTreeMap<(ObjectId, LanguageTag), (Digest, u64)>,
    faults: Vec<String>,
    foreign: BTreeMap<String, u64>,
    empty: BTreeSet<u64>,
    redacted: BTreeSet<u64>,
}

async fn entries(
    feed: &Introduction,
    audit: &mut Audit,
    state: &mut Heads,
    told: &impl Fn(u64, u64),
) -> Result<bool, PeerError> {
    let mut frontier = Frontier::default();
    let end = feed.size.div_ceil(256);
    let mut next = 0;
    while next < end {
        let after = (next + BATCH_BUNDLES).min(end);
        let bundles =
            match fetch_entries::bundles(&feed.feed, next..after, feed.size, ALL, Caches::Allow).await {
                Ok(Ok(bundles)) => bundles,
                Ok(Err(why)) => {
                    audit.say(Verdict::Broken, why);
                    return Ok(false);
                }
                Err(error) => {
                    audit.say(Verdict::Broken, error.to_string());
                    return Ok(false);
                }
            };
        for leaf in bundles.into_iter().flatten() {
            state.take(frontier.size(), &leaf);
            frontier.push(leaf.hash);
        }
        told(frontier.size(), feed.size);
        next = after;
    }
    let signed = &feed.signed.checkpoint;
    if frontier.size() != signed.size || frontier.root() != signed.root {
        let words = format!(
            "the {} entries delivered are not those that were signed: they lead to the root {}, the signed one is {}",
            frontier.size(),
            frontier.root(),
            signed.root
        );
        audit.say(Verdict::Broken, words);
        return Ok(false);
    }
    audit.say(Verdict::Holds, format!("all {} entries are complete and as signed", signed.size));
    Ok(true)
}

fn grammar(audit: &mut Audit, state: &mut Heads) {
    let hidden: Vec<String> = state
        .empty
        .difference(&state.redacted)
        .map(|index| format!("entry {index} has no bytes, and no redact says why"))
        .collect();
    audit.list(Verdict::Broken, hidden);
    if state.faults.is_empty() {
        audit.say(Verdict::Holds, "every entry is written as the protocol demands");
    }
    audit.list(Verdict::Remark, std::mem::take(&mut state.faults));
    let foreign = std::mem::take(&mut state.foreign).into_iter();
    audit.list(
        Verdict::Remark,
        foreign.map(|(what, count)| format!("{count} entries {what}; kept, not understood here")).collect(),
    );
}

impl Heads {
    fn take(&mut self, index: u64, leaf: &Leaf) {
        if leaf.bytes.is_empty() {
            self.empty.insert(index);
            return;
        }
        match Entry::parse(&leaf.bytes) {
            Err(error) => self.faults.push(format!("entry {index} is not used: {error}")),
            Ok(entry) if !entry.crit.is_empty() => {
                *self.foreign.entry(format!("that need {}", entry.crit.join(", "))).or_default() += 1;
            }
            Ok(entry) => self.fold(index, entry.op),
        }
    }

    fn fold(&mut self, index: u64, op: Op) {
        match op {
            Op::Put(put) => self.put(index, put),
            Op::Withdraw { object, .. } => self.live.retain(|(at, _), _| *at != object),
            Op::Erase { object, revs, .. } => {
                let current = &self.revs;
                self.live.retain(|head, _| {
                    let erased = match (&revs, current.get(head)) {
                        (None, _) => true,
                        (Some(revs), Some(rev)) => revs.get(&head.1).is_some_and(|revs| revs.contains(rev)),
                        (Some(_), None) => false,
                    };
                    head.0 != object || !erased
                });
            }
            Op::Redact { index, .. } => drop(self.redacted.insert(index)),
            Op::Identity { .. } => {}
            Op::Unknown { op } => *self.foreign.entry(format!("of the operation {op}")).or_default() += 1,
        }
    }

    fn put(&mut self, index: u64, put: PutEntry) {
        let known =
            |language: &LanguageTag| self.revs.get(&(put.object, language.clone())).copied().unwrap_or(0);
        let back = put.variants.iter().find(|(language, variant)| {
            variant.as_ref().is_some_and(|variant| variant.rev <= known(language))
        });
        if let Some((language, _)) = back {
            let fault = format!("entry {index} is not used: the revision of {language} does not grow");
            return self.faults.push(fault);
        }
        for (language, variant) in put.variants {
            let head = (put.object, language);
            match variant {
                None => drop(self.live.remove(&head)),
                Some(variant) => {
                    self.revs.insert(head.clone(), variant.rev);
                    self.live.insert(head, (variant.body, variant.size_bytes));
                }
            }
        }
    }
}

async fn bodies(
    feed: &Introduction,
    audit: &mut Audit,
    state: &Heads,
    told: &impl Fn(u64, u64),
) -> Result<(), PeerError> {
    let mut wanted: BTreeMap<Digest, u64> = state.live.values().copied().collect();
    let (mut faults, mut media) = (Vec::new(), BTreeMap::new());
    // What claims to be too large is not even asked for.
    wanted.retain(|digest, size_bytes| {
        let fits = *size_bytes <= LARGEST_BODY_BYTES as u64;
        if !fits {
            faults.push(format!(
                "body {digest}: its entry says {size_bytes} bytes; at most {LARGEST_BODY_BYTES} are allowed"
            ));
        }
        fits
    });
    let total = wanted.len() as u64;
    let (mut open, mut waiting, mut done) = (JoinSet::new(), wanted.into_iter(), 0);
    loop {
        while open.len() < PARALLEL
            && let Some((digest, size_bytes)) = waiting.next()
        {
            let remote = feed.feed.clone();
            open.spawn(async move {
                let checked = match remote.blob(&digest, size_bytes).await {
                    Ok(answer) if answer.status == 200 => verify::body(&answer.bytes, &digest, size_bytes),
                    Ok(answer) => Err(format!("it is not there (status {})", answer.status)),
                    Err(error) => Err(error.to_string()),
                };
                (digest, checked)
            });
        }
        let Some(finished) = open.join_next().await else { break };
        match finished.unwrap_or_else(|failed| std::panic::resume_unwind(failed.into_panic())) {
            (_, Ok(body)) => note_media(&body, &mut media),
            (digest, Err(why)) => faults.push(format!("body {digest}: {why}")),
        }
        done += 1;
        told(done, total);
    }
    if faults.is_empty() {
        audit.say(Verdict::Holds, format!("all {total} texts that are public now are as their entries say"));
    }
    audit.list(Verdict::Broken, faults);
    media_files(feed, audit, media).await;
    Ok(())
}

fn note_media(body: &Body, media: &mut BTreeMap<Digest, u64>) {
    media.extend(body.media.iter().map(|medium| (medium.sha256, medium.size)));
}

async fn media_files(feed: &Introduction, audit: &mut Audit, media: BTreeMap<Digest, u64>) {
    let (total, mut absent, mut faults) = (media.len(), 0, Vec::new());
    for (digest, size_bytes) in media {
        if size_bytes > LARGEST_MEDIUM_BYTES {
            faults.push(format!("medium {digest}: its text says {size_bytes} bytes; at most {LARGEST_MEDIUM_BYTES} are allowed"));
            continue;
        }
        match feed.feed.blob(&digest, size_bytes).await {
            Ok(answer) if answer.status == 200 && Digest::of(&answer.bytes) == digest => {}
            Ok(answer) if answer.status == 200 => {
                faults.push(format!("medium {digest}: its bytes have another digest"));
            }
            Ok(_) => absent += 1,
            Err(error) => faults.push(format!("medium {digest}: {error}")),
        }
    }
    if absent > 0 {
        audit.say(Verdict::Remark, format!("{absent} of {total} media files are not offered"));
    } else if total > 0 && faults.is_empty() {
        audit.say(Verdict::Holds, format!("all {total} media files are as their texts say"));
    }
    audit.list(Verdict::Broken, faults);
}
