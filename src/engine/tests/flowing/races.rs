//! S2, S3, N4: what happens at the same moment.

use std::{sync::atomic::Ordering, time::Duration};

use engine::{Cx, Job, Outcome, Policy, Stop};
use serde::{Deserialize, Serialize};

use crate::{
    house::{House, World, start},
    jobs::QUICK,
};

/// Waits for a word and then for its end, so that it is replayed in between.
#[derive(Serialize, Deserialize)]
struct Racer {
    timeout_ms: Option<u64>,
}

impl Job<World> for Racer {
    const NAME: &'static str = "racer";
    const POLICY: Policy = Policy::WORKFLOW;
    type Output = Option<String>;

    async fn run(self, cx: Cx<World>) -> Outcome<Option<String>> {
        let word = cx.receive::<String>("word", self.timeout_ms.map(Duration::from_millis)).await?;
        cx.world.note(format!("{} heard {word:?}", cx.id()));
        if self.timeout_ms.is_some() {
            cx.receive::<String>("end", None).await?;
        }
        Ok(word)
    }
}

async fn put_racers(house: &House, count: usize, timeout_ms: Option<u64>) -> Vec<i64> {
    let mut flows = vec![house.put(&Racer { timeout_ms }).await];
    let mut tx = engine::begin(&house.pool).await.unwrap();
    for _ in 1..count {
        flows.push(house.client.enqueue(&mut tx, 1, &Racer { timeout_ms }).await.unwrap().id);
    }
    tx.commit().await.unwrap();
    flows
}

/// Each signal is given at about the moment when its workflow begins to wait.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s02_no_wake_up_is_lost_in_a_thousand_races() {
    let house = House::new().await;
    let flows = put_racers(&house, 1000, None).await;
    let running = start(house.engine().job::<Racer>());
    house.until("select count(*) from holdfast.step", 1).await;
    let send = async |flows: &[i64]| {
        for flow in flows {
            house.signal(*flow, "word", "word").await;
        }
    };
    futures_util::join!(send(&flows[..250]), send(&flows[250..500]), send(&flows[500..750]), send(&flows[750..]));
    house.until_ended(1000).await;
    running.stop().await;
    assert_eq!(house.number("select count(*) from holdfast.done where output::text = '\"word\"'").await, 1000);
    assert_eq!(house.number("select count(*) from holdfast.signal").await, 0);
}

/// Signals are given while the time of their waits runs out. Whatever wins has won for good.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s03_either_the_signal_or_the_timeout_wins() {
    let house = House::new().await;
    let flows = put_racers(&house, 300, Some(3_600_000)).await;
    let running = start(house.engine().job::<Racer>());
    house.until("select count(*) from holdfast.later where wakeable", 300).await;
    for some in flows.chunks(30) {
        let soon = "with soon as (update holdfast.step set wake_at = clock_timestamp() + random() * interval '80 ms'
                                  where parent = any($1) returning parent, wake_at)
                    update holdfast.later set run_at = wake_at from soon where id = parent";
        sqlx::query(soon).bind(some).execute(&house.pool).await.unwrap();
        for flow in some {
            house.signal(*flow, "word", "word").await;
        }
    }
    house.until("select count(*) from holdfast.step where name = 'end'", 300).await;
    for flow in &flows {
        house.signal(*flow, "end", "end").await;
    }
    house.until_ended(300).await;
    running.stop().await;
    let diary = house.world.diary();
    let mut heard = 0;
    for flow in flows {
        let said: Vec<&String> = diary.iter().filter(|line| line.starts_with(&format!("{flow} heard"))).collect();
        assert!(said.len() >= 2 && said.iter().all(|line| *line == said[0]), "{said:?}");
        let word = house.output::<Option<String>>(flow).await;
        assert_eq!(*said[0], format!("{flow} heard {word:?}"));
        heard += i64::from(word.is_some());
    }
    assert!(heard > 0 && heard < 300, "{heard} of 300 signals were heard: there was no race");
    assert_eq!(
        house.number("select count(*) from holdfast.signal").await,
        300 - heard,
        "what was not heard is there still"
    );
}

/// Ends in some way, in a lane with others.
#[derive(Serialize, Deserialize)]
struct Contested {
    number: u16,
}

impl Job<World> for Contested {
    const NAME: &'static str = "contested";
    const POLICY: Policy = Policy { concurrency: 40, losses: 10_000, attempts: 4, backoff: QUICK, ..Policy::DEFAULT };
    type Output = u16;

    fn lane(&self) -> Option<String> {
        (!self.number.is_multiple_of(4)).then(|| format!("lane {}", self.number % 16))
    }

    async fn run(self, cx: Cx<World>) -> Outcome<u16> {
        tokio::time::sleep(Duration::from_millis(u64::from(self.number % 7))).await;
        match (self.number + cx.attempt()) % 5 {
            0 => Err(Stop::fail("no use")),
            1 | 2 => Err(Stop::retry("once more")),
            _ => Ok(self.number),
        }
    }
}

/// 400 jobs that complete, fail and are retried while others cancel them and take their claims away.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn n04_cancel_complete_fail_and_rescue_meet_without_a_deadlock() {
    let house = House::new().await;
    let mut jobs = vec![house.put(&Contested { number: 0 }).await];
    for number in 1..400 {
        jobs.push(house.put(&Contested { number }).await);
    }
    let running = [start(house.engine().job::<Contested>()), start(house.engine().job::<Contested>())];
    let over = std::sync::atomic::AtomicBool::new(false);
    let cancels = async |jobs: Vec<i64>| {
        for some in jobs.chunks(4) {
            house.cancel(some).await;
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let forwards: Vec<i64> = jobs.iter().copied().filter(|id| id % 3 != 0).collect();
    let backwards: Vec<i64> = jobs.iter().rev().copied().filter(|id| id % 5 != 0).collect();
    let rescues = async {
        while !over.load(Ordering::Relaxed) {
            sqlx::query(
                "select holdfast.rescue_claim((select id from holdfast.claim order by random() limit 1), 'taken away')",
            )
            .execute(&house.pool)
            .await
            .unwrap();
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let cancelling = async {
        futures_util::join!(cancels(forwards), cancels(backwards));
        over.store(true, Ordering::Relaxed);
    };
    futures_util::join!(cancelling, rescues);
    house.until_ended(400).await;
    for one in running {
        one.stop().await;
    }
    assert_eq!(house.number("select count(distinct id) from holdfast.done").await, 400);
    assert_eq!(house.number("select count(*) from holdfast.done").await, 400);
    for rest in ["ready", "later", "blocked", "held", "lane", "claim"] {
        let sql = format!("select count(*) from holdfast.{rest}");
        assert_eq!(house.number(Box::leak(sql.into_boxed_str())).await, 0, "{rest}");
    }
    tokio::time::sleep(Duration::from_millis(1100)).await;
    let deadlocks = "select deadlocks from pg_stat_database where datname = current_database()";
    assert_eq!(house.number(deadlocks).await, 0);
}
