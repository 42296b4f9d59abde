//! The money of a receipt: what came, what went, and what is left.

use chrono::NaiveDateTime;

use super::compose::{AMOUNT, BODY, Composer, DESCRIPTION, GAP, HEADING, LABEL, PADDING, TITLE, WHEN, WHOLE};
use crate::documents::page::{Column, ROOM, Style};
use crate::{Money, replies};

/// Wider than the amounts above it, since it is larger.
const SUM: Column = Column::right(ROOM, 130.0);

impl Composer<'_> {
    /// What was paid and what went back.
    pub(super) fn payments(&mut self) {
        let receipt = self.receipt;
        self.heading(&self.words.payments.clone());
        if receipt.payments.is_empty() {
            self.pages.paragraph(WHOLE, LABEL, &self.words.no_payments, 1);
        }
        for payment in &receipt.payments {
            let method = replies::payment_method(self.language, payment.method);
            self.movement(&method, payment.at, &payment.amount);
        }
        if !receipt.refunds.is_empty() {
            self.pages.down(GAP);
            self.heading(&self.words.refunds.clone());
        }
        for refund in &receipt.refunds {
            let back = Money { minor: refund.amount.minor.saturating_neg(), ..refund.amount.clone() };
            self.movement(&self.words.refund.clone(), refund.at, &back);
        }
        self.pages.down(GAP);
    }

    /// A heading with room for the first row below it.
    fn heading(&mut self, text: &str) {
        self.pages.turn_for(HEADING.leading() + 2.0 * BODY.leading() + 4.0 * PADDING);
        self.pages.paragraph(WHOLE, HEADING, text, 1);
        self.pages.down(PADDING);
    }

    /// Money that came or went.
    fn movement(&mut self, what: &str, at: NaiveDateTime, amount: &Money) {
        self.pages.turn_for(BODY.leading() + 2.0 * PADDING);
        self.pages.put(DESCRIPTION, BODY, what);
        self.pages.put(WHEN, BODY, &self.moment(at));
        self.pages.put(AMOUNT, BODY, &self.money(amount));
        self.pages.down(BODY.leading());
        self.end_row();
    }

    /// What is left of it all.
    pub(super) fn balance(&mut self) {
        let balance = &self.receipt.balance;
        let words = &self.words;
        match balance.minor {
            0 => {
                let settled = words.settled.clone();
                self.pages.turn_for(TITLE.leading());
                self.pages.put(WHOLE, TITLE, &settled);
            }
            1.. => self.sum(&words.due.clone(), balance, TITLE),
            _ => {
                let credit = Money { minor: balance.minor.saturating_neg(), ..balance.clone() };
                self.sum(&words.credit.clone(), &credit, TITLE);
            }
        }
    }

    pub(super) fn sum(&mut self, label: &str, amount: &Money, style: Style) {
        self.pages.turn_for(style.leading());
        self.pages.put(WHEN, style, label);
        self.pages.put(SUM, style, &self.money(amount));
        self.pages.down(style.leading());
    }
}
