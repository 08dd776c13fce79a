//! The only type that holds HTML: clean because nothing else can be made. What is allowed stands in `rules`.
//! References to pages and media inside it are resolved by whoever delivers it, through [`CleanHtml::rendered`].

mod rules;
mod token;
mod sanitiser;
mod shown;
mod losses;

pub use losses::losses;
pub use shown::{RenderedHtml, Shown};
pub use token::{Tag, Token};

use sanitiser::{SANITISER, WORDS_ONLY, normalised};
use serde::{Deserialize, Serialize};
use token::{Tokens, encoded, is_clean};

/// A fragment of sanitised HTML, in the one spelling the sanitiser writes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct CleanHtml(String);

/// A top-level part of a text, with the white space that follows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The element's name, or `text` for words that stand in no block.
    pub tag: String,
    pub html: CleanHtml,
}

impl CleanHtml {
    /// Keeps what is allowed of `html` and drops the rest; clean input comes back byte for byte.
    pub fn parse(html: &str) -> CleanHtml {
        if is_clean(html) {
            return CleanHtml(html.to_owned());
        }
        let cleaned = normalised(&SANITISER.clean(html).to_string());
        match is_clean(&cleaned) {
            true => CleanHtml(cleaned),
            // Nested too deeply for anyone to have written it: the words alone.
            false => CleanHtml(WORDS_ONLY.clean(html).to_string().replace(['\r', '\0', '\u{c}'], "")),
        }
    }

    /// Plain text: a paragraph for each line that says something.
    pub fn of_lines(text: &str) -> CleanHtml {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        CleanHtml::parse(&lines.map(|line| format!("<p>{}</p>", encoded(line))).collect::<String>())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn tokens(&self) -> impl Iterator<Item = Token<'_>> {
        Tokens(&self.0)
    }

    /// The words without any tag; entities stay encoded and nothing is put where tags were.
    pub fn words(&self) -> String {
        self.tokens()
            .filter_map(|token| if let Token::Text(text) = token { Some(text) } else { None })
            .collect()
    }

    /// The words as a person reads them, for what shows no markup.
    pub fn plain_words(&self) -> String {
        token::decoded(&self.words()).into_owned()
    }

    /// What stands inside the single `<div>` that is the whole text, if there is one without attributes.
    pub fn inside_sole_div(&self) -> Option<CleanHtml> {
        let inside = self.0.strip_prefix("<div>")?.strip_suffix("</div>")?;
        // `<div>a</div><div>b</div>` begins and ends alike but is not one element.
        let mut depth = 0usize;
        for token in Tokens(inside) {
            match token {
                Token::Open(tag) => depth += usize::from(!tag.is_void()),
                Token::Close(_) => depth = depth.checked_sub(1)?,
                Token::Text(_) => {}
            }
        }
        Some(CleanHtml(inside.to_owned()))
    }

    pub fn in_div(&self) -> CleanHtml {
        CleanHtml(format!("<div>{}</div>", self.0))
    }

