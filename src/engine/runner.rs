//! One attempt, from its claim to the row that tells how it ended.

use std::{sync::Arc, time::Duration};

use futures_util::FutureExt;
use serde_json::value::RawValue;
use tokio_util::task::AbortOnDropHandle;

use crate::{
    Cx, DeadHead, Policy, Stop,
    backend::Fetched,
    client::interval,
    cx::Run,
    finish::{CANCELLED, DEAD, Finished},
    registry::{Claimed, Ending, Kind},
    session::Core,
    wire,
};

/// Tries to write down an end while the database does not answer, a quarter of a second apart, once the session is over.
const TRIES: u32 = 20;

/// How an attempt came back.
pub(crate) enum Report {
    Output(Box<RawValue>),
    Stop(Stop),
    Undecodable(String),
    Panicked(String),
    TimedOut,
    Silent,
    TooLate(String),
    /// It was told to end and did not.
    Overdue,
    Stopped,
}

/// An attempt that was aborted this long ago and still runs does not let go of its thread.
const STUCK: Duration = Duration::from_secs(1);

/// The longest that a job waits here for a place; then others may have it.
const PATIENCE: Duration = Duration::from_millis(250);
/// How long a cancelled attempt may take to end by itself.
const GRACE: Duration = Duration::from_secs(5);
/// How long a cancelled workflow is laid aside while its steps end.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

pub(crate) async fn run<W: Clone + Send + Sync + 'static>(core: Arc<Core<W>>, (claimed, payload): Fetched) {
    let Some(kind) = core.registry.get(claimed.kind) else { return };
    // It may have been fetched ahead.
    let place = tokio::select! {
        biased;
        place = kind.place() => place,
        () = core.draining.cancelled() => return give_back(&core, claimed).await,
        () = tokio::time::sleep(PATIENCE) => {
            kind.holds_up(PATIENCE);
            return give_back(&core, claimed).await;
        }
    };
    if core.cancels.is_asked(claimed.id) {
        // It may have been retried since.
        let looked = core.cancels.refresh(core.client.pool()).await;
        looked.unwrap_or_else(|error| tracing::debug!(%error, "the latest look at the cancellations stands"));
    }
    let cx = Cx::new(core.clone(), claimed);
    let waited = (cx.run.started_at - cx.run.claimed.created_at).to_std().unwrap_or_default();
    metrics::histogram!("holdfast_job_wait_seconds", "kind" => kind.name).record(waited.as_secs_f64());
    let started = std::time::Instant::now();
    let report = attempt(&core, kind, cx.clone(), payload).await;
    let ran = started.elapsed();
    // Its end is written with others; the next one may start meanwhile.
    drop(place);
    core.registry.free_slot(cx.run.claimed.kind);
    // What an attempt that was given up still does comes too late; a completion that it is committing counts.
    *cx.run.over.lock().await = true;
    core.breakers.judge(&kind.policy, cx.tenant(), &report);
    let result = settle(&core, kind, &cx.run, report).await;
    core.cancels.leave(cx.id());
    core.tally.note(&cx.run, result, ran);
    metrics::counter!("holdfast_attempts_total", "kind" => kind.name, "ending" => result).increment(1);
    metrics::histogram!("holdfast_job_run_seconds", "kind" => kind.name).record(started.elapsed().as_secs_f64());
    tell(kind.name, &cx.run, result, started.elapsed());
}

/// One line for each attempt, without anything that the job carries. What went well is for those who look closely: at
/// 20,000 jobs a second a line each would cost more than the jobs.
fn tell(kind: &str, run: &Run, ending: &str, took: Duration) {
    macro_rules! line {
        ($level:ident, $text:literal) => {
            tracing::$level!(
                kind,
                job = run.claimed.id,
                root = run.claimed.root,
                lane = run.claimed.lane,
                tenant = run.claimed.tenant,
                trace = run.claimed.trace,
                attempt = run.claimed.attempts + 1,
                ending,
                ms = took.as_millis(),
                $text
            )
        };
    }
    match ending {
        "completed" => line!(debug, "attempt"),
        "fenced" => line!(warn, "the end of an attempt does not count: the job is no longer this worker's"),
        _ => line!(info, "attempt"),
    }
}

