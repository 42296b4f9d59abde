//! Puts jobs in at a steady rate, and counts what was committed.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};

use anyhow::Context;
use engine::Client;
use sqlx::{PgPool, postgres::PgConnectOptions, postgres::PgPoolOptions};
use tokio::{task::JoinHandle, time::MissedTickBehavior};
use tokio_util::sync::CancellationToken;

use super::jobs::{Flow, Laned, Row, Send, World};

/// Between batches.
const TICK: Duration = Duration::from_millis(20);
/// Wait after a batch that did not go in.
const PAUSE: Duration = Duration::from_millis(100);
/// Without an answer for so long a batch is tried anew.
const PATIENCE: Duration = Duration::from_secs(10);
const CONNECTIONS: u32 = 3;
const LANES: i64 = 50;
/// Of ten jobs, one in each of the last four places is not a plain row.
pub(super) const CYCLE: i64 = 10;
pub(super) const SEND: i64 = 6;
pub(super) const FLOW: i64 = 9;

/// Jobs are numbered from 0 without a gap; a number is the job's key.
pub(super) struct Producer {
    task: JoinHandle<()>,
    stop: CancellationToken,
    counts: Arc<Counts>,
}

#[derive(Default)]
struct Counts {
    committed: AtomicI64,
    ambiguous: AtomicU64,
    refused: AtomicU64,
}

impl Producer {
    pub fn start(database: PgConnectOptions, rate: u32) -> Self {
        let pool = PgPoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(Duration::from_secs(5))
            .connect_lazy_with(database.application_name("holdfast producer"));
        let (stop, counts) = (CancellationToken::new(), Arc::new(Counts::default()));
        let task = tokio::spawn(produce(pool, rate, stop.clone(), counts.clone()));
        Self { task, stop, counts }
    }

    /// Jobs that are in for certain.
    pub fn committed(&self) -> i64 {
        self.counts.committed.load(Ordering::Relaxed)
    }

    /// Ends when the last batch is in.
    pub async fn stop(self) -> anyhow::Result<Put> {
        self.stop.cancel();
        tokio::time::timeout(Duration::from_mins(2), self.task).await.context("the last batch does not go in")??;
        let Counts { committed, refused, ambiguous } = &*self.counts;
        Ok(Put {
            jobs: committed.load(Ordering::Relaxed),
            refused: refused.load(Ordering::Relaxed),
            ambiguous: ambiguous.load(Ordering::Relaxed),
        })
    }
}

/// What went in.
pub(super) struct Put {
    pub jobs: i64,
    /// Tries that ended without an answer, or with a refusal.
    pub refused: u64,
    /// Batches that such a try had put in all the same.
    pub ambiguous: u64,
}

async fn produce(pool: PgPool, rate: u32, stop: CancellationToken, counts: Arc<Counts>) {
    let client = Client::new(pool.clone());
    let mut next = tokio::time::interval(TICK);
    // A steady rate: what was not offered during an outage is not made up for.
    next.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut owed = 0.0;
    while !stop.is_cancelled() {
        next.tick().await;
        owed += f64::from(rate) * TICK.as_secs_f64();
        let from = counts.committed.load(Ordering::Relaxed);
        let mut to = from;
        while owed >= 1.0 {
            owed -= 1.0;
            to += 1;
        }
        let mut known = put(&pool, &client, from, to).await;
        while known.is_none() {
            counts.refused.fetch_add(1, Ordering::Relaxed);
            tokio::time::sleep(PAUSE).await;
            // Keys decide: whatever the first try put in is not put in again.
            known = put(&pool, &client, from, to).await;
            counts.ambiguous.fetch_add(u64::from(known == Some(true)), Ordering::Relaxed);
        }
        counts.committed.store(to, Ordering::Relaxed);
    }
}

/// Whether the jobs were there already; `None`: they may or may not be.
async fn put(pool: &PgPool, client: &Client, from: i64, to: i64) -> Option<bool> {
    let put = tokio::time::timeout(PATIENCE, try_put(pool, client, from, to)).await;
    match put {
        Ok(Ok(duplicate)) => Some(duplicate),
        Ok(Err(error)) => {
            tracing::debug!(error = format!("{error:#}"), "a batch is tried again");
            None
        }
        Err(_) => None,
    }
}

async fn try_put(pool: &PgPool, client: &Client, from: i64, to: i64) -> anyhow::Result<bool> {
    let of = |places: std::ops::RangeInclusive<i64>| (from..to).filter(move |n| places.contains(&(n % CYCLE)));
    let rows: Vec<_> = of(0..=SEND - 1).map(|number| Row { number }).collect();
    let sends: Vec<_> = of(SEND..=SEND).map(|number| Send { number }).collect();
    let lanes: Vec<_> = of(SEND + 1..=FLOW - 1).map(|number| Laned { number, lane: lane(number) }).collect();
    let flows: Vec<_> = of(FLOW..=FLOW).map(|number| Flow { number }).collect();
    let mut tx = engine::begin(pool).await?;
    let mut enqueued = client.enqueue_all::<World, _>(&mut tx, 0, &rows).await?;
    enqueued.extend(client.enqueue_all::<World, _>(&mut tx, 0, &sends).await?);
    enqueued.extend(client.enqueue_all::<World, _>(&mut tx, 0, &lanes).await?);
    enqueued.extend(client.enqueue_all::<World, _>(&mut tx, 0, &flows).await?);
    client.commit(tx).await?;
    Ok(enqueued.iter().any(|job| job.duplicate))
}

fn lane(number: i64) -> i32 {
    i32::try_from(number / CYCLE % LANES).unwrap_or(0)
}
