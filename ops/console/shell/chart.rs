//! Charts, drawn as SVG with presentation attributes only: the policy allows no style in the page.

use std::fmt::Write as _;

use maud::{Markup, html};

/// A small line of numbers, oldest first, with what it tells in words.
pub fn sparkline(values: &[i64], told: &str) -> Markup {
    let (width, height) = (120.0, 28.0);
    let most = values.iter().copied().max().unwrap_or(0).max(1);
    #[expect(clippy::cast_precision_loss, reason = "a drawing")]
    let point = |(n, value): (usize, &i64)| {
        let x = n as f64 * width / (values.len().max(2) - 1) as f64;
        let y = height - 2.0 - *value as f64 / most as f64 * (height - 4.0);
        (x, y)
    };
    let mut line = String::new();
    for (x, y) in values.iter().enumerate().map(point) {
        let _ = write!(line, "{}{x:.1} {y:.1}", if line.is_empty() { "M" } else { "L" });
    }
    let area = format!("{line}L{width} {height}L0 {height}Z");
    html! {
        svg.spark viewBox="0 0 120 28" width="120" height="28" role="img" aria-label=(told) {
            title { (told) }
            @if !values.is_empty() { path.area d=(area) {} path.line d=(line) {} }
        }
    }
}

/// One bar of a whole.
pub fn bar(part: i64, whole: i64, tone: &str, told: &str) -> Markup {
    let share = if whole > 0 { part.clamp(0, whole) * 1000 / whole } else { 0 };
    html! {
        svg.meter viewBox="0 0 1000 8" preserveAspectRatio="none" role="img" aria-label=(told) {
            title { (told) }
            rect.ground width="1000" height="8" {}
            rect class=(tone) width=(share) height="8" {}
        }
    }
}
