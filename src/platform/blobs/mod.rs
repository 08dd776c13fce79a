//! Bytes found by their digest, never by a name somebody typed: one file each under `ab/cdef…`.
//! A file appears whole or not at all. What a blob means, and who still needs it, is for the rooms to know.

use crate::base::digest::Digest;
use crate::base::error::{Kind, Told};
use sha2::Digest as _;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// A folder of blobs; cloning shares it.
#[derive(Clone, Debug)]
pub struct Blobs {
    folder: PathBuf,
}

#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    #[error("cannot {doing} {path}: {source}")]
    File { doing: &'static str, path: PathBuf, source: io::Error },
    #[error("the bytes offered as blob {expected} have the digest {found}; they were not kept")]
    OtherBytes { expected: Digest, found: Digest },
    #[error("a blob is larger than the {most_bytes} bytes allowed for it; it was not kept")]
    TooLarge { most_bytes: u64 },
    #[error("the bytes of a blob could not be read to their end: {0}")]
    Source(io::Error),
}

impl Told for BlobError {
    fn kind(&self) -> Kind {
        match self {
            BlobError::File { .. } => Kind::Broken,
            BlobError::OtherBytes { .. } | BlobError::TooLarge { .. } => Kind::Invalid,
            BlobError::Source(_) => Kind::Busy,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            BlobError::File { .. } => "blob-store",
            BlobError::OtherBytes { .. } => "blob-digest",
            BlobError::TooLarge { .. } => "blob-too-large",
            BlobError::Source(_) => "blob-source",
        }
    }
}

impl Blobs {
    /// The blobs under `folder`, which is made if it is missing. # Errors: [`BlobError::File`].
    pub fn open(folder: impl Into<PathBuf>) -> Result<Blobs, BlobError> {
        let folder = folder.into();
        fs::create_dir_all(&folder).map_err(at("make the folder", &folder))?;
        Ok(Blobs { folder })
    }

    /// Keeps `bytes`; their digest. # Errors: [`BlobError::File`].
    pub fn put(&self, bytes: &[u8]) -> Result<Digest, BlobError> {
        let digest = Digest::of(bytes);
        self.put_from(&mut &*bytes, u64::MAX, Some(digest)).map(|(digest, _)| digest)
    }

    /// Keeps what `source` yields, at most `most_bytes`; its digest and size in bytes.
    /// # Errors: [`BlobError::TooLarge`], or [`BlobError::OtherBytes`] if it is not what was `expected`; nothing is kept then.
    pub fn put_from(
        &self,
        source: &mut impl Read,
        most_bytes: u64,
        expected: Option<Digest>,
    ) -> Result<(Digest, u64), BlobError> {
        let scratch = Scratch(self.folder.join(scratch_name()));
        let mut file = File::create(&scratch.0).map_err(at("write", &scratch.0))?;
        let (digest, size_bytes) = copy(source, &mut file, most_bytes, &scratch.0)?;
        if let Some(expected) = expected.filter(|expected| *expected != digest) {
            return Err(BlobError::OtherBytes { expected, found: digest });
        }
        file.sync_all().map_err(at("write", &scratch.0))?;
        let path = self.path(&digest);
        let folder = path.parent().unwrap_or(&self.folder);
        fs::create_dir_all(folder).map_err(at("make the folder", folder))?;
        fs::rename(&scratch.0, &path).map_err(at("write", &path))?;
        // The name must survive a power cut too, since a row of the database will rely on it.
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(at("write", folder))?;
        Ok((digest, size_bytes))
    }

    /// The open file of a blob and its size in bytes; `None` if it is not here.
    pub fn reader(&self, digest: &Digest) -> Result<Option<(File, u64)>, BlobError> {
        let path = self.path(digest);
        let opened = File::open(&path).and_then(|file| file.metadata().map(|about| (file, about.len())));
        absent_is_none(opened, "read", &path)
    }

    /// The bytes of a blob; `None` if it is not here.
    pub fn read(&self, digest: &Digest) -> Result<Option<Vec<u8>>, BlobError> {
        let path = self.path(digest);
        absent_is_none(fs::read(&path), "read", &path)
    }

