//! One attempt, from its claim to the row that tells how it ended.

use std::{sync::Arc, time::Duration};

use futures_util::FutureExt;
use serde_json::value::RawValue;
use tokio_util::task::AbortOnDropHandle;

use crate::{
    Cx, Policy, Stop,
    backend::Fetched,
    client::interval,
    cx::Run,
    registry::{Claimed, Ending, Kind},
    session::Core,
    settle::{CANCELLED, DEAD, Finished},
    wire,
};

/// Tries to write down an end while the database does not answer, a quarter of a second apart.
const TRIES: u32 = 20;

/// How an attempt came back.
enum Report {
    Output(Box<RawValue>),
    Stop(Stop),
    Undecodable(String),
    Panicked(String),
    TimedOut,
    Stopped,
}

pub(crate) async fn run<W: Clone + Send + Sync + 'static>(core: Arc<Core<W>>, (claimed, payload): Fetched) {
    let Some(kind) = core.registry.get(claimed.kind) else { return };
    let cx = Cx::new(core.clone(), claimed);
    let waited = (cx.run.started_at - cx.run.claimed.created_at).to_std().unwrap_or_default();
    metrics::histogram!("holdfast_job_wait_seconds", "kind" => kind.name).record(waited.as_secs_f64());
    let started = std::time::Instant::now();
    let report = attempt(&core, kind, cx.clone(), &payload).await;
    let result = settle(&core, kind, &cx.run, report).await;
    kind.free_slot();
    metrics::counter!("holdfast_attempts_total", "kind" => kind.name, "ending" => result).increment(1);
    metrics::histogram!("holdfast_job_run_seconds", "kind" => kind.name).record(started.elapsed().as_secs_f64());
    tracing::debug!(
        kind = kind.name,
        job = cx.id(),
        tenant = cx.tenant(),
        attempt = cx.attempt(),
        ending = result,
        ms = started.elapsed().as_millis(),
        "attempt"
    );
}

/// A claimed job that nobody will start any more, at no cost.
pub(crate) async fn give_back<W: Clone + Send + Sync + 'static>(core: &Arc<Core<W>>, claimed: Claimed) {
    let kind = claimed.kind;
    let run = Cx::new(core.clone(), claimed).run;
    settle_stopped(core, &run).await;
    if let Some(kind) = core.registry.get(kind) {
        kind.free_slot();
    }
}

async fn attempt<W: Clone + Send + Sync + 'static>(core: &Core<W>, kind: &Kind<W>, cx: Cx<W>, payload: &str) -> Report {
    let losses = u16::try_from(cx.run.claimed.losses).unwrap_or(0);
    if losses >= kind.policy.losses {
        return Report::Stop(Stop::fail(format!("{losses} workers died while they ran it")));
    }
    // A task of its own: a handler that computes or panics leaves the others alone. Dropping the handle aborts it.
    let task = AbortOnDropHandle::new(tokio::spawn((kind.start)(payload, cx)));
    tokio::select! {
        ended = tokio::time::timeout(kind.policy.timeout, task) => match ended {
            Err(_) => Report::TimedOut,
            Ok(Ok(Ok(output))) => Report::Output(output),
            Ok(Ok(Err(Ending::Stop(stop)))) => Report::Stop(stop),
            Ok(Ok(Err(Ending::Undecodable(error)))) => Report::Undecodable(error),
            Ok(Err(error)) => Report::Panicked(panic_text(error)),
        },
        () = core.stopped.cancelled() => Report::Stopped,
    }
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
            if core.settler.finish(Finished::completed(run, output)).await {
                "completed"
            } else {
                "fenced"
            }
        }
        Report::Stop(Stop::Retry { error, after }) => {
            let after = after.map(|after| after.min(kind.policy.retry_after_at_most));
            failed(core, &kind.policy, run, "failed", error, after).await
        }
        Report::Undecodable(error) => failed(core, &kind.policy, run, "undecodable", error, None).await,
        Report::Panicked(error) => failed(core, &kind.policy, run, "panicked", error, None).await,
        Report::TimedOut => {
            failed(core, &kind.policy, run, "timed_out", format!("no end within {:?}", kind.policy.timeout), None).await
        }
        Report::Stop(Stop::Fail(error)) => ended(core, run, DEAD, "failed", error).await,
        Report::Stop(Stop::Cancel(reason)) => ended(core, run, CANCELLED, "cancelled", reason).await,
        Report::Stop(Stop::Snooze { wait, reason }) => {
            postpone(core, run, run.claimed.attempts, wait, Some(("snoozed", reason))).await
        }
        Report::Stop(Stop::Parked { until }) => park(core, run, until).await,
        Report::Stop(Stop::Fenced) => {
            core.settler.given_back(run.claimed.claim);
            "fenced"
        }
        Report::Stopped => settle_stopped(core, run).await,
    }
}

