//! A line of the crontab as the code writes it.

use std::time::Duration;

use chrono_tz::Tz;

use super::{ExpressionError, Timing};

/// The longest name, in bytes: a job's key holds it, with the tick.
const LONGEST_NAME: usize = 400;

/// What runs when, and what happens when it cannot.
#[derive(Debug, Clone)]
pub struct Schedule {
    pub(super) name: String,
    pub(super) expression: String,
    pub(super) zone: Tz,
    pub(super) tenant: i64,
    pub(super) missed: Missed,
    pub(super) overlap: Overlap,
    pub(super) jitter: Duration,
}

/// What to do about ticks that no process saw when they were due. Those from before a line was new, was changed or was
/// resumed are never made up for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Missed {
    /// They are dropped. A tick is missed when it is seen more than a minute late.
    Skip,
    /// The latest of them runs, once.
    #[default]
    Latest,
    /// All that are not older than this run, oldest first.
    All {
        /// The age, when a process sees them.
        within: Duration,
    },
}

/// What to do about a tick while an earlier run of the line (also one that a person triggered) has not ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Overlap {
    /// Both run.
    #[default]
    Allow,
    /// The tick is dropped.
    Skip,
    /// The first such tick waits for the end of what runs; later ones are dropped meanwhile.
    QueueOne,
}

impl Schedule {
    /// A line with the default policies, for no tenant. The name is free, and unique in the house.
    #[must_use]
    pub fn new(name: impl Into<String>, expression: impl Into<String>, zone: Tz) -> Self {
        Self {
            name: name.into(),
            expression: expression.into(),
            zone,
            tenant: 0,
            missed: Missed::default(),
            overlap: Overlap::default(),
            jitter: Duration::ZERO,
        }
    }

    /// The tenant whose jobs these are.
    #[must_use]
    pub fn tenant(mut self, tenant: i64) -> Self {
        self.tenant = tenant;
        self
    }

    /// What to do about ticks that nobody saw.
    #[must_use]
    pub fn missed(mut self, missed: Missed) -> Self {
        self.missed = missed;
        self
    }

    /// What to do when the run before has not ended.
    #[must_use]
    pub fn overlap(mut self, overlap: Overlap) -> Self {
        self.overlap = overlap;
        self
    }

    /// Spreads the starts over this long after the tick. How late a job starts depends on the line's name and the tick
    /// alone, so that whichever process makes it comes to the same.
    #[must_use]
    pub fn jitter(mut self, spread: Duration) -> Self {
        self.jitter = spread;
        self
    }

    pub(super) fn timing(&self) -> Result<Timing, CrontabError> {
        if self.name.is_empty() || self.name.len() > LONGEST_NAME || self.name.contains(char::is_control) {
            return Err(CrontabError::Name { name: self.name.chars().take(60).collect() });
        }
        Timing::parse(&self.expression, self.zone).map_err(|problem| CrontabError::Expression {
            name: self.name.clone(),
            expression: self.expression.chars().take(60).collect(),
            problem,
        })
    }
}

/// A crontab line that cannot be.
#[derive(Debug, thiserror::Error)]
pub enum CrontabError {
    /// The expression is not one, or never fires.
    #[error("crontab line {name}: \"{expression}\" cannot be: {problem}")]
    Expression {
        /// The line's name.
        name: String,
        /// As written; at most its first 60 characters.
        expression: String,
        /// What is wrong with it.
        problem: ExpressionError,
    },
    /// The name is empty, too long for a job's key or not text.
    #[error("crontab line {name:?}: a name has 1-{LONGEST_NAME} bytes and no control characters")]
    Name {
        /// At most its first 60 characters.
        name: String,
    },
    /// Two lines of one name would take each other's ticks.
    #[error("crontab line {name} is there twice: give one of them another name")]
    Twice {
        /// The name.
        name: String,
    },
}
