//! Credits that end unspent: said beforehand, and seen in the books afterwards.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;

use crate::ledger::{self, Account, Kind};
use crate::{CustomerId, EntitlementId};

/// How long before their end customers hear of it.
const NOTICE: TimeDelta = TimeDelta::days(7);

/// Credits that end soon.
#[derive(Debug, Clone, Copy)]
pub struct Lapsing {
    /// Whose part of what.
    pub entitlement: EntitlementId,
    /// Whose.
    pub customer: CustomerId,
    /// When.
    pub expires_at: DateTime<Utc>,
}

/// Credits that end within a week and whose owner has not heard of it yet.
pub async fn lapsing(conn: &mut PgConnection, now: DateTime<Utc>) -> sqlx::Result<Vec<Lapsing>> {
    sqlx::query_as!(
        Lapsing,
        r#"
        select e.id as "entitlement: EntitlementId", e.customer_id as "customer: CustomerId", e.expires_at from entitlement e
        where e.state = 'active' and e.credits_left > 0 and e.expires_at > $1 and e.expires_at <= $2
          and not exists (select from notice n where n.kind = 'credits_expiring'
                          and n.subject = 'entitlement:' || e.id || ':' || extract(epoch from e.expires_at)::bigint)
        order by e.expires_at, e.id limit 500
        "#,
        now,
        now + NOTICE,
    )
    .fetch_all(conn)
    .await
}

/// Takes away credits that have ended, and books them as earned. Returns how many entitlements that were.
pub async fn lapse(conn: &mut PgConnection, now: DateTime<Utc>) -> sqlx::Result<usize> {
    let ended = sqlx::query!(
        r#"
        with ended as (
          select id, price_minor - price_minor * (credits - credits_left) / credits as worth from entitlement
          where state = 'active' and credits_left > 0 and expires_at <= $1 order by id limit 500 for no key update
        )
        update entitlement e set credits_left = 0 from ended where e.id = ended.id
        returning e.id, ended.worth as "worth!", e.currency, extract(epoch from e.expires_at)::bigint as "ended!"
        "#,
        now,
    )
    .fetch_all(&mut *conn)
    .await?;
    for row in &ended {
        let source = format!("entitlement:{}:{}", row.id, row.ended);
        let value = (Account::Prepaid, Account::Sales, row.worth);
        ledger::post(conn, Kind::CreditsLapsed, &source, value, &row.currency, now).await?;
    }
    Ok(ended.len())
}
