//! What the cases of this group share.

use std::time::Duration;

use engine::{
    Client, Cx, Engine, Job, Outcome, Policy, Sight, Stop,
    bulk::{self, Asked, Bulk, Confirm, RunBulk, Steered, Verb},
};
use serde::{Deserialize, Serialize};
use sqlx::postgres::PgPoolOptions;
use tokio_util::sync::CancellationToken;

use crate::house::{House, World};

/// Notes its number, and that it ran.
#[derive(Serialize, Deserialize)]
pub struct Count {
    pub number: i64,
}

impl Job<World> for Count {
    const NAME: &'static str = "count";
    const POLICY: Policy = Policy { concurrency: 64, ..Policy::DEFAULT };
    type Output = i64;

    async fn run(self, cx: Cx<World>) -> Outcome<i64> {
        cx.world.note(self.number.to_string());
        Ok(self.number)
    }
}

/// Begins, and ends when it is told to.
#[derive(Serialize, Deserialize)]
pub struct Linger {}

impl Job<World> for Linger {
    const NAME: &'static str = "linger";
    type Output = ();

    async fn run(self, cx: Cx<World>) -> Outcome<()> {
        cx.world.note("lingers");
        cx.cancelled().await;
        Err(Stop::retry("interrupted"))
    }
}

pub fn build(engine: Engine<World>) -> Engine<World> {
    engine.job::<Count>().job::<Linger>().job::<RunBulk>()
}

pub const fn asked(verb: Verb) -> Asked<'static> {
    Asked { verb, until: None, query: "state:dead", who: "ada", reason: "the network is back", rate: None }
}

/// An engine on a runtime and connections of its own, as another process has them.
pub struct Doomed(tokio::runtime::Runtime);

impl Doomed {
    pub fn start(house: &House) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let (options, mut world) = ((*house.pool.connect_options()).clone(), house.world.clone());
        runtime.spawn(async move {
            let pool = PgPoolOptions::new().max_connections(10).connect_lazy_with(options);
            world.pool = pool.clone();
            build(Engine::new(Client::new(pool), world)).run(CancellationToken::new()).await.unwrap();
        });
        Self(runtime)
    }

    /// Everything stops where it is. Returns when others have been told that it is dead.
    pub async fn kill(self, house: &House) {
        self.0.shutdown_background();
        tokio::time::sleep(Duration::from_millis(50)).await;
        let old = "update holdfast.worker set beat_at = clock_timestamp() - interval '1 minute'";
        sqlx::query(old).execute(&house.pool).await.unwrap();
        sqlx::query("select holdfast.rescue('8 s', '2 s')").execute(&house.pool).await.unwrap();
    }
}

impl House {
    pub async fn known(&self) {
        let names = ["count", "linger", "run_bulk"].map(str::to_owned);
        self.client.register_kinds(&names).await.unwrap();
    }

    /// Jobs of this tenant that are dead and have never run.
    pub async fn dead(&self, tenant: i64, jobs: i64) -> Vec<i64> {
        let all = self.waiting(tenant, jobs).await;
        let dead = "with gone as (delete from holdfast.ready where id = any($1) returning id, kind, tenant)
                    insert into holdfast.done (id, started_at, outcome, attempts, kind, tenant) select id, now(), 1, 5, kind, tenant from gone";
        sqlx::query(dead).bind(&all).execute(&self.pool).await.unwrap();
        all
    }

    /// Jobs that could start.
    pub async fn waiting(&self, tenant: i64, jobs: i64) -> Vec<i64> {
        self.known().await;
        let mut tx = engine::begin(&self.pool).await.unwrap();
        let all: Vec<_> = (0..jobs).map(|number| Count { number }).collect();
        let put = self.client.enqueue_all::<World, _>(&mut tx, tenant, &all).await.unwrap();
        tx.commit().await.unwrap();
        put.into_iter().map(|put| put.id).collect()
    }

    pub async fn freeze(&self, sight: Sight, asked: &Asked<'_>, jobs: &[i64]) -> i64 {
        let mut tx = engine::begin(&self.pool).await.unwrap();
        let id = bulk::freeze(&mut tx, sight, asked, jobs, false).await.unwrap();
        tx.commit().await.unwrap();
        id
    }

    pub async fn confirm(&self, sight: Sight, id: i64, typed: &str) -> Confirm {
        let mut tx = engine::begin(&self.pool).await.unwrap();
        let confirm = bulk::confirm(&self.client, &mut tx, sight, id, typed).await.unwrap();
        self.client.commit(tx).await.unwrap();
        confirm
    }

    /// Frozen and confirmed by the house.
    pub async fn begin(&self, asked: &Asked<'_>, jobs: &[i64]) -> i64 {
        let id = self.freeze(Sight::HOUSE, asked, jobs).await;
        let confirm = self.confirm(Sight::HOUSE, id, &jobs.len().to_string()).await;
        assert!(matches!(confirm, Confirm::Started(_)), "{confirm:?}");
        id
    }

    pub async fn resume(&self, sight: Sight, id: i64) -> Steered {
        let mut tx = engine::begin(&self.pool).await.unwrap();
        let steered = bulk::resume(&self.client, &mut tx, sight, id).await.unwrap();
        self.client.commit(tx).await.unwrap();
        steered
    }

    pub async fn pause(&self, sight: Sight, id: i64) -> Steered {
        bulk::pause(&mut self.pool.acquire().await.unwrap(), sight, id).await.unwrap()
    }

    pub async fn abort(&self, sight: Sight, id: i64) -> Steered {
        bulk::abort(&mut self.pool.acquire().await.unwrap(), sight, id).await.unwrap()
    }

    pub async fn show(&self, id: i64) -> Bulk {
        bulk::show(&mut self.pool.acquire().await.unwrap(), Sight::HOUSE, id).await.unwrap().unwrap()
    }

    /// Waits until it is so.
    pub async fn until_bulk(&self, id: i64, so: impl Fn(&Bulk) -> bool) -> Bulk {
        let deadline = tokio::time::Instant::now() + Duration::from_secs(40);
        loop {
            let now = self.show(id).await;
            if so(&now) {
                return now;
            }
            assert!(tokio::time::Instant::now() < deadline, "not within 40 s: {now:?}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}
