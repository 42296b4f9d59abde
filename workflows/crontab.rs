//! What runs by itself: one page, one line each.

use adapters::World;
use chrono_tz::Europe::Rome;
use engine::{CrontabError, Engine, Missed, Overlap, Schedule};
use jobs::TopUpCalendar;

use crate::{Forget, KeepUp};

/// Adds every line. Fields: second, minute, hour, day of month, month, day of week.
pub(crate) fn add(engine: Engine<World>) -> Result<Engine<World>, CrontabError> {
    let keep_up = Schedule::new("keep_up", "0 * * * * *", Rome).missed(Missed::Skip).overlap(Overlap::Skip);
    engine
        .schedule("top_up_calendar", "0 10 3 * * *", Rome, |tick| TopUpCalendar { tick })?
        .schedule("forget", "0 40 3 * * *", Rome, |tick| Forget { tick })?
        .schedule_with(keep_up, |tick| KeepUp { tick })
}
