//! w7: w1 again, with a past, a future, a jam, and a snapshot that somebody holds.

use sqlx::Executor;

use tokio::process::Command;

use super::{
    Stage, Tell,
    drain::{self, JOBS},
    stage::Scene,
};

/// 1,000,000 finished jobs.
const PAST: &str = "
    with put as (
      insert into holdfast.job (id, kind, tenant, root, payload)
      select n.id, k.id, 0, n.id, '{}'::json from holdfast.kind k, lateral (select holdfast.next_id() as id from generate_series(1, 1000000)) n
      where k.name = 'bench_noop' returning id, kind)
    insert into holdfast.done (id, started_at, outcome, attempts, kind, tenant) select id, now(), 0, 1, kind, 0 from put";
/// 200,000 jobs for tomorrow.
const FUTURE: &str = "
    select count(*) from generate_series(1, 200000), lateral holdfast.enqueue('bench_noop', '{}', run_at => now() + interval '1 day')";
/// 100,000 jobs behind one that never ends.
const JAM: &str = "
    with held as (insert into holdfast.lane (lane, holder) values (holdfast.lane_hash('jam'), 1)), put as (
      insert into holdfast.job (id, kind, tenant, root, lane, payload)
      select n.id, k.id, 0, n.id, 'jam', '{}'::json from holdfast.kind k, lateral (select holdfast.next_id() as id from generate_series(1, 100000)) n
      where k.name = 'bench_noop' returning id, kind)
    insert into holdfast.blocked (lane, id, kind, priority, attempts, losses, tenant) select holdfast.lane_hash('jam'), id, kind, 0, 0, 0, 0 from put";
/// 400,000 dead rows at the head of the queue.
const DEAD: &str = "
    insert into holdfast.ready (id, rank, tenant, kind, priority) select -n, -n, 0, k.id, 0 from holdfast.kind k, generate_series(1, 400000) n where k.name = 'bench_noop';
    delete from holdfast.ready where id < 0";

pub(super) async fn run(stage: &Stage, tell: Tell<'_>) -> anyhow::Result<()> {
    for (workload, seed, before) in [("w7_past", PAST, 1_000_000), ("w7_future", FUTURE, 0), ("w7_blocked", JAM, 0)] {
        let scene = stage.fresh().await?;
        scene.pool.execute(seed).await?;
        drain::fill(&scene).await?;
        scene.settle().await?;
        written_back().await?;
        tell(drain::drain(&scene, workload, before).await?);
        scene.close().await?;
    }
    let scene = stage.fresh().await?;
    tell(with_a_snapshot_held(&scene).await?);
    scene.close().await
}

/// What the seed left in the system's cache is on the disk: it would be written at the cost of what is measured.
async fn written_back() -> anyhow::Result<()> {
    anyhow::ensure!(Command::new("sync").status().await?.success(), "sync failed");
    Ok(())
}

async fn with_a_snapshot_held(scene: &Scene) -> anyhow::Result<super::Report> {
    let mut holder = engine::begin(&scene.pool).await?;
    holder.execute("set transaction isolation level repeatable read").await?;
    holder.execute("select count(*) from holdfast.ready").await?;
    scene.pool.execute(DEAD).await?;
    drain::fill(scene).await?;
    scene.settle().await?;
    written_back().await?;
    let mut report = drain::drain(scene, "w7_snapshot", 0).await?;
    report.notes = format!("{}; a snapshot is held, 400,000 dead rows before the first of {JOBS}", report.notes);
    holder.rollback().await?;
    Ok(report)
}
