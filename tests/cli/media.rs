//! Pictures from the command line, and what is refused.

use super::support::{Home, answer};
use serde_json::json;

fn picture(width: u32, blue: u8) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let shade = |x: u32, y: u32| {
        image::Rgb([u8::try_from((x + y) % 256).unwrap(), u8::try_from(x % 7).unwrap(), blue])
    };
    image::RgbImage::from_fn(width, width / 2, shade).write_to(&mut bytes, image::ImageFormat::Jpeg).unwrap();
    bytes.into_inner()
}

#[test]
fn a_picture_is_added_described_listed_and_deleted() {
    let home = Home::new("Kleinstadt");
    home.imports(
        "klein",
        &[("pages.de", json!([answer("/klein/de/oben/", "Oben", &[])]))],
        &["--name", "Klein"],
    )
    .done();
    std::fs::write(home.path("platz.jpg"), picture(700, 3)).unwrap();
    std::fs::write(home.path("neu.jpg"), picture(900, 200)).unwrap();
    std::fs::write(home.path("logo.svg"), "<svg xmlns='http://www.w3.org/2000/svg'/>").unwrap();
    home.run(&["media", "list"]).done().says("There is nothing.");
    home.run(&["media", "add", "logo.svg"]).failed(2, &["SVG", "PNG or WebP"]);
    home.run(&["media", "add", "nirgends.jpg"]).failed(70, &["nirgends.jpg"]);
    home.run(&["media", "add", "platz.jpg", "--alt", "Marktplatz"]).failed(2, &["--alt", "de=Rathaus"]);
    home.run(&["media", "add", "platz.jpg", "--licence", "frei nutzbar"]).failed(2, &["CC-BY-4.0"]);

    let added =
        home.json(&["media", "add", "platz.jpg", "--alt", "de=Der Marktplatz", "--credit", "A. Muster"]);
    let sha256 = added["sha256"].as_str().unwrap().to_owned();
    assert_eq!(added["is_new"], true);
    assert_eq!(home.json(&["media", "add", "platz.jpg"])["is_new"], false);
    let shown = home.run(&["media", "show", &sha256]).done();
    shown
        .says("platz.jpg, image/jpeg")
        .says("700 × 350 pixels; smaller copies: 320")
        .says("In de: Der Marktplatz");
    home.run(&["media", "set", &sha256, "--credit", "", "--licence", "CC0-1.0"]).done().says("say so now: 0");
    let record = home.json(&["media", "show", &sha256])["medium"]["record"].clone();
    assert_eq!((&record["credit"], &record["licence"]), (&json!(null), &json!("CC0-1.0")));
    assert_eq!(record["alts"]["de"], "Der Marktplatz");

    home.run(&["media", "list", "--unused"]).done().says("platz.jpg (unused)");
    home.run(&["media", "usage", &sha256]).done().says("No text shows it.");
    home.run(&["media", "replace", &sha256, "platz.jpg"]).failed(2, &["by itself"]);
    let replaced = home.json(&["media", "replace", &sha256, "neu.jpg"]);
    assert_eq!(replaced["revisions"], 0);
    let new = replaced["sha256"].as_str().unwrap();
    home.run(&["media", "show", new]).done().says("In de: Der Marktplatz");
    home.run(&["media", "delete", &sha256]).done();
    home.run(&["media", "delete", &sha256]).failed(3, &["media list"]);
    assert_eq!(home.json(&["media", "list"]).as_array().unwrap().len(), 1);
}
