//! Why a job waits.

use engine::inspect::WhyWaiting as Why;

use crate::kit::{house, run_sql, stage, why};

const WORKER: &str =
    "insert into holdfast.worker (name, version, kinds) select 'w', '1', array_agg(k.id) from holdfast.kind k";

#[tokio::test]
async fn for_a_worker() {
    let house = house().await;
    stage(&house, "'first', 'ready', age => '2 hours'").await;
    let second = stage(&house, "'second', 'ready'").await;
    assert_eq!(why(&house, second).await, Why::NoWorker { kind: "note".into() });
    run_sql(&house, WORKER).await;
    assert_eq!(why(&house, second).await, Why::Queue { ahead: 1, workers: 1 });
    run_sql(&house, "update holdfast.worker set beat_at = beat_at - interval '1 minute'").await;
    assert_eq!(why(&house, second).await, Why::NoWorker { kind: "note".into() });
}

#[tokio::test]
async fn for_somebody_to_resume_it() {
    let house = house().await;
    let job = stage(&house, "'job', 'ready'").await;
    run_sql(&house, WORKER).await;
    run_sql(&house, "select holdfast.pause('note', 1, 'price list', 'Ada')").await;
    let paused = why(&house, job).await;
    assert!(
        matches!(&paused, Why::Paused { kind: Some(kind), tenant: Some(1), reason, by, .. }
        if kind == "note" && reason == "price list" && by == "Ada"),
        "{paused:?}"
    );
    let kinds = "select holdfast.claim(1, array_agg(k.id), array[9]) from holdfast.kind k";
    run_sql(&house, kinds).await;
    assert_eq!(house.state(job).await, "held");
    assert_eq!(why(&house, job).await, paused, "and when a worker has been there");
}

#[tokio::test]
async fn at_a_limit() {
    let house = house().await;
    stage(&house, "'first', 'held', age => '2 hours'").await;
    let job = stage(&house, "'job', 'held'").await;
    run_sql(
        &house,
        "insert into holdfast.limit_rule (name, scope, running) values ('desk', 'all', 2);
         insert into holdfast.gate (id, rule, tenant, key) values (1, 'desk', -1, '');
         insert into holdfast.slot (gate, job) values (1, 8), (1, 9)",
    )
    .await;
    let found = why(&house, job).await;
    assert!(
        matches!(&found, Why::Limit { limit, running: 2, most: Some(2), ahead: 1, rate: None, .. } if limit == "desk"),
        "{found:?}"
    );
}

#[tokio::test]
async fn behind_a_breaker() {
    let house = house().await;
    let job = stage(&house, "'job', 'held'").await;
    let breaker = "insert into holdfast.breaker (id, rule, tenant, state, until, reason) values (1, 'openai', -1, 'open', clock_timestamp() + interval '1 minute', '5 failed')";
    run_sql(&house, breaker).await;
    let found = why(&house, job).await;
    assert!(
        matches!(&found, Why::Breaker { breaker, tenant: None, state, probe_at: Some(_), reason: Some(_), ahead: 0, .. }
        if breaker == "openai" && state == "open"),
        "{found:?}"
    );
}

#[tokio::test]
async fn in_a_lane() {
    let house = house().await;
    let holder = stage(&house, "'holder', 'running', lane => 'guest 7', age => '3 hours'").await;
    stage(&house, "'next', 'blocked', lane => 'guest 7', age => '2 hours'").await;
    let job = stage(&house, "'job', 'blocked', lane => 'guest 7'").await;
    run_sql(
        &house,
        &format!("insert into holdfast.lane (lane, holder) values (holdfast.lane_hash('guest 7'), {holder})"),
    )
    .await;
    let expected =
        Why::Lane { lane: "guest 7".into(), holder: Some(holder), holder_state: Some("running".into()), position: 2 };
    assert_eq!(why(&house, job).await, expected);
}

#[tokio::test]
async fn for_its_time() {
    let house = house().await;
    let scheduled = stage(&house, "'scheduled', 'scheduled'").await;
    assert!(matches!(why(&house, scheduled).await, Why::Scheduled { .. }));
    let retrying = stage(&house, "'retrying', 'retrying', attempts => 2, error => 'busy'").await;
    let found = why(&house, retrying).await;
    assert!(matches!(&found, Why::Backoff { attempt: 2, error: Some(error), .. } if error == "busy"), "{found:?}");
    run_sql(&house, "update holdfast.attempt set ending = 'snoozed'").await;
    assert!(matches!(why(&house, retrying).await, Why::Snoozed { reason: Some(_), .. }));
    run_sql(&house, &format!("update holdfast.later set debounced = true where id = {scheduled}; insert into holdfast.merged values ({scheduled}, 1, '{{}}')")).await;
    assert!(matches!(why(&house, scheduled).await, Why::Debounced { merged: 1, .. }));
}

#[tokio::test]
async fn for_steps_signals_and_sleeps() {
    let house = house().await;
    let flow = stage(&house, "'flow', 'waiting', kind => 'journey'").await;
    stage(&house, "'over', 'completed', parent => 'flow'").await;
    let open = stage(&house, "'open', 'ready', parent => 'flow'").await;
    run_sql(
        &house,
        &format!(
            "update holdfast.later set awaiting = 1;
             insert into holdfast.step (parent, name, noted, wake_at) values ({flow}, 'paid', holdfast.next_id(), 'infinity'), ({flow}, 'nap', holdfast.next_id(), '-infinity')"
        ),
    )
    .await;
    let found = why(&house, flow).await;
    let Why::Workflow { steps, waits, every: true, until: Some(_) } = &found else { panic!("{found:?}") };
    assert_eq!(
        (steps.len(), steps[0].job, steps[0].state.as_str(), waits.as_slice()),
        (1, open, "ready", &["paid".to_owned()] as &[_])
    );
}
