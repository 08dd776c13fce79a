//! Addresses last: former slugs, other languages, permanent links, and what is said where nothing is.

use super::changes::district;

#[test]
fn former_slugs_lead_to_the_page_for_good() {
    let district = district();
    district.edits("suche", "de", "Jobs", "<p>Jobs</p>");
    district.edits("suche", "de", "Jobs und mehr", "<p>Jobs</p>");
    let now = "/kreis/de/arbeit/jobs-und-mehr/";
    for former in ["stellensuche", "jobs"] {
        district.reads(&format!("/kreis/de/arbeit/{former}/")).leads_to(301, now);
        district.reads(&format!("/kreis/de/{former}")).leads_to(301, now);
    }
    district.reads("/kreis/de/arbeit/jobs-und-mehr").leads_to(301, now);
    district.reads(now).is_there();
}

#[test]
fn the_name_of_another_language_leads_to_the_page_in_this_one() {
    let district = district();
    district.reads("/kreis/en/work/stellensuche/").leads_to(302, "/kreis/en/work/job-search/");
    let missing = district.reads("/kreis/en/work/rechte/");
    missing.is_missing().says("/kreis/de/arbeit/rechte/").says("lang=\"en\"");
}

#[test]
fn what_is_missing_is_told_in_the_language_of_the_reader() {
    let district = district();
    district.reads("/kreis/en/nothing/").is_missing().says("<html lang=\"en\"");
    district.reads("/kreis/ar/nothing/").is_missing().says("<html lang=\"ar\" dir=\"rtl\"");
    let asked = [("Accept-Language", "tr, de;q=0.5")];
    district.reads_with("/nowhere/", &asked).is_missing().says("<html lang=\"tr\"");
    let api = district.reads("/api/v3/nowhere/de/pages/");
    assert_eq!((api.status, api.header("content-type")), (404, "application/json"));
}

#[test]
fn a_permanent_link_leads_to_where_the_page_is_now() {
    let district = district();
    let link = format!("/o/{}", district.id("suche"));
    let german = [("Accept-Language", "de")];
    district.reads_with(&link, &german).leads_to(302, "/kreis/de/arbeit/stellensuche/");
    district.reads(&format!("{link}/en")).leads_to(302, "/kreis/en/work/job-search/");
    district.reads_with(&link, &[("Accept-Language", "en")]).leads_to(302, "/kreis/en/work/job-search/");
    district.moves("suche", Some("wohnen"));
    district.reads_with(&link, &german).leads_to(302, "/kreis/de/wohnen/stellensuche/");
    district.archives("suche");
    district.reads(&link).is_missing();
    district.reads("/o/not-an-id").is_missing();
    let region = format!("/o/{}", district.region(None).id);
    district.reads_with(&region, &german).leads_to(302, "/kreis/de/");
}
