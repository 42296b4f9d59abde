//! w2: how fast jobs are put in: by one client, by ten, and in batches.

use std::time::Instant;

use super::{
    Report, Stage, Tell,
    drain::JOBS,
    jobs::{Noop, Tally},
    meter::Meter,
    stage::Scene,
};

const CLIENTS: usize = 10;
const EACH: usize = 1000;
const BATCH: usize = 1000;

pub(super) async fn run(stage: &Stage, tell: Tell<'_>) -> anyhow::Result<()> {
    let scene = stage.fresh().await?;
    scene.settle().await?;
    tell(clients(&scene, "w2_seq", 1).await?);
    tell(clients(&scene, "w2_conc", CLIENTS).await?);
    tell(bulk(&scene).await?);
    scene.close().await
}

async fn clients(scene: &Scene, workload: &str, clients: usize) -> anyhow::Result<Report> {
    let meter = Meter::start(&scene.pool).await?;
    let started = Instant::now();
    let all = (0..clients).map(|_| one(scene));
    futures_util::future::try_join_all(all).await?;
    let took = started.elapsed();
    let notes = format!("{clients} clients, one transaction a job");
    Ok(Report::rate(workload, clients * EACH, took, meter.stop().await?, notes))
}

async fn one(scene: &Scene) -> anyhow::Result<()> {
    let mut conn = scene.pool.acquire().await?;
    for number in 0..EACH {
        scene.client.enqueue_on::<Tally, _>(&mut conn, 0, &Noop::new(number)).await?;
    }
    Ok(())
}

async fn bulk(scene: &Scene) -> anyhow::Result<Report> {
    let jobs: Vec<Noop> = (0..JOBS).map(Noop::new).collect();
    let meter = Meter::start(&scene.pool).await?;
    let started = Instant::now();
    for batch in jobs.chunks(BATCH) {
        let mut tx = engine::begin(&scene.pool).await?;
        scene.client.enqueue_all::<Tally, _>(&mut tx, 0, batch).await?;
        scene.client.commit(tx).await?;
    }
    let took = started.elapsed();
    Ok(Report::rate("w2_bulk", JOBS, took, meter.stop().await?, format!("batches of {BATCH}")))
}
