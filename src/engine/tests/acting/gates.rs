//! Breakers, limits and drains by hand.

use std::time::Duration;

use engine::{
    operate::{self, Forced, Numbers},
    overview, testing,
};

use crate::{
    house::House,
    kit::{claim_all, connect, engine, enqueue, execute, text},
};

const HOUR: Duration = Duration::from_hours(1);

#[tokio::test]
async fn a_breaker_is_forced_and_let_go_again() {
    let house = House::new().await;
    testing::Stage::new(engine(&house)).await.unwrap();
    let mut conn = connect(&house).await;
    assert!(!operate::unforce_breaker(&mut conn, "printer", None).await.unwrap(), "nobody has forced it");
    for (forced, tenant) in [(Forced::Open, None), (Forced::Open, Some(7)), (Forced::Closed, Some(8))] {
        assert!(
            operate::force_breaker(&mut conn, "printer", tenant, forced, "they called", "Ada", HOUR).await.unwrap()
        );
    }
    assert!(!operate::force_breaker(&mut conn, "nothing", None, Forced::Open, "x", "Ada", HOUR).await.unwrap());
    let seen = overview::snapshot(&mut conn).await.unwrap().breakers;
    let seen: Vec<_> =
        seen.iter().map(|b| (b.tenant, b.state.as_str(), b.forced_by.as_deref(), b.until.is_some())).collect();
    assert_eq!(
        seen,
        [
            (None, "open", Some("Ada"), true),
            (Some(7), "open", Some("Ada"), true),
            (Some(8), "closed", Some("Ada"), true)
        ]
    );
    assert_eq!(overview::tenant_snapshot(&mut conn, 7).await.unwrap().breakers.len(), 1, "the tenant's own");
    for tenant in [None, Some(8)] {
        assert!(operate::unforce_breaker(&mut conn, "printer", tenant).await.unwrap());
        assert!(!operate::unforce_breaker(&mut conn, "printer", tenant).await.unwrap(), "once");
    }
    execute(&house, "select holdfast.tend()").await;
    let seen = overview::snapshot(&mut conn).await.unwrap().breakers;
    let seen: Vec<_> = seen.iter().map(|b| (b.tenant, b.state.as_str(), b.forced_by.as_deref())).collect();
    assert_eq!(seen, [(None, "half_open", None), (Some(7), "open", Some("Ada"))]);
}

#[tokio::test]
async fn a_limit_is_set_and_given_back_to_the_code() {
    let house = House::new().await;
    let checks = engine(&house).checks();
    testing::Stage::new(engine(&house)).await.unwrap();
    let mut conn = connect(&house).await;
    let numbers = "select concat_ws(' ', coalesce(running::text, '-'), coalesce(rate::text, '-'), per::text, changed_by, reason) from holdfast.limit_rule where name = ";
    let notes = format!("{numbers}'notes'");
    let pace = format!("{numbers}'pace'");
    let fewer = Numbers { running: Some(2), rate: Some((5, Duration::from_secs(1))) };
    for name in ["notes", "pace"] {
        assert!(!operate::release_limit(&mut conn, &checks, name).await.unwrap(), "nobody has changed it");
        assert!(operate::set_limit(&mut conn, name, fewer, "Ada", "they asked").await.unwrap());
    }
    assert_eq!(text(&mut conn, &notes).await.unwrap(), "2 5 00:00:01 Ada they asked");
    testing::Stage::new(engine(&house)).await.unwrap();
    assert_eq!(text(&mut conn, &notes).await.unwrap(), "2 5 00:00:01 Ada they asked", "whoever starts");
    for name in ["notes", "pace"] {
        assert!(operate::release_limit(&mut conn, &checks, name).await.unwrap());
    }
    assert_eq!(text(&mut conn, &notes).await.unwrap(), "7 -");
    assert_eq!(text(&mut conn, &pace).await.unwrap(), "- 1000 00:01:00");
    assert!(!operate::set_limit(&mut conn, "nothing", fewer, "Ada", "x").await.unwrap(), "none is made by hand");
    assert!(!operate::release_limit(&mut conn, &checks, "nothing").await.unwrap());
}

#[tokio::test]
async fn a_drain_lets_nothing_start_and_tells_what_still_runs() {
    let house = House::new().await;
    house.client.register_kinds(&["note".to_owned(), "other".to_owned()]).await.unwrap();
    let first = enqueue(&house, "note", "").await;
    enqueue(&house, "note", "").await;
    enqueue(&house, "other", "").await;
    claim_all(&house).await;
    let mut conn = connect(&house).await;
    assert_eq!(operate::drain(&mut conn, "note", "new release", "Ada").await.unwrap(), 2);
    let late = enqueue(&house, "note", "").await;
    claim_all(&house).await;
    assert_eq!(house.state(late).await, "held");
    execute(&house, &format!("insert into holdfast.done (id, started_at, outcome, attempts, kind, tenant) select id, now(), 0, 1, kind, 1 from holdfast.job where id = {first}")).await;
    assert_eq!(overview::running(&mut conn, "note").await.unwrap(), 1);
}
