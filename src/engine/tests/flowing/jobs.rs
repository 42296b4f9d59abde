//! The steps of the workflows here.

use std::time::Duration;

use engine::{Backoff, Cx, Job, Outcome, Policy, Stop};
use serde::{Deserialize, Serialize};

use crate::house::World;

pub const QUICK: Backoff = Backoff::exponential(Duration::from_millis(20), Duration::from_millis(100));

/// Notes its name and gives it back.
#[derive(Serialize, Deserialize)]
pub struct Act {
    pub name: String,
}

pub fn act(name: impl Into<String>) -> Act {
    Act { name: name.into() }
}

impl Job<World> for Act {
    const NAME: &'static str = "act";
    const POLICY: Policy = Policy { concurrency: 200, ..Policy::DEFAULT };
    type Output = String;

    async fn run(self, cx: Cx<World>) -> Outcome<String> {
        cx.world.note(&self.name);
        Ok(self.name)
    }
}

/// Fails so often before it works; for good, where that is asked for.
#[derive(Serialize, Deserialize)]
pub struct Flaky {
    pub name: String,
    pub failures: u16,
    pub for_good: bool,
}

pub fn doomed(name: &str) -> Flaky {
    Flaky { name: name.to_owned(), failures: 0, for_good: true }
}

impl Job<World> for Flaky {
    const NAME: &'static str = "flaky";
    const POLICY: Policy = Policy { attempts: 5, backoff: QUICK, ..Policy::DEFAULT };
    type Output = String;

    async fn run(self, cx: Cx<World>) -> Outcome<String> {
        cx.world.note(format!("{} tried", self.name));
        if self.for_good {
            return Err(Stop::fail("no use"));
        }
        if cx.attempt() <= self.failures { Err(Stop::retry("not yet")) } else { Ok(self.name) }
    }
}

/// Begins, and ends when it is let go: by the note `let NAME go`, or by its cancellation where it listens.
#[derive(Serialize, Deserialize)]
pub struct Linger {
    pub name: String,
    pub listens: bool,
}

pub fn linger(name: &str) -> Linger {
    Linger { name: name.to_owned(), listens: true }
}

impl Job<World> for Linger {
    const NAME: &'static str = "linger";
    const POLICY: Policy = Policy { concurrency: 1000, backoff: QUICK, ..Policy::DEFAULT };
    type Output = String;

    async fn run(self, cx: Cx<World>) -> Outcome<String> {
        cx.world.note(format!("{} begins", self.name));
        let go = format!("let {} go", self.name);
        while cx.world.count(&go) == 0 {
            if self.listens && cx.is_cancelled() {
                cx.world.note(format!("{} hears it", self.name));
                return Err(Stop::retry("interrupted"));
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        cx.world.note(&self.name);
        Ok(self.name)
    }
}

/// Stands still here, the first time that it is told to: `stop at PLACE`.
pub async fn pass(cx: &Cx<World>, place: &str) {
    let stopped = format!("stopped at {place}");
    if cx.world.count(&format!("stop at {place}")) > cx.world.count(&stopped) {
        cx.world.note(stopped);
        std::future::pending::<()>().await;
    }
}
