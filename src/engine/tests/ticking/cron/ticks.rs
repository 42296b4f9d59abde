//! C1–C6 and C12: which ticks become jobs, and when these start.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use engine::{Client, Missed, Schedule, When};
use sqlx::{AssertSqlSafe, Executor, PgPool};

use super::{Tock, engine, lines, looks, outage, ticks, twenty_past, until_ticks};
use crate::house::{House, start};

#[tokio::test]
async fn c01_a_future_job_never_starts_early_and_soon_after_its_time() {
    let house = House::new().await;
    let now: DateTime<Utc> = sqlx::query_scalar("select clock_timestamp()").fetch_one(&house.pool).await.unwrap();
    house.put(&Tock { tick: now }).await;
    let pending = "select holdfast.enqueue('tock', json_build_object('tick', now()), run_at => now() + n * interval '1 s' + interval '1 h')
                   from generate_series(1, 20000) n";
    house.pool.execute(pending).await.unwrap();
    let now: DateTime<Utc> = sqlx::query_scalar("select clock_timestamp()").fetch_one(&house.pool).await.unwrap();
    let mut tx = engine::begin(&house.pool).await.unwrap();
    for n in 0..300 {
        let tick = now + Duration::from_millis(500 + 10 * n);
        house.client.enqueue_when(&mut tx, 1, &Tock { tick }, When::At(tick)).await.unwrap();
    }
    house.client.commit(tx).await.unwrap();
    let running = start(house.engine().job::<Tock>());
    house.until_ended(301).await;
    running.stop().await;
    let lags: Vec<f64> = sqlx::query_scalar(
        "select extract(epoch from d.started_at - (j.payload->>'tick')::timestamptz)::float8
         from holdfast.done d join holdfast.job j using (id) order by d.started_at - (j.payload->>'tick')::timestamptz limit 300",
    )
    .fetch_all(&house.pool)
    .await
    .unwrap();
    println!("lag: p50 {:.1} ms, p99 {:.1} ms", lags[150] * 1e3, lags[297] * 1e3);
    assert!(lags[0] >= 0.0, "a job started {} s early", -lags[0]);
    assert!(lags[297] < 10.0, "{lags:?}");
}

/// Puts the database's clock off: in front of PostgreSQL's own function, all sessions find one of ours.
async fn put_clock_off(house: &mut House, by: &str) {
    let shadow = "do $do$ declare c record; begin
        execute format('alter database %I set search_path = shadow, public, pg_catalog', current_database());
        set local search_path = shadow, public, pg_catalog;
        -- Defaults were bound to the real one.
        for c in select a.attrelid::regclass as t, a.attname as n from pg_attrdef d join pg_attribute a on (a.attrelid, a.attnum) = (d.adrelid, d.adnum)
                 where pg_get_expr(d.adbin, d.adrelid) like '%clock_timestamp()' loop
          execute format('alter table %s alter column %I set default clock_timestamp()', c.t, c.n);
        end loop;
      end $do$";
    let clock = format!(
        "create schema shadow; create function shadow.clock_timestamp() returns timestamptz language sql volatile
         as 'select pg_catalog.clock_timestamp() + interval ''{by}''';
         create function shadow.statement_timestamp() returns timestamptz language sql stable
         as 'select pg_catalog.statement_timestamp() + interval ''{by}'''"
    );
    house.pool.execute(AssertSqlSafe(clock)).await.unwrap();
    house.pool.execute(shadow).await.unwrap();
    let options = house.pool.connect_options();
    house.pool.close().await;
    house.pool = PgPool::connect_with((*options).clone()).await.unwrap();
    house.world.pool = house.pool.clone();
    house.client = Client::new(house.pool.clone());
}

#[tokio::test]
async fn c02_only_the_databases_clock_counts() {
    for by in ["5 min", "-5 min"] {
        let mut house = House::new().await;
        put_clock_off(&mut house, by).await;
        house.client.register_kinds(&["tock".to_owned()]).await.unwrap();
        let soon: DateTime<Utc> =
            sqlx::query_scalar("select clock_timestamp() + interval '2 s'").fetch_one(&house.pool).await.unwrap();
        let mut tx = engine::begin(&house.pool).await.unwrap();
        house.client.enqueue_when(&mut tx, 1, &Tock { tick: soon }, When::At(soon)).await.unwrap();
        house.client.commit(tx).await.unwrap();
        let running = start(engine(&house, []));
        house.until("select count(*) from holdfast.done d join holdfast.job j using (id) where j.key = ''", 1).await;
        until_ticks(&house, "beat", 3).await;
        running.stop().await;
        let early = "select count(*) from holdfast.done d join holdfast.job j using (id)
                     where (j.payload->>'tick')::timestamptz > d.started_at";
        assert_eq!(house.number(early).await, 0, "{by}");
        // By the worker's clock (which is the real one) all of this happened minutes ago, or is still to come.
        let off = "select count(*) from holdfast.job j
                   where abs(extract(epoch from (j.payload->>'tick')::timestamptz - clock_timestamp())) > 120";
        assert_eq!(house.number(off).await, 0, "{by}: {:?}", ticks(&house, "beat").await);
    }
}

/// No tick is there twice, and none is missing.
async fn every_second_once(house: &House) {
    let made = ticks(house, "line").await;
    let ticks: Vec<DateTime<Utc>> = made.iter().map(|tick| tick.parse().unwrap()).collect();
    assert!(ticks.windows(2).all(|two| (two[1] - two[0]).num_seconds() == 1), "{made:?}");
}

