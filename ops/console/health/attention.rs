//! What needs somebody: a snapshot read by rules.

use engine::overview::{
    BreakerNow, DatabaseNow, EffectsNow, LimitNow, PauseNow, ScheduleNow, Snapshot, TenantSnapshot, WorkerNow,
};

use crate::console::queues::row::{self, LONG, Row};

/// A worker whose last beat is older than this, in seconds, counts as dead.
pub(super) const SILENT: f64 = 8.0;
/// A transaction that lasts longer than this, in seconds, keeps dead rows from being swept.
const OLD: f64 = 300.0;

/// Something that somebody should look at.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Matter {
    /// No process runs jobs.
    NoWorker,
    /// Jobs are ready, and no living process knows their type.
    Unserved { kind: String, ready: i64 },
    /// A ready job has waited for so many seconds.
    Slow { kind: String, seconds: f64 },
    /// Jobs died within 24 hours.
    Dead(i64),
    /// Nobody knows what became of so many effects.
    Effects(i64),
    /// A breaker lets nothing through.
    Open { rule: String, tenant: Option<i64>, held: i64 },
    /// A tick became no job.
    Late { schedule: String },
    /// The longest transaction has lasted for so many seconds.
    Transaction(f64),
    /// The oldest snapshot has been held for so many seconds.
    Snapshot(f64),
    /// So many of so many connections are taken.
    Connections(i64, i64),
    /// Somebody changed the schema by hand.
    Drift,
    /// A breaker tries again, or is held closed by hand.
    Unsure { rule: String, tenant: Option<i64> },
    /// Somebody paused jobs.
    Paused { kind: Option<String>, tenant: Option<i64>, by: String },
    /// Somebody paused a schedule.
    ScheduleStill { schedule: String, by: String },
    /// A limit is reached, and so many jobs wait at it.
    Full { limit: String, held: i64 },
    /// One's own account has a password only.
    OneStep,
}

impl Matter {
    /// Whether it is to be seen to now; else it is to be known.
    pub fn is_urgent(&self) -> bool {
        use Matter::{Full, OneStep, Paused, ScheduleStill, Unsure};
        !matches!(self, Unsure { .. } | Paused { .. } | ScheduleStill { .. } | Full { .. } | OneStep)
    }
}

/// Of the whole house, the urgent ones first.
pub(super) fn of_house(seen: &Snapshot, second_step: bool) -> Vec<Matter> {
    let rows = row::of_house(seen);
    let mut matters = workers(&seen.workers, &rows);
    matters.extend(jobs(&rows, &seen.effects));
    matters.extend(breakers(&seen.breakers));
    matters.extend(schedules(&seen.schedules));
    matters.extend(database(&seen.database));
    if seen.drifted {
        matters.push(Matter::Drift);
    }
    matters.extend(pauses(&seen.pauses));
    matters.extend(limits(&seen.limits));
    sorted(matters, second_step)
}

/// Of one business.
pub(super) fn of_business(seen: &TenantSnapshot, second_step: bool) -> Vec<Matter> {
    let mut matters = jobs(&row::of_business(seen), &seen.effects);
    matters.extend(breakers(&seen.breakers));
    matters.extend(pauses(&seen.pauses));
    sorted(matters, second_step)
}

fn sorted(mut matters: Vec<Matter>, second_step: bool) -> Vec<Matter> {
    if !second_step {
        matters.push(Matter::OneStep);
    }
    matters.sort_by_key(|matter| !matter.is_urgent());
    matters
}

/// Without any worker, it goes without saying that nobody serves each type.
fn workers(workers: &[WorkerNow], rows: &[Row<'_>]) -> Vec<Matter> {
    if !workers.iter().any(is_living) {
        return vec![Matter::NoWorker];
    }
    let unserved = rows.iter().filter(|row| row.now.is_some_and(engine::overview::KindNow::is_unserved));
    unserved.map(|row| Matter::Unserved { kind: row.kind().to_owned(), ready: row.standing.ready }).collect()
}

/// Whether a process takes jobs.
pub(super) fn is_living(worker: &WorkerNow) -> bool {
    !worker.draining && worker.beat_age_seconds <= SILENT
}

fn jobs(rows: &[Row<'_>], effects: &EffectsNow) -> Vec<Matter> {
    let slow = rows.iter().filter(|row| row.is_slow()).map(|row| Matter::Slow {
        kind: row.kind().to_owned(),
        seconds: row.standing.oldest_ready_seconds.unwrap_or(LONG),
    });
    let mut matters: Vec<Matter> = slow.collect();
    let dead = rows.iter().map(|row| row.standing.dead_today).sum();
    if dead > 0 {
        matters.push(Matter::Dead(dead));
    }
    if effects.unknown > 0 {
        matters.push(Matter::Effects(effects.unknown));
    }
    matters
}

fn breakers(breakers: &[BreakerNow]) -> impl Iterator<Item = Matter> + '_ {
    breakers.iter().filter_map(|breaker| {
        let (rule, tenant) = (breaker.rule.clone(), breaker.tenant);
        match breaker.state.as_str() {
            "open" => Some(Matter::Open { rule, tenant, held: breaker.held }),
            "closed" if breaker.forced_by.is_none() => None,
            _ => Some(Matter::Unsure { rule, tenant }),
        }
    })
}

fn schedules(schedules: &[ScheduleNow]) -> impl Iterator<Item = Matter> + '_ {
    schedules.iter().filter_map(|line| {
        let schedule = line.name.clone();
        match (&line.paused, line.late_since) {
            (Some(pause), _) => Some(Matter::ScheduleStill { schedule, by: pause.who.clone() }),
            (None, Some(_)) => Some(Matter::Late { schedule }),
            (None, None) => None,
        }
    })
}

fn database(database: &DatabaseNow) -> Vec<Matter> {
    let old = |seconds: Option<f64>| seconds.filter(|seconds| *seconds > OLD);
    let mut matters = Vec::new();
    match (old(database.longest_transaction_seconds), old(database.xmin_seconds)) {
        // Usually it is this one's snapshot that is old.
        (Some(seconds), _) => matters.push(Matter::Transaction(seconds)),
        (None, Some(seconds)) => matters.push(Matter::Snapshot(seconds)),
        (None, None) => {}
    }
    // The last few are kept for the one who comes to help.
    if database.connections * 10 >= database.connections_max * 9 {
        matters.push(Matter::Connections(database.connections, database.connections_max));
    }
    matters
}

fn pauses(pauses: &[PauseNow]) -> impl Iterator<Item = Matter> + '_ {
    pauses.iter().map(|pause| Matter::Paused { kind: pause.kind.clone(), tenant: pause.tenant, by: pause.by.clone() })
}

/// A limit for each lane or business is reached by design; it matters where jobs wait at it.
fn limits(limits: &[LimitNow]) -> impl Iterator<Item = Matter> + '_ {
    let full = |limit: &&LimitNow| {
        let reached = limit.running.is_some_and(|most| limit.used >= i64::from(most));
        limit.held > 0 || (limit.scope == "all" && reached)
    };
    limits.iter().filter(full).map(|limit| Matter::Full { limit: limit.rule.clone(), held: limit.held })
}

#[cfg(test)]
mod tests;
