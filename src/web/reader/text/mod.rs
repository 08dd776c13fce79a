//! The text of a page as the reader's site shows it: headings follow the page's own, pictures that this node does
//! not hold become our drawings or links, references become paths, numbers keep their direction.

mod embedded;
mod excerpt;
mod number;

pub use excerpt::excerpt;
pub use number::Plain;

use super::card::EmbeddedCard;
use super::frame::Marked;
use super::glyph::{self, Glyph};
use super::image::{Image, Room};
use crate::base::digest::Digest;
use crate::base::html::{CleanHtml, Tag, Token};
use crate::base::id::ObjectId;
use crate::base::language::LanguageTag;
use crate::domain::content::body::{Body, Medium};
use crate::domain::content::references::{ContactReference, PageReference, Reference, described};
use crate::locale::words::Words;
use crate::web::media::Held;
use askama::Template;

/// What the text needs to know of the world around it.
pub struct Around<'a> {
    pub words: &'a Words,
    /// The encoded address of a page, in the text's own language unless one is named.
    pub page: &'a dyn Fn(ObjectId, Option<&LanguageTag>) -> Option<String>,
    /// A picture or file, if this node has it.
    pub medium: &'a dyn Fn(Digest) -> Option<Held>,
    /// The card of a contact, if it is known here.
    pub contact: &'a dyn Fn(&ContactReference) -> Option<EmbeddedCard>,
    /// Where the text comes from if it is another node's: there its pictures and files can be seen.
    pub origin: Option<&'a str>,
    pub spot: Spot,
}

/// Where on a page a text stands.
pub struct Spot {
    /// The level of the heading above it; those of the text begin one below.
    pub below: u8,
    /// Tells its parts from those of other texts on the page.
    pub mark: String,
}

impl Default for Spot {
    /// The only text of its page, below the page's own heading.
    fn default() -> Spot {
        Spot { below: 1, mark: String::new() }
    }
}

#[derive(Template)]
#[template(path = "reader/templates/elsewhere.html")]
struct Elsewhere<'a> {
    href: &'a str,
    brief: bool,
    glyph: Glyph,
    words: Marked,
}

/// Wide tables scroll inside a frame of their own, so that the page does not. It can be reached by keyboard, so it has
/// a name to be announced by.
#[derive(Template)]
#[template(path = "reader/templates/table.html")]
struct Table<'a> {
    mark: &'a str,
    number: usize,
    words: Marked,
}

const TABLE_END: &str = "</table></div>";

/// Pictures up to this width stand in a line of words and only adorn it.
const LARGEST_ADORNMENT_PIXELS: u32 = 48;
const LOWEST_HEADING: u8 = 6;

/// # Errors: none but those of a writer that does not fail.
pub fn shown(body: &Body, around: &Around<'_>) -> Result<String, askama::Error> {
    let blocks: Vec<&CleanHtml> = body.blocks.iter().map(|block| &block.html).collect();
    let levels = blocks.iter().flat_map(|html| html.tokens()).filter_map(|token| match token {
        Token::Open(tag) => level(tag.name()),
        _ => None,
    });
    let mut text = Text {
        html: String::new(),
        around,
        media: &body.media,
        highest: levels.min().unwrap_or_default(),
        open: Vec::new(),
        tables: 0,
    };
    for html in blocks {
        let tokens: Vec<Token<'_>> = html.tokens().collect();
        let mut at = 0;
        while let Some(rest) = tokens.get(at..).filter(|rest| !rest.is_empty()) {
            at += text.push(rest)?;
        }
    }
    Ok(text.html)
}

struct Text<'a> {
    html: String,
    around: &'a Around<'a>,
    media: &'a [Medium],
    /// The level of the text's highest heading as it is written.
    highest: u8,
    /// What ends each open element.
    open: Vec<End>,
    /// How many there were so far.
    tables: usize,
}

