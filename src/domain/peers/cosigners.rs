//! The witnesses that this node asks to cosign its own log: chosen by a person, asked after each publication and once
//! in a while without one, never waited for.

use super::error::PeerError;
use super::store::witness::{self as rows, WitnessRow};
use super::{Peers, follow, poll, trust};
use crate::base::id::NodeId;
use crate::base::moment::Moment;
use crate::domain::feed::error::FeedError;
use crate::domain::feed::sequence::Sequencer;
use crate::platform::db::{Database, DbError, Read, Reading, Write};
use crate::platform::fetch::remote::{LARGEST_NOTE_BYTES, Remote};
use crate::platform::fetch::{Ask, Fetcher};
use crate::tlog::checkpoint::Checkpoint;
use crate::tlog::cosignature::cosigned_at;
use crate::tlog::signed_note::{Note, NoteSignature, VerifierKey};
use crate::tlog::witness::{AddCheckpoint, read_cosignatures, read_size};
use futures_util::future::join_all;
use serde::Serialize;
use std::time::Duration;

/// SPEC: publisher picks 3–8 witnesses (civic-feed §2.7); with the log's own line this many make the 16 that C2SP demands
/// every reader to take.
pub const MOST_WITNESSES: usize = 15;
/// SPEC: add-checkpoint to witnesses in parallel, 5 s (civic-feed §2.9).
const DEADLINE: Duration = Duration::from_secs(5);
/// SPEC: heartbeat, at least every 24 h resubmit the same size (civic-feed §2.7). Twice as often, so that a witness may be
/// out of reach for a while before anybody doubts.
const HEARTBEAT_SECONDS: i64 = 12 * 3600;
/// Who takes the task to ask has this long; a process that was killed keeps a witness unasked for no longer.
const TASK_SECONDS: i64 = 30;
/// A witness that does not answer is asked again after a minute, then after twice that, up to an hour.
const FIRST_PAUSE_SECONDS: i64 = 60;
const LONGEST_PAUSE_SECONDS: i64 = 3600;

/// A node that can be asked to cosign, checked against its identity.
#[derive(Clone, Debug)]
pub struct Candidate {
    pub node: NodeId,
    pub spoken_fingerprint: String,
    key: VerifierKey,
    site: String,
    submit: String,
}

/// A witness of our log, as a person sees it.
#[derive(Clone, Debug, Serialize)]
pub struct Cosigner {
    pub name: String,
    pub site: String,
    /// The size and time of its newest cosignature.
    pub cosigned_size: Option<u64>,
    pub cosigned_at: Option<Moment>,
    pub last_error: Option<String>,
}

/// Gets to know the witness at a node's site. # Errors: [`PeerError::NoWitness`], or the node's identity does not hold.
pub async fn meet(fetcher: &Fetcher, place: &str) -> Result<Candidate, PeerError> {
    let site = Remote::open(fetcher, place)?;
    let no_witness = |why: &str| PeerError::NoWitness { place: site.place(), why: why.to_owned() };
    let told = follow::well_known(&site).await?;
    let hint = told.witness().ok_or_else(|| no_witness("it does not cosign the logs of others"))?;
    let listed = told.nodes.into_iter().find(|one| hint.name.starts_with(one.id.as_str()));
    let listed = listed.ok_or_else(|| no_witness("its witness belongs to none of its nodes"))?;
    // SPEC: unsigned .well-known carries hints only (civic-feed §2.17): the chain decides which key it is.
    let chain = trust::fetch_chain(&site.at(&listed.base)?, Some(&listed.id)).await?;
    let key =
        chain.witness_key().ok_or_else(|| no_witness("the identity of its node names no witness key"))?;
    if hint.key != key.to_string() {
        return Err(no_witness("its witness has another key than the identity of its node names"));
    }
    Ok(Candidate {
        node: chain.node().clone(),
        spoken_fingerprint: chain.node().spoken_fingerprint(),
        key,
        site: site.place(),
        submit: site.at(&hint.submit)?.address("add-checkpoint"),
    })
}

