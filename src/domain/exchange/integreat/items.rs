//! Makes pages of answers: joins the languages of each page, finds its place, and cleans its texts. Pure: nothing is read or written.

use super::answers::{Answers, LanguageAnswer, PageAnswer};
use super::error::ImportError;
use super::links::Links;
use super::report::{PageNotes, Report};
use crate::base::html::{CleanHtml, Token, losses};
use crate::base::language::LanguageTag;
use crate::base::moment::Moment;
use crate::base::slug::Slug;
use crate::domain::content::published::RegionSettings;
use std::collections::{BTreeMap, HashMap, HashSet};

/// What an operator may decide about an import; what is left open follows from the answers.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The region's slug, at its origin and here.
    pub region: String,
    pub name: Option<String>,
    /// Integreat's code of the language all others are translated from.
    pub default_language: Option<String>,
    /// SPDX identifier.
    pub licence: Option<String>,
    /// Whom to name when the region's texts are reused.
    pub attribution: Option<String>,
}

/// A region that is ready to be imported.
pub struct Prepared {
    pub(super) slug: String,
    pub(super) name: String,
    pub(super) settings: RegionSettings,
    /// Those that were delivered, the default language first.
    pub(super) languages: Vec<Tongue>,
    /// Parents before children, siblings in their order.
    pub(super) items: Vec<Item>,
    pub(super) hosts: HashSet<String>,
    pub(super) report: Report,
}

/// A language as Integreat calls it and as we do.
#[derive(Clone, Debug)]
pub(super) struct Tongue {
    pub code: String,
    pub tag: LanguageTag,
    pub native_name: String,
}

/// A page in all its languages.
pub(super) struct Item {
    /// Integreat's lasting number, told only of pages that have children.
    pub number: Option<i64>,
    /// Index of the page above.
    pub parent: Option<usize>,
    pub order: i64,
    pub icon: Option<String>,
    /// In the order of the languages.
    pub texts: Vec<Entry>,
}

/// A page in one language.
pub(super) struct Entry {
    /// Index into [`Prepared::languages`].
    pub language: usize,
    pub path: String,
    pub slug: Slug,
    pub former: Vec<Slug>,
    pub title: String,
    /// Clean, its links as they were written.
    pub html: CleanHtml,
    pub updated_at: Moment,
    pub notes: PageNotes,
    parent_path: Option<String>,
    parent_number: Option<i64>,
}

/// Joins and cleans what was answered. # Errors: the default language is not among the answers, or a language has no tag.
pub fn prepare(mut answers: Answers, options: &Options) -> Result<Prepared, ImportError> {
    let mut report = Report { region: options.region.clone(), ..Report::default() };
    report.notes.append(&mut answers.defects);
    let languages = tongues(&answers, options, &mut report)?;
    let delivered = std::mem::take(&mut answers.pages);
    let mut pages: Vec<(usize, PageAnswer)> = Vec::new();
    for (code, answered) in delivered {
        let language = languages.iter().position(|tongue| tongue.code == code);
        pages
            .extend(language.into_iter().flat_map(|at| answered.iter().cloned().map(move |page| (at, page))));
    }
    pages.sort_by_key(|(language, _)| *language);
    let hosts = Links::hosts(pages.iter().map(|(_, page)| page.url.as_str()));
    let groups = joined(&pages, &languages, &mut report);
    let mut items: Vec<Item> = Vec::with_capacity(groups.len());
    let mut pages: Vec<Option<(usize, PageAnswer)>> = pages.into_iter().map(Some).collect();
    for group in groups {
        let members: Vec<_> = group.into_iter().filter_map(|at| pages[at].take()).collect();
        items.push(item(members, &mut report));
    }
    let items = placed(items);
    let (name, settings) = self_description(&answers, options);
    report.languages = languages.iter().map(|tongue| tongue.tag.as_str().to_owned()).collect();
    report.pages = items.len();
    report.texts = items.iter().map(|item| item.texts.len()).sum();
    Ok(Prepared { slug: options.region.clone(), name, settings, languages, items, hosts, report })
}

