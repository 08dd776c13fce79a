//! Asks a running Integreat for everything about one region.

use super::answers::{Answers, LARGEST_ANSWER_BYTES, LanguageAnswer, Told};
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
        let told = fetch(fetcher, &url).await;
        match told.and_then(|bytes| answers.add_pages(&code, &bytes, &url)) {
            Ok(()) => {}
            // All others are translated from the first.
            Err(error) if answers.pages.is_empty() => return Err(error),
            Err(error) => {
                missed(&mut answers, "pages", &error);
                continue;
            }
        }
        for (what, path) in CARDS {
            let url = format!("{base}/api/v3/{region}/{code}/{path}");
            tell(&url);
            add_cards(&mut answers, (what, &code), fetch(fetcher, &url).await, &url);
        }
    }
    let url = format!("{base}/api/v3/{region}/offers/");
    tell(&url);
    add_cards(&mut answers, ("offers", ""), fetch(fetcher, &url).await, &url);
    if answers.pages.iter().all(|(_, pages)| pages.is_empty()) {
        return Err(ImportError::NoPages { place: answers.place });
    }
    Ok(answers)
}

/// What is asked for besides pages, in every language.
const CARDS: [(&str, &str); 6] = [
    ("locations", "locations/"),
    ("locations-on-map", "locations/?on_map=1"),
    ("location-categories", "location-categories/"),
    ("events", "events/?combine_recurring=True"),
    ("news", "news/?size=500"),
    ("imprint", "imprint/"),
];

/// What is not answered is noted, and the rest taken over all the same: a region may have no imprint.
fn add_cards(
    answers: &mut Answers,
    (what, code): (&str, &str),
    answer: Result<Vec<u8>, ImportError>,
    url: &str,
) {
    let added = answer.and_then(|bytes| answers.add_cards(what, code, &bytes, url));
    if let Err(error) = added {
        missed(answers, what, &error);
    }
}

