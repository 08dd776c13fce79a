//! Saying anew one thing of an item that is there: what it is apart from words, or the text of one language.

use super::body::Body;
use super::change::Via;
use super::compose::{self, Draft};
use super::error::ContentError;
use super::facts::Facts;
use super::item::Item;
use super::kind::ObjectKind;
use super::publish::{Publication, publish};
use super::revision::Edit;
use super::{Desk, archive, store};
use crate::base::html::CleanHtml;
use crate::base::language::LanguageTag;
use crate::base::slug::Slug;
use crate::platform::db::Write;

/// Publishes these facts, or takes those of a page back that would say nothing.
/// # Errors: those of [`compose::facts`] and [`publish`].
pub fn facts(tx: &mut Write<'_>, desk: &Desk<'_>, item: &Item, facts: Facts) -> Result<(), ContentError> {
    if item.kind == ObjectKind::Page && facts.is_silent() {
        return archive::unpublish(tx, desk, item.id, &LanguageTag::none());
    }
    let facts = Some(compose::facts(tx, desk, item, facts)?);
    let publication = Publication { item: item.id, edit: Edit::Major, texts: Vec::new(), facts };
    publish(tx, desk, item.region, vec![publication]).map(drop)
}

/// Publishes another text under the title, address and summary that the item has in a language; nothing if it is the
/// same text.
/// # Errors: nothing of the item is public in the language, and those of [`compose::texts`] and [`publish`].
pub fn text(
    tx: &mut Write<'_>,
    desk: &Desk<'_>,
    item: &Item,
    language: &LanguageTag,
    html: CleanHtml,
) -> Result<(), ContentError> {
    let nothing = || ContentError::NotPublic { item: item.id, language: language.clone() };
    let public = store::revisions::public_of(tx, &[item.id])?;
    let shown = public.iter().find(|revision| revision.language == *language).ok_or_else(nothing)?;
    let bodies = store::bodies::load(tx, &[shown.body])?;
    let before = bodies.get(&shown.body).and_then(|bytes| Body::parse(bytes.as_bytes()).ok());
    let before = before.ok_or_else(nothing)?;
    if before.html() == html {
        return Ok(());
    }
    let slug = before.slug.as_deref().and_then(Slug::from_foreign);
    let (title, summary, source) = (before.title, before.summary, None);
    let draft = Draft { title, html, slug, summary, via: Via::Human, source };
    let texts = compose::texts(tx, desk, item, [(language.clone(), draft)].into())?;
    publish(tx, desk, item.region, vec![Publication::of_texts(item.id, Edit::Major, texts)]).map(drop)
}
