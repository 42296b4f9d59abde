//! Z: what leaves the house leaves it once, or a person hears of it.

use std::time::Duration;

use engine::{
    Cx, Engine, Job, Outcome, Policy, Stop,
    effect::{self, Begin},
};
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, PgPool};

use crate::{
    house::{House, World, start},
    jobs::pass,
    kit::Doomed,
};

/// Where it stands still the first time: before its request is noted, before and after that leaves, and after the answer
/// is noted.
const PLACES: [&str; 4] = ["plan", "send", "answer", "end"];

/// One request to the other side, which is a table here.
#[derive(Serialize, Deserialize)]
struct Send {
    number: usize,
    dies: bool,
}

/// The other side takes whatever comes, as often as it comes.
async fn other_side(pool: &PgPool, key: &str) -> sqlx::Result<()> {
    sqlx::query("insert into request (key) values ($1)").bind(key).execute(pool).await.map(drop)
}

impl Send {
    fn key_of(number: usize) -> String {
        format!("message {number}")
    }

    async fn at(&self, cx: &Cx<World>, place: &str) {
        if self.dies && PLACES[self.number % 4] == place {
            pass(cx, &self.number.to_string()).await;
        }
    }
}

impl Job<World> for Send {
    const NAME: &'static str = "send";
    const POLICY: Policy = Policy { concurrency: 1000, ..Policy::DEFAULT };
    type Output = String;

    async fn run(self, cx: Cx<World>) -> Outcome<String> {
        let (key, pool) = (Self::key_of(self.number), cx.world.pool.clone());
        self.at(&cx, "plan").await;
        let mut tx = engine::begin(&pool).await?;
        let begun = effect::begin(&mut tx, &key, cx.id()).await?;
        tx.commit().await?;
        match begun {
            Begin::Send => {}
            Begin::Unknown { .. } => return Err(Stop::snooze(Duration::from_hours(1), "for news of it")),
            Begin::Confirmed { reference } => return Ok(reference.unwrap_or_default()),
            Begin::Failed { reason } => return Err(Stop::fail(reason)),
        }
        self.at(&cx, "send").await;
        other_side(&pool, &key).await?;
        self.at(&cx, "answer").await;
        effect::confirm(&mut *pool.acquire().await?, &key, "answered").await?;
        self.at(&cx, "end").await;
        Ok("answered".to_owned())
    }
}

async fn with_other_side() -> House {
    let house = House::new().await;
    sqlx::query("create table request (key text, at timestamptz default clock_timestamp())")
        .execute(&house.pool)
        .await
        .unwrap();
    house
}

/// 1,000 requests, all in flight when their process is killed: a quarter at each of four places.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn z01_nothing_is_sent_twice_by_a_thousand_deaths() {
    let house = with_other_side().await;
    let mut jobs = Vec::new();
    let mut tx = engine::begin(&house.pool).await.unwrap();
    house.client.register_kinds(&["send".to_owned()]).await.unwrap();
    for number in 0..1000 {
        house.world.note(format!("stop at {number}"));
        jobs.push(house.client.enqueue(&mut tx, 1, &Send { number, dies: true }).await.unwrap().id);
    }
    tx.commit().await.unwrap();
    let dying = Doomed::start(&house, Engine::job::<Send>);
    while house.world.diary().iter().filter(|line| line.starts_with("stopped at")).count() < 1000 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    dying.kill(&house).await;
    assert_eq!(house.number("select count(*) from holdfast.effect where state = 'sent'").await, 500);
    let running = start(house.engine().job::<Send>());
    house.until_ended(500).await;
    house.until("select count(*) from holdfast.later", 500).await;
    for (state, count) in [("confirmed", 500), ("unknown", 500)] {
        let found: i64 = sqlx::query_scalar("select count(*) from holdfast.effect where state = $1")
            .bind(state)
            .fetch_one(&house.pool)
            .await
            .unwrap();
        assert_eq!(found, count, "{state}");
    }
    assert_eq!(house.number("select count(*) - count(distinct key) from request").await, 0);
    assert_eq!(
        house.number("select count(*) from request").await,
        750,
        "and what may not have left is not sent blindly"
    );
    // News of those that arrived; the others wait for a person.
    let arrived: Vec<String> = sqlx::query_scalar(
        "select r.key from request r join holdfast.effect e on e.key = r.key where e.state = 'unknown'",
    )
    .fetch_all(&house.pool)
    .await
    .unwrap();
    let mut conn = house.pool.acquire().await.unwrap();
    for key in &arrived {
        assert!(effect::confirm(&mut conn, key, "told later").await.unwrap());
    }
    house.until_ended(750).await;
    running.stop().await;
    assert_eq!(house.number("select count(*) from request").await, 750);
    assert_eq!(house.number("select count(*) from holdfast.effect where state = 'unknown'").await, 250);
}

