//! X: how an attempt ends, and what is left of it.

use std::time::Duration;

use engine::{Cx, Job, Outcome, Policy};
use serde::{Deserialize, Serialize};

use crate::{
    house::{House, World, start},
    jobs::{Obey, Order, obey},
};

#[tokio::test]
async fn x01_every_way_to_end_leads_to_its_state_with_its_counters() {
    use Order::{Cancel, Error, Fail, Hang, Panic, RetryAfter, SnoozeOnce};
    let house = House::new().await;
    let cases: [(&[Order], &str, i16, &[&str]); 9] = [
        (&[], "completed", 1, &[]),
        (&[Error], "completed", 2, &["failed"]),
        (&[Panic], "completed", 2, &["panicked"]),
        (&[Hang], "completed", 2, &["timed_out"]),
        (&[SnoozeOnce], "completed", 1, &["snoozed"]),
        (&[RetryAfter(Duration::from_millis(50))], "completed", 2, &["failed"]),
        (&[Error, Panic, Hang], "dead", 3, &["failed", "panicked", "timed_out"]),
        (&[Fail], "dead", 1, &["failed"]),
        (&[Cancel], "cancelled", 1, &["cancelled"]),
    ];
    let mut ids = Vec::new();
    for (orders, ..) in &cases {
        ids.push(house.put(&obey(orders)).await);
    }
    let running = start(house.engine().job::<Obey>());
    house.until_ended(9).await;
    running.stop().await;
    for ((_, state, attempts, endings), id) in cases.into_iter().zip(ids) {
        let found: (String, i16) = sqlx::query_as("select state, attempts from holdfast.job_state where id = $1")
            .bind(id)
            .fetch_one(&house.pool)
            .await
            .unwrap();
        assert_eq!(
            (found.0.as_str(), found.1, house.endings(id).await),
            (state, attempts, endings.iter().map(|e| (*e).to_owned()).collect())
        );
    }
    for leftover in ["ready", "later", "claim", "blocked", "worker"] {
        let rows: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(format!("select count(*) from holdfast.{leftover}")))
            .fetch_one(&house.pool)
            .await
            .unwrap();
        assert_eq!(rows, 0, "{leftover}");
    }
}

/// Snoozes until it has been looked at three times.
#[derive(Serialize, Deserialize)]
struct Doze {}

impl Job<World> for Doze {
    const NAME: &'static str = "doze";
    const POLICY: Policy = Policy { attempts: 1, ..Policy::DEFAULT };
    type Output = u16;

    async fn run(self, cx: Cx<World>) -> Outcome<u16> {
        cx.world.note("doze");
        if cx.world.count("doze") < 3 {
            return Err(engine::Stop::snooze(Duration::from_millis(10), "too early"));
        }
        Ok(cx.attempt())
    }
}

#[tokio::test]
async fn x03_a_snooze_costs_no_attempt_and_is_counted() {
    let house = House::new().await;
    house.put(&Doze {}).await;
    let running = start(house.engine().job::<Doze>());
    house.until_ended(1).await;
    running.stop().await;
    assert_eq!(
        house.number("select output::text::bigint * 10 + attempts from holdfast.done where outcome = 0").await,
        11
    );
    let snoozes = "select count(*) from holdfast.attempt where ending = 'snoozed' and error = 'too early'";
    assert_eq!(house.number(snoozes).await, 2);
}

#[tokio::test]
async fn x04_what_does_not_decode_uses_its_attempts_up_and_is_kept_as_it_came() {
    let house = House::new().await;
    house.register::<Obey>().await;
    let payload = r#"{"orders": 7,  "key":"é"}"#;
    sqlx::query("select holdfast.enqueue('obey', $1::text::json)").bind(payload).execute(&house.pool).await.unwrap();
    let running = start(house.engine().job::<Obey>());
    house.until_ended(1).await;
    running.stop().await;
    assert_eq!(house.texts("select ending from holdfast.attempt").await, ["undecodable"; 3]);
    assert_eq!(
        house.texts("select state || ' ' || payload::text from holdfast.job_state").await,
        [format!("dead {payload}")]
    );
    // There was a wait between the attempts.
    let apart =
        "select count(*) from holdfast.attempt a join holdfast.attempt b on b.id = a.id and b.number = a.number + 1
                 where b.started_at >= a.ended_at + interval '20 ms'";
    assert_eq!(house.number(apart).await, 2);
}
