//! What the database and the world outside show after the last job.

use std::fmt;

use serde::Serialize;
use sqlx::PgPool;

use super::{
    jobs::STEPS,
    outside::Outside,
    producer::{CYCLE, FLOW, SEND},
    scenario::Scenario,
};

/// From and to, in seconds since 1970.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span(pub f64, pub f64);

/// When what happened, and how much was put in.
pub(super) struct Course {
    pub baseline: Span,
    pub fault: Span,
    pub recovery: Span,
    /// The fault's end, which may be before that of its phase.
    pub over: f64,
    /// Jobs that had been put in by then.
    pub behind: i64,
    pub jobs: i64,
}

/// The columns of the public benchmark, and ours.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Outcome {
    /// The scenario's name.
    pub scenario: String,
    /// Jobs that the producer committed; the steps of workflows come on top.
    pub jobs_in: i64,
    /// Effects that these jobs and their steps were to have.
    pub effects_wanted: i64,
    /// Effects that the database shows.
    pub effects: i64,
    /// Effects that are missing, there or outside.
    pub jobs_lost: i64,
    /// Effects that are there more than once, in the database.
    pub duplicates: i64,
    /// Effects that arrived more than once outside.
    pub duplicates_outside: i64,
    /// Jobs without exactly one row that says that they completed.
    pub not_done_once: i64,
    /// Effects in a lane before those of an earlier job.
    pub order_breaks: i64,
    /// Effects in a lane whose work began before that of the one before had ended.
    pub overlaps: i64,
    /// Jobs completed a second before the fault.
    pub baseline_per_s: f64,
    /// Jobs completed a second during the fault's phase.
    pub fault_per_s: f64,
    /// Jobs completed a second after it.
    pub recovery_per_s: f64,
    /// Jobs put in a second before the fault, and after it: what the engine could do at most.
    pub offered_per_s: (f64, f64),
    /// Completed after the fault in relation to before.
    pub recovery_percent: f64,
    /// From the end of the fault to the first effect.
    pub chaos_recovery_time_s: Option<f64>,
    /// From the end of the fault until all jobs that had been put in by then were done.
    pub backlog_drained_s: Option<f64>,
    /// The longest time without any effect, from the beginning of the fault.
    pub longest_gap_s: Option<f64>,
    /// 99th percentile from the put-in to the effect, before the fault.
    pub baseline_p99_s: Option<f64>,
    /// The same after it.
    pub recovery_p99_s: Option<f64>,
    /// The longest that a job waited for its effect, from the baseline on.
    pub slowest_s: Option<f64>,
    /// Attempts that failed or were lost with their worker.
    pub attempts_failed: i64,
    /// Worker processes that ended although nobody had killed them.
    pub deserters: usize,
    /// What was done to the system, and what it said.
    pub notes: String,
}

/// Effects so far, and those that there should be.
pub(super) async fn progress(pool: &PgPool, jobs: i64) -> sqlx::Result<(i64, i64)> {
    let effects = sqlx::query_scalar("select count(*) from effect_log").fetch_one(pool).await?;
    Ok((effects, jobs + count(jobs, FLOW) * i64::from(STEPS)))
}

/// How many of `jobs` stand at this place of their ten.
fn count(jobs: i64, place: i64) -> i64 {
    (jobs + CYCLE - 1 - place) / CYCLE
}

#[derive(sqlx::FromRow)]
struct Counts {
    effects: i64,
    duplicates: i64,
    not_done_once: i64,
    order_breaks: i64,
    overlaps: i64,
    missing: i64,
    attempts_failed: i64,
}

#[derive(sqlx::FromRow)]
struct Times {
    baseline: f64,
    fault: f64,
    recovery: f64,
    offered_before: f64,
    offered_after: f64,
    first: Option<f64>,
    drained: Option<f64>,
    gap: Option<f64>,
    baseline_p99: Option<f64>,
    recovery_p99: Option<f64>,
    slowest: Option<f64>,
}

/// `$1` jobs, of which each tenth has `$2` steps.
const COUNTS: &str = "
    with wanted as (
      select n as number, p::smallint as part from generate_series(0, $1 - 1) n,
        lateral generate_series(0, case when n % 10 = 9 then $2 else 0 end) p
    ), had as (
      select number, part, count(*) as times from effect_log group by number, part
    ), laned as (
      select number, began_at, lag(number) over lane as number_before, max(at) over (lane rows between unbounded preceding and 1 preceding) as ended_before
      from effect_log where lane is not null window lane as (partition by lane order by seq)
    )
    select
      (select count(*) from effect_log) as effects,
      (select count(*) from effect_log) - (select count(*) from wanted join had using (number, part)) as duplicates,
      (select count(*) from wanted left join had using (number, part) where had.times is null) as missing,
      (select count(*) from (
         select from holdfast.job j left join holdfast.done d on d.id = j.id
         group by j.id having count(*) filter (where d.outcome = 0) <> 1 or count(d.id) <> 1) x)
        + abs((select count(*) from holdfast.job) - (select count(*) from wanted)) as not_done_once,
      (select count(*) from laned where number < number_before) as order_breaks,
      (select count(*) from laned where began_at < ended_before) as overlaps,
      (select count(*) from holdfast.attempt) as attempts_failed";

