//! Terms of cancellation: how much is paid back for how much notice.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

/// Where a tier begins: the least notice that it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum From {
    /// Longer than this; exactly this is less.
    MoreThanMinutes(i64),
    /// This or longer.
    AtLeastMinutes(i64),
}

/// Where a tier ends: the longest notice that still falls under it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum To {
    /// This or shorter.
    AtMostMinutes(i64),
    /// Shorter than this.
    LessThanMinutes(i64),
}

/// What a stretch of notice gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tier {
    /// The least notice.
    pub from: From,
    /// What is paid back, in percent of what was paid.
    pub percent: i64,
    /// It counts as not having come.
    #[serde(default)]
    pub late: bool,
}

/// A tier as somebody writes it: with both ends, so that a gap can be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// The least notice, the longest notice (none: without end), and what they give.
    #[serde(flatten)]
    pub tier: Tier,
    /// The longest notice; none for the first tier.
    #[serde(default)]
    pub to: Option<To>,
}

/// Tiers that leave nothing open: the longest notice first, down to the start of the session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Policy(Vec<Tier>);

/// Why tiers are no policy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// There are none.
    #[error("tiers: there are none; write at least one from at_least_minutes 0 without an end")]
    Empty,
    /// A percentage that is none.
    #[error("tiers[{tier}].percent is {percent}; write 0 to 100")]
    Percent {
        /// Which tier, from 0.
        tier: usize,
        /// What it says.
        percent: i64,
    },
    /// The first tier ends.
    #[error("tiers[0].to is set, so that longer notice gives nothing; leave it out")]
    EndsAbove,
    /// Between two tiers notice gives nothing, or two things.
    #[error(
        "tiers[{tier}].to is {to:?}, but the tier above begins at {above:?}: write the one that meets it, {meets:?}"
    )]
    Apart {
        /// Which tier, from 0.
        tier: usize,
        /// Where it ends; none: nowhere.
        to: Option<To>,
        /// Where the tier above begins.
        above: From,
        /// Where it should end.
        meets: To,
    },
    /// A tier ends before it begins.
    #[error(
        "tiers[{tier}] is empty: it begins at {from:?} where the tier above has begun; write the longest notice first"
    )]
    Backwards {
        /// Which tier, from 0.
        tier: usize,
        /// Where it begins.
        from: From,
    },
    /// Short notice gives nothing.
    #[error("the last tier begins at {from:?}; it must reach down to at_least_minutes 0")]
    EndsBelow {
        /// Where it begins.
        from: From,
    },
}

impl From {
    fn takes(self, notice: TimeDelta) -> bool {
        match self {
            Self::MoreThanMinutes(minutes) => notice > TimeDelta::minutes(minutes),
            Self::AtLeastMinutes(minutes) => notice >= TimeDelta::minutes(minutes),
        }
    }

    /// What a tier must end with to leave no gap below this one.
    const fn meets(self) -> To {
        match self {
            Self::MoreThanMinutes(minutes) => To::AtMostMinutes(minutes),
            Self::AtLeastMinutes(minutes) => To::LessThanMinutes(minutes),
        }
    }

    /// In an order: of the same minutes, "more than" is above "at least".
    const fn height(self) -> (i64, bool) {
        match self {
            Self::MoreThanMinutes(minutes) => (minutes, true),
            Self::AtLeastMinutes(minutes) => (minutes, false),
        }
    }
}

impl Policy {
    /// A policy of these tiers, the longest notice first, if they leave nothing open and nothing twofold.
    pub fn new(drafts: &[Draft]) -> Result<Self, PolicyError> {
        let (first, last) = drafts.first().zip(drafts.last()).ok_or(PolicyError::Empty)?;
        if first.to.is_some() {
            return Err(PolicyError::EndsAbove);
        }
        for (tier, draft) in drafts.iter().enumerate() {
            if !(0..=100).contains(&draft.tier.percent) {
                return Err(PolicyError::Percent { tier, percent: draft.tier.percent });
            }
        }
        for (tier, pair) in drafts.windows(2).enumerate().map(|(above, pair)| (above + 1, pair)) {
            let (above, draft) = (pair[0].tier.from, &pair[1]);
            if draft.to != Some(above.meets()) {
                return Err(PolicyError::Apart { tier, to: draft.to, above, meets: above.meets() });
            }
            if draft.tier.from.height() >= above.height() {
                return Err(PolicyError::Backwards { tier, from: draft.tier.from });
            }
        }
        match last.tier.from {
            From::AtLeastMinutes(0) => Ok(Self(drafts.iter().map(|draft| draft.tier).collect())),
            from => Err(PolicyError::EndsBelow { from }),
        }
    }

    /// Everything with more than 24 hours' notice, half with more than 12, then nothing; with less than 2 it counts as not
    /// having come.
    #[must_use]
    pub fn standard() -> Self {
        let tier = |from, percent, late| Tier { from, percent, late };
        Self(vec![
            tier(From::MoreThanMinutes(24 * 60), 100, false),
            tier(From::MoreThanMinutes(12 * 60), 50, false),
            tier(From::AtLeastMinutes(2 * 60), 0, false),
            tier(From::AtLeastMinutes(0), 0, true),
        ])
    }

    /// The tiers, the longest notice first.
    #[must_use]
    pub fn tiers(&self) -> &[Tier] {
        &self.0
    }

    /// What so much notice gives. Once the session has begun it is the last tier.
    #[must_use]
    pub fn tier(&self, notice: TimeDelta) -> Tier {
        let found = self.0.iter().find(|tier| tier.from.takes(notice)).or(self.0.last());
        found.copied().unwrap_or(Tier { from: From::AtLeastMinutes(0), percent: 0, late: false })
    }
}

/// So many percent of an amount in minor units; half a unit is rounded up.
#[must_use]
pub const fn share(amount_minor: i64, percent: i64) -> i64 {
    (amount_minor * percent + 50).div_euclid(100)
}