impl Candidate {
    /// Asks this witness from now on. # Errors: [`PeerError::ManyWitnesses`].
    pub fn add(&self, tx: &mut Write<'_>, now: Moment) -> Result<(), PeerError> {
        let all = rows::all(tx)?;
        if all.len() >= MOST_WITNESSES && !all.iter().any(|row| row.name == self.key.name()) {
            return Err(PeerError::ManyWitnesses);
        }
        let row = WitnessRow {
            name: self.key.name().to_owned(),
            vkey: self.key.to_string(),
            site_url: self.site.clone(),
            submit_url: self.submit.clone(),
            added_at: now.micros(),
            known_size: 0,
            cosigned_size: None,
            cosigned_at: None,
            next_ask_at: 0,
            fail_count: 0,
            last_error: None,
        };
        Ok(rows::add(tx, &row)?)
    }
}

/// Every witness that is asked, the longest chosen first.
pub fn list(tx: &mut impl Reading) -> Result<Vec<Cosigner>, PeerError> {
    let told = |row: WitnessRow| Cosigner {
        name: row.name,
        site: row.site_url,
        cosigned_size: row.cosigned_size.and_then(|size| u64::try_from(size).ok()),
        cosigned_at: row.cosigned_at.map(Moment::from_micros),
        last_error: row.last_error,
    };
    Ok(rows::all(tx)?.into_iter().map(told).collect())
}

/// Asks a witness no more; `text` is its name, the start of it, or its address. The name of who it was.
/// # Errors: [`PeerError::UnknownWitness`] unless it means exactly one.
pub fn remove(tx: &mut Write<'_>, text: &str) -> Result<String, PeerError> {
    let at = |row: &WitnessRow| row.site_url.trim_end_matches('/') == text.trim_end_matches('/');
    let named = |row: &WitnessRow| text.len() >= 6 && row.name.starts_with(text);
    let mut meant = rows::all(tx)?.into_iter().filter(|row| at(row) || named(row));
    match (meant.next(), meant.next()) {
        (Some(one), None) => {
            rows::remove(tx, &one.name)?;
            Ok(one.name)
        }
        _ => Err(PeerError::UnknownWitness(text.to_owned())),
    }
}

/// Asks every witness whose cosignature under the newest checkpoint is missing or old, all at the same time, and serves
/// what they answer; how many cosigned.
/// # Errors: the database or the feed's files cannot be read; what a witness does wrong is noted with it.
pub async fn ask_due(peers: &Peers, log: &Sequencer) -> Result<usize, PeerError> {
    let (reading, now) = (log.clone(), peers.clock.now());
    let due = peers.database.run(move |database| due(database, &reading, now)).await?;
    let Some((note, checkpoint, witnesses)) = due else { return Ok(0) };
    let asking = |witness: WitnessRow| Asking { peers, log, note: &note, checkpoint: &checkpoint, witness };
    let answers = join_all(witnesses.into_iter().map(|witness| asking(witness).ask())).await;
    let (log, size) = (log.clone(), checkpoint.size);
    let kept = peers.database.run(move |database| keep(database, &log, (note.text(), size), answers, now));
    kept.await
}

type Due = (Note, Checkpoint, Vec<WitnessRow>);

/// The checkpoint that others can read, and who is to cosign it; those are ours to ask for a while.
fn due(database: &Database, log: &Sequencer, now: Moment) -> Result<Option<Due>, PeerError> {
    let all = database.read(|tx: &mut Read<'_>| rows::all(tx))?;
    let waiting: Vec<WitnessRow> = all.into_iter().filter(|row| row.next_ask_at <= now.micros()).collect();
    if waiting.is_empty() {
        return Ok(None);
    }
    let Some(note) = log.published_note() else { return Ok(None) };
    let checkpoint: Checkpoint = note.text().parse().map_err(FeedError::from)?;
    let old = now.plus_seconds(-HEARTBEAT_SECONDS).micros();
    let is_due = |row: &WitnessRow| {
        row.cosigned_size != i64::try_from(checkpoint.size).ok() || row.cosigned_at.is_none_or(|at| at <= old)
    };
    let until = now.plus_seconds(TASK_SECONDS).micros();
    let mut ours = Vec::new();
    for row in waiting.into_iter().filter(is_due) {
        if database.write(|tx: &mut Write<'_>| rows::take(tx, &row, until))? {
            ours.push(row);
        }
    }
    Ok((!ours.is_empty()).then_some((note, checkpoint, ours)))
}

/// What a witness answered.
struct Answered {
    witness: WitnessRow,
    /// Its verified line, or why there is none.
    outcome: Result<NoteSignature, String>,
    /// What it holds of our log, as far as we know now.
    known_size: u64,
}

struct Asking<'a> {
    peers: &'a Peers,
    log: &'a Sequencer,
    note: &'a Note,
    checkpoint: &'a Checkpoint,
    witness: WitnessRow,
}

