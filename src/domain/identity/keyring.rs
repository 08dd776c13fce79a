//! The node's keys, all derived from one seed of 32 bytes, and the only place that signs.

use super::error::IdentityError;
use super::note::{FeedKey, IdentityDocument, ROT, Rotation};
use super::recovery;
use crate::platform::clock;
use crate::tlog::checkpoint::Checkpoint;
use crate::tlog::cosignature::{cosignature_line, cosigned_message};
use crate::tlog::error::TlogError;
use crate::tlog::signed_note::{Note, NoteSignature, PublicKey, SignatureKind, VerifierKey};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signer, SigningKey};
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// The name of the public feed.
pub const PUBLIC_FEED: &str = "pub";
/// File in the key folder that holds the seed.
pub const SEED_FILE: &str = "seed";
/// Lies beside a seed that came from a recovery sheet.
const RESTORED_FILE: &str = "restored";

/// Holds the private keys; nothing gives them out but [`Keyring::recovery_code`], for paper.
pub struct Keyring {
    seed: Zeroizing<[u8; 32]>,
    feed: SigningKey,
    witness: SigningKey,
    auth: SigningKey,
    rot: SigningKey,
}

impl Keyring {
    fn from_seed(seed: Zeroizing<[u8; 32]>) -> Keyring {
        // Each role has a key of its own, as C2SP demands of witnesses: HKDF-SHA256 (RFC 5869), the label as info.
        let derive = |role: &str| {
            let mut key = Zeroizing::new([0u8; 32]);
            let label = format!("civic-feed/1 {role}");
            let hkdf = hkdf::Hkdf::<sha2::Sha256>::new(None, &*seed);
            // Expanding to 32 bytes cannot fail: the limit is 255 times that.
            let _ = hkdf.expand(label.as_bytes(), &mut *key);
            SigningKey::from_bytes(&key)
        };
        let [feed, witness, auth, rot] = ["feed", "witness", "auth", "rot"].map(derive);
        Keyring { seed, feed, witness, auth, rot }
    }

    /// Makes new keys from chance and stores them in `folder`.
    ///
    /// # Errors
    /// [`IdentityError::KeysExist`] if there are some; [`IdentityError::File`] if they cannot be stored.
    pub fn create(folder: &Path) -> Result<Keyring, IdentityError> {
        store_seed(folder, Zeroizing::new(clock::chance::<32>()))
    }

    /// Stores the keys of a recovery sheet in `folder`.
    ///
    /// # Errors
    /// [`IdentityError::Recovery`] if the code has a typing error; else as [`Keyring::create`].
    pub fn restore(folder: &Path, code: &str) -> Result<Keyring, IdentityError> {
        let keys = store_seed(folder, recovery::read(code)?)?;
        let mark = folder.join(RESTORED_FILE);
        fs::write(&mark, "").map_err(|cause| file_error(&mark, cause))?;
        Ok(keys)
    }

    /// Whether the keys in `folder` were typed in from a sheet: such a node has signed before, so it must never
    /// begin a feed anew.
    pub fn is_restored(folder: &Path) -> bool {
        folder.join(RESTORED_FILE).exists()
    }

    /// Reads the keys of this node.
    ///
    /// # Errors
    /// [`IdentityError::NoKeys`] if there are none, [`IdentityError::WideOpen`] if others could read them,
    /// [`IdentityError::BadSeed`] if the file is damaged.
    pub fn load(folder: &Path) -> Result<Keyring, IdentityError> {
        let path = folder.join(SEED_FILE);
        if !path.exists() {
            return Err(IdentityError::NoKeys(folder.to_owned()));
        }
        check_mode(folder, 0o700)?;
        check_mode(&path, 0o600)?;
        let line = Zeroizing::new(fs::read_to_string(&path).map_err(|cause| file_error(&path, cause))?);
        let bytes = Zeroizing::new(STANDARD.decode(line.trim_end_matches('\n')).unwrap_or_default());
        let seed = <[u8; 32]>::try_from(&bytes[..]).map_err(|_| IdentityError::BadSeed(path))?;
        Ok(Keyring::from_seed(Zeroizing::new(seed)))
    }

