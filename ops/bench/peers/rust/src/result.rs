//! The line that a measurement ends with.

use std::time::Duration;

use serde_json::{Value, json};

/// `n` in `took`.
pub(crate) fn rate(n: i64, took: Duration, notes: &str) {
    let seconds = took.as_secs_f64();
    print(&json!({"n": n, "seconds": round(seconds), "per_s": round(n as f64 / seconds), "notes": notes}));
}

/// Each of many timed on its own.
pub(crate) fn rounds(mut rounds: Vec<Duration>, took: Duration, notes: &str) {
    rounds.sort_unstable();
    let (n, seconds) = (rounds.len(), took.as_secs_f64());
    let at = |share: f64| rounds.get((n as f64 * share) as usize).map(|round| round_ms(*round));
    print(&json!({
        "n": n, "seconds": round(seconds), "per_s": round(n as f64 / seconds),
        "p50_ms": at(0.5), "p99_ms": at(0.99), "notes": notes,
    }));
}

fn print(result: &Value) {
    println!("RESULT {result}");
}

fn round(figure: f64) -> f64 {
    (figure * 1e3).round() / 1e3
}

fn round_ms(round: Duration) -> f64 {
    self::round(round.as_secs_f64() * 1e3)
}
