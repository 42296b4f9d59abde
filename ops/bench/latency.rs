//! w3: how soon an idle worker starts a job, from the enqueue to the first line of its handler.

use std::time::{Duration, Instant};

use engine::{Client, Engine};

use super::{
    Report, Stage, Tell,
    jobs::{Noop, Tally},
    stage::Scene,
};

const ROUNDS: usize = 500;

pub(super) async fn run(stage: &Stage, tell: Tell<'_>) -> anyhow::Result<()> {
    let scene = stage.fresh().await?;
    scene.settle().await?;
    let tally = Tally::default();
    let working = Scene::start(Engine::new(scene.client.clone(), tally.clone()).job::<Noop>());
    scene.until("select count(*) from holdfast.worker", 1).await?;
    tell(rounds(&scene, &scene.client, &tally, "w3_same", "enqueued in the worker's process").await?);
    // A second worker makes this one's enqueues worth a nudge; another client's wake never reaches the worker in memory.
    let stranger = Client::new(scene.pool.clone());
    tell(rounds(&scene, &stranger, &tally, "w3_other", "enqueued as by another process").await?);
    working.stop().await?;
    scene.close().await
}

/// A task of the runtime, like a handler of a web server.
async fn rounds(scene: &Scene, client: &Client, tally: &Tally, workload: &str, notes: &str) -> anyhow::Result<Report> {
    let (client, tally, mut conn) = (client.clone(), tally.clone(), scene.pool.acquire().await?);
    let task = tokio::spawn(async move {
        let mut rounds = Vec::with_capacity(ROUNDS);
        for number in 0..ROUNDS {
            let started = Instant::now();
            client.enqueue_on::<Tally, _>(&mut conn, 0, &Noop { timed: true, ..Noop::new(number) }).await?;
            tally.noted().await;
            rounds.push(tally.last().map_or_else(|| started.elapsed(), |at| at.saturating_duration_since(started)));
            tokio::time::sleep(Duration::from_millis(15)).await;
        }
        anyhow::Ok(rounds)
    });
    Ok(Report::rounds(workload, task.await??, notes))
}
