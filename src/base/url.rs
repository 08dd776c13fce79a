//! Addresses on the web that a text or a fact may lead readers to, and the spelling of our own.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// An `http` or `https` address with a host, as it was written; at most 2,048 bytes. Whoever shows it as a link can
/// be sure that it runs nothing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct WebUrl(String);

/// Not an address on the web.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{0:?} is not an address on the web; expected https://… or http://…")]
pub struct UrlError(String);

const LONGEST_BYTES: usize = 2048;

impl WebUrl {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for WebUrl {
    type Err = UrlError;
    fn from_str(text: &str) -> Result<WebUrl, UrlError> {
        let text = text.trim();
        let refuse = || UrlError(text.chars().take(200).collect());
        let parsed = url::Url::parse(text).map_err(|_| refuse())?;
        let on_the_web = matches!(parsed.scheme(), "http" | "https") && parsed.has_host();
        if on_the_web && text.len() <= LONGEST_BYTES { Ok(WebUrl(text.to_owned())) } else { Err(refuse()) }
    }
}

impl TryFrom<String> for WebUrl {
    type Error = UrlError;
    fn try_from(text: String) -> Result<WebUrl, UrlError> {
        text.parse()
    }
}
impl From<WebUrl> for String {
    fn from(url: WebUrl) -> String {
        url.0
    }
}
impl fmt::Display for WebUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// SPEC: RFC 3986 §3.3: what a path segment may hold as it is, without `'`, which some quote links with.
const PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/')
    .remove(b'!')
    .remove(b'$')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b';')
    .remove(b'=')
    .remove(b':')
    .remove(b'@');

/// A path as it stands in a link.
pub fn encoded(path: &str) -> String {
    utf8_percent_encode(path, PATH).to_string()
}

/// `None` if it is not UTF-8.
pub fn decoded(path: &str) -> Option<String> {
    percent_decode_str(path).decode_utf8().ok().map(|path| path.into_owned())
}

/// The whole address of a path, for machines that read it elsewhere; `site` ends in a slash.
pub fn absolute(site: &str, path: &str) -> String {
    format!("{site}{}", encoded(path.strip_prefix('/').unwrap_or(path)))
}

#[cfg(test)]
mod tests {
    use super::WebUrl;

    #[test]
    fn only_addresses_on_the_web_are_taken() {
        for good in ["https://example.org", "http://example.org/ä?b=c#d", " https://127.0.0.1:8080/x "] {
            assert_eq!(good.parse::<WebUrl>().unwrap().as_str(), good.trim());
        }
        for bad in [
            "",
            "example.org",
            "javascript:alert(1)",
            "data:text/html,x",
            "//example.org",
            "https:",
            "ftp://x",
        ] {
            assert!(bad.parse::<WebUrl>().is_err(), "{bad}");
        }
        assert!(format!("https://example.org/{}", "x".repeat(3000)).parse::<WebUrl>().is_err());
    }
}
