//! The house at one moment.

use engine::overview::{self, Standing};

use crate::{
    house::House,
    kit::{claim_all, connect, enqueue, execute, one_in_each_state},
};

fn of<'a>(kinds: impl IntoIterator<Item = &'a Standing>, kind: &str) -> (i64, i64, i64, i64, i64, i64, i64, i64) {
    let s = kinds.into_iter().find(|standing| standing.kind == kind).unwrap();
    (s.ready, s.running, s.scheduled, s.retrying, s.waiting, s.blocked, s.held, s.dead_today)
}

#[tokio::test]
async fn each_state_is_counted_for_the_house_and_for_its_tenants() {
    let house = House::new().await;
    one_in_each_state(&house).await;
    execute(&house, "select holdfast.enqueue('note', '{}', n) from generate_series(1, 3) n; select holdfast.enqueue('note', '{}', 2, run_at => now() + interval '1 day')").await;
    execute(&house, "update holdfast.done set finished_at = now() - interval '25 hours' where outcome = 0").await;
    let mut conn = connect(&house).await;
    let seen = overview::snapshot(&mut conn).await.unwrap();
    let standings = || seen.kinds.iter().map(|kind| &kind.standing);
    assert_eq!(of(standings(), "note"), (4, 1, 2, 1, 1, 1, 0, 1));
    assert_eq!(of(standings(), "other"), (0, 0, 0, 0, 0, 0, 1, 0));
    let own = overview::tenant_snapshot(&mut conn, 1).await.unwrap();
    assert_eq!(of(&own.kinds, "note"), (2, 1, 1, 1, 1, 1, 0, 1));
    assert_eq!(of(&own.kinds, "other"), (0, 0, 0, 0, 0, 0, 1, 0));
    let second = overview::tenant_snapshot(&mut conn, 2).await.unwrap();
    assert_eq!(of(&second.kinds, "note"), (1, 0, 1, 0, 0, 0, 0, 0));
    let nobody = overview::tenant_snapshot(&mut conn, 9).await.unwrap();
    assert_eq!(of(&nobody.kinds, "note"), (0, 0, 0, 0, 0, 0, 0, 0));
    assert!(nobody.pauses.is_empty() && nobody.breakers.is_empty());
}

#[tokio::test]
async fn counts_stop_where_it_is_enough_to_know_that_it_is_a_lot() {
    let house = House::new().await;
    house.client.register_kinds(&["note".to_owned()]).await.unwrap();
    execute(
        &house,
        "insert into holdfast.ready (id, rank, tenant, kind, priority) select holdfast.next_id(), n, 1 + n % 2, 1, 0 from generate_series(1, 30000) n;
         insert into holdfast.later (id, run_at, tenant, kind, priority) select n, now() + interval '1 day', 1, 1, 0 from generate_series(1, 12000) n",
    )
    .await;
    let mut conn = connect(&house).await;
    let seen = overview::snapshot(&mut conn).await.unwrap();
    let note = &seen.kinds[0].standing;
    assert_eq!((note.ready, note.scheduled), (overview::COUNTED, overview::COUNTED));
    assert_eq!(overview::tenant_snapshot(&mut conn, 2).await.unwrap().kinds[0].ready, overview::COUNTED);
}

