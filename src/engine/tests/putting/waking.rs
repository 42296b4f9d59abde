//! E: who is woken by an enqueue, and in which order what is due starts.

use std::time::{Duration, Instant};

use engine::When;

use crate::{
    house::{House, start},
    jobs::{Note, Single},
};

#[tokio::test]
async fn e06_only_what_is_due_wakes_workers_and_soon() {
    let house = House::new().await;
    house.register::<Note>().await;
    let mut listener = house.listen().await;
    house.run_sql("select holdfast.enqueue('note', '{}', run_at => now() + interval '1 h')").await;
    house.run_sql("select holdfast.enqueue('note', '{}', key => 'k', debounce_wait => '1 h')").await;
    let mut tx = engine::begin(&house.pool).await.unwrap();
    let now: chrono::DateTime<chrono::Utc> = sqlx::query_scalar("select now()").fetch_one(&mut *tx).await.unwrap();
    let later = When::At(now + Duration::from_hours(1));
    house.client.enqueue_when(&mut tx, 1, &Note::new("later"), later).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(house.nudges(&mut listener).await, 0);

    // By polling alone, ten pick-ups in a row that quick would be a matter of one in ten million.
    let running = start(house.engine().job::<Note>());
    house.until("select count(*) from holdfast.worker", 1).await;
    let deadline = Instant::now() + Duration::from_secs(40);
    for round in 1.. {
        for n in 1..=10 {
            house
                .run_sql(&format!(
                    "select holdfast.enqueue('note', '{}', run_at => now() - interval '1 s')",
                    Note::json("due")
                ))
                .await;
            house.until_ended((round - 1) * 10 + n).await;
        }
        let slow = "select count(*) from (select d.started_at - j.created_at as wait from holdfast.done d join holdfast.job j on j.id = d.id
                                          order by d.id desc limit 10) w where w.wait >= interval '50 ms'";
        if house.number(slow).await == 0 {
            break;
        }
        assert!(Instant::now() < deadline, "no ten jobs in a row started within 50 ms of their enqueue");
    }
    running.stop().await;
}

#[tokio::test]
async fn e07_a_burst_of_a_thousand_wakes_workers_a_bounded_number_of_times() {
    let house = House::new().await;
    house.register::<Note>().await;
    let mut listener = house.listen().await;
    let began = Instant::now();
    for _ in 0..1000 {
        house.client.enqueue_now(1, &Note::new("x")).await.unwrap();
    }
    let nudges = u128::try_from(house.nudges(&mut listener).await).unwrap();
    let bound = began.elapsed().as_millis() / 10 + 5;
    assert!((1..=bound).contains(&nudges), "{nudges} nudges, at most {bound} were to come");
    let all = format!("select holdfast.enqueue('note', '{}') from generate_series(1, 1000)", Note::json("x"));
    // Nudges of the last moments of the burst are not counted here.
    tokio::time::sleep(Duration::from_millis(200)).await;
    house.nudges(&mut listener).await;
    house.run_sql(&all).await;
    assert_eq!(house.nudges(&mut listener).await, 1);
}

#[tokio::test]
async fn e08_a_start_in_the_past_is_now_in_the_order_of_what_was_asked_for() {
    let house = House::new().await;
    house.register::<Single>().await;
    for (text, args) in [
        ("now", ""),
        ("lately", ", run_at => now() - interval '10 s'"),
        ("urgent", ", priority => -1"),
        ("since ever", ", priority => -1, run_at => '-infinity'"),
        ("earlier", ", run_at => now() - interval '20 s'"),
        ("not so urgent", ", priority => 1, run_at => now() - interval '30 s'"),
    ] {
        house.run_sql(&format!("select holdfast.enqueue('single', '{{\"text\":\"{text}\"}}'{args})")).await;
    }
    assert_eq!(house.number("select count(*) from holdfast.later").await, 0);
    let running = start(house.engine().job::<Single>());
    house.until_ended(6).await;
    running.stop().await;
    let order = ["since ever", "urgent", "earlier", "lately", "now", "not so urgent"];
    assert_eq!(house.world.diary(), order);
}

/// Nothing waits and nothing is due: a look every quarter of a second, and the house-keeping.
#[tokio::test]
async fn an_idle_worker_leaves_the_database_alone() {
    let house = House::new().await;
    let running = start(house.engine().job::<Note>());
    house.put(&Note::new("note")).await;
    house.until_ended(1).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let looks = "select (xact_commit + xact_rollback)::bigint from pg_stat_database where datname = current_database()";
    let before = house.number(looks).await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    let made = house.number(looks).await - before;
    running.stop().await;
    assert!(made < 150, "{made} transactions in three seconds of rest");
}

const OFFERS: &str = "select count(*) from holdfast.offer where is_open";

/// The enqueue itself puts the job where it runs: one commit, not two. What is more goes the ordinary way.
#[tokio::test]
async fn a_job_goes_straight_to_an_idle_worker_if_and_only_if_its_transaction_commits() {
    let house = House::new().await;
    let running = start(house.engine().job::<Note>());
    house.until(OFFERS, 1).await;
    let count = "select (select count(*) from holdfast.claim) * 100 + (select count(*) from holdfast.ready) * 10
                      + (select count(*) from holdfast.offer where is_open)";
    for commit in [false, true] {
        // Who puts in one after the other goes the ordinary way.
        tokio::time::sleep(Duration::from_millis(20)).await;
        let mut tx = engine::begin(&house.pool).await.unwrap();
        house.client.enqueue(&mut tx, 1, &Note::new("first")).await.unwrap();
        house.client.enqueue(&mut tx, 1, &Note::new("second")).await.unwrap();
        let there: i64 = sqlx::query_scalar(count).fetch_one(&mut *tx).await.unwrap();
        assert_eq!(there, 110, "one job in a claim, one ready, and the offer is taken");
        if commit {
            house.client.commit(tx).await.unwrap();
        } else {
            tx.rollback().await.unwrap();
            assert_eq!(house.number(OFFERS).await, 1, "as it was");
        }
    }
    house.until_ended(2).await;
    house.until(OFFERS, 1).await;
    // More than a notification carries.
    house.put(&Note::new("x".repeat(10_000))).await;
    house.run_sql(&format!("select holdfast.enqueue('note', '{}', key => 'k')", Note::json("by sql"))).await;
    house.until_ended(4).await;
    running.stop().await;
    assert_eq!(house.number("select count(*) from holdfast.attempt").await, 0, "nothing was tried twice");
    assert_eq!(house.number(OFFERS).await, 0);
}

#[tokio::test]
async fn a_worker_that_ends_or_has_no_room_is_sent_nothing() {
    let house = House::new().await;
    let running = start(house.engine().job::<Single>());
    house.until(OFFERS, 1).await;
    running.stop().await;
    assert_eq!(house.number("select count(*) from holdfast.offer").await, 0);
    house.put(&Single { text: "later".to_owned() }).await;
    assert_eq!(house.number("select count(*) from holdfast.ready").await, 1);
    house.run_sql("select holdfast.pause('single', null, 'a test', 'a test')").await;
    let running = start(house.engine().job::<Single>());
    house.until(OFFERS, 1).await;
    house.put(&Single { text: "paused".to_owned() }).await;
    assert_eq!(house.number("select count(*) from holdfast.claim").await, 0);
    running.stop().await;
}
