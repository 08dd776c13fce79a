//! The languages of an import: which were delivered, what they are called, and which one the others are translated from.

use super::answers::{Answers, LanguageAnswer};
use super::error::ImportError;
use super::items::Options;
use super::report::Report;
use crate::base::language::LanguageTag;
use std::collections::BTreeMap;

/// A language as Integreat calls it and as we do.
#[derive(Clone, Debug)]
pub(super) struct Tongue {
    pub code: String,
    pub tag: LanguageTag,
    pub native_name: String,
}

/// Those that were delivered, the default language first; the others are noted.
/// # Errors: the wished default language is not among them, or a language has no tag.
pub(super) fn tongues(
    answers: &Answers,
    options: &Options,
    report: &mut Report,
) -> Result<Vec<Tongue>, ImportError> {
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
    let missing: Vec<String> =
        missing.iter().map(|(code, count)| format!("{code} (on {count} pages)")).collect();
    if !missing.is_empty() {
        report.notes.push(format!("languages that are named but were not delivered: {}", missing.join(", ")));
    }
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
