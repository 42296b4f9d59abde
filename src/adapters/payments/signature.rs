//! Webhook signatures: HMAC-SHA256 over time and raw body, in `Stripe-Signature`
//! (<https://docs.stripe.com/webhooks#verify-manually>).

use chrono::{DateTime, TimeDelta, Utc};
use ring::hmac;

/// The header that carries a webhook's signature: `t=1763750000,v1=5257…[,v1=…]`.
pub const HEADER: &str = "stripe-signature";

/// How far the time of a signature may be from ours, either way: Stripe's own libraries take five
/// minutes. Each attempt of a delivery is signed anew, so a late one is not refused.
pub const TOLERANCE: TimeDelta = TimeDelta::minutes(5);

/// Codes that are looked at; Stripe sends one for each active secret.
const MOST_CODES: usize = 8;

/// The endpoint's secrets that a webhook may be signed with: one, or two while one replaces the other.
#[derive(Debug, Clone)]
pub struct Secrets {
    current: hmac::Key,
    previous: hmac::Key,
}

/// The endpoint's secrets cannot be used.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecretsError {
    /// Anybody could sign with an empty secret.
    #[error("a payment webhook secret is empty; copy it from the webhook endpoint at Stripe (whsec_…)")]
    Empty,
    /// None, or more than two.
    #[error("{0} payment webhook secrets are given; give one, or two while one replaces the other")]
    Count(usize),
}

/// Why a body is not taken as the provider's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unverified {
    /// The header is not of the form that Stripe writes.
    #[error("the payment webhook's signature cannot be read")]
    Unreadable,
    /// No code fits the body and a secret.
    #[error("the payment webhook's signature does not fit; compare the secret with the endpoint's at Stripe")]
    Forged,
    /// It was signed with our secret, but at another time: a replay, or a wrong clock.
    #[error("the payment webhook was signed more than five minutes from now; look at this machine's clock")]
    Late,
}

impl Secrets {
    /// One secret, or the new one and the one it replaces.
    pub fn new(secrets: &[&str]) -> Result<Self, SecretsError> {
        let (current, previous) = match *secrets {
            [only] => (only, only),
            [current, previous] => (current, previous),
            _ => return Err(SecretsError::Count(secrets.len())),
        };
        let key = |secret: &str| match secret {
            "" => Err(SecretsError::Empty),
            _ => Ok(hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes())),
        };
        Ok(Self { current: key(current)?, previous: key(previous)? })
    }

    /// Whether `header` signs exactly these bytes, and did so about `now`.
    ///
    /// Compares in constant time, and computes both codes for each that is given, so that neither
    /// the time nor the number of codes tells which secret came close.
    pub fn verify(&self, header: &[u8], body: &[u8], now: DateTime<Utc>) -> Result<(), Unverified> {
        let header = Header::read(header).ok_or(Unverified::Unreadable)?;
        let signed = signed(header.time, body);
        let fits = header.codes.iter().fold(false, |fits, code| {
            let current = hmac::verify(&self.current, &signed, code).is_ok();
            let previous = hmac::verify(&self.previous, &signed, code).is_ok();
            fits | current | previous
        });
        if !fits {
            return Err(Unverified::Forged);
        }
        let at = header.time.parse().ok().and_then(|seconds| DateTime::from_timestamp(seconds, 0));
        let near = at.is_some_and(|at| (now - at).abs() <= TOLERANCE);
        if near { Ok(()) } else { Err(Unverified::Late) }
    }

    /// The header's value for a body, signed with the current secret at `at`, as Stripe writes it.
    #[must_use]
    pub fn sign(&self, body: &[u8], at: DateTime<Utc>) -> String {
        let time = at.timestamp().to_string();
        let code = hmac::sign(&self.current, &signed(&time, body));
        format!("t={time},v1={}", hex::encode(code))
    }
}

/// What a header holds, as far as it counts: codes of other schemes (`v0`) do not.
struct Header<'a> {
    /// As it is written, since that is what was signed.
    time: &'a str,
    codes: Vec<Vec<u8>>,
}

impl<'a> Header<'a> {
    fn read(header: &'a [u8]) -> Option<Self> {
        let parts = || std::str::from_utf8(header).ok().into_iter().flat_map(|text| text.split(','));
        let named = |name: &'static str| parts().filter_map(move |part| part.trim().strip_prefix(name));
        let time = named("t=").next().filter(|time| !time.is_empty() && time.bytes().all(|b| b.is_ascii_digit()))?;
        let codes: Vec<_> = named("v1=").filter_map(|code| hex::decode(code).ok()).take(MOST_CODES).collect();
        (!codes.is_empty()).then_some(Self { time, codes })
    }
}

fn signed(time: &str, body: &[u8]) -> Vec<u8> {
    [time.as_bytes(), b".", body].concat()
}

#[cfg(test)]
#[path = "signature_tests.rs"]
mod tests;
