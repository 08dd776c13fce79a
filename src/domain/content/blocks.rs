//! Cuts a text into blocks, and keeps their ids over revisions and between translations.

use super::body::Block;
use crate::base::digest::Digest;
use crate::base::html::{CleanHtml, Piece};
use similar::{Algorithm, DiffOp, capture_diff_slices};
use std::collections::{HashMap, HashSet};

/// How alike two blocks must be to count as one that was changed: share of equal words, 0 to 1.
const ALIKE: f32 = 0.5;
/// How many neighbours a changed block is compared with.
const NEIGHBOURS: usize = 8;

/// A text's top-level pieces, and `div` if they stood inside one plain `<div>`; see [`super::body::Body::html`] for the way back.
pub fn split(html: &CleanHtml) -> (Option<String>, Vec<Piece>) {
    match html.inside_sole_div() {
        Some(inside) => (Some("div".to_owned()), inside.pieces()),
        None => (None, html.pieces()),
    }
}

/// Gives ids to the pieces of a text: those of `old`, its last revision, where a block stayed or changed a little;
/// those of `source`, the text it is a translation of, where both run alike; fresh ones otherwise.
/// Fresh ids follow from the content, so the same input gives the same ids.
pub fn identify(pieces: Vec<Piece>, old: &[Block], source: &[Block]) -> Vec<Block> {
    let mut ids = kept_ids(&pieces, old);
    align(&pieces, &mut ids, source);
    let mut used: HashSet<String> = ids.iter().flatten().cloned().collect();
    used.extend(old.iter().chain(source).map(|block| block.id.clone()));
    let mut seen = HashMap::new();
    let identified = pieces.into_iter().zip(ids).map(|(piece, id)| {
        let id = id.unwrap_or_else(|| fresh_id(&piece, &mut used, &mut seen));
        Block { id, tag: piece.tag, html: piece.html }
    });
    identified.collect()
}

/// Eight letters from the content; the next eight if they are taken, and so on. `seen` remembers where a piece that is
/// repeated goes on, or thousands of them would each try all that were taken by those before.
fn fresh_id(piece: &Piece, used: &mut HashSet<String>, seen: &mut HashMap<Digest, u32>) -> String {
    let content = |occurrence: u32| {
        Digest::of(format!("{}\n{occurrence}\n{}", piece.tag, piece.html.as_str()).as_bytes())
    };
    let occurrence = seen.entry(content(0)).or_insert(0);
    loop {
        let digest = content(*occurrence);
        let id = data_encoding::BASE32_NOPAD.encode(&digest.bytes()[..5]).to_lowercase();
        *occurrence += 1;
        if used.insert(id.clone()) {
            return id;
        }
    }
}

/// Ids of `old` for pieces that are equal, that moved, or that stand in the same place and are alike.
fn kept_ids(pieces: &[Piece], old: &[Block]) -> Vec<Option<String>> {
    let mut ids: Vec<Option<String>> = vec![None; pieces.len()];
    if old.is_empty() {
        return ids;
    }
    let before: Vec<&str> = old.iter().map(|block| block.html.as_str().trim()).collect();
    let after: Vec<&str> = pieces.iter().map(|piece| piece.html.as_str().trim()).collect();
    let steps = capture_diff_slices(Algorithm::Myers, &before, &after);
    let mut left: Vec<bool> = vec![true; old.len()];
    for step in &steps {
        if let DiffOp::Equal { old_index, new_index, len } = *step {
            for offset in 0..len {
                ids[new_index + offset] = Some(old[old_index + offset].id.clone());
                left[old_index + offset] = false;
            }
        }
    }
    let mut moved: HashMap<&str, Vec<usize>> = HashMap::new();
    for at in (0..old.len()).rev().filter(|at| left[*at]) {
        moved.entry(before[at]).or_default().push(at);
    }
    for (id, text) in ids.iter_mut().zip(&after).filter(|(id, _)| id.is_none()) {
        if let Some(at) = moved.get_mut(text).and_then(Vec::pop) {
            *id = Some(old[at].id.clone());
            left[at] = false;
        }
    }
    for step in &steps {
        if let DiffOp::Replace { old_index, old_len, new_index, new_len } = *step {
            let mut from = old_index;
            for at in new_index..new_index + new_len {
                if ids[at].is_some() {
                    continue;
                }
                let sole = old_len == 1 && new_len == 1;
                let like = (from..old_index + old_len)
                    .filter(|candidate| left[*candidate] && old[*candidate].tag == pieces[at].tag)
                    .take(NEIGHBOURS)
                    .find(|candidate| sole || likeness(before[*candidate], after[at]) >= ALIKE);
                if let Some(found) = like {
                    ids[at] = Some(old[found].id.clone());
                    left[found] = false;
                    from = found + 1;
                }
            }
        }
    }
    ids
}

