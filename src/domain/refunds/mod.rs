//! What is paid back when a booking is given up.

mod policy;
#[cfg(test)]
mod policy_tests;

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;

pub use policy::{Draft, From, Policy, PolicyError, Tier, To, share};

/// Messages come late, but not later than this: who asks when is counted from at most so long ago.
const LATEST: TimeDelta = TimeDelta::days(7);

/// When a customer asked, by the time of their message: a message that was held up on its way loses them nothing.
#[must_use]
pub fn asked_at(message: DateTime<Utc>, now: DateTime<Utc>) -> DateTime<Utc> {
    message.clamp(now - LATEST, now)
}

/// The terms of new bookings, by id. The standard ones are written down where a house has chosen none.
pub async fn in_force(conn: &mut PgConnection, now: DateTime<Utc>) -> sqlx::Result<i64> {
    let chosen = sqlx::query_scalar!(
        "select refund_policy_id from tenant where id = nullif(current_setting('holdfast.tenant', true), '')::bigint"
    )
    .fetch_one(&mut *conn)
    .await?;
    match chosen {
        Some(id) => Ok(id),
        None => save(conn, "standard", &Policy::standard(), now).await,
    }
}

/// Makes a policy the one of new bookings. Bookings of before keep theirs.
pub async fn save(conn: &mut PgConnection, name: &str, policy: &Policy, now: DateTime<Utc>) -> sqlx::Result<i64> {
    let id = sqlx::query_scalar!(
        "insert into refund_policy (name, tiers, created_at) values ($1, $2, $3) returning id",
        name,
        Json(policy) as _,
        now,
    )
    .fetch_one(&mut *conn)
    .await?;
    sqlx::query!(
        "update tenant set refund_policy_id = $1 where id = nullif(current_setting('holdfast.tenant', true), '')::bigint",
        id,
    )
    .execute(conn)
    .await?;
    Ok(id)
}

/// The terms under which a booking was made; the standard ones for those of before there were any.
pub async fn of_seat(conn: &mut PgConnection, seat: crate::SeatId) -> sqlx::Result<Policy> {
    let policy = sqlx::query_scalar!(
        r#"select p.tiers as "tiers: Json<Policy>" from seat s join refund_policy p on p.id = s.refund_policy_id where s.id = $1"#,
        seat as crate::SeatId,
    )
    .fetch_optional(conn)
    .await?;
    Ok(policy.map_or_else(Policy::standard, |policy| policy.0))
}
