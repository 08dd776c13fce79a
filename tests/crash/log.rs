//! The public log as anybody sees it over HTTP: it only grows, says nothing twice, and names what readers see.

use super::texts::{self, Shown};
use super::wire;
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use lotse::base::digest::Digest;
use lotse::tlog::checkpoint::Checkpoint;
use lotse::tlog::merkle::{Frontier, leaf_hash};
use lotse::tlog::signed_note::Note;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap, HashSet};

pub fn checkpoint(note: &[u8]) -> Checkpoint {
    Note::parse(note).unwrap().text().parse().unwrap()
}

/// A language of an object: the revision and body that the log says now.
type Heads = BTreeMap<String, (u64, String)>;

#[derive(Default)]
struct Object {
    kind: String,
    live: bool,
    heads: Heads,
    /// The entry before, but for its time.
    last: Value,
}

/// All entries so far, and what they come to.
#[derive(Default)]
pub struct Log {
    frontier: Frontier,
    /// The root at each size.
    roots: Vec<Digest>,
    objects: HashMap<String, Object>,
    /// What each body says; `None` if it is erased.
    bodies: HashMap<String, Option<(String, u64)>>,
    /// Versions by object and language: each may come in one revision only.
    versions: HashMap<(String, String, u64), u64>,
}

impl Log {
    /// Takes over what is new. # Errors: nobody answers. # Panics: what is new contradicts what was there.
    pub fn catch_up(&mut self, port: u16) -> Result<Checkpoint, String> {
        let signed = checkpoint(&wire::fetch(port, "/feed/pub/1/checkpoint")?);
        let have = self.frontier.size();
        assert!(signed.size >= have, "the log shrank from {have} to {} entries", signed.size);
        if self.roots.is_empty() {
            self.roots.push(self.frontier.root());
        }
        if signed.size > have {
            let range = wire::fetch(port, &format!("/feed/pub/1/range/{have}-{}", signed.size))?;
            let mut rest = &range[..];
            let mut entries = Vec::new();
            while let [high, low, after @ ..] = rest {
                let (entry, after) = after.split_at(usize::from(u16::from_be_bytes([*high, *low])));
                entries.push(entry);
                rest = after;
            }
            for entry in &entries {
                self.frontier.push(leaf_hash(entry));
                self.roots.push(self.frontier.root());
                self.take(&serde_json::from_slice(entry).unwrap());
            }
        }
        assert_eq!(self.frontier.size(), signed.size, "a range is incomplete");
        assert_eq!(self.frontier.root(), signed.root, "{} entries lead to another root", signed.size);
        self.read_bodies(port)?;
        Ok(signed)
    }

    fn take(&mut self, entry: &Value) {
        let text = |member: &str| entry[member].as_str().unwrap_or_default().to_owned();
        let mut said = entry.clone();
        said.as_object_mut().unwrap().remove("ts");
        let object = self.objects.entry(text("obj")).or_default();
        let op = text("op");
        // An editor may erase twice; everything else is said once.
        assert!(object.last != said || op == "erase", "said twice: {entry}");
        object.last = said;
        match op.as_str() {
            "put" => {
                (object.live, object.kind) = (true, text("kind"));
                for (language, variant) in entry["var"].as_object().unwrap() {
                    let Some(body) = variant["body"].as_str() else {
                        object.heads.remove(language);
                        continue;
                    };
                    let body = HEXLOWER.encode(&BASE64URL_NOPAD.decode(body.as_bytes()).unwrap());
                    let rev = variant["rev"].as_u64().unwrap();
                    if let Some((before, known)) = object.heads.get(language) {
                        assert!(
                            rev > *before || (rev == *before && body == *known),
                            "a revision twice: {entry}"
                        );
                    }
                    object.heads.insert(language.clone(), (rev, body));
                }
            }
            "withdraw" => object.live = false,
            "erase" => object.heads.clear(),
            _ => {}
        }
    }

    /// Reads the bodies that are named now. What is withdrawn, nobody is given.
    fn read_bodies(&mut self, port: u16) -> Result<(), String> {
        let public = self.objects.iter().filter(|(_, object)| object.kind == "page" && object.live);
        for (id, object) in public {
            for (language, (rev, body)) in &object.heads {
                if self.bodies.contains_key(body) {
                    continue;
                }
                let bytes = wire::fetch(port, &format!("/feed/pub/1/blob/{body}"))?;
                assert_eq!(Digest::of(&bytes).to_string(), *body, "a body is not what the log names");
                let known = texts::of_body(language, &bytes).unwrap();
                let key = (id.clone(), language.clone(), known.1);
                let other = self.versions.insert(key, *rev).filter(|other| other != rev);
                assert!(other.is_none(), "{known:?} in {language} became revisions {other:?} and {rev}");
                self.bodies.insert(body.clone(), Some(known));
            }
        }
        Ok(())
    }

    /// What the log says is public.
    pub fn public(&self) -> Shown {
        let live = self.objects.values().filter(|object| object.kind == "page" && object.live);
        let mut public = Shown::new();
        for (language, (_, body)) in live.flat_map(|object| &object.heads) {
            let Some(Some((slug, version))) = self.bodies.get(body) else { continue };
            let twice = public.insert((language.clone(), slug.clone()), *version);
            assert!(twice.is_none(), "two objects are {slug} in {language}");
        }
        public
    }

    /// Holds every checkpoint that was ever seen against the log as it is now: it only ever grew.
    pub fn continues(&self, seen: impl IntoIterator<Item = Checkpoint>) -> usize {
        let mut sizes = HashSet::new();
        for checkpoint in seen {
            let size = usize::try_from(checkpoint.size).unwrap();
            assert!(
                size < self.roots.len(),
                "a checkpoint of {size} entries was seen, and now there are fewer"
            );
            assert_eq!(self.roots[size], checkpoint.root, "the log of {size} entries was another one");
            sizes.insert(size);
        }
        sizes.len()
    }

    pub fn size(&self) -> u64 {
        self.frontier.size()
    }
}
