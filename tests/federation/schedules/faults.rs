//! Makes what is served wrong in a given way, and tells which log its checkpoint then signs, if any.

use super::plan::{Fault, Part};
use super::publisher::Publisher;
use super::served::{self, Log};
use lotse::base::digest::Digest;
use lotse::domain::identity::keyring::Keyring;
use std::fs;
use std::path::{Path, PathBuf};

/// What a served folder proves.
pub enum Signed {
    /// The true key signed exactly this log.
    Log(Log),
    /// The checkpoint is not one of the true key.
    Nothing,
}

/// What a follower has when the fault is made.
pub struct Edge<'a> {
    pub accepted: &'a [Vec<u8>],
}

/// Applies the fault to a served copy of the publisher's site.
pub fn apply(fault: Fault, site: &Path, publisher: &Publisher, edge: &Edge<'_>) -> Signed {
    let log = &publisher.log;
    match fault {
        Fault::Tamper(part, at) => damage(site, part, at, |bytes| {
            let place = usize::from(at) % bytes.len();
            bytes[place] ^= 1 << (at % 7);
        }),
        Fault::Cut(part, at) => damage(site, part, at, |bytes| bytes.truncate(usize::from(at) % bytes.len())),
        Fault::Lose(part, at) => {
            if let Some(path) = file_of(site, part, at) {
                fs::remove_file(path).unwrap();
            }
        }
        Fault::Drop(at) => {
            deliver(site, log, |entries| drop(entries.remove(usize::from(at) % entries.len())))
        }
        Fault::Swap(at) => deliver(site, log, |entries| {
            let (place, last) = (usize::from(at) % entries.len(), entries.len() - 1);
            entries.swap(place, last);
        }),
        Fault::Duplicate(at) => deliver(site, log, |entries| {
            let place = usize::from(at) % entries.len();
            entries.insert(place, entries[place].clone());
        }),
        Fault::Hide(at) => hide(site, log, usize::from(at) % log.len()),
        Fault::RollBack { back, .. } => return roll_back(site, publisher, usize::from(back)),
        Fault::Rewrite { at, more } => {
            let mut other = log.clone();
            let place = usize::from(at) % other.len();
            other[place] = forged(site, u32::from(at));
            return sign_other(site, publisher, other, more);
        }
        Fault::Fork { at, more } => {
            // Splits off at the end of what the follower has, or a little before.
            let mut other = edge.accepted.to_vec();
            other.truncate(other.len().saturating_sub(usize::from(at % 3)).max(1));
            other.push(forged(site, u32::from(at)));
            return sign_other(site, publisher, other, more);
        }
        Fault::Foreign => {
            let folder = tempfile::tempdir().unwrap();
            let thief = Keyring::create(&folder.path().join("keys")).unwrap();
            let mut other = log.clone();
            other.push(forged(site, 0));
            served::lay(site, &other);
            served::sign(site, &other, &publisher.origin(), &thief);
            return Signed::Nothing;
        }
    }
    match fs::read(served::feed(site).join("checkpoint")).ok()
        == publisher.notes.last().map(|note| note.0.clone())
    {
        true => Signed::Log(log.clone()),
        false => Signed::Nothing,
    }
}

fn damage(site: &Path, part: Part, at: u16, change: impl FnOnce(&mut Vec<u8>)) {
    let Some(path) = file_of(site, part, at) else { return };
    let mut bytes = fs::read(&path).unwrap();
    if !bytes.is_empty() {
        change(&mut bytes);
        fs::write(path, bytes).unwrap();
    }
}

fn file_of(site: &Path, part: Part, at: u16) -> Option<PathBuf> {
    let feed = served::feed(site);
    let all = match part {
        Part::Checkpoint => vec![feed.join("checkpoint")],
        Part::Identity => vec![site.join("feed/identity")],
        Part::Bundle => served::files(&feed.join("tile/entries")),
        Part::Range => served::files(&feed.join("range")),
        Part::Body => served::files(&feed.join("blob")),
        Part::Tile => {
            let tiles = served::files(&feed.join("tile")).into_iter();
            tiles.filter(|path| !path.starts_with(feed.join("tile/entries"))).collect()
        }
    };
    let chosen = usize::from(at >> 8).checked_rem(all.len())?;
    all.into_iter().nth(chosen)
}

/// Rewrites the last bundle, and the range if one is offered, with other entries than those that were signed.
fn deliver(site: &Path, log: &[Vec<u8>], change: impl Fn(&mut Log)) {
    let first = (log.len() - 1) / 256 * 256;
    let mut last = log[first..].to_vec();
    change(&mut last);
    let whole = served::files(&served::feed(site).join("tile/entries"));
    fs::write(whole.last().unwrap(), served::bundle(&last, None)).unwrap();
    for path in served::files(&served::feed(site).join("range")) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let from: usize = name.split('-').next().unwrap().parse().unwrap();
        let mut range = log[from..].to_vec();
        change(&mut range);
        fs::write(path, served::bundle(&range, None)).unwrap();
    }
}

fn hide(site: &Path, log: &[Vec<u8>], hidden: usize) {
    let _ = fs::remove_dir_all(served::feed(site).join("range"));
    let whole = served::files(&served::feed(site).join("tile/entries"));
    let number = hidden / 256;
    let entries = &log[number * 256..log.len().min(number * 256 + 256)];
    let path = whole.iter().filter(|path| path.to_string_lossy().contains(&format!("/{number:03}")));
    let path = path.max().unwrap();
    fs::write(path, served::bundle(entries, Some(hidden % 256))).unwrap();
}

/// The files as they were when an older checkpoint was new.
fn roll_back(site: &Path, publisher: &Publisher, back: usize) -> Signed {
    let all = &publisher.notes;
    let (note, size) = &all[all.len().saturating_sub(1 + back)];
    let log = publisher.log[..*size].to_vec();
    served::lay(site, &log);
    let _ = fs::remove_dir_all(served::feed(site).join("range"));
    served::write(&served::feed(site).join("checkpoint"), note);
    Signed::Log(log)
}

fn sign_other(site: &Path, publisher: &Publisher, mut other: Log, more: u8) -> Signed {
    other.extend((0..more).map(|number| forged(site, 1000 + u32::from(number))));
    served::lay(site, &other);
    let _ = fs::remove_dir_all(served::feed(site).join("range"));
    served::sign(site, &other, &publisher.origin(), &publisher.keys);
    Signed::Log(other)
}

/// An entry that an honest node never wrote, with a body that can be had.
fn forged(site: &Path, number: u32) -> Vec<u8> {
    let body = format!(r#"{{"v":1,"salt":"AAAA","title":"forged {number}","blocks":[]}}"#);
    let digest = Digest::of(body.as_bytes());
    served::write(&served::feed(site).join(format!("blob/{digest}")), body.as_bytes());
    format!(
        r#"{{"kind":"page","lic":"CC0-1.0","obj":"019b76da-a800-7c3e-9d1a-{number:012x}","op":"put","ts":1,"v":1,"var":{{"de":{{"body":"{}","rev":1,"size":{}}}}}}}"#,
        digest.to_base64url(),
        body.len()
    )
    .into_bytes()
}
