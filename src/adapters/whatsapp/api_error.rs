//! Meta's errors: what an error code says about the message and about the next one.

use std::time::Duration;

use serde_json::Value;

use super::lenient;

/// An error of the Graph API, from a response, a failed status or a webhook.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ApiError {
    /// The only thing to branch on; HTTP statuses and titles are not reliable.
    pub code: i64,
    /// What Meta calls it; shown to staff.
    pub title: String,
    /// More words, for staff.
    pub details: String,
    /// Meta believes that it passes.
    pub transient: bool,
}

/// Why a message was refused for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permanent {
    /// The token is wrong or expired. Nothing can be sent until it is replaced.
    Token,
    /// Permission, registration, name or PIN: nothing can be sent until somebody puts it right.
    Configuration,
    /// Nothing can be sent until a bill is paid or terms are accepted.
    Billing,
    /// Meta restricted the account or the number.
    Restricted,
    /// This person cannot be reached, or not by this id, or not in this country.
    Recipient,
    /// This person wants no marketing, or gets enough of it.
    Marketing,
    /// The template is wrong, missing, paused or disabled.
    Template,
    /// The request itself is wrong.
    Request,
}

impl Permanent {
    /// Whether every other message of this number would be refused as well.
    #[must_use]
    pub const fn stops_the_channel(self) -> bool {
        matches!(self, Self::Token | Self::Configuration | Self::Billing | Self::Restricted)
    }

    /// The name in logs and metrics.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Configuration => "configuration",
            Self::Billing => "billing",
            Self::Restricted => "restricted",
            Self::Recipient => "recipient",
            Self::Marketing => "marketing",
            Self::Template => "template",
            Self::Request => "request",
        }
    }
}

/// What a refusal in a response means for the message it answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Too fast, all our calls together.
    CallLimit,
    /// Too fast, this number.
    Throughput,
    /// Too fast, this number to this person.
    Pair,
    /// Down for a while, or still taking a template in: not sent.
    Maintenance,
    /// It may have gone out all the same.
    Unknown,
    /// More than 24 hours since the person last wrote.
    WindowClosed,
    /// Refused for good.
    Permanent(Permanent),
}

impl Meaning {
    /// How long to wait at least, where Meta names no time.
    pub(super) const fn wait(self) -> Option<Duration> {
        match self {
            Self::CallLimit | Self::Maintenance => Some(Duration::from_mins(1)),
            Self::Throughput => Some(Duration::from_secs(2)),
            // One message in six seconds is what a pair is given.
            Self::Pair => Some(Duration::from_secs(6)),
            _ => None,
        }
    }
}

impl ApiError {
    /// Reads the object `error` of a response, or an item of `errors`.
    pub(super) fn read(error: &Value) -> Self {
        let number = |key| lenient::text(error, key).and_then(|code| code.trim().parse().ok());
        let data = error.get("error_data").unwrap_or(&Value::Null);
        let details = lenient::text(data, "details")
            .or_else(|| lenient::text(error, "error_data"))
            .or_else(|| lenient::text(error, "details"))
            .or_else(|| lenient::text(error, "error_user_msg"));
        let title = lenient::text(error, "title").or_else(|| lenient::text(error, "message"));
        Self {
            code: number("code").unwrap_or_default(),
            title: title.unwrap_or_default(),
            details: details.unwrap_or_default(),
            transient: error.get("is_transient").and_then(Value::as_bool).unwrap_or_default(),
        }
    }

    /// Whether it says that only templates may be sent to this person now. Meta says it with a
    /// code of its own, with an old one, and with "bad request" and a text.
    #[must_use]
    pub fn window_closed(&self) -> bool {
        let text = format!("{} {}", self.title, self.details).to_lowercase();
        match self.code {
            131_047 | 470 => true,
            100 => ["24-hour", "24 hour", "24h"].iter().any(|window| text.contains(window)),
            _ => false,
        }
    }

    /// What kind of refusal a `failed` status reports; such a message is certainly not delivered.
    /// `None`: a passing trouble, or the window.
    #[must_use]
    pub fn permanent(&self) -> Option<Permanent> {
        match self.meaning(false) {
            Meaning::Permanent(permanent) => Some(permanent),
            _ => None,
        }
    }

    /// What the error says of the message it answers. `server_error`: it came with HTTP 5xx, which
    /// decides only for codes that are not known.
    pub(super) fn meaning(&self, server_error: bool) -> Meaning {
        if self.window_closed() {
            return Meaning::WindowClosed;
        }
        match self.code {
            4 | 80_007 => Meaning::CallLimit,
            130_429 => Meaning::Throughput,
            131_056 => Meaning::Pair,
            131_016 | 131_057 | 133_004 | 134_101 | 2_494_100 => Meaning::Maintenance,
            1 | 2 | 131_000 => Meaning::Unknown,
            code => match known_permanent(code) {
                Some(permanent) => Meaning::Permanent(permanent),
                None if self.transient || server_error => Meaning::Unknown,
                None => Meaning::Permanent(Permanent::Request),
            },
        }
    }
}

/// The codes that no repetition mends.
const fn known_permanent(code: i64) -> Option<Permanent> {
    Some(match code {
        0 | 190 => Permanent::Token,
        3
        | 10
        | 200..=299
        | 131_005
        | 131_037
        | 131_045
        | 131_055
        | 131_063
        | 133_000
        | 133_005..=133_010
        | 133_015
        | 133_016
        | 134_100
        | 134_102
        | 136_024 => Permanent::Configuration,
        131_042 | 131_044 | 134_011 => Permanent::Billing,
        368 | 131_031 | 131_048 | 131_064 => Permanent::Restricted,
        130_403 | 130_497 | 131_021 | 131_026 | 131_030 | 131_062 | 137_000 => Permanent::Recipient,
        130_472 | 131_049 | 131_050 => Permanent::Marketing,
        132_000..=132_999 => Permanent::Template,
        33 | 100 | 131_008 | 131_009 | 131_051 | 131_052 | 131_053 | 135_000 => Permanent::Request,
        _ => return None,
    })
}

#[cfg(test)]
#[path = "api_error_tests.rs"]
mod tests;
