//! Which of the offered sessions a customer means: "the second", "quella delle 18", "with Marco".

use super::calendar::Days;
use super::clock::{Part, Window};
use super::facts::Session;
use super::intent::Intent;
use super::meaning::Meaning;
use super::numbers;
use super::verdict::shares_word;

/// What an answer makes of an offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Choice {
    /// Places in the offer, counted from 0.
    These(Vec<usize>),
    /// The answer is about something else.
    Other,
}

/// Words around a choice that tell nothing.
const FILLERS: &str = "\
    il la lo l le i gli the one ones quella quello quelle quelli numero number n no° opzione option per favore \
    please pls grazie thanks ok okay si yes yeah prendo vorrei preferisco ll d take va bene prenota prenotami \
    book facciamo scelgo voglio would like want go with for let s me mi that this allora direi dico perfetto \
    great of di a e and then it prefer have to lezione class corso piace meglio posto # . , ! ) ( : ciao hi \
    hello";

/// Reads an answer to an offer of `sessions`.
pub(super) fn choose(meaning: &Meaning, sessions: &[Session]) -> Choice {
    if sessions.is_empty() {
        return Choice::Other;
    }
    let found = by_number(meaning, sessions.len())
        .or_else(|| by_hour(meaning, sessions))
        .or_else(|| by_rank(meaning, sessions));
    if let Some(at) = found {
        return Choice::These(vec![at]);
    }
    let is_yes = meaning.intents.any(&[Intent::Yes, Intent::Fine]) && !meaning.intents.has(Intent::No);
    if is_yes && (!meaning.has_slots() || meaning.guessed) {
        return Choice::These((0..sessions.len()).collect());
    }
    by_traits(meaning, sessions)
}

/// The number of a row: "2", "la seconda", "number two".
pub(super) fn by_number(meaning: &Meaning, rows: usize) -> Option<usize> {
    let words = meaning.uncounted();
    // "Alle 2" is a time, and so is a figure beside a day.
    if words.iter().any(|word| matches!(*word, "alle" | "at" | "ore" | "pm" | "am" | "dalle" | ":")) {
        return None;
    }
    let telling: Vec<&str> =
        words.iter().copied().filter(|word| !FILLERS.split_ascii_whitespace().any(|filler| filler == *word)).collect();
    let row = match telling.as_slice() {
        ["ultima" | "ultimo" | "last"] => rows,
        [] if rows == 1
            && words.iter().any(|word| matches!(*word, "quella" | "quello" | "that" | "this" | "it" | "one")) =>
        {
            1
        }
        [] if matches!(words.as_slice(), ["one"] | [.., "number" | "option", "one"]) => 1,
        [_, _, _, ..] | [] => return None,
        telling => {
            let (number, len) = numbers::ordinal(telling).or_else(|| numbers::cardinal(telling))?;
            if len != telling.len() {
                return None;
            }
            number as usize
        }
    };
    (1..=rows).contains(&row).then(|| row - 1)
}

/// "19": no row has that number, but one session starts then.
fn by_hour(meaning: &Meaning, sessions: &[Session]) -> Option<usize> {
    let row = by_number(meaning, 24)?;
    let starts = |session: &Session| {
        session.minute().is_multiple_of(60) && u32::try_from(row).is_ok_and(|row| row + 1 == session.minute() / 60)
    };
    let mut rows = (0..sessions.len()).filter(|at| starts(&sessions[*at]));
    rows.next().filter(|_| rows.next().is_none())
}

/// "The earliest", "la più tardi", "una qualsiasi".
fn by_rank(meaning: &Meaning, sessions: &[Session]) -> Option<usize> {
    let words = meaning.words();
    let says = |any: &[&str]| words.iter().any(|word| any.contains(word));
    let when = |at: &usize| (sessions[*at].date, sessions[*at].minute());
    if words.len() > 8 || meaning.has_when() {
        return None;
    }
    if says(&[
        "qualsiasi",
        "qualunque",
        "indifferente",
        "uguale",
        "any",
        "whichever",
        "whatever",
        "either",
        "earliest",
        "soonest",
    ]) || says(&["prima"]) && says(&["possibile", "disponibile"])
    {
        return (0..sessions.len()).min_by_key(when);
    }
    if says(&["latest"]) || says(&["tardi"]) && says(&["piu"]) {
        return (0..sessions.len()).max_by_key(when);
    }
    None
}

/// The rows that have what the answer names.
fn by_traits(meaning: &Meaning, sessions: &[Session]) -> Choice {
    let points_at_one =
        meaning.words().iter().any(|word| matches!(*word, "quella" | "quello" | "that" | "one" | "this"));
    if !points_at_one && (!meaning.days.is_empty() || meaning.is(Intent::No)) {
        return Choice::Other;
    }
    let named = !meaning.activities.is_empty() && !meaning.guessed;
    if !named && !meaning.has_time() && meaning.days.is_empty() && meaning.crew.is_none() && meaning.location.is_none()
    {
        return Choice::Other;
    }
    let fits = |session: &Session| {
        (!named || meaning.activities.iter().any(|asked| shares_word(asked, &session.service)))
            && fits_time(session, &meaning.windows, meaning.part)
            && fits_day(session, &meaning.days)
            && meaning.crew.as_ref().is_none_or(|crew| shares_word(crew, &session.crew))
            && meaning.location.as_ref().is_none_or(|location| shares_word(location, &session.location))
    };
    let rows: Vec<usize> = (0..sessions.len()).filter(|at| fits(&sessions[*at])).collect();
    let narrows = rows.len() < sessions.len() || sessions.len() == 1;
    if rows.is_empty() || !narrows { Choice::Other } else { Choice::These(rows) }
}

fn fits_time(session: &Session, windows: &[Window], part: Option<Part>) -> bool {
    match part {
        Some(part) if windows.is_empty() => part.window().holds(session.minute()),
        _ => session.starts_in(windows),
    }
}

fn fits_day(session: &Session, days: &[Days]) -> bool {
    days.is_empty() || days.iter().any(|days| days.holds(session.date))
}
