//! The only place where [`Verified`] values are made: what carries it was proven, not just received.

use crate::base::digest::Digest;
use crate::domain::content::body::Body;
use crate::tlog::checkpoint::Checkpoint;
use crate::tlog::error::TlogError;
use crate::tlog::merkle::{Frontier, leaf_hash, tree_root};
use crate::tlog::signed_note::{Note, VerifierKey};
use std::ops::Deref;

/// Most entries of a log that is read: sixteen years at the most that §2.17 expects of one (2^24 a year). Above it the
/// tiles alone, which cannot be proven before all of them are here, would fill the memory.
const LARGEST_LOG: u64 = 1 << 28;

/// Something of another node that was checked against what its key signed.
#[derive(Clone, Debug)]
pub struct Verified<T>(T);

impl<T> Deref for Verified<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> Verified<T> {
    pub fn into_inner(self) -> T {
        self.0
    }
}

/// A checkpoint with the note that carries its signature.
#[derive(Clone, Debug)]
pub struct Signed {
    pub checkpoint: Checkpoint,
    pub note: String,
}

/// Entries that continue a log, and its right edge after them.
#[derive(Clone, Debug)]
pub struct Proven {
    /// Index of the first entry.
    pub first: u64,
    pub entries: Vec<Leaf>,
    pub frontier: Frontier,
}

/// One entry with its leaf hash; a redacted one has no bytes.
#[derive(Clone, Debug)]
pub struct Leaf {
    pub bytes: Vec<u8>,
    pub hash: Digest,
}

impl Leaf {
    /// An entry as it was delivered. Whether it belongs to a log is yet to be proven.
    pub fn of(bytes: &[u8]) -> Leaf {
        Leaf { bytes: bytes.to_vec(), hash: leaf_hash(bytes) }
    }
}

/// Why a checkpoint is refused.
#[derive(Debug)]
pub enum NoteFault {
    /// No signature by the key at hand: the key may have changed.
    UnknownKey,
    Refused(String),
}

impl NoteFault {
    /// Why, once no other key is to be had.
    pub fn words(self) -> String {
        match self {
            NoteFault::UnknownKey => "it is not signed by the key that the node's identity names".to_owned(),
            NoteFault::Refused(why) => why,
        }
    }
}

/// Checks the note of a followed feed.
pub fn checkpoint(bytes: &[u8], key: &VerifierKey) -> Result<Verified<Signed>, NoteFault> {
    let refuse = |error: TlogError| NoteFault::Refused(error.to_string());
    let note = Note::parse(bytes).map_err(refuse)?;
    let checkpoint: Checkpoint = note.text().parse().map_err(refuse)?;
    // SPEC: origin must equal the pinned one (civic-feed §2.8).
    if checkpoint.origin != key.name() {
        return Err(NoteFault::Refused(format!(
            "it is the checkpoint of {:?}, not of this feed",
            checkpoint.origin.chars().take(120).collect::<String>()
        )));
    }
    if checkpoint.size > LARGEST_LOG {
        return Err(NoteFault::Refused(format!(
            "it claims {} entries; at most {LARGEST_LOG} are taken",
            checkpoint.size
        )));
    }
    // SPEC: known key with bad signature: reject note; no known key: refresh identity.
    match note.verify(key) {
        Ok(()) => Ok(Verified(Signed { checkpoint, note: note.to_string() })),
        Err(TlogError::NotSigned { .. }) => Err(NoteFault::UnknownKey),
        Err(error) => Err(refuse(error)),
    }
}

/// Entries that follow directly on `edge` and reach exactly the tree that was signed; `None` if they do not.
pub fn continuation(
    edge: &Frontier,
    entries: Vec<Leaf>,
    signed: &Verified<Signed>,
) -> Option<Verified<Proven>> {
    let mut frontier = edge.clone();
    entries.iter().for_each(|leaf| frontier.push(leaf.hash));
    // SPEC: appending the new leaves to the stored frontier and comparing with the signed root proves consistency,
    // completeness and inclusion at once (civic-feed §0).
    let reached = frontier.size() == signed.checkpoint.size && frontier.root() == signed.checkpoint.root;
    reached.then(|| Verified(Proven { first: edge.size(), entries, frontier }))
}

