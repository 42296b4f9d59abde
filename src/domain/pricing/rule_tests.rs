use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

use super::rule::{Change, Facts, Rule, price};
use crate::Texts;

/// A Monday at 19:00 in Padova.
fn facts() -> Facts {
    let starts_at: DateTime<Utc> = "2026-11-23T18:00:00Z".parse().unwrap();
    Facts {
        base_minor: 1500,
        capacity: 10,
        booked: 5,
        starts_at,
        local_start: starts_at.naive_utc() + TimeDelta::hours(1),
        now: starts_at - TimeDelta::days(2),
        plans: vec![7],
    }
}

fn rule(id: i64, condition: serde_json::Value, change: Change) -> Rule {
    Rule { id, name: Texts::new("r", "r"), condition: serde_json::from_value(condition).unwrap(), change }
}

fn costs(facts: &Facts, condition: serde_json::Value) -> i64 {
    price(facts, &[rule(1, condition, Change::Percent(10))]).each_minor
}

#[test]
fn every_condition_holds_up_to_its_edge() {
    let weekly = |from: &str, until: &str| json!({ "when": "weekly", "weekdays": [1], "from": from, "until": until });
    for (condition, each) in [
        (json!({ "when": "occupancy", "at_least_percent": 50 }), 1650),
        (json!({ "when": "occupancy", "at_least_percent": 51 }), 1500),
        (json!({ "when": "time_to_start", "less_than_minutes": 2881 }), 1650),
        (json!({ "when": "time_to_start", "less_than_minutes": 2880 }), 1500),
        (json!({ "when": "early_bird", "more_than_minutes": 2879 }), 1650),
        (json!({ "when": "early_bird", "more_than_minutes": 2880 }), 1500),
        (weekly("18:00", "19:01"), 1650),
        (weekly("19:00", "20:00"), 1650),
        (weekly("18:00", "19:00"), 1500),
        (json!({ "when": "weekly", "weekdays": [2, 7], "from": "00:00", "until": "23:59" }), 1500),
        (json!({ "when": "member" }), 1650),
        (json!({ "when": "member", "plans": [7] }), 1650),
        (json!({ "when": "member", "plans": [8] }), 1500),
    ] {
        assert_eq!(costs(&facts(), condition.clone()), each, "{condition}");
    }
}

#[test]
fn of_each_kind_the_first_that_applies_counts_and_kinds_add_up() {
    let rules = [
        rule(1, json!({ "when": "occupancy", "at_least_percent": 80 }), Change::Percent(30)),
        rule(2, json!({ "when": "occupancy", "at_least_percent": 50 }), Change::Percent(20)),
        rule(3, json!({ "when": "occupancy", "at_least_percent": 10 }), Change::Percent(5)),
        rule(4, json!({ "when": "member" }), Change::Amount(-250)),
    ];
    let priced = price(&facts(), &rules);
    assert_eq!(
        priced.steps.iter().map(|step| (step.rule, step.change_minor)).collect::<Vec<_>>(),
        [(2, 300), (4, -250)]
    );
    assert_eq!((priced.base_minor, priced.each_minor), (1500, 1550));
}

#[test]
fn no_price_is_below_nothing() {
    let rules = [rule(1, json!({ "when": "member" }), Change::Amount(-9999))];
    assert_eq!(price(&facts(), &rules).each_minor, 0);
}

#[test]
fn a_discount_of_a_third_is_rounded_to_whole_cents() {
    let rules = [rule(1, json!({ "when": "member" }), Change::Percent(-33))];
    assert_eq!(price(&Facts { base_minor: 1001, ..facts() }, &rules).each_minor, 671);
}
