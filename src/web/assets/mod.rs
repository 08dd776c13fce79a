//! Style sheet, fonts and drawings of the reader's pages: part of the program, each under a name that holds the
//! digest of its bytes, so that a browser may keep it for ever.

use crate::base::digest::Digest;
use crate::web::answer::{Answer, Caching};
use actix_web::{HttpRequest, HttpResponse, web};
use rust_embed::Embed;
use std::collections::HashMap;
use std::sync::LazyLock;

#[derive(Embed)]
#[folder = "src/web/assets/files"]
struct Files;

/// Hexadecimal digits of the digest that stand in a name.
const DIGEST_DIGITS: usize = 12;

struct Assets {
    /// Address of each asset by its plain name, such as `reader.css`.
    addresses: HashMap<String, String>,
    answers: HashMap<String, Answer>,
    /// Drawings of categories of places, by the name under which apps know them.
    categories: HashMap<String, Answer>,
}

static ASSETS: LazyLock<Assets> = LazyLock::new(Assets::read);

/// The address of the asset with this plain name: `reader.css`, `glyphs.svg`, `favicon.svg` or a font's file name.
/// Empty for another name, which a test rules out.
pub fn address(name: &str) -> &'static str {
    ASSETS.addresses.get(name).map_or("", String::as_str)
}

/// Adds `/assets/…` to a server.
pub fn configure(server: &mut web::ServiceConfig) {
    server.route("/assets/{name}", web::get().to(asset)).route("/assets/{name}", web::head().to(asset));
    let category = format!("/{CATEGORY_ICONS}{{name}}");
    server.route(&category, web::get().to(category_icon)).route(&category, web::head().to(category_icon));
}

/// Where apps look for the icons of categories, as Integreat has them.
pub const CATEGORY_ICONS: &str = "static/svg/poi-category-icons/";
/// A new version of the program may draw them otherwise.
const DAY_SECONDS: u32 = 24 * 3600;

async fn category_icon(request: HttpRequest, name: web::Path<String>) -> HttpResponse {
    match ASSETS.categories.get(name.as_str()) {
        Some(answer) => answer.respond(&request),
        None => HttpResponse::NotFound().content_type("text/plain; charset=utf-8").body("no such icon\n"),
    }
}

async fn asset(request: HttpRequest, name: web::Path<String>) -> HttpResponse {
    match ASSETS.answers.get(name.as_str()) {
        Some(answer) => answer.respond(&request),
        None => HttpResponse::NotFound().content_type("text/plain; charset=utf-8").body("no such asset\n"),
    }
}

impl Assets {
    fn read() -> Assets {
        let mut assets =
            Assets { addresses: HashMap::new(), answers: HashMap::new(), categories: HashMap::new() };
        let mut sheets: Vec<String> = Vec::new();
        for path in Files::iter() {
            let Some((folder, name)) = path.split_once('/') else { continue };
            match folder {
                "css" => sheets.push(path.to_string()),
                "categories" => {
                    let icon = Answer::of(read(&path), "image/svg+xml", Caching::Seconds(DAY_SECONDS));
                    assets.categories.insert(name.to_owned(), icon);
                }
                _ => assets.add(name, read(&path)),
            }
        }
        sheets.sort();
        let mut sheet: String =
            sheets.iter().map(|path| String::from_utf8_lossy(&read(path)).into_owned()).collect();
        for (name, address) in &assets.addresses {
            sheet = sheet.replace(&format!("url(\"fonts/{name}\")"), &format!("url(\"{address}\")"));
        }
        assets.add("reader.css", sheet.into_bytes());
        assets
    }

