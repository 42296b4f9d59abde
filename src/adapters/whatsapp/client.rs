//! Sending, and what can be known about a message that was not confirmed.

use std::{sync::Arc, time::Duration};

use reqwest::{
    RequestBuilder, Url,
    header::{AUTHORIZATION, HeaderValue},
};
use serde_json::Value;

use domain::outbound::Content;

use super::{Permanent, Recipient, SendError, answer, payload};
use crate::{HttpError, http};

/// The version of the Graph API that this code was written for.
pub const VERSION: &str = "v25.0";

/// The longest answer that is read, in bytes.
const LIMIT: usize = 1 << 20;

/// Sends messages through the Graph API. Clones share connections.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    /// `https://graph.facebook.com/v25.0`
    base: Arc<Url>,
    /// Marked as sensitive, so that no log shows it.
    authorization: HeaderValue,
}

/// The settings cannot work.
#[derive(Debug, thiserror::Error)]
pub enum Misconfigured {
    /// The address is none.
    #[error("the WhatsApp base URL {0:?} is not an http(s) address; use https://graph.facebook.com")]
    BaseUrl(String),
    /// The token holds characters that no header may hold.
    #[error("the WhatsApp token holds characters that a token has not; copy it again")]
    Token,
    /// The HTTP client failed.
    #[error(transparent)]
    Http(#[from] HttpError),
}

/// WhatsApp took the message, which does not mean that it was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// WhatsApp's id of our message.
    pub wamid: String,
    /// The recipient's phone as WhatsApp writes it, which is not always as it is dialled.
    pub phone: Option<String>,
}

impl Client {
    /// Talks to `base_url` (`https://graph.facebook.com`) in `version` (see [`VERSION`]) with a
    /// system user's token, and gives up on an answer after `limit`.
    pub fn new(base_url: &str, version: &str, token: &str, limit: Duration) -> Result<Self, Misconfigured> {
        let url = format!("{}/{version}", base_url.trim_end_matches('/'));
        let base = Url::parse(&url).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        let base = base.ok_or_else(|| Misconfigured::BaseUrl(base_url.to_owned()))?;
        let mut authorization =
            HeaderValue::try_from(format!("Bearer {}", token.trim())).map_err(|_| Misconfigured::Token)?;
        authorization.set_sensitive(true);
        Ok(Self { http: http::client(limit)?, base: Arc::new(base), authorization })
    }

    /// Sends one message from one of our numbers. Sends it at most once, and never repeats by
    /// itself: WhatsApp has no idempotency key.
    ///
    /// `callback` is our own id of the message (at most 512 characters). It comes back in every
    /// status, and is the only thread to a message whose answer was lost. A document must have been
    /// uploaded ([`Self::upload`]).
    pub async fn send(
        &self,
        phone_number_id: &str,
        to: &Recipient,
        content: &Content,
        callback: &str,
    ) -> Result<Accepted, SendError> {
        if content.document.as_ref().is_some_and(|document| document.media_id.is_none()) {
            let title = "the document has no media id: upload it first".to_owned();
            return Err(SendError::Rejected { code: 0, title, class: Permanent::Request });
        }
        let body = payload::message(to, content, callback);
        let answer = self.post(phone_number_id, &body).await?;
        answer::accepted(&answer)
    }

    /// Marks a customer's message, and all before it, as read; with `typing` also shows for 25
    /// seconds that an answer is being written. Safe to repeat, whatever the error.
    pub async fn mark_read(&self, phone_number_id: &str, wamid: &str, typing: bool) -> Result<(), SendError> {
        self.post(phone_number_id, &payload::read(wamid, typing)).await.map(drop)
    }

    async fn post(&self, phone_number_id: &str, body: &Value) -> Result<Value, SendError> {
        self.ask(self.request(phone_number_id, "messages").json(body)).await
    }

    /// A POST to what belongs to one of our numbers.
    pub(super) fn request(&self, phone_number_id: &str, what: &str) -> RequestBuilder {
        let mut url = Url::clone(&self.base);
        if let Ok(mut path) = url.path_segments_mut() {
            path.extend([phone_number_id, what]);
        }
        self.http.post(url).header(AUTHORIZATION, &self.authorization)
    }

    /// The JSON of a success.
    pub(super) async fn ask(&self, request: RequestBuilder) -> Result<Value, SendError> {
        let response = request.send().await.map_err(|error| answer::none(&error))?;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = http::body(response, LIMIT).await;
        let body = body.map_err(|error| SendError::Unknown { reason: http::trouble(&error).to_owned() })?;
        answer::read(status, &headers, &body.unwrap_or_default())
    }
}

#[cfg(test)]
#[path = "client_tests.rs"]
mod tests;
