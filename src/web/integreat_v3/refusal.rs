//! What this API refuses, in Integreat's own words where it has some.

use crate::base::error::{Kind, Told};
use crate::domain::upkeep::UpkeepError;
use crate::web::letterbox::form::FormError;

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
    #[error("No language found with slug \"{slug}\"")]
    NoLanguageWithSlug { slug: String },
    #[error("Invalid rating.")]
    Rating,
    #[error("Either comment or rating is required.")]
    NothingSaid,
    #[error("Search query is required.")]
    NoQuery,
    #[error("Link is required.")]
    NoLink,
    #[error("No matching page found for slug.")]
    NoPageForSlug,
    #[error("No matching location found for slug.")]
    NoLocationForSlug,
    #[error("No matching event found for slug.")]
    NoEventForSlug,
    #[error("No OfferTemplate matches the given query.")]
    NoOffer,
    #[error("There are no pages to print in this language.")]
    NothingToPrint,
    #[error(transparent)]
    Form(#[from] FormError),
    #[error("This cannot be taken: {0}.")]
    Feedback(UpkeepError),
    #[error("an answer could not be written as JSON")]
    Unwritable(#[from] serde_json::Error),
}

impl From<UpkeepError> for Refusal {
    fn from(error: UpkeepError) -> Refusal {
        match error {
            UpkeepError::NothingSaid => Refusal::NothingSaid,
            UpkeepError::NoQuery => Refusal::NoQuery,
            other => Refusal::Feedback(other),
        }
    }
}

impl Told for Refusal {
    fn kind(&self) -> Kind {
        match self {
            Refusal::NothingNamed
            | Refusal::NotANumber { .. }
            | Refusal::NoTruth { .. }
            | Refusal::Rating
            | Refusal::NothingSaid
            | Refusal::NoQuery
            | Refusal::NoLink
            | Refusal::NothingToPrint => Kind::Invalid,
            Refusal::UnknownRegion
            | Refusal::UnknownLanguage
            | Refusal::UnknownId
            | Refusal::UnknownUrl
            | Refusal::NotPublicHere
            | Refusal::NewsId
            | Refusal::NewsSource
            | Refusal::UnknownNews
            | Refusal::NoImprint
            | Refusal::NoLanguageWithSlug { .. }
            | Refusal::NoPageForSlug
            | Refusal::NoLocationForSlug
            | Refusal::NoEventForSlug
            | Refusal::NoOffer => Kind::NotFound,
            Refusal::Form(error) => error.kind(),
            Refusal::Feedback(error) => error.kind(),
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
            Refusal::NoLanguageWithSlug { .. } => "no-language-with-slug",
            Refusal::Rating => "rating",
            Refusal::NothingSaid => "nothing-said",
            Refusal::NoQuery => "no-query",
            Refusal::NoLink => "no-link",
            Refusal::NoPageForSlug => "no-page-for-slug",
            Refusal::NoLocationForSlug => "no-location-for-slug",
            Refusal::NoEventForSlug => "no-event-for-slug",
            Refusal::NoOffer => "no-offer",
            Refusal::NothingToPrint => "nothing-to-print",
            Refusal::Form(error) => error.code(),
            Refusal::Feedback(error) => error.code(),
            Refusal::Unwritable(_) => "unwritable-answer",
        }
    }
}
