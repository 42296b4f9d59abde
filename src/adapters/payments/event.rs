//! From a webhook's body to what happened.
//!
//! Events come at least once and in any order (<https://docs.stripe.com/webhooks>): keep their ids,
//! and let what happened last by the objects' own states win.

use chrono::{DateTime, Utc};
use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Refund, RefundState, fields, link};

/// Something that happened at the provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// The provider's id (`evt_…`), the same however often it is sent; without one, a digest of the body.
    pub id: String,
    /// When it happened, by the provider's clock.
    pub created: DateTime<Utc>,
    /// Our tenant, where the object carries it. A dispute carries none: its payment leads there.
    pub tenant: Option<i64>,
    /// Our payment, likewise; refunds and disputes carry none.
    pub payment: Option<i64>,
    /// Our refund, likewise.
    pub refund: Option<i64>,
    /// What happened.
    pub kind: EventKind,
}

/// What a webhook may tell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum EventKind {
    /// The money of a link is there. A link that is complete but not paid yet, as with a bank
    /// debit, is [`Self::Other`] until it is (<https://docs.stripe.com/checkout/fulfillment>).
    LinkPaid {
        /// The link (`cs_…`).
        link: String,
        /// The payment (`pi_…`), which refunds name.
        payment_intent: Option<String>,
        /// How much, in minor units.
        amount_minor: i64,
        /// ISO 4217 (`EUR`).
        currency: String,
    },
    /// A link can be paid no more.
    LinkExpired {
        /// The link (`cs_…`).
        link: String,
    },
    /// An attempt to pay failed. The link stays open, so that another one may succeed, but for
    /// a bank that fails after the link was complete.
    PaymentFailed {
        /// The link (`cs_…`), where the provider names it.
        link: Option<String>,
        /// The payment (`pi_…`).
        payment_intent: Option<String>,
    },
    /// A refund was made, or came further, or failed.
    RefundChanged {
        /// The refund (`re_…`).
        id: String,
        /// Our refund's id, if we made it.
        refund: Option<i64>,
        /// How far it came.
        state: RefundState,
        /// How much, in minor units.
        amount_minor: i64,
        /// The payment that it gives back (`pi_…`).
        payment_intent: Option<String>,
    },
    /// A customer asks their bank for the money back.
    DisputeOpened {
        /// The dispute (`dp_…`, `du_…`).
        dispute: String,
        /// The payment (`pi_…`).
        payment_intent: Option<String>,
        /// How much, in minor units.
        amount_minor: i64,
    },
    /// A dispute is decided.
    DisputeClosed {
        /// The dispute (`dp_…`, `du_…`).
        dispute: String,
        /// The payment (`pi_…`).
        payment_intent: Option<String>,
        /// How much, in minor units.
        amount_minor: i64,
        /// The business keeps the money: it won, or a mere inquiry ended.
        won: bool,
    },
    /// Everything else, and what lacks the fields of its kind: worth keeping, never acted on.
    Other {
        /// The provider's type of it (`invoice.paid`).
        name: String,
    },
}

impl EventKind {
    /// The payment that it is about (`pi_…`), where it names one.
    #[must_use]
    pub fn payment_intent(&self) -> Option<&str> {
        match self {
            Self::LinkPaid { payment_intent, .. }
            | Self::PaymentFailed { payment_intent, .. }
            | Self::RefundChanged { payment_intent, .. }
            | Self::DisputeOpened { payment_intent, .. }
            | Self::DisputeClosed { payment_intent, .. } => payment_intent.as_deref(),
            Self::LinkExpired { .. } | Self::Other { .. } => None,
        }
    }
}

/// The body is not JSON.
#[derive(Debug, thiserror::Error)]
#[error("the payment webhook's body is not JSON: {0}")]
pub struct Unreadable(#[from] serde_json::Error);

/// Reads a webhook's body, received at `received`. JSON of any shape comes out as something.
pub fn parse(body: &[u8], received: DateTime<Utc>) -> Result<Event, Unreadable> {
    let event: Value = serde_json::from_slice(body)?;
    let object = event.get("data").and_then(|data| data.get("object")).unwrap_or(&Value::Null);
    let name = fields::word(&event, "type").unwrap_or_else(|| "unknown".to_owned());
    Ok(Event {
        id: fields::word(&event, "id").unwrap_or_else(|| hex::encode(digest(&SHA256, body))),
        created: fields::instant(&event, "created").unwrap_or(received),
        tenant: fields::ours(object, "tenant"),
        payment: fields::ours(object, "payment"),
        refund: fields::ours(object, "refund"),
        kind: EventKind::read(&name, object).unwrap_or(EventKind::Other { name }),
    })
}

impl EventKind {
    fn read(name: &str, object: &Value) -> Option<Self> {
        let payment_intent = || fields::id(object, "payment_intent");
        Some(match name {
            "checkout.session.completed" | "checkout.session.async_payment_succeeded" if link::is_paid(object) => {
                Self::LinkPaid {
                    link: fields::word(object, "id")?,
                    payment_intent: payment_intent(),
                    amount_minor: fields::amount(object, "amount_total")?,
                    currency: fields::currency(object)?,
                }
            }
            "checkout.session.expired" => Self::LinkExpired { link: fields::word(object, "id")? },
            "checkout.session.async_payment_failed" => {
                Self::PaymentFailed { link: fields::word(object, "id"), payment_intent: payment_intent() }
            }
            "payment_intent.payment_failed" => {
                Self::PaymentFailed { link: None, payment_intent: fields::word(object, "id") }
            }
            "refund.created" | "refund.updated" | "refund.failed" | "charge.refund.updated" => {
                Self::of_refund(Refund::read(object)?)
            }
            "charge.dispute.created" | "charge.dispute.closed" => Self::of_dispute(name, object)?,
            _ => return None,
        })
    }

    fn of_refund(Refund { id, state, amount_minor, payment_intent, refund, .. }: Refund) -> Self {
        Self::RefundChanged { id, refund, state, amount_minor, payment_intent }
    }

    fn of_dispute(name: &str, object: &Value) -> Option<Self> {
        let (dispute, amount_minor) = (fields::word(object, "id")?, fields::amount(object, "amount")?);
        let payment_intent = fields::id(object, "payment_intent");
        Some(if name == "charge.dispute.created" {
            Self::DisputeOpened { dispute, payment_intent, amount_minor }
        } else {
            Self::DisputeClosed { dispute, payment_intent, amount_minor, won: is_won(object) }
        })
    }
}

/// Of <https://docs.stripe.com/api/disputes/object>: won; an inquiry that became no dispute; and a
/// dispute that was prevented, for which the customer got their money by another way, is not won.
fn is_won(dispute: &Value) -> bool {
    matches!(fields::word(dispute, "status").as_deref(), Some("won" | "warning_closed"))
}

#[cfg(test)]
#[path = "event_tests.rs"]
mod tests;
