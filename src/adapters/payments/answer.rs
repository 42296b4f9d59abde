//! What an answer of the provider, or the lack of one, says about what was asked.

use std::time::Duration;

use reqwest::{
    StatusCode,
    header::{HeaderMap, HeaderName},
};
use serde_json::Value;

use super::{NotSent, PayError, Refusal, fields};
use crate::http;

/// How long to wait at least after a rate limit that names no time.
const RATE_LIMITED: Duration = Duration::from_secs(2);

/// No answer came. Only where no connection was made is it certain that nothing was done.
pub(super) fn none(error: &reqwest::Error) -> PayError {
    let reason = http::trouble(error);
    if error.is_connect() {
        PayError::NotSent { reason: NotSent::Unreachable, wait: None }
    } else if error.is_builder() {
        PayError::Rejected { code: "request".to_owned(), title: reason.to_owned(), class: Refusal::Configuration }
    } else {
        PayError::unknown(reason)
    }
}

/// The JSON of a success.
pub(super) fn read(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Result<Value, PayError> {
    let answer: Option<Value> = serde_json::from_slice(body).ok();
    if status.is_success() {
        return answer.filter(Value::is_object).ok_or_else(|| PayError::unknown("done, but the answer is not JSON"));
    }
    let error = answer.as_ref().and_then(|answer| answer.get("error")).filter(|error| error.is_object());
    Err(Failure { status, headers, error }.meaning())
}

/// An answer that is no success; `error` is missing where something in between answered.
struct Failure<'a> {
    status: StatusCode,
    headers: &'a HeaderMap,
    error: Option<&'a Value>,
}

impl Failure<'_> {
    fn meaning(&self) -> PayError {
        let retry = self.says("stripe-should-retry");
        match self.status {
            StatusCode::TOO_MANY_REQUESTS => {
                let reason = if self.is("lock_timeout") { NotSent::Locked } else { NotSent::RateLimit };
                PayError::NotSent { reason, wait: http::retry_after(self.headers).or(Some(RATE_LIMITED)) }
            }
            // 409: the first request with this key, or one about the same object, is not through.
            // 424: a bank or network did not answer the provider.
            StatusCode::REQUEST_TIMEOUT | StatusCode::CONFLICT | StatusCode::FAILED_DEPENDENCY => self.unknown(),
            status if status.is_server_error() || retry == Some(true) => self.unknown(),
            StatusCode::UNAUTHORIZED => self.rejected(Refusal::Key),
            StatusCode::FORBIDDEN => self.rejected(Refusal::Permission),
            _ if self.error.is_none() || self.is_no_object() => self.rejected(Refusal::Configuration),
            _ => self.rejected(Refusal::Request),
        }
    }

    fn unknown(&self) -> PayError {
        let stored = self.says("idempotent-replayed") == Some(true) || self.says("stripe-should-retry") == Some(false);
        PayError::Unknown { reason: self.title(), stored: stored && self.status.is_server_error() }
    }

    fn rejected(&self, class: Refusal) -> PayError {
        let code = self.word("code").or_else(|| self.word("type"));
        PayError::Rejected { code: code.unwrap_or_else(|| "http".to_owned()), title: self.title(), class }
    }

    /// An address that the API does not have: a missing object is told with a code.
    fn is_no_object(&self) -> bool {
        self.status == StatusCode::NOT_FOUND && self.word("code").is_none()
    }

    fn title(&self) -> String {
        let mut title = format!("HTTP {}", self.status.as_u16());
        for part in ["type", "param"].into_iter().filter_map(|key| self.word(key)) {
            title.push(' ');
            title.push_str(&part);
        }
        title
    }

    fn is(&self, code: &str) -> bool {
        self.word("code").is_some_and(|known| known == code)
    }

    /// A code, a type or a parameter's name; nothing that could hold a sentence.
    fn word(&self, key: &str) -> Option<String> {
        let known = |b: u8| b.is_ascii_alphanumeric() || b"_-[].".contains(&b);
        fields::word(self.error?, key).filter(|word| word.len() <= 100 && word.bytes().all(known))
    }

    fn says(&self, name: &'static str) -> Option<bool> {
        self.headers.get(HeaderName::from_static(name))?.to_str().ok()?.trim().parse().ok()
    }
}

#[cfg(test)]
#[path = "answer_tests.rs"]
mod tests;
