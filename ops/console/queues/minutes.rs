//! An hour of a queue, minute by minute.

use engine::overview::KindNow;
use maud::{Markup, html};

use super::row::hour_told;
use crate::console::words::Words;

const HEIGHT: i64 = 100;

/// A bar a minute: what was completed, and on top of it what failed.
pub(super) fn minutes(words: Words, now: &KindNow) -> Markup {
    let told = hour_told(words, now);
    let bars = bars(&now.completed, &now.failed);
    html! {
        svg.minutes viewBox="0 0 600 100" preserveAspectRatio="none" role="img" aria-label=(told) {
            title { (told) }
            @for (nth, (completed, failed)) in bars.into_iter().enumerate() {
                @if completed > 0 { rect.good x=(nth * 10 + 1) y=(HEIGHT - completed) width="8" height=(completed) {} }
                @if failed > 0 { rect.bad x=(nth * 10 + 1) y=(HEIGHT - completed - failed) width="8" height=(failed) {} }
            }
        }
        p.soft { (told) }
    }
}

/// Heights of 100: the highest minute fills them, and whatever happened can be seen.
fn bars(completed: &[i64], failed: &[i64]) -> Vec<(i64, i64)> {
    let most = completed.iter().zip(failed).map(|(completed, failed)| completed + failed).max().unwrap_or(0).max(1);
    let height = |n: i64| if n == 0 { 0 } else { (n * (HEIGHT - 4) / most).max(2) };
    completed.iter().zip(failed).map(|(completed, failed)| (height(*completed), height(*failed))).collect()
}

#[cfg(test)]
mod tests {
    use super::bars;

    #[test]
    fn the_highest_minute_fills_the_drawing_and_one_failure_is_seen() {
        assert_eq!(bars(&[0, 1000, 500], &[0, 0, 1]), [(0, 0), (96, 0), (48, 2)]);
        assert_eq!(bars(&[], &[]), []);
    }

    #[test]
    fn nothing_is_drawn_higher_than_the_drawing() {
        for (completed, failed) in bars(&[1_000_000, 999_999, 3], &[1, 1, 999_998]) {
            assert!(completed + failed <= 100, "{completed} + {failed}");
        }
    }
}
