//! Pictures: what is said of them travels with the texts, smaller copies are made wherever they are shown, and both go
//! with them.

use crate::support::{TestNode, page};
use lotse::base::digest::Digest;
use lotse::domain::content::media::clear::clear;
use lotse::domain::content::media::library::{self, Said, Upload};
use lotse::domain::content::media::{MediaError, pictures, replace, usage};
use lotse::platform::db::{Read, Write};

/// A photograph of this many pixels; another one for each seed.
fn photograph(width: u32, height: u32, seed: u32) -> Vec<u8> {
    let pixel = |x: u32, y: u32| {
        let shade = |by: u32| u8::try_from((x / by + y / (by + 1) + seed) % 256).unwrap();
        image::Rgb([shade(3), shade(5), shade(7)])
    };
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_fn(width, height, pixel).write_to(&mut bytes, image::ImageFormat::Jpeg).unwrap();
    bytes.into_inner()
}

fn said() -> Said {
    let alts = [("de", "Der Eingang"), ("en", "The entrance")];
    Said {
        credit: Some("Foto: A. Muster".to_owned()),
        licence: Some("CC-BY-SA-4.0".to_owned()),
        alts: alts.into_iter().map(|(language, alt)| (language.parse().unwrap(), alt.to_owned())).collect(),
    }
}

fn uploads(node: &TestNode, bytes: &[u8], said: Said) -> Digest {
    let upload = Upload { bytes, file_name: "Eingang.jpg", said, at: node.clock.now() };
    library::upload(&node.node.db, &node.node.blobs, upload, |_| Ok::<_, MediaError>(())).unwrap().0.sha256
}