fn likeness(before: &str, after: &str) -> f32 {
    similar::TextDiff::from_words(before, after).ratio()
}

/// Gives pieces without an id the id of the source's block that stands at the same place of the same sequence of elements.
fn align(pieces: &[Piece], ids: &mut [Option<String>], source: &[Block]) {
    let kept: HashSet<String> = ids.iter().flatten().cloned().collect();
    // A block that both already share is an anchor; one that only the translation has matches nothing.
    let theirs: Vec<String> = source
        .iter()
        .map(|block| if kept.contains(&block.id) { format!("#{}", block.id) } else { block.tag.clone() })
        .collect();
    let ours: Vec<String> = pieces
        .iter()
        .zip(ids.iter())
        .map(|(piece, id)| id.as_ref().map_or_else(|| piece.tag.clone(), |id| format!("#{id}")))
        .collect();
    for step in capture_diff_slices(Algorithm::Myers, &theirs, &ours) {
        if let DiffOp::Equal { old_index, new_index, len } = step {
            for offset in 0..len {
                ids[new_index + offset].get_or_insert_with(|| source[old_index + offset].id.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn blocks(html: &str, old: &[Block], source: &[Block]) -> Vec<Block> {
        identify(split(&CleanHtml::parse(html)).1, old, source)
    }

    fn ids(blocks: &[Block]) -> Vec<&str> {
        blocks.iter().map(|block| block.id.as_str()).collect()
    }

    #[test]
    fn a_block_keeps_its_id_when_it_is_changed_or_moved() {
        let old = blocks(
            "<p>one two three four</p><h2>a</h2><p>&nbsp;</p><p>&nbsp;</p><ul><li>x</li></ul>",
            &[],
            &[],
        );
        assert_eq!(ids(&old).len(), ids(&old).iter().collect::<HashSet<_>>().len());
        let new = blocks(
            "<h2>a</h2><p>new words</p><p>&nbsp;</p><p>&nbsp;</p><ul><li>x</li></ul><p>one two three four</p>",
            &old,
            &[],
        );
        let (old_ids, new_ids) = (ids(&old), ids(&new));
        assert_eq!(new_ids[0], old_ids[1]);
        assert_eq!(new_ids[2..5], old_ids[2..5]);
        assert_eq!(new_ids[5], old_ids[0]);
        assert!(!old_ids.contains(&new_ids[1]));
        let changed = blocks("<p>one two three five</p><h2>a</h2>", &old, &[]);
        assert_eq!(ids(&changed), old_ids[..2]);
    }

    #[test]
    fn a_translation_shares_the_ids_of_its_source_where_both_run_alike() {
        let source = blocks("<h2>Eins</h2><p>a</p><p>b</p><ul><li>c</li></ul>", &[], &[]);
        let translation =
            blocks("<h2>One</h2><p>a</p><p>&nbsp;</p><p>x</p><ul><li>z</li></ul>", &[], &source);
        assert_eq!(translation[0].id, source[0].id);
        assert_eq!(translation[4].id, source[3].id);
        let again =
            blocks("<h2>One!</h2><p>a</p><p>&nbsp;</p><p>x</p><ul><li>z</li></ul>", &translation, &source);
        assert_eq!(ids(&again), ids(&translation));
        assert_eq!(ids(&translation).iter().collect::<HashSet<_>>().len(), 5);
    }

    proptest! {
        #[test]
        fn ids_are_unique_and_blocks_keep_the_text(
            old in proptest::collection::vec("(<p>[ab]{1,2}</p>|<h2>[ab]</h2>| ?[ab] )", 0..8),
            new in proptest::collection::vec("(<p>[ab]{1,2}</p>|<h2>[ab]</h2>| ?[ab] )", 0..8),
            source in proptest::collection::vec("(<p>[ab]{1,2}</p>|<h2>[ab]</h2>)", 0..8),
        ) {
            let source = blocks(&source.concat(), &[], &[]);
            let old = blocks(&old.concat(), &[], &source);
            let clean = CleanHtml::parse(&new.concat());
            let new = blocks(clean.as_str(), &old, &source);
            prop_assert_eq!(ids(&new).iter().collect::<HashSet<_>>().len(), new.len());
            prop_assert_eq!(CleanHtml::joined(new.iter().map(|block| &block.html)), clean);
            let again = identify(new.iter().map(|b| Piece { tag: b.tag.clone(), html: b.html.clone() }).collect(), &new, &source);
            prop_assert_eq!(again, new);
        }
    }
}