/// The roots of the full bundles after `edge`, and the leaves of the last, partial one.
#[derive(Clone, Debug)]
pub struct BundleRoots {
    /// Index of the bundle that the first root belongs to.
    first: u64,
    roots: Vec<Digest>,
    rest: Vec<Digest>,
}

impl BundleRoots {
    /// How many bundles there are, the partial one included.
    pub fn bundles(&self) -> u64 {
        self.roots.len() as u64 + u64::from(!self.rest.is_empty())
    }
}

/// Tiles that continue the closed part of `edge` and yield the signed root; `None` if they do not.
pub fn bundle_roots(
    edge: &Frontier,
    roots: Vec<Digest>,
    rest: Vec<Digest>,
    signed: &Verified<Signed>,
) -> Option<Verified<BundleRoots>> {
    let mut frontier = edge.closed(8);
    let first = frontier.size() / 256;
    for root in &roots {
        frontier.push_subtree(8, *root).ok()?;
    }
    rest.iter().for_each(|leaf| frontier.push(*leaf));
    let reached = frontier.size() == signed.checkpoint.size && frontier.root() == signed.checkpoint.root;
    reached.then_some(Verified(BundleRoots { first, roots, rest }))
}

/// One bundle that is what the verified tiles say, continuing `edge`. `leaves` is the whole bundle; those before
/// `edge` must be the ones we have, and only those after it are returned.
pub fn bundle(
    edge: &Frontier,
    leaves: Vec<Leaf>,
    tiles: &Verified<BundleRoots>,
) -> Result<Verified<Proven>, BundleFault> {
    let at = usize::try_from((edge.size() / 256).saturating_sub(tiles.first)).unwrap_or(usize::MAX);
    let hashes: Vec<Digest> = leaves.iter().map(|leaf| leaf.hash).collect();
    // SPEC: every bundle is verifiable alone, its 256-leaf root is a level-1 hash (civic-feed §2.8).
    let genuine = match tiles.roots.get(at) {
        Some(root) => hashes.len() == 256 && tree_root(&hashes) == *root,
        None => at == tiles.roots.len() && !tiles.rest.is_empty() && hashes == tiles.rest,
    };
    if !genuine {
        return Err(BundleFault::OtherBytes);
    }
    let known = usize::try_from(edge.size() % 256).unwrap_or(0);
    let mut frontier = edge.closed(8);
    hashes.iter().take(known).for_each(|hash| frontier.push(*hash));
    // SPEC: the tiles must reproduce the stored frontier at size m.
    if frontier != *edge {
        return Err(BundleFault::OtherHistory);
    }
    hashes.iter().skip(known).for_each(|hash| frontier.push(*hash));
    let entries = leaves.into_iter().skip(known).collect();
    Ok(Verified(Proven { first: edge.size(), entries, frontier }))
}

/// Bundles in a row, the first of which continues `edge`; as [`bundle`].
pub fn bundles(
    edge: &Frontier,
    bundles: Vec<Vec<Leaf>>,
    tiles: &Verified<BundleRoots>,
) -> Result<Verified<Proven>, BundleFault> {
    let mut all = Proven { first: edge.size(), entries: Vec::new(), frontier: edge.clone() };
    for leaves in bundles {
        let proven = bundle(&all.frontier, leaves, tiles)?.into_inner();
        all.entries.extend(proven.entries);
        all.frontier = proven.frontier;
    }
    Ok(Verified(all))
}

/// Why a bundle is refused.
#[derive(Debug, PartialEq, Eq)]
pub enum BundleFault {
    /// It is not what the signed tree holds: damaged on the way.
    OtherBytes,
    /// It is what the signed tree holds, but begins with other entries than we have: a fork.
    OtherHistory,
}

/// A body that is what an entry names. `Err` says why it is not one.
pub fn body(bytes: &[u8], digest: &Digest, size_bytes: u64) -> Result<Verified<Body>, String> {
    if bytes.len() as u64 != size_bytes {
        return Err(format!("it has {} bytes, its entry says {size_bytes}", bytes.len()));
    }
    if Digest::of(bytes) != *digest {
        return Err("its bytes have another digest than its entry says".to_owned());
    }
    Body::parse(bytes).map(Verified).map_err(|error| error.to_string())
}
