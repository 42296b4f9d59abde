//! Asking the provider: one key, one version, one way to write.

use std::{sync::Arc, time::Duration};

use reqwest::{
    RequestBuilder, Url,
    header::{AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue},
};
use serde_json::Value;

use super::{
    PayError, answer,
    form::{self, Form},
};
use crate::{HttpError, http};

/// The version of Stripe's API that this code was written for. Every request names it, so that an
/// account's own default changes nothing. It is the first of the release "Clover"; the later ones
/// of that release only add (<https://docs.stripe.com/changelog/clover>).
pub const VERSION: &str = "2025-09-30.clover";

/// The longest idempotency key (<https://docs.stripe.com/api/idempotent_requests>).
const LONGEST_KEY: usize = 255;

/// The longest answer that is read, in bytes: a page of a hundred refunds has about 100 KiB.
const LIMIT: usize = 1 << 20;

const STRIPE_VERSION: HeaderName = HeaderName::from_static("stripe-version");
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const FORM: &str = "application/x-www-form-urlencoded";

/// Speaks Stripe's API. Clones share connections.
///
/// Every write takes a key: the same key with the same words is done once, however often it is
/// asked for, as long as all happens within 24 hours
/// (<https://docs.stripe.com/api/idempotent_requests>). So everything in a request, its times too,
/// must come from what was written down when the effect was planned.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    /// `https://api.stripe.com/v1`
    base: Arc<Url>,
    /// Marked as sensitive, so that no log shows it.
    authorization: HeaderValue,
}

/// The settings cannot work.
#[derive(Debug, thiserror::Error)]
pub enum Misconfigured {
    /// The address is none.
    #[error("the payments base URL {0:?} is not an http(s) address; use https://api.stripe.com")]
    BaseUrl(String),
    /// There is no key, or it holds characters that no header may hold.
    #[error("the payments secret key is empty or holds characters that a key has not; copy it again")]
    Key,
    /// The HTTP client failed.
    #[error(transparent)]
    Http(#[from] HttpError),
}

impl Client {
    /// Talks to `base_url` (`https://api.stripe.com`) with a secret key (`sk_…`, or a restricted
    /// `rk_…` that may write checkout sessions and refunds), and gives up on an answer after `limit`.
    pub fn new(base_url: &str, secret_key: &str, limit: Duration) -> Result<Self, Misconfigured> {
        let url = format!("{}/v1", base_url.trim_end_matches('/'));
        let base = Url::parse(&url).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        let base = base.ok_or_else(|| Misconfigured::BaseUrl(base_url.to_owned()))?;
        let key = Some(secret_key.trim()).filter(|key| !key.is_empty()).ok_or(Misconfigured::Key)?;
        let mut authorization = HeaderValue::try_from(format!("Bearer {key}")).map_err(|_| Misconfigured::Key)?;
        authorization.set_sensitive(true);
        Ok(Self { http: http::client(limit)?, base: Arc::new(base), authorization })
    }

    /// Writes something; `key` makes it happen once.
    pub(super) async fn post(&self, path: &[&str], key: &str, form: &Form<'_>) -> Result<Value, PayError> {
        let fits = !key.is_empty() && key.len() <= LONGEST_KEY;
        let key = HeaderValue::try_from(key).ok().filter(|_| fits);
        let key = key.ok_or_else(|| PayError::refused("idempotency_key", "give 1 to 255 visible characters"))?;
        let request = self.http.post(self.at(path)).header(IDEMPOTENCY_KEY, key).header(CONTENT_TYPE, FORM);
        self.ask(request.body(form::encode(&self.base, form))).await
    }

    /// Looks something up; safe to repeat.
    pub(super) async fn get(&self, path: &[&str], query: &Form<'_>) -> Result<Value, PayError> {
        let mut url = self.at(path);
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        self.ask(self.http.get(url)).await
    }

    /// Each segment is escaped, so that no id leads elsewhere.
    fn at(&self, path: &[&str]) -> Url {
        let mut url = Url::clone(&self.base);
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.extend(path);
        }
        url
    }

    async fn ask(&self, request: RequestBuilder) -> Result<Value, PayError> {
        let request = request
            .header(AUTHORIZATION, &self.authorization)
            .header(STRIPE_VERSION, HeaderValue::from_static(VERSION));
        let response = request.send().await.map_err(|error| answer::none(&error))?;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = http::body(response, LIMIT).await;
        let body = body.map_err(|error| PayError::unknown(http::trouble(&error)))?;
        answer::read(status, &headers, &body.unwrap_or_default())
    }
}

#[cfg(test)]
#[path = "client_tests.rs"]
mod tests;
