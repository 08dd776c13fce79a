//! A token: who holds it, and what it is for. And the secret that proves it, which is told once and never kept.

use super::error::AccessError;
use crate::base::digest::Digest;
use crate::base::id::{ItemId, RegionId};
use crate::base::moment::Moment;
use crate::platform::clock;
use data_encoding::BASE64URL_NOPAD;
use std::collections::BTreeSet;
use std::str::FromStr;

/// What a token can be for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// Making, publishing, moving, archiving and restoring items; taking media into the library and describing them.
    ContentWrite,
    /// Saying what one page says; only of tokens that are for a page, and the only one that these have.
    PageText,
}

impl Scope {
    pub const ALL: [Scope; 2] = [Scope::ContentWrite, Scope::PageText];

    pub fn as_str(self) -> &'static str {
        match self {
            Scope::ContentWrite => "content:write",
            Scope::PageText => "page:text",
        }
    }
}

impl FromStr for Scope {
    type Err = AccessError;
    fn from_str(word: &str) -> Result<Scope, AccessError> {
        let known = || Scope::ALL.map(Scope::as_str).join(", ");
        let found = Scope::ALL.into_iter().find(|scope| scope.as_str() == word);
        found.ok_or_else(|| AccessError::UnknownScope { word: word.to_owned(), known: known() })
    }
}

/// 256 bits that nobody can guess, with a word before them by which they are found where they do not belong. It has no
/// `Debug` and no `Display`: it goes to its holder and nowhere else.
pub struct Secret(String);

const MARK: &str = "lotse_";
const BYTES: usize = 32;

impl Secret {
    pub fn fresh() -> Secret {
        Secret(format!("{MARK}{}", BASE64URL_NOPAD.encode(&clock::chance::<BYTES>())))
    }

    /// `None` for what cannot be one.
    pub fn read(text: &str) -> Option<Secret> {
        let bytes = BASE64URL_NOPAD.decode(text.strip_prefix(MARK)?.as_bytes()).ok()?;
        (bytes.len() == BYTES).then(|| Secret(text.to_owned()))
    }

    /// The text that its holder sends along.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is kept of it. One SHA-256 is right for 256 bits of chance: there is nothing to try out. A token is looked
    /// up by it, so that no comparison tells by its length how near a guess came.
    pub fn digest(&self) -> Digest {
        Digest::of(self.0.as_bytes())
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// What people call it by; the secret cannot be told from it.
    pub number: i64,
    /// Who holds it, in the operator's words.
    pub name: String,
    pub scopes: BTreeSet<Scope>,
    /// `None`: every region.
    pub region: Option<RegionId>,
    /// The only one whose text it is for, a page of the region.
    pub page: Option<ItemId>,
    pub created_at: Moment,
    /// From then on it is of no use.
    pub expires_at: Option<Moment>,
    pub revoked_at: Option<Moment>,
    /// Midnight UTC of the last day on which it was used; no more is kept of what its holder does when.
    pub used_on: Option<Moment>,
}

impl Token {
    pub fn is_valid(&self, now: Moment) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| now < end)
    }

    /// # Errors: [`AccessError::Scope`].
    pub fn check_scope(&self, scope: Scope) -> Result<(), AccessError> {
        if self.scopes.contains(&scope) { Ok(()) } else { Err(AccessError::Scope(scope)) }
    }

    /// # Errors: [`AccessError::Scope`], [`AccessError::OtherRegion`].
    pub fn check(&self, scope: Scope, region: RegionId) -> Result<(), AccessError> {
        self.check_scope(scope)?;
        match self.region {
            Some(own) if own != region => Err(AccessError::OtherRegion),
            _ => Ok(()),
        }
    }

    /// The page whose text it is for. # Errors: as [`Token::check`].
    pub fn page_in(&self, region: RegionId) -> Result<ItemId, AccessError> {
        self.check(Scope::PageText, region)?;
        self.page.ok_or(AccessError::Scope(Scope::PageText))
    }
}

#[cfg(test)]
mod tests {
    use super::{Scope, Secret};

    #[test]
    fn a_secret_is_read_as_it_was_told_and_nothing_else_is_one() {
        let secret = Secret::fresh();
        let read = Secret::read(secret.reveal()).unwrap();
        assert_eq!(read.digest(), secret.digest());
        assert_ne!(Secret::fresh().digest(), secret.digest());
        let bare = secret.reveal().trim_start_matches("lotse_");
        for other in ["", "lotse_", bare, "lotse_AAAA", &format!("{}A", secret.reveal())] {
            assert!(Secret::read(other).is_none(), "{other}");
        }
    }

    #[test]
    fn what_a_token_is_for_is_read_as_it_is_written() {
        for scope in Scope::ALL {
            assert_eq!(scope.as_str().parse::<Scope>().unwrap(), scope);
        }
        assert!("everything".parse::<Scope>().unwrap_err().to_string().contains("content:write"));
    }
}
