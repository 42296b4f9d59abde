//! What files for customers say, and what is said when they are sent.

use chrono::{NaiveDate, NaiveDateTime};

use super::catalog::{args, say, say_with};
use super::dates;
use super::session::named;
use crate::Language;

/// How something was paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaymentMethod {
    /// By card, at the place or online.
    Card,
    /// In notes and coins.
    Cash,
}

/// The fixed words of a receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptWords {
    /// What the paper is.
    pub title: String,
    /// That it is no fiscal document.
    pub not_fiscal: String,
    /// Before its number.
    pub number: String,
    /// Before the day of issue.
    pub date: String,
    /// Before the customer's name.
    pub customer: String,
    /// Over what was sold.
    pub description: String,
    /// Over the times of sessions.
    pub when: String,
    /// Over the numbers of places.
    pub places: String,
    /// Over the amounts.
    pub amount: String,
    /// Before the sum of the amounts.
    pub total: String,
    /// Over the payments.
    pub payments: String,
    /// Nothing was paid yet.
    pub no_payments: String,
    /// Over the refunds.
    pub refunds: String,
    /// One refund.
    pub refund: String,
    /// Before what is left to pay.
    pub due: String,
    /// Before what the customer has in their favour.
    pub credit: String,
    /// Nothing is left to pay.
    pub settled: String,
}

/// The fixed words of a receipt.
#[must_use]
pub fn receipt_words(language: Language) -> ReceiptWords {
    ReceiptWords {
        title: say(language, "receipt-title"),
        not_fiscal: say(language, "receipt-not-fiscal"),
        number: say(language, "receipt-number"),
        date: say(language, "receipt-date"),
        customer: say(language, "receipt-customer"),
        description: say(language, "receipt-description"),
        when: say(language, "receipt-when"),
        places: say(language, "receipt-places"),
        amount: say(language, "receipt-amount"),
        total: say(language, "receipt-total"),
        payments: say(language, "receipt-payments"),
        no_payments: say(language, "receipt-no-payments"),
        refunds: say(language, "receipt-refunds"),
        refund: say(language, "receipt-refund"),
        due: say(language, "receipt-due"),
        credit: say(language, "receipt-credit"),
        settled: say(language, "receipt-settled"),
    }
}

/// "Courtesy receipt 2026-12", also the name of the file's window.
#[must_use]
pub fn receipt_name(language: Language, number: &str) -> String {
    say_with(language, "receipt-name", &args! { "number" => number })
}

/// At the foot of every page: which receipt it belongs to, and that it is not fiscal.
#[must_use]
pub fn receipt_foot(language: Language, number: &str) -> String {
    say_with(language, "receipt-foot", &args! { "number" => number })
}

/// "Page 1 of 2".
#[must_use]
pub fn receipt_page(language: Language, page: usize, of: usize) -> String {
    say_with(language, "receipt-page", &args! { "page" => page, "of" => of })
}

/// How something was paid.
#[must_use]
pub fn payment_method(language: Language, method: PaymentMethod) -> String {
    match method {
        PaymentMethod::Card => say(language, "paid-by-card"),
        PaymentMethod::Cash => say(language, "paid-in-cash"),
    }
}

/// "dom 22 nov 2026", "Sun 22 Nov 2026".
#[must_use]
pub fn full_date(language: Language, date: NaiveDate) -> String {
    format!("{} {}", dates::short_day(language, date), date.format("%Y"))
}

/// "dom 22 nov 2026, 19:00", "Sun 22 Nov 2026, 19:00".
#[must_use]
pub fn full_moment(language: Language, at: NaiveDateTime) -> String {
    format!("{}, {}", full_date(language, at.date()), at.format("%H:%M"))
}

/// Goes along with a receipt.
#[must_use]
pub fn receipt_caption(language: Language, number: &str) -> String {
    say_with(language, "receipt-caption", &args! { "number" => number })
}

/// The name of a receipt's file.
#[must_use]
pub fn receipt_filename(language: Language, number: &str) -> String {
    say_with(language, "receipt-filename", &args! { "number" => in_filename(number) })
}

/// Goes along with a session for the customer's calendar.
#[must_use]
pub fn calendar_caption(language: Language) -> String {
    say(language, "calendar-caption")
}

/// The name of a calendar's file. `reference` is what staff find the booking by.
#[must_use]
pub fn calendar_filename(language: Language, reference: &str) -> String {
    say_with(language, "calendar-filename", &args! { "reference" => in_filename(reference) })
}

/// A session's title in the customer's calendar, between those of everybody else.
#[must_use]
pub fn calendar_summary(language: Language, service: &str, business: &str) -> String {
    say_with(language, "calendar-summary", &args! { "service" => service, "business" => business })
}

/// More about a session in the customer's calendar. `crew` may be empty.
#[must_use]
pub fn calendar_description(language: Language, crew: &str, reference: &str) -> String {
    let args = args! { "crew" => crew, "crew_named" => named(crew), "reference" => reference };
    say_with(language, "calendar-description", &args)
}

/// The same once the booking is cancelled.
#[must_use]
pub fn calendar_cancelled(language: Language, reference: &str) -> String {
    say_with(language, "calendar-cancelled", &args! { "reference" => reference })
}

/// A file's name holds nothing that a file system or a header could take for more than a letter.
fn in_filename(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' }).collect()
}
