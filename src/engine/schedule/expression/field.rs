//! What one field of an expression may hold.

use super::ExpressionError;

pub(super) struct Field {
    name: &'static str,
    low: u16,
    high: u16,
    /// Says "any" with a question mark, too.
    question: bool,
}

const SECOND: Field = Field { name: "second", low: 0, high: 59, question: false };
const MINUTE: Field = Field { name: "minute", low: 0, high: 59, question: false };
const HOUR: Field = Field { name: "hour", low: 0, high: 23, question: false };
const DAY: Field = Field { name: "day of month", low: 1, high: 31, question: true };
const MONTH: Field = Field { name: "month", low: 1, high: 12, question: false };
const WEEKDAY: Field = Field { name: "weekday", low: 1, high: 7, question: true };
const YEAR: Field = Field { name: "year", low: 1970, high: 2100, question: false };
/// Crontabs count from Sunday, 0, to the next one, 7.
pub(super) const CLASSIC_WEEKDAY: Field = Field { name: "weekday", low: 0, high: 7, question: true };

pub(super) const SIX: [Field; 7] = [SECOND, MINUTE, HOUR, DAY, MONTH, WEEKDAY, YEAR];
pub(super) const FIVE: [Field; 5] = [MINUTE, HOUR, DAY, MONTH, CLASSIC_WEEKDAY];

impl Field {
    pub fn check(&self, item: &str) -> Result<(), ExpressionError> {
        let refuse = || ExpressionError::Item { item: item.to_owned(), field: self.name };
        let (base, step) = item.split_once('/').map_or((item, None), |(base, step)| (base, Some(step)));
        if let Some(step) = step
            && !matches!(number(step), Some(step) if (1..=self.high).contains(&step))
        {
            return Err(if is_digits(step) { self.bounds(item) } else { refuse() });
        }
        if base == "*" || (item == "?" && self.question) {
            return Ok(());
        }
        let ends: Vec<&str> = base.split('-').collect();
        if ends.iter().any(|end| is_special(end)) {
            return Err(ExpressionError::Special { item: item.to_owned(), field: self.name });
        }
        match *ends.as_slice() {
            [one] if is_name(one) && step.is_none() => Ok(()),
            [one] if is_digits(one) => self.within(item, one).map(drop),
            [from, to] if is_name(from) && is_name(to) => Ok(()),
            [from, to] if is_digits(from) && is_digits(to) => {
                if self.within(item, from)? <= self.within(item, to)? {
                    Ok(())
                } else {
                    Err(self.bounds(item))
                }
            }
            _ => Err(refuse()),
        }
    }

    fn within(&self, item: &str, digits: &str) -> Result<u16, ExpressionError> {
        number(digits).filter(|number| (self.low..=self.high).contains(number)).ok_or_else(|| self.bounds(item))
    }

    pub fn bounds(&self, item: &str) -> ExpressionError {
        ExpressionError::Bounds { item: item.to_owned(), field: self.name, low: self.low, high: self.high }
    }
}

pub(super) fn number(digits: &str) -> Option<u16> {
    is_digits(digits).then(|| digits.parse().ok()).flatten()
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_name(text: &str) -> bool {
    text.len() >= 3 && text.bytes().all(|byte| byte.is_ascii_alphabetic())
}

fn is_special(text: &str) -> bool {
    let counted = text.starts_with(|sign: char| sign.is_ascii_digit()) && text.ends_with(['L', 'W', 'l', 'w']);
    counted || text.contains('#') || ["L", "W", "LW"].iter().any(|sign| text.eq_ignore_ascii_case(sign))
}
