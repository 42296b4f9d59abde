//! w12: how soon jobs start while a bulk operation retries a hundred thousand others, and how long that takes.

use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use engine::{
    Client, Engine, Sight,
    bulk::{self, Asked, Confirm, RunBulk, Verb, phrase},
    inspect::Query,
};
use sqlx::PgPool;
use tokio::{task::JoinHandle, time::sleep};
use tokio_util::sync::CancellationToken;

use super::{
    Meter, Report, Stage, Tell, Used,
    jobs::{Noop, Tally, Tick},
    stage::Scene,
};

const DEAD: usize = 100_000;
/// A hundred a second.
const PACE: Duration = Duration::from_millis(10);
/// The worker's first jobs are not counted.
const WARM: Duration = Duration::from_secs(3);
/// How long it is looked at without the operation.
const BEFORE: Duration = Duration::from_secs(20);
const PATIENCE: Duration = Duration::from_mins(15);

const QUERY: &str = "state:dead kind:bench_noop";
const SEED: &str = "
    with put as (
      insert into holdfast.job (id, kind, tenant, root, payload)
      select n.id, k.id, 0, n.id, json_build_object('number', n.n, 'timed', false, 'padding', repeat('x', 200))
      from holdfast.kind k, lateral (select holdfast.next_id() as id, n from generate_series(1, $1) n) n
      where k.name = 'bench_noop' returning id, kind
    ), ended as (
      insert into holdfast.done (id, started_at, outcome, attempts, kind, tenant, output)
      select id, now(), 1, 5, kind, 0, json_build_object('error', 'connection reset by peer') from put
    )
    insert into holdfast.attempt (id, number, started_at, ending, error) select id, 5, now(), 'failed', 'connection reset by peer' from put";
const OVER: &str = "select count(*) from holdfast.bulk where state = 'done'";

pub(super) async fn run(stage: &Stage, tell: Tell<'_>) -> anyhow::Result<()> {
    let scene = stage.fresh().await?;
    sqlx::query(SEED).bind(i64::try_from(DEAD)?).execute(&scene.pool).await?;
    scene.settle().await?;
    let tally = Tally::default();
    let engine = Engine::new(scene.client.clone(), tally.clone()).job::<Noop>().job::<Tick>().job::<RunBulk>();
    let working = Scene::start(engine);
    scene.until("select count(*) from holdfast.worker", 1).await?;
    let trickle = Trickle::start(&scene);
    sleep(WARM).await;
    let quiet = Instant::now();
    sleep(BEFORE).await;
    let before = (quiet, Instant::now());
    let operation = operate(&scene).await?;
    let ticks = trickle.stop(&tally).await?;
    settled(&scene, &tally).await?;
    working.stop().await?;
    scene.close().await?;
    let within = |(from, to): (Instant, Instant)| -> Vec<Duration> {
        ticks.iter().filter(|(due, _)| (from..to).contains(due)).map(|(_, wait)| *wait).collect()
    };
    let during = (operation.began, operation.began + operation.took);
    tell(Report::rounds(
        "w12_before",
        within(before),
        "from the enqueue to the start, 100 a second, nothing else to do",
    ));
    tell(Report::rounds(
        "w12_during",
        within(during),
        format!("the same while {DEAD} dead jobs of another kind are retried, and run"),
    ));
    let notes = "retried by a bulk operation as fast as is kind to others, from its confirmation to its end";
    tell(Report::rate("w12_bulk", DEAD, operation.took, operation.used, notes));
    Ok(())
}

/// A bulk operation that has ended.
struct Operation {
    began: Instant,
    took: Duration,
    used: Used,
}

