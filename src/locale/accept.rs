//! Which language a browser asks for (RFC 9110 §12.5.4, matched by lookup as RFC 4647 §3.4 has it).

use crate::base::language::LanguageTag;

/// Longest header that is read; the rest of a longer one is ignored.
const LONGEST_HEADER: usize = 512;

/// The position in `offered` of the language that suits `header` best, if any does.
/// A wish for `de-AT` is met by `de`, and a wish for `de` by `de-DE` when there is nothing nearer.
pub fn best<'a>(header: &str, offered: impl Iterator<Item = &'a LanguageTag> + Clone) -> Option<usize> {
    wishes(header).find_map(|wish| {
        let mut shorter = wish.as_str();
        loop {
            if let Some(at) = offered.clone().position(|tag| tag.as_str().eq_ignore_ascii_case(shorter)) {
                return Some(at);
            }
            match shorter.rfind('-') {
                Some(hyphen) => shorter = &shorter[..hyphen],
                None => break,
            }
        }
        let primary = wish.split('-').next()?;
        offered.clone().position(|tag| tag.primary().eq_ignore_ascii_case(primary))
    })
}

/// The languages wished for, dearest first; `*` and those refused by `q=0` are left out.
fn wishes(header: &str) -> impl Iterator<Item = String> {
    let end = (0..=header.len().min(LONGEST_HEADER)).rev().find(|at| header.is_char_boundary(*at));
    let mut wishes: Vec<(u16, String)> = header[..end.unwrap_or(0)]
        .split(',')
        .filter_map(|part| {
            let (tag, weight) = part.split_once(';').unwrap_or((part, ""));
            let weight = match weight.trim().strip_prefix("q=") {
                Some(number) => number.trim().parse::<f32>().ok()?,
                None => 1.0,
            };
            let tag = tag.trim();
            let weight = (weight.clamp(0.0, 1.0) * 1000.0) as u16;
            (weight > 0 && !tag.is_empty() && tag != "*").then(|| (weight, tag.to_owned()))
        })
        .collect();
    wishes.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
    wishes.into_iter().map(|(_, tag)| tag)
}

#[cfg(test)]
mod tests {
    use super::best;
    use crate::base::language::LanguageTag;

    fn chosen(header: &str, offered: &[&str]) -> Option<usize> {
        let tags: Vec<LanguageTag> = offered.iter().map(|tag| tag.parse().unwrap()).collect();
        best(header, tags.iter())
    }

    #[test]
    fn the_dearest_wish_that_can_be_met_wins() {
        assert_eq!(chosen("tr, ar;q=0.9, de;q=0.5", &["de", "en", "ar"]), Some(2));
        assert_eq!(chosen("de;q=0.3,en;q=0.8", &["de", "en"]), Some(1));
    }

    #[test]
    fn a_near_language_is_better_than_none() {
        assert_eq!(chosen("de-AT", &["en", "de"]), Some(1));
        assert_eq!(chosen("zh", &["en", "zh-Hans"]), Some(1));
    }

    #[test]
    fn what_is_refused_or_nonsense_is_not_chosen() {
        assert_eq!(chosen("de;q=0", &["de"]), None);
        assert_eq!(chosen("*, ;;;, q=1,é;q=x", &["de"]), None);
        assert_eq!(chosen("", &["de"]), None);
    }
}
