//! What witnesses add to our checkpoint: their lines are merged into the note that is served, after it was published and
//! without anybody waiting for them.

use super::error::FeedError;
use super::sequence::Sequencer;
use super::store;
use crate::base::digest::Digest;
use crate::domain::identity::keyring::PUBLIC_FEED;
use crate::domain::identity::store::own_chain;
use crate::platform::db::Write;
use crate::tlog::proof::prove_consistency;
use crate::tlog::signed_note::{MOST_SIGNATURES, Note, NoteSignature};
use crate::tlog::tile::root_of_range;

impl Sequencer {
    /// The checkpoint that others can read, with the log's own signature alone; none if there is no readable one.
    pub fn published_note(&self) -> Option<Note> {
        let note = self.place.files.published_note()?;
        let origin = note.text().split('\n').next().unwrap_or_default();
        let own = note.signatures().iter().filter(|line| line.name() == origin).cloned().collect();
        Note::new(note.text().to_owned(), own).ok()
    }

    /// The proof that the visible log of `size` entries begins with its first `old` ones.
    ///
    /// # Errors
    /// [`FeedError::File`] or [`FeedError::Format`] if a tile is not there or not whole.
    pub fn prove(&self, old: u64, size: u64) -> Result<Vec<Digest>, FeedError> {
        let files = &self.place.files;
        prove_consistency(old, size, |leaves| root_of_range(leaves, size, |path| files.hashes(path)))
    }

    /// Serves the checkpoint with this text together with these verified lines, which replace older ones of the same keys;
    /// false if another checkpoint was signed meanwhile, which needs lines of its own.
    ///
    /// # Errors
    /// As [`Sequencer::sequence`].
    pub fn add_cosignatures(&self, text: &str, lines: &[NoteSignature]) -> Result<bool, FeedError> {
        let _lock = self.place.guard.lock()?;
        let cosigned = self.database.write(|tx: &mut Write<'_>| {
            let chain = own_chain(tx)?.ok_or(FeedError::NothingPublished)?;
            let mut feed = store::own_feed(tx, PUBLIC_FEED)?.ok_or(FeedError::NothingPublished)?;
            let note = Note::parse(feed.note.as_bytes())?;
            if note.text() != text {
                return Ok::<_, FeedError>(None);
            }
            feed.note = merged(&note, lines)?.to_string();
            store::save_note(tx, &feed)?;
            Ok(Some((feed, chain)))
        })?;
        // A crash before this leaves the note without its new lines visible, until something is signed or the lines are
        // asked for again.
        let Some((feed, chain)) = cosigned else { return Ok(false) };
        self.place.files.publish(&self.database, &feed, &chain, &mut |_| Ok(()))?;
        Ok(true)
    }
}

/// The log's own line first, then the newest. SPEC: at most 32 signature lines (civic-feed §2.3).
fn merged(note: &Note, new: &[NoteSignature]) -> Result<Note, FeedError> {
    let origin = note.text().split('\n').next().unwrap_or_default();
    let (own, before): (Vec<_>, Vec<_>) = note.signatures().iter().partition(|line| line.name() == origin);
    let kept = before.into_iter().filter(|line| !new.iter().any(|newer| newer.is_by_the_key_of(line)));
    let lines = own.into_iter().chain(new).chain(kept).take(MOST_SIGNATURES).cloned();
    Ok(Note::new(note.text().to_owned(), lines.collect())?)
}

#[cfg(test)]
mod tests {
    use crate::domain::feed::testing::{Node, object, put};
    use crate::tlog::checkpoint::Checkpoint;
    use crate::tlog::proof::{TreeHead, verify_consistency};
    use crate::tlog::signed_note::{Note, NoteSignature, SignatureKind, VerifierKey};
    use std::fs;

    fn line(node: &Node, name: &str, seconds: u64) -> NoteSignature {
        let note = node.sequencer.published_note().unwrap();
        node.sequencer.keys.cosign(name, seconds, &note.text().parse().unwrap()).unwrap()
    }

    fn served(node: &Node) -> Note {
        Note::parse(&fs::read(node.sequencer.place().files.checkpoint()).unwrap()).unwrap()
    }

    #[test]
    fn the_lines_of_witnesses_are_served_and_newer_ones_replace_older_ones() {
        let node = Node::new();
        node.sequence();
        let text = node.sequencer.published_note().unwrap().text().to_owned();
        let (first, other) = (line(&node, "a/w", 1), line(&node, "b/w", 2));
        assert!(node.sequencer.add_cosignatures(&text, &[first, other.clone()]).unwrap());
        let newer = line(&node, "a/w", 3);
        assert!(node.sequencer.add_cosignatures(&text, std::slice::from_ref(&newer)).unwrap());
        let note = served(&node);
        assert_eq!(note.signatures()[1..], [newer, other.clone()]);
        assert!(note.signatures()[0].name().ends_with("/pub/1"));
        assert_eq!(node.sequencer.published_note().unwrap().signatures().len(), 1);
        // Whatever is signed next has none of them, and a line for the old one comes too late.
        node.publish(&[put(object(1), &[])]);
        node.sequence();
        assert_eq!(served(&node).signatures().len(), 1);
        assert!(!node.sequencer.add_cosignatures(&text, &[other]).unwrap());
        assert_eq!(served(&node).signatures().len(), 1);
    }

    #[test]
    fn there_are_never_more_lines_than_others_read() {
        let node = Node::new();
        node.sequence();
        let text = node.sequencer.published_note().unwrap().text().to_owned();
        let lines: Vec<NoteSignature> = (0..40).map(|number| line(&node, &format!("w{number}"), 1)).collect();
        node.sequencer.add_cosignatures(&text, &lines[..20]).unwrap();
        node.sequencer.add_cosignatures(&text, &lines[20..]).unwrap();
        let note = served(&node);
        assert_eq!(note.signatures().len(), 32);
        let log = VerifierKey::new(
            text.split('\n').next().unwrap(),
            SignatureKind::Ed25519,
            node.sequencer.keys.feed_key().unwrap(),
        );
        note.verify(&log.unwrap()).unwrap();
        assert!(note.signatures().contains(&lines[39]));
    }

    #[test]
    fn the_files_prove_that_the_log_continues_what_it_was() {
        let node = Node::new();
        node.sequence();
        let head = |node: &Node| -> TreeHead {
            let checkpoint: Checkpoint = served(node).text().parse().unwrap();
            checkpoint.tree()
        };
        let mut heads = vec![head(&node)];
        for round in 0..9 {
            for number in 0..(1 << round) {
                node.publish(&[put(object(1000 * round + number), &[])]);
            }
            node.sequence();
            heads.push(head(&node));
        }
        let new = heads[heads.len() - 1];
        assert!(new.size >= 512);
        for old in &heads {
            let path = node.sequencer.prove(old.size, new.size).unwrap();
            verify_consistency(*old, new, &path).unwrap();
        }
        assert!(node.sequencer.prove(1, new.size + 1).is_err());
    }
}
