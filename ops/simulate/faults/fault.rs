//! One fault: what goes wrong, for whom, how often.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::super::{
    fields::{Fields, Problem},
    whatsapp::customers::digits,
};

const FIELDS: &str = "target, kind, code, status, ms, retry_after, probability, times, to, seed";

/// Whom a fault strikes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// The Graph API and its webhooks.
    #[default]
    Whatsapp,
    /// The language model.
    Llm,
    /// The API of the payment provider.
    Payments,
}

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Refused with `code` (WhatsApp) or `status` (any); nothing is accepted.
    Error,
    /// The connection ends before anything is accepted.
    DropRequest,
    /// Accepted and done, but the connection ends without an answer.
    DropResponseAfterAccept,
    /// Accepted and done, but the answer is a 200 that nobody can read.
    Garbage,
    /// `ms` pass before the request is looked at.
    DelayMs,
    /// `ms` pass between acceptance and the answer.
    AnswerDelayMs,
    /// Statuses start `ms` late.
    StatusDelayMs,
    /// Every status is posted twice.
    StatusDuplicate,
    /// Statuses come in another order.
    StatusShuffle,
    /// The first status is posted before the send is answered.
    StatusBeforeResponse,
    /// No status ever comes.
    NoStatus,
    /// Accepted, and then a `failed` status with `code`.
    StatusFailed,
}

/// A fault as it is set. Without `times` it stays until it is cleared.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Fault {
    /// Whom it strikes.
    pub target: Target,
    /// What goes wrong.
    pub kind: Kind,
    /// Meta's error code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<i64>,
    /// HTTP status, where it is not the one usual for `code`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// A delay in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ms: Option<u64>,
    /// `Retry-After`, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
    /// How likely it strikes a request, 0 to 1.
    pub probability: f64,
    /// How often it strikes at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
    /// Recipients it strikes: a phone or a user id, with `*` at the end for "and so on".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Repeats its dice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
}

impl Fault {
    /// A fault that strikes every request; set what else it needs.
    #[must_use]
    pub fn new(target: Target, kind: Kind) -> Self {
        Self {
            target,
            kind,
            code: None,
            status: None,
            ms: None,
            retry_after: None,
            probability: 1.0,
            times: None,
            to: None,
            seed: None,
        }
    }

    /// Reads the JSON of `POST /_sim/faults`.
    ///
    /// # Errors
    /// When a field is unknown, missing or out of range; it is named.
    pub fn from_json(value: Value) -> Result<Self, Problem> {
        let mut fields = Fields::of(value)?;
        let fault = Self {
            target: fields.take("target")?.unwrap_or_default(),
            kind: fields.require("kind")?,
            code: fields.take("code")?,
            status: fields.take("status")?,
            ms: fields.take("ms")?,
            retry_after: fields.take("retry_after")?,
            probability: fields.take("probability")?.unwrap_or(1.0),
            times: fields.take("times")?,
            to: fields.take("to")?,
            seed: fields.take("seed")?,
        };
        fields.finish(FIELDS)?;
        fault.checked()
    }

    fn checked(self) -> Result<Self, Problem> {
        let wants = |field: &str, why: &str| Err(Problem::new(field, why));
        match (self.target, self.kind) {
            _ if !(0.0..=1.0).contains(&self.probability) => wants("probability", "must lie between 0 and 1"),
            _ if self.status.is_some_and(|status| !(400..600).contains(&status)) => {
                wants("status", "must be an HTTP error status, 400 to 599")
            }
            (Target::Whatsapp, Kind::Error | Kind::StatusFailed) if self.code.is_none() => {
                wants("code", "is required: a Meta error code, like 130429")
            }
            (Target::Llm | Target::Payments, Kind::Error) if self.status.is_none() => {
                wants("status", "is required: an HTTP status, like 429")
            }
            (_, Kind::DelayMs | Kind::AnswerDelayMs | Kind::StatusDelayMs) if self.ms.is_none() => {
                wants("ms", "is required: a delay in milliseconds")
            }
            (Target::Llm | Target::Payments, kind) if kind.is_status() => {
                wants("kind", "is about WhatsApp's statuses; only the target whatsapp has them")
            }
            (Target::Payments, _) if self.to.is_some() => wants("to", "names a recipient; payments have none"),
            _ => Ok(self),
        }
    }

    /// Whether it strikes this recipient.
    pub(crate) fn meets(&self, to: Option<&str>) -> bool {
        let Some(pattern) = &self.to else { return true };
        let Some(to) = to.map(canonical) else {
            return false;
        };
        match pattern.strip_suffix('*') {
            Some(start) => to.starts_with(&canonical(start)),
            None => to == canonical(pattern),
        }
    }
}

impl Kind {
    fn is_status(self) -> bool {
        matches!(
            self,
            Self::StatusDelayMs
                | Self::StatusDuplicate
                | Self::StatusShuffle
                | Self::StatusBeforeResponse
                | Self::NoStatus
                | Self::StatusFailed
        )
    }
}

fn canonical(to: &str) -> String {
    if to.contains('.') { to.trim().to_owned() } else { digits(to) }
}