enum End {
    AsItIs,
    Heading(u8),
    Link,
    Table,
    Nothing,
}

impl Text<'_> {
    /// Takes the first of `tokens`, or more; how many it took.
    fn push(&mut self, tokens: &[Token<'_>]) -> Result<usize, askama::Error> {
        match tokens {
            // Empty paragraphs are how editors make room; the style sheet does that here.
            [Token::Open(tag), rest @ ..] if is_line(tag.name()) => match blank_until(rest, tag.name()) {
                Some(length) => return Ok(1 + length),
                None => self.open(*tag, rest)?,
            },
            // A link around a small picture alone leads to the picture.
            [Token::Open(tag), Token::Open(inner), Token::Close("a"), ..]
                if tag.name() == "a" && inner.name() == "img" && self.adorns(*inner) =>
            {
                self.picture(*inner)?;
                return Ok(3);
            }
            [Token::Open(tag), rest @ ..] => match ContactReference::of(*tag) {
                Some(contact) => return self.card(&contact, rest),
                None => self.open(*tag, rest)?,
            },
            [Token::Text(text), ..] => number::push_isolated(&mut self.html, text)?,
            [Token::Close(name), ..] => self.close(name),
            [] => {}
        }
        Ok(1)
    }

    fn open(&mut self, tag: Tag<'_>, rest: &[Token<'_>]) -> Result<(), askama::Error> {
        let end = match tag.name() {
            "img" => return self.picture(tag),
            "iframe" => {
                let src = tag.attribute("src").unwrap_or_default();
                self.elsewhere(&src, "film-elsewhere", "")?;
                End::Nothing
            }
            "a" => self.link(tag, rest),
            "table" => {
                self.tables += 1;
                let words = Marked::from(self.around.words.say("table"));
                let mark = &self.around.spot.mark;
                self.html.push_str(&Table { mark, number: self.tables, words }.render()?);
                self.plain(tag, tag.name());
                End::Table
            }
            name => match level(name) {
                Some(level) => {
                    let level = (level - self.highest + self.around.spot.below + 1).min(LOWEST_HEADING);
                    self.plain(tag, &format!("h{level}"));
                    End::Heading(level)
                }
                None => {
                    self.plain(tag, name);
                    End::AsItIs
                }
            },
        };
        if !tag.is_void() {
            self.open.push(end);
        }
        Ok(())
    }

    fn close(&mut self, name: &str) {
        let heading;
        let name = match self.open.pop() {
            Some(End::Nothing) => return,
            Some(End::Heading(level)) => {
                heading = format!("h{level}");
                &heading
            }
            Some(End::Table) => {
                self.html.push_str(TABLE_END);
                return;
            }
            _ => name,
        };
        self.html.push_str("</");
        self.html.push_str(name);
        self.html.push('>');
    }

    /// The tag under this name, without colours and sizes of its own: they would not fit a dark page or a small one.
    fn plain(&mut self, tag: Tag<'_>, name: &str) {
        self.html.push('<');
        self.html.push_str(name);
        for (attribute, value) in tag.attributes().filter(|(attribute, _)| *attribute != "style") {
            self.attribute(attribute, value);
        }
        self.html.push('>');
    }

    fn attribute(&mut self, name: &str, encoded: &str) {
        for part in [" ", name, "=\"", encoded, "\""] {
            self.html.push_str(part);
        }
    }

    fn link(&mut self, tag: Tag<'_>, rest: &[Token<'_>]) -> End {
        let Some(href) = tag.attribute("href") else {
            self.plain(tag, "a");
            return End::Link;
        };
        let (href, brief) = match Reference::parse(&href) {
            Reference::Page(PageReference { object, language, fragment }) => {
                let Some(address) = (self.around.page)(object, language.as_ref()) else {
                    return End::Nothing;
                };
                (fragment.iter().fold(address, |address, part| format!("{address}#{part}")), false)
            }
            Reference::Medium(digest) => {
                let origin = || self.around.origin.map(str::to_owned);
                match (self.around.medium)(digest).map(|held| held.address).or_else(origin) {
                    Some(address) => (address, false),
                    None => return End::Nothing,
                }
            }
            Reference::Contact(_) => return End::Nothing,
            Reference::Elsewhere(href) => {
                let brief = is_brief(rest, &href);
                (href, brief)
            }
        };
        self.html.push_str("<a");
        self.attribute("href", &escaped(&href));
        if href.starts_with("http") {
            self.attribute("rel", "noopener external");
        }
        if brief {
            self.attribute("class", "brief");
        }
        self.html.push('>');
        End::Link
    }

    fn picture(&mut self, tag: Tag<'_>) -> Result<(), askama::Error> {
        let src = tag.attribute("src").unwrap_or_default();
        let reference = Reference::parse(&src);
        let alt = match reference {
            Reference::Medium(digest) => described(tag, digest, self.media),
            _ => tag.attribute("alt").unwrap_or_default().into_owned(),
        };
        if let Reference::Medium(digest) = reference
            && let Some(held) = (self.around.medium)(digest)
        {
            let (width, height) = (tag.attribute("width"), tag.attribute("height"));
            let room = Room { width: width.as_deref(), height: height.as_deref() };
            self.html.push_str(&Image::in_text(&held, alt, &room).render()?);
            return Ok(());
        }
        if self.adorns(tag) {
            if let Some(name) = glyph::for_picture(&src) {
                self.html.push_str(&Glyph::named(name).render()?);
            }
            return Ok(());
        }
        match reference {
            Reference::Elsewhere(href) => self.elsewhere(&href, "picture-elsewhere", &alt)?,
            _ => match self.around.origin {
                Some(origin) => self.elsewhere(origin, "picture-elsewhere", &alt)?,
                // Our own, and not here: no address is known where it is.
                None => self.html.push_str(&escaped(&alt)),
            },
        }
        Ok(())
    }

    /// Whether a picture is there for the eye alone: a small one without words, or any beside the words of a heading.
    fn adorns(&self, tag: Tag<'_>) -> bool {
        is_adornment(tag) || self.open.iter().any(|end| matches!(end, End::Heading(_)))
    }

    /// A link to what this node does not hold; inside of another link only its words.
    fn elsewhere(&mut self, href: &str, key: &str, alt: &str) -> Result<(), askama::Error> {
        let words = match alt {
            "" => Marked::from(self.around.words.say(key)),
            alt => Marked::own(alt),
        };
        match self.open.iter().any(|end| matches!(end, End::Link)) {
            true => self.html.push_str(&words.render()?),
            false => {
                let name = if key == "picture-elsewhere" { "picture" } else { "globe" };
                let link = Elsewhere { href, brief: is_untypable(href), glyph: Glyph::named(name), words };
                self.html.push_str(&link.render()?);
            }
        }
        Ok(())
    }
}