/// The other side answers late: its webhook settles what our time limit left open.
#[tokio::test]
async fn z02_an_unknown_end_is_settled_by_news_and_not_by_sending_again() {
    let house = with_other_side().await;
    let mut conn = house.pool.acquire().await.unwrap();
    let key = Send::key_of(1);
    let job = house.put(&Send { number: 1, dies: false }).await;
    assert_eq!(effect::begin(&mut conn, &key, job).await.unwrap(), Begin::Send);
    other_side(&house.pool, &key).await.unwrap();
    assert!(effect::unknown(&mut conn, &key, "no answer within 10 s").await.unwrap());
    let running = start(house.engine().job::<Send>());
    house.until("select count(*) from holdfast.attempt where ending = 'snoozed'", 1).await;
    assert!(effect::confirm(&mut conn, &key, "wamid").await.unwrap());
    house.until_state(job, "completed").await;
    running.stop().await;
    assert_eq!(house.output::<String>(job).await, "wamid");
    assert_eq!(house.number("select count(*) from request").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn z03_of_many_attempts_at_one_effect_one_sends() {
    let house = with_other_side().await;
    for round in 0..100 {
        let attempts = (0..8).map(|job| {
            let pool = house.pool.clone();
            tokio::spawn(async move {
                let mut tx = engine::begin(&pool).await.unwrap();
                let begun = effect::begin(&mut tx, &format!("round {round}"), job).await.unwrap();
                tx.commit().await.unwrap();
                begun
            })
        });
        let begun = futures_util::future::join_all(attempts).await;
        let sends = begun.iter().filter(|begun| matches!(begun, Ok(Begin::Send))).count();
        assert_eq!(sends, 1, "{begun:?}");
    }
}

#[tokio::test]
async fn z04_what_may_have_arrived_is_never_sent_again_without_evidence() {
    let house = House::new().await;
    let mut conn = house.pool.acquire().await.unwrap();
    assert_eq!(effect::begin(&mut conn, "refund", 1).await.unwrap(), Begin::Send);
    for attempt in 2..20 {
        assert!(matches!(effect::begin(&mut conn, "refund", attempt).await.unwrap(), Begin::Unknown { .. }));
    }
    assert!(!effect::reopen(&mut conn, "refund", Duration::from_hours(1)).await.unwrap(), "there was no silence yet");
    sqlx::query("update holdfast.effect set sent_at = clock_timestamp() - interval '2 hours'")
        .execute(&mut *conn)
        .await
        .unwrap();
    let mut others = Vec::new();
    for _ in 0..8 {
        let mut conn = house.pool.acquire().await.unwrap();
        others.push(tokio::spawn(async move {
            effect::reopen(&mut conn, "refund", Duration::from_hours(1)).await.unwrap()
        }));
    }
    let reopened = futures_util::future::join_all(others).await;
    assert_eq!(
        reopened.iter().filter(|won| matches!(won, Ok(true))).count(),
        1,
        "silence lets one of them send once more"
    );
    // A refusal for good, or a confirmation, is the end of it.
    assert!(effect::refuse(&mut conn, "refund", "no such payment").await.unwrap());
    assert_eq!(
        effect::begin(&mut conn, "refund", 1).await.unwrap(),
        Begin::Failed { reason: "no such payment".to_owned() }
    );
    assert!(!effect::reopen(&mut conn, "refund", Duration::ZERO).await.unwrap());
}

/// The status is there before our own process has noted the answer to its request.
#[tokio::test]
async fn z05_a_status_before_our_own_answer_is_matched() {
    let house = House::new().await;
    let mut conn: sqlx::pool::PoolConnection<sqlx::Postgres> = house.pool.acquire().await.unwrap();
    let status = async |conn: &mut PgConnection, key: &str| effect::confirm(conn, key, "wamid").await.unwrap();
    assert_eq!(effect::begin(&mut conn, "early", 1).await.unwrap(), Begin::Send);
    assert!(status(&mut conn, "early").await);
    assert!(!effect::confirm(&mut conn, "early", "wamid").await.unwrap(), "our answer changes nothing");
    for late in [
        effect::unknown(&mut conn, "early", "no answer").await,
        effect::not_sent(&mut conn, "early", "throttled").await,
        effect::refuse(&mut conn, "early", "refused").await,
    ] {
        assert!(!late.unwrap(), "nor does anything else");
    }
    let begun = effect::begin(&mut conn, "early", 1).await.unwrap();
    assert_eq!(begun, Begin::Confirmed { reference: Some("wamid".to_owned()) });
    assert!(!status(&mut conn, "nobody's").await, "a status of something else matches nothing");
}
