//! The schema's history, replayed over data.
//!
//! `tests/data/migrations/NAME.sql` puts rows in after migration `NAME`, so that the next one runs
//! over a database in use.

use std::{collections::BTreeSet, fs, path::Path};

use holdfast::postgres::migrations;
use sqlx::{
    AssertSqlSafe, Connection, Executor, PgConnection,
    migrate::{Migration, Migrator},
};

use crate::house::{Judge, TestDatabase};

fn path(below: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(below)
}

/// The file names, without `.sql`, in order.
fn names() -> Vec<String> {
    let files = fs::read_dir(path("migrations")).unwrap().map(|file| file.unwrap().file_name());
    let names = files.map(|name| name.to_str().unwrap().strip_suffix(".sql").expect("SQL only").to_owned());
    names.collect::<BTreeSet<_>>().into_iter().collect()
}

#[tokio::test]
async fn each_migration_runs_over_the_data_of_the_ones_before() {
    let database = TestDatabase::empty().await;
    let judge = Judge::of(&database).await;
    let mut connection = PgConnection::connect_with(&database.owner()).await.unwrap();
    connection.execute("set search_path to public").await.unwrap();
    let all: Vec<Migration> = migrations::migrator().iter().cloned().collect();
    let mut before = judge.census().await;
    for (n, name) in names().iter().enumerate() {
        let mut step = Migrator::with_migrations(all[..=n].to_vec());
        step.set_ignore_missing(true);
        step.run(&mut connection).await.unwrap_or_else(|error| panic!("{name}: {error}"));
        for (table, rows) in before {
            let now = judge.census().await.get(&table).copied();
            assert!(now.is_none_or(|now| now >= rows), "{name} lost rows of {table}: {rows} became {now:?}");
        }
        let data = path(&format!("tests/data/migrations/{name}.sql"));
        let data = fs::read_to_string(&data).unwrap_or_else(|_| panic!("{} is missing", data.display()));
        connection.execute(AssertSqlSafe(data)).await.unwrap_or_else(|error| panic!("data of {name}: {error}"));
        before = judge.census().await;
    }
    migrations::run(&database.owner()).await.expect("nothing is left to apply");
    let pool = database.pool().await;
    assert!(migrations::current(&pool).await.unwrap());
}

#[test]
fn names_are_numbers_in_order_and_a_noun_and_all_are_in_the_binary() {
    let carried: Vec<_> = migrations::migrator().iter().map(|migration| migration.version).collect();
    let numbers: Vec<i64> = names().iter().map(|name| name[..4].parse().expect("four digits")).collect();
    assert_eq!(carried, numbers);
    assert!(names().iter().all(|name| name.as_bytes()[4] == b'_'), "{:?}", names());
}

/// Columns that no row of a filled table could have: such a migration works on an empty database
/// only, and the running version, which does not know the column, could no longer insert.
fn impossible_columns(sql: &str) -> Vec<String> {
    let lines = sql.lines().map(|line| line.split("--").next().unwrap_or_default());
    let sql = lines.collect::<Vec<_>>().join(" ").to_lowercase();
    let additions = sql.split("add column").skip(1);
    let columns = additions.map(|rest| rest.split([';', ',']).next().unwrap_or_default());
    let filled = |column: &str| column.contains("default") || column.contains("generated");
    let bad = columns.filter(|column| column.contains("not null") && !filled(column));
    bad.map(|column| column.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn added_columns_are_possible_for_old_rows_and_old_versions() {
    for name in names() {
        let sql = fs::read_to_string(path(&format!("migrations/{name}.sql"))).unwrap();
        assert_eq!(impossible_columns(&sql), Vec::<String>::new(), "{name}");
    }
    let sql =
        "alter table t add column a text not null, add column b int not null default 0; -- add column c int not null
               ALTER TABLE t ADD COLUMN d text NOT NULL;";
    assert_eq!(impossible_columns(sql), ["a text not null", "d text not null"]);
}

/// Tables with a tenant that are read to find the tenant, and those of people who may belong to none.
const OPEN: [&str; 6] = ["api_token", "api_token_family", "audit", "channel", "staff", "staff_invite"];

#[tokio::test]
async fn rows_of_a_tenant_are_hidden_from_others() {
    let database = TestDatabase::migrated().await;
    let judge = Judge::of(&database).await;
    let open = judge
        .texts(
            "select c.relname::text from pg_class c join pg_attribute a on a.attrelid = c.oid
             where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and a.attname = 'tenant_id'
               and not (c.relrowsecurity and c.relforcerowsecurity
                        and exists (select from pg_policy p where p.polrelid = c.oid))
             order by 1",
        )
        .await;
    assert_eq!(open, OPEN);
    let powers =
        "select count(*) from pg_roles where rolname = 'holdfast_app' and (rolsuper or rolbypassrls or rolcanlogin)";
    assert_eq!(judge.number(powers).await, 0);
    let owned = "select count(*) from pg_class where relowner = 'holdfast_app'::regrole";
    assert_eq!(judge.number(owned).await, 0);
}
