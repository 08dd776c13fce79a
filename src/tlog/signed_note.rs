//! Signed notes (C2SP signed-note): a text, a blank line, and lines of signatures, each by a named key.
//! Signing itself happens in `domain/identity`; here is what is signed and how it is checked.

use super::error::TlogError;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::Digest as _;
use std::fmt;
use std::str::FromStr;

/// Largest note that is read, in bytes.
pub const LARGEST_NOTE_BYTES: usize = 64 * 1024;
/// Most signature lines that are read; C2SP demands that at least 16 are accepted.
pub const MOST_SIGNATURES: usize = 32;

/// An Ed25519 public key that is safe to trust: canonical and not of small order.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct PublicKey(ed25519_dalek::VerifyingKey);

impl PublicKey {
    /// # Errors
    /// [`TlogError::Key`] if the bytes are no point, not its canonical form, or a point of small order.
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<PublicKey, TlogError> {
        let key = ed25519_dalek::VerifyingKey::from_bytes(bytes)
            .map_err(|_| TlogError::Key("the 32 bytes are no Ed25519 public key"))?;
        // SPEC: civic-feed §2.17, reject small-order and non-canonical keys, so that all libraries agree.
        if key.is_weak() {
            return Err(TlogError::Key("it is of small order"));
        }
        if key.to_edwards().compress().to_bytes() != *bytes {
            return Err(TlogError::Key("it is not in its canonical form"));
        }
        Ok(PublicKey(key))
    }

    pub fn bytes(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }

    /// Strict verification (RFC 8032 without the cofactor), as civic-feed §2.17 demands.
    pub(super) fn accepts(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        self.0.verify_strict(message, &ed25519_dalek::Signature::from_bytes(signature)).is_ok()
    }
}

/// Standard base64 with padding, as identity notes hold keys.
impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&STANDARD.encode(self.bytes()))
    }
}
impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({self})")
    }
}
impl FromStr for PublicKey {
    type Err = TlogError;
    fn from_str(text: &str) -> Result<PublicKey, TlogError> {
        let bytes = STANDARD.decode(text).ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
        PublicKey::from_bytes(&bytes.ok_or(TlogError::Key("expected 32 bytes in base64"))?)
    }
}

/// What a key signs, by the type byte of C2SP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureKind {
    /// 0x01: the text itself.
    Ed25519,
    /// 0x04: the text and a time, as witnesses do.
    Cosignature,
}

impl SignatureKind {
    fn byte(self) -> u8 {
        match self {
            SignatureKind::Ed25519 => 1,
            SignatureKind::Cosignature => 4,
        }
    }
}

/// A named key that notes are checked against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    kind: SignatureKind,
    key: PublicKey,
}

impl VerifierKey {
    /// # Errors
    /// [`TlogError::Key`] if the name is empty or holds a space or a plus sign.
    pub fn new(name: &str, kind: SignatureKind, key: PublicKey) -> Result<VerifierKey, TlogError> {
        if !is_key_name(name) {
            return Err(TlogError::Key("a key's name is not empty and holds no space and no plus sign"));
        }
        Ok(VerifierKey { name: name.to_owned(), kind, key })
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn kind(&self) -> SignatureKind {
        self.kind
    }

    pub fn key(&self) -> &PublicKey {
        &self.key
    }

    /// The four bytes that tell keys of one name apart.
    pub fn id(&self) -> [u8; 4] {
        // SPEC: signed-note, key ID is the start of SHA-256(name || 0x0A || type || public key).
        let hash = sha2::Sha256::new()
            .chain_update(&self.name)
            .chain_update([b'\n', self.kind.byte()])
            .chain_update(self.key.bytes())
            .finalize();
        [hash[0], hash[1], hash[2], hash[3]]
    }
}

fn is_key_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(|c: char| c.is_whitespace() || c.is_control() || c == '+')
}

/// The text form `name+id+base64(type || key)`.
impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = vec![self.kind.byte()];
        bytes.extend_from_slice(self.key.bytes());
        let id = data_encoding::HEXLOWER.encode(&self.id());
        write!(f, "{}+{id}+{}", self.name, STANDARD.encode(bytes))
    }
}