fn missed(answers: &mut Answers, what: &str, error: &ImportError) {
    answers.defects.push(format!("{error}; nothing was taken over from it"));
    answers.gaps.extend(Told::by(what));
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

#[cfg(test)]
mod tests {
    use super::super::{Held, Options, fetch_media, import, prepare, wanted_media};
    use super::download;
    use crate::base::digest::Digest;
    use crate::base::moment::Moment;
    use crate::domain::content::Desk;
    use crate::domain::content::assemble::assemble;
    use crate::platform::blobs::Blobs;
    use crate::platform::clock::Clock;
    use crate::platform::db::Read;
    use crate::platform::db::testing::database;
    use crate::platform::fetch::testing::{BadServer, Reply, answer};
    use crate::platform::fetch::{FetchPolicy, Fetcher};
    use std::collections::HashMap;
    use std::sync::{Arc, Mutex};

    /// A picture of one colour.
    fn png(red: u8) -> Vec<u8> {
        let mut bytes = std::io::Cursor::new(Vec::new());
        let picture = image::RgbImage::from_pixel(8, 8, image::Rgb([red, 0, 0]));
        picture.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
        bytes.into_inner()
    }

    const PLAN: u8 = 10;
    const ICON: u8 = 200;

    fn integreat(head: &str) -> Reply {
        let host =
            head.lines().find_map(|line| line.to_lowercase().strip_prefix("host: ").map(str::to_owned));
        let host = host.unwrap();
        let picture = |name: &str| format!("<img src=\\\"http://{host}/media/{name}\\\" alt=\\\"Plan\\\">");
        let page = |language: &str, content: &str| {
            format!(
                r#"[{{"path": "/r/{language}/a/", "title": "A", "url": "http://{host}/r/{language}/a/",
                     "thumbnail": "http://{host}/media/icon.png",
                     "last_updated": "2026-01-01T00:00:00+01:00", "content": "{content}",
                     "available_languages": {{"de": {{"path": "/r/de/a/"}}, "ar": {{"path": "/r/ar/a/"}}}}}}]"#
            )
        };
        let bytes = match head.split(' ').nth(1).unwrap_or("") {
            "/api/v3/regions/" => {
                r#"[{"path": "other", "name": "O"}, {"path": "r", "name": "Stadt R", "plz": "12345",
                "bounding_box": null, "aliases": {}, "languages": []}]"#
                    .to_owned()
            }
            "/api/v3/r/languages/" => {
                r#"[{"code": "de", "bcp47_tag": "de-DE", "native_name": "Deutsch", "dir": "x"},
                {"code": "ar", "bcp47_tag": "ar", "native_name": "العربية"}]"#
                    .to_owned()
            }
            "/api/v3/r/de/pages/" => {
                page("de", &format!("<p>{}{}{}</p>", picture("a.png"), picture("b.svg"), picture("c.png")))
            }
            "/api/v3/r/ar/pages/" => page("ar", &picture("a.png")),
            "/media/a.png" => return Reply::Bytes(answer("200 OK", "", &png(PLAN))),
            "/media/icon.png" => return Reply::Bytes(answer("200 OK", "", &png(ICON))),
            "/media/b.svg" => return Reply::Bytes(answer("200 OK", "", b"<svg/>")),
            _ => return Reply::Bytes(answer("404 Not Found", "", b"")),
        };
        Reply::Bytes(answer("200 OK", "Content-Type: application/json\r\n", bytes.as_bytes()))
    }

    #[tokio::test]
    async fn a_region_is_fetched_with_the_media_that_may_be_kept() {
        let server = BadServer::start(integreat);
        let fetcher = Fetcher::new(FetchPolicy { allow_private: true });
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(folder.path()).unwrap();
        let (database, _scratch) = database();
        let clock = Clock::manual(Moment::from_micros(0));
        let mut revisions = Vec::new();
        for _ in 0..2 {
            let answers = download(&fetcher, &server.url, "r", &mut |_| ()).await.unwrap();
            let prepared = prepare(answers, &Options { region: "r".into(), ..Options::default() }).unwrap();
            let mut held = database.read(|tx: &mut Read<'_>| Held::remembered(tx)).unwrap();
            let wanted = wanted_media(&prepared);
            assert_eq!(wanted.len(), 4);
            fetch_media(&fetcher, &blobs, &wanted, &mut held, &mut |_| ()).await.unwrap();
            let desk = Desk { clock: &clock, site: "https://r.example/" };
            let report = database.write(|tx| import(tx, &desk, prepared, &held)).unwrap();
            assert!(
                report.notes.iter().any(|note| note.contains("b.svg is not kept: the file is a drawing")),
                "{report}"
            );
            assert!(report.notes.iter().any(|note| note.contains("c.png answers 404")), "{report}");
            revisions.push(report.new_revisions);
        }
        assert_eq!(revisions, [2, 0]);
        let snapshot =
            database.read(|tx: &mut Read<'_>| assemble(tx, Moment::from_seconds(0), HashMap::new())).unwrap();
        let region = snapshot.region("r").unwrap();
        assert_eq!((region.name.as_str(), region.languages[0].tag.as_str()), ("Stadt R", "de-DE"));
        let body = &region.edition("de").unwrap().1.pages.items[0].body;
        assert!(blobs.holds(&body.media[0].sha256) && body.media[0].alt == "Plan");
        assert!(body.html().as_str().contains(&format!("src=\"media:{}\"", body.media[0].sha256)));
        let icon = Digest::of(&png(ICON));
        // The picture that stands for the page goes with each of its texts, so that whoever mirrors one has it too.
        for language in ["de", "ar"] {
            let page = &region.edition(language).unwrap().1.pages.items[0];
            assert_eq!((page.body.icon, page.body.media.len()), (Some(icon), 2));
            assert_eq!(page.icon, Some(format!("media:{}", icon)));
        }
        assert!(blobs.holds(&icon));
    }

    #[tokio::test]
    async fn a_language_that_cannot_be_had_is_left_to_the_next_import() {
        let failing = Arc::new(Mutex::new(""));
        let server = BadServer::start({
            let failing = Arc::clone(&failing);
            move |head| {
                let failing = *failing.lock().unwrap();
                match !failing.is_empty() && head.contains(failing) {
                    true => Reply::Bytes(answer("500 Internal Server Error", "", b"")),
                    false => integreat(head),
                }
            }
        });
        let fetcher = Fetcher::new(FetchPolicy { allow_private: true });
        let (database, _scratch) = database();
        let clock = Clock::manual(Moment::from_micros(0));
        let mut reports = Vec::new();
        for broken in ["/r/ar/pages/", "", "/r/ar/pages/", ""] {
            *failing.lock().unwrap() = broken;
            let answers = download(&fetcher, &server.url, "r", &mut |_| ()).await.unwrap();
            let prepared = prepare(answers, &Options { region: "r".into(), ..Options::default() }).unwrap();
            let desk = Desk { clock: &clock, site: "https://r.example/" };
            let report = database.write(|tx| import(tx, &desk, prepared, &Held::default())).unwrap();
            let told = report.notes.iter().any(|note| note.contains("/r/ar/pages/ answered with status 500"));
            assert_eq!(told, !broken.is_empty(), "{report}");
            assert!(report.vanished_texts.is_empty() && report.vanished_pages.is_empty(), "{report}");
            reports.push(report.new_revisions);
        }
        assert_eq!(reports, [1, 1, 0, 0]);
        // Without the language that all others are translated from there is nothing to begin with.
        *failing.lock().unwrap() = "/r/de/pages/";
        assert!(download(&fetcher, &server.url, "r", &mut |_| ()).await.is_err());
    }

    #[tokio::test]
    async fn what_was_fetched_is_not_fetched_again_although_the_import_came_to_nothing() {
        let asked = Arc::new(Mutex::new(0));
        let server = BadServer::start({
            let asked = Arc::clone(&asked);
            move |head| {
                *asked.lock().unwrap() += usize::from(head.contains("/media/a.png"));
                integreat(head)
            }
        });
        let fetcher = Fetcher::new(FetchPolicy { allow_private: true });
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(folder.path()).unwrap();
        let (database, _scratch) = database();
        for _ in 0..2 {
            let answers = download(&fetcher, &server.url, "r", &mut |_| ()).await.unwrap();
            let prepared = prepare(answers, &Options { region: "r".into(), ..Options::default() }).unwrap();
            let mut held = database.read(|tx: &mut Read<'_>| Held::remembered(tx)).unwrap();
            let wanted = wanted_media(&prepared);
            fetch_media(&fetcher, &blobs, &wanted, &mut held, &mut |_| ()).await.unwrap();
            // Here the process is stopped: nothing is imported.
            database.write(|tx| held.remember(tx, Moment::from_micros(0))).unwrap();
        }
        assert_eq!(*asked.lock().unwrap(), 1);
    }

    #[tokio::test]
    async fn an_unknown_region_is_told_with_those_there_are() {
        let server = BadServer::start(integreat);
        let fetcher = Fetcher::new(FetchPolicy { allow_private: true });
        let told = download(&fetcher, &server.url, "nowhere", &mut |_| ()).await.unwrap_err().to_string();
        assert!(told.contains("\"nowhere\"; it has: other, r"), "{told}");
    }
}
