//! Checkout sessions, and the payments made through them.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A checkout session with its payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// `cs_test_…`
    pub id: String,
    /// The address of the checkout page.
    pub url: String,
    /// How far it came.
    pub state: SessionState,
    /// Whether the money is there.
    pub paid: bool,
    /// `pi_…`; there once somebody tried to pay.
    pub payment_intent: Option<String>,
    /// What is paid.
    pub product: String,
    /// How much, in minor units.
    pub amount_minor: i64,
    /// In small letters, as Stripe has it: `eur`.
    pub currency: String,
    /// `client_reference_id`
    pub reference: Option<String>,
    /// What the business gave the session to carry.
    pub metadata: BTreeMap<String, String>,
    /// What it gave the payment to carry.
    pub payment_metadata: BTreeMap<String, String>,
    /// Where the browser goes once it is paid.
    pub success_url: String,
    /// The language of the page, if one was asked for.
    pub locale: Option<String>,
    /// When it was made.
    pub created: DateTime<Utc>,
    /// Until when it can be paid.
    pub expires_at: DateTime<Utc>,
    /// How often a card was declined.
    pub declines: u32,
    /// What becomes of refunds of this payment.
    pub refund_course: RefundCourse,
    /// The customer's bank wants the money back.
    pub dispute: Option<Dispute>,
}

/// How far a session came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionState {
    /// It can be paid.
    Open,
    /// It was paid.
    Complete,
    /// It can be paid no more.
    Expired,
}

/// What becomes of refunds, as Stripe's test cards for refunds have it
/// (<https://docs.stripe.com/testing#refunds>).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefundCourse {
    /// Succeeded as soon as they are made.
    #[default]
    AtOnce,
    /// Pending, and then succeeded.
    Later,
    /// Succeeded at first, and then failed.
    Fail,
}

/// A dispute of a payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dispute {
    /// `dp_…`
    pub id: String,
    /// When the bank opened it.
    pub created: DateTime<Utc>,
    /// How it ended, if it did: whether the business keeps the money.
    pub won: Option<bool>,
}

impl SessionState {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Complete => "complete",
            Self::Expired => "expired",
        }
    }
}

impl Session {
    /// The session as the API tells it.
    pub(crate) fn object(&self) -> Value {
        let open = self.state == SessionState::Open;
        json!({
            "id": self.id,
            "object": "checkout.session",
            "amount_subtotal": self.amount_minor,
            "amount_total": self.amount_minor,
            "cancel_url": null,
            "client_reference_id": self.reference,
            "created": self.created.timestamp(),
            "currency": self.currency,
            "customer": null,
            "customer_details": null,
            "expires_at": self.expires_at.timestamp(),
            "livemode": false,
            "locale": self.locale,
            "metadata": self.metadata,
            "mode": "payment",
            "payment_intent": self.payment_intent,
            "payment_method_types": ["card"],
            "payment_status": if self.paid { "paid" } else { "unpaid" },
            "status": self.state.name(),
            "success_url": self.success_url,
            "ui_mode": "hosted",
            "url": open.then_some(&self.url),
        })
    }

    /// The payment after a card was declined.
    pub(crate) fn declined_intent(&self) -> Value {
        json!({
            "id": self.payment_intent,
            "object": "payment_intent",
            "amount": self.amount_minor,
            "amount_received": 0,
            "created": self.created.timestamp(),
            "currency": self.currency,
            "last_payment_error": {
                "type": "card_error",
                "code": "card_declined",
                "decline_code": "generic_decline",
                "message": "Your card was declined.",
            },
            "latest_charge": self.charge(),
            "livemode": false,
            "metadata": self.payment_metadata,
            "payment_method_types": ["card"],
            "status": "requires_payment_method",
        })
    }

    /// The dispute, if there is one.
    pub(crate) fn dispute_object(&self) -> Option<Value> {
        let dispute = self.dispute.as_ref()?;
        let status = match dispute.won {
            None => "needs_response",
            Some(true) => "won",
            Some(false) => "lost",
        };
        Some(json!({
            "id": dispute.id,
            "object": "dispute",
            "amount": self.amount_minor,
            "charge": self.charge(),
            "created": dispute.created.timestamp(),
            "currency": self.currency,
            "is_charge_refundable": false,
            "livemode": false,
            // A dispute carries nothing of ours: only the payment leads to it.
            "metadata": {},
            "payment_intent": self.payment_intent,
            "reason": "fraudulent",
            "status": status,
        }))
    }

    /// The id of the charge, of which there is one a payment here.
    pub(crate) fn charge(&self) -> Option<String> {
        self.payment_intent.as_ref().map(|intent| intent.replacen("pi_", "ch_", 1))
    }
}
