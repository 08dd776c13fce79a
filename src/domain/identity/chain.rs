//! A chain of identity notes: who may speak for a node, from its first note to its newest (civic-feed §2.2).

use super::error::IdentityError;
use super::note::{FIRST_LINE, FeedKey, IdentityNote, LARGEST_IDENTITY_NOTE_BYTES};
use crate::base::id::NodeId;
use crate::tlog::signed_note::{SignatureKind, VerifierKey};

/// Most notes a chain may have.
pub const LONGEST_CHAIN: usize = 1024;
/// Largest answer of `GET <base>/identity`, in bytes.
pub const LARGEST_CHAIN_BYTES: usize = LONGEST_CHAIN * LARGEST_IDENTITY_NOTE_BYTES;

/// A chain in which every note follows lawfully; there is no other way to make one.
#[derive(Clone, Debug)]
pub struct Chain {
    node: NodeId,
    notes: Vec<IdentityNote>,
}

impl Chain {
    /// Checks the notes as they are served, one behind the other. The node is whoever they say; use
    /// [`Chain::verify_for`] once a node is known.
    ///
    /// # Errors
    /// [`IdentityError`] names the note that is malformed, unsigned or does not follow its predecessor.
    pub fn verify(served: &[u8]) -> Result<Chain, IdentityError> {
        let mut notes: Vec<IdentityNote> = Vec::new();
        for bytes in split(served)? {
            let note = IdentityNote::parse(bytes)?;
            check_follows(notes.last(), &note)?;
            notes.push(note);
        }
        let first = notes.first().ok_or(IdentityError::Note("there is none"))?;
        Ok(Chain { node: first.node_id(), notes })
    }

    /// Checks the notes of a node that is known already.
    ///
    /// # Errors
    /// As [`Chain::verify`]; [`IdentityError::AnotherNode`] if it is a lawful chain of somebody else.
    pub fn verify_for(node: &NodeId, served: &[u8]) -> Result<Chain, IdentityError> {
        let chain = Chain::verify(served)?;
        match chain.node == *node {
            true => Ok(chain),
            false => Err(IdentityError::AnotherNode { expected: node.clone(), found: chain.node }),
        }
    }

    pub fn node(&self) -> &NodeId {
        &self.node
    }

    /// From the first to the newest, at least one.
    pub fn notes(&self) -> &[IdentityNote] {
        &self.notes
    }

    pub fn newest(&self) -> &IdentityNote {
        &self.notes[self.notes.len() - 1]
    }

    pub fn feed(&self, name: &str) -> Option<&FeedKey> {
        self.newest().document.feeds.get(name)
    }

    /// The key that signs the checkpoints of this feed; its name is the feed's origin.
    pub fn checkpoint_key(&self, feed: &str) -> Option<VerifierKey> {
        let key = self.feed(feed)?;
        let origin = format!("{}/{feed}/{}", self.node, key.epoch);
        VerifierKey::new(&origin, SignatureKind::Ed25519, key.key).ok()
    }

    /// Adds a note that follows the newest one. # Errors: as [`Chain::verify`].
    pub fn append(&mut self, note: IdentityNote) -> Result<(), IdentityError> {
        if self.notes.len() == LONGEST_CHAIN {
            return Err(IdentityError::Note("a chain has at most 1024 notes"));
        }
        check_follows(self.notes.last(), &note)?;
        self.notes.push(note);
        Ok(())
    }

    /// The number of the first note in which two lawful chains of one node differ: an identity fork.
    pub fn fork_with(&self, other: &Chain) -> Option<u64> {
        let differ = |(mine, theirs): (&IdentityNote, &IdentityNote)| mine.text() != theirs.text();
        self.notes.iter().zip(&other.notes).position(differ).map(|seq| seq as u64)
    }
}

/// The chain as it is served.
impl std::fmt::Display for Chain {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.notes.iter().try_for_each(|note| note.fmt(f))
    }
}

fn check_follows(before: Option<&IdentityNote>, note: &IdentityNote) -> Result<(), IdentityError> {
    let seq = note.document.seq;
    let refuse = |why| Err(IdentityError::Chain { seq, why });
    // SPEC: civic-feed §2.2, signed by enough of its own rot keys.
    if !note.is_signed_by(&note.document.rot) {
        return refuse("too few of its own rotation keys signed it");
    }
    let Some(before) = before else {
        return if seq == 0 { Ok(()) } else { refuse("the first note is not number 0") };
    };
    // SPEC: civic-feed §2.2, seq is exactly one more: closes the rollback hole of a skipped note.
    if seq != before.document.seq + 1 {
        return refuse("it is not the next number");
    }
    if note.document.prev != Some(before.digest()) {
        return refuse("prev does not name the note before");
    }
    // SPEC: civic-feed §2.2 (TUF root rule), signed by enough rot keys of the note before, too.
    if !note.is_signed_by(&before.document.rot) {
        return refuse("too few rotation keys of the note before signed it");
    }
    Ok(())
}

