//! A request to the API, once it is known who asks.

use axum::{
    body::to_bytes,
    extract::{FromRequest, Request},
    http::{HeaderMap, Method, header},
};

use super::{error::StripeError, params::Params};
use crate::simulate::Simulators;

/// The longest body, in bytes.
const LIMIT: usize = 1 << 20;
/// The longest idempotency key.
const LONGEST_KEY: usize = 255;

/// What is asked for.
pub(crate) struct Call {
    /// `POST /v1/refunds`
    pub(crate) endpoint: String,
    /// Of the body, or of the query.
    pub(crate) params: Params,
    /// Makes a write happen once; lookups have none.
    pub(crate) key: Option<String>,
    /// The name that the caller knows this server by.
    pub(crate) host: String,
}

impl FromRequest<Simulators> for Call {
    type Rejection = StripeError;

    async fn from_request(request: Request, _: &Simulators) -> Result<Self, StripeError> {
        let (parts, body) = request.into_parts();
        authorize(&parts.headers)?;
        let is_write = parts.method == Method::POST;
        let body = to_bytes(body, LIMIT).await.map_err(|_| StripeError::unreadable())?;
        let form = if is_write { String::from_utf8_lossy(&body).into_owned() } else { query(&parts.uri) };
        let key = text(&parts.headers, "idempotency-key").filter(|_| is_write);
        if key.as_ref().is_some_and(|key| key.len() > LONGEST_KEY) {
            return Err(StripeError::long_key());
        }
        Ok(Self {
            endpoint: format!("{} {}", parts.method, parts.uri.path()),
            params: Params::read(&form),
            key,
            host: text(&parts.headers, header::HOST.as_str()).unwrap_or_else(|| "127.0.0.1:8081".to_owned()),
        })
    }
}

/// Any key will do.
fn authorize(headers: &HeaderMap) -> Result<(), StripeError> {
    let key = text(headers, header::AUTHORIZATION.as_str());
    let key = key.as_deref().and_then(|value| value.strip_prefix("Bearer ")).map(str::trim);
    key.filter(|key| !key.is_empty()).map(drop).ok_or_else(StripeError::unauthorized)
}

fn query(uri: &axum::http::Uri) -> String {
    uri.query().unwrap_or_default().to_owned()
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}
