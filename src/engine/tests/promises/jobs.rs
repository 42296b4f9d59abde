//! The jobs that the tests run.

use std::time::Duration;

use engine::{Backoff, Cx, Debounce, Job, Outcome, Policy, Stop};
use serde::{Deserialize, Serialize};

use crate::house::World;

const QUICK: Backoff = Backoff::exponential(Duration::from_millis(20), Duration::from_millis(100));

/// Notes its name.
#[derive(Serialize, Deserialize)]
pub struct Note {
    pub text: String,
    pub key: String,
}

pub fn note(text: &str) -> Note {
    Note { text: text.to_owned(), key: String::new() }
}

impl Job<World> for Note {
    const NAME: &'static str = "note";
    type Output = String;

    fn key(&self) -> String {
        self.key.clone()
    }

    async fn run(self, cx: Cx<World>) -> Outcome<String> {
        cx.world.note(&self.text);
        Ok(self.text)
    }
}

/// Does as it is told, attempt by attempt.
#[derive(Serialize, Deserialize)]
pub struct Obey {
    pub orders: Vec<Order>,
}

#[derive(Serialize, Deserialize, Clone)]
pub enum Order {
    Succeed,
    Error,
    Panic,
    Hang,
    RetryAfter(u64),
    Fail,
    Cancel,
}

impl Job<World> for Obey {
    const NAME: &'static str = "obey";
    const POLICY: Policy =
        Policy { attempts: 3, timeout: Duration::from_millis(200), backoff: QUICK, ..Policy::DEFAULT };
    type Output = ();

    async fn run(self, cx: Cx<World>) -> Outcome<()> {
        cx.world.note(format!("attempt {}", cx.attempt()));
        match self.orders.get(usize::from(cx.attempt()) - 1).cloned().unwrap_or(Order::Succeed) {
            Order::Succeed => Ok(()),
            Order::Error => Err(Stop::retry("told to")),
            Order::Panic => panic!("told to"),
            Order::Hang => std::future::pending().await,
            Order::RetryAfter(ms) => Err(Stop::unavailable("busy", Some(Duration::from_millis(ms)))),
            Order::Fail => Err(Stop::fail("no use")),
            Order::Cancel => Err(Stop::Cancel("not wanted".to_owned())),
        }
    }
}

/// Snoozes until it has been looked at three times.
#[derive(Serialize, Deserialize)]
pub struct Doze {}

impl Job<World> for Doze {
    const NAME: &'static str = "doze";
    const POLICY: Policy = Policy { attempts: 1, ..Policy::DEFAULT };
    type Output = u16;

    async fn run(self, cx: Cx<World>) -> Outcome<u16> {
        cx.world.note("doze");
        if cx.world.count("doze") < 3 {
            Err(Stop::snooze(Duration::from_millis(10), "too early"))
        } else {
            Ok(cx.attempt())
        }
    }
}

/// Takes its time in a lane and notes its start and its end.
#[derive(Serialize, Deserialize)]
pub struct InLane {
    pub lane: String,
    pub number: u32,
    pub fails_first: bool,
}

impl Job<World> for InLane {
    const NAME: &'static str = "in_lane";
    const POLICY: Policy = Policy { backoff: QUICK, concurrency: 50, ..Policy::DEFAULT };
    type Output = ();

    fn lane(&self) -> Option<String> {
        Some(self.lane.clone())
    }

    async fn run(self, cx: Cx<World>) -> Outcome<()> {
        cx.world.note(format!("{} starts {}", self.lane, self.number));
        tokio::time::sleep(Duration::from_millis(3)).await;
        cx.world.note(format!("{} ends {}", self.lane, self.number));
        if self.fails_first && cx.attempt() == 1 { Err(Stop::retry("first")) } else { Ok(()) }
    }
}

/// Gathers a burst.
#[derive(Serialize, Deserialize)]
pub struct Gather {
    pub word: String,
}

impl Job<World> for Gather {
    const NAME: &'static str = "gather";
    const POLICY: Policy = Policy {
        debounce: Some(Debounce { wait: Duration::from_millis(150), at_most: Duration::from_millis(600) }),
        ..Policy::DEFAULT
    };
    type Output = Vec<String>;

    fn key(&self) -> String {
        "burst".to_owned()
    }

    async fn run(self, cx: Cx<World>) -> Outcome<Vec<String>> {
        let mut words = vec![self.word];
        words.extend(cx.merged::<Self>().await?.into_iter().map(|later| later.word));
        cx.world.note(words.join(" "));
        Ok(words)
    }
}

/// Completes together with its effect.
#[derive(Serialize, Deserialize)]
pub struct Deposit {
    pub amount: i64,
    /// Time between the effect and the commit, in milliseconds.
    pub linger: u64,
}

impl Job<World> for Deposit {
    const NAME: &'static str = "deposit";
    type Output = i64;

    async fn run(self, cx: Cx<World>) -> Outcome<i64> {
        let mut tx = engine::begin(&cx.world.pool).await?;
        sqlx::query("insert into deposit (job, amount) values ($1, $2)")
            .bind(cx.id())
            .bind(self.amount)
            .execute(&mut *tx)
            .await?;
        cx.world.note("deposit");
        tokio::time::sleep(Duration::from_millis(self.linger)).await;
        cx.finish(tx, self.amount).await
    }
}

/// Says more than a row can keep.
#[derive(Serialize, Deserialize)]
pub struct Verbose {
    pub output: usize,
    pub fails_with: Option<String>,
}

impl Job<World> for Verbose {
    const NAME: &'static str = "verbose";
    const POLICY: Policy = Policy { attempts: 1, ..Policy::DEFAULT };
    type Output = String;

    async fn run(self, _: Cx<World>) -> Outcome<String> {
        self.fails_with.map_or_else(|| Ok("x".repeat(self.output)), |error| Err(Stop::retry(error)))
    }
}
