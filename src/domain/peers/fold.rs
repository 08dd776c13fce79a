//! Adds entries up to what a feed says now: one row per object, one per language of it. Whole batches at a time:
//! what they touch is loaded once, changed in memory and written back once.

use super::error::PeerError;
use super::filter::Filter;
use super::former::{Former, former, names};
use super::store::feeds::{self, News};
use super::store::fold::{self as rows, EntryRow, HeadRow, ObjectRow};
use super::verify::{Leaf, Proven, Verified};
use super::wanted;
use crate::base::id::ObjectId;
use crate::base::language::LanguageTag;
use crate::domain::content::labels::Facets;
use crate::domain::feed::entry::{Entry, EntryVariant, Op, PutEntry};
use crate::platform::db::{Database, Reading, Write};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Stores proven entries and folds them, in their order; the objects that are other than before. `batch` is what
/// [`read`] made of them.
/// SPEC: violations are recorded per entry and skipped; they never stop the feed (civic-feed §2.8).
pub fn apply(
    tx: &mut Write<'_>,
    origin: &str,
    filter: &Filter,
    proven: &Verified<Proven>,
    batch: Batch,
) -> Result<BTreeSet<ObjectId>, PeerError> {
    let Batch { parsed, former } = batch;
    let mut state = State::load(tx, origin, filter, &parsed)?;
    state.former = former;
    let mut entry_rows = Vec::with_capacity(parsed.len());
    for (index, (leaf, parsed)) in (proven.first..).zip(proven.entries.iter().zip(&parsed)) {
        let bad_reason = match parsed {
            Ok(entry) => state.take(index, entry, &leaf.bytes).err(),
            Err(why) => Some(why.clone()),
        };
        entry_rows.push(entry_row(origin, index, leaf, parsed, bad_reason));
    }
    rows::insert_entries(tx, &entry_rows)?;
    state.save(tx)
}

/// What entries say, and which former texts their erasures reach.
pub struct Batch {
    parsed: Vec<Parsed>,
    former: Former,
}

/// What an entry says, or why it says nothing to us.
type Parsed = Result<Entry, String>;

/// Entries that one thread reads.
const READ_AT_ONCE: usize = 4096;

/// Reads proven entries, and what the log said before of the objects that they erase: ahead of the transaction, so that
/// it is short. No former text can come here in between: only the worker that moves the log on replaces a text.
pub fn read(database: &Database, origin: &str, proven: &Verified<Proven>) -> Result<Batch, PeerError> {
    let parsed = parse_all(proven);
    let former = database.read(|tx| former(tx, origin, parsed.iter().flatten()))?;
    Ok(Batch { parsed, former })
}

/// On as many threads as there are processors.
fn parse_all(proven: &Verified<Proven>) -> Vec<Parsed> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let share = proven.entries.len().div_ceil(threads).max(READ_AT_ONCE);
    let shares: Vec<&[Leaf]> = proven.entries.chunks(share).collect();
    let Some((last, others)) = shares.split_last() else { return Vec::new() };
    std::thread::scope(|scope| {
        let parse_share = |share: &[Leaf]| share.iter().map(parse).collect::<Vec<_>>();
        let others: Vec<_> = others.iter().map(|share| scope.spawn(move || parse_share(share))).collect();
        let last = parse_share(last);
        let mut read = Vec::with_capacity(proven.entries.len());
        for share in others {
            read.extend(share.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        read.extend(last);
        read
    })
}

fn parse(leaf: &Leaf) -> Parsed {
    if leaf.bytes.is_empty() {
        return Err("redacted".to_owned());
    }
    Entry::parse(&leaf.bytes).map_err(|error| error.to_string())
}

fn entry_row(origin: &str, index: u64, leaf: &Leaf, parsed: &Parsed, bad: Option<String>) -> EntryRow {
    let (op, kind, object) = match parsed.as_ref().map(|entry| &entry.op) {
        Ok(Op::Put(put)) => ("put", Some(put.kind.clone()), Some(put.object)),
        Ok(Op::Withdraw { object, .. }) => ("withdraw", None, Some(*object)),
        Ok(Op::Erase { object, .. }) => ("erase", None, Some(*object)),
        Ok(Op::Identity { .. }) => ("identity", None, None),
        Ok(Op::Redact { .. }) => ("redact", None, None),
        Ok(Op::Unknown { op }) => (op.as_str(), None, None),
        Err(_) if leaf.bytes.is_empty() => ("redacted", None, None),
        Err(_) => ("?", None, None),
    };
    EntryRow {
        origin: origin.to_owned(),
        idx: signed(index),
        leaf: leaf.hash.to_string(),
        raw: stored_bytes(&leaf.bytes),
        op: op.to_owned(),
        kind,
        object: object.map(|object| object.to_string()),
        bad_reason: bad,
    }
}

/// Entries are ASCII; one that is not is kept in base64 behind a mark that no entry begins with.
fn stored_bytes(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.contains('\0') => text.to_owned(),
        _ => format!("base64:{}", data_encoding::BASE64.encode(bytes)),
    }
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// The rows that a batch touches, while it is folded.
struct State<'a> {
    origin: &'a str,
    filter: &'a Filter,
    objects: HashMap<ObjectId, ObjectRow>,
    heads: HashMap<ObjectId, BTreeMap<LanguageTag, HeadRow>>,
    /// Bodies that earlier entries named and this batch erases.
    former: Former,
    touched: BTreeSet<ObjectId>,
    /// What of them is other than before.
    news: News,
    /// Bodies that heads left behind in this batch.
    left: BTreeSet<String>,
    /// Bodies that must go, whoever else names them.
    erased: BTreeSet<String>,
}

