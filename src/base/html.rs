//! The only type that holds HTML: clean because nothing else can be made.

use serde::{Deserialize, Serialize};

/// A fragment of sanitised HTML.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct CleanHtml(String);

impl CleanHtml {
    /// Keeps what is allowed of `html` and drops the rest; clean input comes back byte for byte.
    pub fn parse(html: &str) -> CleanHtml {
        CleanHtml(ammonia::Builder::default().clean(html).to_string())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for CleanHtml {
    fn from(html: String) -> CleanHtml {
        CleanHtml::parse(&html)
    }
}
impl From<CleanHtml> for String {
    fn from(html: CleanHtml) -> String {
        html.0
    }
}
