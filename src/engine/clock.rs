//! Whether the database's clock goes on as ours does.

use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};

/// Differences between two looks that a slow answer explains.
const SLACK: Duration = Duration::from_secs(2);

/// Compares the database's clock with our monotonic one. After a jump all beats look old (or new): nothing may be
/// concluded from their age until the workers have beaten again.
#[derive(Debug, Default)]
pub(crate) struct Clocks {
    last: Option<(DateTime<Utc>, Instant)>,
    jumped: Option<Instant>,
}

impl Clocks {
    /// Takes a look; returns how far the database's clock has jumped since the last one, if it has.
    pub fn compare(&mut self, database: DateTime<Utc>, ours: Instant) -> Option<TimeDelta> {
        let (last_database, last_ours) = self.last.replace((database, ours))?;
        let passed = TimeDelta::from_std(ours.duration_since(last_ours)).ok()?;
        let jump = (database - last_database) - passed;
        let jumped = jump.abs().to_std().is_ok_and(|jump| jump > SLACK);
        if jumped {
            self.jumped = Some(ours);
        }
        jumped.then_some(jump)
    }

    /// Whether there was no jump for this long.
    pub fn are_steady(&self, length: Duration, now: Instant) -> bool {
        self.jumped.is_none_or(|jumped| now.duration_since(jumped) >= length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn k10_a_clock_that_jumps_is_noticed_and_beats_are_given_time() {
        let (mut clocks, now, database) = (Clocks::default(), Instant::now(), DateTime::UNIX_EPOCH);
        let second = Duration::from_secs(1);
        assert_eq!(clocks.compare(database, now), None);
        assert_eq!(clocks.compare(database + second, now + second), None);
        assert!(clocks.are_steady(second, now + second));
        let hour = TimeDelta::hours(1);
        assert_eq!(clocks.compare(database + second * 2 + hour, now + second * 2), Some(hour));
        assert!(!clocks.are_steady(second, now + second * 2));
        assert!(clocks.are_steady(second, now + second * 3));
        assert_eq!(clocks.compare(database + second * 3, now + second * 3), Some(-hour));
    }
}
