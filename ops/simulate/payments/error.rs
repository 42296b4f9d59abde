//! Refusals in the shape that Stripe gives them (<https://docs.stripe.com/api/errors>).

use axum::{
    Json,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value, json};

use crate::simulate::faults::Fault;

const INVALID: &str = "invalid_request_error";
const IDEMPOTENCY: &str = "idempotency_error";

/// One refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StripeError {
    status: u16,
    kind: &'static str,
    /// Empty where Stripe gives none.
    code: String,
    param: Option<String>,
    message: String,
    retry_after: Option<u64>,
    /// The request was looked into, so that its idempotency key keeps this answer. What does not
    /// pass the checks of single parameters keeps nothing.
    pub(crate) is_kept: bool,
}

impl StripeError {
    fn new(status: u16, kind: &'static str, code: &str, message: impl Into<String>) -> Self {
        let (code, message) = (code.to_owned(), message.into());
        Self { status, kind, code, param: None, message, retry_after: None, is_kept: false }
    }

    fn about(self, param: &str) -> Self {
        Self { param: Some(param.to_owned()), ..self }
    }

    /// A parameter that must be there is not.
    pub(crate) fn lacking(param: &str) -> Self {
        Self::new(400, INVALID, "parameter_missing", format!("Missing required param: {param}.")).about(param)
    }

    /// A parameter has a value that it cannot have.
    pub(crate) fn value(code: &str, param: &str, message: &str) -> Self {
        Self::new(400, INVALID, code, message).about(param)
    }

    /// There is no such object.
    pub(crate) fn missing(object: &str, id: &str) -> Self {
        let param = if object == "checkout.session" { "session" } else { object };
        Self::new(404, INVALID, "resource_missing", format!("No such {object}: '{id}'")).about(param)
    }

    /// The money does not allow it.
    pub(crate) fn refused(code: &str, message: String) -> Self {
        Self { is_kept: true, ..Self::new(400, INVALID, code, message) }
    }

    /// More than is left; Stripe has no code for it.
    pub(crate) fn too_much(message: String) -> Self {
        Self::refused("", message).about("amount")
    }

    /// The object is not in a state for it; Stripe has no code for it.
    pub(crate) fn state(message: String) -> Self {
        Self::refused("", message)
    }

    pub(crate) fn unauthorized() -> Self {
        let message = "You did not provide an API key. Give one in the Authorization header, using Bearer auth.";
        Self::new(401, INVALID, "", message)
    }

    /// The body is too long or broke off.
    pub(crate) fn unreadable() -> Self {
        Self::new(400, INVALID, "", "The body could not be read.")
    }

    /// The key was used for something else before.
    pub(crate) fn other_request(key: &str) -> Self {
        let message = format!(
            "Keys for idempotent requests can only be used with the same endpoint and parameters they were first \
             used with. Try using a key other than '{key}' if you meant to execute a different request."
        );
        Self::new(400, IDEMPOTENCY, "", message)
    }

    pub(crate) fn long_key() -> Self {
        Self::new(400, INVALID, "", "Idempotency keys are at most 255 characters long.")
    }

    pub(crate) fn fault(fault: &Fault) -> Self {
        let status = fault.status.unwrap_or(500);
        let (kind, code) = match status {
            409 => (IDEMPOTENCY, "idempotency_key_in_use"),
            429 => (INVALID, "rate_limit"),
            402 => ("card_error", "card_declined"),
            400..500 => (INVALID, ""),
            _ => ("api_error", ""),
        };
        let error = Self::new(status, kind, code, "Set by a fault of the simulators");
        Self { retry_after: fault.retry_after, ..error }
    }

    pub(crate) fn status(&self) -> u16 {
        self.status
    }

    /// The body; fields that do not apply are left out.
    pub(crate) fn body(&self) -> Value {
        let code = Some(&self.code).filter(|code| !code.is_empty());
        let fields = [("code", code), ("param", self.param.as_ref()), ("message", Some(&self.message))];
        let fields = fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), json!(value?))));
        let mut error: Map<String, Value> = fields.collect();
        error.insert("type".into(), self.kind.into());
        json!({ "error": error })
    }
}

impl IntoResponse for StripeError {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::BAD_REQUEST);
        let mut response = (status, Json(self.body())).into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}
