//! Contacts in a text: a card in the place of the element that names one.

use super::{End, Text};
use crate::base::html::Token;
use crate::domain::content::references::ContactReference;
use askama::Template;

impl Text<'_> {
    /// The card of a contact, or what stands in its place; how many tokens that took.
    pub(super) fn card(
        &mut self,
        contact: &ContactReference,
        rest: &[Token<'_>],
    ) -> Result<usize, askama::Error> {
        let Some(card) = (self.around.contact)(contact) else {
            self.open.push(End::Nothing);
            return Ok(1);
        };
        self.html.push_str(&card.render()?);
        Ok(1 + length_inside(rest))
    }
}

/// How many tokens there are up to the end of an element whose start came before them, end tag included.
fn length_inside(inside: &[Token<'_>]) -> usize {
    let mut depth = 1usize;
    for (at, token) in inside.iter().enumerate() {
        match token {
            Token::Open(tag) => depth += usize::from(!tag.is_void()),
            Token::Close(_) => depth -= 1,
            Token::Text(_) => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    inside.len()
}
