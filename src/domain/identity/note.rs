//! One identity note (civic-feed §2.2): which keys a node has, what it takes to change them, where it lives.
//! Whether a note follows its predecessor lawfully is `chain`'s question.

use super::error::IdentityError;
use crate::base::digest::Digest;
use crate::base::id::NodeId;
use crate::tlog::jcs::{self, Members, Value};
use crate::tlog::signed_note::{Note, PublicKey, SignatureKind, VerifierKey};
use std::collections::{BTreeMap, BTreeSet};

pub const FIRST_LINE: &str = "feed-identity/v1";
/// Name of the keys that sign identity notes.
pub const ROT: &str = "rot";
pub const LARGEST_IDENTITY_NOTE_BYTES: usize = 16 * 1024;
const MOST_ROT_KEYS: usize = 16;

/// What a node says of itself; members that are not understood stay in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityDocument {
    pub seq: u64,
    /// SHA-256 of the text before; absent at 0.
    pub prev: Option<Digest>,
    pub feeds: BTreeMap<String, FeedKey>,
    pub witness: Option<PublicKey>,
    pub auth: Option<PublicKey>,
    pub rot: Rotation,
    /// Base addresses of the node, with a slash at the end.
    pub urls: Vec<String>,
}

/// The key of one feed in its present epoch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedKey {
    pub epoch: u64,
    pub key: PublicKey,
    /// Last honest size and root of the epoch before, if that one is disavowed.
    pub after: Option<(u64, Digest)>,
}

/// Whose signatures the next note needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rotation {
    pub keys: Vec<PublicKey>,
    pub need: usize,
}

/// A parsed note with its exact text. Its signatures are not yet checked.
#[derive(Clone, Debug)]
pub struct IdentityNote {
    pub document: IdentityDocument,
    note: Note,
}

impl IdentityDocument {
    /// The text to be signed.
    pub fn to_text(&self) -> String {
        let mut members = Members::new();
        let keys = |keys: &[PublicKey]| Value::List(keys.iter().map(|key| key.to_string().into()).collect());
        let feeds = self.feeds.iter().map(|(name, feed)| (name.clone(), feed.to_value())).collect();
        members.insert("feeds".into(), Value::Map(feeds));
        let rot = [("keys".into(), keys(&self.rot.keys)), ("need".into(), (self.rot.need as u64).into())];
        members.insert("rot".into(), Value::Map(rot.into()));
        members.insert("seq".into(), self.seq.into());
        members.insert("urls".into(), Value::List(self.urls.iter().map(|url| url.clone().into()).collect()));
        members.insert("v".into(), 1.into());
        let optional = [
            ("prev", self.prev.map(Digest::to_base64url)),
            ("witness", self.witness.map(|key| key.to_string())),
            ("auth", self.auth.map(|key| key.to_string())),
        ];
        for (name, value) in optional {
            if let Some(value) = value {
                members.insert(name.into(), value.into());
            }
        }
        format!("{FIRST_LINE}\n{}\n", jcs::print(&members))
    }

    fn parse(text: &str) -> Result<IdentityDocument, IdentityError> {
        let line = text
            .strip_prefix(FIRST_LINE)
            .and_then(|rest| rest.strip_prefix('\n'))
            .and_then(|rest| rest.strip_suffix('\n'))
            .ok_or(IdentityError::Note("expected feed-identity/v1 and one line of JSON"))?;
        let members = jcs::parse(line.as_bytes())?;
        if members.get("v").and_then(Value::as_integer) != Some(1) {
            return Err(IdentityError::Note("v is not 1"));
        }
        let seq = members.get("seq").and_then(Value::as_integer).ok_or(IdentityError::Note("no seq"))?;
        let prev = optional(&members, "prev", |text| Digest::from_base64url(text).ok())?;
        // SPEC: civic-feed §2.2, prev is absent at 0 and only there.
        if prev.is_some() != (seq > 0) {
            return Err(IdentityError::Note("prev stands exactly in every note but the first"));
        }
        Ok(IdentityDocument {
            seq,
            prev,
            feeds: parse_feeds(&members)?,
            witness: optional(&members, "witness", |text| text.parse().ok())?,
            auth: optional(&members, "auth", |text| text.parse().ok())?,
            rot: parse_rotation(&members)?,
            urls: parse_urls(&members)?,
        })
    }
}

impl FeedKey {
    fn to_value(&self) -> Value {
        let mut members = Members::new();
        members.insert("epoch".into(), self.epoch.into());
        members.insert("key".into(), self.key.to_string().into());
        if let Some((size, root)) = &self.after {
            let after = [("root".into(), root.to_base64url().into()), ("size".into(), (*size).into())];
            members.insert("after".into(), Value::Map(after.into()));
        }
        Value::Map(members)
    }
}

