//! H: the database in trouble. `holdfast bench faults` has the long scenarios.

use std::time::Duration;

use engine::{Cx, Job, Outcome, Policy};
use serde::{Deserialize, Serialize};
use sqlx::Executor;

use crate::{
    helpers::{Note, note},
    house::{House, Running, World, start},
};

/// Ends the connections of everybody else on this database.
const TERMINATE: &str = "select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()";

/// A number in a table, read, thought about, and written: two at once would lose one.
#[derive(Serialize, Deserialize)]
struct Increment {}

impl Job<World> for Increment {
    const NAME: &'static str = "increment";
    const POLICY: Policy = Policy { attempts: 1000, ..Policy::DEFAULT };
    type Output = i64;

    fn lane(&self) -> Option<String> {
        Some("the register".to_owned())
    }

    async fn run(self, cx: Cx<World>) -> Outcome<i64> {
        let mut tx = engine::begin(&cx.world.pool).await?;
        let value: i64 = sqlx::query_scalar("select value from register").fetch_one(&mut *tx).await?;
        tokio::task::yield_now().await;
        sqlx::query("update register set value = $1").bind(value + 1).execute(&mut *tx).await?;
        sqlx::query("insert into history (job, value) values ($1, $2)")
            .bind(cx.id())
            .bind(value + 1)
            .execute(&mut *tx)
            .await?;
        cx.finish(tx, value + 1).await
    }
}

async fn with_register() -> House {
    let house = House::new().await;
    house.pool.execute("create table register (value bigint); insert into register values (0); create table history (job bigint, value bigint)").await.unwrap();
    house.client.register_kinds(&["note".to_owned(), "increment".to_owned()]).await.unwrap();
    house
}

async fn put_all<J: Job<World>>(house: &House, jobs: &[J]) {
    let mut tx = engine::begin(&house.pool).await.unwrap();
    house.client.enqueue_all(&mut tx, 1, jobs).await.unwrap();
    house.client.commit(tx).await.unwrap();
}

