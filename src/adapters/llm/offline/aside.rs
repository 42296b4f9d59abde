//! What stands aside of a booking: greetings, how many come, and times told from now.

use chrono::{NaiveDateTime, TimeDelta, Timelike};

use super::calendar::Days;
use super::clock::{self, Window};
use super::numbers;

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

/// "Siamo in 3", "for two people": how many come.
pub(super) fn party(words: &[&str], taken: &mut [bool]) -> u32 {
    let is_pair = |words: &[&str]| {
        matches!(words, ["me", "and" | "e", "my" | "a" | "mia" | "mio" | "un" | "una"] | ["io", "e", _])
    };
    if words.windows(3).any(is_pair) {
        return 2;
    }
    for at in 0..words.len() {
        let counted = numbers::cardinal(&words[at..]).filter(|(count, _)| (1..=20).contains(count));
        let Some((count, len)) = counted else { continue };
        let of_people = matches!(
            words.get(at + len),
            Some(
                &("persone"
                    | "persona"
                    | "posti"
                    | "people"
                    | "persons"
                    | "spots"
                    | "places"
                    | "spaces"
                    | "adulti"
                    | "adults"
                    | "ragazze"
                    | "ragazzi"
                    | "amici"
                    | "amiche"
                    | "friends"
                    | "of")
            )
        );
        let we_are = at >= 2 && matches!(words[at - 2..at], ["siamo", "in"]) || at >= 1 && words[at - 1] == "siamo";
        if of_people && words.get(at + len) != Some(&"of") || words[at + len..].starts_with(&["of", "us"]) || we_are {
            taken[at..at + len].fill(true);
            return count;
        }
    }
    1
}

/// "In two hours": a day and a time at once.
pub(super) fn moment(words: &[&str], taken: &mut [bool], local: NaiveDateTime) -> Option<(Days, Window)> {
    let (at, (minutes, len)) = (0..words.len()).find_map(|at| Some((at, clock::from_now(&words[at..])?)))?;
    taken[at..at + len].fill(true);
    let then = local.checked_add_signed(TimeDelta::minutes(minutes.into()))?;
    let date = then.date();
    Some((Days::new(date, date), Window::point(then.hour() * 60 + then.minute())))
}