/// Moments are in seconds since 1970; `$8` jobs had been put in when the fault was over, at `$7`.
const TIMES: &str = "
    with effect as (
      select e.number, e.part, extract(epoch from e.at)::float8 as at, extract(epoch from e.at - j.created_at)::float8 as wait
      from effect_log e left join holdfast.job j on j.id = e.job
    )
    select
      count(*) filter (where part = 0 and at between $1 and $2) / ($2 - $1) as baseline,
      count(*) filter (where part = 0 and at between $3 and $4) / ($4 - $3) as fault,
      count(*) filter (where part = 0 and at between $5 and $6) / ($6 - $5) as recovery,
      count(*) filter (where part = 0 and at - wait between $1 and $2) / ($2 - $1) as offered_before,
      count(*) filter (where part = 0 and at - wait between $5 and $6) / ($6 - $5) as offered_after,
      min(at) filter (where at > $7) - $7 as first,
      greatest(max(at) filter (where number < $8) - $7, 0) as drained,
      percentile_cont(0.99) within group (order by wait) filter (where part = 0 and at between $1 and $2) as baseline_p99,
      percentile_cont(0.99) within group (order by wait) filter (where part = 0 and at between $5 and $6) as recovery_p99,
      max(wait) filter (where part = 0 and at > $1) as slowest,
      (select max(gap) from (select at - lag(at) over (order by at) as gap from effect where at between $3 and $6) x) as gap
    from effect";

pub(super) async fn judge(
    scenario: Scenario,
    pool: &PgPool,
    outside: &Outside,
    course: &Course,
) -> anyhow::Result<Outcome> {
    let counts: Counts = sqlx::query_as(COUNTS).bind(course.jobs).bind(i64::from(STEPS)).fetch_one(pool).await?;
    let mut times = sqlx::query_as(TIMES);
    for Span(from, to) in [course.baseline, course.fault, course.recovery] {
        times = times.bind(from).bind(to);
    }
    let times: Times = times.bind(course.over).bind(course.behind).fetch_one(pool).await?;
    let arrived = outside.arrived()?;
    let again: u64 = arrived.values().map(|times| times - 1).sum();
    let never = (SEND..course.jobs).step_by(usize::try_from(CYCLE)?).filter(|number| !arrived.contains_key(number));
    Ok(Outcome {
        scenario: scenario.name().to_owned(),
        jobs_in: course.jobs,
        effects_wanted: course.jobs + count(course.jobs, FLOW) * i64::from(STEPS),
        effects: counts.effects,
        jobs_lost: counts.missing + i64::try_from(never.count())?,
        duplicates: counts.duplicates,
        duplicates_outside: i64::try_from(again)?,
        not_done_once: counts.not_done_once,
        order_breaks: counts.order_breaks,
        overlaps: counts.overlaps,
        baseline_per_s: times.baseline,
        fault_per_s: times.fault,
        recovery_per_s: times.recovery,
        offered_per_s: (times.offered_before, times.offered_after),
        recovery_percent: times.recovery / times.baseline * 100.0,
        chaos_recovery_time_s: times.first,
        backlog_drained_s: times.drained,
        longest_gap_s: times.gap,
        baseline_p99_s: times.baseline_p99,
        recovery_p99_s: times.recovery_p99,
        slowest_s: times.slowest,
        attempts_failed: counts.attempts_failed,
        ..Outcome::default()
    })
}

impl Outcome {
    /// The head of the table whose rows outcomes print as.
    #[must_use]
    pub fn head() -> String {
        format!(
            "{:<17} {:>7} {:>8} {:>5} {:>5} {:>5} {:>6} {:>6} {:>6} {:>7} {:>7} {:>7} {:>6} {:>7} {:>7} {:>7} {:>7}",
            "scenario",
            "jobs_in",
            "effects",
            "lost",
            "dup",
            "dup o",
            "undone",
            "order",
            "overl",
            "base/s",
            "fault/s",
            "recov/s",
            "rec %",
            "first s",
            "drain s",
            "gap s",
            "slow s"
        )
    }

    /// Whether something was lost, happened twice, or in the wrong order.
    #[must_use]
    pub fn broken(&self) -> bool {
        let counts = [
            self.jobs_lost,
            self.duplicates,
            self.duplicates_outside,
            self.not_done_once,
            self.order_breaks,
            self.overlaps,
        ];
        counts.iter().any(|count| *count != 0)
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = |time: Option<f64>| time.map_or_else(|| "-".to_owned(), |time| format!("{time:.2}"));
        write!(
            out,
            "{:<17} {:>7} {:>8} {:>5} {:>5} {:>5} {:>6} {:>6} {:>6} {:>7.0} {:>7.0} {:>7.0} {:>6.1} {:>7} {:>7} {:>7} {:>7}  \
             {}; {} attempts failed; offered {:.0}/s before and {:.0}/s after",
            self.scenario,
            self.jobs_in,
            self.effects,
            self.jobs_lost,
            self.duplicates,
            self.duplicates_outside,
            self.not_done_once,
            self.order_breaks,
            self.overlaps,
            self.baseline_per_s,
            self.fault_per_s,
            self.recovery_per_s,
            self.recovery_percent,
            seconds(self.chaos_recovery_time_s),
            seconds(self.backlog_drained_s),
            seconds(self.longest_gap_s),
            seconds(self.slowest_s),
            self.notes,
            self.attempts_failed,
            self.offered_per_s.0,
            self.offered_per_s.1,
        )?;
        if self.deserters > 0 { write!(out, "; {} workers ended by themselves", self.deserters) } else { Ok(()) }
    }
}
