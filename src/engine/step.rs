//! Steps, sleeps and signals of a workflow.
//!
//! A workflow is replayed from its start whenever it continues; what is in its journal is not done again.
//! While it waits it stays in memory for a moment, because most steps end soon; then it is laid aside.

use std::{
    collections::{BTreeSet, HashMap},
    sync::PoisonError,
    time::Duration,
};

use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::{
    Cx, Job, Outcome, Stop,
    client::{encode, interval},
    settle::COMPLETED,
    waiters::Ended,
};

/// How long a waiting workflow stays in memory.
const PATIENCE: Duration = Duration::from_secs(5);

/// A step that is dead or was cancelled.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("step {step} did not complete: {error}")]
pub struct StepFailure {
    /// The step's name.
    pub step: String,
    /// The last attempt's error.
    pub error: String,
}

/// What the workflow did before.
pub(crate) type Journal = HashMap<String, Entry>;

pub(crate) struct Entry {
    child: Option<i64>,
    kind: Option<String>,
    wake_at: Option<DateTime<Utc>>,
    ended: Option<Ended>,
}

/// What the workflow waits for, told to the database when it is laid aside.
#[derive(Default)]
pub(crate) struct Awaiting {
    pub children: BTreeSet<i64>,
    pub signals: BTreeSet<String>,
    names: BTreeSet<String>,
}

