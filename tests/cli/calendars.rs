//! Calendars of others: taken over once from a file, and again and again from an address.

use super::support::Home;
use serde_json::{Value, json};

fn calendar(events: &[(&str, &str, &str)]) -> String {
    let events = events.iter().map(|(uid, title, more)| {
        format!("BEGIN:VEVENT\r\nUID:{uid}\r\nSUMMARY:{title}\r\nDTSTART;TZID=Europe/Berlin:20990602T170000\r\n{more}\r\nEND:VEVENT\r\n")
    });
    format!("BEGIN:VCALENDAR\r\nX-WR-CALNAME:Verein\r\n{}END:VCALENDAR\r\n", events.collect::<String>())
}

fn town() -> Home {
    let home = Home::new("Kleinstadt");
    home.run(&["region", "add", "klein", "--name", "Klein", "--languages", "de,en"]).done();
    home
}

#[test]
fn a_calendar_in_a_file_is_taken_over_and_known_again() {
    let home = town();
    let import = |events: &[(&str, &str, &str)], more: &[&str]| {
        std::fs::write(home.path("verein.ics"), calendar(events)).unwrap();
        home.run(&[&["import", "ical", "--region", "klein", "verein.ics"], more].concat())
    };
    let odd = ("b", "Läuten", "RRULE:FREQ=HOURLY");
    import(&[("a", "Fest", "CATEGORIES:Treff"), odd], &[])
        .done()
        .says("Verein: 1 events, of which 1 are here; new 1")
        .says("“Läuten” was left out: its rule is not taken over");
    let again = import(&[("a", "Fest", "CATEGORIES:Treff"), odd], &["--json"]).done().json();
    assert_eq!((&again["new"], &again["revisions"]), (&json!(0), &json!(0)));
    import(&[("c", "Lauf", "CATEGORIES:Sport"), ("a", "Fest", "CATEGORIES:Treff")], &["--category", "Sport"])
        .done()
        .says("of other categories and therefore not taken over: 1")
        .says("“Fest”: no longer told and therefore archived");
    import(&[("a", "Fest", "")], &["--language", "fr"]).failed(2, &["the region has no language fr"]);
    std::fs::write(home.path("verein.ics"), "<html>").unwrap();
    let read = |place: &str| home.run(&["import", "ical", "--region", "klein", place]);
    read("verein.ics").failed(2, &["this is no iCalendar file"]);
    read("nichts.ics").failed(2, &["cannot read nichts.ics"]);
    read("ftp://example.org/a.ics").failed(2, &["not an address on the web"]);
    let unknown = home.run(&["import", "ical", "--region", "x", "verein.ics"]);
    unknown.failed(3, &["there is no region \"x\"; known are: klein"]);
}

#[test]
fn a_calendar_at_an_address_is_taken_over_by_the_clock() {
    // What one town publishes, the other takes over.
    let (club, home) = (town(), town());
    std::fs::write(club.path("verein.ics"), calendar(&[("a", "Fest", ""), ("b", "Lauf", "")])).unwrap();
    club.run(&["import", "ical", "--region", "klein", "verein.ics"]).done();
    let served = club.serves();
    let url = format!("{}klein/de/events.ics", club.url);
    home.run(&["calendar", "list"]).done().says("No calendar is taken over yet");
    let add = |more: &[&str]| home.run(&[&["calendar", "add", &url, "--region", "klein"], more].concat());
    add(&["--every", "5"]).failed(2, &["every 5 minutes", "15 to 44640"]);
    add(&["--language", "en", "--every", "30"])
        .done()
        .says("1  Klein – Veranstaltungen: 2 events, of which 2 are here");
    add(&[]).failed(5, &["takes over", "already, as number 1"]);
    let listed = home.run(&["calendar", "list"]).done();
    listed.says(&url).says("into klein in en, every 30 minutes").says("2 events, of which 2 are here; new 2");
    home.run(&["calendar", "run"]).done().says("1  It is as it was.");
    served.ends();
    let failed = home.run(&["calendar", "run", "1"]);
    assert_eq!(failed.code, 1, "{failed:?}");
    assert!(failed.out.contains("could not be taken over and will be tried again"), "{failed:?}");
    home.run(&["calendar", "list"]).done().says("failed 1 times since").says("2 events, of which 2 are here");
    let known: Value = home.json(&["calendar", "list"]);
    assert_eq!((&known[0]["region_slug"], &known[0]["calendar"]["fails"]), (&json!("klein"), &json!(1)));
    home.run(&["calendar", "run", "7"]).failed(3, &["there is no calendar 7"]);
    home.run(&["calendar", "remove", "1", "--with-events"]).done().says("2 of its events were archived");
    home.run(&["calendar", "list"]).done().says("No calendar is taken over yet");
}
