//! Migrations: readable both ways, equal to `schema.rs`, and nothing left behind when a row goes.
//! Reads the small SQL they are written in: `CREATE TABLE`, `ALTER TABLE … ADD COLUMN`, `DROP TABLE`.

use super::source::repository;
use std::collections::BTreeMap;

/// One folder of `migrations/`.
pub struct Migration {
    pub name: String,
    pub files: Vec<String>,
    pub up: String,
    pub down: String,
}

/// Columns by table: name and diesel type, in order.
type Tables = BTreeMap<String, Vec<(String, String)>>;

pub fn migrations() -> Vec<Migration> {
    let repository = repository();
    let folders = repository.names("migrations").into_iter().filter(|name| name != "README.md");
    let read = |name: String| Migration {
        files: repository.names(&format!("migrations/{name}")),
        up: repository.read(&format!("migrations/{name}/up.sql")),
        down: repository.read(&format!("migrations/{name}/down.sql")),
        name,
    };
    folders.map(read).collect()
}

/// Migrations that miss a file, or whose way down leaves a table standing.
pub fn one_way(migrations: &[Migration]) -> Vec<String> {
    let mut found = Vec::new();
    for migration in migrations {
        let date = migration.name.split('_').next().unwrap_or_default();
        let dated =
            date.len() == "2026-11-22-000001".len() && date.chars().all(|c| c.is_ascii_digit() || c == '-');
        if !dated {
            found.push(format!("{}: is not named <year>-<month>-<day>-<number>_<what>", migration.name));
        }
        if migration.files != ["down.sql", "up.sql"] {
            found.push(format!("{}: holds {:?}, not up.sql and down.sql", migration.name, migration.files));
        }
        let down = statements(&migration.down);
        for made in statements(&migration.up).iter().filter_map(|s| after(s, "CREATE TABLE ")) {
            let table = name_at(made);
            if !down.iter().filter_map(|s| after(s, "DROP TABLE ")).any(|dropped| name_at(dropped) == table) {
                found.push(format!("{}: down.sql leaves {table} standing", migration.name));
            }
        }
    }
    found
}

/// Tables and columns that only one of the two knows, or knows otherwise.
pub fn unlike_the_schema(migrations: &[Migration], schema: &str) -> Vec<String> {
    let (made, told) = (made(migrations), told(schema));
    let mut found = Vec::new();
    for (table, columns) in &made {
        match told.get(table) {
            None => found.push(format!("schema.rs does not know {table}")),
            Some(theirs) if theirs != columns => {
                found.push(format!("{table}: the migrations make {columns:?}, schema.rs says {theirs:?}"));
            }
            Some(_) => {}
        }
    }
    found.extend(told.keys().filter(|t| !made.contains_key(*t)).map(|t| format!("no migration makes {t}")));
    found
}

/// Columns that refer to another table and would keep it from losing a row, or refer to nothing.
pub fn not_cascading(migrations: &[Migration]) -> Vec<String> {
    let known = made(migrations);
    let mut found = Vec::new();
    for statement in migrations.iter().flat_map(|migration| statements(&migration.up)) {
        let table = ["CREATE TABLE ", "ALTER TABLE "].iter().find_map(|word| after(&statement, word));
        let Some(table) = table.map(name_at) else { continue };
        for item in items(&statement) {
            let Some(target) = item.split("REFERENCES ").nth(1).map(name_at) else { continue };
            if !item.contains("ON DELETE CASCADE") {
                found.push(format!("{table}: `{item}` does not cascade"));
            }
            if !known.contains_key(&target) {
                found.push(format!("{table}: `{item}` refers to a table that is not there"));
            }
        }
    }
    found
}

fn made(migrations: &[Migration]) -> Tables {
    let mut tables = Tables::new();
    for statement in migrations.iter().flat_map(|migration| statements(&migration.up)) {
        if let Some(rest) = after(&statement, "CREATE TABLE ") {
            tables.insert(name_at(rest), columns(&items(&statement)));
        } else if let Some(rest) = after(&statement, "ALTER TABLE ")
            && let Some((_, column)) = rest.split_once(" ADD COLUMN ")
        {
            tables.entry(name_at(rest)).or_default().extend(columns(&[column.to_owned()]));
        } else if let Some(rest) = after(&statement, "DROP TABLE ") {
            tables.remove(&name_at(rest));
        }
    }
    tables
}

/// Statements without comments, white space made single, without the closing `;`.
fn statements(sql: &str) -> Vec<String> {
    let bare: Vec<_> = sql.lines().map(|line| line.split("--").next().unwrap_or_default()).collect();
    let text = bare.join(" ").split_whitespace().collect::<Vec<_>>().join(" ");
    text.split(';').map(|s| s.trim().to_owned()).filter(|s| !s.is_empty()).collect()
}

fn after<'s>(statement: &'s str, word: &str) -> Option<&'s str> {
    let rest = statement.strip_prefix(word)?;
    Some(rest.trim_start_matches("IF NOT EXISTS ").trim_start_matches("IF EXISTS "))
}

