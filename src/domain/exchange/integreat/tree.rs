//! Puts answered pages together: the languages of one page, and pages below pages.

use super::answers::PageAnswer;
use super::items::{Entry, Item, trimmed};
use super::report::Report;
use super::tongues::Tongue;
use std::collections::{BTreeMap, HashMap};

/// Groups of indices that are the same page in different languages, as `available_languages` says.
pub(super) fn joined(
    pages: &[(usize, PageAnswer)],
    languages: &[Tongue],
    report: &mut Report,
) -> Vec<Vec<usize>> {
    let mut known: HashMap<(usize, &str), usize> = HashMap::new();
    let mut group: Vec<usize> = (0..pages.len()).collect();
    for (at, (language, page)) in pages.iter().enumerate() {
        if *known.entry((*language, trimmed(&page.path))).or_insert(at) != at {
            report.notes.push(format!("{} was delivered twice; the second one was left out", page.path));
            group[at] = usize::MAX;
        }
    }
    for (at, (own, page)) in pages.iter().enumerate() {
        if group[at] == usize::MAX {
            continue;
        }
        for (code, other) in &page.available_languages {
            let Some(language) = languages.iter().position(|tongue| tongue.code == *code) else { continue };
            match known.get(&(language, trimmed(&other.path))) {
                Some(other) if language != *own => {
                    let (from, to) = (group[at].max(group[*other]), group[at].min(group[*other]));
                    group.iter_mut().filter(|number| **number == from).for_each(|number| *number = to);
                }
                Some(_) => {}
                None => report.notes.push(format!(
                    "{} names {} as its translation, which was not delivered",
                    page.path, other.path
                )),
            }
        }
    }
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, number) in group.iter().enumerate().filter(|(_, number)| **number != usize::MAX) {
        let members = groups.entry(*number).or_default();
        // Two pages of one language that name the same translation are two pages; the first keeps the translation.
        match members.iter().any(|member| pages[*member].0 == pages[at].0) {
            false => members.push(at),
            true => {
                report
                    .notes
                    .push(format!("{} names a translation that belongs to another page", pages[at].1.path));
                groups.insert(pages.len() + at, vec![at]);
            }
        }
    }
    groups.into_values().collect()
}

/// Finds each page's parent and puts the pages in preorder.
pub(super) fn placed(mut items: Vec<Item>) -> Vec<Item> {
    let mut by_path: HashMap<(usize, String), usize> = HashMap::new();
    for (at, item) in items.iter().enumerate() {
        for text in &item.texts {
            by_path.insert((text.language, trimmed(&text.path).to_owned()), at);
        }
    }
    let above = |text: &Entry| {
        by_path.get(&(text.language, trimmed(text.parent_path.as_deref()?).to_owned())).copied()
    };
    let mut numbers: HashMap<i64, usize> = HashMap::new();
    for text in items.iter().flat_map(|item| &item.texts) {
        if let (Some(number), Some(parent)) = (text.parent_number, above(text)) {
            numbers.entry(number).or_insert(parent);
        }
    }
    let parents: Vec<Option<usize>> = items
        .iter()
        .map(|item| {
            let told = item.texts.iter().find_map(above);
            told.or_else(|| item.texts.iter().find_map(|text| numbers.get(&text.parent_number?).copied()))
        })
        .collect();
    for (number, at) in numbers {
        items[at].number = Some(number);
    }
    for (item, parent) in items.iter_mut().zip(&parents) {
        for text in item.texts.iter_mut().filter(|text| parent.is_none() && text.parent_path.is_some()) {
            let path = text.parent_path.as_deref().unwrap_or("");
            text.notes
                .notes
                .push(format!("the page above it, {path}, was not delivered; it stands at the top now"));
        }
        item.parent = *parent;
    }
    in_preorder(items)
}

fn in_preorder(items: Vec<Item>) -> Vec<Item> {
    let mut children: BTreeMap<Option<usize>, Vec<usize>> = BTreeMap::new();
    for (at, item) in items.iter().enumerate() {
        children.entry(item.parent).or_default().push(at);
    }
    for siblings in children.values_mut() {
        siblings.sort_by_key(|at| items[*at].order);
    }
    let mut waiting: Vec<usize> = children.get(&None).into_iter().flatten().rev().copied().collect();
    let mut new_place: Vec<Option<usize>> = vec![None; items.len()];
    let mut sequence = Vec::with_capacity(items.len());
    let mut unseen = 0;
    // What is left when nothing waits stands below itself; its first page is put at the top.
    let first_unseen =
        |from: usize, places: &[Option<usize>]| (from..places.len()).find(|at| places[*at].is_none());
    while let Some(at) = waiting.pop().or_else(|| first_unseen(unseen, &new_place)) {
        unseen += usize::from(at == unseen);
        if new_place[at].is_none() {
            new_place[at] = Some(sequence.len());
            sequence.push(at);
            waiting.extend(children.get(&Some(at)).into_iter().flatten().rev());
        }
    }
    let mut items: Vec<Option<Item>> = items.into_iter().map(Some).collect();
    let mut placed: Vec<Item> = Vec::with_capacity(items.len());
    for at in sequence {
        let Some(mut item) = items[at].take() else { continue };
        item.parent =
            item.parent.and_then(|parent| new_place[parent]).filter(|parent| *parent < placed.len());
        placed.push(item);
    }
    placed
}