async fn settle_stopped<W>(core: &Core<W>, run: &Run) -> &'static str {
    postpone(core, run, run.claimed.attempts, Duration::ZERO, None).await
}

async fn failed<W>(
    core: &Core<W>,
    policy: &Policy,
    run: &Run,
    ending: &'static str,
    error: String,
    after: Option<Duration>,
) -> &'static str {
    let failures = run.claimed.attempts.saturating_add(1);
    let made = u16::try_from(failures).unwrap_or(u16::MAX);
    tracing::warn!(job = run.claimed.id, attempt = made, ending, error, "attempt failed");
    if made >= policy.attempts {
        return ended(core, run, DEAD, ending, error).await;
    }
    let delay = after.unwrap_or_else(|| policy.backoff.delay(made, run.claimed.id.unsigned_abs()));
    postpone(core, run, failures, delay, Some((ending, error))).await
}

async fn ended<W>(core: &Core<W>, run: &Run, outcome: i16, ending: &'static str, error: String) -> &'static str {
    if core.settler.finish(Finished::ended(run, outcome, ending, &error)).await { ending } else { "fenced" }
}

async fn postpone<W>(
    core: &Core<W>,
    run: &Run,
    attempts: i16,
    delay: Duration,
    why: Option<(&'static str, String)>,
) -> &'static str {
    let job = &run.claimed;
    let (ending, error) = why.map(|(ending, error)| (ending, wire::error(&error))).unzip();
    let back = until_written(|| {
        sqlx::query_scalar!(
            r#"select holdfast.postpone($1, $2, $3, $4, $5, $6, $7, $8, $9) as "ours!""#,
            job.claim,
            job.id,
            attempts,
            job.losses,
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
    given_back(core, run, back, ending.unwrap_or("given_back"))
}

async fn park<W>(core: &Core<W>, run: &Run, until: Option<chrono::DateTime<chrono::Utc>>) -> &'static str {
    let job = &run.claimed;
    let (children, signals): (Vec<i64>, Vec<String>) = {
        let awaiting = run.awaiting.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        (awaiting.children.iter().copied().collect(), awaiting.signals.iter().cloned().collect())
    };
    let back = until_written(|| {
        sqlx::query_scalar!(
            r#"select holdfast.park($1, $2, $3, $4, $5, $6, $7) as "ours!""#,
            job.claim,
            job.id,
            job.attempts,
            job.losses,
            until,
            &children,
            &signals,
        )
        .fetch_one(core.client.pool())
        .boxed()
    })
    .await;
    core.client.wake_here();
    given_back(core, run, back, "parked")
}

fn given_back<W>(core: &Core<W>, run: &Run, ours: Option<bool>, ending: &'static str) -> &'static str {
    // Not written: the claim is disowned when nothing else is left of it, and the job runs again.
    core.settler.given_back(run.claimed.claim);
    match ours {
        Some(true) => ending,
        Some(false) => "fenced",
        None => "not_written",
    }
}

/// Repeats a write while the database does not answer.
async fn until_written<'a>(
    write: impl Fn() -> futures_util::future::BoxFuture<'a, sqlx::Result<bool>>,
) -> Option<bool> {
    for tries in 0..TRIES {
        match write().await {
            Ok(ours) => return Some(ours),
            Err(error) => tracing::warn!(%error, tries, "the end of an attempt is not written yet"),
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    None
}
