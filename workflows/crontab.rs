//! What runs by itself: one page, one line each.

use adapters::World;
use chrono_tz::Europe::Rome;
use engine::{CrontabError, Engine};
use jobs::TopUpCalendar;

/// Adds every line. Fields: second, minute, hour, day of month, month, day of week.
pub(crate) fn add(engine: Engine<World>) -> Result<Engine<World>, CrontabError> {
    engine.schedule("top_up_calendar", "0 10 3 * * *", Rome, |tick| TopUpCalendar { tick })
}
