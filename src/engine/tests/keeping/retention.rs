//! P: what has ended goes after a while, and nothing else.

use std::time::Duration;

use serde_json::Value;
use sqlx::{Connection, PgConnection, PgPool};

use crate::{
    helpers::{Note, note},
    house::{House, start},
};

/// A job that was put in so many days ago and has the given end (`None`: open), at the same time.
async fn old_job(pool: &PgPool, days: i32, outcome: Option<i16>) -> i64 {
    sqlx::query(
        "select holdfast.make_partition(x.parent, holdfast.week_label(w.at), x.key,
                  case x.key when 'id' then holdfast.id_at(w.at)::text else w.at::text end,
                  case x.key when 'id' then holdfast.id_at(w.at + interval '1 week')::text else (w.at + interval '1 week')::text end)
         from (values ('job', 'id'), ('done', 'finished_at'), ('attempt', 'ended_at')) x(parent, key),
              (select holdfast.week_of(now() - make_interval(days => $1)) as at) w",
    )
    .bind(days)
    .execute(pool)
    .await
    .unwrap();
    sqlx::query_scalar(
        "with fresh as (select holdfast.id_at(now() - make_interval(days => $1)) | (nextval('holdfast.job_id_counter') & 1048575) as id, k.id as kind
                        from holdfast.kind k where k.name = 'note'),
              put as (insert into holdfast.job (id, kind, tenant, root, payload, created_at)
                        select id, kind, 1, id, '{\"text\": \"old\", \"key\": \"\"}', now() - make_interval(days => $1) from fresh),
              ended as (insert into holdfast.done (id, finished_at, started_at, outcome, attempts, kind, tenant, output)
                          select id, now() - make_interval(days => $1), now() - make_interval(days => $1), $2, 1, kind, 1, '\"old\"' from fresh where $2 is not null),
              tried as (insert into holdfast.attempt (id, number, started_at, ended_at, ending, error)
                          select id, 1, now() - make_interval(days => $1), now() - make_interval(days => $1), 'failed', 'old' from fresh),
              waits as (insert into holdfast.later (id, run_at, tenant, kind, priority) select id, now() + interval '1 day', 1, kind, 0 from fresh where $2 is null)
         select id from fresh",
    )
    .bind(days)
    .bind(outcome)
    .fetch_one(pool)
    .await
    .unwrap()
}

async fn with_note() -> House {
    let house = House::new().await;
    house.client.register_kinds(&["note".to_owned()]).await.unwrap();
    house
}

async fn exists(pool: &PgPool, job: i64) -> bool {
    sqlx::query_scalar("select exists (select from holdfast.job where id = $1)")
        .bind(job)
        .fetch_one(pool)
        .await
        .unwrap()
}

/// Drops weeks until there are none left that may go; returns the names of the partitions.
async fn drop_weeks(pool: &PgPool, keep: &str) -> Vec<String> {
    let mut names = Vec::new();
    loop {
        let (dropped, busy): (Option<String>, bool) = sqlx::query_as(
            "select dropped, busy from holdfast.drop_week(now() - $1::text::interval, now() - $1::text::interval)",
        )
        .bind(keep)
        .fetch_one(pool)
        .await
        .unwrap();
        match dropped {
            Some(name) => names.push(name),
            None if busy => tokio::time::sleep(Duration::from_millis(20)).await,
            None => return names,
        }
    }
}

async fn prune(pool: &PgPool, keep: &str, after: Option<i64>, most: i32) -> (i32, Option<i64>) {
    sqlx::query_as(
        "select removed, next from holdfast.prune(now() - $1::text::interval, now() - $1::text::interval, $2, $3)",
    )
    .bind(keep)
    .bind(after)
    .bind(most)
    .fetch_one(pool)
    .await
    .unwrap()
}