#[tokio::test]
async fn workers_pauses_effects_limits_and_the_age_of_what_is_ready_are_told() {
    let house = House::new().await;
    house.client.register_kinds(&["note".to_owned()]).await.unwrap();
    enqueue(&house, "note", "").await;
    claim_all(&house).await;
    let job = enqueue(&house, "note", ", run_at => now() - interval '100 s'").await;
    execute(
        &house,
        &format!(
            "select holdfast.pause(null, 5, 'moving', 'Ada'), holdfast.pause('note', null, 'a release', 'Bob');
             insert into holdfast.effect (key, job, state, sent_at) values ('a', {job}, 'unknown', '2020-01-01Z'), ('b', {job}, 'unknown', now()), ('c', {job}, 'sent', now());
             insert into holdfast.limit_rule (name, scope, running) values ('few', 'tenant', 3);
             update holdfast.kind set limits = '{{few}}'"
        ),
    )
    .await;
    let mut conn = connect(&house).await;
    let seen = overview::snapshot(&mut conn).await.unwrap();
    let note = &seen.kinds[0];
    let age = note.standing.oldest_ready_seconds.unwrap();
    assert!((100.0..1000.0).contains(&age), "{age}");
    assert!(note.paused && note.is_unserved(), "the only worker does not run it");
    assert_eq!(note.limits, ["few"]);
    assert_eq!((seen.workers.len(), seen.workers[0].running, seen.workers[0].draining), (1, 1, false));
    let pauses: Vec<_> =
        seen.pauses.iter().map(|pause| (pause.kind.as_deref(), pause.tenant, pause.by.as_str())).collect();
    assert_eq!(pauses, [(None, Some(5), "Ada"), (Some("note"), None, "Bob")]);
    assert_eq!((seen.effects.unknown, seen.effects.oldest_at.unwrap().timestamp()), (2, 1_577_836_800));
    assert_eq!(
        (seen.limits[0].rule.as_str(), seen.limits[0].running, seen.limits[0].kinds.as_slice()),
        ("few", Some(3), ["note".to_owned()].as_slice())
    );
    let own = overview::tenant_snapshot(&mut conn, 5).await.unwrap();
    assert_eq!((own.pauses.len(), own.effects.unknown), (1, 0), "what is the tenant's alone");
    assert_eq!(overview::tenant_snapshot(&mut conn, 1).await.unwrap().effects.unknown, 2);
    execute(&house, "update holdfast.worker set kinds = array(select id from holdfast.kind)").await;
    assert!(!overview::snapshot(&mut conn).await.unwrap().kinds[0].is_unserved());
}

#[tokio::test]
async fn schedules_are_told_that_are_late_or_paused() {
    let house = House::new().await;
    execute(
        &house,
        "insert into holdfast.schedule (name, last_tick, counts_from, expression, zone) values
           ('late', now() - interval '2 days', null, '0 0 9 * * *', 'Europe/Rome'),
           ('on time', now(), null, '0 0 9 * * *', 'Europe/Rome'),
           ('resumed', now() - interval '2 days', now(), '0 0 9 * * *', 'Europe/Rome'),
           ('paused', now() - interval '2 days', null, '0 0 9 * * *', 'Europe/Rome');
         select holdfast.pause_schedule('paused', 'Ada', 'holidays')",
    )
    .await;
    let seen = overview::snapshot(&mut connect(&house).await).await.unwrap();
    let told: Vec<_> = seen
        .schedules
        .iter()
        .map(|s| (s.name.as_str(), s.late_since.is_some(), s.paused.as_ref().map(|p| p.why.as_str())))
        .collect();
    assert_eq!(told, [("late", true, None), ("paused", false, Some("holidays"))]);
}

#[tokio::test]
async fn it_is_told_how_the_database_fares() {
    let house = House::new().await;
    let mut old = house.pool.acquire().await.unwrap();
    sqlx::raw_sql("begin isolation level repeatable read; select count(*) from holdfast.job")
        .execute(&mut *old)
        .await
        .unwrap();
    execute(&house, "create table churn (n integer); insert into churn values (1)").await;
    let mut conn = connect(&house).await;
    let seen = overview::snapshot(&mut conn).await.unwrap();
    let database = seen.database;
    assert!(database.xmin_age.unwrap() >= 1 && database.xmin_seconds.is_some(), "{database:?}");
    assert!(database.longest_transaction_seconds.is_some() && database.longest_transaction_state.is_some());
    assert!(database.connections >= 2 && database.connections_max >= database.connections);
    assert_eq!(database.history.iter().map(|h| h.name.as_str()).collect::<Vec<_>>(), ["attempt", "done", "job"]);
    assert!(database.history.iter().all(|h| h.partitions >= 3 && h.bytes > 0));
    assert!(database.tables.iter().any(|table| table.name == "ready" && table.bytes.is_some()));
    assert!(!seen.drifted, "nobody has drawn its blueprint");
    execute(&house, "select holdfast.draw_blueprint(26)").await;
    assert!(!overview::snapshot(&mut conn).await.unwrap().drifted);
    execute(&house, "create index by_hand on holdfast.effect (planned_at)").await;
    assert!(overview::snapshot(&mut conn).await.unwrap().drifted);
}
