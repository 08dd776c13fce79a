//! The files of another node, read alike over the network and from a folder that `export` wrote.
//! Knows where files lie (civic-feed §2.6), not what they mean; nothing read here is verified.

use super::{Answer, Ask, Caches, FetchError, Fetcher, guard};
use crate::base::digest::Digest;
use std::fmt;
use std::io::Read;
use std::path::{Component, Path, PathBuf};
use url::Url;

/// SPEC: note 64 KiB (civic-feed §2.17).
pub const LARGEST_NOTE_BYTES: u64 = 64 * 1024;
/// SPEC: at most 1,024 identity notes of at most 16 KiB each (civic-feed §2.2).
pub const LARGEST_IDENTITY_BYTES: u64 = 1024 * 16 * 1024;
/// SPEC: decompress with hard cap 256 × (2 + 8,192) bytes (civic-feed §2.8).
pub const LARGEST_BUNDLE_BYTES: u64 = 256 * LARGEST_FRAMED_ENTRY_BYTES;
/// An entry and its two-byte length.
pub const LARGEST_FRAMED_ENTRY_BYTES: u64 = 2 + 8192;
/// 256 hashes of 32 bytes.
pub const LARGEST_TILE_BYTES: u64 = 256 * 32;

/// Web servers guess the type of files without an ending; a web page is never one of ours.
const TYPES: &[&str] = &["application/octet-stream", "text/plain", "application/json"];

/// A place that holds files: below a URL or in a folder. Cloning is cheap.
#[derive(Clone)]
pub enum Remote {
    Web { fetcher: Fetcher, base: Url },
    Folder(PathBuf),
}

impl Remote {
    /// The place at a URL (`http:`, `https:`, `file:`) or the path of a folder.
    /// # Errors: [`FetchError::Refused`] if the URL may not be asked, [`FetchError::Folder`] if there is no such folder.
    pub fn open(fetcher: &Fetcher, place: &str) -> Result<Remote, FetchError> {
        if place.starts_with("http://") || place.starts_with("https://") {
            let mut base = guard::check(place, fetcher.policy().allow_private)?;
            base.set_query(None);
            base.set_fragment(None);
            return Ok(Remote::Web { fetcher: fetcher.clone(), base: with_slash(base) });
        }
        let path = match Url::parse(place) {
            Ok(url) if url.scheme() == "file" => url.to_file_path().unwrap_or_else(|()| PathBuf::from(place)),
            _ => PathBuf::from(place),
        };
        match path.canonicalize() {
            Ok(path) if path.is_dir() => Ok(Remote::Folder(path)),
            Ok(path) => Err(folder_error(&path, "it is not a folder")),
            Err(error) => Err(folder_error(&path, &error.to_string())),
        }
    }

    /// The place that `link` names, seen from here: relative, or a URL. A folder is a picture of one site, so there
    /// only the end of a URL's path counts. # Errors: as [`Remote::open`]; a folder is never left.
    pub fn at(&self, link: &str) -> Result<Remote, FetchError> {
        match self {
            Remote::Web { fetcher, base } => {
                let refuse = |why: &dyn fmt::Display| FetchError::Refused {
                    url: link.to_owned(),
                    why: why.to_string(),
                };
                let joined = base.join(link).map_err(|error| refuse(&error))?;
                let base = with_slash(guard::check(joined.as_str(), fetcher.policy().allow_private)?);
                Ok(Remote::Web { fetcher: fetcher.clone(), base })
            }
            Remote::Folder(top) => {
                let path = Url::parse(link).map_or_else(|_| link.to_owned(), |url| url.path().to_owned());
                let names: Vec<&str> = path.split('/').filter(|name| !name.is_empty()).collect();
                let places =
                    (0..names.len()).map(|skipped| names.get(skipped..).unwrap_or_default().join("/"));
                let found = places.filter_map(|end| inside(top, &end).ok()).find(|path| path.is_dir());
                found
                    .map(Remote::Folder)
                    .ok_or_else(|| folder_error(top, &format!("it holds no folder {path}")))
            }
        }
    }

