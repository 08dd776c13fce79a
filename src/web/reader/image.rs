//! Pictures as pages show them: browsers choose the copy that fits the screen, know its room before it comes, and load it
//! when it is about to be seen; and whom to name for them.

use super::frame::Licence;
use crate::domain::content::body::Body;
use crate::web::media::Held;
use askama::Template;
use askama::filters::HtmlSafe;

/// The width of a text, as the style sheet says.
const MEASURE_PIXELS: u32 = 672;
const MEASURE: &str = "42rem";

/// The element of a picture.
#[derive(Template)]
#[template(path = "reader/templates/picture.html")]
pub struct Image {
    src: String,
    alt: String,
    srcset: String,
    sizes: String,
    width: String,
    height: String,
    is_late: bool,
}

impl HtmlSafe for Image {}

/// What an author says of a picture's room, as it was written.
#[derive(Default)]
pub struct Room<'a> {
    pub width: Option<&'a str>,
    pub height: Option<&'a str>,
}

impl Image {
    /// A picture within a text, of which many may follow.
    pub fn in_text(held: &Held, alt: String, room: &Room<'_>) -> Image {
        let (width, height) = measures(held.size, room);
        let pixels = width.parse().unwrap_or(MEASURE_PIXELS);
        let sizes = if pixels >= MEASURE_PIXELS {
            format!("(min-width: {MEASURE}) {MEASURE}, 100vw")
        } else {
            format!("(min-width: {pixels}px) {pixels}px, 100vw")
        };
        Image { width, height, sizes, is_late: true, ..Image::of(held, alt) }
    }

    /// The picture of a page, which is seen at once.
    pub fn of_page(held: &Held, alt: String) -> Image {
        let (width, height) = measures(held.size, &Room::default());
        let sizes = format!("(min-width: {MEASURE}) {MEASURE}, 100vw");
        Image { width, height, sizes, ..Image::of(held, alt) }
    }

    fn of(held: &Held, alt: String) -> Image {
        let choice: Vec<String> =
            held.choice.iter().map(|(width, address)| format!("{address} {width}w")).collect();
        Image {
            src: held.choice.last().map_or(&held.address, |(_, address)| address).clone(),
            alt,
            srcset: choice.join(", "),
            sizes: String::new(),
            width: String::new(),
            height: String::new(),
            is_late: false,
        }
    }
}

/// What an author said, and what follows from it by the picture's own proportions.
fn measures(size: Option<(u32, u32)>, room: &Room<'_>) -> (String, String) {
    let said = |side: Option<&str>| side.unwrap_or_default().trim().to_owned();
    let (width, height) = (said(room.width), said(room.height));
    let Some((own_width, own_height)) = size.filter(|(width, height)| *width > 0 && *height > 0) else {
        return (width, height);
    };
    let scaled = |length: u32, by: u32, of: u32| (u64::from(length) * u64::from(by) / u64::from(of)).max(1);
    match (width.parse::<u32>(), height.parse::<u32>()) {
        (Ok(w), Err(_)) if height.is_empty() => (width, scaled(w, own_height, own_width).to_string()),
        (Err(_), Ok(h)) if width.is_empty() => (scaled(h, own_width, own_height).to_string(), height),
        _ if width.is_empty() && height.is_empty() => (own_width.to_string(), own_height.to_string()),
        _ => (width, height),
    }
}

/// Whom to name for pictures of a text, and under which licence, where that is another than the text's.
pub struct Credit {
    pub name: String,
    pub licence: Option<Licence>,
}

impl Credit {
    /// Of all that a text lists, each once.
    pub fn of(body: &Body) -> Vec<Credit> {
        let mut said: Vec<(&str, &str)> = Vec::new();
        for medium in &body.media {
            let one =
                (medium.credit.as_deref().unwrap_or_default(), medium.lic.as_deref().unwrap_or_default());
            if one != ("", "") && !said.contains(&one) {
                said.push(one);
            }
        }
        let licence = |spdx: &str| (!spdx.is_empty()).then(|| Licence::of(spdx));
        said.into_iter()
            .map(|(name, spdx)| Credit { name: name.to_owned(), licence: licence(spdx) })
            .collect()
    }
}