impl<'a> State<'a> {
    fn load(
        tx: &mut impl Reading,
        origin: &'a str,
        filter: &'a Filter,
        parsed: &[Parsed],
    ) -> Result<State<'a>, PeerError> {
        let named: BTreeSet<ObjectId> =
            parsed.iter().filter_map(|entry| object_of(&entry.as_ref().ok()?.op)).collect();
        let ids: Vec<String> = named.iter().map(ObjectId::to_string).collect();
        let mut objects = HashMap::new();
        for row in rows::objects_in(tx, origin, &ids)? {
            if let Ok(id) = row.object.parse::<ObjectId>() {
                objects.insert(id, row);
            }
        }
        let mut heads: HashMap<ObjectId, BTreeMap<LanguageTag, HeadRow>> = HashMap::new();
        for row in rows::heads_in(tx, origin, &ids)? {
            if let (Ok(id), Ok(language)) = (row.object.parse(), row.language.parse()) {
                heads.entry(id).or_default().insert(language, row);
            }
        }
        Ok(State {
            origin,
            filter,
            objects,
            heads,
            former: Former::new(),
            touched: BTreeSet::new(),
            news: News::Words,
            left: BTreeSet::new(),
            erased: BTreeSet::new(),
        })
    }

    /// Folds one entry. `Err` says why it has no effect.
    fn take(&mut self, index: u64, entry: &Entry, raw: &[u8]) -> Result<(), String> {
        // SPEC: crit lists members that must be understood (civic-feed §2.4).
        if !entry.crit.is_empty() {
            return Err(format!("needs newer software: it must be read with {}", entry.crit.join(", ")));
        }
        match &entry.op {
            Op::Put(put) => self.put(index, put, raw),
            Op::Withdraw { object, .. } => self.withdraw(*object),
            Op::Erase { object, revs, .. } => self.erase(*object, revs.as_ref()),
            Op::Identity { .. } | Op::Redact { .. } | Op::Unknown { .. } => Ok(()),
        }
    }

    fn put(&mut self, index: u64, put: &PutEntry, raw: &[u8]) -> Result<(), String> {
        let heads = self.heads.entry(put.object).or_default();
        // SPEC: rev strictly increasing (civic-feed §2.4). All variants are checked before any is taken.
        for (language, variant) in &put.variants {
            let known = heads.get(language).map_or(0, |head| head.rev);
            if let Some(variant) = variant
                && variant.rev <= known
            {
                return Err(format!("the revision of {language} goes from {known} to {}", variant.rev));
            }
        }
        for (language, variant) in &put.variants {
            match (variant, heads.get_mut(language)) {
                (Some(variant), known) => {
                    if let Some(head) = &known {
                        self.left.insert(head.body.clone());
                    }
                    let mut head = new_head(self.origin, index, put, language, variant);
                    head.state = wanted::state(self.filter, &put.kind, &head).to_owned();
                    if let Some(known) = known {
                        head.major_rev = if put.minor { known.major_rev } else { head.rev };
                        (head.ready_body, head.ready_rev, head.ready_at) =
                            (known.ready_body.take(), known.ready_rev, known.ready_at);
                    }
                    heads.insert(language.clone(), head);
                }
                // What was erased stays told apart from what was only withdrawn.
                (None, Some(head)) if head.state != "erased" => {
                    leave(head, "withdrawn", &mut self.left);
                    self.news = News::Places;
                }
                (None, _) => {}
            }
        }
        let row = object_row(self.origin, index, put, raw);
        if self.objects.get(&put.object).is_none_or(|known| !known.stands_as(&row)) {
            self.news = News::Places;
        }
        self.objects.insert(put.object, row);
        self.touched.insert(put.object);
        Ok(())
    }

    fn withdraw(&mut self, object: ObjectId) -> Result<(), String> {
        let Some(row) = self.objects.get_mut(&object) else {
            return Err(format!("it withdraws {object}, which was never put"));
        };
        if row.state != "erased" {
            row.state = "withdrawn".to_owned();
        }
        for head in self.heads.entry(object).or_default().values_mut() {
            if head.state != "erased" {
                leave(head, "withdrawn", &mut self.left);
            }
        }
        self.touched.insert(object);
        self.news = News::Places;
        Ok(())
    }

    fn erase(
        &mut self,
        object: ObjectId,
        revs: Option<&BTreeMap<LanguageTag, Vec<i64>>>,
    ) -> Result<(), String> {
        let Some(row) = self.objects.get_mut(&object) else {
            return Err(format!("it erases {object}, which was never put"));
        };
        if revs.is_none() {
            row.state = "erased".to_owned();
        }
        self.erased.extend(self.former.remove(&object).unwrap_or_default());
        for (language, head) in self.heads.entry(object).or_default() {
            if head.ready_rev.is_some_and(|rev| names(revs, language, rev)) {
                self.erased.extend(head.ready_body.take());
                (head.ready_rev, head.ready_at) = (None, None);
            }
            if names(revs, language, head.rev) {
                self.erased.insert(head.body.clone());
                leave(head, "erased", &mut self.left);
            }
        }
        self.touched.insert(object);
        self.news = News::Places;
        Ok(())
    }

    fn save(mut self, tx: &mut Write<'_>) -> Result<BTreeSet<ObjectId>, PeerError> {
        let object_rows: Vec<ObjectRow> =
            self.touched.iter().filter_map(|id| self.objects.remove(id)).collect();
        let mut head_rows: Vec<HeadRow> = self
            .touched
            .iter()
            .filter_map(|id| self.heads.remove(id))
            .flat_map(BTreeMap::into_values)
            .collect();
        if !self.touched.is_empty() {
            let news = feeds::count_news(tx, self.origin, self.news)?;
            head_rows.iter_mut().for_each(|head| head.news = news);
        }
        rows::upsert_objects(tx, &object_rows)?;
        rows::upsert_heads(tx, &head_rows)?;
        let wanted: HashSet<&str> =
            head_rows.iter().filter(|head| head.state == "want").map(|head| head.body.as_str()).collect();
        let left: Vec<String> = self
            .left
            .iter()
            .chain(&self.erased)
            .filter(|body| !wanted.contains(body.as_str()))
            .cloned()
            .collect();
        rows::delete_wants(tx, self.origin, &left)?;
        rows::insert_wants(tx, &wanted::rows_for(self.origin, &head_rows))?;
        let erased: Vec<String> = self.erased.into_iter().collect();
        wanted::forget(tx, self.origin, &left, &erased)?;
        if self.filter.regions.is_some() {
            wanted::refilter(tx, self.origin, self.filter)?;
        }
        Ok(self.touched)
    }
}

