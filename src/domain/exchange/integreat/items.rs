//! Makes pages of answers: joins the languages of each page, finds its place, and cleans its texts. Pure: nothing is read or written.

use super::answers::{Answers, PageAnswer, Told};
use super::cards::answers::CardAnswers;
use super::description::{self, Description};
use super::error::ImportError;
use super::links::Links;
use super::named::Named;
use super::report::{PageNotes, Report};
use super::tongues::{Tongue, tongues};
use super::tree::{joined, placed};
use crate::base::html::{CleanHtml, Token, losses};
use crate::base::language::LanguageTag;
use crate::base::moment::Moment;
use crate::base::slug::Slug;
use std::collections::{BTreeSet, HashSet};

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
    /// What is said of the region, and what the operator decided of it.
    pub(super) told: Description,
    pub(super) decided: Description,
    /// Those that were delivered, the default language first.
    pub(super) languages: Vec<Tongue>,
    /// Parents before children, siblings in their order.
    pub(super) items: Vec<Item>,
    pub(super) cards: CardAnswers,
    /// Of what not everything was heard.
    pub(super) gaps: BTreeSet<Told>,
    pub(super) hosts: HashSet<String>,
    pub(super) report: Report,
}

impl Prepared {
    /// The languages in which there is any page.
    pub(super) fn tongues_heard(&self) -> impl Iterator<Item = &LanguageTag> {
        let texts = self.items.iter().flat_map(|item| &item.texts);
        texts.filter_map(|text| Some(&self.languages.get(text.language)?.tag))
    }
}

/// A page in all its languages.
pub(super) struct Item {
    /// Integreat's lasting number, told only of pages that have children.
    pub number: Option<i64>,
    /// Index of the page above.
    pub parent: Option<usize>,
    pub order: i64,
    pub icon: Option<String>,
    pub named: Named,
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
    pub parent_path: Option<String>,
    pub parent_number: Option<i64>,
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
    let (cards, mut gaps) = (std::mem::take(&mut answers.cards), std::mem::take(&mut answers.gaps));
    // Pages name organisations and offers too, and not all that there are.
    let is_silent = cards.locations.iter().all(|(_, places)| places.is_empty());
    gaps.extend(is_silent.then_some(Told::Place));
    gaps.extend(cards.offers.is_empty().then_some(Told::Offer));
    let (told, decided) = (description::told(&answers), description::decided(options));
    report.languages = languages.iter().map(|tongue| tongue.tag.as_str().to_owned()).collect();
    report.pages = items.len();
    report.texts = items.iter().map(|item| item.texts.len()).sum();
    Ok(Prepared { slug: options.region.clone(), told, decided, languages, items, cards, gaps, hosts, report })
}

fn item(members: Vec<(usize, PageAnswer)>, report: &mut Report) -> Item {
    let order = members.first().map_or(0, |(_, page)| page.order);
    let icon = members.iter().find_map(|(_, page)| page.thumbnail.clone());
    let named = Named::of(&members.iter().map(|(_, page)| page).collect::<Vec<_>>(), &mut report.notes);
    let texts = members.into_iter().filter_map(|(language, page)| entry(language, page, report)).collect();
    Item { number: None, parent: None, order, icon, named, texts }
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

pub(super) fn trimmed(path: &str) -> &str {
    path.trim_matches('/')
}
