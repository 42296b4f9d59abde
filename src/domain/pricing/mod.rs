//! What a place costs, why, and until when that stands.

mod prices;
mod rule;
#[cfg(test)]
mod rule_tests;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use sqlx::types::Json;

pub(crate) use prices::{Priced, Prices};
pub use rule::{Change, Condition, Facts, Price, Rule, Step, price};

use crate::session::Session;
use crate::{CustomerId, Money, QuoteId, SessionId};

/// A price that a customer was told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// Its id.
    pub id: QuoteId,
    /// For which session.
    pub session: SessionId,
    /// For whom.
    pub customer: CustomerId,
    /// For how many.
    pub places: i32,
    /// For all places together.
    pub total: Money,
    /// How it came about.
    pub price: Price,
    /// From when on it is asked for anew.
    pub expires_at: DateTime<Utc>,
}

/// Tells a customer the price of a session as it is now, and writes it down.
pub async fn quote(
    conn: &mut PgConnection,
    session: &Session,
    customer: CustomerId,
    places: i32,
    now: DateTime<Utc>,
) -> sqlx::Result<Quote> {
    let prices = Prices::load(conn, customer, now).await?;
    let price = prices.of(&Priced {
        service: session.service,
        base_minor: session.price_minor,
        capacity: session.capacity,
        booked: session.booked,
        starts_at: session.starts_at,
        zone: session.terms.zone,
    });
    let total = Money::new(price.each_minor * i64::from(places), &session.currency);
    let expires_at = now + TimeDelta::minutes(session.terms.quote_minutes.into());
    let id = sqlx::query_scalar!(
        r#"
        insert into quote (session_id, customer_id, places, total_minor, currency, price, created_at, expires_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8) returning id as "id: QuoteId"
        "#,
        session.id as SessionId,
        customer as CustomerId,
        places,
        total.minor,
        total.currency,
        Json(&price) as _,
        now,
        expires_at,
    )
    .fetch_one(conn)
    .await?;
    Ok(Quote { id, session: session.id, customer, places, total, price, expires_at })
}

/// The quote, if this customer was given it.
pub async fn quoted(conn: &mut PgConnection, id: QuoteId, customer: CustomerId) -> sqlx::Result<Option<Quote>> {
    let row = sqlx::query!(
        r#"
        select session_id as "session: SessionId", places, total_minor, currency, price as "price: Json<Price>", expires_at
        from quote where id = $1 and customer_id = $2
        "#,
        id as QuoteId,
        customer as CustomerId,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| Quote {
        id,
        session: row.session,
        customer,
        places: row.places,
        total: Money::new(row.total_minor, row.currency),
        price: row.price.0,
        expires_at: row.expires_at,
    }))
}
