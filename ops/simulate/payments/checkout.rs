//! `/v1/checkout/sessions`: sessions are made, looked up and ended.

use chrono::{DateTime, SubsecRound, Utc};
use reqwest::Url;

use super::{
    Stripe,
    call::Call,
    entry::Entry,
    error::StripeError,
    event::PaymentEvent,
    params::Params,
    reply::Done,
    session::{RefundCourse, Session, SessionState},
};
use crate::simulate::Simulators;

/// How long a session may be open, in seconds (<https://docs.stripe.com/api/checkout/sessions/create>).
const SHORTEST: i64 = 30 * 60;
const LONGEST: i64 = 24 * 60 * 60;
/// The longest `client_reference_id`.
const LONGEST_REFERENCE: usize = 200;
/// Amounts have at most eight digits.
const LARGEST: i64 = 99_999_999;
/// What Stripe charges at all, in minor units (<https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts>).
const SMALLEST: [(&str, i64); 4] = [("eur", 50), ("usd", 50), ("chf", 50), ("gbp", 30)];

/// `POST /v1/checkout/sessions`
pub(crate) fn create(simulators: &Simulators, call: &Call) -> Result<Done, StripeError> {
    let mut params = call.params.clone();
    params.only("mode", "payment", true)?;
    params.only("payment_method_types[0]", "card", false)?;
    let id = format!("cs_test_{}", simulators.ids().word());
    let created = simulators.now().trunc_subsecs(0);
    let currency = currency(&mut params)?;
    let session = Session {
        url: format!("http://{}/pay/{id}", call.host),
        id,
        state: SessionState::Open,
        paid: false,
        payment_intent: None,
        product: params.required("line_items[0][price_data][product_data][name]")?,
        amount_minor: amount(&mut params, &currency)?,
        currency,
        reference: reference(&mut params)?,
        metadata: params.metadata("metadata")?,
        payment_metadata: params.metadata("payment_intent_data[metadata]")?,
        success_url: success_url(&mut params)?,
        locale: params.text("locale"),
        created,
        expires_at: expires_at(&mut params, created)?,
        declines: 0,
        refund_course: RefundCourse::default(),
        dispute: None,
    };
    params.finish()?;
    Ok(Done { body: session.object(), entries: vec![Entry::Session(Box::new(session))] })
}

/// `GET /v1/checkout/sessions/{id}`
pub(crate) fn retrieve(stripe: &Stripe, id: &str) -> Result<Done, StripeError> {
    let session = stripe.sessions.get(id).ok_or_else(|| StripeError::missing("checkout.session", id))?;
    Ok(Done::telling(session.object()))
}

/// `POST /v1/checkout/sessions/{id}/expire`
pub(crate) fn expire(simulators: &Simulators, stripe: &Stripe, id: &str, call: &Call) -> Result<Done, StripeError> {
    call.params.clone().finish()?;
    let session = stripe.sessions.get(id).ok_or_else(|| StripeError::missing("checkout.session", id))?;
    if session.state != SessionState::Open {
        let state = session.state.name();
        return Err(StripeError::state(format!(
            "Only Checkout Sessions with a status in [\"open\"] can be expired. This Checkout Session has a status \
             of `{state}`."
        )));
    }
    let session = Session { state: SessionState::Expired, ..session.clone() };
    let event = PaymentEvent::new(simulators, "checkout.session.expired", &session.object());
    let event = event.caused_by(call.key.as_deref());
    Ok(Done { body: session.object(), entries: vec![Entry::Session(Box::new(session)), Entry::Event(event)] })
}

fn currency(params: &mut Params) -> Result<String, StripeError> {
    const NAME: &str = "line_items[0][price_data][currency]";
    let currency = params.required(NAME)?;
    if currency.len() == 3 && currency.bytes().all(|b| b.is_ascii_lowercase()) {
        return Ok(currency);
    }
    Err(StripeError::value("", NAME, &format!("Invalid currency: {currency}. Give an ISO code in small letters.")))
}

fn amount(params: &mut Params, currency: &str) -> Result<i64, StripeError> {
    const NAME: &str = "line_items[0][price_data][unit_amount]";
    let unit = params.number(NAME)?.ok_or_else(|| StripeError::lacking(NAME))?;
    let quantity = params.number("line_items[0][quantity]")?;
    let quantity = quantity.ok_or_else(|| StripeError::lacking("line_items[0][quantity]"))?;
    let refused = |code: &str, message: &str| Err(StripeError::value(code, NAME, message));
    if unit < 0 || quantity < 1 {
        return refused("parameter_invalid_integer", "Invalid non-negative integer");
    }
    let smallest = SMALLEST.iter().find(|(known, _)| *known == currency).map_or(1, |(_, smallest)| *smallest);
    match unit.saturating_mul(quantity) {
        total if total < smallest => refused(
            "amount_too_small",
            &format!("The Checkout Session's total amount due must add up to at least {smallest} in minor units."),
        ),
        total if total > LARGEST => refused("amount_too_large", "Amount must be no more than 999999.99"),
        total => Ok(total),
    }
}

fn reference(params: &mut Params) -> Result<Option<String>, StripeError> {
    let reference = params.text("client_reference_id");
    if reference.as_ref().is_some_and(|reference| reference.chars().count() > LONGEST_REFERENCE) {
        return Err(StripeError::value("", "client_reference_id", "Must be at most 200 characters"));
    }
    Ok(reference)
}

fn success_url(params: &mut Params) -> Result<String, StripeError> {
    let address = params.required("success_url")?;
    if Url::parse(&address).is_ok_and(|url| matches!(url.scheme(), "http" | "https")) {
        return Ok(address);
    }
    Err(StripeError::value("url_invalid", "success_url", "Not a valid URL"))
}

fn expires_at(params: &mut Params, created: DateTime<Utc>) -> Result<DateTime<Utc>, StripeError> {
    let seconds = params.number("expires_at")?.unwrap_or(created.timestamp() + LONGEST);
    let refused = |when: &str| {
        let message = format!("The `expires_at` timestamp must be {when} from Checkout Session creation.");
        Err(StripeError::value("", "expires_at", &message))
    };
    match seconds.saturating_sub(created.timestamp()) {
        ..SHORTEST => refused("at least 30 minutes"),
        SHORTEST..=LONGEST => Ok(DateTime::from_timestamp(seconds, 0).unwrap_or(created)),
        _ => refused("less than 24 hours"),
    }
}
