//! What is told to readers at its time reaches them, and those who follow, at its time and not before.

use crate::support::{TestNode, page, tag};
use lotse::domain::content::news::{self, Message, NewsText};

const HOUR: i64 = 3600;

fn schedules(town: &TestNode) {
    let text =
        NewsText { language: tag("de"), title: "Vollsperrung heute".into(), text: "Bis Montag.".into() };
    town.writes(|tx, desk| {
        let at = Some(desk.clock.now().plus_seconds(HOUR));
        let (regions, audiences) = (vec!["stadt".to_owned()], vec!["family".to_owned()]);
        news::tell(tx, desk, Message { regions, texts: vec![text], at, until: None, audiences })
    });
}

/// The newest entries, as anybody can read them.
fn entries(town: &TestNode, aside: &str) -> String {
    let folder = town.aside(aside);
    town.exports(&folder).unwrap();
    let bundles = std::fs::read_dir(folder.join("feed/pub/1/tile/entries/000.p")).unwrap();
    let bytes = bundles.map(|file| std::fs::read(file.unwrap().path()).unwrap()).next().unwrap();
    String::from_utf8_lossy(&bytes).into_owned()
}

#[test]
fn a_serving_node_tells_news_by_itself_when_they_are_due_also_after_a_restart() {
    let mut town = TestNode::new("Musterstadt");
    town.founds("stadt", "Musterstadt", &["de"]);
    town.publishes(page("rathaus").says("de", "Rathaus", "<p>Am Markt</p>"));
    schedules(&town);
    let api = "/api/v3/stadt/de/news/";
    town.reads(api).is_there().is_silent_about("Vollsperrung");
    town.reads("/stadt/de/").is_there().is_silent_about("Vollsperrung");
    assert!(!town.holds("Vollsperrung") && !entries(&town, "before").contains("\"kind\":\"news\""));

    town.moves_house();
    town.clock.advance(HOUR);
    town.comes_to_say(api, "Vollsperrung heute");
    town.comes_to_say("/stadt/de/news/", "Vollsperrung heute");
    town.node.log().unwrap();
    let told = entries(&town, "after");
    assert_eq!(told.matches("\"kind\":\"news\"").count(), 1, "{told}");
    assert!(told.contains("{\"aud\":[\"family\"],\"exp\":"), "{told}");
    assert_eq!(town.reads(api).json().as_array().unwrap().len(), 1);

    town.clock.advance(28 * 24 * HOUR);
    town.reads(api).is_there().is_silent_about("Vollsperrung");
}
