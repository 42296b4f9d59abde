//! The database and the model, side by side.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde_json::json;
use sqlx::{AssertSqlSafe, Executor, PgConnection, PgPool, Postgres, Transaction};

use super::{
    acts::{Act, Done},
    dice::Dice,
    model::{Kind, Model},
};
use crate::house::House;

const KINDS: [(&str, &[&str]); 6] = [
    ("plain", &[]),
    ("urgent", &[]),
    ("all_limited", &["everywhere"]),
    ("tenant_limited", &["by_tenant"]),
    ("key_limited", &["by_key"]),
    ("twice_limited", &["by_key", "everywhere"]),
];
/// The first of them that has limits.
pub const GATED: usize = 2;
const LIMITS: [(&str, &str, usize); 3] = [("everywhere", "all", 9), ("by_tenant", "tenant", 5), ("by_key", "key", 3)];
const WORKERS: usize = 4;
pub const LANES: usize = 40;

/// Acts that are told when it fails.
const REMEMBERED: usize = 4;
const PATIENCE: &str = "30ms";

pub struct Stage {
    pub pool: PgPool,
    pub dice: Dice,
    pub model: Model,
    pub kinds: Vec<Kind>,
    pub workers: Vec<i64>,
    pub steps: u64,
    pub tally: BTreeMap<&'static str, u64>,
    pub seed: u64,
    /// Running jobs that an open transaction works on.
    pub busy: BTreeSet<i64>,
    /// Claims and jobs that workers had when others took them for dead.
    pub taken_over: Vec<(i64, i64)>,
    pub lanes: Vec<i64>,
    log: VecDeque<String>,
    pub spent: BTreeMap<&'static str, std::time::Duration>,
}

impl Stage {
    pub async fn open(house: &House, seed: u64) -> Self {
        let names: Vec<String> = KINDS.iter().map(|(name, _)| (*name).to_owned()).collect();
        let rows: Vec<(i16, String)> = sqlx::query_as("select id, name from holdfast.register_kinds($1)")
            .bind(&names)
            .fetch_all(&house.pool)
            .await
            .unwrap();
        let id = |name: &str| rows.iter().find(|row| row.1 == name).unwrap().0;
        let policies = json!({
            "kinds": KINDS.map(|(name, limits)| json!({ "name": name, "priority": 0, "unique_for_ms": 86_400_000, "limits": limits })),
            "limits": LIMITS.map(|(name, scope, running)| json!({ "name": name, "scope": scope, "running": running })),
            "breakers": [],
        });
        sqlx::query("select holdfast.declare($1::jsonb::text::json)")
            .bind(policies)
            .execute(&house.pool)
            .await
            .unwrap();
        let mut stage = Self {
            pool: house.pool.clone(),
            dice: Dice(seed),
            model: Model::default(),
            kinds: KINDS.map(|(name, limits)| Kind { id: id(name), limits }).into(),
            workers: Vec::new(),
            steps: 0,
            tally: BTreeMap::new(),
            seed,
            busy: BTreeSet::new(),
            taken_over: Vec::new(),
            lanes: Vec::new(),
            log: VecDeque::new(),
            spent: BTreeMap::new(),
        };
        stage.model.limits = LIMITS.map(|(name, _, running)| (name, running)).into();
        let hashes = "select holdfast.lane_hash('lane ' || n) from generate_series(0, $1 - 1) n order by n";
        stage.lanes =
            sqlx::query_scalar(hashes).bind(i32::try_from(LANES).unwrap()).fetch_all(&house.pool).await.unwrap();
        for _ in 0..WORKERS {
            let worker = stage.hire().await;
            stage.workers.push(worker);
        }
        stage
    }

    pub async fn hire(&self) -> i64 {
        let hire = "insert into holdfast.worker (name, version) values ('simulated', '0') returning id";
        sqlx::query_scalar(hire).fetch_one(&self.pool).await.unwrap()
    }

    /// One random act; now and then inside a transaction that stays open during another one, or that is rolled back.
    pub async fn act(&mut self) {
        let act = self.choose();
        let mut tx = self.begin().await;
        let Some(done) = self.perform(&mut tx, act, false).await else { return };
        let raced = self.dice.percent(20);
        if raced {
            self.busy = done.touched();
            let meanwhile = self.choose();
            let mut other = self.begin().await;
            if let Some(done) = self.perform(&mut other, meanwhile, true).await {
                other.commit().await.unwrap();
                self.apply(done, false);
            }
            self.busy.clear();
        }
        if self.dice.percent(5) {
            tx.rollback().await.unwrap();
            self.count("rolled back", 1);
        } else {
            tx.commit().await.unwrap();
            self.apply(done, raced);
        }
    }

    pub async fn begin(&mut self) -> Transaction<'static, Postgres> {
        let mut tx = engine::begin(&self.pool).await.unwrap();
        let luck = self.dice.below(1000);
        let sql = format!(
            "set local lock_timeout = '{PATIENCE}'; set local synchronous_commit = off; select setseed({luck}::float8 / 1000)",
        );
        tx.execute(AssertSqlSafe(sql)).await.unwrap();
        tx
    }

    /// None: another transaction was in the way, and nothing happened.
    async fn perform(&mut self, conn: &mut PgConnection, act: Act, raced: bool) -> Option<Done> {
        let name = act.name();
        self.log.push_back(format!("{}{act:?}", if raced { "meanwhile " } else { "" }));
        if self.log.len() > REMEMBERED {
            self.log.pop_front();
        }
        let started = std::time::Instant::now();
        let done = self.run(conn, act, raced).await;
        *self.spent.entry(name).or_default() += started.elapsed();
        match done {
            Ok(done) => Some(done),
            Err(sqlx::Error::Database(error))
                if raced && matches!(error.code().as_deref(), Some("55P03" | "40P01")) =>
            {
                self.count("in the way", 1);
                None
            }
            Err(error) => panic!("seed {}: {name}: {error}", self.seed),
        }
    }

    pub fn count(&mut self, what: &'static str, number: u64) {
        *self.tally.entry(what).or_default() += number;
    }

    #[track_caller]
    pub fn insist(&self, holds: bool, why: impl FnOnce() -> String) {
        let acts =
            || self.log.iter().map(|act| act.chars().take(200).collect::<String>()).collect::<Vec<_>>().join("\n");
        assert!(
            holds,
            "HOLDFAST_SIMULATION_SEED={} after {} steps: {}; after\n{}",
            self.seed,
            self.steps,
            why(),
            acts()
        );
    }
}
