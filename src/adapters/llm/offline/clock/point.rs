//! One time of day, in figures or words.

use super::super::numbers;
use super::part::{self, Part};
use super::{DAY, spoken};

/// A time as it was said, before it is known which half of the day is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Point {
    pub hour: u32,
    pub minute: u32,
    pub half: Half,
}

/// Which half of the day a time lies in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Half {
    /// The customer did not say.
    Open,
    Am,
    Pm,
    /// Told on a 24 h clock.
    Exact,
    /// Told by a part of the day.
    Part(Part),
}

impl Point {
    pub fn new(hour: u32, minute: u32, half: Half) -> Option<Self> {
        (hour <= 24 && minute < 60).then_some(Self { hour, minute, half })
    }

    /// The minutes of the day it may mean; `whole` is what the message says of the day's part.
    pub fn minutes(self, whole: Option<Part>) -> Vec<u32> {
        let half = match (self.half, whole) {
            (Half::Open, Some(part)) => Half::Part(part),
            (half, _) => half,
        };
        let at = |hour: u32| (hour * 60 + self.minute) % DAY;
        let hour = self.hour;
        match half {
            Half::Am => vec![at(hour % 12)],
            Half::Pm | Half::Part(Part::Evening | Part::Afternoon) if (1..12).contains(&hour) => vec![at(hour + 12)],
            Half::Open if (1..=6).contains(&hour) => vec![at(hour + 12)],
            Half::Open if (7..=8).contains(&hour) => vec![at(hour), at(hour + 12)],
            _ => vec![at(hour)],
        }
    }
}

/// A time at the start of `words`. `announced`: a preposition of time or a day stands before it,
/// so that a bare number will do.
pub(super) fn point(words: &[&str], announced: bool) -> Option<(Point, usize)> {
    let (mut point, mut len) = spoken::named(words)
        .or_else(|| figures(words, announced))
        .or_else(|| spoken::hour_and_minutes(words, announced))?;
    if let Some((half, taken)) = half(&words[len..]) {
        len += taken;
        if point.half == Half::Open || point.hour <= 12 && matches!(half, Half::Am | Half::Pm) {
            point.half = half;
        }
    }
    Some((point, len))
}

/// "19:30", "19.30", "7h30", "1930" when announced, "815pm".
fn figures(words: &[&str], announced: bool) -> Option<(Point, usize)> {
    let digits = words.first().filter(|word| word.starts_with(|c: char| c.is_ascii_digit()))?;
    let hour: u32 = digits.parse().ok()?;
    let minute = |word: &str| word.parse::<u32>().ok().filter(|_| word.len() == 2);
    let exact = if hour > 12 || hour == 0 || digits.starts_with('0') { Half::Exact } else { Half::Open };
    if let [_, ":" | "." | "h" | ",", minutes, ..] = words
        && let Some(minute) = minute(minutes)
        && (words[1] != "," || announced)
    {
        let seconds = if matches!(words.get(3..5), Some([":", _])) { 2 } else { 0 };
        return Some((Point::new(hour, minute, exact)?, 3 + seconds));
    }
    if matches!(words.get(1), Some(&"h")) && hour <= 24 {
        return Some((Point::new(hour, 0, Half::Exact)?, 2));
    }
    let together = digits.len() >= 3 && (announced || half(&words[1..]).is_some());
    if together && !is_counted(words.get(1)) {
        return Some((Point::new(hour / 100, hour % 100, if hour >= 1300 { Half::Exact } else { Half::Open })?, 1));
    }
    None
}

/// "pm", "in the morning", "di sera". A part of the day is told, not taken: it holds for the
/// whole message.
fn half(words: &[&str]) -> Option<(Half, usize)> {
    let taken = match words {
        ["am", ..] => return Some((Half::Am, 1)),
        ["pm", ..] => return Some((Half::Pm, 1)),
        ["in", "the", "am", ..] => return Some((Half::Am, 3)),
        ["in", "the", "pm", ..] => return Some((Half::Pm, 3)),
        ["in", "the", ..] => 2,
        ["di" | "del" | "della" | "in" | "at", ..] => 1,
        _ => 0,
    };
    let (found, _) = part::part(words.get(taken..)?)?;
    found.part.map(|part| (Half::Part(part), 0))
}

/// Whether a number counts things and is no hour: "le 2 lezioni", "at 3 people".
pub(super) fn is_counted(word: Option<&&str>) -> bool {
    const THINGS: &str = "\
    lezioni lezione classi corsi corso persone persona posti posto volte ore ora giorni giorno settimane \
    settimana minuti euro prossime prossimi upcoming mesi anni people person spots spot places classes class \
    days day hours hour weeks week times minutes months years eur € % lessons sessions adulti adults";
    word.is_some_and(|word| THINGS.split_ascii_whitespace().any(|thing| thing == *word))
}

/// An hour at the start of `words`: "19", "seven"; "una" after "all'".
pub(super) fn hour(words: &[&str]) -> Option<(u32, usize)> {
    if words.first() == Some(&"una") {
        return Some((1, 1));
    }
    let (hour, len) = numbers::cardinal(words).filter(|(hour, _)| *hour <= 24)?;
    (!is_counted(words.get(len))).then_some((hour, len))
}
