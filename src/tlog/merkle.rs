//! The Merkle tree of RFC 6962 §2.1, held as its right edge only: one hash per set bit of the size.
//! Whoever holds it can append, tell the root, and so prove that a longer log continues this one.

use super::error::TlogError;
use crate::base::digest::Digest;
use sha2::Digest as _;
use std::fmt;
use std::str::FromStr;

/// The hash of an entry as a leaf of the tree.
pub fn leaf_hash(entry: &[u8]) -> Digest {
    // SPEC: RFC 6962 §2.1, a leaf is SHA-256(0x00 || entry).
    let hash = sha2::Sha256::new_with_prefix([0u8]).chain_update(entry).finalize();
    Digest::from_bytes(hash.into())
}

/// The hash of an inner node.
pub fn node_hash(left: &Digest, right: &Digest) -> Digest {
    // SPEC: RFC 6962 §2.1, a node is SHA-256(0x01 || left || right).
    let mut bytes = [1u8; 65];
    bytes[1..33].copy_from_slice(left.bytes());
    bytes[33..].copy_from_slice(right.bytes());
    Digest::of(&bytes)
}

/// The root of a tree over exactly these leaves, by the recursion of RFC 6962 §2.1 (not by a frontier).
pub fn tree_root(leaves: &[Digest]) -> Digest {
    match leaves {
        [] => Digest::of(b""),
        [one] => *one,
        more => {
            let (left, right) = more.split_at(1 << (more.len() - 1).ilog2());
            node_hash(&tree_root(left), &tree_root(right))
        }
    }
}

/// The right edge of a tree of `size` leaves: the roots of its perfect subtrees, largest first.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Frontier {
    size: u64,
    /// Exactly one per set bit of `size`.
    hashes: Vec<Digest>,
}

impl Frontier {
    /// The frontier of a tree of `size` leaves with these perfect subtrees, largest first.
    ///
    /// # Errors
    /// [`TlogError::Frontier`] unless there is one hash per set bit of `size`.
    pub fn new(size: u64, hashes: Vec<Digest>) -> Result<Frontier, TlogError> {
        if hashes.len() != size.count_ones() as usize {
            return Err(TlogError::Frontier("expected one hash per set bit of the size"));
        }
        Ok(Frontier { size, hashes })
    }

    pub fn size(&self) -> u64 {
        self.size
    }

    pub fn hashes(&self) -> &[Digest] {
        &self.hashes
    }

    /// Appends a leaf hash.
    pub fn push(&mut self, leaf: Digest) {
        self.merge(leaf, self.size, 1);
    }

    /// Appends the root of a perfect subtree of `2^level` leaves, as the tiles above level 0 hold them.
    ///
    /// # Errors
    /// [`TlogError::Frontier`] unless the size is a multiple of `2^level`.
    pub fn push_subtree(&mut self, level: u32, root: Digest) -> Result<(), TlogError> {
        match 1u64.checked_shl(level) {
            Some(leaves) if self.size.is_multiple_of(leaves) && self.size.checked_add(leaves).is_some() => {
                self.merge(root, self.size >> level, leaves);
                Ok(())
            }
            _ => Err(TlogError::Frontier("a subtree that does not begin where the tree ends")),
        }
    }

    fn merge(&mut self, hash: Digest, mut count: u64, leaves: u64) {
        let mut hash = hash;
        while count & 1 == 1 {
            let Some(left) = self.hashes.pop() else { break };
            hash = node_hash(&left, &hash);
            count >>= 1;
        }
        self.hashes.push(hash);
        self.size += leaves;
    }

    /// The root of the whole tree; of an empty one the hash of nothing.
    pub fn root(&self) -> Digest {
        let mut smallest_first = self.hashes.iter().rev();
        match smallest_first.next() {
            None => Digest::of(b""),
            Some(last) => smallest_first.fold(*last, |right, left| node_hash(left, &right)),
        }
    }

    /// The frontier of the first `2^level`-fold of leaves: what was complete when this tree had fewer leaves.
    pub fn closed(&self, level: u32) -> Frontier {
        let size = self.size.checked_shr(level).unwrap_or(0).checked_shl(level).unwrap_or(0);
        Frontier { size, hashes: self.hashes[..size.count_ones() as usize].to_vec() }
    }
}