    /// How the place is written down: [`Remote::open`] reads it back.
    pub fn place(&self) -> String {
        match self {
            Remote::Web { base, .. } => base.to_string(),
            Remote::Folder(path) => Url::from_directory_path(path)
                .map_or_else(|()| path.display().to_string(), |url| url.to_string()),
        }
    }

    /// Where `path` lies, for messages.
    pub fn address(&self, path: &str) -> String {
        match self {
            Remote::Web { base, .. } => format!("{base}{path}"),
            Remote::Folder(top) => top.join(path).display().to_string(),
        }
    }

    /// `.well-known/civic-feed` of a site.
    pub async fn well_known(&self) -> Result<Answer, FetchError> {
        self.read(".well-known/civic-feed", LARGEST_NOTE_BYTES, Caches::Allow).await
    }

    /// All notes of an identity chain, below a node's base.
    pub async fn identity(&self) -> Result<Answer, FetchError> {
        self.read("identity", LARGEST_IDENTITY_BYTES, Caches::Bypass).await
    }

    /// The checkpoint of a feed; 304 if its ETag is still `unless`.
    pub async fn checkpoint(&self, unless: Option<&str>, caches: Caches) -> Result<Answer, FetchError> {
        let mut ask = self.ask("checkpoint", LARGEST_NOTE_BYTES, caches);
        ask.unless = unless.map(str::to_owned);
        self.answer("checkpoint", ask).await
    }

    /// The entries `from..to` of a feed in bundle framing; 404 if it has no ranges.
    pub async fn range(&self, from: u64, to: u64, caches: Caches) -> Result<Answer, FetchError> {
        let most = (to - from).saturating_mul(LARGEST_FRAMED_ENTRY_BYTES);
        self.read(&format!("range/{from}-{to}"), most, caches).await
    }

    /// A bundle of entries by its path, such as `tile/entries/000.p/7`.
    pub async fn bundle(&self, path: &str, caches: Caches) -> Result<Answer, FetchError> {
        self.read(path, LARGEST_BUNDLE_BYTES, caches).await
    }

    /// A tile of hashes by its path, such as `tile/1/000`.
    pub async fn tile(&self, path: &str, caches: Caches) -> Result<Answer, FetchError> {
        self.read(path, LARGEST_TILE_BYTES, caches).await
    }

    /// A body or media file of a feed.
    pub async fn blob(&self, digest: &Digest, most_bytes: u64) -> Result<Answer, FetchError> {
        let path = format!("blob/{digest}");
        let mut ask = self.ask(&path, most_bytes, Caches::Allow);
        ask.types = &[];
        self.answer(&path, ask).await
    }

    async fn read(&self, path: &str, most_bytes: u64, caches: Caches) -> Result<Answer, FetchError> {
        self.answer(path, self.ask(path, most_bytes, caches)).await
    }

    fn ask(&self, path: &str, most_bytes: u64, caches: Caches) -> Ask {
        let mut ask = Ask { caches, types: TYPES, ..Ask::new(self.address(path), most_bytes) };
        if let Remote::Web { fetcher, .. } = self {
            ask.deadline = fetcher.deadline();
        }
        ask
    }

    async fn answer(&self, path: &str, ask: Ask) -> Result<Answer, FetchError> {
        match self {
            Remote::Web { fetcher, .. } => fetcher.get(&ask).await,
            Remote::Folder(top) => {
                let (top, path) = (top.clone(), path.to_owned());
                let read = tokio::task::spawn_blocking(move || read_file(&top, &path, &ask)).await;
                read.unwrap_or_else(|failed| std::panic::resume_unwind(failed.into_panic()))
            }
        }
    }
}

/// A file as a web server would answer with it: absent is 404, equal to what is at hand is 304.
fn read_file(top: &Path, path: &str, ask: &Ask) -> Result<Answer, FetchError> {
    let absent = Answer { status: 404, etag: None, bytes: Vec::new() };
    let path = inside(top, path)?;
    let told = |error: std::io::Error| folder_error(&path, &error.to_string());
    let file = match std::fs::File::open(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(absent),
        Err(error) => return Err(told(error)),
    };
    if !file.metadata().map_err(told)?.is_file() {
        return Ok(absent);
    }
    let mut bytes = Vec::new();
    file.take(ask.most_bytes.saturating_add(1)).read_to_end(&mut bytes).map_err(told)?;
    if bytes.len() as u64 > ask.most_bytes {
        return Err(FetchError::TooLarge { url: path.display().to_string(), most_bytes: ask.most_bytes });
    }
    let etag = (ask.most_bytes <= LARGEST_NOTE_BYTES).then(|| etag_of(&bytes));
    if etag.is_some() && etag == ask.unless {
        return Ok(Answer { status: 304, etag, bytes: Vec::new() });
    }
    Ok(Answer { status: 200, etag, bytes })
}