    /// The seed as groups of letters and digits that a person can type in again.
    pub fn recovery_code(&self) -> Zeroizing<String> {
        recovery::write(&self.seed)
    }

    pub fn feed_key(&self) -> PublicKeyResult {
        public(&self.feed)
    }

    pub fn witness_key(&self) -> PublicKeyResult {
        public(&self.witness)
    }

    /// The node's first note: the preset "solo", in which the recovery sheet alone can change keys.
    ///
    /// # Errors
    /// [`IdentityError::Form`] if an address holds characters that the feed's profile does not have.
    pub fn genesis(&self, urls: &[String]) -> Result<Note, IdentityError> {
        let feed = FeedKey { epoch: 1, key: public(&self.feed)?, after: None };
        self.sign_identity(&IdentityDocument {
            seq: 0,
            prev: None,
            feeds: [(PUBLIC_FEED.to_owned(), feed)].into(),
            witness: Some(public(&self.witness)?),
            auth: Some(public(&self.auth)?),
            rot: Rotation { keys: vec![public(&self.rot)?], need: 1 },
            urls: urls.to_vec(),
        })
    }

    /// # Errors: [`IdentityError::Form`] if the document does not fit its form.
    pub fn sign_identity(&self, document: &IdentityDocument) -> Result<Note, IdentityError> {
        let key = VerifierKey::new(ROT, SignatureKind::Ed25519, public(&self.rot)?)?;
        Ok(sign_text(&self.rot, &key, document.to_text())?)
    }

    /// # Errors: [`IdentityError::Form`] if the origin is not a key's name.
    pub fn sign_checkpoint(&self, checkpoint: &Checkpoint) -> Result<Note, IdentityError> {
        let key = VerifierKey::new(&checkpoint.origin, SignatureKind::Ed25519, public(&self.feed)?)?;
        Ok(sign_text(&self.feed, &key, checkpoint.to_string())?)
    }

    /// The line with which this node, under its witness name, says that it saw a checkpoint.
    pub fn cosign(
        &self,
        name: &str,
        unix_seconds: u64,
        checkpoint: &Checkpoint,
    ) -> Result<NoteSignature, IdentityError> {
        let key = VerifierKey::new(name, SignatureKind::Cosignature, public(&self.witness)?)?;
        let message = cosigned_message(unix_seconds, &checkpoint.to_string());
        Ok(cosignature_line(&key, unix_seconds, &self.witness.sign(message.as_bytes()).to_bytes()))
    }
}

type PublicKeyResult = Result<PublicKey, TlogError>;

fn public(key: &SigningKey) -> PublicKeyResult {
    PublicKey::from_bytes(key.verifying_key().as_bytes())
}

fn sign_text(key: &SigningKey, verifier: &VerifierKey, text: String) -> Result<Note, TlogError> {
    let signature = NoteSignature::new(verifier, &key.sign(text.as_bytes()).to_bytes());
    Note::new(text, vec![signature])
}

fn file_error(path: &Path, cause: std::io::Error) -> IdentityError {
    IdentityError::File { path: path.to_owned(), cause }
}

fn check_mode(path: &Path, wanted: u32) -> Result<(), IdentityError> {
    let mode = fs::metadata(path).map_err(|cause| file_error(path, cause))?.permissions().mode() & 0o777;
    if mode & !wanted != 0 {
        return Err(IdentityError::WideOpen { path: path.to_owned(), mode, wanted });
    }
    Ok(())
}

