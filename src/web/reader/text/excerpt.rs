//! The first words of a text, for lists and search engines.

use super::level;
use crate::base::html::Token;
use crate::domain::content::body::Body;

/// Whole words from the paragraphs of a text, at most `most` characters of them.
pub fn excerpt(body: &Body, most: usize) -> String {
    let mut words = String::new();
    for block in body.blocks.iter().filter(|block| level(&block.tag).is_none() && block.tag != "table") {
        for token in block.html.tokens() {
            match token {
                Token::Text(text) => words.push_str(text),
                Token::Open(tag)
                    if !matches!(tag.name(), "a" | "b" | "strong" | "em" | "i" | "u" | "span") =>
                {
                    words.push(' ')
                }
                _ => {}
            }
        }
        words.push(' ');
        if words.len() > most * 4 {
            break;
        }
    }
    let words =
        words.replace("&nbsp;", " ").replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
    let words = words.replace("&amp;", "&").split_whitespace().collect::<Vec<_>>().join(" ");
    match words.char_indices().nth(most) {
        None => words,
        Some((end, _)) => {
            let cut = words[..end].rsplit_once(' ').map_or(&words[..end], |(whole, _)| whole);
            format!("{} …", cut.trim_end_matches([',', '.', ':', ';', '–', '-', '،']))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::body;
    use super::excerpt;

    #[test]
    fn an_excerpt_is_whole_words_without_headings() {
        let text = body("<h3>Head</h3><p>Eins &amp; zwei<br>drei, vier</p>");
        assert_eq!(excerpt(&text, 100), "Eins & zwei drei, vier");
        assert_eq!(excerpt(&text, 18), "Eins & zwei drei …");
    }
}