#[tokio::test]
async fn p01_weeks_whose_jobs_have_all_ended_go_as_a_whole_and_the_engine_sees_to_it() {
    let house = with_note().await;
    let old = [old_job(&house.pool, 120, Some(0)).await, old_job(&house.pool, 121, Some(1)).await];
    let young = old_job(&house.pool, 60, Some(0)).await;
    let running = start(house.engine().job::<Note>().keep(Duration::from_hours(24 * 90)));
    let weeks = "select (count(*) = 0)::int::bigint from pg_class where relnamespace = 'holdfast'::regnamespace and relkind = 'r'
                   and relname ~ '^(job|done|attempt)_[0-9]' and to_timestamp(right(relname, 7), 'IYYY\"w\"IW') < now() - interval '100 days'";
    house.until(weeks, 1).await;
    running.stop().await;
    assert!(
        !exists(&house.pool, old[0]).await && !exists(&house.pool, old[1]).await && exists(&house.pool, young).await
    );
}

#[tokio::test]
async fn p01_what_is_open_or_belongs_to_something_open_stays() {
    let house = with_note().await;
    let pool = &house.pool;
    let open = old_job(pool, 120, None).await;
    let [unsure, step, shared, parked, plain] = [(); 5].map(|()| old_job(pool, 120, Some(0)));
    let (unsure, step, shared, parked, plain) = (unsure.await, step.await, shared.await, parked.await, plain.await);
    let settled = old_job(pool, 119, Some(1)).await;
    for sql in [
        "insert into holdfast.effect (key, job, state, sent_at) values ('a', $1, 'unknown', now())",
        "update holdfast.job set root = $2, parent = $2, step = 's' where id = $1",
        "insert into holdfast.step (parent, name, child) values ($2, 'shared', $1)",
        "update holdfast.job set lane = 'l' where id = $1",
        "insert into holdfast.effect (key, job, state, settled_at) values ('b', $1, 'confirmed', now())",
    ]
    .into_iter()
    .zip([unsure, step, shared, parked, settled])
    {
        let (sql, job) = sql;
        let query = sqlx::query(sql).bind(job);
        let query = if sql.contains("$2") { query.bind(open) } else { query };
        query.execute(pool).await.unwrap();
    }
    sqlx::query("insert into holdfast.lane (lane, holder) values (holdfast.lane_hash('l'), $1)")
        .bind(parked)
        .execute(pool)
        .await
        .unwrap();
    assert_eq!(drop_weeks(pool, "90 days").await, Vec::<String>::new(), "an open job keeps its week");
    let (mut after, mut removed, mut batches) = (None, 0, 0);
    loop {
        let (gone, next) = prune(pool, "90 days", after, 2).await;
        (removed, after, batches) = (removed + gone, next, batches + 1);
        assert!(gone <= 2, "a batch is bounded");
        if next.is_none() {
            break;
        }
    }
    assert_eq!((removed, batches), (2, 4), "two may go, found in batches of two");
    for (job, stays) in
        [(open, true), (unsure, true), (step, true), (shared, true), (parked, true), (plain, false), (settled, false)]
    {
        assert_eq!(exists(pool, job).await, stays, "job {job}");
    }
    let rest = "select count(*) from holdfast.done d full join holdfast.attempt a using (id) where not exists (select from holdfast.job j where j.id = coalesce(d.id, a.id))";
    assert_eq!(house.number(rest).await, 0, "what belonged to them went, too");
    assert_eq!(house.number("select count(*) from holdfast.effect").await, 1);
}

#[tokio::test]
async fn p01_the_dead_can_be_kept_for_longer() {
    let house = with_note().await;
    let (dead, done) = (old_job(&house.pool, 120, Some(1)).await, old_job(&house.pool, 120, Some(0)).await);
    let prune = "select removed from holdfast.prune(now() - interval '90 days', now() - interval '1 year', null, 10)";
    let removed: i32 = sqlx::query_scalar(prune).fetch_one(&house.pool).await.unwrap();
    assert_eq!((removed, exists(&house.pool, dead).await, exists(&house.pool, done).await), (1, true, false));
}

