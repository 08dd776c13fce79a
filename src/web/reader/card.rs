//! Addresses and contacts as cards: what one writes on an envelope, dials or opens, each a link that the reader's own
//! device understands. No map is asked of anybody.

use super::address::{self, Scope};
use super::frame::{Frame, Marked};
use super::glyph::Glyph;
use super::hours::HoursTable;
use crate::domain::content::embedded::{EmbeddedContact, dialled};
use crate::domain::content::facts::{Address, ContactFacts, PlaceFacts};
use crate::domain::content::references::{ContactReference, Detail};
use crate::locale::words::Words;
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
    /// For devices without a map: a page elsewhere, which is asked by nobody but the reader.
    web: Option<String>,
    map_web: Marked,
}

impl HtmlSafe for AddressCard {}

impl AddressCard {
    pub fn of(frame: &Frame, place: &PlaceFacts) -> AddressCard {
        let geo = place.position.map(|[longitude, latitude]| format!("geo:{latitude:.6},{longitude:.6}"));
        let web = place.position.map(|[longitude, latitude]| {
            let at = format!("{latitude:.6}/{longitude:.6}");
            format!("{MAP_SITE}?mlat={latitude:.6}&mlon={longitude:.6}#map=17/{at}")
        });
        AddressCard {
            place: None,
            lines: lines(&place.address),
            geo,
            map_app: frame.say("map-app"),
            web,
            map_web: frame.say("map-web"),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.place.is_none() && self.lines.is_empty() && self.geo.is_none()
    }
}

const MAP_SITE: &str = "https://www.openstreetmap.org/";

/// As on an envelope; none if all that is known is the country.
pub fn lines(address: &Address) -> Vec<String> {
    let Address { street, postcode, town, country } = address;
    let town = format!("{postcode} {town}");
    if street.trim().is_empty() && town.trim().is_empty() {
        return Vec::new();
    }
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
    /// A way to the contact itself; `None` if there is none.
    fn of(words: &Words, contact: &ContactFacts, detail: Detail) -> Option<Way> {
        let ContactFacts { of: _, name: _, email, phone, mobile, website, hours: _, appointment: _ } =
            contact;
        let (glyph, key, href, text) = match detail {
            Detail::Address => return None,
            Detail::Phone => ("phone", "phone", dialled(phone)?, phone.clone()),
            Detail::Mobile => ("phone", "mobile", dialled(mobile)?, mobile.clone()),
            Detail::Email if email.is_empty() => return None,
            Detail::Email => {
                ("mail", "email", format!("mailto:{}", utf8_percent_encode(email, MAIL)), email.clone())
            }
            Detail::Website => {
                let site = website.as_ref()?.to_string();
                ("globe", "website", site.clone(), spoken(&site))
            }
        };
        Some(Way { glyph: Glyph::named(glyph), label: words.say(key).into(), href, text })
    }

    fn appointment(words: &Words, contact: &ContactFacts) -> Option<Way> {
        let href = contact.appointment.as_ref()?.to_string();
        let label = words.say("appointment").into();
        Some(Way { glyph: Glyph::named("calendar"), label, href, text: String::new() })
    }

    /// Between them a line may be broken; text with blanks breaks at these.
    fn parts(&self) -> Vec<&str> {
        match self.text.contains(' ') {
            true => vec![&self.text],
            false => self.text.split_inclusive(['@', '/']).collect(),
        }
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
        let ContactFacts { of: _, name, email: _, phone: _, mobile: _, website: _, hours, appointment: _ } =
            contact;
        let ways = [Detail::Phone, Detail::Mobile, Detail::Email, Detail::Website];
        let ways = ways.into_iter().filter_map(|detail| Way::of(&frame.words, contact, detail));
        ContactCard {
            title,
            name: name.clone(),
            ways: ways.chain(Way::appointment(&frame.words, contact)).collect(),
            hours_title: frame.say("hours"),
            hours: hours.as_ref().map(|hours| HoursTable::brief(scope, frame, hours, today)),
        }
    }
}

/// A contact inside of a text: by its name, and with the details that the text asks for.
#[derive(Template)]
#[template(path = "reader/templates/embedded.html")]
pub struct EmbeddedCard {
    name: String,
    /// What it is responsible for, where it has a name too.
    area: Option<String>,
    ways: Vec<Way>,
}

impl EmbeddedCard {
    pub fn of(words: &Words, contact: &EmbeddedContact<'_>, reference: &ContactReference) -> EmbeddedCard {
        let address = || {
            let (view, place) = contact.place.filter(|_| contact.has(Detail::Address))?;
            let (href, text) = (address::encoded(&view.path), place.address.in_a_line());
            Some(Way { glyph: Glyph::named("pin"), label: words.say("address").into(), href, text })
        };
        let ways = reference.shown().iter().filter_map(|detail| match detail {
            Detail::Address => address(),
            detail => Way::of(words, contact.facts, *detail),
        });
        let appointment = Way::appointment(words, contact.facts).filter(|_| reference.details.is_empty());
        let (name, area) = (contact.facts.name.trim(), contact.view.title().trim());
        EmbeddedCard {
            name: if name.is_empty() { area } else { name }.to_owned(),
            area: (!name.is_empty() && !area.is_empty()).then(|| area.to_owned()),
            ways: ways.chain(appointment).collect(),
        }
    }
}

/// SPEC: RFC 6068 §2: what an address in a link may hold as it is.
const MAIL: &percent_encoding::AsciiSet =
    &NON_ALPHANUMERIC.remove(b'@').remove(b'.').remove(b'-').remove(b'_').remove(b'+');

/// An address as one says it.
fn spoken(address: &str) -> String {
    let bare = address.trim_start_matches("https://").trim_start_matches("http://");
    bare.trim_start_matches("www.").trim_end_matches('/').to_owned()
}
