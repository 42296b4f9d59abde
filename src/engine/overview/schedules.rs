//! Schedules that need a look: those that somebody paused, and those whose tick nobody made a job of.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::schedule::Timing;

/// A tick that is older than this should have become a job.
const LATE: TimeDelta = TimeDelta::minutes(1);

/// A schedule that is late or paused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ScheduleNow {
    /// The line's name.
    pub name: String,
    /// Its expression.
    pub expression: Option<String>,
    /// Its IANA zone.
    pub zone: Option<String>,
    /// The first tick that should have become a job by now.
    pub late_since: Option<DateTime<Utc>>,
    /// Somebody paused it.
    pub paused: Option<SchedulePause>,
}

/// Who paused a schedule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SchedulePause {
    /// Who.
    pub who: String,
    /// Why, in their words.
    pub why: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// A schedule as `holdfast.overview` tells of it.
#[derive(Deserialize)]
pub(super) struct Line {
    name: String,
    expression: Option<String>,
    zone: Option<String>,
    counted_until: Option<DateTime<Utc>>,
    queued: Option<DateTime<Utc>>,
    paused_by: Option<String>,
    paused_why: Option<String>,
    paused_at: Option<DateTime<Utc>>,
}

impl Line {
    /// None: nothing is wrong with it.
    pub fn look(self, now: DateTime<Utc>) -> Option<ScheduleNow> {
        let paused = match (&self.paused_by, &self.paused_why, self.paused_at) {
            (Some(who), Some(why), Some(at)) => Some(SchedulePause { who: who.clone(), why: why.clone(), at }),
            _ => None,
        };
        let late_since = if paused.is_none() && self.queued.is_none() { self.late_since(now) } else { None };
        (paused.is_some() || late_since.is_some()).then_some(ScheduleNow {
            name: self.name,
            expression: self.expression,
            zone: self.zone,
            late_since,
            paused,
        })
    }

    fn late_since(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let zone: Tz = self.zone.as_deref()?.parse().ok()?;
        let timing = Timing::parse(self.expression.as_deref()?, zone).ok()?;
        let due = timing.next(self.counted_until?)?;
        (due < now - LATE).then_some(due)
    }
}