fn etag_of(bytes: &[u8]) -> String {
    format!("\"{}\"", Digest::of(bytes))
}

/// `path` below `top`; refuses to leave it, by name or through a symbolic link.
fn inside(top: &Path, path: &str) -> Result<PathBuf, FetchError> {
    let mut at = top.to_owned();
    for part in Path::new(path).components() {
        match part {
            Component::Normal(name) => at.push(name),
            Component::CurDir => continue,
            _ => return Err(folder_error(&top.join(path), "it lies outside of the folder")),
        }
        if at.symlink_metadata().is_ok_and(|about| about.is_symlink()) {
            return Err(folder_error(&at, "symbolic links are not followed"));
        }
    }
    Ok(at)
}

fn with_slash(mut url: Url) -> Url {
    if !url.path().ends_with('/') {
        url.set_path(&format!("{}/", url.path()));
    }
    url
}

fn folder_error(path: &Path, why: &str) -> FetchError {
    FetchError::Folder { path: path.display().to_string(), why: why.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::{Caches, Remote};
    use crate::platform::fetch::{FetchError, FetchPolicy, Fetcher};
    use std::fs;

    fn folder() -> (tempfile::TempDir, Remote) {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("feed/pub/1/tile")).unwrap();
        fs::write(folder.path().join("feed/pub/1/checkpoint"), "note").unwrap();
        fs::write(folder.path().join("feed/identity"), "notes").unwrap();
        let remote =
            Remote::open(&Fetcher::new(FetchPolicy::default()), folder.path().to_str().unwrap()).unwrap();
        (folder, remote)
    }

    #[tokio::test]
    async fn a_folder_is_read_like_the_site_it_was_exported_from() {
        let (_folder, site) = folder();
        for link in ["https://stadt.example/lotse/feed/pub/1/", "/feed/pub/1", "feed/pub/1/"] {
            let feed = site.at(link).unwrap();
            let answer = feed.checkpoint(None, Caches::Allow).await.unwrap();
            assert_eq!((answer.status, &answer.bytes[..]), (200, &b"note"[..]));
            let again = feed.checkpoint(answer.etag.as_deref(), Caches::Allow).await.unwrap();
            assert_eq!(again.status, 304);
            let reopened = Remote::open(&Fetcher::new(FetchPolicy::default()), &feed.place()).unwrap();
            assert_eq!(reopened.checkpoint(None, Caches::Allow).await.unwrap().status, 200);
        }
        assert_eq!(site.well_known().await.unwrap().status, 404);
        assert_eq!(site.at("feed").unwrap().identity().await.unwrap().bytes, b"notes");
    }

    #[tokio::test]
    async fn a_folder_is_not_left_by_name_nor_through_a_link() {
        let (folder, site) = folder();
        assert!(site.at("../..").is_err());
        assert!(matches!(site.bundle("../secret", Caches::Allow).await, Err(FetchError::Folder { .. })));
        assert!(matches!(site.bundle("/etc/passwd", Caches::Allow).await, Err(FetchError::Folder { .. })));
        std::os::unix::fs::symlink("/etc/passwd", folder.path().join("link")).unwrap();
        let told = site.bundle("link", Caches::Allow).await.unwrap_err().to_string();
        assert!(told.contains("symbolic links are not followed"), "{told}");
    }

    #[tokio::test]
    async fn a_file_over_its_limit_is_refused() {
        let (folder, site) = folder();
        fs::write(folder.path().join("tile"), vec![0; 8193]).unwrap();
        assert!(matches!(site.tile("tile", Caches::Allow).await, Err(FetchError::TooLarge { .. })));
        assert_eq!(site.tile("feed", Caches::Allow).await.unwrap().status, 404);
    }
}
