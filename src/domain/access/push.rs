//! Whoever holds the token of a page says what the page says.

use super::error::AccessError;
use super::recognise::{note_use, recognise};
use crate::base::digest::Digest;
use crate::base::html::CleanHtml;
use crate::base::id::{ItemId, RegionId};
use crate::base::language::LanguageTag;
use crate::domain::content::present::present;
use crate::domain::content::{Desk, restate};
use crate::platform::clock::Clock;
use crate::platform::db::{Reading, Write};

/// The text that a page is to have in a language.
pub struct Pushed {
    pub region: RegionId,
    pub language: LanguageTag,
    pub html: CleanHtml,
}

/// The page of a region that the token is for; `sha256` is that of its secret. Who asks needs no right to write.
/// # Errors: a token that is of no use or for something else.
pub fn page_of(
    tx: &mut impl Reading,
    clock: &Clock,
    sha256: Digest,
    region: RegionId,
) -> Result<ItemId, AccessError> {
    recognise(tx, clock, sha256)?.page_in(region)
}

/// Publishes the text in the place of the one that the token's page has, as an editor would. `sha256` is that of the
/// token's secret.
/// # Errors: a token that is of no use or for something else, and what [`restate::text`] refuses, such as a mirrored page
/// or a language in which the page says nothing.
pub fn push(tx: &mut Write<'_>, desk: &Desk<'_>, sha256: Digest, pushed: Pushed) -> Result<(), AccessError> {
    let Pushed { region, language, html } = pushed;
    let token = recognise(tx, desk.clock, sha256)?;
    let present = present(tx, region, token.page_in(region)?)?;
    present.is_ours()?;
    note_use(tx, desk.clock, &token)?;
    Ok(restate::text(tx, desk, &present.item, &language, html)?)
}
