//! A courtesy receipt: what somebody booked, paid and got back, on paper of size A4.

use chrono::{NaiveDate, NaiveDateTime};

use super::font::{Font, FontError};
use super::pdf;
use crate::{Language, Money, replies};

mod compose;
mod sums;
#[cfg(test)]
mod tests;

pub use crate::replies::PaymentMethod;

/// Everything that a receipt tells. Times are local to the business.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Who issues it.
    pub business: Business,
    /// The business's own number of it.
    pub number: String,
    /// The day of issue.
    pub date: NaiveDate,
    /// To whom; may be empty.
    pub customer: String,
    /// What was sold.
    pub lines: Vec<Line>,
    /// What was paid, oldest first.
    pub payments: Vec<Payment>,
    /// What was paid back, oldest first.
    pub refunds: Vec<Refund>,
    /// What is left to pay; negative: what the customer has in their favour.
    pub balance: Money,
}

/// Who issues a receipt. An empty text is left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Business {
    /// As customers know it.
    pub name: String,
    /// Street and town.
    pub address: String,
    /// For calls.
    pub phone: String,
    /// Address of the site.
    pub website: String,
}

/// One thing that was sold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What it is: `Yoga · Giulia Rossi`.
    pub description: String,
    /// When the session begins; `None` for what has no time, like a pack of classes.
    pub starts: Option<NaiveDateTime>,
    /// How many places; `None` for what has no places.
    pub places: Option<i32>,
    /// The price of all places together.
    pub amount: Money,
}

/// One payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// How it was paid.
    pub method: PaymentMethod,
    /// When.
    pub at: NaiveDateTime,
    /// How much; positive.
    pub amount: Money,
}

/// Money that went back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refund {
    /// When.
    pub at: NaiveDateTime,
    /// How much; positive.
    pub amount: Money,
}

impl Receipt {
    /// All lines together, if they are in one currency.
    fn total(&self) -> Option<Money> {
        let currency = &self.lines.first()?.amount.currency;
        let alike = self.lines.iter().all(|line| line.amount.currency == *currency);
        let minor = self.lines.iter().try_fold(0_i64, |sum, line| sum.checked_add(line.amount.minor))?;
        alike.then(|| Money::new(minor, currency.as_str()))
    }
}

/// The receipt as a PDF file, which says that it is no fiscal document.
pub fn pdf(language: Language, receipt: &Receipt) -> Result<Vec<u8>, FontError> {
    let font = Font::built_in()?;
    let pages = compose::pages(&font, language, receipt);
    let title = replies::receipt_name(language, &receipt.number);
    pdf::write(&font, &pages, &title, language.code())
}