/// A claimed job that nobody will start any more, at no cost.
pub(crate) async fn give_back<W: Clone + Send + Sync + 'static>(core: &Arc<Core<W>>, claimed: Claimed) {
    let kind = claimed.kind;
    let run = Cx::new(core.clone(), claimed).run;
    settle_stopped(core, &run).await;
    core.cancels.leave(run.claimed.id);
    core.registry.free_slot(kind);
}

async fn attempt<W: Clone + Send + Sync + 'static>(
    core: &Core<W>,
    kind: &Kind<W>,
    cx: Cx<W>,
    payload: String,
) -> Report {
    let losses = u16::try_from(cx.run.claimed.losses).unwrap_or(0);
    if losses >= kind.policy.losses {
        return Report::Stop(Stop::fail(format!("poison: {losses} workers in a row died while they ran it")));
    }
    if let Some(late) = too_late(&kind.policy, &cx.run) {
        return Report::TooLate(late);
    }
    if cx.is_cancelled() && !cx.has_begun().await {
        return Report::Stop(cx.cancelled_stop());
    }
    let pulse = cx.clone();
    let (pulse, id, start) = (&pulse.run.pulse, pulse.id(), kind.start);
    // A task of its own: a handler that computes or panics leaves the others alone. Dropping the handle aborts it.
    let mut task = AbortOnDropHandle::new(tokio::spawn(async move { start(&payload, cx).await }));
    let report = tokio::select! {
        ended = tokio::time::timeout(kind.policy.timeout, &mut task) => match ended {
            Err(_) => Report::TimedOut,
            Ok(Ok(Ok(output))) => Report::Output(output),
            Ok(Ok(Err(Ending::Stop(stop)))) => Report::Stop(stop),
            Ok(Ok(Err(Ending::Undecodable(error)))) => Report::Undecodable(error),
            Ok(Err(error)) => Report::Panicked(panic_text(error)),
        },
        () = pulse.silence(kind.policy.heartbeat) => Report::Silent,
        () = pulse.overdue(GRACE) => Report::Overdue,
        () = core.stopped.cancelled() => Report::Stopped,
    };
    if !task.is_finished() {
        tokio::spawn(end(task, kind.name, id));
    }
    report
}

/// Aborts an attempt that was given up. One that blocks its thread goes on; its slot is free, and nothing it does counts.
async fn end<T>(mut task: AbortOnDropHandle<T>, kind: &'static str, job: i64) {
    task.abort();
    if tokio::time::timeout(STUCK, &mut task).await.is_err() {
        tracing::error!(kind, job, "an attempt was given up and goes on: its code blocks a thread");
        metrics::counter!("holdfast_stuck_attempts_total", "kind" => kind).increment(1);
    }
}

/// Why the attempt comes too late to be of use.
fn too_late(policy: &Policy, run: &Run) -> Option<String> {
    let passed = |since, bound: Option<Duration>| bound.filter(|bound| run.started_at - since > span(*bound));
    // A retry has started in time before.
    let waited =
        passed(run.claimed.due_at, policy.queue_wait.filter(|_| run.claimed.attempts == 0 && run.claimed.losses == 0));
    if let Some(bound) = waited {
        return Some(format!("it waited for longer than {bound:?} for its start"));
    }
    passed(run.claimed.created_at, policy.deadline)
        .map(|bound| format!("it was to be over {bound:?} after its enqueue"))
}

fn span(duration: Duration) -> chrono::TimeDelta {
    chrono::TimeDelta::from_std(duration).unwrap_or(chrono::TimeDelta::MAX)
}

fn panic_text(error: tokio::task::JoinError) -> String {
    error.try_into_panic().map_or_else(
        |error| error.to_string(),
        |panic| {
            panic
                .downcast_ref::<String>()
                .cloned()
                .or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()))
                .unwrap_or_default()
        },
    )
}

