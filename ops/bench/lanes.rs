//! w4: 2,000 jobs of 5 ms in 200 ordered lanes, 50 at a time; once more with a kill -9 in the middle.

use std::time::Instant;

use engine::Engine;
use sqlx::{Executor, PgPool};

use super::{
    Report, Stage, Tell,
    crash::worker,
    jobs::{Laned, Lap, Tally},
    meter::Meter,
    stage::Scene,
};

const LANES: u32 = 200;
const EACH: u32 = 10;
const ENDED: &str = "select count(*) from holdfast.done";

/// A job that began before the one in front of it had ended.
const BREAKS: &str = "select count(*) from bench_lap b where b.begins and b.number > 0 and not exists (
  select from bench_lap p where p.lane = b.lane and p.number = b.number - 1 and not p.begins and p.at <= b.at)";
/// A job that began while another of its lane was at work.
const OVERLAPS: &str = "select count(*) from bench_lap b join bench_lap o on o.lane = b.lane and o.number <> b.number and not o.begins and o.at > b.at
  where b.begins and (select max(x.at) from bench_lap x where x.lane = o.lane and x.number = o.number and x.begins and x.at < o.at) < b.at";

pub(super) async fn run(stage: &Stage, tell: Tell<'_>) -> anyhow::Result<()> {
    tell(plain(stage).await?);
    tell(killed(stage).await?);
    Ok(())
}

async fn plain(stage: &Stage) -> anyhow::Result<Report> {
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
    scene.close().await?;
    Ok(Report::rate("w4", jobs.len(), ended - started, used, notes))
}

/// The worker is a process that dies when a third is done, and is started again.
async fn killed(stage: &Stage) -> anyhow::Result<Report> {
    let scene = stage.fresh().await?;
    let table =
        "create table bench_lap (lane int, number int, begins boolean, at timestamptz default clock_timestamp())";
    scene.pool.execute(table).await?;
    scene.pool.execute("create index on bench_lap (lane, number)").await?;
    let (each, lanes) = (i32::try_from(EACH)?, i32::try_from(LANES)?);
    let jobs: Vec<Lap> = (0..each).flat_map(|number| (0..lanes).map(move |lane| Lap { lane, number })).collect();
    let mut tx = engine::begin(&scene.pool).await?;
    scene.client.enqueue_all::<PgPool, _>(&mut tx, 0, &jobs).await?;
    scene.client.commit(tx).await?;
    scene.settle().await?;
    let all = i64::try_from(jobs.len())?;
    let started = Instant::now();
    let mut victim = worker(&scene)?;
    scene.until(ENDED, all / 3).await?;
    victim.kill().await?;
    let mut heir = worker(&scene)?;
    let took = scene.until(ENDED, all).await? - started;
    heir.kill().await?;
    let twice = scene.number("select count(*) from bench_lap where begins").await? - all;
    let (breaks, overlaps) = (scene.number(BREAKS).await?, scene.number(OVERLAPS).await?);
    scene.close().await?;
    Ok(Report {
        seconds: took.as_secs_f64(),
        n: jobs.len(),
        workload: "w4_killed".to_owned(),
        notes: format!(
            "kill -9 after a third, started again; {twice} attempts were cut short and run again; {breaks} order breaks, {overlaps} overlaps"
        ),
        ..Report::default()
    })
}