/// The size and the hashes in hex, with spaces between; the form kept in tables.
impl fmt::Display for Frontier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.size)?;
        self.hashes.iter().try_for_each(|hash| write!(f, " {hash}"))
    }
}

impl FromStr for Frontier {
    type Err = TlogError;
    fn from_str(text: &str) -> Result<Frontier, TlogError> {
        let mut words = text.split(' ');
        let size = words.next().unwrap_or("");
        let size: u64 = match size.parse() {
            Ok(number) if u64::to_string(&number) == size => number,
            _ => return Err(TlogError::Frontier("expected the size first, as a decimal number")),
        };
        let hashes = words.map(str::parse).collect::<Result<Vec<Digest>, _>>();
        Frontier::new(size, hashes.map_err(|_| TlogError::Frontier("expected hashes in hex"))?)
    }
}

#[cfg(test)]
mod tests {
    use super::{Frontier, leaf_hash, tree_root};
    use crate::base::digest::Digest;
    use proptest::prelude::*;

    fn leaves(count: u64) -> Vec<Digest> {
        (0..count).map(|number| leaf_hash(&number.to_be_bytes())).collect()
    }

    #[test]
    fn every_size_up_to_600_has_the_root_of_the_oracle() {
        let mut oracle = ct_merkle::mem_backed_tree::MemoryBackedTree::<sha2::Sha256, Vec<u8>>::new();
        let mut frontier = Frontier::default();
        assert_eq!(frontier.root(), Digest::of(b""));
        for number in 0..600u64 {
            oracle.push(number.to_be_bytes().to_vec());
            frontier.push(leaf_hash(&number.to_be_bytes()));
            assert_eq!(frontier.hashes().len(), frontier.size().count_ones() as usize);
            assert_eq!(frontier.root().bytes()[..], oracle.root().as_bytes()[..], "size {}", number + 1);
            assert_eq!(frontier.root(), tree_root(&leaves(number + 1)));
            assert_eq!(frontier.to_string().parse::<Frontier>().unwrap(), frontier);
        }
    }

    #[test]
    fn a_stored_frontier_is_checked_when_read() {
        let hash = Digest::of(b"x").to_string();
        assert!(format!("2 {hash}").parse::<Frontier>().is_ok());
        for wrong in [
            format!("3 {hash}"),
            "1".into(),
            format!("02 {hash}"),
            format!("2  {hash}"),
            "x".into(),
            "".into(),
        ] {
            assert!(wrong.parse::<Frontier>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn subtrees_are_appended_only_where_they_fit() {
        let mut frontier = Frontier::default();
        frontier.push(leaf_hash(b"a"));
        assert!(frontier.push_subtree(8, Digest::of(b"")).is_err());
        assert!(frontier.push_subtree(64, Digest::of(b"")).is_err());
        assert!(frontier.push_subtree(0, Digest::of(b"")).is_ok());
    }

    proptest! {
        #[test]
        fn pushing_whole_tiles_equals_pushing_their_leaves(tiles in 0u64..6, rest in 0u64..256) {
            let all = leaves(tiles * 256 + rest);
            let mut one_by_one = Frontier::default();
            all.iter().for_each(|leaf| one_by_one.push(*leaf));
            let mut by_tile = Frontier::default();
            for tile in all.chunks(256) {
                match tile.len() {
                    256 => by_tile.push_subtree(8, tree_root(tile)).unwrap(),
                    _ => tile.iter().for_each(|leaf| by_tile.push(*leaf)),
                }
            }
            prop_assert_eq!(&by_tile, &one_by_one);
            let closed = one_by_one.closed(8);
            prop_assert_eq!(closed.size(), tiles * 256);
            prop_assert_eq!(closed.root(), tree_root(&all[..(tiles * 256) as usize]));
        }

        #[test]
        fn any_changed_leaf_changes_the_root(count in 1u64..300, at in any::<prop::sample::Index>()) {
            let mut changed = leaves(count);
            let honest = tree_root(&changed);
            *at.get_mut(&mut changed) = Digest::of(b"changed");
            prop_assert_ne!(tree_root(&changed), honest);
        }
    }
}
