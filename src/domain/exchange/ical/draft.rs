//! A foreign event in our words: facts, title and text. Its words are plain by the rules and HTML by habit; either is
//! harmless when it leaves here.

use super::CalendarEvent;
use crate::base::digest::Digest;
use crate::base::html::CleanHtml;
use crate::base::id::ObjectId;
use crate::base::url::WebUrl;
use crate::domain::content::blocks;
use crate::domain::content::body::LARGEST_BODY_BYTES;
use crate::domain::content::facts::{EventFacts, Facts};
use crate::locale::words::Words;
use std::collections::HashMap;

/// Characters of what is taken over; more helps nobody and fills a body.
const LONGEST_TITLE: usize = 250;
const LONGEST_TEXT: usize = 20_000;
const LONGEST_LOCATION: usize = 500;
/// Of plain text.
const MOST_PARAGRAPHS: usize = 1_000;
/// Of a text that was HTML; a body may have twice as many.
const MOST_BLOCKS: usize = 2_000;
/// At most, of what a body says of a block besides its text, and of an event besides its blocks.
const BLOCK_BYTES: usize = 64;
const HEAD_BYTES: usize = 8 * 1024;

/// What an event is to be here.
pub struct Draft {
    pub title: String,
    pub html: CleanHtml,
    pub facts: Facts,
    /// The description is left out, as nothing so long or in so many parts can be published.
    lacks_text: bool,
}

/// The places of the region, by their names in any language, in small letters.
#[derive(Default)]
pub struct Places(HashMap<String, ObjectId>);

impl Places {
    pub fn of(named: impl IntoIterator<Item = (String, ObjectId)>) -> Places {
        let key = |(name, object): (String, ObjectId)| (name.trim().to_lowercase(), object);
        Places(named.into_iter().map(key).filter(|(name, _)| !name.is_empty()).collect())
    }

    /// The place that a LOCATION names: as a whole, or before its address.
    fn find(&self, location: &str) -> Option<ObjectId> {
        let first = location.split([',', '\n']).next().unwrap_or_default();
        [location, first].iter().find_map(|name| self.0.get(&name.trim().to_lowercase())).copied()
    }
}

impl Draft {
    /// `None`: it has no title.
    pub fn of(event: &CalendarEvent, places: &Places, words: &Words) -> Option<Draft> {
        let title = cut(&event.summary, LONGEST_TITLE);
        let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
        if title.is_empty() {
            return None;
        }
        let location = event.location.as_deref().map(|location| cut(location, LONGEST_LOCATION));
        let online = location.as_ref().and_then(|location| location.parse::<WebUrl>().ok());
        let place = location.as_ref().and_then(|location| places.find(location));
        let when = event.schedule.clone();
        let where_else = location.filter(|_| place.is_none() && online.is_none());
        let facts = EventFacts { when, only_weekdays: false, place, online, picture: None };
        let description = cut(event.description.as_deref().unwrap_or_default(), LONGEST_TEXT);
        let whole = text(&description, event, where_else.as_deref(), words);
        let lacks_text = !fits(&whole);
        let html = match lacks_text {
            false => whole,
            true => Some(text("", event, where_else.as_deref(), words)).filter(fits).unwrap_or_default(),
        };
        Some(Draft { title, html, facts: Facts::Event(Box::new(facts)), lacks_text })
    }

    /// What of the event is not taken over, in plain words.
    pub fn loss(&self) -> Option<String> {
        let told = || format!("“{}” was taken over, but without its text, which is too long", self.title);
        self.lacks_text.then(told)
    }

    /// Equal for texts that would be published alike.
    pub fn text_digest(&self) -> String {
        Digest::of(format!("{} {}\n{}", self.title.len(), self.title, self.html.as_str()).as_bytes())
            .to_string()
    }

    /// The same of facts.
    pub fn facts_digest(&self) -> String {
        Digest::of(serde_json::to_string(&self.facts).unwrap_or_default().as_bytes()).to_string()
    }
}

/// The description, where it is if that is no place of ours, and where to read on.
fn text(description: &str, event: &CalendarEvent, location: Option<&str>, words: &Words) -> CleanHtml {
    let mut parts = match is_html(description) {
        true => vec![CleanHtml::parse(&broken(description))],
        false => vec![CleanHtml::of_lines(&paragraphs(description))],
    };
    parts.extend(location.map(|location| {
        let words = format!("{}: {}", words.say("where").text, location.replace('\n', ", "));
        CleanHtml::of_lines(&words)
    }));
    if let Some(url) = event.url.as_ref().and_then(|url| url.as_str().parse::<WebUrl>().ok()) {
        let url = escaped(url.as_str());
        parts.push(CleanHtml::parse(&format!("<p><a href=\"{url}\">{url}</a></p>")));
    }
    // Parsed as a whole, since what stood open at the end of one part must not take in the next.
    CleanHtml::parse(CleanHtml::joined(&parts).as_str())
}

/// Whether it can be published as the text of an event.
fn fits(html: &CleanHtml) -> bool {
    let blocks = blocks::split(html).1.len();
    let bytes = serde_json::to_string(html).map_or(usize::MAX, |json| json.len());
    blocks <= MOST_BLOCKS && bytes.saturating_add(blocks * BLOCK_BYTES + HEAD_BYTES) <= LARGEST_BODY_BYTES
}