impl Asking<'_> {
    async fn ask(self) -> Answered {
        let mut known_size = u64::try_from(self.witness.known_size).unwrap_or(0);
        let mut outcome = self.once(&mut known_size).await;
        // SPEC: tlog-witness, a 409 tells the size that was cosigned last; the proof for that one can be sent then.
        if let Ok(None) = outcome {
            outcome = self.once(&mut known_size).await;
        }
        let moved =
            || "it tells another size with every request; somebody else may sign for this node".to_owned();
        let outcome = outcome.and_then(|line| line.ok_or_else(moved));
        Answered { witness: self.witness, outcome, known_size }
    }

    /// One request; `None` if the witness holds another size than we believed, which `known_size` is then.
    async fn once(&self, known_size: &mut u64) -> Result<Option<NoteSignature>, String> {
        let (old_size, size) = (*known_size, self.checkpoint.size);
        if old_size > size {
            return Err(format!(
                "it cosigned {old_size} entries of this log, which has only {size} here: this database is older than \
                 what was signed, or another copy of this node signs"
            ));
        }
        let log = self.log.clone();
        let proof = self.peers.database.run(move |_| log.prove(old_size, size)).await;
        let proof = proof.map_err(|error| error.to_string())?;
        let request = AddCheckpoint { old_size, proof, note: self.note.clone() }.to_string();
        let ask = Ask { deadline: DEADLINE, ..Ask::new(self.witness.submit_url.clone(), LARGEST_NOTE_BYTES) };
        let answer = self.peers.fetcher.post(&ask, request).await.map_err(|error| error.to_string())?;
        match answer.status {
            200 => self.verified(&answer.bytes).map(Some),
            409 => match read_size(&answer.bytes).map_err(|error| error.to_string())? {
                told if told == old_size => {
                    Err(format!("it cosigned another log of {told} entries under the name of this one"))
                }
                told => {
                    *known_size = told;
                    Ok(None)
                }
            },
            404 => Err("it does not follow this node".to_owned()),
            403 => Err("it does not know the key that this node signs with".to_owned()),
            422 => Err(format!(
                "for it this log of {size} entries does not begin with the {old_size} that it saw"
            )),
            429 => Err("it was asked too often".to_owned()),
            status => Err(format!("it answered with status {status}")),
        }
    }

    /// The line among those of an answer that is by the witness.
    /// SPEC: tlog-witness, the client MUST ignore any cosignatures from unknown keys.
    fn verified(&self, answer: &[u8]) -> Result<NoteSignature, String> {
        let key: VerifierKey = self.witness.vkey.parse().map_err(|_| "its stored key is none".to_owned())?;
        let lines = read_cosignatures(answer).map_err(|error| error.to_string())?;
        let line = lines.into_iter().find(|line| line.claims(&key));
        let line = line.ok_or("its answer holds no cosignature by its key")?;
        let alone = Note::new(self.note.text().to_owned(), vec![line.clone()]);
        let time = alone.and_then(|note| cosigned_at(&note, &key));
        time.map(|_| line).map_err(|error| error.to_string())
    }
}

/// Serves the lines, then writes down who cosigned: a crash in between asks once more than needed.
fn keep(
    database: &Database,
    log: &Sequencer,
    (text, size): (&str, u64),
    answers: Vec<Answered>,
    now: Moment,
) -> Result<usize, PeerError> {
    let lines: Vec<NoteSignature> =
        answers.iter().filter_map(|answer| answer.outcome.as_ref().ok().cloned()).collect();
    if !lines.is_empty() {
        log.add_cosignatures(text, &lines)?;
    }
    let number = |size: u64| i64::try_from(size).unwrap_or(i64::MAX);
    database.write(|tx: &mut Write<'_>| {
        for Answered { witness, outcome, known_size } in &answers {
            match outcome {
                Ok(_) => rows::went_well(tx, &witness.name, number(size), now.micros())?,
                Err(why) => {
                    tracing::warn!(witness = witness.name, "no cosignature: {why}");
                    let pause = poll::backoff(FIRST_PAUSE_SECONDS, witness.fail_count, LONGEST_PAUSE_SECONDS);
                    let next = now.plus_seconds(pause).micros();
                    rows::went_wrong(tx, &witness.name, (number(*known_size), next), why)?;
                }
            }
        }
        Ok::<_, DbError>(())
    })?;
    Ok(lines.len())
}
