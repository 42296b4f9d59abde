//! Money on its way back.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Client, PayError, fields, form::Form};

/// Refunds a page, the most that Stripe gives (<https://docs.stripe.com/api/refunds/list>).
const PAGE: usize = 100;

/// Pages after which something is wrong: nobody gives one payment back in so many parts.
const MOST_PAGES: usize = 20;

/// What is given back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRefund {
    /// The provider's id of the payment (`pi_…`).
    pub payment_intent: String,
    /// How much, in minor units of the payment's currency.
    pub amount_minor: i64,
    /// Our tenant's id; comes back in every event of the refund.
    pub tenant: i64,
    /// Our refund's id; comes back likewise.
    pub refund: i64,
}

/// A refund as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refund {
    /// The provider's id (`re_…`).
    pub id: String,
    /// How far it came.
    pub state: RefundState,
    /// How much, in minor units.
    pub amount_minor: i64,
    /// The payment that it gives back (`pi_…`).
    pub payment_intent: Option<String>,
    /// Our tenant's id, if we made it.
    pub tenant: Option<i64>,
    /// Our refund's id, if we made it; one made in the provider's dashboard has none.
    pub refund: Option<i64>,
}

/// How far a refund came. A succeeded one may still fail, when the customer's bank sends it back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefundState {
    /// On its way, or waiting for somebody.
    Pending,
    /// The provider sent it.
    Succeeded,
    /// It did not get there: the money is back with the business.
    Failed,
    /// Called off before it was sent.
    Canceled,
}

impl Client {
    /// Gives money back.
    pub async fn refund(&self, key: &str, wanted: &NewRefund) -> Result<Refund, PayError> {
        let form = vec![
            ("payment_intent", (&wanted.payment_intent).into()),
            ("amount", wanted.amount_minor.to_string().into()),
            ("metadata[tenant]", wanted.tenant.to_string().into()),
            ("metadata[refund]", wanted.refund.to_string().into()),
        ];
        let answer = self.post(&["refunds"], key, &form).await?;
        Refund::read(&answer).ok_or_else(|| PayError::unknown("made, but the answer is no refund"))
    }

    /// Every refund of a payment, newest first: what was done, where an answer was lost.
    pub async fn refunds_of(&self, payment_intent: &str) -> Result<Vec<Refund>, PayError> {
        let mut refunds = Vec::new();
        for _ in 0..MOST_PAGES {
            let last = refunds.last().map(|last: &Refund| last.id.clone());
            let mut query: Form = vec![("payment_intent", payment_intent.into()), ("limit", PAGE.to_string().into())];
            query.extend(last.map(|last| ("starting_after", last.into())));
            let answer = self.get(&["refunds"], &query).await?;
            let page = page(&answer).ok_or_else(|| PayError::unknown("the answer is no list of refunds"))?;
            refunds.extend(page);
            if answer.get("has_more") != Some(&Value::Bool(true)) {
                return Ok(refunds);
            }
        }
        Err(PayError::unknown("the list of refunds has no end"))
    }
}

/// The whole page or nothing: a refund that is left out would be made twice.
fn page(answer: &Value) -> Option<Vec<Refund>> {
    answer.get("data")?.as_array()?.iter().map(Refund::read).collect()
}

impl Refund {
    pub(super) fn read(refund: &Value) -> Option<Self> {
        Some(Self {
            id: fields::word(refund, "id")?,
            state: RefundState::of(fields::word(refund, "status").as_deref()),
            amount_minor: fields::amount(refund, "amount")?,
            payment_intent: fields::id(refund, "payment_intent"),
            tenant: fields::ours(refund, "tenant"),
            refund: fields::ours(refund, "refund"),
        })
    }
}

impl RefundState {
    /// What is not known to be over (`requires_action`, a state to come, none) is pending.
    fn of(status: Option<&str>) -> Self {
        match status {
            Some("succeeded") => Self::Succeeded,
            Some("failed") => Self::Failed,
            Some("canceled") => Self::Canceled,
            _ => Self::Pending,
        }
    }
}
