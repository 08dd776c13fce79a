//! JSON byte for byte as Integreat prints it: blanks after separators, nothing but ASCII, dates in its form.

use crate::base::moment::Moment;
use jiff::tz::TimeZone;
use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};
use std::io;

/// # Errors: only those of the values' own `Serialize`.
pub fn bytes_of(value: &impl Serialize) -> Result<Vec<u8>, serde_json::Error> {
    let mut bytes = Vec::with_capacity(1024);
    value.serialize(&mut Serializer::with_formatter(&mut bytes, Python))?;
    Ok(bytes)
}

/// What `json.dumps` of Python does when it is asked for nothing special.
struct Python;

impl Formatter for Python {
    fn begin_array_value<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        writer.write_all(if first { b"" } else { b", " })
    }

    fn begin_object_key<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        writer.write_all(if first { b"" } else { b", " })
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }

    /// Gets what needs no escape in JSON itself; here everything but printable ASCII is escaped.
    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut rest = fragment;
        while let Some(at) = rest.find(|c: char| !(' '..='~').contains(&c)) {
            let (plain, special) = rest.split_at(at);
            writer.write_all(plain.as_bytes())?;
            let mut characters = special.chars();
            for unit in characters.next().into_iter().flat_map(utf16) {
                write!(writer, "\\u{unit:04x}")?;
            }
            rest = characters.as_str();
        }
        writer.write_all(rest.as_bytes())
    }
}

/// One unit, or a surrogate pair.
fn utf16(character: char) -> Vec<u16> {
    character.encode_utf16(&mut [0; 2]).to_vec()
}

/// `YYYY-MM-DDTHH:MM:SS[.mmm](Z|±HH:MM)`: milliseconds, cut off, only if there is a fraction at all.
pub fn date_time(at: Moment, zone: &TimeZone) -> String {
    let local = at.timestamp().to_zoned(zone.clone());
    let micros = at.micros().rem_euclid(1_000_000);
    let fraction = if micros == 0 { String::new() } else { format!(".{:03}", micros / 1_000) };
    let offset = if local.offset().is_zero() { "Z".to_owned() } else { local.strftime("%:z").to_string() };
    format!("{}{fraction}{offset}", local.strftime("%Y-%m-%dT%H:%M:%S"))
}

#[cfg(test)]
mod tests {
    use super::{bytes_of, date_time};
    use crate::base::moment::Moment;
    use jiff::tz::TimeZone;
    use serde_json::json;

    #[test]
    fn json_looks_as_python_prints_it() {
        let value =
            json!({"a": [1, 10.0, null, true], "b": "Gr\u{fc}\u{df} \u{1f600} \"\\\n\u{7f}/", "c": {}});
        let expected =
            r#"{"a": [1, 10.0, null, true], "b": "Gr\u00fc\u00df \ud83d\ude00 \"\\\n\u007f/", "c": {}}"#;
        assert_eq!(String::from_utf8(bytes_of(&value).unwrap()).unwrap(), expected);
    }

    #[test]
    fn a_date_is_cut_to_milliseconds_and_has_the_offset_of_its_zone() {
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        let text = |at: &str, zone: &TimeZone| date_time(Moment::parse(at).unwrap(), zone);
        assert_eq!(text("2023-11-20T13:06:57.5299Z", &berlin), "2023-11-20T14:06:57.529+01:00");
        assert_eq!(text("2023-07-20T13:06:57Z", &berlin), "2023-07-20T15:06:57+02:00");
        assert_eq!(text("2023-07-20T13:06:57.000001Z", &TimeZone::UTC), "2023-07-20T13:06:57.000Z");
        assert_eq!(text("2023-07-20T15:06:57+02:00", &TimeZone::UTC), "2023-07-20T13:06:57Z");
        let london = TimeZone::get("Europe/London").unwrap();
        assert_eq!(text("2023-01-01T00:00:00Z", &london), "2023-01-01T00:00:00Z");
        let india = TimeZone::get("Asia/Kolkata").unwrap();
        assert_eq!(text("2023-01-01T00:00:00Z", &india), "2023-01-01T05:30:00+05:30");
    }
}