impl<W: Clone + Send + Sync + 'static> Cx<W> {
    /// Runs a job as a step and returns its output; if it cannot complete, the workflow fails with it.
    ///
    /// The step is known by its name: keep names when code moves, take a new one when the meaning changes.
    pub async fn step<J: Job<W>>(&self, name: &str, job: J) -> Outcome<J::Output> {
        self.try_step(name, job).await?.map_err(|failure| Stop::fail(failure.to_string()))
    }

    /// Like [`Cx::step`], but a step that cannot complete is an answer, so that the workflow may do something about it.
    pub async fn try_step<J: Job<W>>(&self, name: &str, job: J) -> Outcome<Result<J::Output, StepFailure>> {
        self.use_name(name)?;
        let journal = self.journal().await?;
        let entry = journal.get(name);
        if let Some(entry) = entry {
            if entry.kind.as_deref() != Some(J::NAME) {
                return Err(Stop::fail(format!(
                    "step {name} is recorded as another kind than {}: give the new step a new name",
                    J::NAME
                )));
            }
            if let Some(ended) = &entry.ended {
                return decode(name, ended);
            }
        }
        let child = match entry.and_then(|entry| entry.child) {
            Some(child) => child,
            None => self.start_step(name, &job).await?,
        };
        let ended = self.wait_for_child(child, entry.is_some()).await?;
        decode(name, &ended)
    }

    /// Starts a job as a step and does not wait for it: whether it completes does not matter to the workflow.
    pub async fn start<J: Job<W>>(&self, name: &str, job: J) -> Outcome<()> {
        self.use_name(name)?;
        if !self.journal().await?.contains_key(name) {
            self.start_step(name, &job).await?;
        }
        Ok(())
    }

    /// Sleeps for `length`, counted from the first time this line was reached. Costs no worker, survives restarts.
    pub async fn sleep(&self, name: &str, length: Duration) -> Outcome<()> {
        self.use_name(name)?;
        let journal = self.journal().await?;
        let until = match journal.get(name).and_then(|entry| entry.wake_at) {
            Some(until) => until,
            None => self.receive_once(name, Some(length)).await?.1,
        };
        let now = sqlx::query_scalar!(r#"select clock_timestamp() as "now!""#).fetch_one(self.pool()).await?;
        match (until - now).to_std() {
            Err(_) => Ok(()),
            Ok(left) if left <= PATIENCE => {
                tokio::select! {
                    () = tokio::time::sleep(left) => Ok(()),
                    () = self.core.draining.cancelled() => Err(Stop::Parked { until: Some(until) }),
                }
            }
            Ok(_) => Err(Stop::Parked { until: Some(until) }),
        }
    }

    /// Waits for a signal of this name ([`crate::Client::signal`]); `None` when `timeout` passes first.
    pub async fn receive<T: DeserializeOwned>(&self, name: &str, timeout: Option<Duration>) -> Outcome<Option<T>> {
        self.use_name(name)?;
        let (arrived, until, now) = self.receive_once(name, timeout).await?;
        if let Some(text) = arrived {
            return serde_json::from_str(&text)
                .map(Some)
                .map_err(|error| Stop::fail(format!("signal {name} does not decode: {error}")));
        }
        if timeout.is_some() && until <= now {
            return Ok(None);
        }
        self.awaiting(|awaiting| awaiting.signals.insert(name.to_owned()));
        Err(Stop::Parked { until: timeout.map(|_| until) })
    }

    async fn receive_once(
        &self,
        name: &str,
        wait: Option<Duration>,
    ) -> Outcome<(Option<String>, DateTime<Utc>, DateTime<Utc>)> {
        let row = sqlx::query!(
            r#"select arrived::text as arrived, coalesce(nullif(until, 'infinity'), '9999-01-01') as until, fenced as "fenced!", clock_timestamp() as "now!"
               from holdfast.receive($1, $2, $3, $4)"#,
            self.run.claimed.claim,
            self.id(),
            name,
            wait.map(interval) as _,
        )
        .fetch_one(self.pool())
        .await?;
        if row.fenced {
            return Err(Stop::Fenced);
        }
        Ok((row.arrived, row.until.unwrap_or(row.now), row.now))
    }

    async fn start_step<J: Job<W>>(&self, name: &str, job: &J) -> Outcome<i64> {
        let payload = encode::<W, J>(job)?;
        let child = sqlx::query_scalar!(
            "select holdfast.start_step($1, $2, $3, $4, $5, $6::text::json, $7, $8, $9, $10, $11)",
            self.run.claimed.claim,
            self.id(),
            self.root(),
            name,
            J::NAME,
            payload.get(),
            self.tenant(),
            job.key(),
            job.lane(),
            J::POLICY.priority,
            interval(J::POLICY.unique_for),
        )
        .fetch_one(self.pool())
        .await?
        .ok_or(Stop::Fenced)?;
        self.core.client.wake_here();
        Ok(child)
    }

    async fn wait_for_child(&self, child: i64, may_have_ended: bool) -> Outcome<Ended> {
        let ended = self.core.waiters.wait_for(child);
        if may_have_ended && let Some(ended) = self.look_up(child).await? {
            return Ok(ended);
        }
        self.awaiting(|awaiting| awaiting.children.insert(child));
        let ended = tokio::select! {
            ended = ended => ended.ok(),
            () = tokio::time::sleep(PATIENCE) => None,
            () = self.core.draining.cancelled() => None,
        };
        let ended = ended.ok_or(Stop::Parked { until: None })?;
        self.awaiting(|awaiting| awaiting.children.remove(&child));
        Ok(ended)
    }

    async fn look_up(&self, child: i64) -> Outcome<Option<Ended>> {
        let row = sqlx::query!("select outcome, output::text as output from holdfast.done where id = $1", child)
            .fetch_optional(self.pool())
            .await?;
        row.map(|row| ended(row.outcome, row.output)).transpose()
    }

    async fn journal(&self) -> Outcome<&Journal> {
        self.run.journal.get_or_try_init(|| self.load_journal()).await
    }

    async fn load_journal(&self) -> Outcome<Journal> {
        let rows = sqlx::query!(
            r#"select s.name as "name!", s.child, s.wake_at as "wake_at?", k.name as "kind?", d.outcome as "outcome?", d.output::text as output
               from holdfast.step s
               left join holdfast.job j on j.id = s.child
               left join holdfast.kind k on k.id = j.kind
               left join holdfast.done d on d.id = s.child
               where s.parent = $1 and s.wake_at is distinct from 'infinity'"#,
            self.id(),
        )
        .fetch_all(self.pool())
        .await?;
        rows.into_iter()
            .map(|row| {
                let ended = row.outcome.map(|outcome| ended(outcome, row.output)).transpose()?;
                Ok((row.name, Entry { child: row.child, kind: row.kind, wake_at: row.wake_at, ended }))
            })
            .collect()
    }

    /// Two steps of one name would share a result.
    fn use_name(&self, name: &str) -> Outcome<()> {
        let mut fresh = false;
        self.awaiting(|awaiting| {
            fresh = awaiting.names.insert(name.to_owned());
            fresh
        });
        if fresh { Ok(()) } else { Err(Stop::fail(format!("the workflow uses the step name {name} twice"))) }
    }

    fn awaiting(&self, change: impl FnOnce(&mut Awaiting) -> bool) {
        change(&mut self.run.awaiting.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

fn ended(outcome: i16, output: Option<String>) -> Outcome<Ended> {
    let output = output.map(RawValue::from_string).transpose()?;
    Ok(Ended { outcome, output })
}

fn decode<T: DeserializeOwned>(step: &str, ended: &Ended) -> Outcome<Result<T, StepFailure>> {
    let output = ended.output.as_ref().map_or("null", |raw| raw.get());
    if ended.outcome == COMPLETED {
        return serde_json::from_str(output).map(Ok).map_err(|error| {
            Stop::fail(format!(
                "the recorded output of step {step} does not decode: {error}; give the new shape a new step name"
            ))
        });
    }
    let error = serde_json::from_str::<serde_json::Value>(output)
        .ok()
        .and_then(|value| value["error"].as_str().map(str::to_owned));
    Ok(Err(StepFailure { step: step.to_owned(), error: error.unwrap_or_else(|| "cancelled".to_owned()) }))
}
