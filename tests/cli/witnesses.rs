//! Who cosigns is a person's choice, and so is whose cosignatures count.

use super::support::Home;

#[test]
fn a_witness_is_chosen_listed_and_let_go() {
    let (town, district) = (Home::new("Musterstadt"), Home::new("Landkreis"));
    town.run(&["witness", "list"]).done().says("No node is asked to cosign yet");
    // A folder is nobody who could answer.
    let folder = district.path("out").to_str().unwrap().to_owned();
    district.run(&["export", &folder]).done();
    town.run(&["witness", "add", &folder]).failed(3, &["it does not cosign the logs of others"]);
    town.run(&["witness", "remove", "Landkreis"]).failed(3, &["\"Landkreis\"", "lotse witness list"]);
    assert_eq!(town.json(&["witness", "list"]), serde_json::json!([]));
}

#[test]
fn a_policy_that_is_not_understood_is_told_with_its_line() {
    let town = Home::new("Musterstadt");
    let with = |policy: &str| {
        std::fs::write(town.path("policy"), policy).unwrap();
        town.run(&[
            "--set",
            &format!("federation.witness_policy={}", town.path("policy").display()),
            "peers",
            "list",
        ])
    };
    with("# nobody is needed\nquorum none\n").done();
    with("\nquorum all\n").failed(2, &["policy: line 2", "\"all\" is no witness or group of a line above"]);
    town.run(&["--set", "federation.witness_policy=nowhere", "peers", "list"]).failed(70, &["nowhere"]);
}
