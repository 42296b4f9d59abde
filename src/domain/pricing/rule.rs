//! Prices that depend on how full, how soon and for whom.

use chrono::{DateTime, Datelike, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::refunds::share;
use crate::{Texts, catalog::hhmm};

/// When a rule applies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "when", rename_all = "snake_case")]
pub enum Condition {
    /// So much of the session is taken.
    Occupancy {
        /// In percent of the places.
        at_least_percent: i64,
    },
    /// The session starts soon.
    TimeToStart {
        /// How soon.
        less_than_minutes: i64,
    },
    /// The session is on these days, at this time, by the wall clock.
    Weekly {
        /// ISO: 1 is Monday.
        weekdays: Vec<u32>,
        /// The earliest start.
        #[serde(with = "hhmm")]
        from: NaiveTime,
        /// No start at or after this.
        #[serde(with = "hhmm")]
        until: NaiveTime,
    },
    /// The session starts late enough for an early bird.
    EarlyBird {
        /// How long before its start.
        more_than_minutes: i64,
    },
    /// The customer has a plan.
    Member {
        /// One of these; any when none are named.
        #[serde(default)]
        plans: Vec<i64>,
    },
}

/// What a rule does to the base price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Adds so many percent of it; takes off, if negative.
    Percent(i64),
    /// Adds an amount in minor units.
    Amount(i64),
}

/// A reason for another price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Its id.
    pub id: i64,
    /// What customers read.
    pub name: Texts,
    /// When it applies.
    pub condition: Condition,
    /// What it does.
    pub change: Change,
}

/// What prices depend on.
#[derive(Debug, Clone)]
pub struct Facts {
    /// Of one place, in minor units.
    pub base_minor: i64,
    /// All places of the session.
    pub capacity: i32,
    /// Those that are taken.
    pub booked: i32,
    /// When it starts.
    pub starts_at: DateTime<Utc>,
    /// The same by the wall clock.
    pub local_start: NaiveDateTime,
    /// When the price is asked for.
    pub now: DateTime<Utc>,
    /// Plans that the customer has.
    pub plans: Vec<i64>,
}

/// One reason, and what it made of the price.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// The rule.
    pub rule: i64,
    /// What customers read.
    pub name: Texts,
    /// For one place, in minor units.
    pub change_minor: i64,
}

/// The price of one place, and how it came about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Price {
    /// Before all reasons, in minor units.
    pub base_minor: i64,
    /// What it is.
    pub each_minor: i64,
    /// The reasons, in the order of the rules.
    pub steps: Vec<Step>,
}

impl Condition {
    fn holds(&self, facts: &Facts) -> bool {
        let ahead = facts.starts_at - facts.now;
        match self {
            Self::Occupancy { at_least_percent } => {
                i64::from(facts.booked) * 100 >= at_least_percent * i64::from(facts.capacity)
            }
            Self::TimeToStart { less_than_minutes } => ahead < TimeDelta::minutes(*less_than_minutes),
            Self::Weekly { weekdays, from, until } => {
                let local = facts.local_start;
                let day = local.weekday().number_from_monday();
                weekdays.contains(&day) && (*from..*until).contains(&local.time())
            }
            Self::EarlyBird { more_than_minutes } => ahead > TimeDelta::minutes(*more_than_minutes),
            Self::Member { plans } => facts.plans.iter().any(|plan| plans.is_empty() || plans.contains(plan)),
        }
    }
}

impl Change {
    const fn of(self, base_minor: i64) -> i64 {
        match self {
            Self::Percent(percent) => share(base_minor, percent),
            Self::Amount(minor) => minor,
        }
    }
}

/// The price after all rules, in their order. Of each kind of condition the first that applies counts, so that "80 %
/// full" stands beside "half full" without being added to it. No price is below nothing.
#[must_use]
pub fn price(facts: &Facts, rules: &[Rule]) -> Price {
    let mut kinds = Vec::new();
    let mut steps = Vec::new();
    for rule in rules.iter().filter(|rule| rule.condition.holds(facts)) {
        let kind = std::mem::discriminant(&rule.condition);
        if kinds.contains(&kind) {
            continue;
        }
        kinds.push(kind);
        steps.push(Step { rule: rule.id, name: rule.name.clone(), change_minor: rule.change.of(facts.base_minor) });
    }
    let changed: i64 = steps.iter().map(|step| step.change_minor).sum();
    Price { base_minor: facts.base_minor, each_minor: (facts.base_minor + changed).max(0), steps }
}
