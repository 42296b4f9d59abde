//! What stands where on a receipt, down to the table of what was sold.

use chrono::NaiveDateTime;

use super::{Line, Receipt};
use crate::documents::font::Font;
use crate::documents::page::{Column, Page, Pages, ROOM, Style};
use crate::replies::{self, ReceiptWords};
use crate::{Language, Money};

const NAME: Style = Style::strong(18.0);
pub(super) const TITLE: Style = Style::strong(14.0);
pub(super) const HEADING: Style = Style::strong(11.0);
pub(super) const BODY: Style = Style::plain(9.5);
pub(super) const LABEL: Style = Style::soft(9.5);
const SMALL: Style = Style::soft(8.0);

pub(super) const WHOLE: Column = Column::left(0.0, ROOM);
const INSET: Column = Column::left(10.0, ROOM - 20.0);
const VALUE: Column = Column::left(95.0, ROOM - 95.0);
pub(super) const DESCRIPTION: Column = Column::left(0.0, 218.0);
pub(super) const WHEN: Column = Column::left(230.0, 128.0);
const PLACES: Column = Column::right(402.0, 40.0);
pub(super) const AMOUNT: Column = Column::right(ROOM, 85.0);

/// Above and below the text of a row.
pub(super) const PADDING: f32 = 4.0;
/// Between two parts.
pub(super) const GAP: f32 = 18.0;
/// Of one row's description, the longest text on a receipt.
const MOST_LINES: usize = 3;
const LIGHT: f32 = 0.85;
const DARK: f32 = 0.35;

/// A receipt in the making.
pub(super) struct Composer<'a> {
    pub(super) pages: Pages<'a>,
    pub(super) language: Language,
    pub(super) words: ReceiptWords,
    pub(super) receipt: &'a Receipt,
}

/// The receipt on as many pages as it takes.
pub(super) fn pages(font: &Font, language: Language, receipt: &Receipt) -> Vec<Page> {
    let words = replies::receipt_words(language);
    let mut composer = Composer { pages: Pages::new(font), language, words, receipt };
    composer.head();
    composer.facts();
    composer.table();
    composer.payments();
    composer.balance();
    let ends = |page, of| {
        let left = replies::receipt_foot(language, &receipt.number);
        (left, replies::receipt_page(language, page, of))
    };
    composer.pages.finish(SMALL, ends)
}

impl Composer<'_> {
    fn head(&mut self) {
        let business = &self.receipt.business;
        self.pages.paragraph(WHOLE, NAME, &business.name, 2);
        let contact = [business.phone.as_str(), &business.website];
        let contact: Vec<_> = contact.into_iter().filter(|text| !text.is_empty()).collect();
        for text in [business.address.as_str(), &contact.join(" · ")] {
            if !text.is_empty() {
                self.pages.paragraph(WHOLE, LABEL, text, 2);
            }
        }
        self.pages.down(GAP);
        self.pages.paragraph(WHOLE, TITLE, &self.words.title, 1);
        self.pages.down(PADDING);
        let lines = self.pages.lines(INSET, BODY, &self.words.not_fiscal, MOST_LINES);
        let height = lines.iter().map(|_| BODY.leading()).sum::<f32>() + 2.0 * PADDING;
        self.pages.ground(height + PADDING);
        self.pages.down(1.5 * PADDING);
        self.pages.paragraph(INSET, BODY, &self.words.not_fiscal, MOST_LINES);
        self.pages.down(1.5 * PADDING + GAP / 2.0);
    }

    fn facts(&mut self) {
        let date = replies::full_date(self.language, self.receipt.date);
        let facts = [
            (&self.words.number, &self.receipt.number),
            (&self.words.date, &date),
            (&self.words.customer, &self.receipt.customer),
        ];
        for (label, value) in facts.into_iter().filter(|(_, value)| !value.is_empty()) {
            self.pages.put(WHOLE, LABEL, label);
            self.pages.paragraph(VALUE, BODY, value, 2);
        }
        self.pages.down(GAP);
    }

    fn table(&mut self) {
        self.table_head();
        for line in &self.receipt.lines {
            self.row(line);
        }
        if let Some(total) = self.receipt.total() {
            let label = self.words.total.clone();
            self.sum(&label, &total, HEADING);
        }
        self.pages.down(GAP);
    }

    fn table_head(&mut self) {
        self.pages.turn_for(3.0 * BODY.leading());
        let words = &self.words;
        for (column, text) in
            [(DESCRIPTION, &words.description), (WHEN, &words.when), (PLACES, &words.places), (AMOUNT, &words.amount)]
        {
            self.pages.put(column, SMALL, text);
        }
        self.pages.down(SMALL.leading() + PADDING);
        self.pages.rule(DARK);
        self.pages.down(PADDING);
    }

    fn row(&mut self, line: &Line) {
        let lines = self.pages.lines(DESCRIPTION, BODY, &line.description, MOST_LINES);
        let height = lines.iter().map(|_| BODY.leading()).sum::<f32>() + 2.0 * PADDING;
        if self.pages.turn_for(height) {
            self.table_head();
        }
        let (first, others) = lines.split_first().map_or(("", &[][..]), |(first, others)| (first.as_str(), others));
        let starts = line.starts.map_or_else(String::new, |starts| self.moment(starts));
        let places = line.places.map_or_else(String::new, |places| places.to_string());
        let amount = self.money(&line.amount);
        for (column, text) in [(DESCRIPTION, first), (WHEN, &starts), (PLACES, &places), (AMOUNT, &amount)] {
            self.pages.put(column, BODY, text);
        }
        self.pages.down(BODY.leading());
        for line in others {
            self.pages.put(DESCRIPTION, BODY, line);
            self.pages.down(BODY.leading());
        }
        self.end_row();
    }

    pub(super) fn end_row(&mut self) {
        self.pages.down(PADDING * 0.75);
        self.pages.rule(LIGHT);
        self.pages.down(PADDING);
    }

    pub(super) fn money(&self, amount: &Money) -> String {
        replies::money(self.language, amount.minor, &amount.currency)
    }

    pub(super) fn moment(&self, at: NaiveDateTime) -> String {
        replies::full_moment(self.language, at)
    }
}
