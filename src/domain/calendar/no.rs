//! Why the calendar stays as it is.

use chrono::NaiveDate;
use serde::Serialize;

use super::{Clash, TooSmall};
use crate::RuleId;

/// What an edit came to, or why nothing was done.
pub type Answer<T> = sqlx::Result<Result<T, No>>;

/// A business "no": nothing was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum No {
    /// The tenant has none of this.
    Unknown {
        /// The field that names it.
        field: &'static str,
    },
    /// A field makes no sense.
    Invalid {
        /// Which.
        field: &'static str,
        /// What to write instead.
        remedy: &'static str,
    },
    /// The session was called off.
    CalledOff,
    /// The session has begun.
    Started,
    /// That time is over.
    Past,
    /// Somebody or some room is taken at that time.
    Taken(Clash),
    /// The crew does not lead this service.
    CannotLead,
    /// The room is at another location.
    RoomElsewhere,
    /// More places are booked than there would be.
    TooSmall(TooSmall),
    /// The rule ends before.
    Ended {
        /// Its last day.
        on: NaiveDate,
    },
    /// There is a rule of this service at this time already.
    SameRule {
        /// Which.
        rule: RuleId,
    },
}

impl No {
    pub(crate) const fn unknown(field: &'static str) -> Self {
        Self::Unknown { field }
    }

    pub(crate) const fn invalid(field: &'static str, remedy: &'static str) -> Self {
        Self::Invalid { field, remedy }
    }
}

/// Goes on with what was agreed to, else answers no.
macro_rules! agreed {
    ($answer:expr) => {
        match $answer {
            Ok(agreed) => agreed,
            Err(no) => return Ok(Err(no)),
        }
    };
}
pub(super) use agreed;
