//! What becomes of the ticks that are due: policies only, no clock and no rows.

use std::{collections::VecDeque, time::Duration};

use chrono::{DateTime, Utc};

use super::{Missed, Overlap, Tick, Timing};

/// Ticks that become jobs in one transaction; more are next.
const BATCH: usize = 100;
/// A tick that is older than this was missed, as nobody was there to see it.
const LATE: Duration = Duration::from_mins(1);

/// What a transaction does with a line.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Plan {
    /// These become jobs, in order.
    pub make: Vec<Tick>,
    /// This one waits for the run before it.
    pub queued: Option<Tick>,
    /// Ticks until then are dealt with, and not all of them became jobs.
    pub dropped_until: Option<Tick>,
    /// Not all that was due fitted into this transaction.
    pub more: bool,
}

/// Ticks after `floor` that the policy for missed ones does not drop, and the latest that it drops.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Due {
    pub ticks: VecDeque<Tick>,
    pub dropped_until: Option<Tick>,
}

pub(super) fn due(timing: &Timing, missed: Missed, floor: DateTime<Utc>, now: DateTime<Utc>) -> Due {
    match missed {
        Missed::Latest => Due { ticks: timing.latest(floor, now).into_iter().collect(), dropped_until: None },
        Missed::Skip => match timing.latest(floor, now) {
            Some(tick) if tick < now - LATE => Due { dropped_until: Some(tick), ..Due::default() },
            tick => Due { ticks: tick.into_iter().collect(), dropped_until: None },
        },
        Missed::All { within } => {
            let oldest = chrono::Duration::from_std(within).ok().and_then(|within| now.checked_sub_signed(within));
            let from = oldest.map_or(floor, |oldest| oldest.max(floor));
            let ticks = timing.ticks(from).take_while(|tick| *tick <= now).take(BATCH).collect();
            let dropped = timing.next(floor).is_some_and(|first| first <= from);
            Due { ticks, dropped_until: dropped.then_some(from) }
        }
    }
}

/// Lets the due ticks pass the policy for overlaps. `going`: an earlier run has not ended.
pub(super) fn plan(overlap: Overlap, mut going: bool, queued: Option<Tick>, due: Due) -> Plan {
    let more = due.ticks.len() >= BATCH;
    let mut plan = Plan { make: Vec::new(), queued, dropped_until: due.dropped_until, more };
    if let Some(tick) = plan.queued
        && !going
    {
        plan.make.push(tick);
        plan.queued = None;
        going = true;
    }
    for tick in due.ticks {
        if overlap == Overlap::Allow || !going {
            plan.make.push(tick);
            going = true;
            continue;
        }
        if overlap == Overlap::QueueOne {
            plan.queued = plan.queued.or(Some(tick));
        }
        plan.dropped_until = plan.dropped_until.max(Some(tick));
    }
    plan
}

#[cfg(test)]
mod tests;
