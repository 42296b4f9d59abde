//! The jobs that are measured: as little work as can be.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use engine::{Cx, Job, Outcome, Policy};
use serde::{Deserialize, Serialize};
use sqlx::PgPool;
use tokio::sync::Notify;

pub(super) const NAMES: [&str; 7] =
    ["bench_noop", "bench_lane", "bench_flow", "bench_step", "bench_hold", "bench_lap", "bench_tick"];

/// What the jobs note.
#[derive(Clone, Default)]
pub(super) struct Tally(Arc<Inner>);

#[derive(Default)]
struct Inner {
    done: AtomicUsize,
    last: Mutex<Option<Instant>>,
    noted: Notify,
    ticks: Mutex<Vec<(usize, Instant)>>,
    lanes: Mutex<HashMap<u32, (u32, bool)>>,
    breaks: AtomicUsize,
    overlaps: AtomicUsize,
}

impl Tally {
    pub fn done(&self) -> usize {
        self.0.done.load(Ordering::Relaxed)
    }

    pub fn last(&self) -> Option<Instant> {
        *self.0.last.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until a timed job has noted its start.
    pub async fn noted(&self) {
        self.0.noted.notified().await;
    }

    /// The number of each [`Tick`] that has started, and when.
    pub fn ticks(&self) -> Vec<(usize, Instant)> {
        self.0.ticks.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn disorder(&self) -> (usize, usize) {
        (self.0.breaks.load(Ordering::Relaxed), self.0.overlaps.load(Ordering::Relaxed))
    }

    fn note(&self) {
        self.0.done.fetch_add(1, Ordering::Relaxed);
    }

    fn note_time(&self) {
        *self.0.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        self.note();
        self.0.noted.notify_one();
    }

    fn enter(&self, lane: u32, number: u32) {
        let mut lanes = self.0.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        let (next, busy) = lanes.entry(lane).or_default();
        self.0.overlaps.fetch_add(usize::from(*busy), Ordering::Relaxed);
        self.0.breaks.fetch_add(usize::from(*next != number), Ordering::Relaxed);
        (*next, *busy) = (number + 1, true);
    }

    fn leave(&self, lane: u32) {
        if let Some((_, busy)) = self.0.lanes.lock().unwrap_or_else(PoisonError::into_inner).get_mut(&lane) {
            *busy = false;
        }
    }
}

/// Does nothing, with a payload of an ordinary size.
#[derive(Serialize, Deserialize)]
pub(super) struct Noop {
    pub number: usize,
    pub timed: bool,
    pub padding: String,
}

impl Noop {
    pub fn new(number: usize) -> Self {
        Self { number, timed: false, padding: "x".repeat(200) }
    }
}

impl Job<Tally> for Noop {
    const NAME: &'static str = NAMES[0];
    const POLICY: Policy = Policy { concurrency: 1000, ..Policy::DEFAULT };
    type Output = ();

    async fn run(self, cx: Cx<Tally>) -> Outcome<()> {
        if self.timed {
            cx.world.note_time();
        } else {
            cx.world.note();
        }
        Ok(())
    }
}

/// Notes when it started.
#[derive(Serialize, Deserialize)]
pub(super) struct Tick {
    pub number: usize,
}

impl Job<Tally> for Tick {
    const NAME: &'static str = NAMES[6];
    const POLICY: Policy = Policy { concurrency: 100, ..Policy::DEFAULT };
    type Output = ();

    async fn run(self, cx: Cx<Tally>) -> Outcome<()> {
        cx.world.0.ticks.lock().unwrap_or_else(PoisonError::into_inner).push((self.number, Instant::now()));
        Ok(())
    }
}

/// Takes 5 ms in its lane.
#[derive(Serialize, Deserialize)]
pub(super) struct Laned {
    pub lane: u32,
    pub number: u32,
}

impl Job<Tally> for Laned {
    const NAME: &'static str = NAMES[1];
    const POLICY: Policy = Policy { concurrency: 50, ..Policy::DEFAULT };
    type Output = ();

    fn lane(&self) -> Option<String> {
        Some(self.lane.to_string())
    }

    async fn run(self, cx: Cx<Tally>) -> Outcome<()> {
        cx.world.enter(self.lane, self.number);
        tokio::time::sleep(Duration::from_millis(5)).await;
        cx.world.leave(self.lane);
        cx.world.note();
        Ok(())
    }
}

/// Five steps, one after the other.
#[derive(Serialize, Deserialize)]
pub(super) struct Flow {}

impl Job<Tally> for Flow {
    const NAME: &'static str = NAMES[2];
    const POLICY: Policy = Policy::WORKFLOW;
    type Output = ();

    async fn run(self, cx: Cx<Tally>) -> Outcome<()> {
        for name in ["one", "two", "three", "four", "five"] {
            cx.step(name, Step {}).await?;
        }
        cx.world.note();
        Ok(())
    }
}

#[derive(Serialize, Deserialize)]
pub(super) struct Step {}

impl Job<Tally> for Step {
    const NAME: &'static str = NAMES[3];
    const POLICY: Policy = Policy { concurrency: 512, ..Policy::DEFAULT };
    type Output = ();

    async fn run(self, _: Cx<Tally>) -> Outcome<()> {
        Ok(())
    }
}

/// Notes that it started, and never ends.
#[derive(Serialize, Deserialize)]
pub(super) struct Hold {}

impl Job<PgPool> for Hold {
    const NAME: &'static str = NAMES[4];
    const POLICY: Policy = Policy { concurrency: 200, timeout: Duration::from_hours(1), ..Policy::DEFAULT };
    type Output = ();

    async fn run(self, cx: Cx<PgPool>) -> Outcome<()> {
        sqlx::query("insert into bench_start (job, pid) values ($1, $2)")
            .bind(cx.id())
            .bind(i64::from(std::process::id()))
            .execute(&cx.world)
            .await?;
        std::future::pending().await
    }
}

/// Notes in the database when it begins and ends: its process may be killed.
#[derive(Serialize, Deserialize)]
pub(super) struct Lap {
    pub lane: i32,
    pub number: i32,
}

impl Lap {
    async fn note(&self, pool: &PgPool, begins: bool) -> sqlx::Result<()> {
        sqlx::query("insert into bench_lap (lane, number, begins) values ($1, $2, $3)")
            .bind(self.lane)
            .bind(self.number)
            .bind(begins)
            .execute(pool)
            .await?;
        Ok(())
    }
}

impl Job<PgPool> for Lap {
    const NAME: &'static str = NAMES[5];
    const POLICY: Policy = Policy { concurrency: 50, ..Policy::DEFAULT };
    type Output = ();

    fn lane(&self) -> Option<String> {
        Some(self.lane.to_string())
    }

    async fn run(self, cx: Cx<PgPool>) -> Outcome<()> {
        self.note(&cx.world, true).await?;
        tokio::time::sleep(Duration::from_millis(5)).await;
        Ok(self.note(&cx.world, false).await?)
    }
}
