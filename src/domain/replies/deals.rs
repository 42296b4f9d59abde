//! What things cost, what comes back, and waiting.

use super::catalog::{args, say, say_with};
use super::price::money;
use super::session::{SessionLine, numbered, session, terms};
use crate::booking::Return;
use crate::entitlements::Cover;
use crate::pricing::Quote;
use crate::{Language, Money};

/// What a booking costs, as a customer needs to know before saying yes.
#[derive(Debug, Clone, Default)]
pub struct Cost {
    base_minor: i64,
    each_minor: i64,
    places: i32,
    total_minor: i64,
    currency: String,
    reasons: Vec<(String, i64)>,
    covered: Option<Cover>,
    hold_minutes: Option<i32>,
}

impl Cost {
    /// Of a quote; covered by what the customer has; to be paid within so many minutes.
    #[must_use]
    pub fn new(language: Language, quote: &Quote, covered: Option<Cover>, hold_minutes: Option<i32>) -> Self {
        let steps = quote.price.steps.iter().map(|step| (step.name.say(language).to_owned(), step.change_minor));
        Self {
            base_minor: quote.price.base_minor,
            each_minor: quote.price.each_minor,
            places: quote.places,
            total_minor: quote.total.minor,
            currency: quote.total.currency.clone(),
            reasons: steps.collect(),
            covered,
            hold_minutes,
        }
    }

    fn notes(&self, language: Language) -> Vec<String> {
        let money = |minor| money(language, minor, &self.currency);
        let mut notes = Vec::new();
        if !self.reasons.is_empty() {
            let reasons = self.reasons.iter().map(|(name, change)| {
                let sign = if *change < 0 { "−" } else { "+" };
                format!("{sign} {} ({name})", money(change.abs()))
            });
            let sum = format!("{} {}", money(self.base_minor), reasons.collect::<Vec<_>>().join(" "));
            notes.push(say_with(language, "cost-reasons", &args! { "sum" => sum, "price" => money(self.each_minor) }));
        }
        if self.places > 1 {
            let args = args! { "places" => self.places, "total" => money(self.total_minor) };
            notes.push(say_with(language, "cost-places", &args));
        }
        match (self.covered, self.hold_minutes) {
            (Some(Cover::Credits), _) => {
                notes.push(say_with(language, "cost-credits", &args! { "places" => self.places }));
            }
            (Some(Cover::Membership), _) => notes.push(say(language, "cost-membership")),
            (None, Some(minutes)) => notes.push(say_with(language, "cost-hold", &args! { "minutes" => minutes })),
            (None, None) => {}
        }
        notes
    }
}

/// Asks whether to book: the only summary that a customer says yes to.
#[must_use]
pub fn proposal_to_book(language: Language, line: &SessionLine, cost: &Cost) -> String {
    let mut notes = cost.notes(language);
    notes.push(String::new());
    let args = args! {
        "session" => session(language, line),
        "terms" => terms(language, line),
        "notes" => notes.join(" "),
    };
    say_with(language, "proposal-to-book", &args)
}

/// Asks whether to cancel, and says what comes back.
#[must_use]
pub fn proposal_to_cancel(language: Language, line: &SessionLine, returns: &Return, by_entitlement: bool) -> String {
    let note = match returned(language, returns, by_entitlement, "would") {
        Some(note) => format!("{note} "),
        None => String::new(),
    };
    say_with(language, "proposal-to-cancel", &args! { "session" => session(language, line), "note" => note })
}

/// The booking was cancelled, and this comes back.
#[must_use]
pub fn cancelled(language: Language, line: &SessionLine, returns: Option<&Return>, by_entitlement: bool) -> String {
    let done = say_with(language, "cancelled", &args! { "session" => session(language, line) });
    match returns.and_then(|returns| returned(language, returns, by_entitlement, "does")) {
        Some(note) => format!("{done} {note}"),
        None => done,
    }
}

/// What comes back; `tense` is `would` before and `does` after. Nothing when nothing was paid.
fn returned(language: Language, returns: &Return, by_entitlement: bool, tense: &'static str) -> Option<String> {
    if by_entitlement {
        let key = if returns.credit { "returns-credit" } else { "returns-no-credit" };
        return Some(say_with(language, key, &args! { "tense" => tense }));
    }
    if returns.paid.minor == 0 {
        return None;
    }
    let args = args! {
        "tense" => tense,
        "back" => money(language, returns.back.minor, &returns.back.currency),
        "paid" => money(language, returns.paid.minor, &returns.paid.currency),
        "percent" => returns.percent,
    };
    let key = match returns.percent {
        0 => "returns-nothing",
        100 => "returns-all",
        _ => "returns-part",
    };
    Some(say_with(language, key, &args))
}