/// Terminates everybody so often, a little apart.
async fn storm(house: &House, times: usize) {
    for _ in 0..times {
        // Those of the pool that are idle die, too: whoever asks for the next one finds out.
        while house.pool.execute(TERMINATE).await.is_err() {}
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn until_quiet(house: &House, jobs: usize) {
    let deadline = tokio::time::Instant::now() + Duration::from_secs(40);
    loop {
        let ended = sqlx::query_scalar::<_, i64>("select count(*) from holdfast.done where outcome = 0")
            .fetch_one(&house.pool)
            .await;
        if ended.is_ok_and(|ended| ended >= i64::try_from(jobs).unwrap()) {
            return;
        }
        assert!(tokio::time::Instant::now() < deadline, "not all jobs ended");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn h02_terminated_backends_lose_no_job_and_end_none_twice() {
    let house = with_register().await;
    let running = start(house.engine().job::<Note>());
    house.until("select count(*) from holdfast.worker", 1).await;
    let notes: Vec<Note> = (0..600).map(|n| note(&n.to_string())).collect();
    for batch in notes.chunks(60) {
        put_all(&house, batch).await;
        storm(&house, 1).await;
    }
    until_quiet(&house, 600).await;
    assert_eq!(house.number("select count(*) from holdfast.done").await, 600);
    assert_eq!(house.number("select count(distinct id) from holdfast.done").await, 600);
    running.stop().await;
}

#[tokio::test]
async fn h06_without_its_listening_connection_a_worker_still_finds_work_within_5_s() {
    let house = with_register().await;
    let running = start(house.engine().job::<Note>());
    let listener = "select count(*) from pg_locks where locktype = 'advisory' and classid = 1213156420 and database = (select oid from pg_database where datname = current_database())";
    house.until(listener, 1).await;
    for round in 0..3 {
        let end =
            "select count(pg_terminate_backend(pid)) from pg_locks where locktype = 'advisory' and classid = 1213156420
                     and database = (select oid from pg_database where datname = current_database())";
        assert_eq!(house.number(end).await, 1);
        // From plain SQL: this process hears of it by the notification only.
        let asked = tokio::time::Instant::now();
        let put = "select id from holdfast.enqueue('note', $1::text::json)";
        let payload = format!(r#"{{"text": "round {round}", "key": ""}}"#);
        sqlx::query(put).bind(payload).execute(&house.pool).await.unwrap();
        while house.world.count(&format!("round {round}")) == 0 {
            assert!(asked.elapsed() < Duration::from_secs(5), "found too late");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        house.until(listener, 1).await;
    }
    running.stop().await;
}

#[tokio::test]
async fn h09_a_lock_timeout_while_completions_are_written_is_tried_again_and_each_is_written_once() {
    let house = with_register().await;
    let limit =
        "do $$ begin execute format('alter database %I set lock_timeout = ''100ms''', current_database()); end $$";
    house.pool.execute(limit).await.unwrap();
    while house.pool.execute(TERMINATE).await.is_err() {}
    let running = start(house.engine().job::<Note>());
    put_all(&house, &[note("first")]).await;
    until_quiet(&house, 1).await;
    let mut holder = engine::begin(&house.pool).await.unwrap();
    holder.execute("set local lock_timeout = '10s'; lock table holdfast.done in access exclusive mode").await.unwrap();
    put_all(&house, &(0..50).map(|n| note(&n.to_string())).collect::<Vec<_>>()).await;
    let deadline = tokio::time::Instant::now() + Duration::from_secs(20);
    while house.world.diary().len() < 10 {
        assert!(tokio::time::Instant::now() < deadline, "the jobs run, only their ends wait");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
    holder.rollback().await.unwrap();
    until_quiet(&house, 51).await;
    assert_eq!(house.world.diary().len(), 51, "and none ran twice");
    assert_eq!(house.number("select count(*) from holdfast.attempt").await, 0, "nor was it anybody's failure");
    running.stop().await;
}

#[tokio::test]
async fn h09_an_enqueue_says_whether_it_is_worth_a_second_try() {
    let house = with_register().await;
    let mut holder = engine::begin(&house.pool).await.unwrap();
    holder.execute("lock table holdfast.ready in access exclusive mode").await.unwrap();
    let mut tx = engine::begin(&house.pool).await.unwrap();
    tx.execute("set local lock_timeout = '50ms'").await.unwrap();
    let refused = house.client.enqueue(&mut tx, 1, &note("later")).await.unwrap_err();
    assert!(refused.is_transient(), "{refused:?}");
    tx.rollback().await.unwrap();
    let mut tx = engine::begin(&house.pool).await.unwrap();
    tx.execute("select 1 / 0").await.unwrap_err();
    let refused = house.client.enqueue(&mut tx, 1, &note("never")).await.unwrap_err();
    assert!(!refused.is_transient(), "the caller's own transaction is over: {refused:?}");
    tx.rollback().await.unwrap();
    holder.rollback().await.unwrap();
    assert_eq!(house.number("select count(*) from holdfast.job").await, 0);
}

#[tokio::test]
async fn h12_a_register_in_a_lane_is_linearizable_while_backends_die_and_workers_change() {
    const JOBS: usize = 120;
    let house = with_register().await;
    put_all(&house, &(0..JOBS).map(|_| Increment {}).collect::<Vec<_>>()).await;
    let mut running: Vec<Running> = (0..3).map(|_| start(house.engine().job::<Increment>())).collect();
    house.until("select count(*) from holdfast.worker", 3).await;
    for started in 1..5 {
        storm(&house, 2).await;
        running.push(start(house.engine().job::<Increment>()));
        house.until("select max(id) from holdfast.worker", 3 + started).await;
        running.remove(0).stop().await;
    }
    until_quiet(&house, JOBS).await;
    let number = i64::try_from(JOBS).unwrap();
    assert_eq!(house.number("select value from register").await, number, "none is lost, none counts twice");
    assert_eq!(house.number("select count(distinct job) from history").await, number);
    let order =
        "select count(*) from (select job, lag(job) over (order by value) as before from history) h where before > job";
    assert_eq!(house.number(order).await, 0, "in the order in which they were put in");
    for one in running {
        one.stop().await;
    }
}
