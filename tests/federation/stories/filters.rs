//! What a follower does not want it does not hold; the log it proves all the same.

use crate::support::{TestNode, page};

fn county() -> TestNode {
    let county = TestNode::new("Landkreis");
    county.founds("nord", "Nord", &["de", "en"]);
    county.founds("sued", "Süd", &["de", "en"]);
    county.publishes(page("hafen").of("nord").says("de", "Hafen", "<p>Schiffe im Norden</p>").says(
        "en",
        "Port",
        "<p>Ships up north</p>",
    ));
    county.publishes(page("kran").of("nord").below("hafen").says("de", "Kran", "<p>Hoher Kran</p>"));
    county.publishes(page("berg").of("sued").says("de", "Berg", "<p>Berge im Süden</p>"));
    county
}

fn town(languages: &[&str]) -> TestNode {
    let town = TestNode::new("Musterstadt");
    town.founds("stadt", "Musterstadt", languages);
    town
}

#[test]
fn two_regions_of_one_node_are_served_and_followed_apart() {
    let county = county();
    assert_eq!(county.paths_of("nord", "de"), ["/nord/de/hafen/", "/nord/de/hafen/kran/"]);
    assert_eq!(county.paths_of("sued", "de"), ["/sued/de/berg/"]);
    county.reads("/sued/de/").is_there().is_silent_about("Hafen");
    county.reads("/").is_there().says("Nord").says("Süd");
    let town = town(&["de", "en"]);
    let north = county.region(Some("nord"));
    town.follows_only(&county, &format!(r#"{{"regions":["{}"]}}"#, north.id));
    assert_eq!(town.knows(&county).peer.entries, county.node.log().unwrap());
    assert!(town.holds("Schiffe im Norden") && town.holds("Hoher Kran") && !town.holds("Berge im Süden"));
    assert_eq!(town.adopts(&county, "hafen"), 2);
    // A page that moves into the wanted region is fetched then.
    county.publishes(page("see").of("sued").below("berg").says("de", "See", "<p>Tiefer See</p>"));
    town.syncs(&county);
    assert!(!town.holds("Tiefer See"));
}

#[test]
fn only_wanted_languages_are_held() {
    let county = county();
    let town = town(&["de", "en"]);
    town.follows_only(&county, r#"{"languages":["en"]}"#);
    assert!(town.holds("Ships up north") && !town.holds("Schiffe im Norden"));
    town.adopts(&county, "hafen");
    assert_eq!((town.paths("en").len(), town.paths("de").len()), (1, 0));
    // Wanted after all: the log need not come again, the texts do.
    town.wants(&county, "{}");
    town.syncs(&county);
    assert_eq!((town.paths("en").len(), town.paths("de").len()), (1, 2));
}

#[test]
fn without_pages_only_the_profiles_are_held() {
    let county = county();
    let town = town(&["de"]);
    town.follows_only(&county, r#"{"kinds":["event"]}"#);
    assert!(!town.holds("Schiffe im Norden") && town.knows(&county).peer.name == "Landkreis");
    // Adopted before its text is here, it appears once the text came.
    assert_eq!(town.adopts(&county, "hafen"), 2);
    assert!(town.paths("de").is_empty());
    town.wants(&county, "{}");
    town.syncs(&county);
    assert_eq!(town.paths("de"), ["/stadt/de/hafen/", "/stadt/de/hafen/kran/"]);
}
