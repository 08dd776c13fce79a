//! What an earlier import brought and this one did not: withdrawn or archived, never deleted.

use super::answers::Told;
use super::error::ImportError;
use super::import::Job;
use super::memory::{Hidden, hiding};
use super::report::Report;
use super::store::Memory;
use crate::base::id::ItemId;
use crate::domain::content::kind::ObjectKind;
use crate::domain::content::{archive, store as content};
use crate::platform::db::Write;
use std::collections::{HashMap, HashSet};

const KEPT: &str = "not all pages were delivered; those that are missing stay until an import hears of all";

/// Withdraws texts and archives pages that an earlier import brought and this one did not. Only languages that
/// were delivered at all count: a recording of one language says nothing about the others.
pub(super) fn take_back(
    tx: &mut Write<'_>,
    job: &Job<'_>,
    report: &mut Report,
) -> Result<Vec<Memory>, ImportError> {
    let Job { desk, region, prepared, pages, memories } = *job;
    if prepared.gaps.contains(&Told::Page) {
        report.notes.push(KEPT.to_owned());
        return Ok(Vec::new());
    }
    let mut present: HashMap<ItemId, HashSet<usize>> = HashMap::new();
    for (item, (page, _)) in prepared.items.iter().zip(pages) {
        present.entry(*page).or_default().extend(item.texts.iter().map(|text| text.language));
    }
    let names = memories.names();
    let (mut gone, mut forgotten) = (Vec::new(), Vec::new());
    let mut known: Vec<_> = memories.pages().into_iter().collect();
    known.sort_by_key(|(page, _)| *page);
    let shown = content::items::of_kind(tx, region, ObjectKind::Page)?.into_iter();
    let shown: HashSet<ItemId> = shown.filter(|page| !page.archived).map(|page| page.id).collect();
    known.retain(|(page, _)| shown.contains(page));
    // An empty list is more likely a mishap of the other side than the end of all pages in a language.
    let delivered = |at: usize| present.values().any(|here| here.contains(&at));
    for (page, languages) in known {
        let here = present.get(&page);
        let lost = |at: usize| here.is_none_or(|here| !here.contains(&at));
        let lost: Vec<_> = prepared
            .languages
            .iter()
            .enumerate()
            .filter(|(at, tongue)| languages.contains(&tongue.tag) && delivered(*at) && lost(*at))
            .map(|(_, tongue)| &tongue.tag)
            .collect();
        if here.is_none() && lost.len() == languages.len() {
            gone.push(page);
            continue;
        }
        for language in lost {
            archive::unpublish(tx, desk, page, language)?;
            let keys = memories.keys_of(page, language);
            let name = names.get(&page).cloned().unwrap_or_default();
            report.vanished_texts.push(format!("{name} in {language}"));
            forgotten.extend(keys.into_iter().map(|key| Memory { item: key, page, sha256: String::new() }));
        }
    }
    if !gone.is_empty() {
        let archived = archive::archive(tx, desk, region, &gone)?;
        forgotten.extend(archived.iter().map(|page| hiding(page.id, Hidden::Now)));
        report.vanished_pages = archived
            .iter()
            .map(|page| names.get(&page.id).cloned().unwrap_or_else(|| page.id.to_string()))
            .collect();
    }
    Ok(forgotten)
}