fn level(name: &str) -> Option<u8> {
    match name.as_bytes() {
        [b'h', digit @ b'1'..=b'6'] => Some(digit - b'0'),
        _ => None,
    }
}

fn is_line(name: &str) -> bool {
    name == "p" || level(name).is_some()
}

/// How many tokens there are up to the end of an element in which nothing is said or shown, end tag included.
fn blank_until(inside: &[Token<'_>], name: &str) -> Option<usize> {
    const SILENT: [&str; 8] = ["b", "br", "em", "i", "span", "strong", "u", "wbr"];
    for (at, token) in inside.iter().enumerate() {
        match token {
            Token::Close(end) if *end == name => return Some(at + 1),
            Token::Text(text) if is_blank(text) => {}
            Token::Open(tag) if SILENT.contains(&tag.name()) => {}
            Token::Close(end) if SILENT.contains(end) => {}
            _ => return None,
        }
    }
    None
}

fn is_blank(text: &str) -> bool {
    text.replace("&nbsp;", "").chars().all(char::is_whitespace)
}

/// Small, and nothing that must be said: a file's name is no description.
fn is_adornment(tag: Tag<'_>) -> bool {
    let alt = tag.attribute("alt").unwrap_or_default();
    let src = tag.attribute("src").unwrap_or_default();
    let says_nothing = alt.trim().is_empty() || src.contains(alt.as_ref());
    let style = tag.attribute("style").unwrap_or_default();
    let styled = style.split_once("width:").map(|(_, rest)| rest.trim_start()).and_then(digits);
    let width = tag.attribute("width").as_deref().and_then(digits).or(styled);
    says_nothing && width.is_some_and(|pixels| pixels <= LARGEST_ADORNMENT_PIXELS)
}

fn digits(text: &str) -> Option<u32> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text.get(..end)?.parse().ok()
}

