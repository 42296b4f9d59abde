//! Prices that are told, and stand for a while.

use axum::response::Response;
use chrono::{DateTime, Utc};
use domain::{SessionId, booking::Refusal, desk, pricing};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Places, one_place};
use crate::api::{
    Api,
    input::{At, Body, ById, Id},
    problem::Problem,
    reply::Reply,
    scope,
    v1::{customers, words::Said},
    write::{Desk, Write},
};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(quote))
}

/// For whom a price is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = QuoteRequest)]
struct Asked {
    /// For whom.
    #[schema(inline)]
    customer: Id,
    /// For how many.
    #[serde(default = "one_place")]
    #[schema(inline, default = 1)]
    places: Places,
}

/// A price that stands for a while.
#[derive(Debug, Serialize, ToSchema)]
struct Quote {
    /// Send it along with the booking.
    id: i64,
    session: i64,
    customer: i64,
    places: i32,
    /// Of all places together, in minor units.
    total_minor: i64,
    /// ISO 4217.
    currency: String,
    /// Of one place before all price rules, in minor units.
    base_minor: i64,
    /// Of one place, in minor units.
    each_minor: i64,
    /// What made it so.
    reasons: Vec<Reason>,
    /// From when on it is asked for anew.
    expires_at: DateTime<Utc>,
}

/// What a price rule made of the price.
#[derive(Debug, Serialize, ToSchema)]
struct Reason {
    /// The price rule.
    rule: i64,
    name: Said,
    /// For one place, in minor units.
    change_minor: i64,
}

impl From<pricing::Quote> for Quote {
    fn from(quote: pricing::Quote) -> Self {
        let reason =
            |step: pricing::Step| Reason { rule: step.rule, name: step.name.into(), change_minor: step.change_minor };
        Self {
            id: quote.id.0,
            session: quote.session.0,
            customer: quote.customer.0,
            places: quote.places,
            total_minor: quote.total.minor,
            currency: quote.total.currency,
            base_minor: quote.price.base_minor,
            each_minor: quote.price.each_minor,
            reasons: quote.price.steps.into_iter().map(reason).collect(),
            expires_at: quote.expires_at,
        }
    }
}

/// Tells a customer the price of now, which stands for a while.
#[utoipa::path(post, path = "/sessions/{id}/quotes", tag = "sessions", params(ById), request_body = Asked,
    security(("token" = ["write"])), responses((status = 201, body = Quote)))]
async fn quote(write: Write<scope::Bookings>, At(id): At<SessionId>, body: Body<Asked>) -> Result<Response, Problem> {
    write.run(body, move |desk, asked| Box::pin(price(desk, id, asked))).await
}

async fn price(desk: Desk<'_>, session: SessionId, asked: Asked) -> Result<Reply, Problem> {
    let customer = customers::known(&mut *desk.conn, asked.customer.of()).await?;
    match desk::sessions::quote(desk.conn, session, customer, asked.places.small(), desk.now).await? {
        Ok(quote) => Reply::made(&Quote::from(quote)),
        Err(Refusal::Unknown) => Err(Problem::unknown("session", session)),
        Err(refusal) => Err(refusal.into()),
    }
}
