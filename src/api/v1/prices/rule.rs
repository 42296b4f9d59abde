//! When a price rule applies, and what it does.

use domain::pricing::{self, Change};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::{
    input::{Clock, Id, Whole, only_objects},
    problem::Problem,
};

/// Of the places.
type Percent = Whole<0, 100>;
/// 1 is Monday.
type Weekday = Whole<1, 7>;
/// Ten years.
type Minutes = Whole<0, 5_256_000>;

/// The most plans that one condition names.
const MOST: usize = 100;

/// When a rule applies.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "when", rename_all = "snake_case")]
#[schema(as = PriceCondition)]
pub(super) enum Condition {
    /// So much of the session is taken, in percent of the places.
    Occupancy { at_least_percent: i64 },
    /// The session starts soon.
    TimeToStart { less_than_minutes: i64 },
    /// The session starts on these days (1 is Monday) from then until before then, by the wall clock.
    Weekly { weekdays: Vec<u32>, from: String, until: String },
    /// The session starts late enough for an early bird.
    EarlyBird { more_than_minutes: i64 },
    /// The customer has one of these plans; any when none are named.
    Member { plans: Vec<i64> },
}

impl From<pricing::Condition> for Condition {
    fn from(condition: pricing::Condition) -> Self {
        use pricing::Condition as Kept;
        match condition {
            Kept::Occupancy { at_least_percent } => Self::Occupancy { at_least_percent },
            Kept::TimeToStart { less_than_minutes } => Self::TimeToStart { less_than_minutes },
            Kept::Weekly { weekdays, from, until } => Self::Weekly {
                weekdays,
                from: from.format("%H:%M").to_string(),
                until: until.format("%H:%M").to_string(),
            },
            Kept::EarlyBird { more_than_minutes } => Self::EarlyBird { more_than_minutes },
            Kept::Member { plans } => Self::Member { plans },
        }
    }
}

/// When a new rule is to apply.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "when", rename_all = "snake_case", deny_unknown_fields, remote = "Self")]
#[schema(as = NewPriceCondition)]
pub(super) enum NewCondition {
    /// So much of the session is taken, in percent of the places.
    Occupancy {
        #[schema(inline)]
        at_least_percent: Percent,
    },
    /// The session starts soon.
    TimeToStart {
        #[schema(inline)]
        less_than_minutes: Minutes,
    },
    /// The session starts on these days (1 is Monday) from then until before then, by the wall clock.
    Weekly {
        #[schema(inline, min_items = 1, max_items = 7)]
        weekdays: Vec<Weekday>,
        #[schema(inline)]
        from: Clock,
        #[schema(inline)]
        until: Clock,
    },
    /// The session starts late enough for an early bird.
    EarlyBird {
        #[schema(inline)]
        more_than_minutes: Minutes,
    },
    /// The customer has one of these plans; any when none are named.
    Member {
        #[serde(default)]
        #[schema(inline, max_items = 100)]
        plans: Vec<Id>,
    },
}

only_objects!(NewCondition);

impl NewCondition {
    /// The condition, if it can ever hold.
    pub fn check(self) -> Result<pricing::Condition, Problem> {
        use pricing::Condition as Kept;
        let wrong = |says: &str| Err(Problem::field("condition", says));
        Ok(match self {
            Self::Occupancy { at_least_percent } => Kept::Occupancy { at_least_percent: at_least_percent.0 },
            Self::TimeToStart { less_than_minutes } => Kept::TimeToStart { less_than_minutes: less_than_minutes.0 },
            Self::Weekly { weekdays, .. } if !(1..=7).contains(&weekdays.len()) => {
                return wrong("weekdays: name 1 to 7 days; 1 is Monday");
            }
            Self::Weekly { from, until, .. } if from.0 >= until.0 => return wrong("until: write a time after from"),
            Self::Weekly { weekdays, from, until } => {
                let weekdays = weekdays.into_iter().map(|day| day.small().unsigned_abs()).collect();
                Kept::Weekly { weekdays, from: from.0, until: until.0 }
            }
            Self::EarlyBird { more_than_minutes } => Kept::EarlyBird { more_than_minutes: more_than_minutes.0 },
            Self::Member { plans } if plans.len() > MOST => return wrong("plans: name at most 100, or none for any"),
            Self::Member { plans } => Kept::Member { plans: plans.into_iter().map(|plan| plan.0).collect() },
        })
    }
}

/// What a rule does, if exactly one of both is told.
pub(super) fn change(percent: Option<i64>, amount_minor: Option<i64>) -> Result<Change, Problem> {
    match (percent, amount_minor) {
        (Some(percent), None) => Ok(Change::Percent(percent)),
        (None, Some(minor)) => Ok(Change::Amount(minor)),
        _ => Err(Problem::field("percent", "send either percent or amount_minor")),
    }
}

/// The same in two fields.
pub(super) const fn told(change: Change) -> (Option<i64>, Option<i64>) {
    match change {
        Change::Percent(percent) => (Some(percent), None),
        Change::Amount(minor) => (None, Some(minor)),
    }
}
