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
    client::interval,
    settle::COMPLETED,
    starter::{Begun, Request},
    waiters::Ended,
    wire,
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
    child: i64,
    kind: Option<String>,
    ended: Option<Ended>,
}

/// Where a step stands.
enum Step {
    Ended(Ended),
    Open {
        child: i64,
        /// It may have ended meanwhile.
        since_before: bool,
    },
}

impl Entry {
    fn step<W, J: Job<W>>(&self, name: &str) -> Outcome<Step> {
        if self.kind.as_deref() != Some(J::NAME) {
            return Err(Stop::fail(format!(
                "step {name} is recorded as another kind than {}: give the new step a new name",
                J::NAME
            )));
        }
        Ok(match &self.ended {
            Some(ended) => Step::Ended(ended.clone()),
            None => Step::Open { child: self.child, since_before: true },
        })
    }
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
        let ended = match self.begin(name, &job).await? {
            Step::Ended(ended) => ended,
            Step::Open { child, since_before } => self.wait_for_child(child, since_before).await?,
        };
        decode(name, &ended)
    }

    /// Starts a job as a step and does not wait for it: whether it completes does not matter to the workflow.
    pub async fn start<J: Job<W>>(&self, name: &str, job: J) -> Outcome<()> {
        self.begin(name, &job).await.map(drop)
    }

    /// The step as an earlier run left it, or a new one.
    async fn begin<J: Job<W>>(&self, name: &str, job: &J) -> Outcome<Step> {
        self.use_name(name)?;
        if let Some(entry) = self.run.journal.get().and_then(|journal| journal.get(name)) {
            return entry.step::<W, J>(name);
        }
        let (key, lane) = (job.key(), job.lane());
        let payload = wire::payload::<W, J>(job).map_err(|error| Stop::fail(error.to_string()))?;
        let Some((kind, _)) = self.core.registry.by_name(J::NAME).filter(|_| key.is_empty() && lane.is_none()) else {
            let child = self.start_alone::<J>(name, &payload, &key, lane.as_deref()).await?;
            return Ok(Step::Open { child, since_before: true });
        };
        let Begun { child, existed } = self.start_here::<J>(name, kind, payload).await?;
        if !existed {
            return Ok(Step::Open { child, since_before: false });
        }
        // The first step of a replay: from here on the journal tells.
        let entry =
            self.journal().await?.get(name).ok_or_else(|| Stop::retry(format!("step {name} is not in the journal")))?;
        entry.step::<W, J>(name)
    }

    /// Sleeps for `length`, counted from the first time this line was reached. Costs no worker, survives restarts.
    pub async fn sleep(&self, name: &str, length: Duration) -> Outcome<()> {
        self.use_name(name)?;
        let (_, until, now) = self.receive_once(name, Some(length)).await?;
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

    /// The common case: many at one time, and started in this process if it has a slot.
    async fn start_here<J: Job<W>>(&self, name: &str, kind: i16, payload: String) -> Outcome<Begun> {
        let run = &self.run.claimed;
        let request = Request {
            claim: run.claim,
            parent: run.id,
            root: run.root,
            tenant: run.tenant,
            name: name.to_owned(),
            kind,
            priority: J::POLICY.priority,
            payload,
        };
        self.core.starter.begin(request).await?.ok_or(Stop::Fenced)
    }

    /// A step with a key may be a job that is there already; one with a lane has to queue; and a type that this process
    /// does not know is for others.
    async fn start_alone<J: Job<W>>(&self, name: &str, payload: &str, key: &str, lane: Option<&str>) -> Outcome<i64> {
        let child = sqlx::query_scalar!(
            "select holdfast.start_step($1, $2, $3, $4, $5, $6::text::json, $7, $8, $9, $10, $11)",
            self.run.claimed.claim,
            self.id(),
            self.root(),
            name,
            J::NAME,
            payload,
            self.tenant(),
            key,
            lane,
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
            r#"select s.name as "name!", s.child as "child!", k.name as "kind?", d.outcome as "outcome?", d.output::text as output
               from holdfast.step s
               left join holdfast.job j on j.id = s.child
               left join holdfast.kind k on k.id = j.kind
               left join holdfast.done d on d.id = s.child
               where s.parent = $1 and s.child is not null"#,
            self.id(),
        )
        .fetch_all(self.pool())
        .await?;
        rows.into_iter()
            .map(|row| {
                let ended = row.outcome.map(|outcome| ended(outcome, row.output)).transpose()?;
                Ok((row.name, Entry { child: row.child, kind: row.kind, ended }))
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
