//! What an answer of the Graph API, or the lack of one, says about the message.

use std::time::Duration;

use reqwest::{StatusCode, header::HeaderMap};
use serde_json::Value;

use super::{Accepted, ApiError, Permanent, api_error::Meaning, lenient};
use crate::http;

/// Why a message was not accepted, told apart by what may be done next.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// It certainly was not sent: the same message may be sent again later.
    #[error("not sent yet: {reason}")]
    NotSent {
        /// What held it up.
        reason: NotSent,
        /// How long to wait at least.
        wait: Option<Duration>,
    },
    /// It may have gone out. Sending it again may say it twice: wait for a status that carries our
    /// id.
    #[error("perhaps sent: {reason}")]
    Unknown {
        /// What was seen.
        reason: String,
    },
    /// The customer has not written for 24 hours: only templates may be sent.
    #[error("not sent: the customer last wrote more than 24 hours ago")]
    WindowClosed,
    /// It was not sent, and the same message never will be.
    #[error("refused for good ({}): {code} {title}", class.name())]
    Rejected {
        /// Meta's code; 0 when the refusal has none.
        code: i64,
        /// Meta's words.
        title: String,
        /// What must change.
        class: Permanent,
    },
}

/// What held a message up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotSent {
    /// No connection came about, so nothing was written to it.
    Unreachable,
    /// Too many calls of our app or account (4, 80007).
    CallLimit,
    /// Too many messages of this number (130429).
    Throughput,
    /// Too many messages of this number to this person (131056).
    Pair,
    /// The number or the service is down for a while.
    Maintenance,
}

impl NotSent {
    /// The name in logs and metrics.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::CallLimit => "call_limit",
            Self::Throughput => "throughput",
            Self::Pair => "pair",
            Self::Maintenance => "maintenance",
        }
    }
}

impl std::fmt::Display for NotSent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// No answer came. Only where no connection was made is it certain that nothing went out.
pub(super) fn none(error: &reqwest::Error) -> SendError {
    let reason = http::trouble(error).to_owned();
    if error.is_connect() {
        SendError::NotSent { reason: NotSent::Unreachable, wait: None }
    } else if error.is_builder() {
        SendError::Rejected { code: 0, title: reason, class: Permanent::Configuration }
    } else {
        SendError::Unknown { reason }
    }
}

/// The JSON of a success. The error's code decides, and the HTTP status only where there is none.
pub(super) fn read(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Result<Value, SendError> {
    let answer: Option<Value> = serde_json::from_slice(body).ok();
    let error = answer.as_ref().and_then(|answer| answer.get("error")).filter(|error| error.is_object());
    if let Some(error) = error {
        return Err(refused(ApiError::read(error), status, http::retry_after(headers)));
    }
    if !status.is_success() {
        return Err(without_code(status, http::retry_after(headers)));
    }
    answer.ok_or_else(|| SendError::Unknown { reason: "accepted, but the answer is not JSON".to_owned() })
}

/// The id of an accepted message.
pub(super) fn accepted(answer: &Value) -> Result<Accepted, SendError> {
    let first = |list| answer.get(list).and_then(|list| list.get(0));
    let wamid = first("messages").and_then(|message| lenient::id(message, "id"));
    let phone = first("contacts").and_then(|contact| lenient::id(contact, "wa_id"));
    let wamid = wamid.ok_or_else(|| SendError::Unknown { reason: "accepted, but without an id".to_owned() })?;
    Ok(Accepted { wamid, phone })
}

/// The id of an uploaded file.
pub(super) fn uploaded(answer: &Value) -> Result<String, SendError> {
    lenient::id(answer, "id").ok_or_else(|| SendError::Unknown { reason: "uploaded, but without an id".to_owned() })
}

fn refused(error: ApiError, status: StatusCode, retry_after: Option<Duration>) -> SendError {
    let meaning = error.meaning(status.is_server_error());
    let later = |reason| SendError::NotSent { reason, wait: retry_after.or(meaning.wait()) };
    match meaning {
        Meaning::CallLimit => later(NotSent::CallLimit),
        Meaning::Throughput => later(NotSent::Throughput),
        Meaning::Pair => later(NotSent::Pair),
        Meaning::Maintenance => later(NotSent::Maintenance),
        Meaning::Unknown => SendError::Unknown { reason: format!("{} {}", error.code, error.title) },
        Meaning::WindowClosed => SendError::WindowClosed,
        Meaning::Permanent(class) => SendError::Rejected { code: error.code, title: error.title, class },
    }
}

/// An answer that is not Meta's, but that of something in between.
fn without_code(status: StatusCode, retry_after: Option<Duration>) -> SendError {
    let title = format!("HTTP {}", status.as_u16());
    match status {
        StatusCode::TOO_MANY_REQUESTS => {
            let wait = retry_after.or(Meaning::Throughput.wait());
            SendError::NotSent { reason: NotSent::Throughput, wait }
        }
        StatusCode::REQUEST_TIMEOUT => SendError::Unknown { reason: title },
        _ if status.is_server_error() => SendError::Unknown { reason: title },
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
            SendError::Rejected { code: 0, title, class: Permanent::Token }
        }
        _ => SendError::Rejected { code: 0, title, class: Permanent::Configuration },
    }
}
