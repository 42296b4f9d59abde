//! A line's row in the database.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::{Tick, plan::Plan};

/// A process that freezes on its way keeps a tick from the others for as long as this.
const FROZEN: &str = "5s";

/// What a look sees of a line.
pub(super) struct Row {
    pub name: String,
    pub last_tick: DateTime<Utc>,
    pub counts_from: Option<DateTime<Utc>>,
    pub queued: Option<Tick>,
    pub runs: Vec<i64>,
    pub expression: Option<String>,
    pub zone: Option<String>,
    pub paused: bool,
    /// Somebody waits for a job of a trigger.
    pub triggered: bool,
    /// The database's clock.
    pub now: DateTime<Utc>,
}

impl Row {
    /// Later ticks count.
    pub fn floor(&self) -> DateTime<Utc> {
        self.counts_from.map_or(self.last_tick, |from| from.max(self.last_tick))
    }
}

/// How the lines stand. Those that the database has never heard of are not there.
pub(super) async fn all(conn: &mut PgConnection, names: &[String]) -> sqlx::Result<Vec<Row>> {
    sqlx::query_as!(
        Row,
        r#"select s.name, s.last_tick, s.counts_from, s.queued, s.runs, s.expression, s.zone, s.pause is not null as "paused!",
                  exists (select from holdfast.schedule_act a where a.schedule = s.name and a.act = 'trigger' and a.job is null) as "triggered!",
                  clock_timestamp() as "now!"
           from holdfast.schedule s where s.name = any($1)"#,
        names,
    )
    .fetch_all(conn)
    .await
}

/// Takes a line until the end of the transaction. None: another process has it, and does what is due.
pub(super) async fn lock(tx: &mut PgConnection, name: &str) -> sqlx::Result<Option<Row>> {
    sqlx::query!("select set_config('idle_in_transaction_session_timeout', $1, true)", FROZEN)
        .fetch_one(&mut *tx)
        .await?;
    sqlx::query_as!(
        Row,
        r#"select name, last_tick, counts_from, queued, runs, expression, zone, pause is not null as "paused!",
                  exists (select from holdfast.schedule_act a where a.schedule = $1 and a.act = 'trigger' and a.job is null) as "triggered!",
                  clock_timestamp() as "now!"
           from holdfast.schedule where name = $1 for update skip locked"#,
        name
    )
    .fetch_optional(tx)
    .await
}

/// Those of the jobs that have not ended.
pub(super) async fn going(conn: &mut PgConnection, runs: &[i64]) -> sqlx::Result<Vec<i64>> {
    sqlx::query_scalar!(
        r#"select id as "id!" from holdfast.job_state
           where id = any($1) and state not in ('completed', 'dead', 'cancelled') order by id"#,
        runs
    )
    .fetch_all(conn)
    .await
}

/// Writes down what was done. Without new runs, the latest is kept.
pub(super) async fn note(tx: &mut PgConnection, name: &str, plan: &Plan, runs: &[i64]) -> sqlx::Result<()> {
    sqlx::query!(
        "update holdfast.schedule set last_tick = greatest(last_tick, $2), counts_from = greatest(counts_from, $3),
           queued = $4, runs = case when cardinality($5::bigint[]) = 0 then runs else $5 end where name = $1",
        name,
        plan.make.iter().max(),
        plan.dropped_until,
        plan.queued,
        runs,
    )
    .execute(tx)
    .await?;
    Ok(())
}
