//! When a line runs: an expression read in a zone.
//!
//! The expression is about wall time. Two kinds of line differ when the clock is changed:
//!
//! - The hour is given: the line follows the wall. A time that the change leaves out runs at the first instant
//!   after the gap; one that comes twice runs the first time. So a day has its run, and has it once.
//! - Every hour (`*`): the line follows the flow of time. It runs through the hour that comes twice, and a time
//!   that is left out is not made up for, since its neighbours ran a minute ago.

use chrono::{DateTime, Duration, MappedLocalTime, NaiveDateTime, Offset, TimeZone, Utc};
use chrono_tz::{GapInfo, Tz};
use cron::{Schedule, TimeUnitSpec};

use super::{ExpressionError, Tick, expression};

/// An expression and the IANA zone in which it is read.
#[derive(Debug, Clone)]
pub struct Timing {
    schedule: Schedule,
    zone: Tz,
    every_hour: bool,
}

impl Timing {
    /// Five fields as in a crontab (weekdays from 0, Sunday), six with the second in front (weekdays from 1, Sunday;
    /// names are clearer), or seven with the year behind. In six and seven, day of month and weekday must both hold.
    pub fn parse(expression: &str, zone: Tz) -> Result<Self, ExpressionError> {
        let schedule = expression::parse(expression)?;
        let every_hour = schedule.hours().is_all();
        Ok(Self { schedule, zone, every_hour })
    }

    /// The zone of the wall that it looks at.
    #[must_use]
    pub fn zone(&self) -> Tz {
        self.zone
    }

    /// The first tick after an instant, by the rules of the zone that this binary knows. None: never again.
    #[must_use]
    pub fn next(&self, after: DateTime<Utc>) -> Option<Tick> {
        if self.every_hour { self.next_in_time(after) } else { self.next_on_the_wall(after) }
    }

    /// The ticks after an instant, in order.
    pub fn ticks(&self, after: DateTime<Utc>) -> impl Iterator<Item = Tick> + '_ {
        std::iter::successors(self.next(after), |tick| self.next(*tick))
    }

    /// The last tick after `after` that is not later than `now`, without going through all of a long outage.
    pub(super) fn latest(&self, after: DateTime<Utc>, now: DateTime<Utc>) -> Option<Tick> {
        let spans = [Duration::minutes(1), Duration::hours(1), Duration::days(1), Duration::days(32), Duration::MAX];
        spans.into_iter().find_map(|span| {
            let from = now.checked_sub_signed(span).map_or(after, |from| from.max(after));
            self.ticks(from).take_while(|tick| *tick <= now).last()
        })
    }

    fn next_on_the_wall(&self, after: DateTime<Utc>) -> Option<Tick> {
        // In an hour that is there for the second time, these have run before.
        self.walls(self.wall(after)).filter_map(|wall| self.first_instant(wall)).find(|tick| *tick > after)
    }

    fn first_instant(&self, wall: NaiveDateTime) -> Option<Tick> {
        let local = self.zone.from_local_datetime(&wall);
        let instant = local.earliest().or_else(|| GapInfo::new(&wall, &self.zone)?.end);
        instant.map(|instant| instant.to_utc())
    }

    fn next_in_time(&self, after: DateTime<Utc>) -> Option<Tick> {
        let wall = self.wall(after);
        let next = self.first_existing(wall, after);
        let MappedLocalTime::Ambiguous(first, second) = self.zone.from_local_datetime(&wall) else { return next };
        if first.to_utc() != after {
            return next;
        }
        // The clock is about to be set back: what comes again may be sooner than what comes next on the wall.
        let change = self.change(after, second.to_utc());
        match next {
            Some(next) if next < change => Some(next),
            _ => self.first_existing(self.wall(change) - Duration::seconds(1), change - Duration::seconds(1)),
        }
    }

    /// The first tick after the wall shows `wall` that is an instant after `after`.
    fn first_existing(&self, wall: NaiveDateTime, after: DateTime<Utc>) -> Option<Tick> {
        self.walls(wall).find_map(|wall| match self.zone.from_local_datetime(&wall) {
            MappedLocalTime::Single(instant) => Some(instant.to_utc()),
            MappedLocalTime::Ambiguous(first, second) => {
                [first, second].map(|instant| instant.to_utc()).into_iter().find(|instant| *instant > after)
            }
            MappedLocalTime::None => None,
        })
    }

    /// The instant between two, to the second, from which the zone has the second one's offset.
    fn change(&self, before: DateTime<Utc>, after: DateTime<Utc>) -> DateTime<Utc> {
        let offset = |seconds: i64| {
            let instant = before + Duration::seconds(seconds);
            self.zone.offset_from_utc_datetime(&instant.naive_utc()).fix()
        };
        let (mut low, mut high) = (0, (after - before).num_seconds());
        let old = offset(low);
        while high - low > 1 {
            let middle = low.midpoint(high);
            if offset(middle) == old { low = middle } else { high = middle }
        }
        before + Duration::seconds(high)
    }

    fn wall(&self, instant: DateTime<Utc>) -> NaiveDateTime {
        instant.with_timezone(&self.zone).naive_local()
    }

    /// What the wall shows at each tick, as if no clock was ever changed.
    fn walls(&self, after: NaiveDateTime) -> impl Iterator<Item = NaiveDateTime> + '_ {
        self.schedule.after(&after.and_utc()).map(|wall| wall.naive_utc())
    }
}

#[cfg(test)]
mod tests;