fn tongues(answers: &Answers, options: &Options, report: &mut Report) -> Result<Vec<Tongue>, ImportError> {
    let told: Vec<&LanguageAnswer> =
        answers.languages.iter().chain(answers.region.iter().flat_map(|region| &region.languages)).collect();
    let mut codes: Vec<&str> = answers.pages.iter().map(|(code, _)| code.as_str()).collect();
    let place = |code: &str| told.iter().position(|language| language.code == code).unwrap_or(usize::MAX);
    codes.sort_by_key(|code| place(code));
    let first_told = told.first().map(|language| language.code.as_str());
    let default = options.default_language.as_deref().or(first_told).unwrap_or("de");
    match codes.iter().position(|code| *code == default) {
        Some(at) => codes[..=at].rotate_right(1),
        None if options.default_language.is_some() => {
            let (language, known) = (default.to_owned(), codes.join(", "));
            return Err(ImportError::UnknownLanguage { language, known });
        }
        None => {}
    }
    let mut missing: BTreeMap<&str, usize> =
        told.iter().map(|language| (language.code.as_str(), 0)).collect();
    for page in answers.pages.iter().flat_map(|(_, pages)| pages) {
        for code in page.available_languages.keys() {
            *missing.entry(code).or_default() += 1;
        }
    }
    missing.retain(|code, _| !codes.contains(code));
    report.notes.extend(missing.iter().map(|(code, count)| {
        format!("the language {code} is named on {count} pages, but was not delivered")
    }));
    codes
        .into_iter()
        .map(|code| tongue(code, told.iter().find(|language| language.code == code).copied()))
        .collect()
}

fn tongue(code: &str, told: Option<&LanguageAnswer>) -> Result<Tongue, ImportError> {
    // Integreat's own codes for easy language look like countries.
    let usual = match code {
        "de-si" => "de-DE-x-simple",
        code => code,
    };
    let tag = told.and_then(|told| told.bcp47_tag.as_deref()).and_then(|tag| tag.parse().ok());
    let tag = tag.or_else(|| usual.parse::<LanguageTag>().ok());
    let garbled = || ImportError::Garbled {
        place: format!("the language {code:?}"),
        why: "it has no BCP 47 tag that can be read".to_owned(),
    };
    let tag = tag.ok_or_else(garbled)?;
    let native_name =
        told.and_then(|told| told.native_name.clone()).unwrap_or_else(|| native_name(code).to_owned());
    Ok(Tongue { code: code.to_owned(), tag, native_name })
}

/// For recordings without a list of languages; these are Integreat's usual ones.
fn native_name(code: &str) -> &str {
    const NAMES: [(&str, &str); 28] = [
        ("am", "አማርኛ"),
        ("ar", "العربية"),
        ("bg", "Български"),
        ("ckb", "کوردی"),
        ("de", "Deutsch"),
        ("de-si", "Einfaches Deutsch"),
        ("el", "Ελληνικά"),
        ("en", "English"),
        ("es", "Español"),
        ("fa", "فارسی"),
        ("fr", "Français"),
        ("hr", "Hrvatski"),
        ("hu", "Magyar"),
        ("it", "Italiano"),
        ("ka", "ქართული"),
        ("kmr", "Kurmancî"),
        ("mk", "Македонски"),
        ("pl", "Polski"),
        ("pt", "Português"),
        ("ro", "Română"),
        ("ru", "Русский"),
        ("so", "Soomaali"),
        ("sq", "Shqip"),
        ("ti", "ትግርኛ"),
        ("tr", "Türkçe"),
        ("uk", "Українська"),
        ("vi", "Tiếng Việt"),
        ("zh-CN", "简体中文"),
    ];
    NAMES.iter().find(|(known, _)| *known == code).map_or(code, |(_, name)| name)
}

