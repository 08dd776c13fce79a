//! Addresses and contacts as cards: what one writes on an envelope, dials or opens, each a link that the reader's own
//! device understands. No map is asked of anybody.

use super::address::Scope;
use super::frame::{Frame, Marked};
use super::glyph::Glyph;
use super::hours::HoursTable;
use crate::domain::content::facts::{Address, ContactFacts, PlaceFacts};
use askama::Template;
use askama::filters::HtmlSafe;
use jiff::civil::Date;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// Where something is.
#[derive(Template)]
#[template(path = "reader/templates/address.html")]
pub struct AddressCard {
    /// The place's name and the way to its page, where the card stands on another page.
    pub place: Option<(Marked, String)>,
    lines: Vec<String>,
    /// Opens the reader's own map (RFC 5870).
    geo: Option<String>,
    map_app: Marked,
}

impl HtmlSafe for AddressCard {}

impl AddressCard {
    pub fn of(frame: &Frame, place: &PlaceFacts) -> AddressCard {
        let geo = place.position.map(|[longitude, latitude]| format!("geo:{latitude:.6},{longitude:.6}"));
        AddressCard { place: None, lines: lines(&place.address), geo, map_app: frame.say("map-app") }
    }

    pub fn is_empty(&self) -> bool {
        self.place.is_none() && self.lines.is_empty() && self.geo.is_none()
    }
}

/// As on an envelope.
pub fn lines(address: &Address) -> Vec<String> {
    let Address { street, postcode, town, country } = address;
    let town = format!("{postcode} {town}");
    let lines = [street.trim(), town.trim(), country.trim()];
    lines.into_iter().filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// Whom to turn to.
#[derive(Template)]
#[template(path = "reader/templates/contact.html")]
pub struct ContactCard {
    /// What it is responsible for.
    title: Option<Marked>,
    name: String,
    ways: Vec<Way>,
    hours_title: Marked,
    hours: Option<HoursTable>,
}

impl HtmlSafe for ContactCard {}

/// A way to reach somebody.
struct Way {
    glyph: Glyph,
    label: Marked,
    href: String,
    /// Empty if the label says it all.
    text: String,
}

impl Way {
    /// Between them a line may be broken.
    fn parts(&self) -> std::str::SplitInclusive<'_, char> {
        self.text.split_inclusive('@')
    }
}

impl ContactCard {
    pub fn of(
        scope: Scope<'_>,
        frame: &Frame,
        title: Option<Marked>,
        contact: &ContactFacts,
        today: Date,
    ) -> ContactCard {
        let ContactFacts { of: _, name, email, phone, mobile, website, hours, appointment } = contact;
        let mut ways = Vec::new();
        let mut add = |glyph, key: &str, href: Option<String>, text: String| {
            ways.extend(href.map(|href| Way {
                glyph: Glyph::named(glyph),
                label: frame.say(key),
                href,
                text,
            }));
        };
        add("phone", "phone", dialled(phone), phone.clone());
        add("phone", "mobile", dialled(mobile), mobile.clone());
        let mail = (!email.is_empty()).then(|| format!("mailto:{}", utf8_percent_encode(email, MAIL)));
        add("mail", "email", mail, email.clone());
        let site = website.as_ref().map(ToString::to_string);
        add("globe", "website", site.clone(), site.as_deref().map(spoken).unwrap_or_default());
        add("calendar", "appointment", appointment.as_ref().map(ToString::to_string), String::new());
        ContactCard {
            title,
            name: name.clone(),
            ways,
            hours_title: frame.say("hours"),
            hours: hours.as_ref().map(|hours| HoursTable::brief(scope, frame, hours, today)),
        }
    }
}

/// SPEC: RFC 6068 §2: what an address in a link may hold as it is.
const MAIL: &percent_encoding::AsciiSet =
    &NON_ALPHANUMERIC.remove(b'@').remove(b'.').remove(b'-').remove(b'_').remove(b'+');

/// A link that dials a number as people write it; `None` if there are no digits in it. A zero in brackets is only
/// dialled by those who leave out the country.
pub fn dialled(number: &str) -> Option<String> {
    let plain =
        if number.trim_start().starts_with('+') { number.replace("(0)", "") } else { number.to_owned() };
    let plus = if plain.trim_start().starts_with('+') { "+" } else { "" };
    let digits: String = plain.chars().filter(char::is_ascii_digit).collect();
    (!digits.is_empty()).then(|| format!("tel:{plus}{digits}"))
}

/// An address as one says it.
fn spoken(address: &str) -> String {
    let bare = address.trim_start_matches("https://").trim_start_matches("http://");
    bare.trim_start_matches("www.").trim_end_matches('/').to_owned()
}

#[cfg(test)]
mod tests {
    use super::dialled;

    #[test]
    fn a_number_is_dialled_however_it_is_written() {
        assert_eq!(dialled("0821 / 31 02-0").as_deref(), Some("tel:082131020"));
        assert_eq!(dialled("+49 (0) 821 3102").as_deref(), Some("tel:+498213102"));
        assert_eq!(dialled("+49 (0)821 3102").as_deref(), Some("tel:+498213102"));
        assert_eq!(dialled("(0821) 3102").as_deref(), Some("tel:08213102"));
        assert_eq!(dialled("auf Anfrage"), None);
    }
}
