//! w4: 2,000 jobs of 5 ms in 200 ordered lanes, 50 at a time.

use std::time::Instant;

use engine::Engine;

use super::{
    Report, Stage, Tell,
    jobs::{Laned, Tally},
    meter::Meter,
    stage::Scene,
};

const LANES: u32 = 200;
const EACH: u32 = 10;
const ENDED: &str = "select count(*) from holdfast.done";

pub(super) async fn run(stage: &Stage, tell: Tell<'_>) -> anyhow::Result<()> {
    let scene = stage.fresh().await?;
    let jobs: Vec<Laned> = (0..EACH).flat_map(|number| (0..LANES).map(move |lane| Laned { lane, number })).collect();
    let mut tx = engine::begin(&scene.pool).await?;
    scene.client.enqueue_all::<Tally, _>(&mut tx, 0, &jobs).await?;
    scene.client.commit(tx).await?;
    scene.settle().await?;
    let tally = Tally::default();
    let meter = Meter::start(&scene.pool).await?;
    let started = Instant::now();
    let working = Scene::start(Engine::new(scene.client.clone(), tally.clone()).job::<Laned>());
    let ended = scene.until(ENDED, i64::try_from(jobs.len())?).await?;
    let used = meter.stop().await?;
    working.stop().await?;
    let (breaks, overlaps) = tally.disorder();
    let notes =
        format!("{LANES} lanes, 5 ms a job, 50 at a time (ideal 0.2 s); {breaks} order breaks, {overlaps} overlaps");
    tell(Report::rate("w4", jobs.len(), ended - started, used, notes));
    scene.close().await
}
