//! The job types that this process runs.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use serde_json::value::RawValue;
use tokio::sync::{Notify, Semaphore, SemaphorePermit};

use crate::{Cx, Job, Outcome, Point, Policy, Stop, check::KindFacts, wire};

/// The most jobs of one type that one claim fetches.
const BATCH: usize = 500;
/// Jobs are fetched ahead of a free place if, at the pace of the latest ones, they start within this time.
const AHEAD: Duration = Duration::from_millis(20);

/// A job as a claim brought it.
#[derive(Debug, Clone)]
pub(crate) struct Claimed {
    pub claim: i64,
    pub id: i64,
    pub kind: i16,
    pub attempts: i16,
    pub losses: i16,
    pub lane: Option<i64>,
    pub tenant: i64,
    pub root: i64,
    pub parent: Option<i64>,
    /// W3C traceparent of what came in.
    pub trace: Option<String>,
    pub created_at: DateTime<Utc>,
    /// When it could have started.
    pub due_at: DateTime<Utc>,
    /// By the database's clock; `fetched` is the same moment by ours.
    pub at: DateTime<Utc>,
    pub fetched: Instant,
}

/// A running attempt, type-erased: its output as JSON.
pub(crate) type Attempt = BoxFuture<'static, Result<Box<RawValue>, Ending>>;

/// Why there is no output.
pub(crate) enum Ending {
    Stop(Stop),
    Undecodable(String),
}

/// One job type.
pub(crate) struct Kind<W> {
    pub name: &'static str,
    pub former_names: &'static [&'static str],
    pub policy: Policy,
    pub start: fn(&str, Cx<W>) -> Attempt,
    pub facts: KindFacts,
    /// One for each attempt that may run at one time.
    places: Semaphore,
    /// Jobs that are claimed here: they run, or wait for a place.
    busy: AtomicUsize,
    /// The latest claim had to leave its jobs where they were.
    passed_over: AtomicBool,
    /// The recent mean of how long an attempt holds its place, in microseconds; 0: not known.
    pace: AtomicU64,
}

impl<W: Clone + Send + Sync + 'static> Kind<W> {
    pub fn of<J: Job<W>>() -> Self {
        Self {
            name: J::NAME,
            former_names: J::FORMER_NAMES,
            policy: J::POLICY,
            start: start::<W, J>,
            facts: KindFacts::of::<J>(J::NAME, J::FORMER_NAMES, &J::POLICY),
            places: Semaphore::new(usize::from(J::POLICY.concurrency)),
            busy: AtomicUsize::new(0),
            passed_over: AtomicBool::new(false),
            pace: AtomicU64::new(0),
        }
    }

    pub fn take_slot(&self) {
        self.busy.fetch_add(1, Ordering::Relaxed);
    }

    /// Takes a slot if one is free.
    pub fn try_slot(&self) -> bool {
        let most = self.most();
        self.busy.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |busy| (busy < most).then_some(busy + 1)).is_ok()
    }

    /// Waits until an attempt may run.
    pub async fn place(&self) -> Place<'_> {
        let permit = self.places.acquire().await.ok();
        Place { pace: &self.pace, since: Instant::now(), _permit: permit }
    }

    /// Nobody made room for this long: nothing is fetched ahead until attempts are short again.
    pub fn holds_up(&self, length: Duration) {
        self.pace.fetch_max(u64::try_from(length.as_micros()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// Jobs that may be claimed here at one time. Those that pass a gate count there from their claim on, and none of
    /// them is fetched ahead.
    fn most(&self) -> usize {
        let places = usize::from(self.policy.concurrency);
        let pace = self.pace.load(Ordering::Relaxed);
        if pace == 0 || self.policy.is_gated() {
            return places;
        }
        let turns = u64::try_from(AHEAD.as_micros()).unwrap_or(0) / pace;
        places + places.min(places.saturating_mul(usize::try_from(turns).unwrap_or(usize::MAX)))
    }

    fn free(&self) -> usize {
        self.most().saturating_sub(self.busy.load(Ordering::Relaxed)).min(BATCH)
    }
}

/// Held by an attempt while it runs.
pub(crate) struct Place<'a> {
    pace: &'a AtomicU64,
    since: Instant,
    _permit: Option<SemaphorePermit<'a>>,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let held = u64::try_from(self.since.elapsed().as_micros()).unwrap_or(u64::MAX).max(1);
        let mean = match self.pace.load(Ordering::Relaxed) {
            0 => held,
            pace => (pace * 7).saturating_add(held) / 8,
        };
        self.pace.store(mean.max(1), Ordering::Relaxed);
    }
}

