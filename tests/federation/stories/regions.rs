//! A region that is taken back is gone everywhere, and comes back as it was.

use super::changes::{district, town};
use lotse::domain::content::archive_region;
use lotse::domain::content::relabel::Relabelling;
use lotse::domain::content::revision::Edit;

#[test]
fn an_archived_region_is_gone_where_it_is_mirrored_too_and_back_with_its_return() {
    let district = district();
    let town = town(&district);
    assert!(district.writes(|tx, desk| archive_region::archive(tx, desk, "kreis")));
    for path in ["/kreis/de/", "/kreis/de/arbeit/", "/api/v3/kreis/de/pages/", "/api/v3/regions/kreis/"] {
        district.reads(path).is_missing();
    }
    assert_eq!(district.reads("/api/v3/regions/").json().as_array().unwrap().len(), 0);
    district.reads("/sitemap.xml").is_silent_about("kreis");
    town.syncs(&district);
    assert_eq!(town.paths("de"), ["/stadt/de/rathaus/"]);

    // Meanwhile nothing of it is told to anybody, and what is changed is told with its return.
    let size = district.node.log().unwrap();
    let refused = district.try_to_say(district.id("suche"), Edit::Major, &[("de", "Neu", "<p>Neu</p>")]);
    assert!(refused.is_err(), "{refused:?}");
    district.labels("suche", Relabelling { licence: Some("CC0-1.0".into()), ..Relabelling::default() });
    district.moves("rechte", None);
    assert_eq!(district.node.log().unwrap(), size);

    assert!(district.writes(|tx, desk| archive_region::restore(tx, desk, "kreis")));
    district.reads("/kreis/de/arbeit/stellensuche/").is_there().says("CC0-1.0");
    town.syncs(&district);
    assert_eq!(
        town.paths("de"),
        ["/stadt/de/rathaus/", "/stadt/de/arbeit/", "/stadt/de/arbeit/stellensuche/"]
    );
    town.reads("/stadt/en/work/job-search/").is_there().says("Search here").is_silent_about("outdated");
    town.reads("/stadt/de/arbeit/stellensuche/").says("CC0-1.0").says("Hier suchen Sie");
}
