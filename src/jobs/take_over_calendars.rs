//! Takes over the calendars of others when it is time, several at once, so that a slow one keeps no other waiting.

use crate::domain::content::Desk;
use crate::domain::exchange::ical::subscription::{self, Subscription, fetch};
use crate::domain::exchange::ical::{CalendarError, Report};
use crate::platform::clock::Clock;
use crate::platform::db::{Database, Read, Write};
use crate::platform::fetch::Fetcher;
use futures_util::{StreamExt, stream};

/// Calendars that are asked for at the same time.
const AT_ONCE: usize = 4;

/// What it takes to take calendars over.
#[derive(Clone)]
pub struct Calendars {
    pub database: Database,
    pub fetcher: Fetcher,
    pub clock: Clock,
    /// Base address of the reader site, with a slash at the end.
    pub site: String,
}

impl Calendars {
    /// Takes over every calendar that is due. Trouble with one is logged, noted, and stays its own.
    /// # Errors: the database cannot be read.
    pub async fn due(&self) -> Result<(), CalendarError> {
        let now = self.clock.now();
        let due =
            self.database.run(move |database| database.read(|tx: &mut Read<'_>| subscription::due(tx, now)));
        stream::iter(due.await?).for_each_concurrent(AT_ONCE, |one| self.logged(one)).await;
        Ok(())
    }

    async fn logged(&self, one: Subscription) {
        let (number, url) = (one.number, one.url.clone());
        match self.take_over(one).await {
            Ok(Some(report)) => {
                let (new, revisions, vanished) = (report.new, report.revisions, report.vanished.len());
                tracing::info!(number, %url, new, revisions, vanished, "a calendar was taken over");
                for problem in &report.problems {
                    tracing::warn!(number, %url, "{problem}");
                }
            }
            Ok(None) => {}
            Err(error) => tracing::warn!(number, %url, "a calendar cannot be taken over: {error}"),
        }
    }

    /// Takes one over now; `None` if it is as it was. # Errors: why not, which is also noted with it.
    pub async fn now(&self, number: i64) -> Result<Option<Report>, CalendarError> {
        let found = self
            .database
            .run(move |database| database.read(|tx: &mut Read<'_>| subscription::find(tx, number)));
        self.take_over(found.await?).await
    }

    async fn take_over(&self, one: Subscription) -> Result<Option<Report>, CalendarError> {
        let taken = match fetch(&self.fetcher, &one.url, one.etag.clone()).await {
            Ok(fetched) => {
                let (working, one) = (self.clone(), one.clone());
                let taken = self.database.run(move |database| {
                    let desk = Desk { clock: &working.clock, site: &working.site };
                    one.take_over(database, &desk, fetched)
                });
                taken.await
            }
            Err(error) => Err(error),
        };
        let Err(error) = taken else { return taken };
        let now = self.clock.now();
        let noted = self.database.run(move |database| {
            database.write(|tx: &mut Write<'_>| one.fail(tx, now, &error)).map(|()| error)
        });
        Err(noted.await?)
    }
}

#[cfg(test)]
mod tests {
    use super::Calendars;
    use crate::base::id::{ItemId, RegionId};
    use crate::base::moment::Moment;
    use crate::domain::content::assemble::assemble;
    use crate::domain::content::facts::Facts;
    use crate::domain::content::kind::ObjectKind;
    use crate::domain::content::published::{ItemView, RegionSettings, Snapshot};
    use crate::domain::content::region::{self, NewLanguage, NewRegion, Region};
    use crate::domain::content::{ContentError, Desk, archive};
    use crate::domain::exchange::ical::subscription::{self, Fate, NewSubscription, Subscription};
    use crate::domain::exchange::ical::{CalendarError, Report};
    use crate::platform::clock::Clock;
    use crate::platform::db::testing::{Scratch, database};
    use crate::platform::db::{Read, Write};
    use crate::platform::fetch::testing::{BadServer, Reply, answer};
    use crate::platform::fetch::{FetchPolicy, Fetcher};
    use std::collections::HashMap;
    use std::sync::{Arc, Mutex};

    /// A town whose node takes over one calendar of another server.
    struct Town {
        calendars: Calendars,
        region: Region,
        number: i64,
        /// What the server answers: status and body.
        said: Arc<Mutex<(&'static str, String)>>,
        _scratch: Scratch,
    }

    fn tag(tag: &str) -> crate::base::language::LanguageTag {
        tag.parse().unwrap()
    }

    impl Town {
        /// The calendar holds these lines; only events of `categories` are taken.
        fn taking_over(lines: &str, categories: &[&str]) -> Town {
            let (database, scratch) = database();
            let clock = Clock::manual(Moment::parse("2026-05-01T08:00:00Z").unwrap());
            let said = Arc::new(Mutex::new(("200 OK", String::new())));
            let says = said.clone();
            let server = BadServer::start(move |head| {
                let (status, body) = says.lock().unwrap().clone();
                let etag = format!("\"{}\"", crate::base::digest::Digest::of(body.as_bytes()));
                let known = head.to_lowercase().contains(&format!("if-none-match: {etag}"));
                let (status, body) = if known { ("304 Not Modified", "") } else { (status, body.as_str()) };
                let headers = format!("ETag: {etag}\r\nContent-Type: text/calendar\r\n");
                Reply::Bytes(answer(status, &headers, body.as_bytes()))
            });
            let site = "https://town.example/".to_owned();
            let fetcher = Fetcher::new(FetchPolicy { allow_private: true });
            let calendars = Calendars { database, fetcher, clock, site };
            let region = founded(&calendars);
            let new = NewSubscription {
                url: format!("{}events.ics", server.url).parse().unwrap(),
                language: None,
                categories: categories.iter().map(|name| (*name).to_owned()).collect(),
                every_minutes: 60,
            };
            let number = calendars
                .database
                .write(|tx: &mut Write<'_>| subscription::add(tx, &desk(&calendars), &region, new))
                .unwrap()
                .number;
            let town = Town { calendars, region, number, said, _scratch: scratch };
            town.says(lines);
            town
        }

        fn says(&self, lines: &str) {
            let file = format!("BEGIN:VCALENDAR\nX-WR-CALNAME:Verein\n{lines}\nEND:VCALENDAR\n");
            *self.said.lock().unwrap() = ("200 OK", file);
        }

        async fn asks(&self) -> Result<Option<Report>, CalendarError> {
            self.calendars.clock.advance(3600);
            self.calendars.now(self.number).await
        }

        async fn takes(&self) -> Report {
            self.asks().await.unwrap().unwrap()
        }

        fn subscription(&self) -> Subscription {
            self.calendars.database.read(|tx: &mut Read<'_>| subscription::find(tx, self.number)).unwrap()
        }

        fn shows(&self) -> Snapshot {
            let now = self.calendars.clock.now();
            self.calendars.database.read(|tx| assemble(tx, now, HashMap::new())).unwrap()
        }

        /// The titles and first starts of the events that readers see.
        fn events(&self) -> Vec<String> {
            let snapshot = self.shows();
            let told = |view: &ItemView| match view.facts() {
                Some(Facts::Event(event)) => format!("{} {}", view.title(), event.when.start()),
                _ => String::new(),
            };
            let mut all: Vec<String> = views(&snapshot).iter().map(told).collect();
            all.sort();
            all
        }

        fn id(&self, title: &str) -> ItemId {
            let snapshot = self.shows();
            views(&snapshot).iter().find(|view| view.title() == title).unwrap().id
        }

        fn edits<T>(
            &self,
            f: impl FnOnce(&mut Write<'_>, &Desk<'_>, RegionId) -> Result<T, ContentError>,
        ) -> T {
            let region = self.region.id;
            self.calendars.database.write(|tx: &mut Write<'_>| f(tx, &desk(&self.calendars), region)).unwrap()
        }
    }

    fn desk(calendars: &Calendars) -> Desk<'_> {
        Desk { clock: &calendars.clock, site: &calendars.site }
    }

    fn founded(calendars: &Calendars) -> Region {
        let found = |tx: &mut Write<'_>| {
            let settings = RegionSettings::default();
            let (slug, name) = ("town".to_owned(), "Town".to_owned());
            let new = NewRegion { slug, name, default_language: tag("de"), settings };
            let region = region::found(tx, &desk(calendars), new)?;
            let (slug, native_name) = ("de".to_owned(), "Deutsch".to_owned());
            let new = NewLanguage { tag: tag("de"), slug, native_name, source: None };
            region::add_language(tx, &region, new)?;
            Ok::<_, ContentError>(region)
        };
        calendars.database.write(found).unwrap()
    }

    fn views(snapshot: &Snapshot) -> &[ItemView] {
        snapshot.region("town").unwrap().edition("de").unwrap().1.all(ObjectKind::Event)
    }

    fn event(uid: &str, title: &str, start: &str, more: &str) -> String {
        format!(
            "BEGIN:VEVENT\nUID:{uid}\nSUMMARY:{title}\nDTSTART;TZID=Europe/Berlin:{start}\nDURATION:PT2H\n{more}\nEND:VEVENT\n"
        )
    }

    const WEEKLY: &str = "RRULE:FREQ=WEEKLY";

    #[tokio::test]
    async fn events_follow_their_calendar() {
        let cafe = event("a", "Café", "20260602T170000", WEEKLY);
        let feast = event("b", "Fest", "20260704T120000", "LOCATION:Am See");
        let town = Town::taking_over(&format!("{cafe}{feast}"), &[]);
        let first = town.takes().await;
        assert_eq!((first.name.as_deref(), first.new, first.revisions), (Some("Verein"), 2, 4));
        assert_eq!(town.events(), ["Café 2026-06-02T17:00:00", "Fest 2026-07-04T12:00:00"]);
        let known = town.id("Fest");
        assert_eq!(town.asks().await.unwrap(), None, "the ETag says so");
        // Another file with the same events changes nothing.
        town.says(&format!("X-FOO:1\n{feast}{cafe}"));
        assert_eq!(town.takes().await.revisions, 0);
        // One part of one event is one revision.
        town.says(&format!("{cafe}{}", event("b", "Seefest", "20260704T120000", "LOCATION:Am See")));
        assert_eq!(town.takes().await.revisions, 1);
        assert_eq!((town.id("Seefest"), town.events().len()), (known, 2));
        let moved = format!("{cafe}{}", event("b", "Seefest", "20260705T130000", "LOCATION:Am See"));
        town.says(&moved);
        assert_eq!(town.takes().await.revisions, 1);
        assert_eq!(town.events(), ["Café 2026-06-02T17:00:00", "Seefest 2026-07-05T13:00:00"]);
        // What vanishes is archived, what is cancelled as a whole too, and both come back.
        town.says(&cafe);
        assert_eq!(town.takes().await.vanished, ["Seefest"]);
        assert_eq!(town.takes_again(&cafe).await.vanished, Vec::<String>::new());
        assert_eq!(town.events(), ["Café 2026-06-02T17:00:00"]);
        town.says(&moved);
        let back = town.takes().await;
        assert_eq!(
            (back.shown_again.as_slice(), back.new, back.revisions),
            (&["Seefest".to_owned()][..], 0, 0)
        );
        assert_eq!(town.id("Seefest"), known);
        town.says(&format!("{cafe}{}", event("b", "Seefest", "20260705T130000", "STATUS:CANCELLED")));
        assert_eq!(town.takes().await.vanished, ["Seefest"]);
        assert_eq!(town.events(), ["Café 2026-06-02T17:00:00"]);
    }

    impl Town {
        async fn takes_again(&self, lines: &str) -> Report {
            self.says(&format!("X-AGAIN:1\n{lines}"));
            self.takes().await
        }
    }

    #[tokio::test]
    async fn only_coming_events_of_the_categories_wanted_are_taken() {
        let events = [
            event("a", "Café", "20260602T170000", "CATEGORIES:Sprache,Treff"),
            event("b", "Spiel", "20260603T170000", "CATEGORIES:Sport"),
            event("c", "Lesung", "20260604T170000", ""),
            event("d", "Damals", "20250604T170000", "CATEGORIES:Treff"),
        ];
        let town = Town::taking_over(&events.concat(), &["treff"]);
        let report = town.takes().await;
        assert_eq!((report.events, report.taken, report.others, report.over), (4, 1, 2, 1));
        assert_eq!(town.events(), ["Café 2026-06-02T17:00:00"]);
        // One that leaves the category is no longer told, as far as this region is concerned.
        town.says(&event("a", "Café", "20260602T170000", "CATEGORIES:Sprache"));
        assert_eq!(town.takes().await.vanished, ["Café"]);
        // What is over by itself is not archived as well.
        town.says(&event("a", "Café", "20260602T170000", "CATEGORIES:Treff"));
        assert_eq!(town.takes().await.shown_again, ["Café"]);
        town.calendars.clock.advance(60 * 24 * 3600);
        town.says(&event("e", "Herbstfest", "20260920T170000", "CATEGORIES:Treff"));
        assert_eq!(town.takes().await.vanished, Vec::<String>::new());
        assert_eq!(town.events(), ["Herbstfest 2026-09-20T17:00:00"]);
    }

    #[tokio::test]
    async fn what_is_not_understood_is_told_and_takes_nothing_back() {
        let hourly = event("b", "Läuten", "20260602T170000", "RRULE:FREQ=HOURLY");
        let changed = "BEGIN:VEVENT\nUID:a\nRECURRENCE-ID;VALUE=DATE:20260609\nDTSTART:soon\nEND:VEVENT\n";
        let cafe = event("a", "Café", "20260602T170000", WEEKLY);
        let town = Town::taking_over(&format!("{cafe}{hourly}{changed}"), &[]);
        let report = town.takes().await;
        assert_eq!(town.events(), ["Café 2026-06-02T17:00:00"]);
        assert_eq!(report.problems.len(), 2, "{report}");
        assert!(report.problems[0].starts_with("“Café” was taken over, but: its changed date"), "{report}");
        assert!(
            report.problems[1].starts_with("“Läuten” was left out: its rule is not taken over"),
            "{report}"
        );
        assert_eq!(town.subscription().report, Some(report), "and `lotse calendar list` can tell it");
        let rules = event("a", "Café", "20260602T170000", "RRULE:FREQ=WEEKLY;BYHOUR=9");
        for odd in [rules.as_str(), "", "BEGIN:VEVENT\nUID:x\nSUMMARY:y"] {
            town.says(odd);
            assert!(!town.takes().await.problems.is_empty());
            assert_eq!(town.events(), ["Café 2026-06-02T17:00:00"], "{odd}");
        }
    }

    #[tokio::test]
    async fn a_failure_leaves_the_last_state_and_is_met_with_patience() {
        let town = Town::taking_over(&event("a", "Café", "20260602T170000", WEEKLY), &[]);
        town.calendars.due().await.unwrap();
        assert_eq!(town.events().len(), 1);
        let waits = || town.subscription().next_at.seconds_since(town.calendars.clock.now());
        assert_eq!(waits(), 3600);
        town.calendars.clock.advance(3600);
        let not_a_calendar = ("200 OK", "<!doctype html>".to_owned());
        for (said, wait, told) in [
            (("500 Oh", String::new()), 900, "status 500"),
            (("404 Gone", String::new()), 1800, "there is no calendar any more"),
            (not_a_calendar, 3600, "this is no iCalendar file"),
            (("200 OK", "x".repeat(8 * 1024 * 1024 + 1)), 7200, "more than the 8388608 bytes"),
        ] {
            *town.said.lock().unwrap() = said;
            town.calendars.due().await.unwrap();
            assert_eq!((waits(), town.events().len()), (wait, 1), "{told}");
            let noted = town.subscription().last_error.unwrap();
            assert!(noted.contains(told), "{noted}");
            // Before it is time nobody asks.
            town.calendars.clock.advance(wait - 1);
            town.calendars.due().await.unwrap();
            assert_eq!(waits(), 1);
            town.calendars.clock.advance(1);
        }
        assert_eq!(town.subscription().fails, 4);
        for _ in 0..30 {
            assert!(town.asks().await.is_err());
        }
        assert_eq!(waits(), 24 * 3600);
        town.says(&event("a", "Café um acht", "20260602T200000", WEEKLY));
        town.takes().await;
        let well = town.subscription();
        assert_eq!(
            (well.fails, well.last_error, well.last_good),
            (0, None, Some(town.calendars.clock.now()))
        );
        assert_eq!(town.events(), ["Café um acht 2026-06-02T20:00:00"]);
    }

    #[tokio::test]
    async fn what_an_editor_archived_stays_archived() {
        let town = Town::taking_over(&event("a", "Café", "20260602T170000", WEEKLY), &[]);
        town.takes().await;
        let cafe = town.id("Café");
        town.edits(|tx, desk, region| archive::archive(tx, desk, region, &[cafe]));
        town.says(&event("a", "Café neu", "20260602T170000", WEEKLY));
        assert_eq!(town.takes().await.left, ["Café neu"]);
        assert!(town.events().is_empty());
        town.edits(|tx, desk, region| archive::restore(tx, desk, region, &[cafe]));
        town.takes_again(&event("a", "Café neu", "20260602T170000", WEEKLY)).await;
        assert_eq!(town.events(), ["Café neu 2026-06-02T17:00:00"]);
    }

    #[tokio::test]
    async fn a_calendar_that_is_removed_leaves_its_events_or_takes_them_along() {
        let town = Town::taking_over(&event("a", "Café", "20260602T170000", WEEKLY), &[]);
        town.takes().await;
        let (cafe, url) = (town.id("Café"), town.subscription().url);
        let again = |number: i64, fate: Fate| {
            let new = NewSubscription {
                url: url.clone(),
                language: None,
                categories: Vec::new(),
                every_minutes: 60,
            };
            let region = &town.region;
            town.calendars
                .database
                .write(|tx: &mut Write<'_>| {
                    let desk = desk(&town.calendars);
                    let known = subscription::add(
                        tx,
                        &desk,
                        region,
                        NewSubscription { categories: Vec::new(), language: None, url: url.clone(), ..new },
                    );
                    assert!(matches!(known, Err(CalendarError::Known { .. })), "{known:?}");
                    let archived = subscription::remove(tx, &desk, number, fate)?;
                    let new = NewSubscription {
                        url: url.clone(),
                        language: None,
                        categories: Vec::new(),
                        every_minutes: 60,
                    };
                    Ok::<_, CalendarError>((archived, subscription::add(tx, &desk, region, new)?.number))
                })
                .unwrap()
        };
        let (archived, number) = again(town.number, Fate::Stay);
        assert_eq!((archived.len(), town.events().len()), (0, 1));
        // It is known again by its address.
        assert_eq!(town.calendars.now(number).await.unwrap().unwrap().revisions, 0);
        let (archived, number) = again(number, Fate::Archived);
        assert_eq!((archived, town.events().len()), (vec!["Café".to_owned()], 0));
        assert_eq!(town.calendars.now(number).await.unwrap().unwrap().shown_again, ["Café"]);
        assert_eq!(town.id("Café"), cafe);
        let unknown = town.calendars.now(99).await.unwrap_err().to_string();
        assert!(unknown.contains("there is no calendar 99"), "{unknown}");
    }

    #[tokio::test]
    async fn a_hostile_calendar_costs_little_and_harms_nobody() {
        let never = "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30";
        let mut lines: String =
            (0..200).map(|n| event(&format!("n{n}"), "Nie", "20260602T170000", never)).collect();
        lines.extend((0..2010).map(|n| event(&format!("m{n}"), "Viel", "20260602T170000", "")));
        lines += &event(
            "x",
            "Flut",
            "20260602T170000",
            &format!("{WEEKLY}\nEXDATE:20260602T150000Z{}", ",20260609T150000Z".repeat(100_000)),
        );
        lines += &event(&"u".repeat(100_000), "Lang", "20260602T170000", WEEKLY);
        lines += &event(
            "h",
            "<b>Fett</b>",
            "20260602T170000",
            "DESCRIPTION:<script>x</script><p onload=x>Text</p>",
        );
        lines += &event("z", "Zone", "20260602T170000", "RRULE:FREQ=WEEKLY;UNTIL=99991231T235959Z");
        let town = Town::taking_over(&lines, &[]);
        let report = town.takes().await;
        assert_eq!((report.events, report.taken, report.problems.len()), (2214, 2000, 101), "{report}");
        assert!(report.problems[0].contains("“Nie” was left out: its rule names no date"), "{report}");
        assert_eq!(report.problems[100], "… and 101 more");
        let few = lines.split_off(lines.find("BEGIN:VEVENT\nUID:x").unwrap());
        town.says(&few);
        assert_eq!(town.takes().await.taken, 4);
        let snapshot = town.shows();
        let bold = views(&snapshot).iter().find(|view| view.title() == "<b>Fett</b>").unwrap();
        assert_eq!(bold.body.html().as_str(), "<p>Text</p>");
        assert!(views(&snapshot).iter().any(|view| view.title() == "Lang"));
    }
}