    pub fn holds(&self, digest: &Digest) -> bool {
        self.path(digest).is_file()
    }

    /// Deletes a blob; that it is not here is as good.
    pub fn delete(&self, digest: &Digest) -> Result<(), BlobError> {
        let path = self.path(digest);
        absent_is_none(fs::remove_file(&path), "delete", &path).map(|_| ())
    }

    /// Where the blob lies or would lie.
    pub fn path(&self, digest: &Digest) -> PathBuf {
        let hex = digest.to_string();
        let (first, rest) = hex.split_at(2);
        self.folder.join(first).join(rest)
    }
}

/// A file that goes away unless it was renamed.
struct Scratch(PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

fn scratch_name() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    format!(".new-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

fn copy(
    source: &mut impl Read,
    file: &mut File,
    most_bytes: u64,
    path: &Path,
) -> Result<(Digest, u64), BlobError> {
    let mut hash = sha2::Sha256::new();
    let mut size_bytes = 0u64;
    let mut piece = vec![0; 64 * 1024];
    loop {
        let count = match source.read(&mut piece) {
            Ok(0) => return Ok((Digest::from_bytes(hash.finalize().into()), size_bytes)),
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(BlobError::Source(error)),
        };
        size_bytes += count as u64;
        if size_bytes > most_bytes {
            return Err(BlobError::TooLarge { most_bytes });
        }
        let bytes = piece.get(..count).unwrap_or_default();
        hash.update(bytes);
        file.write_all(bytes).map_err(at("write", path))?;
    }
}

fn at(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> BlobError {
    let path = path.to_owned();
    move |source| BlobError::File { doing, path, source }
}

fn absent_is_none<T>(done: io::Result<T>, doing: &'static str, path: &Path) -> Result<Option<T>, BlobError> {
    match done {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(at(doing, path)(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::{BlobError, Blobs};
    use crate::base::digest::Digest;

    fn blobs() -> (tempfile::TempDir, Blobs) {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(folder.path().join("blobs")).unwrap();
        (folder, blobs)
    }

    fn files(folder: &std::path::Path) -> Vec<String> {
        std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect()
    }

    #[test]
    fn what_was_put_is_read_back_by_its_digest_until_it_is_deleted() {
        let (_folder, blobs) = blobs();
        let digest = blobs.put(b"leaflet").unwrap();
        assert_eq!(digest, Digest::of(b"leaflet"));
        assert_eq!(blobs.put(b"leaflet").unwrap(), digest);
        assert_eq!(blobs.read(&digest).unwrap().as_deref(), Some(&b"leaflet"[..]));
        assert_eq!(blobs.reader(&digest).unwrap().unwrap().1, 7);
        assert!(blobs.path(&digest).ends_with(format!(
            "{}/{}",
            &digest.to_string()[..2],
            &digest.to_string()[2..]
        )));
        blobs.delete(&digest).unwrap();
        blobs.delete(&digest).unwrap();
        assert!(!blobs.holds(&digest));
        assert!(blobs.read(&digest).unwrap().is_none());
    }

    #[test]
    fn other_bytes_than_expected_leave_no_trace() {
        let (folder, blobs) = blobs();
        let expected = Digest::of(b"a");
        let refused = blobs.put_from(&mut &b"b"[..], 10, Some(expected)).unwrap_err();
        assert!(matches!(refused, BlobError::OtherBytes { .. }));
        assert_eq!(files(&folder.path().join("blobs")), Vec::<String>::new());
    }

    #[test]
    fn a_blob_over_its_limit_is_refused_while_it_streams() {
        let (folder, blobs) = blobs();
        let refused = blobs.put_from(&mut std::io::repeat(7), 100_000, None).unwrap_err();
        assert!(matches!(refused, BlobError::TooLarge { most_bytes: 100_000 }));
        assert_eq!(files(&folder.path().join("blobs")), Vec::<String>::new());
        assert!(blobs.put_from(&mut &[0u8; 100][..], 100, None).is_ok());
    }
}
