//! w5: 2,000 workflows of five persisted steps, each a row with a policy of its own.

use std::time::Instant;

use engine::Engine;

use super::{
    Report, Stage, Tell,
    jobs::{Flow, Step, Tally},
    meter::Meter,
    stage::Scene,
};

const FLOWS: usize = 2000;
const ENDED: &str =
    "select count(*) from holdfast.done where kind = (select id from holdfast.kind where name = 'bench_flow')";

pub(super) async fn run(stage: &Stage, tell: Tell<'_>) -> anyhow::Result<()> {
    let scene = stage.fresh().await?;
    let flows: Vec<Flow> = (0..FLOWS).map(|_| Flow {}).collect();
    let mut tx = engine::begin(&scene.pool).await?;
    scene.client.enqueue_all::<Tally, _>(&mut tx, 0, &flows).await?;
    scene.client.commit(tx).await?;
    scene.settle().await?;
    let tally = Tally::default();
    let meter = Meter::start(&scene.pool).await?;
    let started = Instant::now();
    let working = Scene::start(Engine::new(scene.client.clone(), tally.clone()).job::<Flow>().job::<Step>());
    let ended = scene.until(ENDED, i64::try_from(FLOWS)?).await?;
    let used = meter.stop().await?;
    working.stop().await?;
    tell(Report::rate("w5", FLOWS, ended - started, used, "workflows of five steps; figures are for one workflow"));
    scene.close().await
}
