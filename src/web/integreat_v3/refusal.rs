//! What this API refuses, in Integreat's own words where it has some.

use crate::base::error::{Kind, Told};

#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    #[error("No Region matches the given query.")]
    UnknownRegion,
    #[error("No language matches the given query.")]
    UnknownLanguage,
    #[error("Either the id or the url parameter is required.")]
    NothingNamed,
    #[error("No Page matches the given query.")]
    UnknownId,
    #[error("No matching page translation found for url.")]
    UnknownUrl,
    #[error("No Page matches the given url or id.")]
    NotPublicHere,
    #[error("The {parameter} parameter must be a whole number, not {value:?}.")]
    NotANumber { parameter: &'static str, value: String },
    #[error("Invalid truth value {value}")]
    NoTruth { value: String },
    #[error("Invalid news id.")]
    NewsId,
    #[error("No matching news source was found.")]
    NewsSource,
    #[error("Push Notification not found in this region with this language.")]
    UnknownNews,
    #[error("The imprint does not exist in this region for the selected language.")]
    NoImprint,
    #[error("an answer could not be written as JSON")]
    Unwritable(#[from] serde_json::Error),
}

impl Told for Refusal {
    fn kind(&self) -> Kind {
        match self {
            Refusal::NothingNamed | Refusal::NotANumber { .. } | Refusal::NoTruth { .. } => Kind::Invalid,
            Refusal::UnknownRegion
            | Refusal::UnknownLanguage
            | Refusal::UnknownId
            | Refusal::UnknownUrl
            | Refusal::NotPublicHere
            | Refusal::NewsId
            | Refusal::NewsSource
            | Refusal::UnknownNews
            | Refusal::NoImprint => Kind::NotFound,
            Refusal::Unwritable(_) => Kind::Broken,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Refusal::UnknownRegion => "unknown-region",
            Refusal::UnknownLanguage => "unknown-language",
            Refusal::NothingNamed => "nothing-named",
            Refusal::UnknownId => "unknown-id",
            Refusal::UnknownUrl => "unknown-url",
            Refusal::NotPublicHere => "not-public-here",
            Refusal::NotANumber { .. } => "not-a-number",
            Refusal::NoTruth { .. } => "no-truth-value",
            Refusal::NewsId => "news-id",
            Refusal::NewsSource => "news-source",
            Refusal::UnknownNews => "unknown-news",
            Refusal::NoImprint => "no-imprint",
            Refusal::Unwritable(_) => "unwritable-answer",
        }
    }
}
