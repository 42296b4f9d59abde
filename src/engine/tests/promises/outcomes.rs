//! Enqueueing, keys, and every way for an attempt to end.

use std::time::{Duration, Instant};

use crate::{
    house::{House, start},
    jobs::{Doze, Gather, Note, Obey, Order, Verbose, note},
};

#[tokio::test]
async fn a_job_exists_if_and_only_if_its_transaction_commits() {
    let house = House::new().await;
    house.client.register_kinds(&["note".to_owned()]).await.unwrap();
    let mut rolled_back = engine::begin(&house.pool).await.unwrap();
    house.client.enqueue(&mut rolled_back, 1, &note("never")).await.unwrap();
    rolled_back.rollback().await.unwrap();
    house.put(&note("once")).await;
    let running = start(house.engine().job::<Note>());
    house.until_ended(1).await;
    running.stop().await;
    assert_eq!(house.world.diary(), ["once"]);
    assert_eq!(house.number("select count(*) from holdfast.claim").await, 0);
    assert_eq!(house.number("select count(*) from holdfast.worker").await, 0);
}

#[tokio::test]
async fn thirty_two_producers_of_one_key_make_one_job() {
    let house = House::new().await;
    house.client.register_kinds(&["note".to_owned()]).await.unwrap();
    let puts = (0..32).map(|_| async {
        let mut tx = engine::begin(&house.pool).await.unwrap();
        let put =
            house.client.enqueue(&mut tx, 1, &Note { text: "x".to_owned(), key: "same".to_owned() }).await.unwrap();
        house.client.commit(tx).await.unwrap();
        put
    });
    let puts = futures_util::future::join_all(puts).await;
    assert_eq!(puts.iter().filter(|put| !put.duplicate).count(), 1);
    assert!(puts.iter().all(|put| put.id == puts[0].id));
    assert_eq!(house.number("select count(*) from holdfast.ready").await, 1);
}

#[tokio::test]
async fn a_key_outlives_its_job_until_its_window_ends() {
    let house = House::new().await;
    let keyed = Note { text: "x".to_owned(), key: "k".to_owned() };
    let first = house.put(&keyed).await;
    let running = start(house.engine().job::<Note>());
    house.until_ended(1).await;
    assert_eq!(house.put(&keyed).await, first);
    sqlx::query("update holdfast.uniq set expires_at = clock_timestamp()").execute(&house.pool).await.unwrap();
    assert_ne!(house.put(&keyed).await, first);
    house.until_ended(2).await;
    running.stop().await;
}

#[tokio::test]
async fn sql_puts_in_what_rust_puts_in() {
    let house = House::new().await;
    house.client.register_kinds(&["note".to_owned()]).await.unwrap();
    let running = start(house.engine().job::<Note>());
    sqlx::query("select holdfast.enqueue('note', '{\"text\":\"from psql\",\"key\":\"\"}')")
        .execute(&house.pool)
        .await
        .unwrap();
    house.until_ended(1).await;
    let error =
        sqlx::query("select holdfast.enqueue('nonsense', '{}')").execute(&house.pool).await.unwrap_err().to_string();
    running.stop().await;
    assert!(error.contains("kind \"nonsense\" is not known"), "{error}");
    assert_eq!(house.world.diary(), ["from psql"]);
}

#[tokio::test]
async fn errors_panics_and_time_limits_burn_attempts_and_are_kept() {
    let house = House::new().await;
    let lucky = house.put(&Obey { orders: vec![Order::Panic, Order::Hang] }).await;
    let running = start(house.engine().job::<Obey>());
    house.until_ended(1).await;
    assert_eq!(house.state(lucky).await, "completed");
    let doomed = house.put(&Obey { orders: vec![Order::Error, Order::Error, Order::Error] }).await;
    house.until_ended(2).await;
    running.stop().await;
    assert_eq!(house.state(doomed).await, "dead");
    let endings: Vec<(String, Option<String>)> =
        sqlx::query_as("select ending, error from holdfast.attempt order by ended_at")
            .fetch_all(&house.pool)
            .await
            .unwrap();
    let endings: Vec<_> =
        endings.iter().map(|(ending, error)| (ending.as_str(), error.as_deref().unwrap_or(""))).collect();
    assert_eq!(endings[0], ("panicked", "told to"));
    assert_eq!(endings[1].0, "timed_out");
    assert_eq!(&endings[2..], [("failed", "told to"); 3]);
}

