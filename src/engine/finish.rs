//! How jobs end in the database.

use std::{collections::HashMap, time::Instant};

use chrono::{DateTime, Utc};
use serde_json::value::RawValue;
use sqlx::PgConnection;

use crate::{backend::Fetched, cancels::Cancels, cx::Run, registry::Claimed, wire};

pub(crate) const COMPLETED: i16 = 0;
pub(crate) const DEAD: i16 = 1;
pub(crate) const CANCELLED: i16 = 2;

/// A job that ended.
#[derive(Debug, Clone)]
pub(crate) struct Finished {
    pub claim: i64,
    pub id: i64,
    pub kind: i16,
    pub tenant: i64,
    pub attempts: i16,
    pub outcome: i16,
    pub output: Option<Box<RawValue>>,
    pub started_at: DateTime<Utc>,
    pub lane: Option<i64>,
    pub is_step: bool,
    /// Of the last attempt, where the job did not complete.
    pub ending: Option<&'static str>,
    pub error: Option<String>,
}

impl Finished {
    fn completed(run: &Run, output: Box<RawValue>) -> Self {
        let job = &run.claimed;
        Self {
            claim: job.claim,
            id: job.id,
            kind: job.kind,
            tenant: job.tenant,
            attempts: job.attempts.saturating_add(1),
            outcome: COMPLETED,
            output: Some(output),
            started_at: run.started_at,
            lane: job.lane,
            is_step: job.parent.is_some(),
            ending: None,
            error: None,
        }
    }

    /// It completed, perhaps although somebody wanted it to end.
    pub fn output(run: &Run, output: Box<RawValue>, cancels: &Cancels) -> Self {
        let done = Self::completed(run, output);
        if !run.pulse.cancelled.is_cancelled() {
            return done;
        }
        let error = format!("finished after it was cancelled: {}", cancels.reason(done.id));
        Self { ending: Some("cancelled"), error: Some(wire::error(&error)), ..done }
    }

    pub fn ended(run: &Run, outcome: i16, ending: &'static str, error: &str) -> Self {
        let error = wire::error(error);
        let output = serde_json::value::to_raw_value(&serde_json::json!({ "error": error })).ok();
        Self {
            outcome,
            output,
            ending: Some(ending),
            error: Some(error),
            ..Self::completed(run, RawValue::NULL.to_owned())
        }
    }
}

/// What became of a batch.
#[derive(Default)]
pub(crate) struct Written {
    /// Those that were not ours any more.
    pub lost: Vec<i64>,
    /// Other jobs became ready: the next of a lane, or a workflow that had been laid aside.
    pub more: bool,
    /// Jobs that took over a lane, and start here.
    pub handed: Vec<Fetched>,
}

/// Writes ended jobs; `kept` are the types of jobs that may start in slots that are kept for them.
pub(crate) async fn finish(
    conn: &mut PgConnection,
    worker: i64,
    batch: &[Finished],
    emptied: &[i64],
    again: bool,
    kept: &[i16],
) -> sqlx::Result<Written> {
    fn column<T>(batch: &[Finished], field: impl Fn(&Finished) -> T) -> Vec<T> {
        batch.iter().map(field).collect()
    }
    let mut slots: HashMap<i16, i32> = HashMap::new();
    for kind in kept {
        *slots.entry(*kind).or_default() += 1;
    }
    let (kinds, free): (Vec<i16>, Vec<i32>) = slots.into_iter().unzip();
    let row = sqlx::query!(
        r#"select lost, more as "more!", handed::text as handed
           from holdfast.finish($1, $2, $3, $4, $5, $6, $7::text[]::json[], $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)"#,
        &column(batch, |f| f.claim),
        &column(batch, |f| f.id),
        &column(batch, |f| f.kind),
        &column(batch, |f| f.tenant),
        &column(batch, |f| f.attempts),
        &column(batch, |f| f.outcome),
        &column(batch, |f| f.output.as_ref().map(|raw| raw.get().to_owned())) as _,
        &column(batch, |f| f.started_at),
        &column(batch, |f| f.lane) as _,
        &column(batch, |f| f.is_step),
        &column(batch, |f| f.ending) as _,
        &column(batch, |f| f.error.clone()) as _,
        emptied,
        worker,
        again,
        &kinds,
        &free,
    )
    .fetch_one(conn)
    .await?;
    let handed = row.handed.map(|text| serde_json::from_str::<Vec<Handed>>(&text)).transpose();
    let handed = handed.map_err(|error| sqlx::Error::Decode(error.into()))?.unwrap_or_default();
    Ok(Written {
        lost: row.lost.unwrap_or_default(),
        more: row.more,
        handed: handed.into_iter().map(Handed::fetched).collect(),
    })
}

/// A job that starts here without being asked for, as `holdfast.hand_over` and `holdfast.start_at` tell of it.
#[derive(serde::Deserialize)]
pub(crate) struct Handed {
    claim: i64,
    id: i64,
    kind: i16,
    attempts: i16,
    losses: i16,
    lane: Option<i64>,
    tenant: i64,
    root: i64,
    parent: Option<i64>,
    trace: Option<String>,
    created_at: DateTime<Utc>,
    at: DateTime<Utc>,
    payload: Box<RawValue>,
}

impl Handed {
    pub fn read(told: &str) -> sqlx::Result<Fetched> {
        serde_json::from_str(told).map(Self::fetched).map_err(|error| sqlx::Error::Decode(error.into()))
    }

    fn fetched(self) -> Fetched {
        let claimed = Claimed {
            claim: self.claim,
            id: self.id,
            kind: self.kind,
            attempts: self.attempts,
            losses: self.losses,
            lane: self.lane,
            tenant: self.tenant,
            root: self.root,
            parent: self.parent,
            trace: self.trace,
            created_at: self.created_at,
            due_at: self.at,
            at: self.at,
            fetched: Instant::now(),
        };
        (claimed, self.payload.get().to_owned())
    }
}
