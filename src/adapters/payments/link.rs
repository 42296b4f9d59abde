//! Payment links: Stripe's checkout sessions.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use domain::Language;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Client, PayError, fields, form::Form};

/// Currencies whose minor unit Stripe does not count as ISO 4217 and [`domain::Money`] do: ISK and
/// UGX with two decimals that must be zero, MGA with none. Sent as they are, the amount would be a
/// hundredth or a hundredfold (<https://docs.stripe.com/currencies#special-cases>).
const COUNTED_OTHERWISE: [&str; 3] = ["ISK", "MGA", "UGX"];

/// What a customer is asked to pay. It must not change while it is asked for with the same key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLink {
    /// Our tenant's id; comes back in every event of the payment.
    pub tenant: i64,
    /// Our payment's id; comes back likewise.
    pub payment: i64,
    /// What is paid, as the customer reads it.
    pub title: String,
    /// How much, in minor units (cents); at least what Stripe takes at all, 50 cents of a euro.
    pub amount_minor: i64,
    /// ISO 4217 (`EUR`). ISK, MGA and UGX are refused, since Stripe counts them otherwise.
    pub currency: String,
    /// Until when it can be paid. Stripe takes 30 minutes to 24 hours from when it gets the
    /// request (<https://docs.stripe.com/api/checkout/sessions/create>), so plan a minute more
    /// than 30; [`Client::expire_link`] ends a link earlier.
    pub expires_at: DateTime<Utc>,
    /// Where the browser goes once it is paid.
    pub success_url: String,
    /// The language of the checkout page.
    pub language: Language,
}

/// A payment link as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// The provider's id (`cs_…`).
    pub id: String,
    /// The address for the customer; none once the link is over.
    pub url: Option<String>,
    /// How far it came.
    pub state: LinkState,
    /// Whether the money is there. A complete link may be unpaid for days, where a bank is slow.
    pub paid: bool,
    /// The provider's id of the payment (`pi_…`), which refunds name; there once somebody tried to pay.
    pub payment_intent: Option<String>,
    /// How much, in minor units.
    pub amount_minor: i64,
    /// ISO 4217 (`EUR`).
    pub currency: String,
}

/// How far a payment link came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkState {
    /// It can be paid.
    Open,
    /// The customer is through with it; whether it is paid is told beside.
    Complete,
    /// It can be paid no more.
    Expired,
}

impl Client {
    /// Makes a payment link, for cards only, so that it is paid at once or not.
    pub async fn create_link(&self, key: &str, wanted: &NewLink) -> Result<Link, PayError> {
        let form = wanted.form()?;
        let answer = self.post(&["checkout", "sessions"], key, &form).await?;
        Link::read(&answer).ok_or_else(|| unreadable("made"))
    }

    /// The link as it stands; `None` if the provider knows none of this id.
    pub async fn link(&self, id: &str) -> Result<Option<Link>, PayError> {
        match self.get(&["checkout", "sessions", id], &Form::new()).await {
            Ok(answer) => Link::read(&answer).map(Some).ok_or_else(|| unreadable("found")),
            Err(error) if error.code() == Some("resource_missing") => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Ends a link, so that nobody can pay it any more, and tells it as it stands then: a link that
    /// was complete or over before cannot be ended, and comes back complete or expired.
    pub async fn expire_link(&self, key: &str, id: &str) -> Result<Link, PayError> {
        let refusal = match self.post(&["checkout", "sessions", id, "expire"], key, &Form::new()).await {
            Ok(answer) => return Link::read(&answer).ok_or_else(|| unreadable("ended")),
            Err(refusal) if refusal.code().is_some() => refusal,
            Err(error) => return Err(error),
        };
        let link = self.link(id).await?.filter(|link| link.state != LinkState::Open);
        link.ok_or(refusal)
    }
}

impl NewLink {
    fn form(&self) -> Result<Form<'_>, PayError> {
        if self.amount_minor <= 0 {
            return Err(PayError::refused("amount", "amount_minor must be above 0"));
        }
        if COUNTED_OTHERWISE.iter().any(|code| code.eq_ignore_ascii_case(&self.currency)) {
            return Err(PayError::refused(
                "currency",
                "Stripe counts ISK, MGA and UGX otherwise; use another currency",
            ));
        }
        let (tenant, payment): (Cow<str>, Cow<str>) = (self.tenant.to_string().into(), self.payment.to_string().into());
        Ok(vec![
            ("mode", "payment".into()),
            ("payment_method_types[0]", "card".into()),
            ("line_items[0][quantity]", "1".into()),
            ("line_items[0][price_data][currency]", self.currency.to_ascii_lowercase().into()),
            ("line_items[0][price_data][unit_amount]", self.amount_minor.to_string().into()),
            ("line_items[0][price_data][product_data][name]", (&self.title).into()),
            ("client_reference_id", format!("{tenant}-{payment}").into()),
            ("metadata[tenant]", tenant.clone()),
            ("metadata[payment]", payment.clone()),
            ("payment_intent_data[metadata][tenant]", tenant),
            ("payment_intent_data[metadata][payment]", payment),
            ("expires_at", self.expires_at.timestamp().to_string().into()),
            ("success_url", (&self.success_url).into()),
            ("locale", self.language.code().into()),
        ])
    }
}

impl Link {
    fn read(session: &Value) -> Option<Self> {
        Some(Self {
            id: fields::word(session, "id")?,
            url: fields::url(session, "url"),
            state: LinkState::of(&fields::word(session, "status")?)?,
            paid: is_paid(session),
            payment_intent: fields::id(session, "payment_intent"),
            amount_minor: fields::amount(session, "amount_total")?,
            currency: fields::currency(session)?,
        })
    }
}

impl LinkState {
    fn of(status: &str) -> Option<Self> {
        Some(match status {
            "open" => Self::Open,
            "complete" => Self::Complete,
            "expired" => Self::Expired,
            _ => return None,
        })
    }
}

/// Whether the money of a checkout session is there; nothing is due where a discount took all.
pub(super) fn is_paid(session: &Value) -> bool {
    matches!(fields::word(session, "payment_status").as_deref(), Some("paid" | "no_payment_required"))
}

fn unreadable(done: &str) -> PayError {
    PayError::unknown(format!("{done}, but the answer is no checkout session"))
}
