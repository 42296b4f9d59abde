//! Faults under load: what is lost, what happens twice, and how soon all is as before.
//!
//! Each scenario has a PostgreSQL server of its own, four worker processes and a producer with a steady rate, and goes
//! through a warm-up, a baseline, the fault and a recovery. The verdict is read from the database after the last job.

use std::time::Duration;

use anyhow::Context;
use sqlx::migrate::Migrator;
use tokio::signal::unix::{SignalKind, signal};

mod disk;
mod fleet;
mod inject;
mod jobs;
mod outside;
mod phases;
mod producer;
mod scenario;
mod scratch;
mod server;
mod verdict;

pub use jobs::work;
pub use scenario::Scenario;
pub use verdict::Outcome;

/// What to run.
#[derive(Debug, Clone)]
pub struct Options {
    /// In this order.
    pub scenarios: Vec<Scenario>,
    /// Seconds instead of minutes, to see that everything works.
    pub quick: bool,
    /// Jobs that the producer puts in, a second.
    pub rate: u32,
}

/// Runs the scenarios; `tell` gets each outcome as soon as it is there. A signal to end leaves nothing behind.
pub async fn run(
    options: &Options,
    migrator: &Migrator,
    tell: &mut (dyn FnMut(&Outcome) + Send),
) -> anyhow::Result<()> {
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    tokio::select! {
        done = all(options, migrator, tell) => done,
        _ = interrupt.recv() => anyhow::bail!("interrupted"),
        _ = terminate.recv() => anyhow::bail!("told to end"),
    }
}

async fn all(options: &Options, migrator: &Migrator, tell: &mut (dyn FnMut(&Outcome) + Send)) -> anyhow::Result<()> {
    let mut broken = Vec::new();
    for scenario in &options.scenarios {
        let outcome = phases::run(*scenario, options, migrator)
            .await
            .with_context(|| format!("scenario {} did not come to its end", scenario.name()))?;
        tell(&outcome);
        if outcome.broken() {
            broken.push(scenario.name());
        }
    }
    anyhow::ensure!(broken.is_empty(), "promises were broken in {}", broken.join(", "));
    Ok(())
}

/// Repeats `attempt` until it succeeds or `deadline` has passed.
async fn eventually<T>(deadline: Duration, mut attempt: impl AsyncFnMut() -> anyhow::Result<T>) -> anyhow::Result<T> {
    let started = tokio::time::Instant::now();
    loop {
        match attempt().await {
            Ok(value) => return Ok(value),
            Err(error) if started.elapsed() > deadline => return Err(error),
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}
