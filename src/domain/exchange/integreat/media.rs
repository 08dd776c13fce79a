//! Pictures and files that imported texts show: which are wanted, and how they are fetched and kept.

use super::error::ImportError;
use super::items::Prepared;
use super::store::{self, HeldMedium};
use crate::base::digest::Digest;
use crate::base::html::Token;
use crate::domain::content::references::Reference;
use crate::platform::blobs::Blobs;
use crate::platform::db::{Reading, Write};
use crate::platform::fetch::{Ask, Fetcher};
use img_parts::{Bytes, DynImage, ImageEXIF};
use std::collections::{BTreeSet, HashMap};
use url::Url;

/// SPEC: media 20 MiB (civic-feed §2.17).
const LARGEST_MEDIUM_BYTES: u64 = 20 * 1024 * 1024;
/// SPEC: whitelisted types, none that can run scripts (civic-feed §2.5).
const TYPES: [&str; 5] = ["image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf"];

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
    pub fn remember(&self, tx: &mut Write<'_>) -> Result<(), ImportError> {
        Ok(store::keep_media(tx, &self.by_address)?)
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
        let answer = match fetcher.get(&Ask::new(address, LARGEST_MEDIUM_BYTES)).await {
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
        let mime = infer::get(&answer.bytes).map_or("unknown", |kind| kind.mime_type());
        if !TYPES.contains(&mime) {
            held.notes
                .push(format!("{address} is of type {mime}, which is not kept; texts keep the link to it"));
            continue;
        }
        let bytes = without_exif(answer.bytes);
        let sha256: Digest = blobs.put(&bytes)?;
        let medium = HeldMedium { sha256, size_bytes: bytes.len() as u64, mime: mime.to_owned() };
        held.by_address.insert(address.clone(), medium);
    }
    Ok(())
}

/// SPEC: EXIF stripped by the publisher before hashing (civic-feed §2.5): it can tell where and by whom a picture
/// was taken. Colour profiles stay, and so does what is not a JPEG, PNG or WebP.
fn without_exif(bytes: Vec<u8>) -> Vec<u8> {
    let bytes = Bytes::from(bytes);
    match DynImage::from_bytes(bytes.clone()) {
        Ok(Some(mut image)) if image.exif().is_some() => {
            image.set_exif(None);
            image.encoder().bytes().to_vec()
        }
        _ => bytes.to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::without_exif;

    /// A JPEG of two segments, quantisation left out: an APP1 with EXIF, then the end.
    const WITH_EXIF: &[u8] = b"\xff\xd8\xff\xe1\x00\x0eExif\0\0GPS48N\xff\xd9";

    #[test]
    fn a_picture_does_not_tell_where_it_was_taken() {
        let kept = without_exif(WITH_EXIF.to_vec());
        assert!(!kept.windows(3).any(|bytes| bytes == b"GPS"), "{kept:?}");
        assert!(kept.starts_with(b"\xff\xd8"));
    }

    #[test]
    fn what_is_no_picture_stays_as_it_is() {
        assert_eq!(without_exif(b"%PDF-1.7".to_vec()), b"%PDF-1.7");
    }
}
