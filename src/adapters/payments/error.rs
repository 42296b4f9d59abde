//! Why a request came to nothing.

use std::time::Duration;

/// Why nothing was answered that could be used, told apart by what may be done next
/// (<https://docs.stripe.com/error-low-level>).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PayError {
    /// It certainly was not done: ask again later, with the same key.
    #[error("not done yet: {reason}")]
    NotSent {
        /// What held it up.
        reason: NotSent,
        /// How long to wait at least.
        wait: Option<Duration>,
    },
    /// It may have been done. Asking again with the same key and the same words is safe for 24
    /// hours and tells.
    #[error("perhaps done: {reason}")]
    Unknown {
        /// What was seen.
        reason: String,
        /// The provider keeps this very answer for the key, so the same key brings no other one
        /// for 24 hours. What was done must be looked up (a link's id is lost then and its session
        /// runs out; refunds are told by [`Client::refunds_of`](super::Client::refunds_of)), and
        /// only what is missing there may be asked for with another key.
        stored: bool,
    },
    /// It was not done, and the same request never will be.
    #[error("refused for good ({}): {code}, {title}", class.name())]
    Rejected {
        /// The provider's code (`charge_already_refunded`), or else the error's type.
        code: String,
        /// The HTTP status, the type and the parameter; never the provider's sentence, which may
        /// repeat what a customer entered.
        title: String,
        /// What must change.
        class: Refusal,
    },
}

/// What held a request up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotSent {
    /// No connection came about, so nothing was written to it.
    Unreachable,
    /// Too many requests.
    RateLimit,
    /// Another request has the same object in its hands.
    Locked,
}

/// Why a request was refused for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The secret key is wrong or was revoked (401).
    Key,
    /// The key may not do this (403).
    Permission,
    /// The address is not that of the API.
    Configuration,
    /// This request cannot be done; others can.
    Request,
}

impl NotSent {
    /// The name in logs and metrics.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::RateLimit => "rate_limit",
            Self::Locked => "locked",
        }
    }
}

impl std::fmt::Display for NotSent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl Refusal {
    /// Whether every other request would be refused as well, until somebody puts the settings right.
    #[must_use]
    pub const fn is_configuration(self) -> bool {
        !matches!(self, Self::Request)
    }

    /// The name in logs and metrics.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::Permission => "permission",
            Self::Configuration => "configuration",
            Self::Request => "request",
        }
    }
}

impl PayError {
    /// Nobody knows, and asking again may tell.
    pub(super) fn unknown(reason: impl Into<String>) -> Self {
        Self::Unknown { reason: reason.into(), stored: false }
    }

    /// Refused by ourselves.
    pub(super) fn refused(code: &str, title: impl Into<String>) -> Self {
        Self::Rejected { code: code.to_owned(), title: title.into(), class: Refusal::Request }
    }

    /// The provider's code of a refusal of this one request.
    pub(super) fn code(&self) -> Option<&str> {
        match self {
            Self::Rejected { code, class: Refusal::Request, .. } => Some(code),
            _ => None,
        }
    }
}
