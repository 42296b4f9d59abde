//! Memberships and packs of visits: on sale, and those that a customer has.

use chrono::NaiveDate;

use super::catalog::{args, say, say_with};
use super::{dates, price};
use crate::Language;
use crate::entitlements::{OnSale, Yours};

/// What is on sale, numbered, and what the customer has.
#[must_use]
pub fn plans(language: Language, on_sale: &[OnSale], yours: &[Yours]) -> String {
    let mut parts = Vec::new();
    if !yours.is_empty() {
        parts.push(your_plans(language, yours));
    }
    if !on_sale.is_empty() {
        parts.push(format!("{}\n{}", say(language, "plans-list"), numbered(language, on_sale)));
    }
    if parts.is_empty() {
        return say(language, "no-plans");
    }
    parts.join("\n\n")
}

/// What the customer has, and how much of it is left.
#[must_use]
pub fn your_plans(language: Language, yours: &[Yours]) -> String {
    if yours.is_empty() {
        return say(language, "no-plan-of-yours");
    }
    let rows: Vec<String> = yours.iter().map(|plan| format!("• {}", row_of_yours(language, plan))).collect();
    format!("{}\n{}", say(language, "your-plans"), rows.join("\n"))
}

/// Several plans could be meant: which one?
#[must_use]
pub fn which_plan(language: Language, on_sale: &[OnSale]) -> String {
    if on_sale.is_empty() {
        return say(language, "no-plans");
    }
    format!("{}\n{}", say(language, "which-plan"), numbered(language, on_sale))
}

/// Asks whether to buy it: what it costs and gives.
#[must_use]
pub fn plan_offer(language: Language, plan: &OnSale) -> String {
    let key = if plan.price.minor == 0 { "plan-offer-free" } else { "plan-offer" };
    say_with(language, key, &args! { "plan" => row(language, plan) })
}

/// It can be bought, but not from here.
#[must_use]
pub fn plan_at_the_studio(language: Language, plan: &OnSale) -> String {
    say_with(language, "plan-at-the-studio", &args! { "plan" => row(language, plan) })
}

/// A plan that costs nothing is the customer's; `until` is its last day.
#[must_use]
pub fn plan_yours(language: Language, name: &str, until: NaiveDate) -> String {
    say_with(language, "plan-yours", &args! { "name" => name, "day" => dates::day(language, until) })
}

/// The plan that was meant is not on sale.
#[must_use]
pub fn plan_unknown(language: Language) -> String {
    say(language, "plan-unknown")
}

fn numbered(language: Language, on_sale: &[OnSale]) -> String {
    let rows = on_sale.iter().enumerate().map(|(at, plan)| format!("{}. {}", at + 1, row(language, plan)));
    rows.collect::<Vec<_>>().join("\n")
}

fn row(language: Language, plan: &OnSale) -> String {
    let args = args! {
        "name" => plan.name.as_str(),
        "price" => price::money(language, plan.price.minor, &plan.price.currency),
        "gives" => gives(language, plan),
        "days" => plan.valid_days,
    };
    say_with(language, "plan-row", &args)
}

fn gives(language: Language, plan: &OnSale) -> String {
    let (key, count) = match (plan.credits, plan.at_most, plan.per.as_deref()) {
        (Some(credits), ..) => ("plan-visits", credits),
        (None, Some(most), Some("week")) => ("plan-a-week", most),
        (None, Some(most), _) => ("plan-a-month", most),
        (None, None, _) => return say(language, "plan-without-limit"),
    };
    say_with(language, key, &args! { "count" => count })
}

fn row_of_yours(language: Language, plan: &Yours) -> String {
    let name = plan.name.as_str();
    if plan.unpaid {
        return say_with(language, "your-unpaid-plan", &args! { "name" => name });
    }
    let day = dates::day(language, plan.until);
    match plan.credits_left {
        Some(left) => say_with(language, "your-visits", &args! { "name" => name, "left" => left, "day" => day }),
        None => say_with(language, "your-membership", &args! { "name" => name, "day" => day }),
    }
}
