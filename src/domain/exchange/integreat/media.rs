//! Pictures and files that imported texts show: which are wanted, and how they are fetched and kept.

use super::error::ImportError;
use super::items::Prepared;
use super::store::{self, HeldMedium};
use crate::base::digest::Digest;
use crate::base::html::Token;
use crate::base::moment::Moment;
use crate::domain::content::media::MediaError;
use crate::domain::content::media::clean::{Clean, LARGEST_FILE_BYTES, clean};
use crate::domain::content::references::Reference;
use crate::platform::blobs::Blobs;
use crate::platform::db::{Reading, Write};
use crate::platform::fetch::{Ask, Fetcher};
use std::collections::{BTreeSet, HashMap};
use url::Url;

/// What is kept as it comes: no picture, and nothing that can be cleaned.
const DOCUMENT: &str = "application/pdf";

/// Files at hand, by the address that texts name; empty to leave all addresses as they are.
#[derive(Debug, Default)]
pub struct Held {
    pub(super) by_address: HashMap<String, HeldMedium>,
    /// What could not be fetched, as sentences.
    pub(super) notes: Vec<String>,
}

impl Held {
    /// What earlier imports fetched. # Errors: those of the database.
    pub fn remembered(tx: &mut impl Reading) -> Result<Held, ImportError> {
        Ok(Held { by_address: store::media_by_address(tx)?, notes: Vec::new() })
    }

    /// Remembers what is held by now, so that nothing is fetched twice although an import ends before its time.
    /// # Errors: those of the database.
    pub fn remember(&self, tx: &mut Write<'_>, now: Moment) -> Result<(), ImportError> {
        Ok(store::keep_media(tx, &self.by_address, now)?)
    }

    /// Icons that are held are referred to instead of named by their address.
    pub(super) fn refer_icons(&self, prepared: &mut Prepared) {
        for icon in prepared.items.iter_mut().filter_map(|item| item.icon.as_mut()) {
            if let Some(held) = self.by_address.get(icon) {
                *icon = Reference::Medium(held.sha256).to_string();
            }
        }
    }

    /// Keeps only what is here: asked for in the importing transaction, no file can go before its row is written.
    pub fn retain_here(&mut self, blobs: &Blobs) {
        self.by_address.retain(|_, medium| blobs.holds(&medium.sha256));
    }
}

/// Addresses of the pictures and files that pages and their texts take from Integreat's own media library.
pub fn wanted_media(prepared: &Prepared) -> Vec<String> {
    let icons = prepared.items.iter().filter_map(|item| item.icon.clone());
    let mut wanted: BTreeSet<String> = icons.filter(|address| is_medium(prepared, address)).collect();
    for text in prepared.items.iter().flat_map(|item| &item.texts) {
        for token in text.html.tokens() {
            let Token::Open(tag) = token else { continue };
            let address = match tag.name() {
                "img" => tag.attribute("src"),
                "a" => tag.attribute("href"),
                _ => None,
            };
            wanted.extend(
                address.filter(|address| is_medium(prepared, address)).map(|address| address.into_owned()),
            );
        }
    }
    wanted.into_iter().collect()
}

fn is_medium(prepared: &Prepared, address: &str) -> bool {
    let Ok(url) = Url::parse(address) else { return false };
    let own = url.host_str().is_some_and(|host| prepared.hosts.contains(host));
    own && (url.path().starts_with("/media/") || url.path().contains("/wp-content/uploads/"))
}

/// Fetches what is wanted and not yet held, and keeps it by its digest. `tell` hears each address.
/// What cannot be had stays a link and is noted. # Errors: only those of the blob store.
pub async fn fetch_media(
    fetcher: &Fetcher,
    blobs: &Blobs,
    wanted: &[String],
    held: &mut Held,
    tell: &mut (dyn FnMut(&str) + Send),
) -> Result<(), ImportError> {
    held.retain_here(blobs);
    for address in wanted {
        if held.by_address.contains_key(address) {
            continue;
        }
        tell(address);
        let answer = match fetcher.get(&Ask::new(address, LARGEST_FILE_BYTES as u64)).await {
            Ok(answer) if answer.status == 200 => answer,
            Ok(answer) => {
                held.notes.push(format!("{address} answers {}; texts keep the link to it", answer.status));
                continue;
            }
            Err(error) => {
                held.notes.push(format!("{error}; texts keep the link to it"));
                continue;
            }
        };
        let cleaned = tokio::task::spawn_blocking(move || cleaned(answer.bytes));
        let (bytes, mime) = match cleaned.await {
            Ok(Ok(cleaned)) => cleaned,
            Ok(Err(error)) => {
                held.notes.push(format!("{address} is not kept: {error}; texts keep the link to it"));
                continue;
            }
            Err(failed) => std::panic::resume_unwind(failed.into_panic()),
        };
        let sha256: Digest = blobs.put(&bytes)?;
        let medium = HeldMedium { sha256, size_bytes: bytes.len() as u64, mime: mime.to_owned() };
        held.by_address.insert(address.clone(), medium);
    }
    Ok(())
}

/// A file as it is kept, and its type: pictures upright and without anything that is no picture, such as where they were
/// taken. Films of pictures stay films.
fn cleaned(bytes: Vec<u8>) -> Result<(Vec<u8>, &'static str), MediaError> {
    if infer::get(&bytes).is_some_and(|kind| kind.mime_type() == DOCUMENT) {
        return Ok((bytes, DOCUMENT));
    }
    clean(&bytes).map(|Clean { bytes, mime, .. }| (bytes, mime))
}

/// The name of the file at an address.
pub(super) fn file_name(address: &str) -> String {
    let url = Url::parse(address).ok();
    let last = url.as_ref().and_then(|url| url.path_segments()?.next_back()).unwrap_or(address);
    percent_encoding::percent_decode_str(last).decode_utf8_lossy().into_owned()
}