    /// The texts one after the other: clean, since each closes what it opens.
    pub fn joined<'a>(parts: impl IntoIterator<Item = &'a CleanHtml>) -> CleanHtml {
        CleanHtml(parts.into_iter().map(CleanHtml::as_str).collect())
    }

    /// The top-level parts, which [`CleanHtml::joined`] are this text again.
    pub fn pieces(&self) -> Vec<Piece> {
        let mut starts: Vec<(usize, &str)> = Vec::new();
        let (mut depth, mut at) = (0usize, 0usize);
        for token in Tokens(&self.0) {
            let in_line = starts.last().is_some_and(|(_, tag)| *tag == "text");
            match token {
                Token::Text(text) => {
                    let words = text.trim_start();
                    if depth == 0 && !in_line && !words.is_empty() {
                        starts.push((at + text.len() - words.len(), "text"));
                    }
                }
                Token::Open(tag) => {
                    match tag.name() {
                        name if depth == 0 && rules::is_block(name) => starts.push((at, name)),
                        _ if depth == 0 && !in_line => starts.push((at, "text")),
                        _ => {}
                    }
                    depth += usize::from(!tag.is_void());
                }
                Token::Close(_) => depth = depth.saturating_sub(1),
            }
            at += token.length();
        }
        self.cut(&starts)
    }

    /// Cuts before each start but the first, which takes the white space before it.
    fn cut(&self, starts: &[(usize, &str)]) -> Vec<Piece> {
        if starts.is_empty() && !self.0.is_empty() {
            return vec![Piece { tag: "text".to_owned(), html: self.clone() }];
        }
        let ends = starts.iter().skip(1).map(|(start, _)| *start).chain([self.0.len()]);
        let mut from = 0;
        let mut pieces = Vec::with_capacity(starts.len());
        for ((_, tag), end) in starts.iter().zip(ends) {
            pieces.push(Piece { tag: (*tag).to_owned(), html: CleanHtml(self.0[from..end].to_owned()) });
            from = end;
        }
        pieces
    }

    /// The same text with other addresses: `change` is asked with element and address of each link, picture and film.
    /// An answer that is not allowed there changes nothing.
    pub fn with_addresses(&self, change: &mut dyn FnMut(&str, &str) -> Option<String>) -> CleanHtml {
        let mut html = String::with_capacity(self.0.len());
        for token in Tokens(&self.0) {
            match token {
                Token::Open(tag) => match readdressed(tag, change) {
                    Some(changed) => html.push_str(&changed),
                    None => html.push_str(tag.as_str()),
                },
                Token::Text(text) => html.push_str(text),
                Token::Close(name) => push_close(&mut html, name),
            }
        }
        CleanHtml(html)
    }

    /// The same text with other elements in the place of some: `change` is asked about each element that is `wanted`,
    /// with what is inside; `None` leaves it as it is. It is not asked about elements inside of a wanted one.
    pub fn with_elements(
        &self,
        wanted: &dyn Fn(Tag<'_>) -> bool,
        change: &mut dyn FnMut(&CleanHtml) -> Option<CleanHtml>,
    ) -> CleanHtml {
        let mut html = String::with_capacity(self.0.len());
        // Where a wanted element begins and where its inside does, while it is open.
        let mut open: Option<(usize, usize)> = None;
        let (mut depth, mut at) = (0usize, 0usize);
        for token in Tokens(&self.0) {
            let start = at;
            at += token.length();
            match (token, open) {
                (Token::Open(tag), None) if !tag.is_void() && wanted(tag) => open = Some((start, at)),
                (Token::Open(tag), Some(_)) => depth += usize::from(!tag.is_void()),
                (Token::Close(_), Some(_)) if depth > 0 => depth -= 1,
                (Token::Close(_), Some((outside, inside))) => {
                    open = None;
                    match change(&CleanHtml(self.0[inside..start].to_owned())) {
                        Some(other) => html.push_str(other.as_str()),
                        None => html.push_str(&self.0[outside..at]),
                    }
                }
                (Token::Text(_), Some(_)) => {}
                (_, None) => html.push_str(&self.0[start..at]),
            }
        }
        CleanHtml(html)
    }
}

fn push_attribute(html: &mut String, name: &str, encoded: &str) {
    html.push(' ');
    html.push_str(name);
    html.push_str("=\"");
    html.push_str(encoded);
    html.push('"');
}

fn push_close(html: &mut String, name: &str) {
    html.push_str("</");
    html.push_str(name);
    html.push('>');
}

fn readdressed(tag: Tag<'_>, change: &mut dyn FnMut(&str, &str) -> Option<String>) -> Option<String> {
    let name = tag.name();
    let attribute = if name == "a" { "href" } else { "src" };
    let old = tag.attribute(attribute)?;
    let new = change(name, &old)?;
    let allowed = rules::value(name, attribute, &new)?;
    if name == "iframe" && !is_film(&allowed) {
        return None;
    }
    let mut html = format!("<{name}");
    for (other, value) in tag.attributes() {
        match other == attribute {
            true => push_attribute(&mut html, other, &encoded(&allowed)),
            false => push_attribute(&mut html, other, value),
        }
    }
    html.push('>');
    Some(html)
}