fn optional<T>(
    members: &Members,
    name: &str,
    read: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>, IdentityError> {
    match members.get(name) {
        None => Ok(None),
        Some(value) => match value.as_text().and_then(read) {
            Some(read) => Ok(Some(read)),
            None => Err(IdentityError::Note("prev, witness or auth is not what it should be")),
        },
    }
}

fn parse_feeds(members: &Members) -> Result<BTreeMap<String, FeedKey>, IdentityError> {
    let refuse = || IdentityError::Note("feeds is not a name each with epoch and key");
    let feeds = members.get("feeds").and_then(Value::as_map).ok_or_else(refuse)?;
    let parse = |value: &Value| -> Option<FeedKey> {
        let feed = value.as_map()?;
        let after = match feed.get("after") {
            None => None,
            Some(after) => {
                let after = after.as_map()?;
                let root = Digest::from_base64url(after.get("root")?.as_text()?).ok()?;
                Some((after.get("size")?.as_integer()?, root))
            }
        };
        let epoch = feed.get("epoch")?.as_integer().filter(|epoch| *epoch > 0)?;
        Some(FeedKey { epoch, key: feed.get("key")?.as_text()?.parse().ok()?, after })
    };
    let each = feeds.iter().map(|(name, value)| Ok((name.clone(), parse(value).ok_or_else(refuse)?)));
    each.collect()
}

fn parse_rotation(members: &Members) -> Result<Rotation, IdentityError> {
    let refuse = || IdentityError::Note("rot is not keys and how many of them are needed");
    let rot = members.get("rot").and_then(Value::as_map).ok_or_else(refuse)?;
    let keys = rot.get("keys").and_then(Value::as_list).ok_or_else(refuse)?;
    let keys = keys.iter().map(|key| key.as_text()?.parse().ok()).collect::<Option<Vec<PublicKey>>>();
    let keys = keys.ok_or_else(refuse)?;
    let need = rot.get("need").and_then(Value::as_integer).and_then(|need| usize::try_from(need).ok());
    let need = need.ok_or_else(refuse)?;
    let distinct = keys.iter().map(PublicKey::bytes).collect::<BTreeSet<_>>().len();
    if need == 0 || need > keys.len() || distinct < keys.len() || keys.len() > MOST_ROT_KEYS {
        return Err(refuse());
    }
    Ok(Rotation { keys, need })
}

fn parse_urls(members: &Members) -> Result<Vec<String>, IdentityError> {
    let urls = members.get("urls").and_then(Value::as_list);
    let urls = urls.and_then(|urls| urls.iter().map(|url| url.as_text().map(str::to_owned)).collect());
    urls.ok_or(IdentityError::Note("urls is not a list of addresses"))
}

impl IdentityNote {
    /// Takes a note apart; the signatures stay unchecked.
    ///
    /// # Errors
    /// [`IdentityError`] if it is larger than 16 KiB, no signed note, or its text not exactly of the form of §2.2.
    pub fn parse(bytes: &[u8]) -> Result<IdentityNote, IdentityError> {
        if bytes.len() > LARGEST_IDENTITY_NOTE_BYTES {
            return Err(IdentityError::Note("it is larger than 16 KiB"));
        }
        let note = Note::parse(bytes)?;
        Ok(IdentityNote { document: IdentityDocument::parse(note.text())?, note })
    }

    /// What is signed.
    pub fn text(&self) -> &str {
        self.note.text()
    }

    /// What the next note names as `prev` and the log as `doc`.
    pub fn digest(&self) -> Digest {
        Digest::of(self.text().as_bytes())
    }

    /// The node whose first note this is.
    pub fn node_id(&self) -> NodeId {
        NodeId::of_genesis(*self.digest().bytes())
    }

    /// Whether enough of these keys signed the note.
    pub fn is_signed_by(&self, rotation: &Rotation) -> bool {
        let holds = |key: &&PublicKey| {
            let verifier = VerifierKey::new(ROT, SignatureKind::Ed25519, **key);
            verifier.is_ok_and(|verifier| self.note.verify(&verifier).is_ok())
        };
        rotation.keys.iter().filter(holds).count() >= rotation.need
    }
}

/// The note as it is stored and served.
impl std::fmt::Display for IdentityNote {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.note.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::IdentityNote;
    use crate::tlog::vectors;

    #[test]
    fn the_published_note_is_read_and_written_without_change() {
        let note = IdentityNote::parse(vectors::IDENTITY.as_bytes()).unwrap();
        assert_eq!(note.to_string(), vectors::IDENTITY);
        assert_eq!(note.document.to_text(), note.text());
        assert_eq!(note.node_id().as_str(), vectors::NODE_ID);
        assert_eq!(note.document.rot.need, 2);
        assert!(note.is_signed_by(&note.document.rot));
        assert_eq!(note.digest().to_base64url(), "sPKBE_LmMCU31jOvP4N3KCm21IqLleiEp4MqTiQqInM");
    }

    #[test]
    fn what_is_not_an_identity_note_is_refused() {
        for (from, to) in [
            ("feed-identity/v1", "feed-identity/v2"),
            (r#""seq":0"#, r#""seq":1"#),
            (r#""v":1"#, r#""v":2"#),
            (r#""need":2"#, r#""need":0"#),
            (r#""need":2"#, r#""need":4"#),
            (r#""epoch":1"#, r#""epoch":0"#),
            (r#""urls":["#, r#""urls":[1,"#),
            (r#"{"feeds""#, r#"{ "feeds""#),
            ("iojj3XQJ8ZX9UtstPLpdcspnCb8dlBIb83SIAbQPb1w=", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="),
        ] {
            assert!(vectors::IDENTITY.contains(from));
            assert!(IdentityNote::parse(vectors::IDENTITY.replace(from, to).as_bytes()).is_err(), "{to}");
        }
    }
}
