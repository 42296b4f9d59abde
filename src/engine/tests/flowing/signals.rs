//! S: signals are kept, taken once, in order, and refused where nobody can take them.

use std::time::Duration;

use engine::{Cx, Job, Outcome, Policy, SignalError};
use serde::{Deserialize, Serialize};

use crate::{
    house::{House, World, start},
    jobs::{Act, act},
};

/// Waits for so many words, then does something with each.
#[derive(Serialize, Deserialize)]
struct Listener {
    words: usize,
}

impl Job<World> for Listener {
    const NAME: &'static str = "listener";
    const POLICY: Policy = Policy::WORKFLOW;
    type Output = Vec<String>;

    async fn run(self, cx: Cx<World>) -> Outcome<Vec<String>> {
        let mut heard = Vec::new();
        for number in 0..self.words {
            let word: Option<String> = cx.receive("word", None).await?;
            heard.push(cx.step(&format!("echo {number}"), act(word.unwrap_or_default())).await?);
        }
        Ok(heard)
    }
}

#[tokio::test]
async fn s01_a_signal_before_the_wait_is_kept_and_taken_once() {
    let house = House::new().await;
    let flow = house.put(&Listener { words: 2 }).await;
    house.signal(flow, "word", "early").await;
    assert_eq!(house.number("select count(*) from holdfast.signal").await, 1);
    let running = start(house.engine().job::<Listener>().job::<Act>());
    house.until_note("early", 1).await;
    house.until_state(flow, "waiting").await;
    assert_eq!(house.number("select count(*) from holdfast.signal").await, 0);
    house.signal(flow, "word", "later").await;
    house.until_state(flow, "completed").await;
    running.stop().await;
    assert_eq!(house.output::<Vec<String>>(flow).await, ["early", "later"]);
}

#[tokio::test]
async fn s04_of_signals_with_one_id_the_first_counts() {
    let house = House::new().await;
    let flow = house.put(&Listener { words: 2 }).await;
    let mut conn = house.pool.acquire().await.unwrap();
    for word in ["first", "second"] {
        house.client.signal(&mut conn, 1, flow, "word", "id", &word).await.unwrap().unwrap();
    }
    house.client.signal(&mut conn, 1, flow, "word", "other", &"third").await.unwrap().unwrap();
    let running = start(house.engine().job::<Listener>().job::<Act>());
    house.until_state(flow, "completed").await;
    running.stop().await;
    assert_eq!(house.output::<Vec<String>>(flow).await, ["first", "third"]);
}

#[tokio::test]
async fn s05_a_signal_that_nobody_can_take_is_an_error() {
    let house = House::new().await;
    let (ended, alive) = (house.put(&Listener { words: 0 }).await, house.put(&Listener { words: 1 }).await);
    let running = start(house.engine().job::<Listener>().job::<Act>());
    house.until_state(ended, "completed").await;
    let mut conn = house.pool.acquire().await.unwrap();
    for (tenant, job, error) in
        [(1, ended, SignalError::Ended), (2, alive, SignalError::Unknown), (1, alive + 1, SignalError::Unknown)]
    {
        let sent = house.client.signal(&mut conn, tenant, job, "word", "1", &"?").await.unwrap();
        assert_eq!(sent, Err(error), "{job} of {tenant}");
    }
    running.stop().await;
    assert_eq!(house.number("select count(*) from holdfast.signal").await, 0);
}

/// Before, between and after the waits, some of them in one transaction.
#[tokio::test]
async fn s06_signals_come_in_the_order_in_which_they_were_given() {
    let house = House::new().await;
    let flow = house.put(&Listener { words: 40 }).await;
    let words: Vec<String> = (0..40).map(|n| format!("{}", 39 - n)).collect();
    let mut tx = engine::begin(&house.pool).await.unwrap();
    for word in &words[..10] {
        house.client.signal(&mut tx, 1, flow, "word", word, word).await.unwrap().unwrap();
    }
    house.client.commit(tx).await.unwrap();
    let running = start(house.engine().job::<Listener>().job::<Act>());
    for word in &words[10..] {
        house.signal(flow, "word", word).await;
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    house.until_state(flow, "completed").await;
    running.stop().await;
    assert_eq!(house.output::<Vec<String>>(flow).await, words);
}