/// Frames show films of this one place, as Integreat's app does.
fn is_film(address: &str) -> bool {
    address.starts_with("https://player.vimeo.com/")
}

impl From<String> for CleanHtml {
    fn from(html: String) -> CleanHtml {
        if is_clean(&html) { CleanHtml(html) } else { CleanHtml::parse(&html) }
    }
}
impl From<CleanHtml> for String {
    fn from(html: CleanHtml) -> String {
        html.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn clean(html: &str) -> String {
        CleanHtml::parse(html).as_str().to_owned()
    }

    #[test]
    fn what_integreat_writes_comes_back_in_one_spelling() {
        assert_eq!(
            clean("<p style=\"text-align: justify;\">&#252;&#160;&amp; x</p>\r\n"),
            "<p style=\"text-align: justify;\">ü&nbsp;&amp; x</p>\n"
        );
        let icon = "<img style=\"width: 15px; height: 15px;\" src=\"https://example.org/pin.svg\">";
        assert_eq!(clean(icon), icon);
        assert_eq!(
            clean("<h1 class='x notranslate'>a<h2>b</h2></h1>"),
            "<h2 class=\"notranslate\">a</h2><h2>b</h2>"
        );
    }

    #[test]
    fn nothing_that_runs_or_loads_on_its_own_survives() {
        for hostile in [
            "<script>alert(1)</script>",
            "<svg><a xlink:href='javascript:alert(1)'><title><img src=x onerror=alert(1)></title></a></svg>",
            "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
            "<iframe src='https://evil.example/'><p>x</p></iframe>",
            "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
            "<form action='/'><input><button>x</button></form><base href='//evil.example'><meta http-equiv=refresh>",
            "<a href=\" java&#x0A;script:alert(1)\" onmouseover='x'>x</a>",
            "<p style=\"background:url('//evil.example/x.png')\">x</p>",
        ] {
            let html = clean(hostile);
            for word in
                ["script", "onerror", "<svg", "<iframe", "<form", "url(", "onmouseover", "<base", "<meta"]
            {
                assert!(!html.contains(word), "{word} in {html:?} from {hostile:?}");
            }
        }
    }

    #[test]
    fn a_frame_shows_a_film_or_becomes_a_link() {
        let film = "<iframe src=\"https://player.vimeo.com/video/1\"></iframe>";
        assert_eq!(clean(&film.replace("></", ">old browser <b>x</b></")), film);
        assert_eq!(
            clean("<iframe src=\"https://video.example/1\"></iframe>"),
            "<a href=\"https://video.example/1\" class=\"link-external\">https://video.example/1</a>"
        );
    }

    #[test]
    fn a_text_nested_too_deeply_keeps_its_words() {
        assert_eq!(clean(&format!("{}x &lt;", "<div>".repeat(5000))), "x &lt;");
    }

    #[test]
    fn words_around_blocks_are_pieces_of_their_own() {
        let html = CleanHtml::parse("\n<p>a</p>\n\nb <b>c</b><br>d\n<ul>\n<li>e</li></ul> ");
        let pieces = html.pieces();
        let told: Vec<(&str, &str)> = pieces.iter().map(|p| (p.tag.as_str(), p.html.as_str())).collect();
        let expected =
            [("p", "\n<p>a</p>\n\n"), ("text", "b <b>c</b><br>d\n"), ("ul", "<ul>\n<li>e</li></ul> ")];
        assert_eq!(told, expected);
    }

    #[test]
    fn only_one_outer_div_is_an_outer_div() {
        let inside = |html| CleanHtml::parse(html).inside_sole_div().map(String::from);
        assert_eq!(inside("<div><p>a</p>\n</div>").as_deref(), Some("<p>a</p>\n"));
        assert_eq!(inside("<div>a</div><div>b</div>"), None);
        assert_eq!(inside("<div dir=\"rtl\">a</div>"), None);
        assert_eq!(inside("<div>a</div>\n"), None);
    }

    #[test]
    fn an_element_can_be_shown_otherwise() {
        let html = CleanHtml::parse("<a href=\"/x\">1 <img src=\"/i\" alt=\"\"></a><p><b>2</b></p>");
        let shown = html.rendered(&mut |tag| match tag.name() {
            "a" => Shown::With(vec![("href".to_owned(), "/y?a&b".to_owned())]),
            "img" => Shown::Words("\"w\"".to_owned()),
            "b" => Shown::Words(String::new()),
            _ => Shown::AsItIs,
        });
        assert_eq!(shown.as_str(), "<a href=\"/y?a&amp;b\">1 &quot;w&quot;</a><p>2</p>");
    }

    #[test]
    fn another_thing_can_stand_in_an_elements_place() {
        let html = CleanHtml::parse("<div>a<div><img src=\"/i\" alt=\"\">b</div></div>c<p>d</p>");
        let shown = html.rendered(&mut |tag| match tag.name() {
            "div" => Shown::Instead("<b>x</b>".to_owned()),
            _ => Shown::AsItIs,
        });
        assert_eq!((shown.as_str(), shown.words().as_str()), ("<b>x</b>c<p>d</p>", "xcd"));
        let mut inside = Vec::new();
        let changed = html.with_elements(&|tag| tag.name() == "div" || tag.name() == "p", &mut |html| {
            inside.push(html.as_str().to_owned());
            (inside.len() == 1).then(|| CleanHtml::parse("<hr>"))
        });
        assert_eq!(inside, ["a<div><img src=\"/i\" alt=\"\">b</div>", "d"]);
        assert_eq!(changed.as_str(), "<hr>c<p>d</p>");
    }

    #[test]
    fn a_reference_to_a_contact_keeps_its_form_and_no_other() {
        let card =
            "<div data-contact=\"contact:019b76da-a800-7c3e-9d1a-3f2b6c7d8e9f?show=phone,email\"></div>";
        assert_eq!(clean(card), card);
        for odd in ["contact:<b>", "page:x", "contact:A", ""] {
            assert_eq!(clean(&format!("<div data-contact='{odd}'>x</div>")), "<div>x</div>", "{odd}");
        }
    }

    fn fragment() -> impl Strategy<Value = String> {
        let part = prop_oneof![
            "[a-zäß&<>\"' \r\n\u{a0}]{0,6}",
            "</?(p|div|a|b|i|ul|li|table|tr|td|h1|h2|img|br|pre|iframe|svg|style|math|select|form|button|details|x)>",
            "<(p|a|img|iframe|td|span) (href|src|style|class|dir|alt|onclick|title)=[\"']?[a-z:/.#;&\" <>-]{0,12}[\"']?>",
            Just("<!-- x -->".to_owned()),
            Just("&nbsp;&auml;&#8222;&quot;&lt;".to_owned()),
            Just("<iframe src=\"https://player.vimeo.com/1\">".to_owned()),
        ];
        proptest::collection::vec(part, 0..14).prop_map(|parts| parts.concat())
    }

    proptest! {
        #[test]
        fn cleaning_twice_is_cleaning_once(html in fragment()) {
            let once = CleanHtml::parse(&html);
            prop_assert!(is_clean(once.as_str()), "{:?}", once);
            prop_assert_eq!(&CleanHtml::parse(once.as_str()), &once);
            let again = SANITISER.clean(once.as_str()).to_string();
            prop_assert!(is_clean(&normalised(&again)));
        }

        #[test]
        fn the_pieces_joined_are_the_text(html in fragment()) {
            let clean = CleanHtml::parse(&html);
            let pieces = clean.pieces();
            prop_assert_eq!(&CleanHtml::joined(pieces.iter().map(|piece| &piece.html)), &clean);
            for piece in &pieces {
                prop_assert!(is_clean(piece.html.as_str()), "{:?}", piece);
            }
        }

        #[test]
        fn showing_everything_as_it_is_changes_nothing(html in fragment()) {
            let clean = CleanHtml::parse(&html);
            let shown = clean.rendered(&mut |_| Shown::AsItIs);
            prop_assert_eq!(shown.as_str(), clean.as_str());
            prop_assert_eq!(&clean.with_elements(&|_| true, &mut |_| None), &clean);
            prop_assert_eq!(&clean.with_addresses(&mut |_, address| Some(address.to_owned())), &clean);
        }
    }
}
