//! Checkpoints (C2SP tlog-checkpoint): which log, how long, and the root of its tree. No extension lines.

use super::error::TlogError;
use super::proof::TreeHead;
use crate::base::digest::Digest;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::fmt;
use std::str::FromStr;

/// The text of a checkpoint, to be signed as a note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// `<node id>/<feed>/<epoch>`; also the name of the key that signs.
    pub origin: String,
    pub size: u64,
    pub root: Digest,
}

impl Checkpoint {
    pub fn tree(&self) -> TreeHead {
        TreeHead { size: self.size, root: self.root }
    }
}

/// Three lines, each with its line feed.
impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}\n{}", self.origin, self.size, STANDARD.encode(self.root.bytes()))
    }
}

impl FromStr for Checkpoint {
    type Err = TlogError;
    /// Reads the text of a note.
    fn from_str(text: &str) -> Result<Checkpoint, TlogError> {
        let body = text.strip_suffix('\n').ok_or(TlogError::Checkpoint("the last line has no end"))?;
        let mut lines = body.split('\n');
        // SPEC: civic-feed §2.3, exactly three lines, no extensions.
        let (Some(origin), Some(size), Some(root), None) =
            (lines.next(), lines.next(), lines.next(), lines.next())
        else {
            return Err(TlogError::Checkpoint("expected three lines: origin, size, root"));
        };
        if origin.is_empty() {
            return Err(TlogError::Checkpoint("the origin is empty"));
        }
        // SPEC: tlog-checkpoint, decimal without leading zeros.
        let number: u64 = size.parse().map_err(|_| TlogError::Checkpoint("the size is no number"))?;
        if number.to_string() != size {
            return Err(TlogError::Checkpoint("the size has a sign or leading zeros"));
        }
        let bytes = STANDARD.decode(root).ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
        let root = bytes.ok_or(TlogError::Checkpoint("the root is not 32 bytes in base64"))?;
        Ok(Checkpoint { origin: origin.to_owned(), size: number, root: Digest::from_bytes(root) })
    }
}

#[cfg(test)]
mod tests {
    use super::Checkpoint;
    use crate::tlog::signed_note::Note;
    use crate::tlog::vectors;
    use proptest::prelude::*;

    #[test]
    fn the_published_checkpoint_is_read_and_printed_without_change() {
        let note = Note::parse(vectors::CHECKPOINT.as_bytes()).unwrap();
        let checkpoint: Checkpoint = note.text().parse().unwrap();
        assert_eq!(checkpoint.size, 3);
        assert_eq!(checkpoint.origin, format!("{}/pub/1", vectors::NODE_ID));
        assert_eq!(checkpoint.to_string(), note.text());
    }

    #[test]
    fn what_is_not_a_checkpoint_is_refused() {
        let root = "lsUvP+YTGtNutilA0jp4loRoWBUwAEatNYZkc8+VGe0=";
        assert!(format!("o\n0\n{root}\n").parse::<Checkpoint>().is_ok());
        for wrong in [
            format!("o\n3\n{root}"),
            format!("o\n3\n{root}\nextension\n"),
            format!("\n3\n{root}\n"),
            format!("o\n03\n{root}\n"),
            format!("o\n+3\n{root}\n"),
            format!("o\n18446744073709551616\n{root}\n"),
            "o\n3\nlsUv\n".to_owned(),
            "o\n3\n".to_owned(),
            String::new(),
        ] {
            assert!(wrong.parse::<Checkpoint>().is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "[a-z0-9+/=\n]{0,80}") {
            if let Ok(checkpoint) = text.parse::<Checkpoint>() {
                prop_assert_eq!(checkpoint.to_string(), text);
            }
        }
    }
}