/// Writes down how it ended; returns the word for it.
async fn settle<W: Clone + Send + Sync + 'static>(
    core: &Core<W>,
    kind: &Kind<W>,
    run: &Run,
    report: Report,
) -> &'static str {
    match report {
        _ if run.settled.load(std::sync::atomic::Ordering::Acquire) => "completed",
        Report::Output(output) => {
            let done = Finished::output(run, output, &core.cancels);
            if core.settler.finish(done).await { "completed" } else { "fenced" }
        }
        Report::Stop(Stop::Fenced) => {
            core.settler.given_back(run.claimed.claim);
            "fenced"
        }
        Report::Stopped => settle_stopped(core, run).await,
        Report::Stop(Stop::Cancel(reason)) => ended(core, kind, run, CANCELLED, "cancelled", reason).await,
        Report::Stop(Stop::Fail(error)) => ended(core, kind, run, DEAD, "failed", error).await,
        // A workflow that waits for the end of steps that were told to end. What is undone goes on as usual.
        Report::Stop(Stop::Parked { .. }) if run.pulse.cancelled.is_cancelled() => {
            postpone(core, run, run.claimed.attempts, LOOK_AGAIN, None).await
        }
        // Whatever it is that did not work: nobody wants it any more.
        _ if run.pulse.cancelled.is_cancelled() && !run.pulse.has_to_undo() => {
            let reason = core.cancels.reason(run.claimed.id);
            ended(core, kind, run, CANCELLED, "cancelled", reason).await
        }
        Report::Overdue => failed(core, kind, run, "cancelled", "it did not end by itself".to_owned(), None).await,
        Report::TooLate(error) => ended(core, kind, run, DEAD, "expired", error).await,
        Report::Stop(Stop::Retry { error, after, .. }) => {
            let after = after.map(|after| after.min(kind.policy.retry_after_at_most));
            if let Some(after) = after.filter(|_| !kind.policy.limits.is_empty()) {
                slow_down(core, run, after).await;
            }
            failed(core, kind, run, "failed", error, after).await
        }
        Report::Silent => {
            let error = format!("no heartbeat within {:?}", kind.policy.heartbeat.unwrap_or_default());
            failed(core, kind, run, "silent", error, None).await
        }
        Report::Undecodable(error) => failed(core, kind, run, "undecodable", error, None).await,
        Report::Panicked(error) => failed(core, kind, run, "panicked", error, None).await,
        Report::TimedOut => {
            failed(core, kind, run, "timed_out", format!("no end within {:?}", kind.policy.timeout), None).await
        }
        Report::Stop(Stop::Snooze { wait, reason }) => {
            postpone(core, run, run.claimed.attempts, wait, Some(("snoozed", reason))).await
        }
        Report::Stop(Stop::Parked { until }) => park(core, run, until).await,
    }
}

async fn settle_stopped<W: Clone + Send + Sync + 'static>(core: &Core<W>, run: &Run) -> &'static str {
    postpone(core, run, run.claimed.attempts, Duration::ZERO, None).await
}

/// The other side asked for silence: the limits that the job passed give nothing out until then.
async fn slow_down<W>(core: &Core<W>, run: &Run, wait: Duration) {
    let done = sqlx::query!("select from holdfast.slow_down($1, $2)", run.claimed.id, interval(wait))
        .execute(core.client.pool())
        .await;
    if let Err(error) = done {
        tracing::warn!(%error, job = run.claimed.id, "the limits go on as before");
    }
}

async fn failed<W: Clone + Send + Sync + 'static>(
    core: &Core<W>,
    kind: &Kind<W>,
    run: &Run,
    ending: &'static str,
    error: String,
    after: Option<Duration>,
) -> &'static str {
    let failures = run.claimed.attempts.saturating_add(1);
    let made = u16::try_from(failures).unwrap_or(u16::MAX);
    tracing::warn!(job = run.claimed.id, root = run.claimed.root, attempt = made, ending, error, "attempt failed");
    if made >= kind.policy.attempts {
        return ended(core, kind, run, DEAD, ending, error).await;
    }
    let delay = kind.policy.delay(made, run.claimed.id, after);
    if run.ends_within(&kind.policy, delay) {
        let error = format!("{error}; and the next attempt would come after the job's deadline");
        return ended(core, kind, run, DEAD, "expired", error).await;
    }
    postpone(core, run, failures, delay, Some((ending, error))).await
}

