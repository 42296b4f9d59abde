//! Amounts as a customer reads them.

use super::catalog::say;
use crate::{Language, Money};

/// "15,00 €" or "€15.00"; a price of nothing is called free.
#[must_use]
pub fn money(language: Language, minor: i64, currency: &str) -> String {
    if minor == 0 {
        return say(language, "free");
    }
    let digits = digits(language, minor, Money::new(minor, currency).decimals());
    let sign = if minor < 0 { "-" } else { "" };
    match (symbol(currency), language) {
        (Some(symbol), Language::En) => format!("{sign}{symbol}{digits}"),
        (Some(symbol), Language::It) => format!("{sign}{digits} {symbol}"),
        (None, Language::En) => format!("{sign}{currency} {digits}"),
        (None, Language::It) => format!("{sign}{digits} {currency}"),
    }
}

fn symbol(currency: &str) -> Option<&'static str> {
    match currency {
        "EUR" => Some("€"),
        "USD" => Some("$"),
        "GBP" => Some("£"),
        "JPY" => Some("¥"),
        _ => None,
    }
}

/// The absolute amount, grouped by thousands.
fn digits(language: Language, minor: i64, decimals: u32) -> String {
    let (group, point) = match language {
        Language::It => ('.', ','),
        Language::En => (',', '.'),
    };
    let unit = 10_u64.pow(decimals);
    let (whole, rest) = (minor.unsigned_abs() / unit, minor.unsigned_abs() % unit);
    let plain = whole.to_string();
    let mut text = String::new();
    for (at, digit) in plain.chars().enumerate() {
        if at > 0 && (plain.len() - at).is_multiple_of(3) {
            text.push(group);
        }
        text.push(digit);
    }
    if decimals > 0 {
        text = format!("{text}{point}{rest:0width$}", width = decimals as usize);
    }
    text
}
