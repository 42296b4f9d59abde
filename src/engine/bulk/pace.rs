//! How fast an operation goes.

use std::time::Duration;

/// The most items of one chunk: what it locks is let go within a fraction of a second.
const CHUNK: i32 = 200;
/// A rate is given out in so many chunks a second.
const PARTS: i32 = 4;
/// Chunks further apart than this (seconds) say nothing about the speed: it stood still between them.
const STILL: f64 = 10.0;

/// Items of the next chunk, for so many jobs a second at most.
pub(super) fn items(rate: Option<i32>) -> i32 {
    rate.map_or(CHUNK, |rate| (rate / PARTS).clamp(1, CHUNK))
}

/// How long the rate makes the next chunk wait, when the latest one had so many items and began so many seconds ago. At
/// most a second, so that a pause or another rate is noticed.
pub(super) fn rest(rate: Option<i32>, latest: i32, since: Option<f64>) -> Option<Duration> {
    let period = (f64::from(latest) / f64::from(rate?.max(1))).min(1.0);
    Duration::try_from_secs_f64(period - since?).ok().filter(|rest| !rest.is_zero())
}

/// Items a second between the beginnings of the latest chunk and of this one.
pub(super) fn speed(latest: i32, since: Option<f64>) -> Option<f64> {
    since.filter(|since| (f64::EPSILON..STILL).contains(since)).map(|since| f64::from(latest) / since)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_second_has_more_items_than_the_rate_and_no_chunk_is_large_or_rare() {
        for rate in (1..3000).chain([4000, 10_000, 1_000_000]) {
            let items = items(Some(rate));
            let period = rest(Some(rate), items, Some(0.0)).unwrap();
            assert!((1..=CHUNK).contains(&items), "{rate}: {items}");
            assert!(period <= Duration::from_secs(1), "{rate}: a pause would be noticed after {period:?}");
            let most = f64::from(items) / period.as_secs_f64();
            assert!((most / f64::from(rate) - 1.0).abs() < 1e-3, "{rate}: {most} a second");
        }
    }

    #[test]
    fn a_rate_of_fifty_is_twelve_items_every_240_ms() {
        assert_eq!(items(Some(50)), 12);
        assert_eq!(rest(Some(50), 12, Some(0.0)), Some(Duration::from_millis(240)));
        assert_eq!(rest(Some(50), 12, Some(0.25)), None, "the next one is due");
        assert_eq!(rest(Some(50), 12, None), None, "the first one waits for nobody");
    }

    #[test]
    fn without_a_rate_chunks_are_large_and_wait_only_for_others() {
        assert_eq!((items(None), rest(None, CHUNK, Some(0.0))), (CHUNK, None));
    }

    #[test]
    fn a_rate_that_was_lowered_makes_nobody_wait_for_longer_than_a_second() {
        assert_eq!(rest(Some(1), CHUNK, Some(0.0)), Some(Duration::from_secs(1)));
    }

    #[test]
    fn a_pause_is_not_taken_for_slowness() {
        assert_eq!(speed(500, Some(0.5)), Some(1000.0));
        assert_eq!((speed(500, Some(60.0)), speed(0, None)), (None, None));
    }
}
