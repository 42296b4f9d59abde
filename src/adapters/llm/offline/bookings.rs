//! Which of a customer's bookings a message means.

use super::calendar::Days;
use super::choice;
use super::clock::{Part, Window};
use super::facts::{Booking, Session, Waiting};
use super::meaning::Meaning;
use super::verdict::shares_word;

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

    /// Whether it names nothing.
    pub fn is_open(&self) -> bool {
        *self == Self::default()
    }

    fn fits(&self, session: &Session) -> bool {
        let named = |names: &[String]| names.is_empty() || names.iter().any(|name| shares_word(name, &session.service));
        let part =
            self.part.filter(|_| self.windows.is_empty()).is_none_or(|part| part.window().holds(session.minute()));
        named(&self.activities)
            && session.starts_in(&self.windows)
            && part
            && (self.days.is_empty() || self.days.iter().any(|days| days.holds(session.date)))
            && self.crew.as_ref().is_none_or(|crew| shares_word(crew, &session.crew))
    }
}

/// The bookings that may be meant: those with every trait that is named; if none has, all,
/// because a customer may call things by other names than we do.
pub(super) fn meant(bookings: &[Booking], target: &Target) -> Vec<Booking> {
    let some = named(bookings, target);
    if some.is_empty() { bookings.to_vec() } else { some }
}

/// The bookings that have every trait that is named.
pub(super) fn named(bookings: &[Booking], target: &Target) -> Vec<Booking> {
    pick(bookings, target, |booking| &booking.session)
}

/// The sessions that the customer waits for and that have every trait that is named.
pub(super) fn awaited(waiting: &[Waiting], target: &Target) -> Vec<Session> {
    pick(waiting, target, |waiting| &waiting.session).into_iter().map(|waiting| waiting.session).collect()
}

fn pick<T: Clone>(all: &[T], target: &Target, session: impl Fn(&T) -> &Session) -> Vec<T> {
    match target.row.and_then(|row| all.get(row)) {
        Some(one) => vec![one.clone()],
        None => all.iter().filter(|each| target.fits(session(each))).cloned().collect(),
    }
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
    if meaning.party.is_some() {
        return None;
    }
    let mut rest = meaning.clone();
    rest.tokens.retain(|token| !VERBS.contains(&token.text.as_str()));
    choice::by_number(&rest, 10).filter(|_| !meaning.has_when())
}