fn name_at(text: &str) -> String {
    text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

/// What stands between the outer brackets of a `CREATE TABLE`, or behind `ADD COLUMN`, split at its own commas.
fn items(statement: &str) -> Vec<String> {
    if let Some((_, column)) = statement.split_once(" ADD COLUMN ") {
        return vec![column.to_owned()];
    }
    let inner = match (statement.find('('), statement.rfind(')')) {
        (Some(open), Some(close)) => &statement[open + 1..close],
        _ => return Vec::new(),
    };
    let (mut depth, mut items) = (0, vec![String::new()]);
    for c in inner.chars() {
        depth += i32::from(c == '(') - i32::from(c == ')');
        match items.last_mut() {
            Some(last) if c != ',' || depth > 0 => last.push(c),
            _ => items.push(String::new()),
        }
    }
    items.into_iter().map(|item| item.trim().to_owned()).collect()
}

fn columns(items: &[String]) -> Vec<(String, String)> {
    let keys: Vec<_> = items.iter().filter_map(|item| item.strip_prefix("PRIMARY KEY")).collect();
    let in_key =
        |name: &str| keys.iter().any(|key| key.split(['(', ')', ',']).any(|part| part.trim() == name));
    let column = |item: &String| {
        let mut words = item.split(' ');
        let (name, sql_type) = (words.next()?, words.next().unwrap_or_default());
        let plain = match sql_type {
            "TEXT" => "Text",
            "BIGINT" => "BigInt",
            "BOOLEAN" => "Bool",
            _ if matches!(name, "PRIMARY" | "UNIQUE" | "CHECK" | "FOREIGN" | "CONSTRAINT") => return None,
            other => other,
        };
        let required = item.contains("NOT NULL") || item.contains("PRIMARY KEY") || in_key(name);
        let diesel = if required { plain.to_owned() } else { format!("Nullable<{plain}>") };
        Some((name.to_owned(), diesel))
    };
    items.iter().filter_map(column).collect()
}

/// What the `table!` blocks of `schema.rs` say.
fn told(schema: &str) -> Tables {
    let table = |block: &str| {
        let (head, rest) = block.split_once('{')?;
        let inside = rest.split_once('}')?.0;
        let column = |line: &str| {
            let (name, diesel) = line.trim().trim_end_matches(',').split_once(" -> ")?;
            Some((name.to_owned(), diesel.to_owned()))
        };
        Some((name_at(head), inside.lines().filter_map(column).collect()))
    };
    schema.split("table! {").skip(1).filter_map(table).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCHEMA: &str =
        "diesel::table! {\n a (x, y) {\n x -> Text,\n y -> BigInt,\n z -> Nullable<Bool>,\n }\n}\n";

    fn migration(up: &str, down: &str) -> [Migration; 1] {
        let files = vec!["down.sql".to_owned(), "up.sql".to_owned()];
        [Migration {
            name: "2026-11-22-000001_a".to_owned(),
            files,
            up: up.to_owned(),
            down: down.to_owned(),
        }]
    }

    #[test]
    fn equal_tables_are_equal() {
        let up = "CREATE TABLE a ( -- one, two\n x TEXT CHECK (x IN ('b', 'c')),\n y BIGINT NOT NULL,\n z BOOLEAN,\n PRIMARY KEY (x, y)\n);\nCREATE INDEX i ON a (x);";
        assert!(unlike_the_schema(&migration(up, ""), SCHEMA).is_empty());
        let later =
            "CREATE TABLE a (x TEXT PRIMARY KEY, y BIGINT NOT NULL); ALTER TABLE a ADD COLUMN z BOOLEAN;";
        assert!(unlike_the_schema(&migration(later, ""), SCHEMA).is_empty());
    }

    #[test]
    fn a_difference_is_found_in_either_direction() {
        for up in [
            "CREATE TABLE a (x TEXT PRIMARY KEY, y BIGINT NOT NULL);",
            "CREATE TABLE a (x TEXT PRIMARY KEY, y BIGINT, z BOOLEAN);",
            "CREATE TABLE a (x TEXT PRIMARY KEY, y TEXT NOT NULL, z BOOLEAN);",
            "CREATE TABLE a (x TEXT PRIMARY KEY, y BIGINT NOT NULL, z BOOLEAN); CREATE TABLE b (x TEXT);",
            "CREATE TABLE a (x TEXT PRIMARY KEY, y BIGINT NOT NULL, z BOOLEAN); DROP TABLE a;",
        ] {
            assert_eq!(unlike_the_schema(&migration(up, ""), SCHEMA).len(), 1, "{up}");
        }
    }

    #[test]
    fn a_way_down_that_forgets_a_table_is_found() {
        let up = "CREATE TABLE a (x TEXT); CREATE TABLE b (x TEXT);";
        assert!(one_way(&migration(up, "DROP TABLE b; DROP TABLE a;")).is_empty());
        assert_eq!(one_way(&migration(up, "DROP TABLE a;")).len(), 1);
        let [mut half] = migration(up, "DROP TABLE b; DROP TABLE a;");
        half.files.remove(0);
        half.name = "first".to_owned();
        assert_eq!(one_way(&[half]).len(), 2);
    }

    #[test]
    fn a_key_that_holds_on_is_found() {
        let up = |rule: &str| {
            format!(
                "CREATE TABLE a (x TEXT PRIMARY KEY); CREATE TABLE b (y TEXT, x TEXT REFERENCES a (x){rule});"
            )
        };
        assert!(not_cascading(&migration(&up(" ON DELETE CASCADE"), "")).is_empty());
        assert_eq!(not_cascading(&migration(&up(""), "")).len(), 1);
        assert_eq!(
            not_cascading(&migration("CREATE TABLE b (x TEXT REFERENCES gone (x) ON DELETE CASCADE);", ""))
                .len(),
            1
        );
        let later = "CREATE TABLE b (x TEXT); ALTER TABLE b ADD COLUMN y TEXT REFERENCES b (x);";
        assert_eq!(not_cascading(&migration(later, "")).len(), 1);
    }
}
