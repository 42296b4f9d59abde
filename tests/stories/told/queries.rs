//! The committed query data, `.sqlx`, is what the schema says.
//!
//! Building needs no database because each query's columns and parameters are written down. Were
//! they stale, the program would still build, and fail when it runs.

use std::{fs, path::Path};

use serde_json::Value;
use sqlx::{AssertSqlSafe, Column, Either, Executor, SqlSafeStr, Statement, TypeInfo};

use crate::house::TestDatabase;

/// A query as it is written down.
struct Written {
    sql: String,
    columns: Vec<String>,
    parameters: Vec<String>,
}

#[tokio::test]
async fn written_queries_match_the_schema() {
    let database = TestDatabase::migrated().await;
    let judge = database.judge().await;
    let written = written();
    assert!(!written.is_empty(), "no query data: run cargo sqlx prepare --workspace");
    for Written { sql, columns, parameters } in written {
        let statement = (&judge).prepare(AssertSqlSafe(sql.clone()).into_sql_str()).await;
        let statement = statement.unwrap_or_else(|error| panic!("{sql}\n{error}"));
        let found = statement.columns().iter().map(|column| plain(column.type_info().name()));
        assert_eq!(found.collect::<Vec<_>>(), columns, "columns of {sql}");
        let Some(Either::Left(found)) = statement.parameters() else { panic!("no parameters: {sql}") };
        let found = found.iter().map(|parameter| plain(parameter.name()));
        assert_eq!(found.collect::<Vec<_>>(), parameters, "parameters of {sql}");
    }
}

fn written() -> Vec<Written> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join(".sqlx");
    let files = fs::read_dir(directory).into_iter().flatten().map(|file| file.unwrap().path());
    files.map(|path| read(&fs::read_to_string(path).unwrap())).collect()
}

fn read(text: &str) -> Written {
    let query: Value = serde_json::from_str(text).unwrap();
    let described = &query["describe"];
    let columns = described["columns"].as_array().unwrap().iter().map(|column| kind(&column["type_info"]));
    let parameters = described["parameters"]["Left"].as_array().unwrap().iter().map(kind);
    Written {
        sql: query["query"].as_str().unwrap().to_owned(),
        columns: columns.collect(),
        parameters: parameters.collect(),
    }
}

/// A type's name: `"Int8"`, or `{"Custom": {"name": …}}`.
fn kind(written: &Value) -> String {
    let custom = || written["Custom"]["name"].as_str();
    plain(written.as_str().or_else(custom).unwrap_or_else(|| panic!("no type: {written}")))
}

/// `Int8Array`, `INT8[]` and `int8[]` are one type.
fn plain(name: &str) -> String {
    name.to_lowercase().replace("[]", "array").replace('"', "")
}

#[test]
fn names_of_types_compare() {
    assert_eq!(plain("TIMESTAMPTZ[]"), plain("TimestamptzArray"));
    assert_ne!(plain("INT8"), plain("Int4"));
}
