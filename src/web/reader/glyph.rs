//! Our own drawings. They stand in for the small pictures of imported texts that this node does not hold, where the
//! file's name says what it shows; the pictures themselves are never loaded from elsewhere.

use crate::web::assets;
use askama::Template;
use askama::filters::HtmlSafe;

/// One drawing of `assets/files/icons/glyphs.svg`, in the colour of the words around it.
#[derive(Template)]
#[template(path = "reader/templates/glyph.html")]
pub struct Glyph {
    sheet: &'static str,
    name: &'static str,
}

impl HtmlSafe for Glyph {}

/// Words in file names, and the drawing for each. The first that fits counts, so the more telling ones come first.
const NAMES: [(&[&str], &str); 33] = [
    (&["hotline", "call", "phone", "telefon"], "phone"),
    (&["sos", "emergency", "notruf", "police", "polizei"], "shield"),
    (&["mail", "envelope"], "mail"),
    (&["ask-for-help"], "help"),
    (&["calendar", "kalender", "termin"], "calendar"),
    (&["clock", "time"], "clock"),
    (&["map", "pin", "standort", "location", "place"], "pin"),
    (&["wheelchair", "disabled", "behinder", "standing"], "access"),
    (&["maternity", "baby", "child", "kind", "girl", "boy", "siblings"], "child"),
    (&["gesundheit", "health", "injection", "patient", "doctor", "care", "medic"], "health"),
    (&["heart", "ehrenamt", "peace", "volunt"], "heart"),
    (
        &["graduate", "student", "school", "schule", "bildung", "achievement", "certificate", "diplom"],
        "learning",
    ),
    (&["translat", "sprache", "language", "meeting", "speech", "beratung", "counsel"], "speech"),
    (&["book", "brainstorm", "lern"], "book"),
    (&["job", "arbeit", "work", "promotion", "career", "beruf"], "work"),
    (&["bill", "money", "dollar", "commerce", "finan", "geld"], "money"),
    (&["dokument", "document", "notepad", "form", "papers"], "paper"),
    (&["folder", "akten"], "folder"),
    (&["famil", "people", "users", "group", "old-couple", "network", "contact"], "people"),
    (&["unterkunft", "wohn", "home", "house"], "home"),
    (&["building", "behörde", "amt-", "rathaus"], "building"),
    (&["bus.", "transport", "bahn", "verkehr", "alltag"], "bus"),
    (&["wifi", "wlan"], "wifi"),
    (&["www", "internet", "globe", "international", "website", "flüchtling", "fl%c3%bcchtling"], "globe"),
    (&["signpost", "compass", "wegweiser", "goal"], "signpost"),
    (&["cogwheel", "steps", "gear"], "steps"),
    (&["magnif", "suche", "search"], "search"),
    (&["idea", "bulb", "tip"], "bulb"),
    (&["interrogation", "problem", "thinking", "question"], "question"),
    (&["information", "info", "welcome"], "info"),
    (&["printer", "druck"], "print"),
    (&["plug", "strom", "energ"], "plug"),
    (&["man", "men", "user", "person", "old"], "person"),
];

impl Glyph {
    pub fn named(name: &'static str) -> Glyph {
        Glyph { sheet: assets::address("glyphs.svg"), name }
    }
}

/// The name of the drawing for a picture with this address.
pub fn for_picture(address: &str) -> Option<&'static str> {
    let file = address.rsplit('/').next()?.to_lowercase();
    NAMES.iter().find(|(words, _)| words.iter().any(|word| file.contains(word))).map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::{NAMES, for_picture};

    #[test]
    fn small_pictures_of_integreat_have_a_drawing() {
        let drawn =
            |file: &str| for_picture(&format!("https://example.org/static/svg/{file}")).unwrap_or("none");
        assert_eq!(drawn("call.svg"), "phone");
        assert_eq!(drawn("003-maps-and-flags-1.png"), "pin");
        assert_eq!(drawn("email126-300x300.png"), "mail");
        assert_eq!(drawn("004-www-1.png"), "globe");
        assert_eq!(drawn("clock96.png"), "clock");
        assert_eq!(drawn("Caritas_Augsburg.png"), "none");
    }

    #[test]
    fn every_drawing_that_is_named_is_on_the_sheet() {
        let sheet = include_str!("../assets/files/icons/glyphs.svg");
        for name in
            NAMES.iter().map(|(_, name)| *name).chain(["globe", "down", "warning", "link", "picture", "pin"])
        {
            assert!(sheet.contains(&format!("<symbol id=\"{name}\"")), "{name}");
        }
    }
}
