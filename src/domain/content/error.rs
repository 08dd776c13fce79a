//! What can be wrong with content, told by the thing.

use super::item::DEEPEST;
use crate::base::digest::Digest;
use crate::base::error::{Kind, Told};
use crate::base::id::{ItemId, ObjectId};
use crate::base::language::LanguageTag;
use crate::base::moment::Moment;
use crate::platform::db::DbError;

#[derive(Debug, thiserror::Error)]
pub enum ContentError {
    #[error("{slug:?} cannot be a region's address: use 1 to 63 of a-z, 0-9, - and _, and no reserved word")]
    RegionSlug { slug: String },
    #[error("{licence:?} is not a licence; expected an SPDX identifier such as CC-BY-4.0 or DL-DE-BY-2.0")]
    Licence { licence: String },
    #[error(
        "places are longitude and latitude in degrees, a box its south-west and then its north-east corner"
    )]
    Position,
    #[error("{key:?} is not an official key; expected a scheme and a key in it, such as DE-ARS:097720000000")]
    OfficialKey { key: String },
    #[error("whom to name is told in one line of at most {most} bytes")]
    Attribution { most: usize },
    #[error("{given} terms of one sort; an item has at most {most}")]
    ManyTerms { given: usize, most: usize },
    #[error("there is no term {term:?} in the vocabulary; known are: {known}")]
    UnknownTerm { term: String, known: String },
    #[error("{term:?} is a term of the other sort: topics and audiences are told apart")]
    TermOfOtherSort { term: String },
    #[error("{word:?} cannot be a term's word: use 1 to 40 of a-z, 0-9 and -, and no UUID")]
    TermWord { word: String },
    #[error("the word {word:?} belongs to the term {id}; choose another, or remove that one first")]
    TermTaken { word: String, id: String },
    #[error("an audience is known by its word and has no id of its own")]
    AudienceId,
    #[error("news have a title of at most {title} characters and a text of at most {text}, neither empty")]
    NewsText { title: usize, text: usize },
    #[error("news are told in at least one region and one language, each named once")]
    NewsNowhere,
    #[error("the region {region:?} has none of the languages of the news")]
    NewsUnread { region: String },
    #[error("news end after they begin and after now: {until} does not")]
    NewsOver { until: Moment },
    #[error("{item} would be public before its time: news for later are told with `lotse news add --at`")]
    NewsToCome { item: ItemId },
    #[error("{item} is not news of ours")]
    NoNews { item: ItemId },
    #[error("a region needs a name")]
    RegionName,
    #[error("{zone:?} is not a time zone; expected an IANA name such as Europe/Berlin")]
    TimeZone { zone: String },
    #[error("there is already a region {slug:?}")]
    RegionTaken { slug: String },
    #[error("there is no region {slug:?}; known are: {known}")]
    UnknownRegion { slug: String, known: String },
    #[error("the address part {slug:?} already belongs to the language {other}")]
    LanguageSlug { slug: String, other: LanguageTag },
    #[error(
        "{language} cannot be translated from {source_language}: not a language of the region, or a circle"
    )]
    LanguageSource { language: LanguageTag, source_language: LanguageTag },
    #[error("the region has no language {language}; add it first")]
    UnknownLanguage { language: LanguageTag },
    #[error("there is no page or other item {item}")]
    UnknownItem { item: ItemId },
    #[error("{item} is mirrored from another node and cannot be edited here; its origin corrects it")]
    Mirrored { item: ItemId },
    #[error("the region is archived; restore it first")]
    RegionArchived,
    #[error("the region {slug} is shown as another node publishes it; nothing of it is changed here")]
    MirroredRegion { slug: String },
    #[error("{item} is archived; restore it before anything new is shown there")]
    Archived { item: ItemId },
    #[error("{item} is a {kind}, and what was given are not the facts of one")]
    OtherFacts { item: ItemId, kind: &'static str },
    #[error("{item} has a {what} that is too long: at most {most} bytes are read")]
    LongFacts { item: ItemId, what: &'static str, most: usize },
    #[error("{item} has no public text in {language}")]
    NotPublic { item: ItemId, language: LanguageTag },
    #[error("page {page} points to at most {most} offers, each once")]
    Offers { page: ItemId, most: usize },
    #[error("the region has no {kind} {word:?}; known are: {known}")]
    UnknownWord { kind: &'static str, word: String, known: String },
    #[error("{item} names {named}, and its region has no {expected} of that id")]
    Named { item: ItemId, named: ObjectId, expected: String },
    #[error("page {page} cannot stand below {parent}: that is the page itself or one below it")]
    Circle { page: ItemId, parent: ItemId },
    #[error(
        "page {page} would stand too deep: a tree has at most {DEEPEST} levels; choose a place higher up"
    )]
    TooDeep { page: ItemId },
    #[error("page {page} and {parent} are of different regions")]
    OtherRegion { page: ItemId, parent: ItemId },
    #[error("page {page} cannot stand beside {sibling}, which does not stand there")]
    NotThere { page: ItemId, sibling: ItemId },
    #[error(
        "{language} cannot be translated from revision {rev} in {source_language}; that language must be another one of \
         the region, and its newest revision is {newest}"
    )]
    Source { language: LanguageTag, source_language: LanguageTag, rev: i64, newest: i64 },
    #[error("{item} has no medium {sha256}, nor has the library; upload it first")]
    UnknownMedium { item: ItemId, sha256: Digest },
    #[error("{item} in {language}: {why}")]
    Body { item: ItemId, language: LanguageTag, why: String },
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Told for ContentError {
    fn kind(&self) -> Kind {
        match self {
            ContentError::RegionTaken { .. } | ContentError::LanguageSlug { .. } => Kind::Conflict,
            ContentError::RegionArchived => Kind::Conflict,
            ContentError::Archived { .. } | ContentError::TermTaken { .. } => Kind::Conflict,
            ContentError::UnknownRegion { .. } | ContentError::UnknownItem { .. } => Kind::NotFound,
            ContentError::UnknownTerm { .. } | ContentError::NoNews { .. } => Kind::NotFound,
            ContentError::NotPublic { .. } | ContentError::UnknownWord { .. } => Kind::NotFound,
            ContentError::Mirrored { .. } | ContentError::MirroredRegion { .. } => Kind::Forbidden,
            ContentError::Db(DbError::Unreachable(_)) => Kind::Busy,
            ContentError::Db(_) => Kind::Broken,
            _ => Kind::Invalid,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            ContentError::RegionSlug { .. } => "region-slug",
            ContentError::RegionTaken { .. } => "region-taken",
            ContentError::Licence { .. } => "licence",
            ContentError::Position => "position",
            ContentError::OfficialKey { .. } => "official-key",
            ContentError::Attribution { .. } => "attribution",
            ContentError::ManyTerms { .. } => "many-terms",
            ContentError::UnknownTerm { .. } => "unknown-term",
            ContentError::TermOfOtherSort { .. } => "term-of-other-sort",
            ContentError::TermWord { .. } => "term-word",
            ContentError::TermTaken { .. } => "term-taken",
            ContentError::AudienceId => "audience-id",
            ContentError::NewsText { .. } => "news-text",
            ContentError::NewsNowhere => "news-nowhere",
            ContentError::NewsUnread { .. } => "news-unread",
            ContentError::NewsOver { .. } => "news-over",
            ContentError::NewsToCome { .. } => "news-to-come",
            ContentError::NoNews { .. } => "no-news",
            ContentError::RegionName => "region-name",
            ContentError::TimeZone { .. } => "time-zone",
            ContentError::UnknownRegion { .. } => "unknown-region",
            ContentError::LanguageSlug { .. } => "language-slug",
            ContentError::LanguageSource { .. } => "language-source",
            ContentError::UnknownLanguage { .. } => "unknown-language",
            ContentError::UnknownItem { .. } => "unknown-item",
            ContentError::Mirrored { .. } => "mirrored-item",
            ContentError::MirroredRegion { .. } => "mirrored-region",
            ContentError::Archived { .. } => "archived-item",
            ContentError::RegionArchived => "archived-region",
            ContentError::Circle { .. } => "page-circle",
            ContentError::TooDeep { .. } => "page-too-deep",
            ContentError::OtherFacts { .. } => "other-facts",
            ContentError::LongFacts { .. } => "long-facts",
            ContentError::NotPublic { .. } => "not-public",
            ContentError::Offers { .. } => "page-offers",
            ContentError::UnknownWord { .. } => "unknown-word",
            ContentError::Named { .. } => "unknown-named",
            ContentError::OtherRegion { .. } => "other-region",
            ContentError::NotThere { .. } => "no-sibling",
            ContentError::Source { .. } => "translation-source",
            ContentError::UnknownMedium { .. } => "unknown-medium",
            ContentError::Body { .. } => "body",
            ContentError::Db(_) => "database",
        }
    }
}
