//! Parts of the day: morning, afternoon, evening, and stretches like lunch time.

use super::{DAY, Window};

/// A part of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Part {
    Morning,
    Afternoon,
    Evening,
}

impl Part {
    /// As the tools call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Morning => "morning",
            Self::Afternoon => "afternoon",
            Self::Evening => "evening",
        }
    }

    /// The part that holds all of `windows`, as the tools cut the day.
    pub fn holding(windows: &[Window]) -> Option<Self> {
        let cuts = [(Self::Morning, 0, 12 * 60), (Self::Afternoon, 12 * 60, 18 * 60), (Self::Evening, 17 * 60, DAY)];
        let holds = |from: u32, until: u32| windows.iter().all(|window| window.from >= from && window.until < until);
        cuts.into_iter().find(|(_, from, until)| holds(*from, *until)).map(|(part, _, _)| part)
    }

    /// What a customer may mean by it; generous at its ends.
    pub const fn window(self) -> Window {
        match self {
            Self::Morning => Window::new(0, 12 * 60),
            Self::Afternoon => Window::new(12 * 60, 18 * 60 + 30),
            Self::Evening => Window::new(17 * 60, DAY - 1),
        }
    }
}

/// A part of the day found in a message.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found {
    pub part: Option<Part>,
    pub window: Option<Window>,
    pub day: Option<i64>,
}

/// Every part of the day in `words`, and the indices of the words that tell it.
pub(super) fn find(words: &[&str], taken: &[bool]) -> (Vec<Found>, Vec<usize>) {
    let (mut found, mut marks) = (Vec::new(), Vec::new());
    let mut at = 0;
    while at < words.len() {
        match stretch(&words[at..]).or_else(|| part(&words[at..])) {
            Some((each, len)) if !taken[at..at + len].contains(&true) => {
                found.push(each);
                marks.extend(at..at + len);
                at += len;
            }
            _ => at += 1,
        }
    }
    (found, marks)
}

/// A part of the day at the start of `words`.
pub(super) fn part(words: &[&str]) -> Option<(Found, usize)> {
    use Part::{Afternoon, Evening, Morning};
    let (part, day, len) = match words {
        ["this", "morning", ..] | ["questa", "mattina" | "mattinata", ..] | ["questo", "mattino", ..] => {
            (Morning, Some(0), 2)
        }
        ["this", "afternoon", ..] | ["questo" | "oggi", "pomeriggio", ..] => (Afternoon, Some(0), 2),
        ["this", "evening", ..] | ["questa", "sera" | "serata" | "notte", ..] | ["sta", "sera", ..] => {
            (Evening, Some(0), 2)
        }
        ["stamattina" | "stamani" | "stamane", ..] => (Morning, Some(0), 1),
        ["domattina", ..] => (Morning, Some(1), 1),
        ["stasera" | "tonight" | "tonite" | "stanotte" | "2nite", ..] => (Evening, Some(0), 1),
        ["mattina" | "mattino" | "mattinata" | "mattine" | "morning" | "mornings", ..] => (Morning, None, 1),
        ["pomeriggio" | "pomeriggi" | "afternoon" | "afternoons" | "pome", ..] => (Afternoon, None, 1),
        ["sera" | "serata" | "serale" | "serali" | "evening" | "evenings" | "night" | "notte", ..] => {
            (Evening, None, 1)
        }
        _ => return None,
    };
    Some((Found { part: Some(part), window: None, day }, len))
}

/// A stretch that has a name of its own.
fn stretch(words: &[&str]) -> Option<(Found, usize)> {
    let (from, until, len) = match words {
        ["dopo", "il" | "l", "lavoro" | "ufficio", ..] => ((17, 30), (23, 59), 3),
        ["after", "work" | "office", ..] | ["dopo", "lavoro", ..] => ((17, 30), (23, 59), 2),
        ["prima", "del", "lavoro", ..] => ((0, 0), (9, 0), 3),
        ["before", "work", ..] => ((0, 0), (9, 0), 2),
        ["dopo", "pranzo", ..] | ["after", "lunch", ..] => ((13, 0), (17, 0), 2),
        ["dopo", "cena", ..] | ["after", "dinner", ..] => ((20, 30), (23, 59), 2),
        ["dopo", "scuola", ..] | ["after", "school", ..] => ((15, 0), (21, 0), 2),
        ["pausa" | "ora", "pranzo", ..] | ["lunch", "break" | "time", ..] => ((12, 0), (14, 30), 2),
        ["ora", "di", "pranzo", ..] => ((12, 0), (14, 30), 3),
        ["pranzo" | "lunch" | "lunchtime", ..] => ((12, 0), (14, 30), 1),
        _ => return None,
    };
    let window = Window::new(from.0 * 60 + from.1, until.0 * 60 + until.1);
    Some((Found { part: None, window: Some(window), day: None }, len))
}