impl FromStr for VerifierKey {
    type Err = TlogError;
    fn from_str(text: &str) -> Result<VerifierKey, TlogError> {
        let refuse = || TlogError::Key("expected name+id+key");
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(refuse());
        };
        let bytes = STANDARD.decode(key).map_err(|_| refuse())?;
        let (kind, key) = match bytes.split_first() {
            Some((1, key)) => (SignatureKind::Ed25519, key),
            Some((4, key)) => (SignatureKind::Cosignature, key),
            _ => return Err(TlogError::Key("a type other than Ed25519 (1) and cosignature (4)")),
        };
        let key = PublicKey::from_bytes(key.try_into().map_err(|_| refuse())?)?;
        let verifier = VerifierKey::new(name, kind, key)?;
        if data_encoding::HEXLOWER.encode(&verifier.id()) != id {
            return Err(TlogError::Key("its id does not fit its name and bytes"));
        }
        Ok(verifier)
    }
}

/// One line under a note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteSignature {
    name: String,
    key_id: [u8; 4],
    bytes: Vec<u8>,
}

impl NoteSignature {
    /// The line that `key` signs with; `bytes` are what follows the key's id.
    pub fn new(key: &VerifierKey, bytes: &[u8]) -> NoteSignature {
        NoteSignature { name: key.name.clone(), key_id: key.id(), bytes: bytes.to_vec() }
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// Without the key's id.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Whether the line claims to be by this key; its signature is not checked here.
    pub fn claims(&self, key: &VerifierKey) -> bool {
        self.name == key.name && self.key_id == key.id()
    }

    fn parse(line: &str) -> Result<NoteSignature, TlogError> {
        let refuse = || TlogError::Note("a signature line is not: dash, name, base64");
        let (name, base64) =
            line.strip_prefix("— ").and_then(|rest| rest.split_once(' ')).ok_or_else(refuse)?;
        let bytes = STANDARD.decode(base64).map_err(|_| refuse())?;
        match bytes.split_first_chunk::<4>() {
            Some((key_id, signature)) if is_key_name(name) && !signature.is_empty() => {
                Ok(NoteSignature { name: name.to_owned(), key_id: *key_id, bytes: signature.to_vec() })
            }
            _ => Err(refuse()),
        }
    }
}

/// The line without its end.
impl fmt::Display for NoteSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "— {} {}", self.name, STANDARD.encode([&self.key_id[..], &self.bytes].concat()))
    }
}

/// A text with signatures; whose they are and whether they hold is asked of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<NoteSignature>,
}

impl Note {
    /// A note to be signed; `text` ends with a line feed.
    ///
    /// # Errors
    /// [`TlogError::Note`] if the text does not, or holds a control character.
    pub fn new(text: String, signatures: Vec<NoteSignature>) -> Result<Note, TlogError> {
        if !text.ends_with('\n') {
            return Err(TlogError::Note("the text does not end with a line feed"));
        }
        if text.chars().any(|c| c < ' ' && c != '\n') {
            return Err(TlogError::Note("it holds a control character"));
        }
        Ok(Note { text, signatures })
    }

    /// Reads a note as a file or an answer holds it.
    ///
    /// # Errors
    /// [`TlogError::Note`] if it is larger than 64 KiB, not UTF-8, holds control characters, has no blank line
    /// before its signatures, no signature, more than 32, or one that is malformed.
    pub fn parse(bytes: &[u8]) -> Result<Note, TlogError> {
        if bytes.len() > LARGEST_NOTE_BYTES {
            return Err(TlogError::Note("it is larger than 64 KiB"));
        }
        let all = std::str::from_utf8(bytes).map_err(|_| TlogError::Note("it is not UTF-8"))?;
        // SPEC: signed-note, the signatures follow the last blank line; the text keeps its own line feed.
        let blank = all.rfind("\n\n").ok_or(TlogError::Note("no blank line before the signatures"))?;
        let (text, lines) = (&all[..=blank], &all[blank + 2..]);
        let lines =
            lines.strip_suffix('\n').ok_or(TlogError::Note("no signature, or its line has no end"))?;
        if lines.split('\n').count() > MOST_SIGNATURES {
            return Err(TlogError::Note("more than 32 signatures"));
        }
        let signatures = lines.split('\n').map(NoteSignature::parse).collect::<Result<Vec<_>, _>>()?;
        Note::new(text.to_owned(), signatures)
    }

    /// What is signed, with its last line feed.
    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn signatures(&self) -> &[NoteSignature] {
        &self.signatures
    }

