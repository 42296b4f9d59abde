//! What customers read without having asked.

use super::catalog::{args, say, say_with};
use super::price::money;
use super::session::{SessionLine, session};
use crate::{Language, Money};

/// A booking is near.
#[must_use]
pub fn reminder(language: Language, line: &SessionLine) -> String {
    say_with(language, "notice-reminder", &args! { "session" => session(language, line) })
}

/// A place is held for somebody who waited, until this local time.
#[must_use]
pub fn waitlist_offer(language: Language, line: &SessionLine, until: &str, price: &Money) -> String {
    let args = args! {
        "session" => session(language, line),
        "until" => until,
        "price" => money(language, price.minor, &price.currency),
    };
    say_with(language, "notice-waitlist-offer", &args)
}

/// The title of the button that takes an offered place; at most 20 characters.
#[must_use]
pub fn take_button(language: Language) -> String {
    say(language, "take-button")
}

/// Somebody who waited has a place.
#[must_use]
pub fn waitlist_promoted(language: Language, line: &SessionLine, reference: &str) -> String {
    let args = args! { "session" => session(language, line), "reference" => reference };
    say_with(language, "notice-waitlist-promoted", &args)
}

/// A place is free for whoever is first.
#[must_use]
pub fn somebody_cancelled(language: Language, line: &SessionLine) -> String {
    say_with(language, "notice-place-free", &args! { "session" => session(language, line) })
}

/// An offered place was passed on.
#[must_use]
pub fn offer_expired(language: Language, line: &SessionLine) -> String {
    say_with(language, "notice-offer-expired", &args! { "session" => session(language, line) })
}

/// Where to pay what, until this local time.
#[must_use]
pub fn payment_link(language: Language, what: &str, amount: &Money, url: &str, until: Option<&str>) -> String {
    let args = args! {
        "what" => what,
        "amount" => money(language, amount.minor, &amount.currency),
        "url" => url,
        "limited" => if until.is_some() { "yes" } else { "no" },
        "until" => until.unwrap_or_default(),
    };
    say_with(language, "notice-payment-link", &args)
}

/// The money for a booking came.
#[must_use]
pub fn payment_received(language: Language, line: &SessionLine, amount: &Money, reference: &str) -> String {
    let args = args! {
        "session" => session(language, line),
        "amount" => money(language, amount.minor, &amount.currency),
        "reference" => reference,
    };
    say_with(language, "notice-payment-received", &args)
}

/// The money for a plan came.
#[must_use]
pub fn plan_paid(language: Language, plan: &str, amount: &Money) -> String {
    let args = args! { "plan" => plan, "amount" => money(language, amount.minor, &amount.currency) };
    say_with(language, "notice-plan-paid", &args)
}

/// A place that was not paid was given up.
#[must_use]
pub fn hold_expired(language: Language, line: &SessionLine) -> String {
    say_with(language, "notice-hold-expired", &args! { "session" => session(language, line) })
}

/// Money came for a place that was gone.
#[must_use]
pub fn paid_in_vain(language: Language, line: &SessionLine, amount: &Money) -> String {
    let args = args! {
        "session" => session(language, line),
        "amount" => money(language, amount.minor, &amount.currency),
    };
    say_with(language, "notice-paid-in-vain", &args)
}

/// Money went back.
#[must_use]
pub fn refund_made(language: Language, amount: &Money) -> String {
    say_with(language, "notice-refund-made", &args! { "amount" => money(language, amount.minor, &amount.currency) })
}

/// The business called a session off; `amount` is what comes back.
#[must_use]
pub fn called_off(language: Language, line: &SessionLine, amount: Option<&Money>) -> String {
    let args = args! {
        "session" => session(language, line),
        "paid" => if amount.is_some() { "yes" } else { "no" },
        "amount" => amount.map(|amount| money(language, amount.minor, &amount.currency)).unwrap_or_default(),
    };
    say_with(language, "notice-session-cancelled", &args)
}

/// Time, place or person of a session changed: how it is now.
#[must_use]
pub fn session_changed(language: Language, line: &SessionLine) -> String {
    say_with(language, "notice-session-changed", &args! { "session" => session(language, line) })
}

/// Credits end soon.
#[must_use]
pub fn credits_expiring(language: Language, credits: i32, plan: &str, day: &str) -> String {
    let args = args! { "credits" => credits, "plan" => plan, "day" => day };
    say_with(language, "notice-credits-expiring", &args)
}
