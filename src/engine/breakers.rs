//! What this process sees of the things that jobs depend on, and what all processes made of it.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::sync::Notify;

use crate::{Blame, Client, Policy, Stop, runner::Report};

/// Between looks at the gates while nobody waits there.
const LOOK: Duration = Duration::from_millis(250);
/// Between looks while jobs wait for tokens or for a breaker.
const BUSY: Duration = Duration::from_millis(20);
/// "For everybody" among the tenants of a report.
const EVERYBODY: i64 = -1;

/// What an attempt says about what it depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Works,
    Down,
    DownForTenant,
}

/// Successes and failures by breaker and tenant.
type Counts = HashMap<(&'static str, i64), (i32, i32)>;

/// Counts of this process since its last report, and the breakers that are not closed.
#[derive(Default)]
pub(crate) struct Breakers {
    counts: Mutex<Counts>,
    not_closed: Mutex<Vec<String>>,
    failed: Notify,
}

impl Breakers {
    /// Learns from an attempt.
    pub fn judge(&self, policy: &Policy, tenant: i64, report: &Report) {
        let verdict = match report {
            Report::Output(_) => Verdict::Works,
            Report::Stop(Stop::Retry { blame: Blame::Dependency, .. }) | Report::TimedOut => Verdict::Down,
            Report::Stop(Stop::Retry { blame: Blame::Tenant, .. }) => Verdict::DownForTenant,
            _ => return,
        };
        self.note(policy, tenant, verdict);
    }

    fn note(&self, policy: &Policy, tenant: i64, verdict: Verdict) {
        let Some(breaker) = policy.breaker else { return };
        let mut counts = lock(&self.counts);
        let mut count = |tenant, works: i32, fails: i32| {
            let (successes, failures) = counts.entry((breaker.name, tenant)).or_default();
            (*successes, *failures) = (*successes + works, *failures + fails);
        };
        match verdict {
            Verdict::Works => {
                count(EVERYBODY, 1, 0);
                count(tenant, 1, 0);
                // A probe's success is waited for.
                if !lock(&self.not_closed).is_empty() {
                    self.failed.notify_one();
                }
            }
            Verdict::Down => {
                count(EVERYBODY, 0, 1);
                self.failed.notify_one();
            }
            Verdict::DownForTenant => {
                count(tenant, 0, 1);
                self.failed.notify_one();
            }
        }
    }

    /// Whether a job may start without passing its gates: no limits, and its breaker closed at the last look.
    pub fn lets_through(&self, policy: &Policy) -> bool {
        policy.limits.is_empty()
            && policy.breaker.is_none_or(|breaker| !lock(&self.not_closed).iter().any(|name| name == breaker.name))
    }

    fn take(&self) -> Counts {
        std::mem::take(&mut *lock(&self.counts))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Reports, and lets through the gates what may pass; runs until it is dropped.
pub(crate) async fn run(breakers: Arc<Breakers>, client: Client) {
    loop {
        let wait = match tend(&breakers, &client).await {
            Ok(true) => BUSY,
            Ok(false) => LOOK,
            Err(error) => {
                tracing::warn!(%error, "the gates are not looked after");
                LOOK
            }
        };
        tokio::select! {
            () = breakers.failed.notified() => tokio::time::sleep(BUSY).await,
            () = tokio::time::sleep(wait) => {}
        }
    }
}

/// True while jobs wait at gates.
async fn tend(breakers: &Breakers, client: &Client) -> sqlx::Result<bool> {
    let counts = breakers.take();
    if !counts.is_empty() {
        let (names, numbers): (Vec<_>, Vec<_>) = counts.into_iter().unzip();
        let (rules, tenants): (Vec<String>, Vec<i64>) =
            names.into_iter().map(|(name, tenant)| (name.to_owned(), tenant)).unzip();
        let (successes, failures): (Vec<i32>, Vec<i32>) = numbers.into_iter().unzip();
        let changed = sqlx::query_scalar!(
            r#"select holdfast.report($1, $2, $3, $4) as "changed!""#,
            &rules,
            &tenants,
            &successes,
            &failures
        )
        .fetch_one(client.pool())
        .await?;
        if changed {
            tracing::warn!(breakers = ?rules, "a breaker opened or closed");
        }
    }
    let row =
        sqlx::query!(r#"select moved as "moved!", busy as "busy!", not_closed as "not_closed!" from holdfast.tend()"#)
            .fetch_one(client.pool())
            .await?;
    metrics::gauge!("holdfast_breakers_not_closed")
        .set(f64::from(u32::try_from(row.not_closed.len()).unwrap_or(u32::MAX)));
    *lock(&breakers.not_closed) = row.not_closed;
    if row.moved > 0 {
        client.wake();
    }
    Ok(row.busy)
}