    /// Checks that `key` signed the text. Lines by other keys are no concern of this check.
    ///
    /// # Errors
    /// [`TlogError::NotSigned`] if no line claims to be by this key, [`TlogError::BadSignature`] if one does and does not hold.
    pub fn verify(&self, key: &VerifierKey) -> Result<(), TlogError> {
        let mut mine = self.signatures.iter().filter(|signature| signature.claims(key)).peekable();
        if mine.peek().is_none() || key.kind != SignatureKind::Ed25519 {
            return Err(TlogError::NotSigned { name: key.name.clone() });
        }
        // SPEC: signed-note, a signature by a known key that does not hold makes the note invalid.
        let all_hold = mine.all(|signature| match <&[u8; 64]>::try_from(&signature.bytes[..]) {
            Ok(bytes) => key.key.accepts(self.text.as_bytes(), bytes),
            Err(_) => false,
        });
        if all_hold { Ok(()) } else { Err(TlogError::BadSignature { name: key.name.clone() }) }
    }
}

/// The note as it is stored and served.
impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures.iter().try_for_each(|signature| writeln!(f, "{signature}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tlog::vectors;
    use proptest::prelude::*;

    #[test]
    fn the_published_keys_have_the_published_ids() {
        let key: VerifierKey = vectors::FEED_VKEY.parse().unwrap();
        assert_eq!(key.to_string(), vectors::FEED_VKEY);
        assert_eq!(key.key().bytes(), vectors::signing_key(1).verifying_key().as_bytes());
        assert!(vectors::FEED_VKEY.replace("+abacd19d+", "+abacd19e+").parse::<VerifierKey>().is_err());
    }

    #[test]
    fn a_note_is_read_and_printed_without_change_and_any_other_text_fails() {
        let key: VerifierKey = vectors::FEED_VKEY.parse().unwrap();
        let note = Note::parse(vectors::CHECKPOINT.as_bytes()).unwrap();
        assert_eq!(note.to_string(), vectors::CHECKPOINT);
        assert_eq!(note.signatures().len(), 2);
        note.verify(&key).unwrap();
        let forged = Note::parse(vectors::CHECKPOINT.replace("\n3\n", "\n4\n").as_bytes()).unwrap();
        assert!(matches!(forged.verify(&key), Err(TlogError::BadSignature { .. })));
        let other = VerifierKey::new("other", SignatureKind::Ed25519, *key.key()).unwrap();
        assert!(matches!(note.verify(&other), Err(TlogError::NotSigned { .. })));
    }

    #[test]
    fn signing_as_published_gives_the_published_note() {
        use ed25519_dalek::Signer;
        let key: VerifierKey = vectors::FEED_VKEY.parse().unwrap();
        let parsed = Note::parse(vectors::CHECKPOINT.as_bytes()).unwrap();
        let signature = vectors::signing_key(1).sign(parsed.text().as_bytes());
        assert_eq!(NoteSignature::new(&key, &signature.to_bytes()), parsed.signatures()[0]);
    }

    #[test]
    fn what_is_not_a_note_is_refused() {
        let signature = "— a AAAAAAAA";
        for wrong in [
            "text\n".to_owned(),
            "text\n\n".to_owned(),
            format!("text\n{signature}\n"),
            format!("text\n\n{signature}"),
            format!("text\n\n{signature}\nmore\n"),
            format!("te\rxt\n\n{signature}\n"),
            "text\n\n— a+b AAAAAAAA\n".to_owned(),
            "text\n\n— a AAAA\n".to_owned(),
            "text\n\n— a AAAAAAAB=\n".to_owned(),
            "text\n\n- a AAAAAAAA\n".to_owned(),
            format!("text\n\n{}", format!("{signature}\n").repeat(33)),
            format!("{}\n\n{signature}\n", "x".repeat(LARGEST_NOTE_BYTES)),
        ] {
            assert!(Note::parse(wrong.as_bytes()).is_err(), "{:.60}", wrong);
        }
        assert!(Note::parse(format!("text\n\n{}", format!("{signature}\n").repeat(32)).as_bytes()).is_ok());
        assert!(Note::parse(b"text\xff\n\n\xe2\x80\x94 a AAAAAAAA\n").is_err());
    }

    #[test]
    fn weak_and_non_canonical_keys_are_refused() {
        let mut identity = [0u8; 32];
        identity[0] = 1;
        assert!(PublicKey::from_bytes(&identity).is_err());
        assert!(PublicKey::from_bytes(&[0u8; 32]).is_err());
        // y = p + 3 (non-canonical form of y = 3), if the library takes it as a point at all.
        let mut high = [0xff; 32];
        high[0] = 0xf0;
        high[31] = 0x7f;
        assert!(PublicKey::from_bytes(&high).is_err());
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), text in "[—a-z \n+=]{0,60}") {
            let _ = Note::parse(&bytes);
            let _ = text.parse::<VerifierKey>();
            if let Ok(note) = Note::parse(text.as_bytes()) {
                prop_assert_eq!(note.to_string(), text);
            }
        }
    }
}
