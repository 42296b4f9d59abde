//! A delay that is the same whoever works it out.

use std::time::Duration;

use super::Tick;

/// A part of `spread`, from nothing to just below the whole, that depends on the line and the tick alone.
pub(super) fn delay(spread: Duration, name: &str, tick: Tick) -> Duration {
    let seed = tick.timestamp().to_le_bytes();
    // FNV-1a, whose low bits are good and whose high bits are not; the rounds of SplitMix64 mend that.
    let hash = name
        .bytes()
        .chain(seed)
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    let hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    let micros = (spread.as_micros() * u128::from(hash ^ (hash >> 31))) >> 64;
    Duration::from_micros(u64::try_from(micros).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_hours(1);

    fn tick() -> Tick {
        "2026-03-02T08:00:00Z".parse().unwrap()
    }

    #[test]
    fn it_never_changes_between_versions() {
        assert_eq!(delay(HOUR, "reminder:1", tick()), Duration::from_micros(3_325_869_516));
        assert_eq!(delay(Duration::ZERO, "reminder:1", tick()), Duration::ZERO);
    }

    #[test]
    fn it_spreads_over_names_and_over_ticks() {
        let names: Vec<_> = (0..6000).map(|n| delay(HOUR, &format!("reminder:{n}"), tick())).collect();
        let ticks: Vec<_> = (0..6000).map(|n| delay(HOUR, "nightly", tick() + chrono::Duration::days(n))).collect();
        for delays in [names, ticks] {
            let mut minutes = [0; 60];
            for delay in delays {
                minutes[usize::try_from(delay.as_secs() / 60).unwrap()] += 1;
            }
            assert!(minutes.iter().all(|jobs| (50..170).contains(jobs)), "{minutes:?}");
        }
    }
}
