//! Waiting lists: who stands where, and what is full.

use super::catalog::{args, say, say_with};
use super::session::{SessionLine, numbered_plainly, session};
use crate::Language;

/// The lists that a customer is in, and their number in each; 1 is next.
#[must_use]
pub fn waiting_lists(language: Language, lists: &[(SessionLine, i64)]) -> String {
    let rows = lists.iter().enumerate().map(|(at, (line, position))| {
        let args = args! { "session" => session(language, line), "position" => *position };
        format!("{}. {}", at + 1, say_with(language, "waiting-row", &args))
    });
    let head = say_with(language, "waiting-lists", &args! { "count" => lists.len() });
    format!("{head}\n{}", rows.collect::<Vec<_>>().join("\n"))
}

/// The customer waits for nothing.
#[must_use]
pub fn not_waiting(language: Language) -> String {
    say(language, "not-waiting")
}

/// Several lists could be meant: which one?
#[must_use]
pub fn which_list(language: Language, lines: &[SessionLine]) -> String {
    format!("{}\n{}", say(language, "which-list"), numbered_plainly(language, lines))
}

/// The customer does not wait any more.
#[must_use]
pub fn left_list(language: Language, line: &SessionLine) -> String {
    say_with(language, "left-list", &args! { "session" => session(language, line) })
}

/// These are full, and for each there is a waiting list: for which one?
#[must_use]
pub fn all_full(language: Language, lines: &[SessionLine]) -> String {
    let head = say_with(language, "all-full", &args! { "count" => lines.len() });
    format!("{head}\n{}\n{}", numbered_plainly(language, lines), say(language, "which-to-wait-for"))
}

/// Beside what has room, these are full, and for each there is a waiting list.
#[must_use]
pub fn also_full(language: Language, lines: &[SessionLine]) -> String {
    let rows: Vec<String> = lines.iter().map(|line| format!("• {}", session(language, line))).collect();
    let head = say_with(language, "also-full", &args! { "count" => lines.len() });
    format!("{head}\n{}\n{}", rows.join("\n"), say(language, "how-to-wait"))
}