#[tokio::test]
async fn p02_two_who_clean_up_at_once_do_not_disturb_each_other() {
    let house = with_note().await;
    for days in [100, 110, 120, 130] {
        for _ in 0..25 {
            old_job(&house.pool, days, Some(0)).await;
        }
    }
    let keeper = old_job(&house.pool, 110, None).await;
    let one = |pool: PgPool| {
        tokio::spawn(async move {
            let weeks = drop_weeks(&pool, "90 days").await.len();
            let (mut jobs, mut after) = (0, None);
            for _ in 0..200 {
                let (removed, next) = prune(&pool, "90 days", after, 7).await;
                (jobs, after) = (jobs + removed, next);
            }
            (weeks, jobs)
        })
    };
    let (a, b) = (one(house.pool.clone()), one(house.pool.clone()));
    let (a, b) = (a.await.unwrap(), b.await.unwrap());
    assert_eq!(house.number("select count(*) from holdfast.job").await, 1, "{a:?} {b:?}");
    assert!(exists(&house.pool, keeper).await);
    assert_eq!(a.1 + b.1, 25, "the week of the open job is cleaned row by row, each row once: {a:?} {b:?}");
}

#[tokio::test]
async fn p03_dropping_a_week_gives_way_to_those_who_work() {
    let house = with_note().await;
    let old = old_job(&house.pool, 120, Some(0)).await;
    let mut reader = engine::begin(&house.pool).await.unwrap();
    sqlx::query("select count(*) from holdfast.job").fetch_one(&mut *reader).await.unwrap();
    let drop = "select dropped, busy from holdfast.drop_week(now() - interval '90 days', now() - interval '90 days')";
    let (dropped, busy): (Option<String>, bool) = sqlx::query_as(drop).fetch_one(&house.pool).await.unwrap();
    assert_eq!((dropped, busy), (None, true), "a reader is in the way");
    let running = start(house.engine().job::<Note>());
    house.put(&note("works meanwhile")).await;
    house.until("select count(*) from holdfast.done where outcome = 0", 2).await;
    reader.rollback().await.unwrap();
    // The worker cleans up, too: who of them was first does not matter.
    drop_weeks(&house.pool, "90 days").await;
    assert!(!exists(&house.pool, old).await);
    running.stop().await;
    // Others queue behind a lock that is waited for: so long at the most.
    let bound = "select proconfig::text from pg_proc where proname = 'drop_partition'";
    let bound: String = sqlx::query_scalar(bound).fetch_one(&house.pool).await.unwrap();
    assert!(bound.contains("lock_timeout=20ms"), "{bound}");
}

#[tokio::test]
async fn p04_without_a_partition_nothing_is_lost_and_the_next_look_makes_it() {
    let house = with_note().await;
    let ahead = "select count(*) from pg_class where relnamespace = 'holdfast'::regnamespace and relname = 'job_' || holdfast.week_label(now() + interval '1 week')";
    assert_eq!(house.number(ahead).await, 1, "next week's is there, whatever the time zone says of today");
    for parent in ["job", "done", "attempt"] {
        let sql = format!("do $$ begin execute 'drop table holdfast.{parent}_' || holdfast.week_label(now()); end $$");
        sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&house.pool).await.unwrap();
    }
    // Not by `put`, which has the partitions made.
    let mut tx = engine::begin(&house.pool).await.unwrap();
    let kept = house.client.enqueue(&mut tx, 1, &note("kept")).await.unwrap().id;
    tx.commit().await.unwrap();
    let strays = "select holdfast.strays(100)::bigint";
    assert_eq!(house.number(strays).await, 1, "it waits in the default partition, and that can be seen");
    let running = start(house.engine().job::<Note>());
    house.until_ended(1).await;
    running.stop().await;
    sqlx::query("select holdfast.roll()").execute(&house.pool).await.unwrap();
    assert_eq!(house.number(strays).await, 0);
    let home = "select tableoid::regclass::text from holdfast.job where id = $1";
    let home: String = sqlx::query_scalar(home).bind(kept).fetch_one(&house.pool).await.unwrap();
    assert!(home.starts_with("holdfast.job_2"), "{home}");
    assert_eq!(house.state(kept).await, "completed");
}

