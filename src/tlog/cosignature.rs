//! Cosignatures (C2SP tlog-cosignature, Ed25519 v1): a witness says when it saw a checkpoint.

use super::error::TlogError;
use super::signed_note::{Note, NoteSignature, SignatureKind, VerifierKey};

/// What a witness signs: the checkpoint's text under a header with its time.
pub fn cosigned_message(unix_seconds: u64, checkpoint_text: &str) -> String {
    // SPEC: tlog-cosignature, header line, time line, then the note's text.
    format!("cosignature/v1\ntime {unix_seconds}\n{checkpoint_text}")
}

/// The line of a witness that signed [`cosigned_message`] of that time.
pub fn cosignature_line(witness: &VerifierKey, unix_seconds: u64, signature: &[u8; 64]) -> NoteSignature {
    let mut bytes = unix_seconds.to_be_bytes().to_vec();
    bytes.extend_from_slice(signature);
    NoteSignature::new(witness, &bytes)
}

/// The newest time, in unix seconds, at which the witness says it saw this note.
///
/// # Errors
/// [`TlogError::NotSigned`] if no line claims to be by this witness, [`TlogError::BadSignature`] if one does and does not hold.
pub fn cosigned_at(note: &Note, witness: &VerifierKey) -> Result<u64, TlogError> {
    let mut newest = None;
    for line in note.signatures().iter().filter(|line| line.claims(witness)) {
        let bad = || TlogError::BadSignature { name: witness.name().to_owned() };
        if witness.kind() != SignatureKind::Cosignature {
            return Err(bad());
        }
        let (time, signature) = line.bytes().split_first_chunk::<8>().ok_or_else(bad)?;
        let time = u64::from_be_bytes(*time);
        let signature = signature.try_into().map_err(|_| bad())?;
        if !witness.key().accepts(cosigned_message(time, note.text()).as_bytes(), signature) {
            return Err(bad());
        }
        newest = newest.max(Some(time));
    }
    newest.ok_or_else(|| TlogError::NotSigned { name: witness.name().to_owned() })
}

#[cfg(test)]
mod tests {
    use super::{cosignature_line, cosigned_at, cosigned_message};
    use crate::tlog::error::TlogError;
    use crate::tlog::signed_note::{Note, VerifierKey};
    use crate::tlog::vectors;
    use ed25519_dalek::Signer;

    #[test]
    fn the_published_cosignature_holds_and_is_made_again() {
        let witness: VerifierKey = vectors::WITNESS_VKEY.parse().unwrap();
        assert_eq!(witness.to_string(), vectors::WITNESS_VKEY);
        let note = Note::parse(vectors::CHECKPOINT.as_bytes()).unwrap();
        let time = cosigned_at(&note, &witness).unwrap();
        let signature = vectors::signing_key(2).sign(cosigned_message(time, note.text()).as_bytes());
        assert_eq!(cosignature_line(&witness, time, &signature.to_bytes()), note.signatures()[1]);
    }

    #[test]
    fn a_changed_checkpoint_or_a_stranger_is_told_apart() {
        let witness: VerifierKey = vectors::WITNESS_VKEY.parse().unwrap();
        let forged = Note::parse(vectors::CHECKPOINT.replace("\n3\n", "\n2\n").as_bytes()).unwrap();
        assert!(matches!(cosigned_at(&forged, &witness), Err(TlogError::BadSignature { .. })));
        let (head, _) = vectors::CHECKPOINT.split_once("— n1witness").unwrap();
        let unseen = Note::parse(head.as_bytes()).unwrap();
        assert!(matches!(cosigned_at(&unseen, &witness), Err(TlogError::NotSigned { .. })));
    }
}