/// Retries all that are dead.
async fn operate(scene: &Scene) -> anyhow::Result<Operation> {
    let id = frozen(&scene.pool).await?;
    let meter = Meter::start(&scene.pool).await?;
    let began = Instant::now();
    let mut tx = engine::begin(&scene.pool).await?;
    let typed = phrase(Verb::Retry, i32::try_from(DEAD)?);
    let confirmed = bulk::confirm(&scene.client, &mut tx, Sight::HOUSE, id, &typed).await?;
    scene.client.commit(tx).await?;
    ensure!(matches!(confirmed, Confirm::Started(_)), "the operation was answered with {confirmed:?}");
    while scene.number(OVER).await? == 0 {
        ensure!(began.elapsed() < PATIENCE, "the operation has not ended");
        sleep(Duration::from_millis(100)).await;
    }
    let (took, used) = (began.elapsed(), meter.stop().await?);
    let over = bulk::show(&mut *scene.pool.acquire().await?, Sight::HOUSE, id).await?.context("it is gone")?;
    ensure!(usize::try_from(over.ok)? == DEAD, "{:?} instead of {DEAD} retried", over.results);
    Ok(Operation { began, took, used })
}

/// As the console does when somebody asks for all that fit.
async fn frozen(pool: &PgPool) -> anyhow::Result<i64> {
    let mut tx = engine::begin(pool).await?;
    let (jobs, more) = bulk::gather(&mut tx, Sight::HOUSE, &Query::parse(QUERY)?, None).await?;
    ensure!(jobs.len() == DEAD && !more, "{} of {DEAD} dead jobs were found", jobs.len());
    let asked =
        Asked { verb: Verb::Retry, until: None, query: QUERY, who: "bench", reason: "the network is back", rate: None };
    let id = bulk::freeze(&mut tx, Sight::HOUSE, &asked, &jobs, more).await?;
    tx.commit().await?;
    Ok(id)
}

/// Every retried job has run, and is written down as completed.
async fn settled(scene: &Scene, tally: &Tally) -> anyhow::Result<()> {
    let began = Instant::now();
    while tally.done() < DEAD {
        ensure!(began.elapsed() < PATIENCE, "{} of {DEAD} retried jobs have run", tally.done());
        sleep(Duration::from_millis(100)).await;
    }
    scene.until("select (not exists (select from holdfast.claim))::int::bigint", 1).await?;
    let completed = "select count(*) from holdfast.done d join holdfast.kind k on k.id = d.kind where k.name = 'bench_noop' and d.outcome = 0";
    let completed = scene.number(completed).await?;
    ensure!(usize::try_from(completed)? == DEAD, "{completed} of {DEAD} retried jobs have completed");
    Ok(())
}

/// Jobs that come in at an even pace.
struct Trickle {
    stop: CancellationToken,
    task: JoinHandle<anyhow::Result<Vec<Instant>>>,
}

impl Trickle {
    fn start(scene: &Scene) -> Self {
        let stop = CancellationToken::new();
        let task = tokio::spawn(trickle(scene.client.clone(), scene.pool.clone(), stop.clone()));
        Self { stop, task }
    }

    /// When each was put in, and how long it waited.
    async fn stop(self, tally: &Tally) -> anyhow::Result<Vec<(Instant, Duration)>> {
        self.stop.cancel();
        let put = self.task.await??;
        let began = Instant::now();
        loop {
            let started = tally.ticks();
            if started.len() >= put.len() {
                let wait = |(number, at): (usize, Instant)| {
                    put.get(number).map(|due| (*due, at.saturating_duration_since(*due)))
                };
                return Ok(started.into_iter().filter_map(wait).collect());
            }
            ensure!(began.elapsed() < PATIENCE, "{} of {} jobs have started", started.len(), put.len());
            sleep(Duration::from_millis(20)).await;
        }
    }
}

/// One job after the other, each at its time. Whichever is late counts from the time it was due.
async fn trickle(client: Client, pool: PgPool, stop: CancellationToken) -> anyhow::Result<Vec<Instant>> {
    let (mut conn, mut put) = (pool.acquire().await?, Vec::new());
    let start = Instant::now();
    while !stop.is_cancelled() {
        let due = start + PACE * u32::try_from(put.len())?;
        let early = due.saturating_duration_since(Instant::now());
        sleep(early).await;
        let from = if early.is_zero() { due } else { Instant::now() };
        client.enqueue_on::<Tally, _>(&mut conn, 0, &Tick { number: put.len() }).await?;
        put.push(from);
    }
    Ok(put)
}
