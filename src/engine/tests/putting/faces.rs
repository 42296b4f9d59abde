//! E: the same through every face, and through every kind of payload.

use std::time::Duration;

use engine::{Client, Cx, Job, Limit, Outcome, Policy};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::{
    house::{House, World, start},
    jobs::Note,
};

/// A job with a policy for everything that an enqueue writes down.
#[derive(Serialize, Deserialize)]
struct Rich {
    key: String,
}

impl Job<World> for Rich {
    const NAME: &'static str = "rich";
    const POLICY: Policy = Policy {
        priority: 7,
        unique_for: Duration::from_hours(2),
        limits: &[Limit::running("rich", 5).by_key()],
        ..Policy::DEFAULT
    };
    type Output = ();

    fn key(&self) -> String {
        self.key.clone()
    }

    fn lane(&self) -> Option<String> {
        Some("one".to_owned())
    }

    fn limit_key(&self) -> Option<String> {
        Some("narrow".to_owned())
    }

    async fn run(self, _: Cx<World>) -> Outcome<()> {
        Ok(())
    }
}

#[tokio::test]
async fn e10_sql_writes_what_the_api_writes_and_wakes_as_it_does() {
    let house = House::new().await;
    start(house.engine().job::<Rich>()).stop().await;
    house.until("select count(*) from holdfast.kind where name = 'rich' and priority = 7", 1).await;
    let mut listener = house.listen().await;
    let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let mut tx = engine::begin(&house.pool).await.unwrap();
    house.client.traced(trace).enqueue(&mut tx, 3, &Rich { key: "a".to_owned() }).await.unwrap();
    house.client.commit(tx).await.unwrap();
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(house.nudges(&mut listener).await, 1);
    house
        .run_sql(&format!(
            "select holdfast.enqueue('rich', '{{\"key\":\"b\"}}', tenant => 3, key => 'b', lane => 'one', limit_key => 'narrow', trace => '{trace}')"
        ))
        .await;
    assert_eq!(house.nudges(&mut listener).await, 1);
    let rows = "select j.kind, j.priority, j.tenant, j.root = j.id, j.parent, j.step, j.lane, j.limit_key, j.trace, json_typeof(j.payload),
                       r.priority, r.tenant, r.lane, r.holds_lane, r.attempts, r.losses, r.rank = r.id,
                       round(extract(epoch from u.expires_at - j.created_at))
                from holdfast.job j join holdfast.ready r on r.id = j.id join holdfast.uniq u on u.job = j.id and u.key = j.key";
    let distinct: i64 =
        sqlx::query_scalar(sqlx::AssertSqlSafe(format!("select count(distinct x.*) * 100 + count(*) from ({rows}) x")))
            .fetch_one(&house.pool)
            .await
            .unwrap();
    assert_eq!(distinct, 102, "two rows that are the same");
    assert_eq!(house.number("select count(*) from holdfast.job where trace is not null and priority = 7").await, 2);
}

#[tokio::test]
async fn e11_a_database_that_is_away_may_be_asked_again_and_a_key_keeps_it_one_job() {
    let house = House::new().await;
    house.register::<Note>().await;
    let job = Note::keyed("x", "k");
    let mut tx = engine::begin(&house.pool).await.unwrap();
    sqlx::query("set transaction read only").execute(&mut *tx).await.unwrap();
    let standby = house.client.enqueue(&mut tx, 1, &job).await.unwrap_err();
    assert!(standby.is_transient(), "{standby:?}");
    drop(tx);

    let mut tx = engine::begin(&house.pool).await.unwrap();
    let backend: i32 = sqlx::query_scalar("select pg_backend_pid()").fetch_one(&mut *tx).await.unwrap();
    sqlx::query("select pg_terminate_backend($1)").bind(backend).execute(&house.pool).await.unwrap();
    let cut_off = house.client.enqueue(&mut tx, 1, &job).await.unwrap_err();
    assert!(cut_off.is_transient(), "{cut_off:?}");
    drop(tx);
    assert_eq!(house.number("select count(*) from holdfast.job").await, 0);

    // The commit went through, but its answer was lost: the caller asks again.
    let first = house.put(&job).await;
    assert_eq!(house.client.enqueue_now(1, &job).await.unwrap(), engine::Enqueued { id: first, duplicate: true });
    assert_eq!(house.number("select count(*) from holdfast.job").await, 1);
    let bad_key = Client::new(house.pool.clone()).enqueue_now(1, &Note::keyed("x", "\n")).await.unwrap_err();
    assert!(!bad_key.is_transient(), "no use in asking again: {bad_key}");
}

/// Gives back what it got, byte for byte.
#[derive(Serialize, Deserialize)]
struct Echo {
    data: Box<RawValue>,
}

impl Job<World> for Echo {
    const NAME: &'static str = "echo";
    type Output = Box<RawValue>;

    async fn run(self, _: Cx<World>) -> Outcome<Box<RawValue>> {
        Ok(self.data)
    }
}

#[tokio::test]
async fn e12_every_payload_comes_through_byte_for_byte() {
    let house = House::new().await;
    house.register::<Echo>().await;
    let nested = format!("{}{}", "[".repeat(1000), "]".repeat(1000));
    let payloads = [
        r#"{"n":9007199254740993,"huge":123456789012345678901234567890,"tiny":1e-400,"same":1.0,"zero":-0.0}"#,
        r#"{"":"empty key","a":1,"a":2,  "spaces" : [ ] }"#,
        r#""👩🏽‍💻 \u0000 \ud83d\ude00 é vs é""#,
        "\"שלום \u{202e}abc\u{202c} مرحبا\"",
        &nested,
    ];
    for data in payloads {
        sqlx::query("select holdfast.enqueue('echo', $1::text::json)")
            .bind(format!("{{\"data\":{data}}}"))
            .execute(&house.pool)
            .await
            .unwrap();
    }
    let running = start(house.engine().job::<Echo>());
    house.until_ended(5).await;
    running.stop().await;
    let outputs = house.texts("select output::text from holdfast.done order by id").await;
    assert_eq!(outputs, payloads);
    let shown = house.texts("select payload::text from holdfast.job_state order by id").await;
    assert_eq!(shown, payloads.map(|data| format!("{{\"data\":{data}}}")));
}