fn store_seed(folder: &Path, seed: Zeroizing<[u8; 32]>) -> Result<Keyring, IdentityError> {
    let path: PathBuf = folder.join(SEED_FILE);
    if !folder.exists() {
        let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(folder);
        made.map_err(|cause| file_error(folder, cause))?;
    }
    check_mode(folder, 0o700)?;
    if path.exists() {
        return Err(IdentityError::KeysExist(folder.to_owned()));
    }
    // Under another name until it is whole, so that a crash leaves no half of a seed.
    let temporary = folder.join("seed.new");
    let _ = fs::remove_file(&temporary);
    let line = Zeroizing::new(format!("{}\n", STANDARD.encode(*seed)));
    let written = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&temporary)
        .and_then(|mut file| file.write_all(line.as_bytes()).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(&temporary, &path))
        .and_then(|()| fs::File::open(folder)?.sync_all());
    written.map_err(|cause| file_error(&path, cause))?;
    Ok(Keyring::from_seed(seed))
}

#[cfg(test)]
mod tests {
    use super::{Keyring, SEED_FILE};
    use crate::domain::identity::chain::Chain;
    use crate::domain::identity::error::IdentityError;
    use crate::tlog::checkpoint::Checkpoint;
    use crate::tlog::cosignature::cosigned_at;
    use crate::tlog::signed_note::{Note, SignatureKind, VerifierKey};
    use crate::tlog::vectors;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn keys_are_stored_for_the_owner_alone_and_read_again() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("keys");
        assert!(matches!(Keyring::load(&folder), Err(IdentityError::NoKeys(_))));
        let made = Keyring::create(&folder).unwrap();
        let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&folder), mode(&folder.join(SEED_FILE))), (0o700, 0o600));
        assert_eq!(Keyring::load(&folder).unwrap().feed_key().unwrap(), made.feed_key().unwrap());
        assert!(matches!(Keyring::create(&folder), Err(IdentityError::KeysExist(_))));
    }

    #[test]
    fn keys_that_others_can_read_are_refused() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("keys");
        Keyring::create(&folder).unwrap();
        let seed = folder.join(SEED_FILE);
        std::fs::set_permissions(&seed, std::fs::Permissions::from_mode(0o640)).unwrap();
        assert!(matches!(Keyring::load(&folder), Err(IdentityError::WideOpen { mode: 0o640, .. })));
        std::fs::set_permissions(&seed, std::fs::Permissions::from_mode(0o400)).unwrap();
        assert!(Keyring::load(&folder).is_ok());
        std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o755)).unwrap();
        assert!(matches!(Keyring::load(&folder), Err(IdentityError::WideOpen { .. })));
    }

    #[test]
    fn the_recovery_sheet_gives_the_same_keys() {
        let place = tempfile::tempdir().unwrap();
        let made = Keyring::create(&place.path().join("one")).unwrap();
        let again = Keyring::restore(&place.path().join("two"), &made.recovery_code()).unwrap();
        assert_eq!(again.feed_key().unwrap(), made.feed_key().unwrap());
        assert_ne!(made.feed_key().unwrap(), made.witness_key().unwrap());
    }

    #[test]
    fn what_the_keyring_signs_verifies() {
        let place = tempfile::tempdir().unwrap();
        let keys = Keyring::create(&place.path().join("keys")).unwrap();
        let genesis = keys.genesis(&["https://stadt.example/".into()]).unwrap();
        let chain = Chain::verify(genesis.to_string().as_bytes()).unwrap();
        let key = chain.checkpoint_key("pub").unwrap();
        let published: Checkpoint =
            Note::parse(vectors::CHECKPOINT.as_bytes()).unwrap().text().parse().unwrap();
        let checkpoint = Checkpoint { origin: key.name().to_owned(), ..published };
        let note = keys.sign_checkpoint(&checkpoint).unwrap();
        note.verify(&key).unwrap();
        let line = keys.cosign("stadt.example/w", 1_767_312_001, &checkpoint).unwrap();
        let note = Note::new(note.text().to_owned(), vec![line]).unwrap();
        let witness =
            VerifierKey::new("stadt.example/w", SignatureKind::Cosignature, keys.witness_key().unwrap());
        assert_eq!(cosigned_at(&note, &witness.unwrap()).unwrap(), 1_767_312_001);
    }
}
