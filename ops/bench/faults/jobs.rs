//! The load: jobs whose every effect is counted, and the process that works on them.

use std::{path::Path, time::Duration};

use engine::{
    Backoff, Client, Cx, Engine, Job, Outcome, Policy, Stop,
    effect::{self, Begin},
};
use serde::{Deserialize, Serialize};
use sqlx::{
    PgPool, Postgres, Transaction,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use tokio_util::sync::CancellationToken;

use super::outside::Outside;

pub(super) const NAMES: [&str; 5] = ["fault_row", "fault_send", "fault_lane", "fault_flow", "fault_step"];
/// Every effect leaves a row. Nothing forbids a second one: it is to be seen.
pub(super) const TABLE: &str = "
    create table effect_log (
      seq bigint generated always as identity, job bigint not null, number bigint not null, part smallint not null default 0,
      lane integer, began_at timestamptz not null default clock_timestamp(), at timestamptz not null default clock_timestamp())";
pub(super) const STEPS: i16 = 3;
/// As the house sets them.
const SESSION: [(&str, &str); 4] = [
    ("statement_timeout", "30s"),
    ("lock_timeout", "10s"),
    ("idle_in_transaction_session_timeout", "60s"),
    ("search_path", "public"),
];
const CONNECTIONS: u32 = 10;
/// An outage must not use up the attempts.
const POLICY: Policy = Policy {
    attempts: 200,
    backoff: Backoff::exponential(Duration::from_millis(100), Duration::from_secs(2)),
    concurrency: 32,
    ..Policy::DEFAULT
};
const WORK: Duration = Duration::from_millis(20);
const LONG_WORK: Duration = Duration::from_millis(250);
const LONG_EACH: i64 = 10;
/// In a transaction, which is open for as long.
const WORK_IN_LANE: Duration = Duration::from_millis(5);
/// When a send that nobody outside knows of may be repeated: whoever let it go has been dead for long.
const SILENCE: Duration = Duration::from_secs(5);

/// Works until standard input ends, which it does at the latest when the parent is gone.
pub async fn work(options: PgConnectOptions, outside: &Path) -> anyhow::Result<()> {
    let options = options.options(SESSION).application_name("holdfast worker");
    let pool = PgPoolOptions::new()
        .max_connections(CONNECTIONS)
        .min_connections(2)
        .acquire_timeout(Duration::from_secs(10))
        .connect_lazy_with(options);
    let world = World { pool: pool.clone(), outside: Outside::open(outside)? };
    let shutdown = CancellationToken::new();
    let token = shutdown.clone();
    std::thread::spawn(move || {
        let ended = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
        tracing::info!(?ended, "the parent has closed the input");
        token.cancel();
    });
    // A process that finds no server at its start is started again by its supervisor.
    while !shutdown.is_cancelled() {
        let engine = Engine::new(Client::new(pool.clone()), world.clone());
        let engine = engine.job::<Row>().job::<Send>().job::<Laned>().job::<Flow>().job::<Step>();
        if let Err(error) = engine.grace(Duration::from_secs(5)).run(shutdown.clone()).await {
            tracing::error!(%error, "the engine did not start");
            tokio::time::sleep(Duration::from_millis(250)).await;
        }
    }
    Ok(())
}

#[derive(Clone)]
pub(super) struct World {
    pool: PgPool,
    outside: Outside,
}

impl World {
    /// Leaves the effect's row in the transaction that completes the job.
    async fn finish(&self, cx: &Cx<Self>, number: i64, part: i16) -> Outcome<()> {
        let mut tx = engine::begin(&self.pool).await?;
        log(&mut tx, cx.id(), number, part).await?;
        cx.finish(tx, ()).await
    }
}

async fn log(tx: &mut Transaction<'_, Postgres>, job: i64, number: i64, part: i16) -> sqlx::Result<()> {
    let row = sqlx::query("insert into effect_log (job, number, part) values ($1, $2, $3)");
    row.bind(job).bind(number).bind(part).execute(&mut **tx).await?;
    Ok(())
}

/// An effect in the database.
#[derive(Serialize, Deserialize)]
pub(super) struct Row {
    pub number: i64,
}

impl Job<World> for Row {
    const NAME: &'static str = NAMES[0];
    const POLICY: Policy = POLICY;
    type Output = ();

    fn key(&self) -> String {
        self.number.to_string()
    }

    async fn run(self, cx: Cx<World>) -> Outcome<()> {
        // Some are long, so that every fault finds jobs at work in every process.
        tokio::time::sleep(if self.number % LONG_EACH == 0 { LONG_WORK } else { WORK }).await;
        cx.world.finish(&cx, self.number, 0).await
    }
}

/// An effect outside, which no transaction covers: the ledger and the other side's word do.
#[derive(Serialize, Deserialize)]
pub(super) struct Send {
    pub number: i64,
}

impl Job<World> for Send {
    const NAME: &'static str = NAMES[1];
    const POLICY: Policy = POLICY;
    type Output = ();

    fn key(&self) -> String {
        self.number.to_string()
    }

    async fn run(self, cx: Cx<World>) -> Outcome<()> {
        let World { pool, outside } = &cx.world;
        let key = format!("send-{}", self.number);
        let begun = effect::begin(&mut *pool.acquire().await?, &key, cx.id()).await?;
        if may_send(&cx, &begun, &key, self.number).await? {
            outside.send(self.number)?;
        }
        let mut tx = engine::begin(pool).await?;
        effect::confirm(&mut tx, &key, "written").await?;
        log(&mut tx, cx.id(), self.number, 0).await?;
        cx.finish(tx, ()).await
    }
}

/// False: it has arrived.
async fn may_send(cx: &Cx<World>, begun: &Begin, key: &str, number: i64) -> Outcome<bool> {
    match begun {
        Begin::Send => Ok(true),
        Begin::Confirmed { .. } => Ok(false),
        Begin::Failed { reason } => Err(Stop::fail(reason.clone())),
        Begin::Unknown { .. } if cx.world.outside.knows(number)? => Ok(false),
        Begin::Unknown { .. } => {
            if effect::reopen(&mut *cx.world.pool.acquire().await?, key, SILENCE).await? {
                return Ok(true);
            }
            Err(Stop::snooze(Duration::from_secs(1), "whether it was sent is not known yet"))
        }
    }
}

/// An effect in its place: after those before it, and never beside them.
#[derive(Serialize, Deserialize)]
pub(super) struct Laned {
    pub number: i64,
    pub lane: i32,
}

impl Job<World> for Laned {
    const NAME: &'static str = NAMES[2];
    const POLICY: Policy = POLICY;
    type Output = ();

    fn key(&self) -> String {
        self.number.to_string()
    }

    fn lane(&self) -> Option<String> {
        Some(format!("fault-{}", self.lane))
    }

    async fn run(self, cx: Cx<World>) -> Outcome<()> {
        let mut tx = engine::begin(&cx.world.pool).await?;
        let began: chrono::DateTime<chrono::Utc> =
            sqlx::query_scalar("select clock_timestamp()").fetch_one(&mut *tx).await?;
        tokio::time::sleep(WORK_IN_LANE).await;
        sqlx::query("insert into effect_log (job, number, lane, began_at) values ($1, $2, $3, $4)")
            .bind(cx.id())
            .bind(self.number)
            .bind(self.lane)
            .bind(began)
            .execute(&mut *tx)
            .await?;
        cx.finish(tx, ()).await
    }
}

/// Three effects, one after the other, and one of its own.
#[derive(Serialize, Deserialize)]
pub(super) struct Flow {
    pub number: i64,
}

impl Job<World> for Flow {
    const NAME: &'static str = NAMES[3];
    const POLICY: Policy = Policy { concurrency: 512, losses: 1000, ..POLICY };
    type Output = ();

    fn key(&self) -> String {
        self.number.to_string()
    }

    async fn run(self, cx: Cx<World>) -> Outcome<()> {
        for part in 1..=STEPS {
            cx.step(&format!("part-{part}"), Step { number: self.number, part }).await?;
        }
        cx.world.finish(&cx, self.number, 0).await
    }
}

#[derive(Serialize, Deserialize)]
pub(super) struct Step {
    number: i64,
    part: i16,
}

impl Job<World> for Step {
    const NAME: &'static str = NAMES[4];
    const POLICY: Policy = POLICY;
    type Output = ();

    async fn run(self, cx: Cx<World>) -> Outcome<()> {
        cx.world.finish(&cx, self.number, self.part).await
    }
}
