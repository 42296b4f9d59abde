//! Memory: 1,000,000 no-op jobs through one worker, batch after batch.

use std::{fs, time::Instant};

use engine::Engine;

use super::{
    Report, Stage, Tell,
    drain::{self, JOBS},
    jobs::{Noop, Tally},
    meter::Meter,
    stage::Scene,
};

const ROUNDS: usize = 50;
/// Buffers and pools have their size by then.
const WARM: usize = 5;

pub(super) async fn run(stage: &Stage, tell: Tell<'_>) -> anyhow::Result<()> {
    let scene = stage.fresh().await?;
    let tally = Tally::default();
    let meter = Meter::start(&scene.pool).await?;
    let started = Instant::now();
    let working = Scene::start(Engine::new(scene.client.clone(), tally.clone()).job::<Noop>());
    let mut resident = Vec::with_capacity(ROUNDS);
    for round in 1..=ROUNDS {
        drain::fill(&scene).await?;
        while tally.done() < round * JOBS {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        resident.push(resident_kib());
    }
    let took = started.elapsed();
    let used = meter.stop().await?;
    working.stop().await?;
    let at = |round: usize| resident.get(round - 1).copied().unwrap_or_default() / 1024;
    let notes = format!(
        "put in and run; resident MiB after {} jobs {}, after half {}, after all {} (largest {})",
        WARM * JOBS,
        at(WARM),
        at(ROUNDS / 2),
        at(ROUNDS),
        resident.iter().max().copied().unwrap_or_default() / 1024
    );
    tell(Report::rate("endurance", ROUNDS * JOBS, took, used, notes));
    scene.close().await
}

/// proc(5): `VmRSS` is in KiB.
fn resident_kib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or_default()
}