async fn ended<W>(
    core: &Core<W>,
    kind: &Kind<W>,
    run: &Run,
    outcome: i16,
    ending: &'static str,
    mut error: String,
) -> &'static str {
    if outcome == DEAD && run.pulse.has_to_undo() {
        error = format!("needs a person: the steps of its saga are not undone; {error}");
    }
    let mut done = Finished::ended(run, outcome, ending, &error);
    if outcome == DEAD && kind.policy.dead_head == DeadHead::Park {
        // Not let go of: the lane stands still.
        done.lane = None;
    }
    let ours = core.settler.finish(done).await;
    if ours && outcome == DEAD {
        core.tally.note_dead(run);
    }
    if ours { ending } else { "fenced" }
}

async fn postpone<W: Clone + Send + Sync + 'static>(
    core: &Core<W>,
    run: &Run,
    attempts: i16,
    delay: Duration,
    why: Option<(&'static str, String)>,
) -> &'static str {
    let job = &run.claimed;
    let (ending, error) = why.map(|(ending, error)| (ending, wire::error(&error))).unzip();
    // A worker that saw the attempt's end has survived it.
    let losses = if ending.is_some() { 0 } else { job.losses };
    let back = until_written(core, || {
        sqlx::query_scalar!(
            r#"select holdfast.postpone($1, $2, $3, $4, $5, $6, $7, $8, $9) as "ours!""#,
            job.claim,
            job.id,
            attempts,
            losses,
            interval(delay),
            ending,
            error,
            run.started_at,
            core.worker,
        )
        .fetch_one(core.client.pool())
        .boxed()
    })
    .await;
    core.client.wake_in(delay);
    if core.registry.get(job.kind).is_some_and(|kind| kind.policy.is_gated()) {
        // Whoever waited for its place at a limit may start.
        core.client.wake_here();
    }
    given_back(core, run, back, ending.unwrap_or("given_back"))
}

async fn park<W>(core: &Core<W>, run: &Run, until: Option<chrono::DateTime<chrono::Utc>>) -> &'static str {
    let job = &run.claimed;
    let (children, signals, every): (Vec<i64>, Vec<String>, bool) = {
        let awaiting = run.awaiting.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let signals = awaiting.signals.iter().cloned().collect();
        (awaiting.children.iter().copied().collect(), signals, awaiting.every && awaiting.signals.is_empty())
    };
    let back = until_written(core, || {
        sqlx::query_scalar!(
            r#"select holdfast.park($1, $2, $3, $4, $5, $6, $7, $8) as "ours!""#,
            job.claim,
            job.id,
            job.attempts,
            0,
            until,
            &children,
            &signals,
            every,
        )
        .fetch_one(core.client.pool())
        .boxed()
    })
    .await;
    core.client.wake_here();
    given_back(core, run, back, "parked")
}

fn given_back<W>(core: &Core<W>, run: &Run, ours: Option<bool>, ending: &'static str) -> &'static str {
    match ours {
        Some(ours) => {
            core.settler.given_back(run.claimed.claim);
            if ours { ending } else { "fenced" }
        }
        // The job is in its claim still: others find it there when this worker is gone.
        None => "not_written",
    }
}

/// Repeats a write for as long as the database does not answer.
async fn until_written<'a, W>(
    core: &Core<W>,
    write: impl Fn() -> futures_util::future::BoxFuture<'a, sqlx::Result<bool>>,
) -> Option<bool> {
    let mut tries_left = TRIES;
    while tries_left > 0 {
        match write().await {
            Ok(ours) => return Some(ours),
            Err(error) => tracing::warn!(%error, "the end of an attempt is not written yet"),
        }
        if core.stopped.is_cancelled() {
            tries_left -= 1;
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    None
}