/// Asks whether to move, and says what changes in money.
#[must_use]
pub fn proposal_to_move(language: Language, from: &SessionLine, to: &SessionLine, difference: &Money) -> String {
    let amount = money(language, difference.minor.abs(), &difference.currency);
    let change = match difference.minor {
        0 => "same",
        minor if minor > 0 => "more",
        _ => "less",
    };
    let args = args! {
        "from" => session(language, from),
        "to" => session(language, to),
        "change" => change,
        "amount" => amount,
    };
    say_with(language, "proposal-to-move", &args)
}

/// The booking was moved.
#[must_use]
pub fn moved(language: Language, line: &SessionLine, reference: &str) -> String {
    say_with(language, "moved", &args! { "session" => session(language, line), "reference" => reference })
}

/// It is full: asks whether to wait, and tells what has room.
#[must_use]
pub fn proposal_to_wait(language: Language, line: &SessionLine, ahead: i64, alternatives: &[SessionLine]) -> String {
    let head = say_with(language, "full", &args! { "session" => session(language, line) });
    let question = say_with(language, "proposal-to-wait", &args! { "ahead" => ahead });
    if alternatives.is_empty() {
        return format!("{head} {question}");
    }
    format!("{head} {}\n{}\n\n{question}", say(language, "alternatives"), numbered(language, alternatives))
}

/// The customer waits.
#[must_use]
pub fn waiting(language: Language, line: &SessionLine, position: i64) -> String {
    say_with(language, "waiting", &args! { "session" => session(language, line), "position" => position })
}

/// The customer waits already.
#[must_use]
pub fn already_waiting(language: Language, position: i64) -> String {
    say_with(language, "already-waiting", &args! { "position" => position })
}

/// There is a place after all.
#[must_use]
pub fn place_free(language: Language, line: &SessionLine) -> String {
    say_with(language, "place-free", &args! { "session" => session(language, line) })
}

/// The place is held until it is paid.
#[must_use]
pub fn held(language: Language, line: &SessionLine, until: chrono::NaiveTime) -> String {
    let args = args! { "session" => session(language, line), "until" => until.format("%H:%M").to_string() };
    say_with(language, "held", &args)
}

/// The booking exists, and this is how it is paid. `reference` is what staff find it by.
#[must_use]
pub fn booked(language: Language, line: &SessionLine, reference: &str, owes_minor: i64) -> String {
    let done = say_with(language, "booked", &args! { "session" => session(language, line), "reference" => reference });
    if owes_minor == 0 {
        return done;
    }
    let owes = say_with(language, "booked-owes", &args! { "amount" => money(language, owes_minor, &line.currency) });
    format!("{done} {owes}")
}

/// The title of the button that asks for a payment link; at most 20 characters.
#[must_use]
pub fn pay_button(language: Language) -> String {
    say(language, "pay-button")
}

/// There is nothing to pay.
#[must_use]
pub fn nothing_to_pay(language: Language) -> String {
    say(language, "nothing-to-pay")
}

/// The link is on its way.
#[must_use]
pub fn link_comes(language: Language) -> String {
    say(language, "link-comes")
}

/// The customer has another booking at that time.
#[must_use]
pub fn clash(language: Language, with: Option<&SessionLine>) -> String {
    match with {
        Some(line) => say_with(language, "clash", &args! { "session" => session(language, line) }),
        None => say(language, "clash-unnamed"),
    }
}

/// The session cannot be booked yet.
#[must_use]
pub fn bookings_not_open(language: Language) -> String {
    say(language, "bookings-not-open")
}

/// It is too late to move.
#[must_use]
pub fn too_late_to_move(language: Language) -> String {
    say(language, "too-late-to-move")
}

/// An offer of the waiting list that is gone.
#[must_use]
pub fn offer_gone(language: Language) -> String {
    say(language, "offer-gone")
}

/// An offer of the waiting list that was let go.
#[must_use]
pub fn offer_passed(language: Language) -> String {
    say(language, "offer-passed")
}

/// Nothing was offered.
#[must_use]
pub fn nothing_offered(language: Language) -> String {
    say(language, "nothing-offered")
}

/// The customer wants no messages unasked.
#[must_use]
pub fn opted_out(language: Language) -> String {
    say(language, "opted-out")
}

/// The customer wants them again.
#[must_use]
pub fn opted_in(language: Language) -> String {
    say(language, "opted-in")
}
