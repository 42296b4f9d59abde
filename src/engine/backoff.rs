//! How long a failed job waits.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};

/// Delays between attempts. The delay is computed once and kept in the row, so it survives a restart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    first: Duration,
    most: Duration,
}

impl Backoff {
    /// Doubles from `first` up to `most`; jitter adds up to the delay again, never beyond twice `most`.
    #[must_use]
    pub const fn exponential(first: Duration, most: Duration) -> Self {
        Self { first, most }
    }

    /// The wait after `failures` failed attempts (one or more). `seed` spreads jobs that failed at one instant.
    #[must_use]
    pub fn delay(&self, failures: u16, seed: u64) -> Duration {
        // Beyond 32 doublings every delay is the longest one.
        let nth = usize::from(failures.clamp(1, 32)) - 1;
        ExponentialBuilder::default()
            .with_min_delay(self.first)
            .with_max_delay(self.most)
            .without_max_times()
            .with_jitter()
            .with_jitter_seed(seed)
            .build()
            .nth(nth)
            .unwrap_or(self.most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BACKOFF: Backoff = Backoff::exponential(Duration::from_millis(200), Duration::from_mins(1));

    #[test]
    fn grows_and_stays_bounded() {
        for failures in 1..=u16::MAX {
            let delay = BACKOFF.delay(failures, u64::from(failures));
            assert!(delay >= Duration::from_millis(200) && delay <= Duration::from_mins(2), "{failures}: {delay:?}");
        }
        assert!(BACKOFF.delay(8, 1) > BACKOFF.delay(1, 1));
    }

    #[test]
    fn a_thousand_failures_of_one_instant_spread_over_half_the_interval() {
        let delays: Vec<_> = (0..1000).map(|seed| BACKOFF.delay(5, seed)).collect();
        let (least, most) = (delays.iter().min().unwrap(), delays.iter().max().unwrap());
        assert!((*most).checked_sub(*least).unwrap() > Duration::from_millis(1600), "{least:?}..{most:?}");
    }
}
