//! What stands aside of a booking: greetings, and times told from now.

use chrono::{NaiveDateTime, TimeDelta, Timelike};

use super::calendar::Days;
use super::clock::{self, Window};

/// "Buona sera" is no evening.
pub(super) fn mask_greetings(words: &[&str], taken: &mut [bool]) {
    for (at, pair) in words.windows(2).enumerate() {
        let greets = matches!(
            pair,
            [
                "buon" | "buona" | "good",
                "giorno"
                    | "sera"
                    | "serata"
                    | "giornata"
                    | "pomeriggio"
                    | "morning"
                    | "afternoon"
                    | "evening"
                    | "night"
            ]
        );
        let begins = at == 0 || matches!(words[at - 1], "," | "." | "!" | "grazie" | "ciao" | "allora");
        let leaves = begins && pair[0] == "a" && is_soon(pair[1]);
        if pair == ["see", "you"] {
            taken[at..].fill(true);
        }
        if greets || leaves {
            taken[at..at + 2].fill(true);
        }
    }
}

/// What follows "a" in "a domani", "a lunedì".
fn is_soon(word: &str) -> bool {
    matches!(word, "domani" | "presto" | "dopo" | "stasera")
        || word.ends_with("edi")
        || matches!(word, "sabato" | "domenica")
}

/// "In two hours": a day and a time at once.
pub(super) fn moment(words: &[&str], taken: &mut [bool], local: NaiveDateTime) -> Option<(Days, Window)> {
    let (at, (minutes, len)) = (0..words.len()).find_map(|at| Some((at, clock::from_now(&words[at..])?)))?;
    taken[at..at + len].fill(true);
    let then = local.checked_add_signed(TimeDelta::minutes(minutes.into()))?;
    let date = then.date();
    Some((Days::new(date, date), Window::point(then.hour() * 60 + then.minute())))
}