/// Groups of indices that are the same page in different languages, as `available_languages` says.
fn joined(pages: &[(usize, PageAnswer)], languages: &[Tongue], report: &mut Report) -> Vec<Vec<usize>> {
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

fn item(members: Vec<(usize, PageAnswer)>, report: &mut Report) -> Item {
    let order = members.first().map_or(0, |(_, page)| page.order);
    let icon = members.iter().find_map(|(_, page)| page.thumbnail.clone());
    let texts = members.into_iter().filter_map(|(language, page)| entry(language, page, report)).collect();
    Item { number: None, parent: None, order, icon, texts }
}

fn entry(language: usize, page: PageAnswer, report: &mut Report) -> Option<Entry> {
    let segment = trimmed(&page.path).rsplit('/').next().unwrap_or("");
    let slug = Slug::from_foreign(segment).or_else(|| Slug::from_title(&page.title));
    let Some(slug) = slug else {
        report.notes.push(format!("{:?} has neither an address nor a title and was left out", page.path));
        return None;
    };
    let html = CleanHtml::parse(&page.content);
    let mut notes = Vec::new();
    if slug.as_str() != segment {
        notes.push(format!("its address {segment:?} was changed to {slug}"));
    }
    if is_placeholder(&page, &html) {
        notes.push(
            "Integreat's automatic note that the page does not exist in this language; kept as text"
                .to_owned(),
        );
    }
    let updated_at = page.last_updated.or(page.modified_gmt);
    if updated_at.is_none() {
        notes.push("it has no date; 1970 was taken".to_owned());
    }
    let notes = PageNotes {
        path: page.path.clone(),
        title: page.title.clone(),
        notes,
        sanitised: losses(&page.content, &html),
    };
    let former =
        page.slug_history.iter().filter_map(|slug| Slug::from_foreign(slug)).filter(|former| *former != slug);
    let (parent_number, parent_path) = page.parent.map_or((None, None), |parent| (parent.id, parent.path));
    Some(Entry {
        language,
        former: former.collect(),
        slug,
        path: page.path,
        title: page.title,
        html,
        updated_at: updated_at.unwrap_or(Moment::from_micros(0)),
        notes,
        parent_path,
        parent_number: parent_number.filter(|number| *number > 0),
    })
}

/// Whether the text is only a list of links to the page in other languages (reference §3.8).
fn is_placeholder(page: &PageAnswer, html: &CleanHtml) -> bool {
    let others: HashSet<String> =
        page.available_languages.values().map(|other| trimmed(&other.path).to_lowercase()).collect();
    let mut links = 0;
    for token in html.tokens() {
        let Token::Open(tag) = token else { continue };
        match tag.name() {
            "p" | "ul" | "li" => {}
            "a" => {
                let href = tag.attribute("href").unwrap_or_default();
                let decoded =
                    percent_encoding::percent_decode_str(trimmed(&href)).decode_utf8_lossy().to_lowercase();
                if !others.iter().any(|other| decoded.ends_with(other)) {
                    return false;
                }
                links += 1;
            }
            _ => return false,
        }
    }
    links > 0
}

/// Finds each page's parent and puts the pages in preorder.
fn placed(mut items: Vec<Item>) -> Vec<Item> {
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
    loop {
        // What is left when nothing waits stands below itself; its first page is put at the top.
        let Some(at) = waiting.pop().or_else(|| (unseen..items.len()).find(|at| new_place[*at].is_none()))
        else {
            break;
        };
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

fn self_description(answers: &Answers, options: &Options) -> (String, RegionSettings) {
    let mut settings = RegionSettings::default();
    let told = answers.region.as_ref();
    if let Some(region) = told {
        settings.prefix = region.prefix.clone().unwrap_or_default();
        settings.name_without_prefix = region.name_without_prefix.clone().unwrap_or_default();
        settings.postcode = region.plz.clone().unwrap_or_default();
        settings.centre =
            region.longitude.zip(region.latitude).map(|(longitude, latitude)| [longitude, latitude]);
        settings.bounding_box = region.bounding_box;
        let point =
            |(name, at): (&String, &super::answers::Point)| (name.clone(), [at.longitude, at.latitude]);
        settings.aliases = region.aliases.iter().map(point).collect();
        settings.listed = region.live;
    }
    if let Some(licence) = &options.licence {
        settings.licence.clone_from(licence);
    }
    settings.attribution = options.attribution.clone().unwrap_or_default();
    let name = options.name.clone().or_else(|| told.map(|region| region.name.clone()));
    (name.unwrap_or_else(|| options.region.clone()), settings)
}

pub(super) fn trimmed(path: &str) -> &str {
    path.trim_matches('/')
}
