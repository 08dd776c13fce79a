//! Yesterday's database put back in the place of today's: readers are served, nothing is signed, and everybody who
//! asks is told why. Today's database heals it.

use super::log::{Log, checkpoint};
use super::node::{Node, SOON};
use super::texts::shown;
use super::watch::Watch;
use super::wire::{fetch, until};
use super::world::World;
use std::path::PathBuf;
use tokio_postgres::NoTls;

/// A database kept aside.
enum Kept {
    Files(Vec<(PathBuf, Vec<u8>)>),
    /// A schema with a copy of each table.
    Schema(String),
}

/// The files of a SQLite database: there or not, they belong together.
fn files(url: &str) -> Option<[PathBuf; 3]> {
    let path = url.strip_prefix("sqlite:")?;
    Some(["", "-wal", "-shm"].map(|end| PathBuf::from(format!("{path}{end}"))))
}

/// Keeps the database of a node that does not run.
fn keep(node: &Node, name: &str) -> Kept {
    let Some(files) = files(node.database.url()) else {
        let kept = format!("{}_{name}", schema(node));
        let copy = "EXECUTE format('CREATE TABLE %I.%I AS TABLE %I.%I', kept, t, live, t);";
        on_tables(node, &kept, &format!("CREATE SCHEMA {kept};"), copy);
        return Kept::Schema(kept);
    };
    let there = files.into_iter().filter(|path| path.exists());
    Kept::Files(there.map(|path| (path.clone(), std::fs::read(&path).unwrap())).collect())
}

/// Puts a kept database in the place of the one that is there.
fn put_back(node: &Node, kept: &Kept) {
    match kept {
        Kept::Schema(kept) => {
            let copy = "EXECUTE format('DELETE FROM %I.%I', live, t);
                EXECUTE format('INSERT INTO %I.%I SELECT * FROM %I.%I', live, t, kept, t);";
            on_tables(node, kept, "SET session_replication_role = replica;", copy);
        }
        Kept::Files(kept) => {
            for path in files(node.database.url()).unwrap().iter().filter(|path| path.exists()) {
                std::fs::remove_file(path).unwrap();
            }
            kept.iter().for_each(|(path, bytes)| std::fs::write(path, bytes).unwrap());
        }
    }
}

fn schema(node: &Node) -> String {
    node.database.url().rsplit("%3D").next().unwrap().to_owned()
}

/// Runs a statement of PL/pgSQL for each table `t` of the schema `live` and its copy in the schema `kept`.
fn on_tables(node: &Node, kept: &str, before: &str, each: &str) {
    let live = schema(node);
    let sql = format!(
        "{before} DO $$ DECLARE live text := '{live}'; kept text := '{kept}'; t text; BEGIN
           FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = live LOOP {each} END LOOP;
         END $$;"
    );
    execute(&sql);
}

fn execute(sql: &str) {
    let server = std::env::var("LOTSE_TEST_POSTGRES_URL").unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let (client, connection) = tokio_postgres::connect(&server, NoTls).await.unwrap();
        tokio::spawn(connection);
        client.batch_execute(sql).await.unwrap();
    });
}

impl Drop for Kept {
    fn drop(&mut self) {
        if let (Kept::Schema(kept), false) = (&self, std::thread::panicking()) {
            execute(&format!("DROP SCHEMA {kept} CASCADE"));
        }
    }
}

#[test]
fn yesterdays_database_is_read_and_signs_nothing_until_todays_is_back() {
    let (mut node, mut world, mut log) = (Node::new("Stadt"), World::new(), Log::default());
    let first = world.first();
    node.publish(&first);
    node.learn_ids();
    let serving = node.serving();
    let before = until("yesterday is public", SOON, || shown(node.port, "stadt"));
    serving.kill();
    let yesterday = keep(&node, "yesterday");

    let second = world.first();
    node.publish(&second);
    let serving = node.serving();
    let signed = until("today is signed", SOON, || log.catch_up(node.port));
    let after = shown(node.port, "stadt").unwrap();
    assert_ne!(before, after);
    serving.kill();
    let today = keep(&node, "today");

    put_back(&node, &yesterday);
    let mut serving = node.serving();
    let mut watch = Watch::new();
    watch.checkpoints(node.port);
    watch.pages(node.port, "stadt");
    assert_eq!(shown(node.port, "stadt").unwrap(), before, "readers are served what is there");
    let still = || checkpoint(&fetch(node.port, "/feed/pub/1/checkpoint").unwrap());
    assert_eq!(still(), signed, "the last checkpoint stays");
    refuses_to_sign(&node);
    let third = world.first();
    let refused = until("the import ends", SOON, {
        let mut importing = node.change(&third);
        move || importing.ended().ok_or_else(|| "it runs".to_owned())
    });
    assert!(!refused, "an import into yesterday's database was taken");
    assert_eq!(shown(node.port, "stadt").unwrap(), before, "what was refused changed nothing");
    assert_eq!(still(), signed);
    assert_eq!(node.guarded(), signed.size, "the guard was bypassed");
    assert!(serving.ended().is_none(), "{}", node.told());
    assert!(node.told().contains("nothing is signed"), "the log says it: {}", node.told());
    watch.is_content();
    assert!(watch.checkpoints_seen().iter().all(|seen| *seen == signed));
    serving.kill();

    put_back(&node, &today);
    let _serving = node.serving();
    assert_eq!(shown(node.port, "stadt").unwrap(), after);
    node.publish(&third);
    until("the log goes on", SOON, || {
        let longer = log.catch_up(node.port)?;
        let seen = shown(node.port, "stadt")?;
        if longer.size > signed.size && log.public() == seen { Ok(()) } else { Err(format!("{longer:?}")) }
    });
    assert_eq!(node.complaints(), Vec::<String>::new());
    node.verify();
    log.continues(watch.checkpoints_seen());
}

/// Every command that would sign ends with "contradicts what is there" and says what to do; looking finds it too.
fn refuses_to_sign(node: &Node) {
    let complaints = node.complaints();
    assert!(
        complaints.iter().any(|words| words.contains("Bring back the newest database")),
        "{complaints:?}"
    );
    let nothing = node.data().join("nothing");
    std::fs::create_dir_all(&nothing).unwrap();
    let nothing = nothing.display().to_string();
    let page = node.id_of("drei");
    for words in [
        &["import", "integreat", "--region", "stadt", "--from", &nothing][..],
        &["page", "archive", page],
        &["page", "erase", page, "--why", "error", "--yes"],
        &["export", &nothing],
    ] {
        let refused = node.lotse(words).output().unwrap();
        assert_eq!(refused.status.code(), Some(5), "{words:?}: {refused:?}");
        let said = String::from_utf8(refused.stderr).unwrap();
        assert!(
            said.contains("Nothing is signed") && said.contains("Bring back the newest database"),
            "{said}"
        );
    }
}
