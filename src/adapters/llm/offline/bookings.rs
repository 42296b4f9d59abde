//! Which of a customer's bookings a message means.

use super::calendar::Days;
use super::choice;
use super::clock::{Part, Window};
use super::facts::{Booking, Bookings, read};
use super::meaning::Meaning;
use super::transcript::Call;
use super::verdict::shares_word;
use super::wish::Wish;

/// A booking as a message tells it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Target {
    pub activities: Vec<String>,
    pub days: Vec<Days>,
    pub windows: Vec<Window>,
    pub part: Option<Part>,
    pub crew: Option<String>,
    /// The row of a list, counted from 0.
    pub row: Option<usize>,
}

impl Target {
    pub fn of(meaning: &Meaning) -> Self {
        Self {
            activities: if meaning.guessed { Vec::new() } else { meaning.activities.clone() },
            days: meaning.days.clone(),
            windows: meaning.windows.clone(),
            part: meaning.part,
            crew: meaning.crew.clone(),
            row: row(meaning),
        }
    }
}

/// The bookings that may be meant: those with every trait that is named; if none has, all,
/// because a customer may call things by other names than we do.
pub(super) fn meant(bookings: &[Booking], target: &Target) -> Vec<Booking> {
    if let Some(booking) = target.row.and_then(|row| bookings.get(row)) {
        return vec![booking.clone()];
    }
    let fits = |booking: &&Booking| {
        let session = &booking.session;
        let named = |names: &[String]| names.is_empty() || names.iter().any(|name| shares_word(name, &session.service));
        let part =
            target.part.filter(|_| target.windows.is_empty()).is_none_or(|part| part.window().holds(session.minute()));
        named(&target.activities)
            && session.starts_in(&target.windows)
            && part
            && (target.days.is_empty() || target.days.iter().any(|days| days.holds(session.date)))
            && target.crew.as_ref().is_none_or(|crew| shares_word(crew, &session.crew))
    };
    let some: Vec<Booking> = bookings.iter().filter(fits).cloned().collect();
    if some.is_empty() { bookings.to_vec() } else { some }
}

/// The wish for the new time of a booking that is to be moved; `calls` found the bookings.
/// Nothing, when no time is named or it is unclear which booking is meant.
pub(super) fn moved(wish: &Wish, calls: &[Call]) -> Option<Wish> {
    if wish.days.is_empty() && wish.windows.is_empty() && wish.part.is_none() {
        return None;
    }
    let call = calls.iter().find(|call| call.name == "find_bookings")?;
    let bookings = read::<Bookings>(&call.result).list;
    // "Not on Monday, on Tuesday": all days but the last tell the booking.
    let old_days = wish.days.split_last().map_or(&[][..], |(_, others)| others);
    let target = Target { activities: wish.activities.clone(), days: old_days.to_vec(), ..Target::default() };
    let [booking] = &meant(&bookings, &target)[..] else { return None };
    let session = &booking.session;
    let days = match wish.days.last() {
        Some(days) => vec![*days],
        None => vec![Days::new(session.date, session.date)],
    };
    // "From 7 to 8": the time it is to be moved to stands last.
    let windows = match wish.windows.as_slice() {
        [span] if !span.is_point() => vec![Window::point(span.until)],
        windows => windows.to_vec(),
    };
    Some(Wish { activities: vec![session.service.clone()], guessed: false, days, windows, ..wish.clone() })
}

/// "Disdici la seconda": the row, when the message tells no other number.
fn row(meaning: &Meaning) -> Option<usize> {
    const VERBS: [&str; 12] = [
        "disdici",
        "disdire",
        "annulla",
        "annullare",
        "cancella",
        "cancellare",
        "cancel",
        "cancela",
        "puoi",
        "can",
        "you",
        "prenotazione",
    ];
    let mut rest = meaning.clone();
    rest.tokens.retain(|token| !VERBS.contains(&token.text.as_str()));
    choice::by_number(&rest, 10).filter(|_| !meaning.has_when())
}
