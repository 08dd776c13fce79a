//! One newtype per thing that has an id, so that a page is never taken for a region.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

/// The text is not an id of the named kind.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{text:?} is not a {what}; expected {expected}")]
pub struct IdError {
    what: &'static str,
    text: String,
    expected: &'static str,
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $what:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub struct $name(Uuid);

        impl $name {
            pub const fn from_uuid(id: Uuid) -> $name {
                $name(id)
            }
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }
        impl FromStr for $name {
            type Err = IdError;
            /// Only the lower-case form with hyphens, since an id has one spelling.
            fn from_str(text: &str) -> Result<$name, IdError> {
                match Uuid::try_parse(text) {
                    Ok(id) if id.to_string() == text => Ok($name(id)),
                    _ => Err(IdError { what: $what, text: text.to_owned(), expected: "a lower-case UUID with hyphens" }),
                }
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }
    };
}

id!(
    /// Any thing a node publishes, ours or a foreign one.
    ObjectId, "object id"
);
id!(
    /// An item of this node, such as a page.
    ItemId, "item id"
);
id!(
    /// A region of this node.
    RegionId, "region id"
);
id!(
    /// A decision to mirror something of another node.
    AdoptionId, "adoption id"
);

impl From<ItemId> for ObjectId {
    fn from(id: ItemId) -> ObjectId {
        ObjectId(id.0)
    }
}
impl From<ObjectId> for ItemId {
    fn from(id: ObjectId) -> ItemId {
        ItemId(id.0)
    }
}
impl From<RegionId> for ObjectId {
    fn from(id: RegionId) -> ObjectId {
        ObjectId(id.0)
    }
}
impl From<ObjectId> for RegionId {
    fn from(id: ObjectId) -> RegionId {
        RegionId(id.0)
    }
}
impl From<AdoptionId> for ObjectId {
    fn from(id: AdoptionId) -> ObjectId {
        ObjectId(id.0)
    }
}
impl From<ObjectId> for AdoptionId {
    fn from(id: ObjectId) -> AdoptionId {
        AdoptionId(id.0)
    }
}

/// `n1` and the lower-case base32 SHA-256 of a node's first identity note: 54 characters (civic-feed §2.1).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct NodeId(String);

impl NodeId {
    /// The id of the node whose genesis note text has this SHA-256.
    pub fn of_genesis(sha256: [u8; 32]) -> NodeId {
        let base32 = data_encoding::BASE32_NOPAD.encode(&sha256).to_lowercase();
        NodeId(format!("n1{base32}"))
    }

    /// The SHA-256 of the genesis note text.
    pub fn genesis(&self) -> [u8; 32] {
        decode_genesis(&self.0).unwrap_or_default()
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Thirty digits in six groups to compare over the telephone: genesis as integer mod 10^30 (civic-feed §2.13).
    pub fn spoken_fingerprint(&self) -> String {
        const MODULUS: u128 = 10u128.pow(30);
        let number = self.genesis().iter().fold(0u128, |sum, byte| (sum * 256 + u128::from(*byte)) % MODULUS);
        let digits = format!("{number:030}");
        [0, 5, 10, 15, 20, 25].map(|at| &digits[at..at + 5]).join(" ")
    }
}

fn decode_genesis(text: &str) -> Option<[u8; 32]> {
    let base32 = text.strip_prefix("n1")?;
    if base32.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return None;
    }
    data_encoding::BASE32_NOPAD.decode(base32.to_uppercase().as_bytes()).ok()?.try_into().ok()
}

impl FromStr for NodeId {
    type Err = IdError;
    fn from_str(text: &str) -> Result<NodeId, IdError> {
        match decode_genesis(text) {
            Some(_) => Ok(NodeId(text.to_owned())),
            None => Err(IdError {
                what: "node id",
                text: text.to_owned(),
                expected: "n1 and 52 characters a-z, 2-7",
            }),
        }
    }
}
impl TryFrom<String> for NodeId {
    type Error = IdError;
    fn try_from(text: String) -> Result<NodeId, IdError> {
        text.parse()
    }
}
impl From<NodeId> for String {
    fn from(id: NodeId) -> String {
        id.0
    }
}
impl fmt::Display for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl fmt::Debug for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NodeId({})", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{ItemId, NodeId};

    #[test]
    fn the_spoken_fingerprint_is_the_published_vector() {
        let id: NodeId = "n1wdzice7s4yyckn6wgoxt7a3xfau3nvekrok6rbfhqmve4jbkejzq".parse().unwrap();
        assert_eq!(id.spoken_fingerprint(), "53514 52349 85129 96722 34997 93011");
        assert_eq!(NodeId::of_genesis(id.genesis()), id);
    }

    #[test]
    fn an_id_has_one_spelling() {
        assert!("019B76DA-A800-7C3E-9D1A-3F2B6C7D8E9F".parse::<ItemId>().is_err());
        assert!("019b76da-a800-7c3e-9d1a-3f2b6c7d8e9f".parse::<ItemId>().is_ok());
        assert!("n1WDZ".parse::<NodeId>().is_err());
    }
}
