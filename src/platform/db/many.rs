//! Many rows in one statement, with one text for both databases but for where the rows come from: SQLite gets each value
//! by itself, PostgreSQL one array a column, so that a statement is as short for thousands of rows as for one.

/// Rows in one statement: SQLite takes 32,766 bound values.
pub const SQLITE_ROWS: usize = 500;
pub const POSTGRES_ROWS: usize = 4096;

/// What becomes of a row whose key is there already.
#[derive(Clone, Copy, Debug)]
pub enum Known<'a> {
    /// There is none, or it is an error.
    Refused,
    Stays,
    /// All but these columns, which are its key, become as in the new row.
    Replaced(&'a [&'a str]),
}

/// Inserts rows: a table, its columns with their types and as the fields of a row are called, the rows, and what becomes of
/// those that are known.
/// `insert_many!(tx, pages [number: BigInt, title: Text], rows, Known::Refused)`
#[macro_export]
macro_rules! insert_many {
    ($tx:expr, $table:ident [$($column:ident: $sort:ty),+ $(,)?], $rows:expr, $known:expr) => {{
        use $crate::platform::db::{AnyConnection, DbError, many};
        use diesel::RunQueryDsl;
        let (table, columns) = (stringify!($table), [$(stringify!($column)),+]);
        let mut insert = || -> Result<(), DbError> {
            match $tx.connection() {
                AnyConnection::Sqlite(c) => {
                    for rows in $rows.chunks(many::SQLITE_ROWS) {
                        let text = many::of_values(table, &columns, rows.len(), $known);
                        let mut query = diesel::sql_query(text).into_boxed::<diesel::sqlite::Sqlite>();
                        for row in rows {
                            $(query = query.bind::<$sort, _>(&row.$column);)+
                        }
                        query.execute(c)?;
                    }
                }
                AnyConnection::Postgres(c) => {
                    let text = many::of_arrays(table, &columns, $known);
                    for rows in $rows.chunks(many::POSTGRES_ROWS) {
                        diesel::sql_query(&text)
                            $(.bind::<diesel::sql_types::Array<$sort>, _>(
                                rows.iter().map(|row| &row.$column).collect::<Vec<_>>()
                            ))+
                            .execute(&mut **c)?;
                    }
                }
            }
            Ok(())
        };
        insert()
    }};
}

/// With a mark for every value of so many rows.
pub fn of_values(table: &str, columns: &[&str], rows: usize, known: Known<'_>) -> String {
    let row = format!("({})", vec!["?"; columns.len()].join(", "));
    statement(table, columns, &format!("VALUES {}", vec![row.as_str(); rows].join(", ")), known)
}

/// With a mark for every column.
pub fn of_arrays(table: &str, columns: &[&str], known: Known<'_>) -> String {
    let marks: Vec<String> = (1..=columns.len()).map(|number| format!("${number}")).collect();
    statement(table, columns, &format!("SELECT * FROM unnest({})", marks.join(", ")), known)
}

fn statement(table: &str, columns: &[&str], rows: &str, known: Known<'_>) -> String {
    let known = match known {
        Known::Refused => String::new(),
        Known::Stays => " ON CONFLICT DO NOTHING".to_owned(),
        Known::Replaced(key) => {
            let others = columns.iter().filter(|column| !key.contains(column));
            let set: Vec<String> = others.map(|column| format!("{column} = excluded.{column}")).collect();
            format!(" ON CONFLICT ({}) DO UPDATE SET {}", key.join(", "), set.join(", "))
        }
    };
    format!("INSERT INTO {table} ({}) {rows}{known}", columns.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_databases_get_one_text_but_for_the_rows() {
        let (columns, key) = (["a", "b"], Known::Replaced(&["a"]));
        assert_eq!(
            of_values("t", &columns, 2, key),
            "INSERT INTO t (a, b) VALUES (?, ?), (?, ?) ON CONFLICT (a) DO UPDATE SET b = excluded.b"
        );
        assert_eq!(
            of_arrays("t", &columns, Known::Stays),
            "INSERT INTO t (a, b) SELECT * FROM unnest($1, $2) ON CONFLICT DO NOTHING"
        );
    }
}
