//! Refusals in the shape that the Graph API gives them.

use std::sync::atomic::{AtomicU64, Ordering};

use axum::{
    Json,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;

use crate::simulate::faults::Fault;

/// One refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct GraphError {
    pub(crate) status: u16,
    pub(crate) code: i64,
    pub(crate) subcode: Option<i64>,
    pub(crate) message: String,
    /// What exactly is wrong, where Meta tells.
    pub(crate) details: Option<String>,
    pub(crate) retry_after: Option<u64>,
}

impl GraphError {
    pub(crate) fn new(code: i64, details: impl Into<String>) -> Self {
        Self {
            status: usual_status(code),
            code,
            subcode: None,
            message: format!("(#{code}) {}", title(code)),
            details: Some(details.into()),
            retry_after: None,
        }
    }

    /// The request as a whole does not follow the API.
    pub(crate) fn parameter(message: impl AsRef<str>) -> Self {
        let message = format!("(#100) {}", message.as_ref());
        Self { message, details: None, ..Self::new(100, "") }
    }

    pub(crate) fn missing(parameter: &str) -> Self {
        Self::new(131_008, format!("Required parameter is missing: {parameter}"))
    }

    pub(crate) fn value(details: impl Into<String>) -> Self {
        Self::new(131_009, details)
    }

    /// No token, or nothing that looks like one.
    pub(crate) fn token() -> Self {
        let message = "Invalid OAuth access token - Cannot parse access token".to_owned();
        Self { message, details: None, ..Self::new(190, "") }
    }

    /// The path names nothing that exists.
    pub(crate) fn unknown_object(id: &str) -> Self {
        let message = format!(
            "Unsupported request. Object with ID '{id}' does not exist, cannot be loaded due to \
             missing permissions, or does not support this operation."
        );
        Self { message, details: None, subcode: Some(33), ..Self::new(100, "") }
    }

    pub(crate) fn fault(fault: &Fault) -> Self {
        let code = fault.code.unwrap_or(131_000);
        let error = Self::new(code, format!("Set by a fault of the simulators: {}", title(code)));
        Self { status: fault.status.unwrap_or(error.status), retry_after: fault.retry_after, ..error }
    }
}

impl IntoResponse for GraphError {
    fn into_response(self) -> Response {
        static TRACE: AtomicU64 = AtomicU64::new(1);
        let trace = TRACE.fetch_add(1, Ordering::Relaxed);
        let mut error = json!({
            "message": self.message,
            "type": "OAuthException",
            "code": self.code,
            "fbtrace_id": format!("A{trace:022X}"),
        });
        if let Some(subcode) = self.subcode {
            error["error_subcode"] = subcode.into();
        }
        if let Some(details) = self.details {
            error["error_data"] = json!({ "messaging_product": "whatsapp", "details": details });
        }
        if matches!(self.code, 1 | 2) {
            error["is_transient"] = true.into();
        }
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::BAD_REQUEST);
        let mut response = (status, Json(json!({ "error": error }))).into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}

fn usual_status(code: i64) -> u16 {
    match code {
        0 | 190 => 401,
        3 | 10 | 200..=299 | 368 | 131_005 | 131_031 => 403,
        1 | 131_000 | 131_016 => 500,
        2 | 131_057 | 133_004 => 503,
        _ => 400,
    }
}

/// Titles as Meta's table has them; whoever branches on them will be sorry.
pub(crate) fn title(code: i64) -> &'static str {
    match code {
        0 | 190 => "Authentication failed",
        1 => "An unknown error occurred",
        2 => "Service temporarily unavailable",
        4 => "Application request limit reached",
        10 | 200..=299 | 131_005 => "Permission denied",
        100 => "Invalid parameter",
        368 => "Temporarily blocked for policies violations",
        80_007 => "Rate limit issues",
        130_429 => "Rate limit hit",
        130_472 => "User's number is part of an experiment",
        131_000 => "Something went wrong",
        131_008 => "Required parameter is missing",
        131_009 => "Parameter value is not valid",
        131_016 => "Service unavailable",
        131_021 => "Recipient cannot be sender",
        131_026 => "Message undeliverable",
        131_031 => "Account has been locked",
        131_042 => "Business eligibility payment issue",
        131_047 => "Re-engagement message",
        131_048 => "Spam rate limit hit",
        131_049 => "Message not delivered to maintain healthy ecosystem engagement",
        131_050 => "User has stopped marketing messages",
        131_051 => "Unsupported message type",
        131_052 => "Media download error",
        131_053 => "Media upload error",
        131_056 => "(Business account, consumer account) pair rate limit hit",
        131_057 => "Account in maintenance mode",
        132_000 => "Number of parameters does not match the expected number of params",
        132_001 => "Template name does not exist in the translation",
        132_015 => "Template is paused",
        132_016 => "Template is disabled",
        _ => "Generic error",
    }
}