#[tokio::test]
async fn p05_a_key_outlives_its_pruned_job() {
    let house = with_note().await;
    let first = Note { text: "first".to_owned(), key: "once".to_owned() };
    let job = house.put(&first).await;
    let running = start(house.engine().job::<Note>());
    house.until_ended(1).await;
    running.stop().await;
    let (removed, _) = prune(&house.pool, "0 s", None, 100).await;
    assert_eq!((removed, exists(&house.pool, job).await), (1, false));
    assert_eq!(house.put(&first).await, job, "the same key is the same job, for as long as was promised");
    assert_eq!(house.number("select count(*) from holdfast.ready").await, 0);
}

#[tokio::test]
async fn p06_erasure_blanks_what_jobs_carried_and_keeps_what_is_counted() {
    let house = with_note().await;
    let job = old_job(&house.pool, 3, Some(0)).await;
    let open = old_job(&house.pool, 3, None).await;
    for sql in [
        "update holdfast.job set payload = '{\"phone\": \"secret\"}', key = 'secret', lane = 'secret', limit_key = 'secret' where id = $1",
        "update holdfast.attempt set error = 'secret' where id = $1",
        "update holdfast.done set output = '\"secret\"' where id = $1",
        "insert into holdfast.step (parent, name, output) values ($1, 's', '\"secret\"')",
        "insert into holdfast.merged (job, number, payload) values ($1, 1, '\"secret\"')",
        "insert into holdfast.signal (job, name, id, payload) values ($1, 's', 'i', '\"secret\"')",
        "insert into holdfast.progress (job, data) values ($1, '\"secret\"')",
        "insert into holdfast.effect (key, job, state, reason, settled_at) values ('e', $1, 'failed', 'secret', now())",
    ] {
        sqlx::query(sql).bind(job).execute(&house.pool).await.unwrap();
    }
    let erased: i32 = sqlx::query_scalar("select holdfast.erase(array[$1, $2])")
        .bind(job)
        .bind(open)
        .fetch_one(&house.pool)
        .await
        .unwrap();
    assert_eq!(erased, 1, "what has not ended is left alone");
    for table in ["job", "attempt", "done", "step", "merged", "signal", "progress", "effect"] {
        let sql = format!("select coalesce(json_agg(t), '[]') from holdfast.{table} t");
        let rows: Value = sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(&house.pool).await.unwrap();
        assert!(!rows.to_string().contains("secret"), "{table}: {rows}");
    }
    assert_eq!(house.state(job).await, "completed");
    assert_eq!(house.number("select count(*) from holdfast.attempt where ending = 'failed'").await, 2);
}

#[tokio::test]
async fn p06_a_retry_and_the_cleaning_up_of_one_job_exclude_each_other() {
    let house = with_note().await;
    let job = old_job(&house.pool, 120, Some(1)).await;
    let mut cleaner = engine::begin(&house.pool).await.unwrap();
    assert!(sqlx::query_scalar::<_, bool>("select holdfast.pruning()").fetch_one(&mut *cleaner).await.unwrap());
    let url = house.pool.connect_options();
    let mut other = PgConnection::connect_with(&url).await.unwrap();
    sqlx::query("set lock_timeout = '50ms'").execute(&mut other).await.unwrap();
    let retry = "select result from holdfast.retry(array[$1])";
    let refused = sqlx::query_scalar::<_, String>(retry).bind(job).fetch_one(&mut other).await;
    assert!(refused.is_err(), "it waits: {refused:?}");
    cleaner.rollback().await.unwrap();
    let retried: String = sqlx::query_scalar(retry).bind(job).fetch_one(&mut other).await.unwrap();
    assert_eq!(retried, "retried");
    assert_eq!(drop_weeks(&house.pool, "90 days").await.iter().filter(|name| name.contains("job_")).count(), 0);
    assert!(exists(&house.pool, job).await);
}
