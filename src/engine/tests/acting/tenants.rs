//! The tenants of the house, each with its jobs.

use engine::overview::{self, TenantNow};

use crate::{
    house::House,
    kit::{connect, execute, one_in_each_state},
};

type Counts = (i64, i64, i64, i64, i64, i64, i64, i64);

fn counts(now: &TenantNow) -> Counts {
    (now.ready, now.running, now.scheduled, now.retrying, now.waiting, now.blocked, now.held, now.dead_today)
}

#[tokio::test]
async fn each_tenant_is_told_with_its_jobs_its_share_and_its_pause() {
    let house = House::new().await;
    one_in_each_state(&house).await;
    execute(
        &house,
        "select holdfast.enqueue('note', '{}', 2) from generate_series(1, 3) n;
         insert into holdfast.share values (3, 2.5);
         select holdfast.pause(null, 4, 'moving', 'Ada'), holdfast.pause('note', 5, 'one type only', 'Ada')",
    )
    .await;
    let seen = overview::tenants(&mut connect(&house).await).await.unwrap();
    let told: Vec<(i64, Counts, f32, bool)> =
        seen.iter().map(|now| (now.tenant, counts(now), now.weight, now.pause.is_some())).collect();
    assert_eq!(
        told,
        [
            (1, (1, 1, 1, 1, 1, 1, 1, 1), 1.0, false),
            (2, (3, 0, 0, 0, 0, 0, 0, 0), 1.0, false),
            (3, (0, 0, 0, 0, 0, 0, 0, 0), 2.5, false),
            (4, (0, 0, 0, 0, 0, 0, 0, 0), 1.0, true),
        ]
    );
    let pause = seen[3].pause.as_ref().unwrap();
    assert_eq!((pause.by.as_str(), pause.reason.as_str(), pause.tenant), ("Ada", "moving", Some(4)));
}

#[tokio::test]
async fn the_dead_of_yesterday_are_not_counted() {
    let house = House::new().await;
    one_in_each_state(&house).await;
    execute(&house, "update holdfast.done set finished_at = now() - interval '25 hours' where outcome = 1").await;
    let seen = overview::tenants(&mut connect(&house).await).await.unwrap();
    assert_eq!((seen.len(), seen[0].dead_today), (1, 0));
}
