//! The wire of `add-checkpoint` (C2SP tlog-witness): a log asks a witness to cosign its newest checkpoint. It is also how
//! a log tells those who follow it that there is something new (civic-feed §0).

use super::error::TlogError;
use super::signed_note::{LARGEST_NOTE_BYTES, MOST_SIGNATURES, Note, NoteSignature};
use crate::base::digest::Digest;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::fmt;

/// SPEC: tlog-witness, the client MUST NOT send more than 63 consistency proof lines.
pub const MOST_PROOF_LINES: usize = 63;
/// Largest request that is read, in bytes: the old size, 63 hashes in base64, a blank line, and a note.
pub const LARGEST_REQUEST_BYTES: usize = 32 + MOST_PROOF_LINES * 45 + LARGEST_NOTE_BYTES;
/// SPEC: tlog-witness, the Content-Type of an answer 409, which tells the size that was cosigned last.
pub const SIZE_TYPE: &str = "text/x.tlog.size";

/// What a log sends to a witness. Nothing in it is verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddCheckpoint {
    /// The size that the witness cosigned last, as the log believes.
    pub old_size: u64,
    /// Proves that the checkpoint's tree begins with that of the old size.
    pub proof: Vec<Digest>,
    /// The new checkpoint with its signatures.
    pub note: Note,
}

impl AddCheckpoint {
    /// Reads a request that anybody may have sent.
    ///
    /// # Errors
    /// [`TlogError::Witness`] if it is too large or not of the form `old <size>`, hashes, blank line, note;
    /// [`TlogError::Note`] if the note is none.
    pub fn parse(bytes: &[u8]) -> Result<AddCheckpoint, TlogError> {
        let refuse = |why| TlogError::Witness(why);
        if bytes.len() > LARGEST_REQUEST_BYTES {
            return Err(refuse("the request is larger than 63 hashes and a note can be"));
        }
        let text = std::str::from_utf8(bytes).map_err(|_| refuse("the request is not UTF-8"))?;
        // SPEC: an old size line, zero or more consistency proof lines, an empty line, a checkpoint; each line ends in
        // a newline.
        let (head, note) = text.split_once("\n\n").ok_or_else(|| refuse("no blank line before the note"))?;
        let mut lines = head.split('\n');
        let old = lines.next().and_then(|line| line.strip_prefix("old "));
        let old_size = decimal(old.ok_or_else(|| refuse("the first line is not: old, space, size"))?)
            .ok_or_else(|| refuse("the old size is no decimal number without leading zeros"))?;
        let proof = lines.map(hash).collect::<Option<Vec<Digest>>>();
        let proof = proof.ok_or_else(|| refuse("a line of the proof is not 32 bytes in base64"))?;
        if proof.len() > MOST_PROOF_LINES {
            return Err(refuse("more than 63 proof lines"));
        }
        Ok(AddCheckpoint { old_size, proof, note: Note::parse(note.as_bytes())? })
    }
}

/// The request as it is sent.
impl fmt::Display for AddCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "old {}", self.old_size)?;
        self.proof.iter().try_for_each(|hash| writeln!(f, "{}", STANDARD.encode(hash.bytes())))?;
        write!(f, "\n{}", self.note)
    }
}

/// The cosignature lines of an answer 200. Whose they are and whether they hold is yet to be asked.
///
/// # Errors
/// [`TlogError::Witness`] unless it is one to 32 signature lines, each with its end.
pub fn read_cosignatures(bytes: &[u8]) -> Result<Vec<NoteSignature>, TlogError> {
    let refuse = |why| TlogError::Witness(why);
    let text = std::str::from_utf8(bytes).map_err(|_| refuse("the answer is not UTF-8"))?;
    let lines = text.strip_suffix('\n').ok_or_else(|| refuse("the last line of the answer has no end"))?;
    if lines.split('\n').count() > MOST_SIGNATURES {
        return Err(refuse("more than 32 signature lines"));
    }
    lines.split('\n').map(NoteSignature::parse).collect()
}

/// The size that an answer 409 tells.
///
/// # Errors
/// [`TlogError::Witness`] unless it is a decimal number and a newline.
pub fn read_size(bytes: &[u8]) -> Result<u64, TlogError> {
    let line = std::str::from_utf8(bytes).ok().and_then(|text| text.strip_suffix('\n'));
    line.and_then(decimal).ok_or(TlogError::Witness("the answer 409 is no size with a newline"))
}

/// SPEC: an ASCII decimal with no leading zeroes, unless the size is zero.
fn decimal(text: &str) -> Option<u64> {
    text.parse().ok().filter(|number: &u64| number.to_string() == text)
}

fn hash(line: &str) -> Option<Digest> {
    let bytes = STANDARD.decode(line).ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    bytes.map(Digest::from_bytes)
}

#[cfg(test)]
mod tests {
    use super::{AddCheckpoint, LARGEST_REQUEST_BYTES, read_cosignatures, read_size};
    use crate::base::digest::Digest;
    use crate::tlog::checkpoint::Checkpoint;
    use crate::tlog::vectors;
    use proptest::prelude::*;