fn split(served: &[u8]) -> Result<Vec<&[u8]>, IdentityError> {
    if served.len() > LARGEST_CHAIN_BYTES {
        return Err(IdentityError::Note("the chain is larger than 16 MiB"));
    }
    let separator = format!("\n{FIRST_LINE}\n");
    let mut notes = Vec::new();
    let mut rest = served;
    while !rest.is_empty() {
        if notes.len() == LONGEST_CHAIN {
            return Err(IdentityError::Note("a chain has at most 1024 notes"));
        }
        let next = rest.windows(separator.len()).position(|window| window == separator.as_bytes());
        let (note, after) = rest.split_at(next.map_or(rest.len(), |line_end| line_end + 1));
        notes.push(note);
        rest = after;
    }
    Ok(notes)
}

#[cfg(test)]
mod tests {
    use super::Chain;
    use crate::domain::identity::error::IdentityError;
    use crate::domain::identity::note::{IdentityDocument, ROT, Rotation};
    use crate::tlog::signed_note::{Note, NoteSignature, PublicKey, SignatureKind, VerifierKey};
    use crate::tlog::vectors;
    use ed25519_dalek::Signer;

    fn public(byte: u8) -> PublicKey {
        PublicKey::from_bytes(vectors::signing_key(byte).verifying_key().as_bytes()).unwrap()
    }

    fn signed(document: &IdentityDocument, signers: &[u8]) -> String {
        let text = document.to_text();
        let line = |byte: &u8| {
            let key = VerifierKey::new(ROT, SignatureKind::Ed25519, public(*byte)).unwrap();
            NoteSignature::new(&key, &vectors::signing_key(*byte).sign(text.as_bytes()).to_bytes())
        };
        Note::new(text.clone(), signers.iter().map(line).collect()).unwrap().to_string()
    }

    fn second(rot: &[u8], need: usize) -> IdentityDocument {
        let chain = Chain::verify(vectors::IDENTITY.as_bytes()).unwrap();
        let mut document = chain.newest().document.clone();
        document.seq = 1;
        document.prev = Some(chain.newest().digest());
        document.rot = Rotation { keys: rot.iter().map(|byte| public(*byte)).collect(), need };
        document.urls = vec!["https://neu.example/".into()];
        document
    }

    fn check(second: &str) -> Result<Chain, IdentityError> {
        let node = vectors::NODE_ID.parse().unwrap();
        Chain::verify_for(&node, format!("{}{second}", vectors::IDENTITY).as_bytes())
    }

    #[test]
    fn the_published_chain_names_the_feed_key() {
        let chain = check("").unwrap();
        assert_eq!(chain.checkpoint_key("pub").unwrap().to_string(), vectors::FEED_VKEY);
        assert_eq!(chain.to_string(), vectors::IDENTITY);
        assert!(chain.checkpoint_key("other").is_none());
    }

    #[test]
    fn a_rotation_needs_the_old_and_the_new_keys() {
        let document = second(&[6, 7], 1);
        assert!(check(&signed(&document, &[3, 4, 6])).is_ok());
        assert!(check(&signed(&document, &[3, 4])).is_err(), "no new key");
        assert!(check(&signed(&document, &[3, 6, 7])).is_err(), "too few old keys");
        assert!(check(&signed(&document, &[3, 3, 6])).is_err(), "one old key counted twice");
    }

    #[test]
    fn a_note_out_of_its_place_is_refused() {
        let right = second(&[3, 4, 5], 2);
        assert_eq!(check(&signed(&right, &[3, 4])).unwrap().notes().len(), 2);
        for wrong in [
            IdentityDocument { seq: 2, ..right.clone() },
            IdentityDocument { prev: Some(crate::base::digest::Digest::of(b"")), ..right.clone() },
            IdentityDocument { seq: 0, prev: None, ..right },
        ] {
            assert!(check(&signed(&wrong, &[3, 4])).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_lawful_chain_of_another_node_is_not_taken() {
        let mut document = Chain::verify(vectors::IDENTITY.as_bytes()).unwrap().newest().document.clone();
        document.urls.clear();
        let other = signed(&document, &[3, 4]);
        let node = vectors::NODE_ID.parse().unwrap();
        assert!(matches!(Chain::verify_for(&node, other.as_bytes()), Err(IdentityError::AnotherNode { .. })));
    }

    #[test]
    fn two_lawful_continuations_are_a_fork() {
        let one = check(&signed(&second(&[3, 4, 5], 2), &[3, 4])).unwrap();
        let other = check(&signed(&second(&[3, 4, 5], 1), &[3, 4])).unwrap();
        assert_eq!(one.fork_with(&other), Some(1));
        assert_eq!(one.fork_with(&check("").unwrap()), None);
    }

    #[test]
    fn nothing_is_no_chain() {
        assert!(Chain::verify(b"").is_err());
        assert!(Chain::verify(b"\n").is_err());
        assert!(Chain::verify(b"feed-identity/v1\nfeed-identity/v1\n").is_err());
    }
}
