//! Tokens: shown once, listed without themselves, taken back.

use super::support::{Home, answer};
use serde_json::json;

#[test]
fn a_token_is_shown_once_and_taken_back_by_its_number() {
    let home = Home::new("Amt");
    home.run(&["region", "add", "dorf", "--name", "Dorf"]).done();
    home.run(&["token", "list"]).done().says("No token");
    home.run(&["token", "add", "--name", "X"]).failed(2, &["--scope"]);
    home.run(&["token", "add", "--name", "X", "--scope", "everything"]).failed(2, &["content:write"]);
    home.run(&["token", "add", "--name", " ", "--scope", "content:write"]).failed(2, &["name"]);
    home.run(&["token", "add", "--name", "X", "--scope", "content:write", "--expires", "2001-01-01"])
        .failed(2, &["past"]);
    home.run(&["token", "add", "--name", "X", "--scope", "content:write", "--region", "stadt"])
        .failed(3, &["\"stadt\""]);
    let wanted = ["token", "add", "--name", "Redaktion", "--scope", "content:write", "--region", "dorf"];
    let made = home.json(&[&wanted[..], &["--expires", "2999-12-31"]].concat());
    let secret = made["token"].as_str().unwrap();
    assert!(secret.starts_with("lotse_") && secret.len() == "lotse_".len() + 43);
    let listed =
        home.run(&["token", "list"]).done().says("Redaktion").says("dorf; until 2999-12-31, never used");
    assert!(!listed.out.contains(secret));
    let row = &home.json(&["token", "list"])[0];
    assert_eq!(
        (&row["number"], &row["scopes"], &row["region"]),
        (&json!(1), &json!(["content:write"]), &json!("dorf"))
    );
    home.run(&["token", "revoke", "7"]).failed(3, &["token list"]);
    home.run(&["token", "revoke", "1"]).done().says("Token 1");
    home.run(&["token", "list"]).done().says("revoked");
}

#[test]
fn a_token_of_a_page_is_for_nothing_else() {
    let home = Home::new("Amt");
    home.imports("klein", &[("pages.de", json!([answer("/klein/de/oben/", "Oben", &[])]))], &[]).done();
    let page = home.pages("klein", "de")[0].0.clone();
    let add = |more: &[&str]| home.run(&[&["token", "add", "--name", "Verband"], more].concat());
    add(&["--page", &page, "--region", "klein"]).failed(2, &["--region"]);
    add(&["--page", &page, "--scope", "content:write"]).failed(2, &["--scope"]);
    add(&["--scope", "page:text"]).failed(2, &["one page"]);
    add(&["--page", "019b76da-a800-7c3e-9d1a-3f2b6c7d8e9f"]).failed(3, &["019b76da"]);
    add(&["--page", &page]).done().says("lotse_");
    home.run(&["token", "list"]).done().says(&format!("(page:text, {page} in klein; valid, never used)"));
    let row = &home.json(&["token", "list"])[0];
    assert_eq!((&row["page"], &row["scopes"]), (&json!(page), &json!(["page:text"])));
}