#[tokio::test]
async fn some_ends_are_final() {
    let house = House::new().await;
    let failed = house.put(&Obey { orders: vec![Order::Fail] }).await;
    let cancelled = house.put(&Obey { orders: vec![Order::Cancel] }).await;
    let running = start(house.engine().job::<Obey>());
    house.until_ended(2).await;
    running.stop().await;
    assert_eq!((house.state(failed).await.as_str(), house.state(cancelled).await.as_str()), ("dead", "cancelled"));
    assert_eq!(house.world.count("attempt 1"), 2);
}

#[tokio::test]
async fn a_wait_is_kept_in_the_row_and_survives_the_worker() {
    let house = House::new().await;
    let started = Instant::now();
    house.put(&Obey { orders: vec![Order::RetryAfter(1500)] }).await;
    let running = start(house.engine().job::<Obey>());
    house.until("select count(*) from holdfast.later", 1).await;
    running.stop().await;
    let running = start(house.engine().job::<Obey>());
    house.until_ended(1).await;
    running.stop().await;
    assert!(started.elapsed() >= Duration::from_millis(1500));
    assert_eq!(house.world.diary(), ["attempt 1", "attempt 2"]);
}

#[tokio::test]
async fn a_snooze_costs_no_attempt() {
    let house = House::new().await;
    house.put(&Doze {}).await;
    let running = start(house.engine().job::<Doze>());
    house.until_ended(1).await;
    running.stop().await;
    assert_eq!(house.number("select output::text::bigint from holdfast.done").await, 1);
    assert_eq!(house.number("select count(*) from holdfast.attempt where ending = 'snoozed'").await, 2);
}

#[tokio::test]
async fn what_cannot_be_decoded_ends_dead_with_its_payload_kept() {
    let house = House::new().await;
    house.client.register_kinds(&["obey".to_owned()]).await.unwrap();
    sqlx::query("select holdfast.enqueue('obey', '{\"orders\": 7}')").execute(&house.pool).await.unwrap();
    let running = start(house.engine().job::<Obey>());
    house.until_ended(1).await;
    running.stop().await;
    assert_eq!(house.number("select count(*) from holdfast.attempt where ending = 'undecodable'").await, 3);
    let payload: String =
        sqlx::query_scalar("select payload::text from holdfast.job").fetch_one(&house.pool).await.unwrap();
    assert_eq!(payload, "{\"orders\": 7}");
}

#[tokio::test]
async fn a_burst_is_one_job_that_keeps_every_payload() {
    let house = House::new().await;
    let running = start(house.engine().job::<Gather>());
    for word in ["I", "want", "yoga"] {
        house.put(&Gather { word: word.to_owned() }).await;
        tokio::time::sleep(Duration::from_millis(60)).await;
    }
    house.until_ended(1).await;
    house.put(&Gather { word: "tomorrow".to_owned() }).await;
    house.until_ended(2).await;
    running.stop().await;
    assert_eq!(house.world.diary(), ["I want yoga", "tomorrow"]);
}

#[tokio::test]
async fn a_burst_that_does_not_end_starts_at_its_longest_wait() {
    let house = House::new().await;
    let running = start(house.engine().job::<Gather>());
    for _ in 0..15 {
        house.put(&Gather { word: "and".to_owned() }).await;
        tokio::time::sleep(Duration::from_millis(80)).await;
    }
    house.until_ended(2).await;
    house.until("select (select count(*) from holdfast.done) - (select count(*) from holdfast.job)", 0).await;
    running.stop().await;
    let words: usize = house.world.diary().iter().map(|line| line.split(' ').count()).sum();
    assert_eq!(words, 15);
}

#[tokio::test]
async fn what_no_row_takes_ends_its_own_job_only() {
    let house = House::new().await;
    let ordinary = house.put(&Verbose { output: 10, fails_with: None }).await;
    let too_long = house.put(&Verbose { output: 2 << 20, fails_with: None }).await;
    let strange = house.put(&Verbose { output: 0, fails_with: Some(format!("a\0b {}", "x".repeat(100_000))) }).await;
    let mut tx = engine::begin(&house.pool).await.unwrap();
    let refused = house.client.enqueue(&mut tx, 1, &note(&"x".repeat(2 << 20))).await.unwrap_err().to_string();
    tx.rollback().await.unwrap();
    let running = start(house.engine().job::<Verbose>());
    house.until_ended(3).await;
    running.stop().await;
    assert!(refused.contains("more than 1 MiB"), "{refused}");
    let states = [house.state(ordinary).await, house.state(too_long).await, house.state(strange).await];
    assert_eq!(states, ["completed", "dead", "dead"]);
    assert_eq!(house.number("select count(*) from holdfast.attempt where length(error) > 4000").await, 0);
}