/// Longest address that paper spells out; nobody types a longer one.
const LONGEST_SPELLED_OUT: usize = 80;

fn is_untypable(href: &str) -> bool {
    href.len() > LONGEST_SPELLED_OUT
}

/// Whether paper need not spell out the address of a link: the words say it, or it is too long to be typed.
fn is_brief(inside: &[Token<'_>], href: &str) -> bool {
    if is_untypable(href) {
        return true;
    }
    let bare = |text: &str| {
        let text = text.trim().trim_start_matches("https://").trim_start_matches("http://");
        text.trim_start_matches("www.").trim_end_matches('/').to_owned()
    };
    matches!(inside, [Token::Text(text), Token::Close("a"), ..] if bare(text) == bare(&escaped(href)))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::{Around, Spot, shown};
    use crate::base::digest::Digest;
    use crate::base::html::CleanHtml;
    use crate::base::id::ObjectId;
    use crate::base::language::LanguageTag;
    use crate::domain::content::body::{Block, Body, Medium};
    use crate::locale::words::Words;
    use crate::web::media::Held;

    const KNOWN: &str = "019b76da-a800-7c3e-9d1a-3f2b6c7d8e9f";

    pub(super) fn body(html: &str) -> Body {
        let pieces = CleanHtml::parse(html).pieces();
        let blocks =
            pieces.into_iter().map(|piece| Block { id: String::new(), tag: piece.tag, html: piece.html });
        serde_json::from_value(serde_json::json!({
            "v": 1, "salt": "", "title": "", "blocks": serde_json::to_value(blocks.collect::<Vec<_>>()).unwrap()
        }))
        .unwrap()
    }

    fn html(text: &str) -> String {
        let words = Words::of(&"de".parse().unwrap());
        let page =
            |id: ObjectId, _: Option<&LanguageTag>| (id.to_string() == KNOWN).then(|| "/a/de/b/".to_owned());
        let medium = |digest: Digest| {
            Some(Held { address: format!("/media/{digest}"), size: None, choice: Vec::new() })
        };
        let around = Around {
            words: &words,
            page: &page,
            medium: &medium,
            contact: &|_| None,
            origin: None,
            spot: Spot::default(),
        };
        shown(&body(text), &around).unwrap()
    }

    #[test]
    fn what_is_not_held_of_another_node_can_be_seen_there() {
        let words = Words::of(&"de".parse().unwrap());
        let none = |_: Digest| None;
        let page = |_: ObjectId, _: Option<&LanguageTag>| None;
        let origin = Some("https://kreis.example/o/1");
        let around = Around {
            words: &words,
            page: &page,
            medium: &none,
            contact: &|_| None,
            origin,
            spot: Spot::default(),
        };
        let sha256 = Digest::of(b"x");
        let text =
            format!("<p><img src=\"media:{sha256}\" alt=\"Karte\"> <a href=\"media:{sha256}\">Plan</a></p>");
        let shown = shown(&body(&text), &around).unwrap();
        assert_eq!(shown.matches("href=\"https://kreis.example/o/1\"").count(), 2, "{shown}");
        assert!(shown.contains("Karte") && shown.contains("Plan") && !shown.contains("<img"), "{shown}");
    }

    #[test]
    fn headings_begin_below_the_title_and_empty_lines_are_left_out() {
        assert_eq!(
            html("<h3>a</h3><p>&nbsp;</p><h4>b</h4><p><strong> </strong><br></p><p></p><p>c</p>"),
            "<h2>a</h2><h3>b</h3><p>c</p>"
        );
    }

    #[test]
    fn several_texts_on_one_page_have_headings_and_names_of_their_own() {
        let words = Words::of(&"de".parse().unwrap());
        let (page, medium) = (|_: ObjectId, _: Option<&LanguageTag>| None, |_: Digest| None);
        let spot = Spot { below: 4, mark: "7-".to_owned() };
        let around =
            Around { words: &words, page: &page, medium: &medium, contact: &|_| None, origin: None, spot };
        let text = body("<h2>a</h2><h3>b</h3><h4>c</h4><table><tbody><tr><td>d</td></tr></tbody></table>");
        let shown = shown(&text, &around).unwrap();
        assert!(shown.starts_with("<h5>a</h5><h6>b</h6><h6>c</h6>"), "{shown}");
        assert!(shown.contains("id=\"table-7-1\""), "{shown}");
    }

    #[test]
    fn nothing_is_loaded_from_elsewhere() {
        let small =
            html("<p><img style=\"width: 15px; height: 15px;\" src=\"https://x.example/call.svg\"> 112</p>");
        assert!(small.contains("#phone") && !small.contains("x.example"), "{small}");
        let large = html("<img src=\"https://x.example/a.jpg\" alt=\"Rathaus\" width=\"300\">");
        assert!(
            large.contains("<a class=\"elsewhere\" href=\"https://x.example/a.jpg\"")
                && !large.contains("<img")
        );
        assert!(large.contains("Rathaus"));
        let inside = html("<a href=\"https://x.example\"><img src=\"https://x.example/a.jpg\" alt=\"\"></a>");
        assert_eq!(inside.matches("<a").count(), 1, "{inside}");
        let heading = html(
            "<h3><a href=\"https://x.example/a.png\"><img src=\"https://x.example/a.png\" width=\"99\"></a> A</h3>",
        );
        assert_eq!(heading, "<h2> A</h2>");
        let film = html("<iframe src=\"https://player.vimeo.com/video/1\"></iframe>");
        assert!(!film.contains("<iframe") && film.contains("Film"), "{film}");
    }

    #[test]
    fn what_is_held_is_shown_from_here() {
        let digest = "0".repeat(64);
        let shown = html(&format!("<img src=\"media:{digest}\" alt=\"a &amp; b\" width=\"20\">"));
        assert!(shown.starts_with(&format!("<img src=\"/media/{digest}\" alt=\"a &#38; b\"")), "{shown}");
    }

    #[test]
    fn browsers_choose_among_copies_and_know_the_room_of_a_picture() {
        let words = Words::of(&"de".parse().unwrap());
        let page = |_: ObjectId, _: Option<&LanguageTag>| None;
        let choice = [(320, "/s.jpg"), (640, "/m.jpg"), (1280, "/l.jpg")];
        let choice: Vec<_> = choice.into_iter().map(|(width, at)| (width, at.to_owned())).collect();
        let held = Held { address: "/o.jpg".to_owned(), size: Some((4000, 3000)), choice };
        let medium = |_: Digest| Some(held.clone());
        let around = Around {
            words: &words,
            page: &page,
            medium: &medium,
            contact: &|_| None,
            origin: None,
            spot: Spot::default(),
        };
        let sha256 = Digest::of(b"x");
        let mut body = body(&format!(
            "<p><img src=\"media:{sha256}\"><img src=\"media:{sha256}\" alt=\"Nah\" width=\"400\"></p>"
        ));
        body.media = vec![Medium {
            sha256,
            size: 1,
            mime: "image/jpeg".to_owned(),
            alt: "Das Rathaus".to_owned(),
            credit: None,
            lic: None,
        }];
        assert_eq!(
            shown(&body, &around).unwrap(),
            "<p><img src=\"/l.jpg\" srcset=\"/s.jpg 320w, /m.jpg 640w, /l.jpg 1280w\" \
             sizes=\"(min-width: 42rem) 42rem, 100vw\" alt=\"Das Rathaus\" loading=\"lazy\" decoding=\"async\" \
             width=\"4000\" height=\"3000\">\
             <img src=\"/l.jpg\" srcset=\"/s.jpg 320w, /m.jpg 640w, /l.jpg 1280w\" \
             sizes=\"(min-width: 400px) 400px, 100vw\" alt=\"Nah\" loading=\"lazy\" decoding=\"async\" \
             width=\"400\" height=\"300\"></p>"
        );
    }

    #[test]
    fn telephone_numbers_are_isolated() {
        assert_eq!(
            html("<p>Tel: 0821 / 31 02-27 05, bis 2024</p>"),
            "<p>Tel: <bdi dir=\"ltr\">0821 / 31 02-27 05</bdi>, bis 2024</p>"
        );
        assert_eq!(
            html("<p>(0821) 324-0 +49 und 10.000</p>"),
            "<p><bdi dir=\"ltr\">(0821) 324-0 +49</bdi> und 10.000</p>"
        );
        assert_eq!(html("<p>am 01.02.2024</p>"), "<p>am 01.02.2024</p>");
    }

    #[test]
    fn words_in_another_language_are_marked() {
        let words = Words::of(&"bg".parse().unwrap());
        let (page, medium) = (|_: ObjectId, _: Option<&LanguageTag>| None, |_: Digest| None);
        let around = Around {
            words: &words,
            page: &page,
            medium: &medium,
            contact: &|_| None,
            origin: None,
            spot: Spot::default(),
        };
        let picture = "<img src=\"https://x.example/a.jpg\" alt=\"\" width=\"300\">";
        for text in [picture.to_owned(), format!("<a href=\"https://x.example/\">{picture}</a>")] {
            let shown = shown(&body(&text), &around).unwrap();
            assert!(shown.contains("<span lang=\"en\" dir=\"ltr\">View the picture"), "{shown}");
        }
    }

    #[test]
    fn a_table_that_may_scroll_is_announced_by_a_name() {
        let tables = html("<table><tbody><tr><td>a</td></tr></tbody></table>".repeat(2).as_str());
        for number in [1, 2] {
            let frame = format!("tabindex=\"0\" role=\"group\" aria-labelledby=\"table-{number}\"");
            let name = format!("id=\"table-{number}\">Tabelle</span>");
            assert!(tables.contains(&frame) && tables.contains(&name), "{tables}");
        }
        assert!(tables.ends_with("</table></div>"), "{tables}");
    }

    #[test]
    fn links_keep_what_they_say() {
        let other = KNOWN.replace("0", "1");
        let links = format!("<a href=\"page:{KNOWN}#c\">x</a> <a href=\"page:{other}\">y</a>");
        assert_eq!(html(&links), "<a href=\"/a/de/b/#c\">x</a> y");
        let brief = html("<a href=\"https://www.x.example/a/\">x.example/a</a>");
        assert!(brief.contains("class=\"brief\""), "{brief}");
        let long = format!("https://x.example/{}.png", "%D8%A7".repeat(12));
        for text in [format!("<a href=\"{long}\">Karte</a>"), format!("<img src=\"{long}\" alt=\"Karte\">")] {
            assert!(html(&text).contains("brief\""), "{}", html(&text));
        }
    }
}
