//! All of it at one moment, with one statement: whoever shows it to many asks once for all of them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sqlx::PgConnection;

use super::{
    BreakerNow, DatabaseNow, EffectsNow, KindNow, LimitNow, PauseNow, ScheduleNow, Standing, WorkerNow, schedules::Line,
};

/// The house at one moment.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Snapshot {
    /// When, by the database's clock.
    pub at: DateTime<Utc>,
    /// The version of the functions in the database.
    pub protocol: i32,
    /// Somebody changed the schema by hand (`holdfast.drift` tells what).
    pub drifted: bool,
    /// The job types, by name.
    pub kinds: Vec<KindNow>,
    /// What does not start, oldest first.
    pub pauses: Vec<PauseNow>,
    /// Who runs jobs, longest first.
    pub workers: Vec<WorkerNow>,
    /// What jobs depend on, by name.
    pub breakers: Vec<BreakerNow>,
    /// What is not exceeded, by name.
    pub limits: Vec<LimitNow>,
    /// Schedules that are late or paused, by name.
    pub schedules: Vec<ScheduleNow>,
    /// What left the house and was not heard of again.
    pub effects: EffectsNow,
    /// How the database fares.
    pub database: DatabaseNow,
}

/// One tenant's part of the house at one moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TenantSnapshot {
    /// When, by the database's clock.
    pub at: DateTime<Utc>,
    /// The tenant's own jobs, by type.
    pub kinds: Vec<Standing>,
    /// What does not start for this tenant alone, oldest first.
    pub pauses: Vec<PauseNow>,
    /// Breakers of this tenant alone that are not plainly closed.
    pub breakers: Vec<BreakerNow>,
    /// The tenant's own effects that were not heard of again.
    pub effects: EffectsNow,
}

#[derive(Deserialize)]
struct Told {
    at: DateTime<Utc>,
    protocol: i32,
    drifted: bool,
    kinds: Vec<KindNow>,
    pauses: Vec<PauseNow>,
    workers: Vec<WorkerNow>,
    breakers: Vec<BreakerNow>,
    limits: Vec<LimitNow>,
    schedules: Vec<Line>,
    effects: EffectsNow,
    database: DatabaseNow,
}

/// The house as it is now.
pub async fn snapshot(conn: &mut PgConnection) -> sqlx::Result<Snapshot> {
    let told = sqlx::query_scalar!(r#"select holdfast.overview()::text as "told!""#).fetch_one(conn).await?;
    let told: Told = read(&told)?;
    Ok(Snapshot {
        at: told.at,
        protocol: told.protocol,
        drifted: told.drifted,
        kinds: told.kinds,
        pauses: told.pauses,
        workers: told.workers,
        breakers: told.breakers,
        limits: told.limits,
        schedules: told.schedules.into_iter().filter_map(|line| line.look(told.at)).collect(),
        effects: told.effects,
        database: told.database,
    })
}

/// A tenant's part of the house as it is now.
pub async fn tenant_snapshot(conn: &mut PgConnection, tenant: i64) -> sqlx::Result<TenantSnapshot> {
    let told =
        sqlx::query_scalar!(r#"select holdfast.overview_of($1)::text as "told!""#, tenant).fetch_one(conn).await?;
    read(&told)
}

fn read<T: DeserializeOwned>(told: &str) -> sqlx::Result<T> {
    serde_json::from_str(told).map_err(|error| sqlx::Error::Decode(error.into()))
}
