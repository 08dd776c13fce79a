//! Tiles: the pages below a page or a home page, each with a picture or drawing and a word on what is inside.

use super::address;
use super::glyph;
use super::text::{Plain, excerpt};
use crate::base::digest::Digest;
use crate::domain::content::body::Body;
use crate::domain::content::published::{Edition, ItemView};
use crate::domain::content::references::Reference;
use crate::web::media::Held;

pub struct Tile {
    pub href: String,
    pub title: String,
    /// The first pages inside, or the beginning of the text.
    pub summary: Plain,
    /// How many pages inside the summary leaves out.
    pub more: usize,
    pub emblem: Emblem,
}

pub enum Emblem {
    Picture(String),
    Glyph(&'static str),
    None,
}

/// The pages inside are named as far as they fit into a few lines.
const NAMED_CHARACTERS: usize = 64;
const EXCERPT_CHARACTERS: usize = 110;
/// An emblem's width on a fine screen.
const EMBLEM_PIXELS: u32 = 192;

/// One tile for each page at `indices`.
pub fn of(edition: &Edition, indices: &[usize], medium: &dyn Fn(&Body, Digest) -> Option<Held>) -> Vec<Tile> {
    let pages: Vec<&ItemView> = indices.iter().filter_map(|index| edition.pages.items.get(*index)).collect();
    let mut tiles: Vec<Tile> = pages.iter().map(|page| tile(edition, page, medium)).collect();
    // All or none, so that their titles stand in one line.
    if tiles.iter().any(|tile| !matches!(tile.emblem, Emblem::None)) {
        for (tile, page) in
            tiles.iter_mut().zip(pages).filter(|(tile, _)| matches!(tile.emblem, Emblem::None))
        {
            tile.emblem = Emblem::Glyph(if page.children.is_empty() { "paper" } else { "folder" });
        }
    }
    tiles
}

fn tile(edition: &Edition, page: &ItemView, medium: &dyn Fn(&Body, Digest) -> Option<Held>) -> Tile {
    let inside = page.children.iter().filter_map(|index| edition.pages.items.get(*index));
    let mut room = NAMED_CHARACTERS;
    let fitting = inside.map(|child| child.body.title.as_str()).enumerate().take_while(|(at, title)| {
        let length = title.chars().count();
        let fits = *at == 0 || length <= room;
        room = room.saturating_sub(length);
        fits
    });
    let named: Vec<&str> = fitting.map(|(_, title)| title).collect();
    let summary = if named.is_empty() { excerpt(&page.body, EXCERPT_CHARACTERS) } else { named.join(" · ") };
    Tile {
        href: address::encoded(&page.path),
        title: page.body.title.clone(),
        summary: Plain(summary),
        more: page.children.len() - named.len().min(page.children.len()),
        emblem: page.icon.as_deref().map_or(Emblem::None, |icon| emblem(page, icon, medium)),
    }
}

fn emblem(page: &ItemView, icon: &str, medium: &dyn Fn(&Body, Digest) -> Option<Held>) -> Emblem {
    match Reference::parse(icon) {
        Reference::Medium(digest) => medium(&page.body, digest)
            .map_or(Emblem::None, |held| Emblem::Picture(held.at_least(EMBLEM_PIXELS).to_owned())),
        Reference::Elsewhere(address) => glyph::for_picture(&address).map_or(Emblem::None, Emblem::Glyph),
        Reference::Page(_) | Reference::Contact(_) => Emblem::None,
    }
}
