//! What has become of a schedule: who did what to it, and which jobs it made.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;
use sqlx::PgConnection;

use super::{Entry, Tick};

/// What somebody did to a schedule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Act {
    /// Its number.
    pub id: i64,
    /// `pause`, `resume` or `trigger`.
    pub act: String,
    /// Who.
    pub who: String,
    /// Why, in their words.
    pub why: String,
    /// When.
    pub at: DateTime<Utc>,
    /// The job that a trigger led to, once a worker has made it.
    pub job: Option<i64>,
}

/// A job that a tick became.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Run {
    /// Its tick.
    pub tick: Tick,
    /// The job.
    pub job: i64,
    /// Its state, as in [`crate::inspect::JobRow`].
    pub state: String,
    /// When it was enqueued.
    pub created_at: DateTime<Utc>,
    /// When it ended.
    pub finished_at: Option<DateTime<Utc>>,
}

struct Row {
    nth: i64,
    id: i64,
    state: String,
    created_at: DateTime<Utc>,
    finished_at: Option<DateTime<Utc>>,
}

/// What was done to a schedule, newest first.
pub async fn acts(conn: &mut PgConnection, schedule: &str, most: i64) -> sqlx::Result<Vec<Act>> {
    sqlx::query_as!(
        Act,
        "select id, act, who, why, at, job from holdfast.schedule_act where schedule = $1 order by id desc limit $2",
        schedule,
        most,
    )
    .fetch_all(conn)
    .await
}

/// The jobs of the last so many ticks that this expression has, newest first. A tick that was dropped, or whose job is so
/// old that its rows are gone, is not there.
pub async fn runs(conn: &mut PgConnection, entry: &Entry, ticks: usize) -> sqlx::Result<Vec<Run>> {
    let ticks = entry.past(ticks);
    let keys: Vec<String> = ticks.iter().map(|tick| key(&entry.name, *tick)).collect();
    let rows = sqlx::query_as!(
        Row,
        r#"select n.nth as "nth!", s.id as "id!", s.state as "state!", s.created_at as "created_at!", s.finished_at
           from unnest($1::text[]) with ordinality n(key, nth)
           join holdfast.job j on j.key = n.key and j.key <> ''
           join lateral (select x.* from holdfast.job_state x where x.id = j.id) s on true
           order by n.nth, s.id desc"#,
        &keys,
    )
    .fetch_all(conn)
    .await?;
    let run = |row: Row| {
        let tick = usize::try_from(row.nth - 1).ok().and_then(|nth| ticks.get(nth).copied())?;
        Some(Run { tick, job: row.id, state: row.state, created_at: row.created_at, finished_at: row.finished_at })
    };
    Ok(rows.into_iter().filter_map(run).collect())
}

/// By which a tick's job is known: whoever sees the tick first makes it, and nobody makes it again.
pub(super) fn key(schedule: &str, tick: Tick) -> String {
    format!("schedule:{schedule}@{}", tick.to_rfc3339_opts(SecondsFormat::Secs, true))
}
