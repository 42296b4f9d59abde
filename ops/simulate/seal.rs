//! How the receiver of a webhook knows who sent it, and how the sender knows that it was received.

use ring::hmac;

use super::clock::Clock;

/// A sender's manner of signing.
pub(crate) enum Seal {
    /// `X-Hub-Signature-256: sha256=…` over the body.
    Meta(hmac::Key),
    /// `Stripe-Signature: t=…,v1=…` over time and body, anew for each attempt
    /// (<https://docs.stripe.com/webhooks#verify-manually>).
    Stripe(hmac::Key, Clock),
}

impl Seal {
    pub(crate) fn meta(secret: &str) -> Self {
        Self::Meta(hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()))
    }

    pub(crate) fn stripe(secret: &str, clock: Clock) -> Self {
        Self::Stripe(hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()), clock)
    }

    /// What the sender calls itself.
    pub(crate) const fn agent(&self) -> &'static str {
        match self {
            Self::Meta(_) => "facebookexternalua",
            Self::Stripe(..) => "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        }
    }

    /// The header that goes with a body that is posted now.
    pub(crate) fn header(&self, body: &[u8]) -> (&'static str, String) {
        match self {
            Self::Meta(key) => ("X-Hub-Signature-256", format!("sha256={}", hex::encode(hmac::sign(key, body)))),
            Self::Stripe(key, clock) => {
                let time = clock.now().timestamp();
                let code = hmac::sign(key, &[time.to_string().as_bytes(), b".", body].concat());
                ("Stripe-Signature", format!("t={time},v1={}", hex::encode(code)))
            }
        }
    }

    /// Whether a receiver that answers so has got the body.
    pub(crate) const fn is_receipt(&self, status: u16) -> bool {
        match self {
            Self::Meta(_) => status == 200,
            Self::Stripe(..) => status >= 200 && status < 300,
        }
    }
}