fn start<W: Clone + Send + Sync + 'static, J: Job<W>>(payload: &str, cx: Cx<W>) -> Attempt {
    let job = match serde_json::from_str::<J>(payload) {
        Ok(job) => job,
        Err(error) => return Box::pin(async move { Err(Ending::Undecodable(error.to_string())) }),
    };
    Box::pin(async move {
        cx.strike(Point::BeforeRun).map_err(Ending::Stop)?;
        let outcome: Outcome<J::Output> = job.run(cx.clone()).await;
        let output = outcome.map_err(Ending::Stop)?;
        cx.strike(Point::AfterRun).map_err(Ending::Stop)?;
        cx.check_journal().map_err(Ending::Stop)?;
        wire::output(&output).map_err(Ending::Stop)
    })
}

/// All job types of this process, by their numbers in the database: one for each name.
pub(crate) struct Registry<W> {
    kinds: HashMap<i16, Arc<Kind<W>>>,
    /// Without former names, under which nothing new is written.
    names: HashMap<&'static str, i16>,
    gated: Vec<i16>,
    freed: Notify,
}

impl<W: Clone + Send + Sync + 'static> Registry<W> {
    pub fn new(kinds: HashMap<i16, Arc<Kind<W>>>, names: HashMap<&'static str, i16>) -> Self {
        let gated = kinds.iter().filter(|(_, kind)| kind.policy.is_gated()).map(|(id, _)| *id).collect();
        Self { kinds, names, gated, freed: Notify::new() }
    }

    pub fn get(&self, kind: i16) -> Option<&Kind<W>> {
        self.kinds.get(&kind).map(Arc::as_ref)
    }

    /// The number of this type in the database, and its policy.
    pub fn by_name(&self, name: &str) -> Option<(i16, &Kind<W>)> {
        let id = self.names.get(name)?;
        Some((*id, self.get(*id)?))
    }

    pub fn iter(&self) -> impl Iterator<Item = (i16, &Kind<W>)> {
        self.kinds.iter().map(|(id, kind)| (*id, kind.as_ref()))
    }

    /// Types with limits or a breaker.
    pub fn gated(&self) -> &[i16] {
        &self.gated
    }

    /// Types with free slots, and how many they have. The others are passed over.
    pub fn free(&self) -> (Vec<i16>, Vec<i32>) {
        self.kinds
            .iter()
            .filter_map(|(id, kind)| {
                // Set first: a slot that is freed meanwhile is seen here or there.
                kind.passed_over.store(true, Ordering::SeqCst);
                let free = i32::try_from(kind.free()).ok()?;
                kind.passed_over.store(free == 0, Ordering::SeqCst);
                (free > 0).then_some((*id, free))
            })
            .unzip()
    }

    /// Types whose jobs would start at once. Those that pass a gate pass it at a claim.
    pub fn idle(&self) -> Vec<i16> {
        let free = self.kinds.iter().filter(|(_, kind)| !kind.policy.is_gated() && kind.free() > 0);
        let mut kinds: Vec<i16> = free.map(|(id, _)| *id).collect();
        kinds.sort_unstable();
        kinds
    }

    /// Ends what a slot was taken for.
    pub fn free_slot(&self, kind: i16) {
        let Some(kind) = self.get(kind) else { return };
        kind.busy.fetch_sub(1, Ordering::SeqCst);
        if kind.passed_over.swap(false, Ordering::SeqCst) {
            self.freed.notify_one();
        }
    }

    /// Until a type that was passed over has a slot again.
    pub async fn freed(&self) {
        self.freed.notified().await;
    }
}
