//! What a reader says of what was read: the words and their limits.

use super::error::UpkeepError;
use crate::base::id::{ItemId, RegionId};
use crate::base::language::LanguageTag;
use crate::base::moment::Moment;
use crate::domain::content::kind::ObjectKind;
use crate::domain::content::published::ItemView;

/// What the reader looked at, in the words of Integreat's apps, which are where most of it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A region's first page.
    Categories,
    Page,
    Poi,
    Event,
    /// The list of all events.
    Events,
    Imprint,
    Map,
    /// What a search found, or did not.
    Search,
    Offers,
    Offer,
}

impl Subject {
    pub const ALL: [Subject; 10] = [
        Subject::Categories,
        Subject::Page,
        Subject::Poi,
        Subject::Event,
        Subject::Events,
        Subject::Imprint,
        Subject::Map,
        Subject::Search,
        Subject::Offers,
        Subject::Offer,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Subject::Categories => "categories",
            Subject::Page => "page",
            Subject::Poi => "poi",
            Subject::Event => "event",
            Subject::Events => "events",
            Subject::Imprint => "imprint",
            Subject::Map => "map",
            Subject::Search => "search",
            Subject::Offers => "offers",
            Subject::Offer => "offer",
        }
    }

    pub fn parse(word: &str) -> Option<Subject> {
        Subject::ALL.into_iter().find(|subject| subject.as_str() == word)
    }

    /// `None`: readers meet items of this kind only inside others, or cannot say anything of them.
    pub fn of_item(kind: ObjectKind) -> Option<Subject> {
        match kind {
            ObjectKind::Page => Some(Subject::Page),
            ObjectKind::Place => Some(Subject::Poi),
            ObjectKind::Event => Some(Subject::Event),
            ObjectKind::Imprint => Some(Subject::Imprint),
            ObjectKind::Offer => Some(Subject::Offer),
            _ => None,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rating {
    Up,
    Down,
}

impl Rating {
    pub fn as_str(self) -> &'static str {
        match self {
            Rating::Up => "up",
            Rating::Down => "down",
        }
    }

    pub fn parse(word: &str) -> Option<Rating> {
        [Rating::Up, Rating::Down].into_iter().find(|rating| rating.as_str() == word)
    }
}

/// A rating, a comment, or both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opinion {
    rating: Option<Rating>,
    comment: String,
}

/// In characters. Who has more to say writes a letter.
pub const LONGEST_COMMENT: usize = 10_000;
/// In characters.
pub const LONGEST_QUERY: usize = 1_000;

impl Opinion {
    /// Blanks around the comment do not count.
    /// # Errors: [`UpkeepError::NothingSaid`], [`UpkeepError::CommentTooLong`].
    pub fn new(rating: Option<Rating>, comment: &str) -> Result<Opinion, UpkeepError> {
        let comment = readable(comment);
        let length = comment.chars().count();
        if length > LONGEST_COMMENT {
            return Err(UpkeepError::CommentTooLong { length, most: LONGEST_COMMENT });
        }
        if rating.is_none() && comment.is_empty() {
            return Err(UpkeepError::NothingSaid);
        }
        Ok(Opinion { rating, comment })
    }

    pub fn rating(&self) -> Option<Rating> {
        self.rating
    }

    /// Lines end in `\n`; empty if there is none.
    pub fn comment(&self) -> &str {
        &self.comment
    }
}

/// The words that somebody searched for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchQuery(String);

impl SearchQuery {
    /// # Errors: [`UpkeepError::NoQuery`], [`UpkeepError::QueryTooLong`].
    pub fn parse(text: &str) -> Result<SearchQuery, UpkeepError> {
        let text = readable(text);
        match text.chars().count() {
            0 => Err(UpkeepError::NoQuery),
            length if length > LONGEST_QUERY => {
                Err(UpkeepError::QueryTooLong { length, most: LONGEST_QUERY })
            }
            _ => Ok(SearchQuery(text)),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Without control characters: PostgreSQL takes no NUL, and a terminal would obey the others.
fn readable(text: &str) -> String {
    let kept = text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t'));
    kept.collect::<String>().trim().to_owned()
}

/// The text that was read. It stays known by its numbers, whatever becomes of the item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    pub item: ItemId,
    /// The number of the public revision.
    pub revision: i64,
}

impl From<&ItemView> for Seen {
    fn from(view: &ItemView) -> Seen {
        Seen { item: view.id, revision: view.revision }
    }
}

/// What is known of one feedback when it is given; there is nothing about the person in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    pub region: RegionId,
    /// In which the reader read; not always one of the region's.
    pub language: LanguageTag,
    pub subject: Subject,
    /// Set if the subject is an item.
    pub seen: Option<Seen>,
    pub opinion: Opinion,
    /// Set if the subject is a search.
    pub query: Option<SearchQuery>,
    /// Meant for those who run the software, not for those who write.
    pub technical: bool,
}

/// A feedback in the inbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feedback {
    /// Grows: newer feedback has a higher number.
    pub number: i64,
    pub given: Given,
    pub created_at: Moment,
    /// When somebody marked it as read.
    pub read_at: Option<Moment>,
}

#[cfg(test)]
mod tests {
    use super::{LONGEST_COMMENT, LONGEST_QUERY, Opinion, Rating, SearchQuery, Subject};
    use crate::domain::upkeep::UpkeepError;

    #[test]
    fn an_opinion_is_a_rating_a_comment_or_both() {
        assert!(Opinion::new(Some(Rating::Down), "").is_ok());
        assert!(Opinion::new(None, "Danke").is_ok());
        assert!(matches!(Opinion::new(None, " \r\n"), Err(UpkeepError::NothingSaid)));
    }

    #[test]
    fn limits_count_characters_and_not_bytes() {
        assert!(Opinion::new(None, &"ع".repeat(LONGEST_COMMENT)).is_ok());
        let long = Opinion::new(None, &"a".repeat(LONGEST_COMMENT + 1));
        assert!(matches!(long, Err(UpkeepError::CommentTooLong { length: 10_001, .. })));
        assert!(SearchQuery::parse(&"ش".repeat(LONGEST_QUERY)).is_ok());
        assert!(SearchQuery::parse(&"a".repeat(LONGEST_QUERY + 1)).is_err());
        assert!(matches!(SearchQuery::parse(" "), Err(UpkeepError::NoQuery)));
    }

    #[test]
    fn no_word_of_a_reader_commands_a_terminal() {
        let said = Opinion::new(None, "\u{1b}[2Jeins\r\nzwei\0\tdrei\n").unwrap();
        assert_eq!(said.comment(), "[2Jeins\nzwei\tdrei");
    }

    #[test]
    fn every_subject_is_read_as_it_is_written() {
        for subject in Subject::ALL {
            assert_eq!(Subject::parse(subject.as_str()), Some(subject));
        }
        assert_eq!(Subject::parse("weather"), None);
    }
}