    fn add(&mut self, name: &str, bytes: Vec<u8>) {
        let (Some((stem, ending)), digest) = (name.rsplit_once('.'), Digest::of(&bytes).to_string()) else {
            return;
        };
        let content_type = match ending {
            "css" => "text/css; charset=utf-8",
            "svg" => "image/svg+xml",
            "woff2" => "font/woff2",
            _ => "text/plain; charset=utf-8",
        };
        let full = format!("{stem}.{}.{ending}", digest.get(..DIGEST_DIGITS).unwrap_or(&digest));
        self.addresses.insert(name.to_owned(), format!("/assets/{full}"));
        self.answers.insert(full, Answer::of(bytes, content_type, Caching::Forever));
    }
}

fn read(path: &str) -> Vec<u8> {
    Files::get(path).map(|file| file.data.into_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{ASSETS, address, read};
    use std::collections::HashMap;

    #[test]
    fn every_font_of_the_sheet_is_served_by_this_node_under_its_digest() {
        let sheet_name = address("reader.css").strip_prefix("/assets/").unwrap();
        let sheet = String::from_utf8(ASSETS.answers[sheet_name].bytes().to_vec()).unwrap();
        let named: Vec<&str> =
            sheet.split("url(\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert_eq!(named.len(), 12);
        for name in named {
            assert!(ASSETS.answers.contains_key(name.strip_prefix("/assets/").unwrap()), "{name}");
        }
        assert!(!sheet.contains("://"), "nothing is loaded from elsewhere");
        assert!(!sheet.contains("@import"));
    }

    #[test]
    fn every_colour_of_a_category_is_in_the_sheet() {
        let sheet = String::from_utf8(read("css/4-kinds.css")).unwrap();
        for colour in crate::domain::content::facts::COLOURS.map(str::to_lowercase) {
            let tint = format!(".tint-{} {{ --tint: {colour}; }}", &colour[1..]);
            assert!(sheet.contains(&tint), "{tint}");
        }
    }

    /// Relative luminance and contrast by WCAG 2.2.
    fn contrast(one: &str, other: &str) -> f64 {
        let luminance = |colour: &str| {
            let channel = |at: usize| {
                let value = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
                if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
            };
            0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
        };
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    fn tokens(sheet: &str) -> HashMap<String, String> {
        let lines = sheet.lines().filter_map(|line| line.trim().strip_prefix("--")?.split_once(": "));
        lines
            .filter(|(_, value)| value.starts_with('#'))
            .map(|(name, value)| (name.to_owned(), value.trim_end_matches(';').to_owned()))
            .collect()
    }

    #[test]
    fn colours_are_told_apart_in_light_and_in_dark() {
        let sheet = String::from_utf8(read("css/1-tokens.css")).unwrap();
        let (light, dark) = sheet.split_once("@media").unwrap();
        const WANTED: [(&str, &str, f64); 23] = [
            ("ink", "paper", 7.0),
            ("ink", "surface", 7.0),
            ("ink", "accent-soft", 7.0),
            ("ink-soft", "paper", 4.5),
            ("ink-soft", "surface", 4.5),
            ("ink-soft", "accent-soft", 4.5),
            ("accent", "paper", 4.5),
            ("accent", "surface", 4.5),
            ("accent", "accent-soft", 4.5),
            ("on-accent", "accent", 4.5),
            ("on-band", "band", 7.0),
            ("on-band-soft", "band", 4.5),
            ("note-ink", "note", 7.0),
            ("note-edge", "paper", 3.0),
            ("note-edge", "note", 3.0),
            ("edge", "surface", 3.0),
            ("edge", "paper", 3.0),
            ("focus", "paper", 3.0),
            ("focus", "surface", 3.0),
            ("focus", "accent-soft", 3.0),
            ("focus", "note", 3.0),
            ("accent", "note", 3.0),
            ("ink", "note", 4.5),
        ];
        for (scheme, tokens) in [("light", tokens(light)), ("dark", tokens(dark))] {
            for (ink, paper, least) in WANTED {
                let found = contrast(&tokens[ink], &tokens[paper]);
                assert!(found >= least, "{scheme}: {ink} on {paper} is {found:.2}, wanted {least}");
            }
        }
    }
}
