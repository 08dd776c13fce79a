//! What readers said, as those read it who write the content.

use super::life::small;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;

/// Sends a form to the node and gives the status of the answer.
fn say(url: &str, path: &str, form: &str) -> u16 {
    let host = url.trim_start_matches("http://").trim_end_matches('/');
    let mut stream = TcpStream::connect(host).unwrap();
    let (kind, length) = ("application/x-www-form-urlencoded", form.len());
    write!(
        stream,
        "POST {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\ncontent-type: {kind}\r\n\
         content-length: {length}\r\n\r\n{form}"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.split(' ').nth(1).unwrap().parse().unwrap()
}

#[test]
fn feedback_is_listed_read_and_deleted() {
    let (home, above, _) = small();
    home.run(&["feedback", "list"]).done().says("Nothing here.");
    let served = home.serves();
    let page = "/api/v3/klein/de/feedback/page/";
    let first = "rating=down&slug=oben&comment=Die+Nummer+stimmt+nicht.%0AEs+ist+die+5.";
    assert_eq!(say(&home.url, page, first), 201);
    assert_eq!(say(&home.url, "/api/v3/klein/de/feedback/search", "rating=up&query=Kita"), 201);
    assert_eq!(say(&home.url, page, "rating=up&slug=nirgends"), 404);
    assert_eq!(served.ends(), Some(0));

    home.run(&["feedback", "list"]).done().says("1 - klein de /klein/de/oben/  Die Nummer stimmt nicht.\n");
    let listed = home.json(&["feedback", "list", "--region", "klein"]);
    let numbers = |list: &serde_json::Value| -> Vec<i64> {
        list.as_array().unwrap().iter().map(|one| one["number"].as_i64().unwrap()).collect()
    };
    assert_eq!(numbers(&listed), [2, 1]);
    assert_eq!((&listed[0]["query"], &listed[0]["item"]), (&"Kita".into(), &serde_json::Value::Null));
    assert_eq!((&listed[1]["item"], &listed[1]["rating"]), (&above.as_str().into(), &"down".into()));
    assert!(listed[1]["revision"].is_i64() && listed[1]["read_at"].is_null());
    home.run(&["feedback", "show", "1"]).done().says("\nEs ist die 5.").says(&above).says("not yet");

    home.run(&["feedback", "read", "1"]).done().says("1 marked as read");
    assert_eq!(numbers(&home.json(&["feedback", "list"])), [2]);
    assert_eq!(numbers(&home.json(&["feedback", "list", "--state", "read"])), [1]);
    let older = home.json(&["feedback", "list", "--state", "any", "--before", "2", "--most", "1"]);
    assert_eq!(numbers(&older), [1]);
    // What was said of a page that is hidden now is still there.
    home.run(&["page", "archive", &above]).done();
    assert_eq!(home.json(&["feedback", "show", "1"])["path"], serde_json::Value::Null);

    home.run(&["feedback", "delete", "1", "3"]).failed(3, &["no feedback 3", "feedback list"]);
    assert_eq!(home.json(&["feedback", "delete", "1", "2"])["deleted"], serde_json::json!([1, 2]));
    home.run(&["feedback", "show", "1"]).failed(3, &["no feedback 1"]);
    home.run(&["feedback", "list", "--region", "gross"]).failed(3, &["no region", "gross"]);
}