#[tokio::test]
async fn c03_a_tick_is_one_job_whoever_races_and_whoever_dies() {
    let house = House::new().await;
    // Three leaders die between the job and the commit, each in a tick of its own.
    let deaths = "create sequence death;
        create function die() returns trigger language plpgsql as $$ begin
          if nextval('death') in (2, 4, 6) then perform pg_terminate_backend(pg_backend_pid()); perform pg_sleep(1); end if;
          return new; end $$;
        create trigger die after update of last_tick on holdfast.schedule for each row execute function die()";
    house.pool.execute(deaths).await.unwrap();
    let line = || Schedule::new("line", "* * * * * *", Tz::UTC).missed(Missed::All { within: Duration::from_mins(5) });
    let schedule = || house.engine().job::<Tock>().schedule_with(line(), |tick| Tock { tick }).unwrap();
    let running = [start(schedule()), start(schedule()), start(schedule())];
    until_ticks(&house, "line", 7).await;
    for one in running {
        one.stop().await;
    }
    assert!(house.number("select last_value from death").await > 6, "nobody died");
    every_second_once(&house).await;
    let orphans = "select count(*) from holdfast.job j where not exists (select from holdfast.done d where d.id = j.id)
                   and not exists (select from holdfast.ready r where r.id = j.id) and not exists (select from holdfast.claim c where j.id = any(c.ids))";
    assert_eq!(house.number(orphans).await, 0);
}

/// A lock on a row is all that a leader has, and its session is the lease.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn c04_a_frozen_leader_holds_a_tick_up_for_seconds_and_makes_none_when_it_thaws() {
    let house = House::new().await;
    let (froze, thawed) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
    let schedule = || {
        let (froze, thawed, line) = (froze.clone(), thawed.clone(), Schedule::new("line", "* * * * * *", Tz::UTC));
        let line = line.missed(Missed::All { within: Duration::from_mins(5) });
        let make = move |tick| {
            // Whoever is first stops here, in the middle of its transaction.
            if !froze.swap(true, Ordering::Relaxed) {
                let end = Instant::now() + Duration::from_mins(1);
                tokio::task::block_in_place(|| {
                    while !thawed.load(Ordering::Relaxed) && Instant::now() < end {
                        std::thread::sleep(Duration::from_millis(10));
                    }
                });
            }
            Tock { tick }
        };
        house.engine().job::<Tock>().schedule_with(line, make).unwrap()
    };
    let running = [start(schedule()), start(schedule())];
    until_ticks(&house, "line", 3).await;
    thawed.store(true, Ordering::Relaxed);
    let seen = ticks(&house, "line").await.len();
    until_ticks(&house, "line", seen + 3).await;
    for one in running {
        one.stop().await;
    }
    every_second_once(&house).await;
}

#[tokio::test]
async fn c05_missed_ticks_are_skipped_or_made_up_for_once_or_all() {
    let house = House::new().await;
    let hourly = twenty_past(&house).await;
    let line = |name: &str, missed| Schedule::new(name, &hourly, Tz::UTC).missed(missed);
    let all = |hours| Missed::All { within: Duration::from_hours(hours) };
    let four =
        [line("skip", Missed::Skip), line("once", Missed::Latest), line("two_hours", all(2)), line("all", all(24))];
    let running = start(engine(&house, four));
    lines(&house, 4).await;
    outage(&house, "3 h").await;
    until_ticks(&house, "all", 3).await;
    looks(&house).await;
    running.stop().await;
    let every = ticks(&house, "all").await;
    assert_eq!(every.len(), 3, "an outage of three hours");
    assert_eq!(ticks(&house, "two_hours").await, every[1..]);
    assert_eq!(ticks(&house, "once").await, every[2..]);
    assert_eq!(ticks(&house, "skip").await, [""; 0]);
}

#[tokio::test]
async fn c06_a_new_schedule_never_fires_for_the_past() {
    let house = House::new().await;
    let hourly = twenty_past(&house).await;
    let line = |name| Schedule::new(name, &hourly, Tz::UTC).missed(Missed::All { within: Duration::from_hours(24) });
    let running = start(engine(&house, [line("new")]));
    looks(&house).await;
    running.stop().await;
    // Deployed later, beside a line that has been there.
    outage(&house, "90 min").await;
    let running = start(engine(&house, [line("new"), line("newer")]));
    until_ticks(&house, "new", 2).await;
    looks(&house).await;
    running.stop().await;
    assert_eq!(ticks(&house, "new").await.len(), 2);
    assert_eq!(ticks(&house, "newer").await, [""; 0]);
}

#[tokio::test]
async fn c12_jitter_spreads_what_is_due_at_once() {
    let house = House::new().await;
    let hourly = twenty_past(&house).await;
    // Due twenty minutes ago, within two hours: a sixth starts at once.
    let reminders = (1..=500).map(|tenant| {
        let name = format!("reminder:{tenant}");
        Schedule::new(name, &hourly, Tz::UTC).tenant(tenant).jitter(Duration::from_hours(2))
    });
    let running = start(engine(&house, reminders));
    lines(&house, 500).await;
    outage(&house, "30 min").await;
    house.until("select count(*) from holdfast.job where key like 'schedule:reminder:%'", 500).await;
    running.stop().await;
    let waiting = "select count(*) from holdfast.later";
    assert!((350..=475).contains(&house.number(waiting).await), "{} wait", house.number(waiting).await);
    let outside = "select count(*) from holdfast.later l join holdfast.job j using (id)
                   where l.run_at < (j.payload->>'tick')::timestamptz or l.run_at >= (j.payload->>'tick')::timestamptz + interval '2 h'";
    assert_eq!(house.number(outside).await, 0);
    let minutes = "select count(distinct date_trunc('minute', run_at)) from holdfast.later";
    assert!(house.number(minutes).await > 80, "of a hundred minutes");
    assert_eq!(
        house.number("select count(distinct tenant) from holdfast.job where key like 'schedule:reminder:%'").await,
        500
    );
}
