//! The one factory of HTTP clients, and what their answers have in common.

use std::{sync::Once, time::Duration};

use bytes::{Bytes, BytesMut};
use chrono::{DateTime, FixedOffset};
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

/// How long a connection may take to open, TLS included. Kept below every request's own limit, so
/// that an unreachable server shows as "never connected" and not as "may have been reached".
const CONNECT: Duration = Duration::from_secs(3);

/// The longest wait that a server may ask for.
const LONGEST_WAIT: Duration = Duration::from_hours(24);

/// The HTTP client could not be built.
#[derive(Debug, thiserror::Error)]
#[error("the HTTP client could not be built: {0}")]
pub struct HttpError(#[from] reqwest::Error);

/// A client whose requests end within `limit`, body included.
///
/// It follows no redirect: a POST sent on elsewhere is a message or a secret in the wrong hands.
/// It retries nothing, since the engine owns retries, and it takes no proxy from the environment,
/// which is read in one place only.
pub(crate) fn client(limit: Duration) -> Result<reqwest::Client, HttpError> {
    install_crypto();
    let client = reqwest::Client::builder()
        .connect_timeout(CONNECT)
        .timeout(limit)
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .no_proxy()
        .pool_idle_timeout(Duration::from_secs(30))
        .tcp_nodelay(true)
        .user_agent(concat!("holdfast/", env!("CARGO_PKG_VERSION")))
        .build()?;
    Ok(client)
}

/// Chooses ring for TLS once per process; a choice made earlier by somebody else stands.
fn install_crypto() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        if rustls::crypto::ring::default_provider().install_default().is_err() {
            tracing::debug!("a TLS provider was installed before");
        }
    });
}

/// The body, or `None` when it is longer than `limit` bytes.
pub(crate) async fn body(mut response: reqwest::Response, limit: usize) -> reqwest::Result<Option<Bytes>> {
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > limit {
            return Ok(None);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Some(body.freeze()))
}

/// What went wrong on the way, in words that hold no address and no content.
pub(crate) fn trouble(error: &reqwest::Error) -> &'static str {
    if error.is_connect() {
        "no connection"
    } else if error.is_timeout() {
        "no answer in time"
    } else if error.is_builder() {
        "the request could not be built"
    } else {
        "the connection broke"
    }
}

/// How long the server asks to wait: `Retry-After-Ms`, or `Retry-After` in seconds or as a date,
/// which is measured from the server's own clock (`Date`).
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: &str| headers.get(name)?.to_str().ok().map(str::trim);
    let number = |name: &str| text(name)?.parse::<f64>().ok();
    let date = |name: &str| -> Option<DateTime<FixedOffset>> { DateTime::parse_from_rfc2822(text(name)?).ok() };
    let seconds = number("retry-after-ms").map(|ms| ms / 1000.0).or_else(|| number(RETRY_AFTER.as_str()));
    let wait = match seconds {
        Some(seconds) => Duration::try_from_secs_f64(seconds).ok()?,
        None => (date(RETRY_AFTER.as_str())? - date(DATE.as_str())?).to_std().unwrap_or_default(),
    };
    Some(wait.min(LONGEST_WAIT))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait(headers: &[(&'static str, &'static str)]) -> Option<Duration> {
        let headers = headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
        retry_after(&headers.collect())
    }

    #[test]
    fn a_wait_is_read_in_every_notation() {
        let seconds = |n| Some(Duration::from_secs(n));
        let now = ("date", "Sat, 21 Nov 2026 20:00:00 GMT");
        assert_eq!(wait(&[("retry-after", "20")]), seconds(20));
        assert_eq!(wait(&[("retry-after", "1.5")]), Some(Duration::from_millis(1500)));
        assert_eq!(wait(&[("retry-after-ms", "250"), ("retry-after", "1")]), Some(Duration::from_millis(250)));
        assert_eq!(wait(&[now, ("retry-after", "Sat, 21 Nov 2026 20:02:00 GMT")]), seconds(120));
        assert_eq!(wait(&[now, ("retry-after", "Sat, 21 Nov 2026 19:00:00 GMT")]), seconds(0));
        assert_eq!(wait(&[("retry-after", "99999999999")]), Some(LONGEST_WAIT));
    }

    #[test]
    fn what_is_no_wait_is_none() {
        for value in ["", "soon", "-1", "NaN", "inf", "Sat, 21 Nov 2026 20:02:00 GMT"] {
            assert_eq!(wait(&[("retry-after", value)]), None, "{value}");
        }
        assert_eq!(wait(&[]), None);
    }
}
