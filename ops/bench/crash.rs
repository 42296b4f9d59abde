//! w6: kill -9 with 100 jobs running; how long until all run again.

use std::{
    process::Stdio,
    time::{Duration, Instant},
};

use engine::{Client, Engine};
use sqlx::{ConnectOptions, Executor, PgPool};
use tokio::process::{Child, Command};
use tokio_util::sync::CancellationToken;

use super::{
    Report, Stage, Tell,
    jobs::{Hold, Lap},
    stage::Scene,
};

const RUNNING: i64 = 100;
const STARTED: &str = "select count(distinct (job, pid)) from bench_start";

/// The process that is killed: works on [`Hold`] and [`Lap`] jobs until it dies.
pub async fn hold(pool: PgPool) -> anyhow::Result<()> {
    let engine = Engine::new(Client::new(pool.clone()), pool).job::<Hold>().job::<Lap>();
    Ok(engine.run(CancellationToken::new()).await?)
}

pub(super) async fn run(stage: &Stage, tell: Tell<'_>) -> anyhow::Result<()> {
    for (workload, standby) in [("w6_standby", true), ("w6_restart", false)] {
        let scene = stage.fresh().await?;
        scene.pool.execute("create table bench_start (job bigint, pid bigint)").await?;
        let jobs: Vec<Hold> = (0..RUNNING).map(|_| Hold {}).collect();
        let mut tx = engine::begin(&scene.pool).await?;
        scene.client.enqueue_all::<PgPool, _>(&mut tx, 0, &jobs).await?;
        scene.client.commit(tx).await?;
        let took = kill_and_wait(&scene, standby).await?;
        let notes = format!(
            "kill -9 with {RUNNING} running; {}",
            if standby { "another worker was up" } else { "started again at once" }
        );
        tell(Report {
            seconds: took.as_secs_f64(),
            n: jobs.len(),
            workload: workload.to_owned(),
            notes,
            ..Report::default()
        });
        scene.close().await?;
    }
    Ok(())
}

async fn kill_and_wait(scene: &Scene, standby: bool) -> anyhow::Result<Duration> {
    let mut victim = worker(scene)?;
    scene.until(STARTED, RUNNING).await?;
    let mut heir = if standby { Some(worker(scene)?) } else { None };
    if standby {
        scene.until("select count(*) from holdfast.worker", 2).await?;
    }
    let killed = Instant::now();
    victim.kill().await?;
    if heir.is_none() {
        heir = Some(worker(scene)?);
    }
    let again = scene.until(STARTED, 2 * RUNNING).await?;
    if let Some(mut heir) = heir {
        heir.kill().await?;
    }
    Ok(again - killed)
}

pub(super) fn worker(scene: &Scene) -> anyhow::Result<Child> {
    let url = scene.options.to_url_lossy();
    let child = Command::new(std::env::current_exe()?)
        .args(["bench", "hold", "--database-url", url.as_str()])
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .spawn()?;
    Ok(child)
}
