//! w1: how fast jobs run that do nothing.

use std::time::Instant;

use engine::Engine;

use super::{
    Report, Stage, Tell,
    jobs::{Noop, Tally},
    meter::Meter,
    stage::Scene,
};

pub(super) const JOBS: usize = 20_000;
const ENDED: &str =
    "select count(*) from holdfast.done where kind = (select id from holdfast.kind where name = 'bench_noop')";

/// Whoever has run is written down; to count them all each time would be the greater part of the work.
const SETTLED: &str = "select (not exists (select from holdfast.claim))::int::bigint";

pub(super) async fn run(stage: &Stage, tell: Tell<'_>) -> anyhow::Result<()> {
    let scene = stage.fresh().await?;
    fill(&scene).await?;
    scene.settle().await?;
    tell(drain(&scene, "w1", 0).await?);
    scene.close().await
}

pub(super) async fn fill(scene: &Scene) -> anyhow::Result<()> {
    let jobs: Vec<Noop> = (0..JOBS).map(Noop::new).collect();
    for batch in jobs.chunks(1000) {
        let mut tx = engine::begin(&scene.pool).await?;
        scene.client.enqueue_all::<Tally, _>(&mut tx, 0, batch).await?;
        scene.client.commit(tx).await?;
    }
    Ok(())
}

/// Runs until all are finished in the database, where `before` were already.
pub(super) async fn drain(scene: &Scene, workload: &str, before: i64) -> anyhow::Result<Report> {
    let tally = Tally::default();
    let meter = Meter::start(&scene.pool).await?;
    let started = Instant::now();
    let working = Scene::start(Engine::new(scene.client.clone(), tally.clone()).job::<Noop>());
    while tally.done() < JOBS {
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    }
    let ended = scene.until(SETTLED, 1).await?;
    let used = meter.stop().await?;
    working.stop().await?;
    let finished = scene.number(ENDED).await? - before;
    anyhow::ensure!(usize::try_from(finished)? == JOBS, "{finished} of {JOBS} jobs are finished");
    Ok(Report::rate(workload, JOBS, ended - started, used, "no-op, payload 230 B, finished jobs kept"))
}
