//! `/v1/refunds`.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    Stripe,
    call::Call,
    entry::Entry,
    error::StripeError,
    event::PaymentEvent,
    money,
    params::Params,
    reply::Done,
    session::{RefundCourse, Session},
};
use crate::simulate::Simulators;

/// Money on its way back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refund {
    /// `re_…`
    pub id: String,
    /// The payment that it gives back.
    pub payment_intent: String,
    /// The charge of that payment.
    pub charge: Option<String>,
    /// How much, in minor units.
    pub amount_minor: i64,
    /// In small letters.
    pub currency: String,
    /// How far it came.
    pub state: RefundState,
    /// What the business gave it to carry.
    pub metadata: BTreeMap<String, String>,
    /// When it was made.
    pub created: DateTime<Utc>,
}

/// How far a refund came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefundState {
    /// On its way.
    Pending,
    /// Sent.
    Succeeded,
    /// Sent back by the customer's bank.
    Failed,
}

impl RefundState {
    /// Whether the money is away; what failed can be given back again.
    pub(crate) const fn counts(self) -> bool {
        !matches!(self, Self::Failed)
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
        }
    }
}

impl Refund {
    /// The refund as the API tells it.
    pub(crate) fn object(&self) -> Value {
        json!({
            "id": self.id,
            "object": "refund",
            "amount": self.amount_minor,
            "charge": self.charge,
            "created": self.created.timestamp(),
            "currency": self.currency,
            "failure_reason": (self.state == RefundState::Failed).then_some("expired_or_canceled_card"),
            "metadata": self.metadata,
            "payment_intent": self.payment_intent,
            "reason": null,
            "status": self.state.name(),
        })
    }

    fn in_state(&self, state: RefundState) -> Self {
        Self { state, ..self.clone() }
    }
}

/// `POST /v1/refunds`: what is left of a payment, or less.
pub(crate) fn create(simulators: &Simulators, stripe: &Stripe, call: &Call) -> Result<Done, StripeError> {
    let mut params = call.params.clone();
    let intent = params.required("payment_intent")?;
    let (amount, metadata) = (params.number("amount")?, params.metadata("metadata")?);
    params.finish()?;
    let session = stripe.session_of(&intent);
    let session = session.ok_or_else(|| StripeError::missing("payment_intent", &intent))?;
    let amount_minor = refundable(session, amount, session.amount_minor - stripe.refunded(&intent))?;
    let refund = Refund {
        id: format!("re_{}", simulators.ids().word()),
        charge: session.charge(),
        payment_intent: intent,
        amount_minor,
        currency: session.currency.clone(),
        state: RefundState::Succeeded,
        metadata,
        created: simulators.now(),
    };
    Ok(course(simulators, call, session.refund_course, &refund))
}

/// The amount that is given back, of what is left.
fn refundable(session: &Session, amount: Option<i64>, left: i64) -> Result<i64, StripeError> {
    let charge = session.charge().unwrap_or_default();
    if !session.paid {
        let intent = session.payment_intent.as_deref().unwrap_or_default();
        let message = format!("This PaymentIntent ({intent}) does not have a successful charge to refund.");
        return Err(StripeError::refused("payment_intent_unexpected_state", message));
    }
    if session.dispute.as_ref().is_some_and(|dispute| dispute.won != Some(true)) {
        let message = format!("Charge {charge} has been charged back; cannot issue a refund.");
        return Err(StripeError::refused("charge_disputed", message));
    }
    if left == 0 {
        let message = format!("Charge {charge} has already been refunded.");
        return Err(StripeError::refused("charge_already_refunded", message));
    }
    match amount.unwrap_or(left) {
        amount if amount > left => {
            let told = |minor| money::format(minor, &session.currency, false);
            let (amount, left) = (told(amount), told(left));
            let message = format!("Refund amount ({amount}) is greater than unrefunded amount on charge ({left})");
            Err(StripeError::too_much(message))
        }
        amount if amount < 1 => {
            Err(StripeError::value("parameter_invalid_integer", "amount", "Invalid positive integer"))
        }
        amount => Ok(amount),
    }
}

/// The answer, and what follows of it.
fn course(simulators: &Simulators, call: &Call, course: RefundCourse, refund: &Refund) -> Done {
    let (first, second) = match course {
        RefundCourse::AtOnce => (RefundState::Succeeded, RefundState::Succeeded),
        RefundCourse::Later => (RefundState::Pending, RefundState::Succeeded),
        RefundCourse::Fail => (RefundState::Succeeded, RefundState::Failed),
    };
    let (made, ended) = (refund.in_state(first), refund.in_state(second));
    let event = |kind: &str, refund: &Refund| {
        Entry::Event(PaymentEvent::new(simulators, kind, &refund.object()).caused_by(call.key.as_deref()))
    };
    let mut entries = vec![event("refund.created", &made), event("refund.updated", &ended)];
    if second == RefundState::Failed {
        entries.push(event("refund.failed", &ended));
    }
    entries.push(Entry::Refund(ended));
    Done { body: made.object(), entries }
}

/// `GET /v1/refunds`: newest first, in pages.
pub(crate) fn list(stripe: &Stripe, mut params: Params) -> Result<Done, StripeError> {
    let limit = params.number("limit")?.unwrap_or(10);
    let limit = usize::try_from(limit)
        .ok()
        .filter(|limit| (1..=100).contains(limit))
        .ok_or_else(|| StripeError::value("parameter_invalid_integer", "limit", "limit must be between 1 and 100"))?;
    let (intent, after) = (params.text("payment_intent"), params.text("starting_after"));
    params.finish()?;
    if let Some(after) = after.as_ref().filter(|after| !stripe.refunds.contains_key(*after)) {
        return Err(StripeError::missing("refund", after));
    }
    let of_payment = |refund: &&Refund| intent.as_ref().is_none_or(|intent| refund.payment_intent == *intent);
    let older = |refund: &&Refund| after.as_ref().is_none_or(|after| refund.id < *after);
    let mut refunds = stripe.refunds.values().rev().filter(of_payment).filter(older);
    let data: Vec<_> = refunds.by_ref().take(limit).map(Refund::object).collect();
    let more = refunds.next().is_some();
    Ok(Done::telling(json!({ "object": "list", "data": data, "has_more": more, "url": "/v1/refunds" })))
}
