//! G: the schema's history. `tests/stories/told/migrations.rs` replays it over data.

use std::time::Duration;

use engine::{Client, Engine};
use sqlx::{
    AssertSqlSafe, Connection, Executor, PgConnection, PgPool,
    migrate::{MigrateError, Migrator},
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::{
    helpers::{Note, note},
    house::{House, start},
};

static ALL: Migrator = sqlx::migrate!("../../migrations");

/// A database with nothing in it, whose name needs quotes.
async fn empty(house: &House) -> PgConnectOptions {
    let name = format!("{} is Empty", house.pool.connect_options().get_database().unwrap());
    house.pool.execute(AssertSqlSafe(format!("create database \"{name}\""))).await.unwrap();
    (*house.pool.connect_options()).clone().database(&name)
}

async fn connect(options: &PgConnectOptions) -> PgConnection {
    PgConnection::connect_with(options).await.unwrap()
}

async fn migrate(options: &PgConnectOptions) -> Result<(), MigrateError> {
    ALL.run(&mut connect(options).await).await
}

async fn drop_database(house: &House, options: &PgConnectOptions) {
    let name = options.get_database().unwrap();
    house.pool.execute(AssertSqlSafe(format!("drop database \"{name}\" with (force)"))).await.unwrap();
}

async fn applied(options: &PgConnectOptions) -> i64 {
    let sql = "select count(*) from _sqlx_migrations where success";
    sqlx::query_scalar(sql).fetch_one(&mut connect(options).await).await.unwrap()
}

#[tokio::test]
async fn g01_five_first_starts_at_once_migrate_once() {
    let house = House::new().await;
    let options = empty(&house).await;
    for start in futures_util::future::join_all((0..5).map(|_| migrate(&options))).await {
        start.unwrap();
    }
    assert_eq!(applied(&options).await, i64::try_from(ALL.iter().count()).unwrap());
    drop_database(&house, &options).await;
}

#[tokio::test]
async fn g02_a_second_run_changes_nothing() {
    let house = House::new().await;
    let options = empty(&house).await;
    let mut conn = connect(&options).await;
    ALL.run(&mut conn).await.unwrap();
    let catalog = "select string_agg(object || digest, ',' order by object) from holdfast.catalog()";
    let before: String = sqlx::query_scalar(catalog).fetch_one(&mut conn).await.unwrap();
    ALL.run(&mut conn).await.unwrap();
    conn.execute("select holdfast.roll(); select holdfast.register_kinds('{}')").await.unwrap();
    let after: String = sqlx::query_scalar(catalog).fetch_one(&mut conn).await.unwrap();
    assert_eq!(before, after);
    drop_database(&house, &options).await;
}

#[tokio::test]
async fn g04_a_migration_that_was_killed_half_way_is_completed_by_the_next_run() {
    let house = House::new().await;
    let options = empty(&house).await;
    let mut early = Migrator::with_migrations(ALL.iter().take(5).cloned().collect());
    early.set_ignore_missing(true);
    early.run(&mut connect(&options).await).await.unwrap();
    let mut holder = connect(&options).await;
    holder.execute("begin; lock table holdfast.worker in access exclusive mode").await.unwrap();
    let kill = async {
        let stuck = "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query ilike '%holdfast%'";
        let mut killer = connect(&options).await;
        let deadline = tokio::time::Instant::now() + Duration::from_secs(30);
        while sqlx::query(stuck).fetch_all(&mut killer).await.unwrap().is_empty() {
            assert!(tokio::time::Instant::now() < deadline, "the migration never waited");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let (run, ()) = tokio::join!(migrate(&options), kill);
    run.unwrap_err();
    assert_eq!(applied(&options).await, 5, "nothing is left of the half");
    holder.execute("rollback").await.unwrap();
    migrate(&options).await.unwrap();
    assert_eq!(applied(&options).await, i64::try_from(ALL.iter().count()).unwrap());
    drop_database(&house, &options).await;
}

#[tokio::test]
async fn g05_what_somebody_changed_in_the_schema_is_told() {
    let house = House::new().await;
    let drift = "select difference || ' ' || object from holdfast.drift()";
    let told = async || sqlx::query_scalar::<_, String>(drift).fetch_all(&house.pool).await.unwrap();
    house.pool.execute("select holdfast.draw_blueprint(1)").await.unwrap();
    assert_eq!(told().await, Vec::<String>::new());
    house
        .pool
        .execute("select holdfast.make_partition('done', '1999w01', 'finished_at', '1999-01-04', '1999-01-11')")
        .await
        .unwrap();
    assert_eq!(told().await, Vec::<String>::new(), "partitions come and go");
    house.pool.execute("drop index holdfast.later_due").await.unwrap();
    house
        .pool
        .execute("create or replace function holdfast.protocol() returns integer language sql immutable return 0")
        .await
        .unwrap();
    house.pool.execute("alter table holdfast.effect alter column reference set default ''").await.unwrap();
    house.pool.execute("alter table holdfast.lane add column colour text").await.unwrap();
    let expected = [
        "changed column effect.reference",
        "changed function protocol()",
        "missing index holdfast.later_due",
        "unknown column lane.colour",
    ];
    assert_eq!(told().await, expected);
    house.pool.execute("select holdfast.draw_blueprint(1)").await.unwrap();
    assert_eq!(told().await, expected, "the same version does not hide it");
    house.pool.execute("select holdfast.draw_blueprint(2)").await.unwrap();
    assert_eq!(told().await, Vec::<String>::new(), "a newer one is the new truth");
}

#[tokio::test]
async fn g06_a_strange_search_path_and_a_name_that_needs_quotes_change_nothing() {
    let house = House::new().await;
    let options = empty(&house).await;
    let mut conn = connect(&options).await;
    ALL.run(&mut conn).await.unwrap();
    conn.execute("create schema \"My Schema\"; create table \"My Schema\".job (id text); create table \"My Schema\".ready (id text)")
        .await
        .unwrap();
    let strange = options.clone().options([("search_path", "\"My Schema\"")]);
    let pool: PgPool = PgPoolOptions::new().max_connections(8).connect_with(strange).await.unwrap();
    let path: String = sqlx::query_scalar("show search_path").fetch_one(&pool).await.unwrap();
    assert!(path.contains("My Schema"), "{path}");
    let client = Client::new(pool.clone());
    let running = start(Engine::new(client.clone(), house.world.clone()).job::<Note>().grace(Duration::from_secs(3)));
    client.register_kinds(&["note".to_owned()]).await.unwrap();
    client.enqueue_now(1, &note("here")).await.unwrap();
    let deadline = tokio::time::Instant::now() + Duration::from_secs(30);
    while house.world.count("here") == 0 {
        assert!(tokio::time::Instant::now() < deadline, "the job never ran");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    running.stop().await;
    pool.close().await;
    drop_database(&house, &options).await;
}