fn deletes(node: &TestNode, sha256: Digest) -> Result<(), MediaError> {
    node.node.db.write(|tx: &mut Write<'_>| library::delete(tx, sha256))?;
    clear(&node.node.db, &node.node.blobs)
}

/// A district whose page on work shows an uploaded photograph in two languages.
fn district() -> (TestNode, Digest) {
    let district = TestNode::new("Landkreis");
    district.founds("kreis", "Landkreis Musterland", &["de", "en"]);
    let photo = uploads(&district, &photograph(2000, 1000, 0), said());
    let html = format!("<p>Hier</p><p><img src=\"media:{photo}\"></p>");
    district.publishes(page("arbeit").says("de", "Arbeit", &html).says("en", "Work", &html));
    (district, photo)
}

fn town(district: &TestNode) -> TestNode {
    let town = TestNode::new("Musterstadt");
    town.founds("stadt", "Musterstadt", &["de", "en"]);
    town.follows(district);
    assert_eq!(town.adopts(district, "arbeit"), 1);
    town
}

/// What a serving node does by itself in its own time.
fn makes_copies(node: &TestNode) {
    pictures::make_all(&node.node.db, &node.node.blobs).unwrap();
}

/// As the command does after it has brought its mirrors up to date.
fn deletes_files(node: &TestNode) {
    clear::<MediaError>(&node.node.db, &node.node.blobs).unwrap();
}

/// The addresses of the smaller copies in a page.
fn copies(node: &TestNode, path: &str, photo: Digest) -> Vec<String> {
    let wanted = |width: u32| format!("/media/{photo}-{width}.jpg");
    let page = node.reads(path);
    page.is_there();
    [320, 640, 1280].map(wanted).into_iter().filter(|address| page.body.contains(address)).collect()
}

/// How many files of media, copies included, the node holds.
fn files(node: &TestNode) -> usize {
    let folder = node.node.config.node.data.join("blobs");
    let shelves = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    shelves.filter(|path| path.is_dir()).map(|path| std::fs::read_dir(path).unwrap().count()).sum()
}

#[test]
fn followers_show_a_picture_with_its_words_and_make_their_own_copies() {
    let (district, photo) = district();
    let origin = copies(&district, "/kreis/de/arbeit/", photo);
    assert_eq!(origin.len(), 3);
    let town = town(&district);
    for (path, alt) in [("/stadt/de/arbeit/", "Der Eingang"), ("/stadt/en/work/", "The entrance")] {
        let words = [alt, "Foto: A. Muster", "CC BY-SA 4.0"];
        words.into_iter().fold(&town.reads(path), |page, words| page.says(words));
    }
    assert_eq!(files(&town), 1, "copies do not travel");
    makes_copies(&town);
    assert_eq!(copies(&town, "/stadt/de/arbeit/", photo), origin);
    let page = town.reads("/stadt/de/arbeit/");
    page.says("sizes=\"(min-width: 42rem) 42rem, 100vw\"").says("width=\"2000\" height=\"1000\"");
    for address in &origin {
        assert_eq!(town.reads(address).is_there().header("content-type"), "image/jpeg");
    }
    // Apps get the picture itself, and are told what it shows.
    let told = town.api_page("/stadt/de/arbeit/")["content"].as_str().unwrap().to_owned();
    assert!(told.contains(&format!("/media/{photo}.jpg")) && told.contains("Der Eingang"), "{told}");
    // No entry names a copy, so none is offered to those who follow.
    let named = district.node.db.read(|tx: &mut Read<'_>| pictures::Pictures::current(tx, None)).unwrap();
    district.reads(&format!("/feed/pub/1/blob/{photo}")).is_there();
    for copy in &named.of(&photo).unwrap().copies {
        district.reads(&format!("/feed/pub/1/blob/{}", copy.sha256)).is_missing();
    }
}

#[test]
fn a_picture_is_gone_with_the_page_that_showed_it_and_so_are_its_copies() {
    let (district, photo) = district();
    let town = town(&district);
    makes_copies(&town);
    assert_eq!((files(&district), files(&town)), (4, 4));
    let address = format!("/media/{photo}.jpg");
    let copy = format!("/media/{photo}-320.jpg");
    district.reads(&address).is_there();
    town.reads(&copy).is_there();

    district.archives("arbeit");
    district.reads(&address).is_missing();
    district.reads(&copy).is_missing();
    district.restores("arbeit");
    district.reads(&address).is_there();

    district.erases("arbeit", None);
    assert_eq!(files(&district), 0, "what only an erased page showed is deleted, though the library held it");
    town.syncs(&district);
    deletes_files(&town);
    town.reads(&copy).is_missing();
    assert_eq!(files(&town), 0);
}

#[test]
fn an_uploaded_picture_is_nobodys_until_a_text_shows_it_and_is_kept_once() {
    let (district, photo) = district();
    let bytes = photograph(800, 400, 9);
    let unused = uploads(&district, &bytes, Said::default());
    district.reads(&format!("/media/{unused}.jpg")).is_missing();
    district.reads(&format!("/media/{unused}-320.jpg")).is_missing();
    assert_eq!(
        uploads(&district, &[&bytes[..], b"more"].concat(), said()),
        unused,
        "one picture, one medium"
    );
    let html = format!("<p><a href=\"media:{unused}\">Plan</a></p>");
    district.publishes(page("plan").says("de", "Plan", &html));
    district.reads(&format!("/media/{unused}.jpg")).is_there();
    let refused = deletes(&district, unused).unwrap_err();
    assert!(
        matches!(&refused, MediaError::Used { count: 1, first, .. } if first.contains("Plan")),
        "{refused}"
    );
    district.edits("plan", "de", "Plan", "<p>Kein Plan</p>");
    let before = files(&district);
    deletes(&district, unused).unwrap();
    assert!(files(&district) < before && !district.node.blobs.holds(&unused));
    assert!(district.node.blobs.holds(&photo));
    let again = deletes(&district, unused);
    assert!(matches!(again, Err(MediaError::Unknown { .. })), "{again:?}");
}

#[test]
fn another_picture_takes_its_place_everywhere_and_translations_stay_up_to_date() {
    let (district, old) = district();
    let town = town(&district);
    let uses = |sha256| district.node.db.read(|tx: &mut Read<'_>| usage::of(tx, sha256)).unwrap();
    let languages: Vec<String> = uses(old).iter().map(|shows| shows.language.to_string()).collect();
    assert_eq!(languages, ["de", "en"]);
    let new = uploads(
        &district,
        &photograph(900, 900, 5),
        Said { credit: Some("B. Beispiel".into()), ..Said::default() },
    );
    district.clock.advance(60);
    let renewed = district
        .node
        .db
        .write(|tx: &mut Write<'_>| replace::replace(tx, &district.node.desk(), old, new))
        .unwrap();
    district.node.log().unwrap();
    assert_eq!((renewed.revisions, renewed.left), (2, 0));
    assert_eq!((uses(old).len(), uses(new).len()), (0, 2));
    town.syncs(&district);
    for (node, path) in [(&district, "/kreis/en/work/"), (&town, "/stadt/en/work/")] {
        let page = node.reads(path);
        page.says(&format!("media/{new}")).says("The entrance").says("B. Beispiel");
        page.is_silent_about(&old.to_string()).is_silent_about("A. Muster").is_silent_about("class=\"note\"");
    }
    deletes(&district, old).unwrap();
    deletes_files(&town);
    assert!(!district.node.blobs.holds(&old) && !town.node.blobs.holds(&old));

    // What is said of it later is said by all texts that show it, and by no other.
    let set = |said: Said| {
        district.clock.advance(60);
        let work = |tx: &mut Write<'_>| {
            library::describe(tx, new, said)?;
            replace::renew(tx, &district.node.desk(), new)
        };
        let renewed = district.node.db.write::<_, MediaError>(work).unwrap();
        district.node.log().unwrap();
        renewed.revisions
    };
    let english = Said { alts: [("en".parse().unwrap(), "Front door".to_owned())].into(), ..Said::default() };
    assert_eq!(set(english), 1);
    assert_eq!(set(Said { licence: Some("CC0-1.0".into()), ..Said::default() }), 2);
    town.syncs(&district);
    town.reads("/stadt/en/work/").says("Front door").says("CC0 1.0");
    town.reads("/stadt/de/arbeit/").says("Der Eingang").says("CC0 1.0");
}
