//! Jobs that more than one module runs.

use std::time::Duration;

use engine::{Backoff, Cx, Job, Outcome, Policy, Stop};
use serde::{Deserialize, Serialize};

use crate::house::World;

pub const QUICK: Backoff = Backoff::exponential(Duration::from_millis(20), Duration::from_millis(100));

/// Notes its text.
#[derive(Serialize, Deserialize, Clone)]
pub struct Note {
    pub text: String,
    pub key: String,
    pub lane: Option<String>,
    pub limit_key: Option<String>,
}

impl Note {
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), key: String::new(), lane: None, limit_key: None }
    }

    pub fn keyed(text: &str, key: &str) -> Self {
        Self { key: key.to_owned(), ..Self::new(text) }
    }

    /// As SQL passes it.
    pub fn json(text: &str) -> String {
        serde_json::to_string(&Self::new(text)).unwrap()
    }
}

impl Job<World> for Note {
    const NAME: &'static str = "note";
    type Output = ();

    fn key(&self) -> String {
        self.key.clone()
    }

    fn lane(&self) -> Option<String> {
        self.lane.clone()
    }

    fn limit_key(&self) -> Option<String> {
        self.limit_key.clone()
    }

    async fn run(self, cx: Cx<World>) -> Outcome<()> {
        cx.world.note(&self.text);
        Ok(())
    }
}

/// Runs one at a time and takes a moment.
#[derive(Serialize, Deserialize)]
pub struct Single {
    pub text: String,
}

impl Job<World> for Single {
    const NAME: &'static str = "single";
    const POLICY: Policy = Policy { concurrency: 1, ..Policy::DEFAULT };
    type Output = ();

    async fn run(self, cx: Cx<World>) -> Outcome<()> {
        cx.world.note(&self.text);
        tokio::time::sleep(Duration::from_millis(3)).await;
        Ok(())
    }
}

/// Does as it is told, attempt by attempt; then it succeeds.
#[derive(Serialize, Deserialize, Clone)]
pub struct Obey {
    pub orders: Vec<Order>,
    pub key: String,
}

#[derive(Serialize, Deserialize, Clone)]
pub enum Order {
    Error,
    Panic,
    Hang,
    RetryAfter(Duration),
    Fail,
    Cancel,
    SnoozeOnce,
    /// Until the diary says "go".
    Wait,
}

pub fn obey(orders: &[Order]) -> Obey {
    Obey { orders: orders.to_vec(), key: String::new() }
}

pub fn keyed(orders: &[Order], key: &str) -> Obey {
    Obey { key: key.to_owned(), ..obey(orders) }
}

impl Job<World> for Obey {
    const NAME: &'static str = "obey";
    /// Keys are held while the job is open, and no longer.
    const POLICY: Policy = Policy {
        attempts: 3,
        timeout: Duration::from_secs(1),
        backoff: QUICK,
        unique_for: Duration::ZERO,
        retry_after_at_most: Duration::from_mins(10),
        ..Policy::DEFAULT
    };
    type Output = ();

    fn key(&self) -> String {
        self.key.clone()
    }

    async fn run(self, cx: Cx<World>) -> Outcome<()> {
        cx.world.note(format!("{} attempt {}", cx.id(), cx.attempt()));
        match self.orders.get(usize::from(cx.attempt()) - 1).cloned() {
            None => Ok(()),
            Some(Order::Error) => Err(Stop::retry("told to")),
            Some(Order::Panic) => panic!("told to"),
            Some(Order::Hang) => std::future::pending().await,
            Some(Order::RetryAfter(wait)) => Err(Stop::unavailable("busy", Some(wait))),
            Some(Order::Fail) => Err(Stop::fail("no use")),
            Some(Order::Cancel) => Err(Stop::Cancel("not wanted".to_owned())),
            Some(Order::SnoozeOnce) if cx.world.count(&format!("{} attempt 1", cx.id())) > 1 => Ok(()),
            Some(Order::SnoozeOnce) => Err(Stop::snooze(Duration::from_millis(10), "too early")),
            Some(Order::Wait) => {
                while cx.world.count("go") == 0 {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
                Ok(())
            }
        }
    }
}