    /// The example of the specification.
    const EXAMPLE: &str = "old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=
";
    const ANSWER: &str = "\
— witness.example/w1 CMp+6LWBU0anHGH5aNDTJkH/gj79sG+T6+iP2ThYN5krrDJbR1HDnucjL39QsZTSvVjyQLrdk3DXDqI5G2HgLatVs0pWh6Up69HVOw==
— witness.example/w1 I7rEps0pvK2UqkS2gSpVUDhrhVtQV9lgF6pRrWAvjJHjyWpW7VcE3SiOlVlbQNt64vWhO+DlkL0+UfzuOBMh9ChdMkP1vi/lCAsmlw==
— witness.example/w2 AWui8Sk55XjYLOijihBjhqEH6nS1ndDymE0a+6idX7pLcnoB+dhnz0854aLZgrrKbYKA7nC3HNJhm/kWl7oJlqU3rXXvpysAdyP3wQ==
";

    #[test]
    fn the_published_request_is_read_and_written_without_change() {
        let request = AddCheckpoint::parse(EXAMPLE.as_bytes()).unwrap();
        assert_eq!((request.old_size, request.proof.len()), (20_852_014, 4));
        let checkpoint: Checkpoint = request.note.text().parse().unwrap();
        assert_eq!(
            (checkpoint.origin.as_str(), checkpoint.size),
            ("example.com/behind-the-sofa", 20_852_163)
        );
        assert_eq!(request.note.signatures().len(), 2);
        assert_eq!(request.to_string(), EXAMPLE);
    }

    #[test]
    fn the_published_ping_is_made_of_the_published_parts() {
        let (checkpoint, _) = vectors::CHECKPOINT.split_once("— n1witness").unwrap();
        let ping = format!("old 2\n{}\n\n{checkpoint}", vectors::LEAF_2);
        let request = AddCheckpoint::parse(ping.as_bytes()).unwrap();
        assert_eq!((request.old_size, request.proof.len()), (2, 1));
        assert_eq!(request.to_string(), ping);
    }

    #[test]
    fn the_published_answers_are_read() {
        let names: Vec<String> =
            read_cosignatures(ANSWER.as_bytes()).unwrap().iter().map(|line| line.name().to_owned()).collect();
        assert_eq!(names, ["witness.example/w1", "witness.example/w1", "witness.example/w2"]);
        for wrong in ["", "\n", ANSWER.trim_end(), "busy\n", &format!("{ANSWER}\n"), &ANSWER.repeat(11)] {
            assert!(read_cosignatures(wrong.as_bytes()).is_err(), "{wrong:.40}");
        }
        assert_eq!(read_size(b"20852014\n").unwrap(), 20_852_014);
        assert_eq!(read_size(b"0\n").unwrap(), 0);
        for wrong in ["", "1", "01\n", "+1\n", "-1\n", "1\n\n", "1 \n", "18446744073709551616\n"] {
            assert!(read_size(wrong.as_bytes()).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn what_is_not_such_a_request_is_refused() {
        let (head, note) = EXAMPLE.split_once("\n\n").unwrap();
        let with = |head: &str| format!("{head}\n\n{note}");
        let hash = "PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=";
        let proof = |lines: usize| with(&format!("old 1{}", format!("\n{hash}").repeat(lines)));
        assert!(AddCheckpoint::parse(with("old 0").as_bytes()).is_ok());
        assert!(AddCheckpoint::parse(proof(63).as_bytes()).is_ok());
        for wrong in [
            String::new(),
            note.to_owned(),
            head.to_owned(),
            with(""),
            with("old"),
            with("old "),
            with("old 01"),
            with("old +1"),
            with("old -1"),
            with("old  1"),
            with("old 1 "),
            with("old 18446744073709551616"),
            with("Old 1"),
            with(&format!("{hash}\nold 1")),
            with("old 1\nPlRN"),
            with(&format!("old 1\n{hash} ")),
            with("old 1\r"),
            proof(64),
            EXAMPLE.replace("\n\n—", "\n—"),
            EXAMPLE.trim_end().to_owned(),
            format!("old 0\n\n{}{note}", "x".repeat(LARGEST_REQUEST_BYTES)),
        ] {
            assert!(AddCheckpoint::parse(wrong.as_bytes()).is_err(), "{wrong:.60}");
        }
        assert!(AddCheckpoint::parse(&EXAMPLE.as_bytes()[1..]).is_err());
        assert!(AddCheckpoint::parse(b"old 0\n\n\xff\n").is_err());
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = (AddCheckpoint::parse(&bytes), read_cosignatures(&bytes), read_size(&bytes));
        }

        #[test]
        fn whatever_is_read_is_written_as_it_was(
            old in "(old |)[0-9]{0,3}\n?",
            proof in "([A-Za-z0-9+/]{43}=\n|x){0,4}\n?",
            note in "[a-z \n]{0,9}\n\n(— a AAAAAAAA\n){0,3}",
        ) {
            let text = format!("{old}{proof}{note}");
            if let Ok(request) = AddCheckpoint::parse(text.as_bytes()) {
                prop_assert_eq!(request.to_string(), text);
            }
        }

        #[test]
        fn whatever_is_written_is_read_again(old_size in any::<u64>(), hashes in prop::collection::vec(any::<[u8; 32]>(), 0..64)) {
            let proof = hashes.into_iter().map(Digest::from_bytes).collect();
            let note = crate::tlog::signed_note::Note::parse(vectors::CHECKPOINT.as_bytes()).unwrap();
            let request = AddCheckpoint { old_size, proof, note };
            prop_assert_eq!(AddCheckpoint::parse(request.to_string().as_bytes()).unwrap(), request);
        }
    }
}