fn object_of(op: &Op) -> Option<ObjectId> {
    match op {
        Op::Put(put) => Some(put.object),
        Op::Withdraw { object, .. } | Op::Erase { object, .. } => Some(*object),
        Op::Identity { .. } | Op::Redact { .. } | Op::Unknown { .. } => None,
    }
}

fn object_row(origin: &str, index: u64, put: &PutEntry, raw: &[u8]) -> ObjectRow {
    let facets = Facets {
        topics: put.categories.iter().cloned().collect(),
        audiences: put.audiences.iter().cloned().collect(),
    };
    ObjectRow {
        origin: origin.to_owned(),
        object: put.object.to_string(),
        idx: signed(index),
        kind: put.kind.clone(),
        licence: put.licence.clone(),
        parent: put.parent.map(|parent| parent.to_string()),
        ord: put.ord.clone().unwrap_or_default(),
        expires_at: put.expires_at.map(|at| at.micros()),
        state: "live".to_owned(),
        entry: stored_bytes(raw),
        facets: serde_json::to_string(&facets).unwrap_or_else(|_| "{}".to_owned()),
    }
}

fn new_head(
    origin: &str,
    index: u64,
    put: &PutEntry,
    language: &LanguageTag,
    variant: &EntryVariant,
) -> HeadRow {
    let (source_language, source_rev) = variant.source.clone().unzip();
    HeadRow {
        origin: origin.to_owned(),
        object: put.object.to_string(),
        language: language.to_string(),
        idx: signed(index),
        rev: variant.rev,
        body: variant.body.to_string(),
        size_bytes: signed(variant.size_bytes),
        source_language: source_language.map(|language| language.to_string()),
        source_rev,
        via: variant.via.as_str().to_owned(),
        minor: put.minor,
        major_rev: if put.minor { 0 } else { variant.rev },
        state: String::new(),
        ready_body: None,
        ready_rev: None,
        ready_at: None,
        news: 0,
    }
}

/// The head no longer shows anything.
fn leave(head: &mut HeadRow, state: &str, left: &mut BTreeSet<String>) {
    left.insert(head.body.clone());
    left.extend(head.ready_body.take());
    head.state = state.to_owned();
    (head.ready_rev, head.ready_at) = (None, None);
}
