//! Asks a running Integreat for everything about one region.

use super::answers::{Answers, LARGEST_ANSWER_BYTES, LanguageAnswer};
use super::error::ImportError;
use crate::platform::fetch::{Ask, Fetcher};
use std::time::Duration;

/// Integreat writes its lists while one waits; large regions take it a while.
const DEADLINE: Duration = Duration::from_secs(120);

/// Fetches region, languages and pages in every language from `base`, such as `https://cms.integreat-app.de`.
/// `tell` hears what is being fetched. # Errors: the address does not answer, or not as API v3 does.
pub async fn download(
    fetcher: &Fetcher,
    base: &str,
    region: &str,
    tell: &mut (dyn FnMut(&str) + Send),
) -> Result<Answers, ImportError> {
    let base = base.trim_end_matches('/');
    let base = base.strip_suffix("/api/v3").unwrap_or(base);
    let mut answers = Answers { place: base.to_owned(), ..Answers::default() };
    let url = format!("{base}/api/v3/regions/");
    tell(&url);
    answers.add_regions(region, &fetch(fetcher, &url).await?, &url)?;
    let url = format!("{base}/api/v3/{region}/languages/");
    tell(&url);
    answers.add_languages(&fetch(fetcher, &url).await?, &url)?;
    let codes: Vec<String> =
        answers.languages.iter().map(|LanguageAnswer { code, .. }| code.clone()).collect();
    for code in codes {
        let url = format!("{base}/api/v3/{region}/{code}/pages/");
        tell(&url);
        answers.add_pages(&code, &fetch(fetcher, &url).await?, &url)?;
    }
    if answers.pages.iter().all(|(_, pages)| pages.is_empty()) {
        return Err(ImportError::NoPages { place: answers.place });
    }
    Ok(answers)
}

async fn fetch(fetcher: &Fetcher, url: &str) -> Result<Vec<u8>, ImportError> {
    let mut ask = Ask::new(url, LARGEST_ANSWER_BYTES);
    ask.deadline = DEADLINE;
    ask.types = &["application/json"];
    let answer = fetcher.get(&ask).await?;
    match answer.status {
        200 => Ok(answer.bytes),
        status => Err(ImportError::Garbled { place: url.to_owned(), why: format!("it answers {status}") }),
    }
}
