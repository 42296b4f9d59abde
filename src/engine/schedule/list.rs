//! How the schedules stand.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use serde::Serialize;
use sqlx::PgConnection;

use super::{Tick, Timing};

/// One schedule, as the database knows it.
#[derive(Debug, Clone, Serialize)]
pub struct Entry {
    /// The line's name.
    pub name: String,
    /// Its expression. None: only binaries from before expressions were kept have had this line.
    pub expression: Option<String>,
    /// Its IANA zone.
    pub zone: Option<String>,
    /// Who paused it; None while it runs.
    pub pause: Option<Pause>,
    /// The latest tick that became a job.
    pub last_tick: Option<Tick>,
    /// A tick that waits for the run before it.
    pub queued: Option<Tick>,
    /// The latest job that came of it, by a tick or by a person.
    pub last_run: Option<LastRun>,
    /// The database's clock.
    pub now: DateTime<Utc>,
}

/// Why a schedule stands still.
#[derive(Debug, Clone, Serialize)]
pub struct Pause {
    /// Who paused it.
    pub who: String,
    /// Why, in their words.
    pub why: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// The latest job of a schedule.
#[derive(Debug, Clone, Serialize)]
pub struct LastRun {
    /// The job.
    pub job: i64,
    /// Its state, as in [`crate::inspect::JobRow`]; `pruned` when its rows are gone.
    pub state: String,
}

impl Entry {
    /// The next ticks, on the wall of the schedule's zone. None while it is paused, or when this binary cannot read it.
    #[must_use]
    pub fn next(&self, ticks: usize) -> Vec<DateTime<Tz>> {
        let timing = self.expression.as_deref().zip(self.known_zone());
        match timing.and_then(|(expression, zone)| Timing::parse(expression, zone).ok()) {
            Some(timing) if self.pause.is_none() => {
                timing.ticks(self.now).take(ticks).map(|tick| tick.with_timezone(&timing.zone())).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The last ticks that have been, newest first, whether or not anybody made a job of them.
    pub(super) fn past(&self, ticks: usize) -> Vec<Tick> {
        let timing = self.expression.as_deref().zip(self.known_zone());
        let Some(timing) = timing.and_then(|(expression, zone)| Timing::parse(expression, zone).ok()) else {
            return Vec::new();
        };
        let before = |until: DateTime<Utc>| timing.latest(until - TimeDelta::days(366), until);
        std::iter::successors(before(self.now), |tick| before(*tick - TimeDelta::milliseconds(1))).take(ticks).collect()
    }

    /// What the wall of the schedule's zone shows at an instant, for people.
    #[must_use]
    pub fn wall(&self, instant: DateTime<Utc>) -> String {
        let wall = instant.with_timezone(&self.known_zone().unwrap_or(Tz::UTC));
        wall.format("%a %F %T %Z").to_string()
    }

    fn known_zone(&self) -> Option<Tz> {
        self.zone.as_deref()?.parse().ok()
    }
}

/// All schedules, by name.
pub async fn list(conn: &mut PgConnection) -> sqlx::Result<Vec<Entry>> {
    let rows = sqlx::query!(
        r#"select s.name, s.expression, s.zone, s.queued, clock_timestamp() as "now!",
                  case when s.last_tick is distinct from s.created_at then s.last_tick end as last_tick,
                  a.who as "who?", a.why as "why?", a.at as "at?",
                  s.runs[cardinality(s.runs)] as job, coalesce(j.state, 'pruned') as "state!"
           from holdfast.schedule s
           left join holdfast.schedule_act a on a.id = s.pause
           left join lateral (select x.state from holdfast.job_state x where x.id = s.runs[cardinality(s.runs)]) j on true
           order by s.name"#
    )
    .fetch_all(conn)
    .await?;
    let entries = rows.into_iter().map(|row| Entry {
        name: row.name,
        expression: row.expression,
        zone: row.zone,
        pause: match (row.who, row.why, row.at) {
            (Some(who), Some(why), Some(at)) => Some(Pause { who, why, at }),
            _ => None,
        },
        last_tick: row.last_tick,
        queued: row.queued,
        last_run: row.job.map(|job| LastRun { job, state: row.state }),
        now: row.now,
    });
    Ok(entries.collect())
}