/// Its lines that say something; what is beyond [`MOST_PARAGRAPHS`] stands in the last of them.
fn paragraphs(text: &str) -> String {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let mut paragraphs: Vec<&str> = lines.by_ref().take(MOST_PARAGRAPHS - 1).collect();
    let rest = lines.collect::<Vec<_>>().join(" ");
    paragraphs.push(&rest);
    paragraphs.join("\n")
}

/// Whether a text has tags that people write, which no plain text has.
fn is_html(text: &str) -> bool {
    const TAGS: [&str; 12] =
        ["<br", "<p>", "<p ", "</p>", "<a ", "</a>", "<ul", "<b>", "<strong", "<span", "<div", "<html"];
    let text = text.to_lowercase();
    TAGS.iter().any(|tag| text.contains(tag))
}

/// Lines as lines also where the HTML says nothing of them.
fn broken(html: &str) -> String {
    let says = |tag: &str| html.to_lowercase().contains(tag);
    if says("<br") || says("<p") || says("<div") { html.to_owned() } else { html.replace('\n', "<br>") }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text.to_owned(),
        Some((end, _)) => format!("{} …", text[..end].trim_end()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::content::recurrence::Zone;
    use crate::domain::exchange::ical::read;

    fn draft(lines: &str) -> Option<Draft> {
        let file =
            format!("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART:20260602T170000\n{lines}\nEND:VEVENT\n");
        let event = read(file.as_bytes(), 1_000_000, &Zone::utc()).unwrap().events.remove(0);
        let place = ObjectId::from_uuid(uuid::Uuid::from_u128(7));
        let places = Places::of([("Rathaus".to_owned(), place), (String::new(), place)]);
        Draft::of(&event, &places, &Words::of(&"de".parse().unwrap()))
    }

    fn html(lines: &str) -> String {
        draft(&format!("SUMMARY:Fest\n{lines}")).unwrap().html.as_str().to_owned()
    }

    #[test]
    fn a_text_is_taken_as_it_is_meant() {
        assert_eq!(html("DESCRIPTION:Eins & <zwei>\\n\\n drei"), "<p>Eins &amp; &lt;zwei&gt;</p><p>drei</p>");
        assert_eq!(html("DESCRIPTION:Hier <b>klar</b>\\nweiter"), "Hier <b>klar</b><br>weiter");
        assert_eq!(
            html("URL:https://example.org/?a=1&b=\"2\""),
            "<p><a href=\"https://example.org/?a=1&amp;b=%222%22\">https://example.org/?a=1&amp;b=%222%22</a></p>"
        );
        assert_eq!(html(""), "");
    }

    #[test]
    fn hostile_html_leaves_as_words() {
        let hostile = html(
            "DESCRIPTION:<p onclick=x()>a<script>alert(1)</script><iframe src=\"https://evil.example\"></iframe><a href=\"javascript:x\">b</a><b><div><!--\nURL:https://example.org/",
        );
        assert!(
            !["onclick", "script", "iframe", "javascript"].iter().any(|word| hostile.contains(word)),
            "{hostile}"
        );
        assert!(hostile.contains("<a href=\"https://example.org/\">"), "{hostile}");
        let nested = html(&format!("DESCRIPTION:{}", "<div><b>".repeat(2400)));
        assert!(nested.len() < 200_000);
    }

    #[test]
    fn a_location_is_a_place_a_link_or_words() {
        let facts = |lines: &str| match draft(&format!("SUMMARY:Fest\n{lines}")).unwrap().facts {
            Facts::Event(facts) => (facts.place.is_some(), facts.online.is_some()),
            _ => unreachable!(),
        };
        assert_eq!(facts("LOCATION:rathaus"), (true, false));
        assert_eq!(facts("LOCATION:Rathaus\\, Markt 1\\, 12345 Stadt"), (true, false));
        assert_eq!(facts("LOCATION:https://meet.example/x"), (false, true));
        assert_eq!(facts("LOCATION:Am See"), (false, false));
        assert_eq!(html("LOCATION:Am <See>\\nSteg 2"), "<p>Wo: Am &lt;See&gt;, Steg 2</p>");
        assert_eq!(html("LOCATION:Rathaus"), "");
    }

    #[test]
    fn a_text_in_countless_parts_can_be_published_or_is_left_out() {
        let lines = draft(&format!("SUMMARY:Fest\nDESCRIPTION:{}", "x\\n".repeat(9_000))).unwrap();
        assert_eq!(blocks::split(&lines.html).1.len(), MOST_PARAGRAPHS);
        assert!(lines.loss().is_none() && lines.html.as_str().ends_with("x x x</p>"));
        let parts =
            draft(&format!("SUMMARY:Fest\nLOCATION:See\nDESCRIPTION:{}", "<p>x".repeat(4_500))).unwrap();
        assert_eq!(parts.html.as_str(), "<p>Wo: See</p>");
        assert!(parts.loss().unwrap().contains("without its text"));
    }

    #[test]
    fn what_is_too_long_is_cut_and_what_has_no_title_is_nothing() {
        let long =
            draft(&format!("SUMMARY:{}\nDESCRIPTION:{}", "ä".repeat(9999), "x".repeat(99_999))).unwrap();
        assert_eq!(long.title.chars().count(), LONGEST_TITLE + 2);
        assert!(long.html.as_str().len() < LONGEST_TEXT + 20);
        assert!(draft("SUMMARY: \\n").is_none() && draft("").is_none());
    }
}
