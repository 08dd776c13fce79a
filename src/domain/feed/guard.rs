//! The guard: what was signed last, remembered outside of the database, so that a restored backup cannot fork the feed.
//! Its folder also holds the lock that lets one process at a time sign.

use super::error::FeedError;
use crate::tlog::checkpoint::Checkpoint;
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

/// The folder with the guard; an operator may place it on another disk than the database.
#[derive(Clone, Debug)]
pub struct GuardFolder(PathBuf);

/// Held while signing; other processes wait.
pub struct Lock(#[expect(dead_code, reason = "the lock goes when the file is closed")] File);

impl GuardFolder {
    pub fn new(folder: &Path) -> GuardFolder {
        GuardFolder(folder.to_owned())
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Waits until no other process signs. # Errors: [`FeedError::File`] if the folder cannot be written.
    pub fn lock(&self) -> Result<Lock, FeedError> {
        fs::create_dir_all(&self.0).map_err(FeedError::at(&self.0))?;
        let path = self.0.join("lock");
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
        let file = file.map_err(FeedError::at(&path))?;
        file.lock().map_err(FeedError::at(&path))?;
        Ok(Lock(file))
    }

    /// What was signed last; none before the first time.
    ///
    /// # Errors
    /// [`FeedError::GuardDamaged`] if the file is not readable as what [`GuardFolder::remember`] wrote.
    pub fn last_signed(&self) -> Result<Option<Checkpoint>, FeedError> {
        let path = self.0.join("signed");
        match fs::read_to_string(&path) {
            Ok(text) => match text.parse() {
                Ok(checkpoint) => Ok(Some(checkpoint)),
                Err(_) => Err(FeedError::GuardDamaged(path)),
            },
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(FeedError::File { path, cause: error }),
        }
    }

    /// Remembers what was signed, surviving a power cut once this returns.
    pub fn remember(&self, signed: &Checkpoint) -> Result<(), FeedError> {
        fs::create_dir_all(&self.0).map_err(FeedError::at(&self.0))?;
        replace_file(&self.0.join("signed"), signed.to_string().as_bytes())
    }
}

/// Writes a file so that it is found whole, old or new, whatever happens meanwhile.
pub(super) fn replace_file(path: &Path, bytes: &[u8]) -> Result<(), FeedError> {
    let folder = path.parent().unwrap_or(path);
    let temporary = path.with_extension("new");
    let written = File::create(&temporary)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(&temporary, path))
        .and_then(|()| File::open(folder)?.sync_all());
    written.map_err(FeedError::at(path))
}

#[cfg(test)]
mod tests {
    use super::GuardFolder;
    use crate::base::digest::Digest;
    use crate::domain::feed::error::FeedError;
    use crate::tlog::checkpoint::Checkpoint;

    #[test]
    fn what_was_signed_is_remembered_and_damage_is_noticed() {
        let place = tempfile::tempdir().unwrap();
        let guard = GuardFolder::new(&place.path().join("guard"));
        let _lock = guard.lock().unwrap();
        assert!(guard.last_signed().unwrap().is_none());
        let signed = Checkpoint { origin: "n1x/pub/1".into(), size: 7, root: Digest::of(b"") };
        guard.remember(&signed).unwrap();
        assert_eq!(guard.last_signed().unwrap().unwrap(), signed);
        std::fs::write(guard.path().join("signed"), "n1x/pub/1\n7").unwrap();
        assert!(matches!(guard.last_signed(), Err(FeedError::GuardDamaged(_))));
    }

    #[test]
    fn only_one_holds_the_lock() {
        let place = tempfile::tempdir().unwrap();
        let guard = GuardFolder::new(place.path());
        let held = guard.lock().unwrap();
        let other = std::fs::File::open(place.path().join("lock")).unwrap();
        assert!(other.try_lock().is_err());
        drop(held);
        assert!(other.try_lock().is_ok());
    }
}
