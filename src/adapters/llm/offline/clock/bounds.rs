//! How a time limits the day: at it, from it on, until it, between two.

use super::part::Part;
use super::point::{Half, Point, point};
use super::{DAY, Window};

/// What was said around a time.
pub(super) enum Bound {
    /// Any of these.
    Any(Vec<Window>),
    /// Within this, together with every other limit of the message.
    Limit(Window),
}

/// A time with its bounds at `words[at]`, using free words only; `days` marks words that tell
/// the day, beside which a bare figure is an hour: "domani 19", "9 tomorrow".
pub(super) fn bound(
    words: &[&str],
    at: usize,
    taken: &[bool],
    days: &[bool],
    whole: Option<Part>,
) -> Option<(Bound, usize)> {
    let free = taken[at..].iter().take_while(|taken| !**taken).count();
    let here = &words[at..at + free];
    let figure = here.first().is_some_and(|word| word.starts_with(|c: char| c.is_ascii_digit()));
    let is_hour = || here[0].parse().is_ok_and(|hour: u32| hour >= 6);
    let beside_day = figure && (at > 0 && days[at - 1] || days.get(at + 1) == Some(&true) && is_hour());
    between(here, whole).or_else(|| limit(here, whole)).or_else(|| single(here, beside_day, whole))
}

/// "at 7", "alle 18", "verso le sette di sera"; a bare figure right after a day.
fn single(words: &[&str], beside_day: bool, whole: Option<Part>) -> Option<(Bound, usize)> {
    let before = announcement(words);
    let (found, len) = point(&words[before..], before > 0 || beside_day)?;
    let onward = match words.get(before + len..) {
        Some(["in", "poi", ..] | ["or", "later" | "after", ..] | ["o", "dopo" | "piu", ..]) => 2,
        Some(["onwards" | "onward", ..]) => 1,
        _ => 0,
    };
    if onward > 0 {
        let from = found.minutes(whole).into_iter().max()?;
        return Some((Bound::Limit(Window::new(from, DAY - 1)), before + len + onward));
    }
    let windows = found.minutes(whole).into_iter().map(Window::point).collect();
    Some((Bound::Any(windows), before + len))
}

/// How many words announce a time.
#[expect(clippy::match_same_arms, reason = "a row tells one way to say it")]
fn announcement(words: &[&str]) -> usize {
    match words {
        [
            "verso" | "circa" | "intorno" | "per" | "at" | "ben" | "x",
            "le" | "alle" | "all" | "l" | "about" | "around",
            "ore",
            ..,
        ] => 3,
        ["verso" | "circa" | "intorno" | "per" | "at" | "x", "le" | "alle" | "all" | "l" | "about" | "around", ..] => 2,
        ["alle" | "le", "ore", ..] => 2,
        [
            "alle" | "all" | "delle" | "le" | "ore" | "h" | "at" | "@" | "around" | "about" | "sulle" | "l" | "circa"
            | "approximately",
            ..,
        ] => 1,
        ["o" | "or", next, ..] if next.starts_with(|c: char| c.is_ascii_digit()) => 1,
        _ => 0,
    }
}

/// "dopo le 18", "before 10", "from 6pm", "entro le 14".
#[expect(clippy::match_same_arms, reason = "a row tells one way to say it")]
fn limit(words: &[&str], whole: Option<Part>) -> Option<(Bound, usize)> {
    let (after, strict, at) = match words {
        ["a", "partire", "dalle" | "dall", ..] | ["non", "prima", "delle" | "dell", ..] => (true, false, 3),
        ["not", "before", ..] | ["later", "than", ..] | ["dopo", "le" | "l", ..] => (true, false, 2),
        ["dalle" | "dall" | "after" | "from" | "since" | "dopo" | "past", ..] => (true, false, 1),
        ["no", "later", "than", ..] | ["non", "oltre", "le", ..] => (false, false, 3),
        ["prima", "delle" | "dell" | "di", ..] | ["earlier", "than", ..] => (false, true, 2),
        ["but" | "ma", "before", ..] => (false, true, 2),
        ["before", ..] => (false, true, 1),
        ["fino" | "entro", "alle" | "le" | "all" | "a" | "l", ..] => (false, false, 2),
        ["by" | "until" | "till" | "entro" | "through", ..] => (false, false, 1),
        _ => return None,
    };
    let at = at + usize::from(words.get(at) == Some(&"ore"));
    let (found, len) = point(words.get(at..)?, true)?;
    let poi = if matches!(words.get(at + len..), Some(["in", "poi", ..])) {
        2
    } else {
        usize::from(matches!(words.get(at + len), Some(&("onwards" | "onward"))))
    };
    let minutes = found.minutes(whole);
    let window = if after {
        Window::new(minutes.into_iter().max()?, DAY - 1)
    } else {
        let until = minutes.into_iter().min()?;
        Window::new(0, if strict { until.saturating_sub(1) } else { until })
    };
    Some((Bound::Limit(window), at + len + poi))
}

/// "tra le 18 e le 20", "9:30 - 11:00", "6 to 8pm", "dalle nove alle undici".
fn between(words: &[&str], whole: Option<Part>) -> Option<(Bound, usize)> {
    let (before, opened) = match words {
        ["in", "between", ..] | ["tra" | "fra", "le" | "l", ..] => (2, true),
        ["dalle" | "dall" | "from" | "between" | "tra" | "fra", ..] => (1, true),
        _ => (announcement(words), false),
    };
    // The first word that may join two times, with a whole time before it: "9 e mezza e le 11".
    let (first, at, joint) = (before + 1..words.len().min(before + 8)).find_map(|at| {
        let joint = joint(&words[at..], opened)?;
        let (first, len) = point(&words[before..at], true)?;
        (before + len == at).then_some((first, at, joint))
    })?;
    let is_spelled = words[before].starts_with(char::is_alphabetic);
    if !opened && is_spelled && words[at] == "to" {
        return None; // "ten to eight" is one time.
    }
    let (last, taken) = point(words.get(at + joint..)?, true)?;
    let windows = span(first, last, whole);
    (!windows.is_empty()).then_some((Bound::Any(windows), at + joint + taken))
}

/// How many words join two times.
fn joint(words: &[&str], opened: bool) -> Option<usize> {
    match words {
        ["e" | "ed", "le" | "l", ..] if opened => Some(2),
        ["fino", "alle" | "all", ..] => Some(2),
        ["-" | "to" | "/" | "until" | "untill" | "till", ..] => Some(1),
        ["alle" | "all" | "e" | "and" | "a", ..] if opened => Some(1),
        _ => None,
    }
}

/// The stretches that two times may bound: the end is the first such time after the start.
fn span(first: Point, last: Point, whole: Option<Part>) -> Vec<Window> {
    let ends = |last: Point| match last.half {
        Half::Open => vec![last.hour % 24 * 60 + last.minute, (last.hour + 12) % 24 * 60 + last.minute],
        _ => last.minutes(whole),
    };
    let starts = match (first.half, last.half) {
        // "6 to 8pm": the end tells the half of both, if the start then still comes first.
        (Half::Open, Half::Am | Half::Pm | Half::Part(_)) => {
            let same = Point { half: last.half, ..first }.minutes(whole);
            let before = same.iter().zip(last.minutes(whole)).all(|(start, end)| *start < end);
            if before { same } else { vec![first.hour * 60 + first.minute] }
        }
        _ => first.minutes(whole),
    };
    let window = |start: u32| {
        let end = ends(last).into_iter().filter(|end| *end > start).min()?;
        Some(Window::new(start, end))
    };
    starts.into_iter().filter_map(window).collect()
}
