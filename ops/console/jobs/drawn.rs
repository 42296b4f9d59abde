//! Sizes and colours of the drawings.

/// The colour of a state.
pub(super) fn tone(state: &str) -> &'static str {
    match state {
        "completed" => "tone-good",
        "running" | "ready" => "tone-busy",
        "dead" | "cancelled" => "tone-bad",
        "scheduled" | "blocked" | "held" | "retrying" | "waiting" => "tone-wait",
        _ => "tone-soft",
    }
}

/// A text that fits into so many characters.
pub(super) fn fitting(text: &str, most: usize) -> String {
    if text.chars().count() <= most { text.to_owned() } else { text.chars().take(most - 1).chain(['…']).collect() }
}

/// A number of rows or columns as a length.
pub(super) fn times(n: usize, length: i64) -> i64 {
    i64::try_from(n).unwrap_or_default() * length
}
