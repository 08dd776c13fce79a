//! Checks of inclusion and consistency proofs (RFC 9162 §2.1.3.2 and §2.1.4.2). Making proofs is not needed yet.

use super::error::TlogError;
use super::merkle::node_hash;
use crate::base::digest::Digest;

/// A tree as a checkpoint names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TreeHead {
    pub size: u64,
    pub root: Digest,
}

/// Checks that `leaf` is leaf `index` of the tree.
///
/// # Errors
/// [`TlogError::Proof`] if the index is not in the tree, or the path does not lead to its root.
pub fn verify_inclusion(leaf: Digest, index: u64, tree: TreeHead, path: &[Digest]) -> Result<(), TlogError> {
    if index >= tree.size {
        return Err(TlogError::Proof("the index is not in the tree"));
    }
    // SPEC: RFC 9162 §2.1.3.2.
    let (mut node, mut last, mut hash) = (index, tree.size - 1, leaf);
    for sibling in path {
        if last == 0 {
            return Err(TlogError::Proof("the path is too long"));
        }
        if node & 1 == 1 || node == last {
            hash = node_hash(sibling, &hash);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(&hash, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    if last == 0 && hash == tree.root {
        Ok(())
    } else {
        Err(TlogError::Proof("the path leads to another root"))
    }
}

/// Checks that the tree `new` begins with the tree `old`.
///
/// # Errors
/// [`TlogError::Proof`] if it does not, or the path is not of the right form.
pub fn verify_consistency(old: TreeHead, new: TreeHead, path: &[Digest]) -> Result<(), TlogError> {
    let refuse = |why| Err(TlogError::Proof(why));
    if old.size > new.size {
        return refuse("the new tree is smaller than the old one");
    }
    if old.size == new.size || old.size == 0 {
        let same = old.size == 0 || old.root == new.root;
        return if same && path.is_empty() {
            Ok(())
        } else {
            refuse("equal sizes, but different roots or a path")
        };
    }
    // SPEC: RFC 9162 §2.1.4.2.
    let (first, rest) = match path {
        _ if old.size.is_power_of_two() => (old.root, path),
        [first, rest @ ..] => (*first, rest),
        [] => return refuse("the path is empty"),
    };
    let shift = (old.size - 1).trailing_ones();
    let (mut node, mut last) = ((old.size - 1) >> shift, (new.size - 1) >> shift);
    let (mut old_hash, mut new_hash) = (first, first);
    for sibling in rest {
        if last == 0 {
            return refuse("the path is too long");
        }
        if node & 1 == 1 || node == last {
            old_hash = node_hash(sibling, &old_hash);
            new_hash = node_hash(sibling, &new_hash);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            new_hash = node_hash(&new_hash, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    match last == 0 && old_hash == old.root && new_hash == new.root {
        true => Ok(()),
        false => refuse("the path leads to another root"),
    }
}

#[cfg(test)]
mod tests {
    use super::{TreeHead, verify_consistency, verify_inclusion};
    use crate::base::digest::Digest;
    use crate::tlog::merkle::{leaf_hash, tree_root};
    use ct_merkle::mem_backed_tree::MemoryBackedTree;

    const LARGEST: u64 = 66;

    fn digests(bytes: &[u8]) -> Vec<Digest> {
        bytes.chunks(32).map(|hash| Digest::from_bytes(hash.try_into().unwrap())).collect()
    }

    fn heads() -> Vec<TreeHead> {
        let leaves: Vec<Digest> = (0..LARGEST).map(|number| leaf_hash(&number.to_be_bytes())).collect();
        (0..=LARGEST).map(|size| TreeHead { size, root: tree_root(&leaves[..size as usize]) }).collect()
    }

    #[test]
    fn every_proof_of_the_oracle_holds_and_every_changed_one_fails() {
        let heads = heads();
        let mut oracle = MemoryBackedTree::<sha2::Sha256, Vec<u8>>::new();
        for new in 1..=LARGEST {
            oracle.push((new - 1).to_be_bytes().to_vec());
            let head = heads[new as usize];
            for index in 0..new {
                let mut path = digests(oracle.prove_inclusion(index as usize).as_bytes());
                let leaf = leaf_hash(&index.to_be_bytes());
                assert!(verify_inclusion(leaf, index, head, &path).is_ok(), "{index} in {new}");
                assert!(verify_inclusion(leaf, index + 1, head, &path).is_err());
                path.push(leaf);
                assert!(verify_inclusion(leaf, index, head, &path).is_err());
            }
            for old in 1..=new {
                let mut path = digests(oracle.prove_consistency((new - old) as usize).as_bytes());
                assert!(verify_consistency(heads[old as usize], head, &path).is_ok(), "{old} to {new}");
                let forged = TreeHead { root: Digest::of(b"forged"), ..heads[old as usize] };
                assert!(verify_consistency(forged, head, &path).is_err());
                path.push(head.root);
                assert!(verify_consistency(heads[old as usize], head, &path).is_err());
            }
        }
    }
}
