//! Whether anything of some words is left at a node: in any column of any table, or in any file of its blob folder.

use super::TestNode;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use lotse::on_both;
use lotse::platform::db::{DbError, Read, Reading};
use std::path::Path;

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// Held to equal the migrations by the house's own test, so that no table is overlooked.
const SCHEMA: &str = include_str!("../../../src/platform/db/schema.rs");

impl TestNode {
    /// Where these words are: tables with the columns that hold them, and files.
    pub fn traces_of(&self, words: &str) -> Vec<String> {
        let mut found: Vec<String> = columns()
            .into_iter()
            .filter(|(table, column)| self.holds_in(table, column, words))
            .map(|(table, column)| format!("{table}.{column}"))
            .collect();
        found.extend(files_with(&self.node.config.node.data.join("blobs"), words.as_bytes()));
        found
    }

    fn holds_in(&self, table: &str, column: &str, words: &str) -> bool {
        let pattern = words.replace('\'', "''");
        let query = format!("SELECT count(*) AS count FROM {table} WHERE {column} LIKE '%{pattern}%'");
        let count = |tx: &mut Read<'_>| {
            let rows: Vec<Count> = on_both!(tx, c => diesel::sql_query(&query).load(c))?;
            Ok::<_, DbError>(rows[0].count)
        };
        self.node.db.read(count).unwrap() > 0
    }
}

/// Every column that holds text, with its table.
fn columns() -> Vec<(&'static str, &'static str)> {
    let (mut table, mut columns) = ("", Vec::new());
    for line in SCHEMA.lines().map(str::trim) {
        if let Some((name, _)) = line.split_once(" (").filter(|_| line.ends_with('{')) {
            table = name;
        }
        if let Some((column, _)) = line.split_once(" -> ").filter(|(_, kind)| kind.contains("Text")) {
            columns.push((table, column));
        }
    }
    columns
}

fn files_with(folder: &Path, words: &[u8]) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .flat_map(|path| {
            if path.is_dir() {
                return files_with(&path, words);
            }
            let bytes = std::fs::read(&path).unwrap();
            let held = bytes.windows(words.len()).any(|part| part == words);
            if held { vec![path.display().to_string()] } else { Vec::new() }
        })
        .collect()
}
