//! The golden vectors of civic-feed, appendix A: private keys are 32 equal bytes (feed 1, witness 2, rot 3, 4, 5).

pub const NODE_ID: &str = "n1wdzice7s4yyckn6wgoxt7a3xfau3nvekrok6rbfhqmve4jbkejzq";
pub const FEED_VKEY: &str = "n1wdzice7s4yyckn6wgoxt7a3xfau3nvekrok6rbfhqmve4jbkejzq/pub/1+abacd19d+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c";
pub const WITNESS_VKEY: &str = "n1witness.example/w+359677d4+BIE5dw6ofRdfVqNUZsNMfszLjYqRtO43ol32D1uPybOU";
pub const IDENTITY: &str = include_str!("vectors/identity");
pub const CHECKPOINT: &str = include_str!("vectors/checkpoint");
pub const BODY: &str = include_str!("vectors/body");
pub const BODY_SHA256: &str = "84644d83776602a16192de3133bdf89c16caf4a3c11374fc2dab3152e28c54d7";
pub const ENTRIES: [&str; 3] =
    [include_str!("vectors/entry0"), include_str!("vectors/entry1"), include_str!("vectors/entry2")];
pub const LEAF_0: &str = "bH0vk7EN3sZhg6ScXvBLrLspC9RuDA1CAUWFd+ZLkRk=";
pub const LEAF_2: &str = "n4PtIGIXHGPGV7R2q2uUxYmo3HAR/QNB9WhrkY9c5oc=";

pub fn signing_key(byte: u8) -> ed25519_dalek::SigningKey {
    ed25519_dalek::SigningKey::from_bytes(&[byte; 32])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::digest::Digest;
    use crate::tlog::checkpoint::Checkpoint;
    use crate::tlog::merkle::{leaf_hash, tree_root};
    use crate::tlog::proof::verify_inclusion;
    use crate::tlog::signed_note::Note;
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;

    #[test]
    fn the_published_body_has_the_published_digest() {
        assert_eq!(BODY.len(), 173);
        assert_eq!(Digest::of(BODY.as_bytes()).to_string(), BODY_SHA256);
        assert!(ENTRIES[1].contains(&BODY_SHA256.parse::<Digest>().unwrap().to_base64url()));
    }

    #[test]
    fn the_published_leaves_lead_to_the_published_root_and_prove_inclusion() {
        let leaves = ENTRIES.map(|entry| leaf_hash(entry.as_bytes()));
        assert_eq!(STANDARD.encode(leaves[0].bytes()), LEAF_0);
        assert_eq!(STANDARD.encode(leaves[2].bytes()), LEAF_2);
        let note = Note::parse(CHECKPOINT.as_bytes()).unwrap();
        let checkpoint: Checkpoint = note.text().parse().unwrap();
        assert_eq!(tree_root(&leaves), checkpoint.root);
        verify_inclusion(leaves[1], 1, checkpoint.tree(), &[leaves[0], leaves[2]]).unwrap();
    }
}
