//! What is uploaded and what is said of it. One picture is one medium, whatever it is called and whoever brings it again.

use super::clean::{Clean, clean};
use super::error::MediaError;
use super::{pictures, usage};
use crate::base::digest::Digest;
use crate::base::language::LanguageTag;
use crate::base::moment::Moment;
use crate::domain::content::ContentError;
use crate::domain::content::labels::is_spdx;
use crate::domain::content::store::media as rows;
use crate::platform::blobs::Blobs;
use crate::platform::db::{Database, DbError, Reading, Write};
use std::collections::BTreeMap;

const LONGEST_WORDS: usize = 1000;
const LONGEST_NAME: usize = 200;

/// A medium that this node holds.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Entry {
    pub sha256: Digest,
    pub size_bytes: u64,
    pub mime: String,
    /// `None`: it is shown by followed nodes alone.
    pub record: Option<Record>,
}

/// What the library says of a medium.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Record {
    /// As it was called when it first came.
    pub file_name: String,
    /// Whom to name.
    pub credit: Option<String>,
    /// SPDX identifier; `None`: that of the region whose texts show it.
    pub licence: Option<String>,
    /// What it shows, for those who do not see it, by language.
    pub alts: BTreeMap<LanguageTag, String>,
    pub uploaded_at: Moment,
    /// Another one with every change of this.
    pub version: i64,
}

/// What is to be said of a medium from now on. What is left out stays as it is; an empty text takes back what was said.
#[derive(Clone, Debug, Default)]
pub struct Said {
    pub credit: Option<String>,
    pub licence: Option<String>,
    pub alts: BTreeMap<LanguageTag, String>,
}

/// A file that somebody brings.
pub struct Upload<'a> {
    pub bytes: &'a [u8],
    pub file_name: &'a str,
    pub said: Said,
    pub at: Moment,
}

/// Takes a picture into the library and makes its smaller copies; whether it was not there before. Blocks for as long as
/// it takes to read it. Until a text shows it, nobody gets it. `may` is asked in the transaction whether it may be taken.
/// # Errors: the file is refused, as [`clean`] says, or moves; what is said of it is too long, or no licence.
pub fn upload<E: From<MediaError> + From<DbError>>(
    database: &Database,
    blobs: &Blobs,
    upload: Upload<'_>,
    may: impl FnOnce(&mut Write<'_>) -> Result<(), E>,
) -> Result<(Entry, bool), E> {
    let Upload { bytes, file_name, said, at } = upload;
    check(&said)?;
    let Clean { bytes, mime, moves } = clean(bytes)?;
    if moves {
        return Err(MediaError::Moving.into());
    }
    let sha256 = blobs.put(&bytes).map_err(MediaError::from)?;
    let name = one_line(file_name, LONGEST_NAME);
    let taken = database.write(|tx: &mut Write<'_>| {
        may(tx)?;
        // As the only writer: whoever let go of the same file earlier may have deleted it since it was put there.
        if !blobs.holds(&sha256) {
            blobs.put(&bytes).map_err(MediaError::from)?;
        }
        let known = rows::in_library(tx, &[sha256.to_string()])?;
        rows::add(tx, sha256, bytes.len() as u64, mime)?;
        rows::enlist(tx, &[(sha256, name)], at)?;
        Ok::<_, E>((describe(tx, sha256, said)?, known.is_empty()))
    });
    let (entry, is_new) = match taken {
        Ok(taken) => taken,
        Err(error) => {
            database.write::<_, DbError>(|tx| rows::mark_idle(tx, &[sha256.to_string()]))?;
            return Err(error);
        }
    };
    pictures::make_of(database, blobs, vec![(sha256, mime.to_owned())])?;
    Ok((entry, is_new))
}

/// Says something of a medium in the library. Texts that show it say so from their next revision on, see
/// [`super::replace::renew`].
/// # Errors: the library does not hold it; what is said is too long, or no licence.
pub fn describe(tx: &mut Write<'_>, sha256: Digest, said: Said) -> Result<Entry, MediaError> {
    check(&said)?;
    let mut entry = find(tx, sha256)?;
    let record = entry.record.as_mut().ok_or(MediaError::Unknown { sha256 })?;
    let Said { credit, licence, alts } = said;
    let told = |former: &mut Option<String>, new: Option<String>| {
        if let Some(new) = new {
            *former = Some(one_line(&new, LONGEST_WORDS)).filter(|words| !words.is_empty());
        }
    };
    let before = record.clone();
    told(&mut record.credit, credit);
    told(&mut record.licence, licence);
    for (language, alt) in alts {
        match one_line(&alt, LONGEST_WORDS) {
            alt if alt.is_empty() => drop(record.alts.remove(&language)),
            alt => drop(record.alts.insert(language, alt)),
        }
    }
    if *record != before {
        rows::save_record(tx, &sha256, record)?;
    }
    Ok(entry)
}

/// As [`describe`], and takes back what was said before and is left out now.
pub fn describe_only(tx: &mut Write<'_>, sha256: Digest, said: Said) -> Result<Entry, MediaError> {
    let before = find(tx, sha256)?.record.map(|record| record.alts).unwrap_or_default();
    let mut alts: BTreeMap<_, _> = before.into_keys().map(|language| (language, String::new())).collect();
    alts.extend(said.alts);
    let all = |words: Option<String>| Some(words.unwrap_or_default());
    describe(tx, sha256, Said { credit: all(said.credit), licence: all(said.licence), alts })
}

/// # Errors: the library does not hold it.
pub fn find(tx: &mut impl Reading, sha256: Digest) -> Result<Entry, MediaError> {
    let found = rows::entries(tx, &[sha256])?.remove(&sha256);
    found.filter(|entry| entry.record.is_some()).ok_or(MediaError::Unknown { sha256 })
}

/// Deletes a medium and its smaller copies; their files go with the next [`clear`](super::clear::clear).
/// # Errors: the library does not hold it, or a text shows it, be it one that is archived or another node's.
pub fn delete(tx: &mut Write<'_>, sha256: Digest) -> Result<(), MediaError> {
    find(tx, sha256)?;
    let uses = usage::of(tx, sha256)?;
    if let Some(first) = uses.first() {
        return Err(MediaError::Used { sha256, count: uses.len(), first: first.to_string() });
    }
    Ok(rows::let_go(tx, &[sha256.to_string()])?)
}

fn check(said: &Said) -> Result<(), MediaError> {
    for (what, words) in said
        .credit
        .iter()
        .map(|credit| ("credit", credit))
        .chain(said.alts.values().map(|alt| ("alternative text", alt)))
    {
        if words.chars().count() > LONGEST_WORDS {
            return Err(MediaError::TooLong { what, most: LONGEST_WORDS });
        }
    }
    match &said.licence {
        Some(licence) if !licence.is_empty() && !is_spdx(licence) => {
            Err(ContentError::Licence { licence: licence.clone() }.into())
        }
        _ => Ok(()),
    }
}

/// The words without breaks and control characters, cut where they are too long.
fn one_line(words: &str, most: usize) -> String {
    let shown: String = words.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    shown.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(most).collect()
}
