//! A database of its own for each test, and engines on it.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use engine::{Client, Engine, Job};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, PgPool, postgres::PgPoolOptions};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// What jobs of the tests may use: a diary.
#[derive(Clone)]
pub struct World {
    pub pool: PgPool,
    diary: Arc<Mutex<Vec<String>>>,
}

impl World {
    pub fn note(&self, text: impl Into<String>) {
        self.diary.lock().unwrap().push(text.into());
    }

    pub fn diary(&self) -> Vec<String> {
        self.diary.lock().unwrap().clone()
    }

    pub fn count(&self, text: &str) -> usize {
        self.diary().iter().filter(|line| line.as_str() == text).count()
    }
}

pub struct House {
    pub world: World,
    pub client: Client,
    pub pool: PgPool,
}

pub struct Running {
    task: JoinHandle<()>,
    shutdown: CancellationToken,
}

impl Running {
    pub async fn stop(self) {
        self.shutdown.cancel();
        self.task.await.unwrap();
    }
}

/// Those of the engine: it knows nothing of the business.
const MIGRATIONS: &[&str] = &[
    include_str!("../../../../migrations/0001_engine.sql"),
    include_str!("../../../../migrations/0003_protocol.sql"),
    include_str!("../../../../migrations/0005_policies.sql"),
    include_str!("../../../../migrations/0006_enqueue.sql"),
    include_str!("../../../../migrations/0007_gates.sql"),
    include_str!("../../../../migrations/0008_claim.sql"),
    include_str!("../../../../migrations/0009_flows.sql"),
    include_str!("../../../../migrations/0010_rescue.sql"),
    include_str!("../../../../migrations/0011_schedule.sql"),
    include_str!("../../../../migrations/0012_retention.sql"),
    include_str!("../../../../migrations/0013_measures.sql"),
    include_str!("../../../../migrations/0015_offers.sql"),
    include_str!("../../../../migrations/0021_forgetting.sql"),
    include_str!("../../../../migrations/0023_rewrite.sql"),
    include_str!("../../../../migrations/0025_search.sql"),
    include_str!("../../../../migrations/0026_acts.sql"),
    include_str!("../../../../migrations/0027_bulk.sql"),
    include_str!("../../../../migrations/0030_logbook.sql"),
];

static COUNTER: AtomicU32 = AtomicU32::new(0);

impl House {
    pub async fn new() -> Self {
        #[expect(clippy::disallowed_methods, reason = "tests are told by the environment where their server is")]
        let server = std::env::var("HOLDFAST_TEST_DATABASE_URL")
            .expect("set HOLDFAST_TEST_DATABASE_URL to a PostgreSQL server for tests; ops/test does");
        let name = format!("engine_{}_{}", std::process::id(), COUNTER.fetch_add(1, Ordering::Relaxed));
        let mut admin = PgConnection::connect(&server).await.unwrap();
        admin.execute(AssertSqlSafe(format!("drop database if exists {name} with (force)"))).await.unwrap();
        admin.execute(AssertSqlSafe(format!("create database {name}"))).await.unwrap();
        let (base, _) = server.rsplit_once('/').unwrap();
        let url = format!("{base}/{name}");
        let pool = PgPoolOptions::new().max_connections(20).connect(&url).await.unwrap();
        for migration in MIGRATIONS {
            pool.execute(*migration).await.unwrap();
        }
        let world = World { pool: pool.clone(), diary: Arc::default() };
        Self { world, client: Client::new(pool.clone()), pool }
    }

    pub fn engine(&self) -> Engine<World> {
        Engine::new(Client::new(self.pool.clone()), self.world.clone()).grace(Duration::from_secs(3))
    }

    /// Enqueues, with the job's name made known first.
    pub async fn put<J: Job<World>>(&self, job: &J) -> i64 {
        self.client.register_kinds(&[J::NAME.to_owned()]).await.unwrap();
        let mut tx = engine::begin(&self.pool).await.unwrap();
        let put = self.client.enqueue(&mut tx, 1, job).await.unwrap();
        self.client.commit(tx).await.unwrap();
        put.id
    }

    pub async fn number(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql).fetch_one(&self.pool).await.unwrap()
    }

    pub async fn state(&self, job: i64) -> String {
        sqlx::query_scalar("select state from holdfast.job_state where id = $1")
            .bind(job)
            .fetch_one(&self.pool)
            .await
            .unwrap()
    }

    /// Waits until this many jobs have ended.
    pub async fn until_ended(&self, jobs: i64) {
        self.until("select count(*) from holdfast.done", jobs).await;
    }

    pub async fn until(&self, sql: &'static str, number: i64) {
        let deadline = tokio::time::Instant::now() + Duration::from_secs(40);
        while self.number(sql).await < number {
            assert!(
                tokio::time::Instant::now() < deadline,
                "not within 40 s: {sql} is {} instead of {number}; {:?}",
                self.number(sql).await,
                self.world.diary()
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

pub fn start(engine: Engine<World>) -> Running {
    let shutdown = CancellationToken::new();
    let token = shutdown.clone();
    Running { task: tokio::spawn(async move { engine.run(token).await.unwrap() }), shutdown }
}
