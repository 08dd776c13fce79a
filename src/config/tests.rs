//! What an operator may rely on when the configuration is read.

use super::{Config, ConfigError, Sources, flag, understand};
use std::path::Path;

fn read(file: &str, environment: &[(&str, &str)], flags: &[&str]) -> Result<Config, ConfigError> {
    let owned = |(a, b): &(&str, &str)| ((*a).to_owned(), (*b).to_owned());
    understand(&Sources {
        folder: Path::new("/srv/lotse"),
        file: Some(("lotse.toml", file)),
        environment: environment.iter().map(owned).collect(),
        flags: flags.iter().map(|text| flag(text).unwrap()).collect(),
        read_secret: &|path| match path.to_str() {
            Some("/srv/lotse/password") => Ok("postgres://lotse:geheim@db/lotse\n".to_owned()),
            _ => Err(std::io::ErrorKind::NotFound.into()),
        },
    })
}

fn refused(file: &str) -> String {
    read(file, &[], &[]).unwrap_err().to_string()
}

#[test]
fn without_a_word_the_defaults_hold() {
    let config = read("", &[], &[]).unwrap();
    assert_eq!(config.database.url.reveal(), "sqlite:/srv/lotse/lotse.db");
    assert_eq!(config.federation.guard, Path::new("/srv/lotse/guard"));
    assert_eq!(config.federation.poll_max_seconds, 1800);
    assert!(!config.federation.allow_private_addresses);
    assert!(config.site.client_address_header.is_empty());
}

#[test]
fn the_environment_wins_over_the_file_and_a_flag_over_both() {
    let file = "[site]\nurl = \"http://file/\"\nlisten = \"127.0.0.1:1\"\n[node]\nname = \"Datei\"";
    let environment =
        [("LOTSE__SITE__URL", "http://environment/"), ("LOTSE__SITE__LISTEN", "[::]:2"), ("HOME", "/")];
    let config = read(file, &environment, &["site.url=http://flag/"]).unwrap();
    assert_eq!(config.site.url, "http://flag/");
    assert_eq!(config.site.listen.port(), 2);
    assert_eq!(config.node.name, "Datei");
    let told = config.understood();
    assert!(told.contains("url = \"http://flag/\"") && told.contains("# flag --set"), "{told}");
    assert!(
        told.contains("# environment LOTSE__SITE__LISTEN") && told.contains("# file lotse.toml"),
        "{told}"
    );
    assert!(told.contains("poll_min_seconds = 120") && told.contains("# default"), "{told}");
    assert!(told.parse::<toml::Table>().is_ok());
}

#[test]
fn an_unknown_key_is_refused_wherever_it_stands_and_the_nearest_is_named() {
    assert!(refused("[site]\nadress = \"x\"").contains("file lotse.toml sets site.adress"));
    assert!(refused("[site]\nurls = \"x\"").contains("did you mean site.url?"));
    assert!(refused("[sites]\nurl = \"x\"").contains("sets sites"));
    assert!(refused("listen = \"127.0.0.1:80\"").contains("did you mean site.listen?"));
    let environment = read("", &[("LOTSE__FEDERATION__POLL_MIN", "3")], &[]).unwrap_err().to_string();
    assert!(environment.contains("LOTSE__FEDERATION__POLL_MIN"), "{environment}");
    assert!(environment.contains("federation.poll_min_seconds"), "{environment}");
    assert!(read("", &[], &["log.levle=info"]).unwrap_err().to_string().contains("log.level?"));
}

#[test]
fn a_wrong_value_is_named_with_what_is_accepted_and_the_likely_slip() {
    let cases = [
        ("[site]\nurl = \"https://example.org\"", "the slash at the end is missing"),
        ("[site]\nurl = \"localhost:8080/\"", "http:// is missing"),
        ("[site]\nurl = \"https://example.org/lotse/\"", "nothing may follow the slash"),
        ("[site]\nlisten = \"8080\"", "\"127.0.0.1:8080\""),
        ("[site]\nlisten = \"localhost:8080\"", "write 127.0.0.1 for localhost"),
        ("[site]\nlisten = 8080", "put it in quotes"),
        ("[site]\nclient_address_header = \"X-Real-IP:\"", "its name only"),
        ("[federation]\npoll_min_seconds = \"60\"", "remove the quotes"),
        ("[federation]\npoll_min_seconds = 0", "a whole number from 1 to 86400"),
        ("[federation]\nallow_private_addresses = 1", "true or false"),
        ("[log]\nlevel = \"loud\"", "error or warn or info"),
        ("[node]\nname = \" \"", "it is empty"),
        ("[database]\nurl = \"lotse.db\"", "sqlite: is missing"),
        ("[federation]\npoll_min_seconds = 10\npoll_max_seconds = 5", "swap them"),
        ("[site", "is not TOML"),
    ];
    for (file, expected) in cases {
        let message = refused(file);
        assert!(message.contains(expected), "{file:?} gave {message}");
    }
}

#[test]
fn a_secret_may_come_from_a_file_and_is_never_printed() {
    let config = read("[database]\nurl_file = \"password\"", &[], &[]).unwrap();
    assert_eq!(config.database.url.reveal(), "postgres://lotse:geheim@db/lotse");
    assert!(config.understood().contains("url_file = \"password\""));
    let open = read("[database]\nurl = \"postgres://lotse:geheim@db/lotse\"", &[], &[]).unwrap();
    assert!(open.understood().contains("postgres://lotse:hidden@db/lotse"));
    for config in [&config, &open] {
        assert!(!config.understood().contains("geheim") && !format!("{config:?}").contains("geheim"));
    }
    assert!(!refused("[database]\nurl = \"mysql://lotse:geheim@db\"").contains("geheim"));
    assert!(refused("[database]\nurl_file = \"gone\"").contains("cannot be read"));
    assert!(refused("[database]\nurl = \"sqlite:a.db\"\nurl_file = \"password\"").contains("keep one"));
    let both = [("LOTSE__DATABASE__URL", "sqlite:a.db"), ("LOTSE__DATABASE__URL_FILE", "password")];
    assert!(read("", &both, &[]).unwrap_err().to_string().contains("keep one"));
    // Only secrets have a file of their own.
    assert!(refused("[site]\nurl_file = \"password\"").contains("does not exist"));
}

#[test]
fn a_flag_without_a_value_is_refused() {
    assert!(flag("site.url").unwrap_err().to_string().contains("has no \"=\""));
}

#[test]
fn a_node_in_the_same_process_is_configured_by_pairs() {
    let config = Config::of(Path::new("/tmp/a"), &[("federation.allow_private_addresses", "true")]).unwrap();
    assert!(config.federation.allow_private_addresses);
    assert_eq!(config.node.data, Path::new("/tmp/a"));
    assert!(Config::of(Path::new("/tmp/a"), &[("site.listen", "80")]).is_err());
}
