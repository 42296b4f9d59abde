//! Steps of a workflow.
//!
//! A workflow is replayed from its start whenever it continues; what is in its journal is not done again.
//! While it waits it stays in memory for a moment, because most steps end soon; then it is laid aside.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::PoisonError,
    time::Duration,
};

use futures_util::future::join_all;
use serde::de::DeserializeOwned;

use crate::{
    Cx, Job, Outcome, Stop,
    client::interval,
    finish::{CANCELLED, COMPLETED},
    saga::Undoing,
    starter::{Begun, Request},
    waiters::Ended,
    wire,
};

/// How long a waiting workflow stays in memory.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);

/// A step that is dead or was cancelled.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("step {step} did not complete: {error}")]
pub struct StepFailure {
    /// The step's name.
    pub step: String,
    /// The last attempt's error.
    pub error: String,
}

/// Where a step stands.
pub(crate) enum Step {
    Ended(Ended),
    Open {
        child: i64,
        /// It may have ended meanwhile.
        since_before: bool,
    },
}

/// A step's job as its row will have it.
#[derive(Clone)]
struct Asked {
    payload: String,
    key: String,
    lane: Option<String>,
    limit_key: Option<String>,
    tenant: i64,
    detached: bool,
}

/// What the workflow waits for, told to the database when it is laid aside.
#[derive(Default)]
pub(crate) struct Awaiting {
    pub children: BTreeSet<i64>,
    pub signals: BTreeSet<String>,
    /// Nothing goes on before all of the children have ended.
    pub every: bool,
    /// Of everything that this run has asked for.
    pub names: HashSet<String>,
    /// What the journal has and this run has not asked for.
    pub unasked: HashSet<String>,
    /// Nothing was recorded before this run.
    pub is_first_run: bool,
    /// How often each signal was waited for.
    pub received: HashMap<String, u32>,
    pub sagas: u32,
    /// Sagas that an earlier run began to undo, and that this run has not closed.
    pub undoing: Vec<Undoing>,
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
        self.run_step(name, job, false).await
    }

    /// A step that undoes another: it runs on when its workflow is cancelled.
    pub(crate) async fn undo_step<J: Job<W>>(&self, name: &str, job: J) -> Outcome<Result<J::Output, StepFailure>> {
        self.run_step(name, job, true).await
    }

    async fn run_step<J: Job<W>>(&self, name: &str, job: J, detached: bool) -> Outcome<Result<J::Output, StepFailure>> {
        let ended = match self.begin(name, job, detached).await? {
            Step::Ended(ended) => ended,
            Step::Open { child, since_before } => self.wait_for_child(child, since_before).await?,
        };
        if ended.outcome == CANCELLED {
            self.go_on()?;
        }
        decode(name, &ended)
    }

    /// Runs many jobs side by side as steps and returns how each ended, in their order. However many they are, the
    /// workflow continues once.
    pub async fn steps<J: Job<W>>(
        &self,
        jobs: impl IntoIterator<Item = (String, J)>,
    ) -> Outcome<Vec<Result<J::Output, StepFailure>>> {
        self.journal().await?;
        let (names, jobs): (Vec<String>, Vec<J>) = jobs.into_iter().unzip();
        // Each is asked for, whatever becomes of the others.
        let begun = join_all(names.iter().zip(jobs).map(|(name, job)| self.begin(name, job, false))).await;
        let begun = begun.into_iter().collect::<Outcome<Vec<_>>>()?;
        self.awaiting(|awaiting| awaiting.every = true);
        let ended = join_all(begun.into_iter().map(|step| async {
            match step {
                Step::Ended(ended) => Ok(ended),
                Step::Open { child, since_before } => self.wait_for_child(child, since_before).await,
            }
        }))
        .await;
        let ended = ended.into_iter().collect::<Outcome<Vec<_>>>()?;
        self.awaiting(|awaiting| awaiting.every = false);
        if ended.iter().any(|ended| ended.outcome == CANCELLED) {
            self.go_on()?;
        }
        names.iter().zip(&ended).map(|(name, ended)| decode(name, ended)).collect()
    }

    /// Starts a job as a step and does not wait for it: whether it completes does not matter to the workflow, and it
    /// lives on when the workflow is cancelled.
    pub async fn start<J: Job<W>>(&self, name: &str, job: J) -> Outcome<()> {
        self.begin(name, job, true).await.map(drop)
    }

    /// The step as an earlier run left it, or a new one.
    async fn begin<J: Job<W>>(&self, name: &str, job: J, detached: bool) -> Outcome<Step> {
        self.use_name(name)?;
        if let Some(entry) = self.recorded(name) {
            return entry.step::<W, J>(name);
        }
        if self.is_cancelled() {
            // What was done before still counts; nothing new begins.
            if let Some(entry) = self.journal().await?.get(name) {
                return entry.step::<W, J>(name);
            }
            self.go_on()?;
        }
        self.begin_new(name).await?;
        let asked = Asked {
            payload: wire::payload::<W, J>(&job).map_err(|error| Stop::fail(error.to_string()))?,
            key: job.key(),
            lane: job.lane(),
            limit_key: job.limit_key(),
            tenant: job.tenant().filter(|_| self.tenant() == 0).unwrap_or(self.tenant()),
            detached,
        };
        let alone = !asked.key.is_empty() || asked.lane.is_some();
        let Some((kind, _)) = self.core.registry.by_name(J::NAME).filter(|_| !alone) else {
            if let Some(entry) = self.journal().await?.get(name) {
                return entry.step::<W, J>(name);
            }
            self.begin_new(name).await?;
            let child = self.start_alone::<J>(name, asked).await?;
            return Ok(Step::Open { child, since_before: true });
        };
        let opening = self.run.journal.get().is_none() && !self.awaiting(|awaiting| awaiting.is_first_run);
        if let Some(step) = self.start_here::<J>(name, kind, asked.clone(), opening).await? {
            self.awaiting(|awaiting| awaiting.is_first_run = true);
            return Ok(step);
        }
        // A replay: from here on the journal tells.
        if let Some(entry) = self.journal().await?.get(name) {
            return entry.step::<W, J>(name);
        }
        self.begin_new(name).await?;
        let step = self.start_here::<J>(name, kind, asked, false).await?;
        step.ok_or_else(|| Stop::retry(format!("step {name} is not in the journal")))
    }

    /// The common case: many at one time, and started in this process if it has a slot. `None`: an earlier run began
    /// it, or it is `opening` and there was an earlier run.
    async fn start_here<J: Job<W>>(&self, name: &str, kind: i16, asked: Asked, opening: bool) -> Outcome<Option<Step>> {
        let run = &self.run.claimed;
        let request = Request {
            claim: run.claim,
            parent: run.id,
            root: run.root,
            tenant: asked.tenant,
            name: name.to_owned(),
            kind,
            priority: J::POLICY.priority,
            limit_key: asked.limit_key,
            trace: run.trace.clone(),
            detached: asked.detached,
            opening,
            payload: asked.payload,
        };
        let Begun { child, existed } = self.core.starter.begin(request).await?.ok_or(Stop::Fenced)?;
        Ok(child.filter(|_| !existed).map(|child| Step::Open { child, since_before: false }))
    }

    /// A step with a key may be a job that is there already; one with a lane has to queue; and a type that this process
    /// does not know is for others.
    async fn start_alone<J: Job<W>>(&self, name: &str, asked: Asked) -> Outcome<i64> {
        let child = sqlx::query_scalar!(
            "select holdfast.start_step($1, $2, $3, $4, $5, $6::text::json, $7, $8, $9, $10, $11, $12, $13, $14)",
            self.run.claimed.claim,
            self.id(),
            self.root(),
            name,
            J::NAME,
            asked.payload,
            asked.tenant,
            asked.key,
            asked.lane,
            J::POLICY.priority,
            interval(J::POLICY.unique_for),
            asked.limit_key,
            self.run.claimed.trace,
            asked.detached,
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
            () = self.cancelled_while_going() => self.wait_for_end(child).await?,
        };
        let ended = ended.ok_or(Stop::Parked { until: None })?;
        self.awaiting(|awaiting| awaiting.children.remove(&child));
        Ok(ended)
    }

    /// The workflow is cancelled, and its step was told to end: how it ended tells what there is to undo.
    async fn wait_for_end(&self, child: i64) -> Outcome<Option<Ended>> {
        let told = sqlx::query_scalar!(r#"select holdfast.ends_with($1, $2) as "told!""#, child, self.id());
        if !told.fetch_one(self.pool()).await? {
            return Err(self.cancelled_stop());
        }
        self.run.pulse.set_tidying(true);
        let ended = self.core.waiters.wait_for(child);
        if let Some(ended) = self.look_up(child).await? {
            return Ok(Some(ended));
        }
        Ok(tokio::select! {
            ended = ended => ended.ok(),
            () = tokio::time::sleep(PATIENCE) => None,
            () = self.core.draining.cancelled() => None,
        })
    }

    async fn look_up(&self, child: i64) -> Outcome<Option<Ended>> {
        let row = sqlx::query!("select outcome, output::text as output from holdfast.done where id = $1", child)
            .fetch_optional(self.pool())
            .await?;
        row.map(|row| Ended::read(row.outcome, row.output)).transpose()
    }

    /// Two steps of one name would share a result.
    pub(crate) fn use_name(&self, name: &str) -> Outcome<()> {
        if self.run.over.try_lock().is_ok_and(|over| *over) {
            return Err(Stop::Fenced);
        }
        let fresh = self.awaiting(|awaiting| {
            awaiting.unasked.remove(name);
            awaiting.names.insert(name.to_owned())
        });
        if fresh { Ok(()) } else { Err(Stop::fail(format!("the workflow uses the step name {name} twice"))) }
    }

    pub(crate) fn awaiting<T>(&self, change: impl FnOnce(&mut Awaiting) -> T) -> T {
        change(&mut self.run.awaiting.lock().unwrap_or_else(PoisonError::into_inner))
    }
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
