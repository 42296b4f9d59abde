//! The first step: nobody can find the person any more.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::{Counts, collect, count};
use crate::{CustomerId, ErasureId, customer};

/// Begins to forget a customer, or goes on with it. None: the tenant has no such customer.
///
/// What they are known by is written down, and taken from their row: from here on nothing can be sent to them, and whoever
/// writes from that number is somebody new. Turns that are under way have ended.
pub async fn begin(
    conn: &mut PgConnection,
    customer: CustomerId,
    requested_by: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<ErasureId>> {
    let family = sqlx::query_scalar!(
        r#"
        select f.id as "id: CustomerId" from customer f
        where coalesce(f.merged_into, f.id) = (select coalesce(merged_into, id) from customer where id = $1) order by f.id
        "#,
        customer as CustomerId,
    )
    .fetch_all(&mut *conn)
    .await?;
    if family.is_empty() {
        return Ok(None);
    }
    customer::lock(conn, &family).await?;
    let current = customer::current(conn, customer).await?;
    let erasure = open(conn, current, requested_by, now).await?;
    collect(conn, erasure).await?;
    let hidden = hide(conn, &family, now).await?;
    count(conn, erasure, &Counts::from([("customer".to_owned(), hidden)])).await?;
    silence(conn, &family, now).await?;
    Ok(Some(erasure))
}

/// One at a time. A second one, after the first is done, looks for what came since.
async fn open(
    conn: &mut PgConnection,
    customer: CustomerId,
    requested_by: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<ErasureId> {
    sqlx::query_scalar!(
        r#"
        with fresh as (
          insert into privacy_erasure (customer_id, requested_by, requested_at, since)
          select $1, $2, $3, coalesce(
            (select max(e.requested_at) from privacy_erasure e where e.customer_id = $1),
            least($3, (select min(c.created_at) from customer c where c.id = $1 or c.merged_into = $1),
                  (select min(m.received_at) from message m join conversation v on v.id = m.conversation_id where v.customer_id = $1)))
            - interval '1 day'
          on conflict (tenant_id, customer_id) where finished_at is null do nothing returning id
        )
        select id as "id!: ErasureId" from fresh
        union all select id from privacy_erasure where customer_id = $1 and finished_at is null limit 1
        "#,
        customer as CustomerId,
        requested_by,
        now,
    )
    .fetch_one(conn)
    .await
}

async fn hide(conn: &mut PgConnection, family: &[CustomerId], now: DateTime<Utc>) -> sqlx::Result<i64> {
    let hidden = sqlx::query!(
        "update customer set phone = null, bsuid = null, name = null, language = null, blocked_at = null, preferences = '{}',
                erased_at = coalesce(erased_at, $2)
         where id = any($1) and (erased_at is null or num_nonnulls(phone, bsuid, name) > 0)",
        family as _,
        now,
    )
    .execute(conn)
    .await?;
    Ok(i64::try_from(hidden.rows_affected()).unwrap_or(i64::MAX))
}

/// Nobody waits for an answer any more, and what is being answered has ended.
async fn silence(conn: &mut PgConnection, family: &[CustomerId], now: DateTime<Utc>) -> sqlx::Result<()> {
    let talks = sqlx::query_scalar!(
        "update conversation set last_inbound_at = null where customer_id = any($1) returning id",
        family as _,
    )
    .fetch_all(&mut *conn)
    .await?;
    sqlx::query!(
        "update turn set outcome = 'erased', at = $2 where conversation_id = any($1) and outcome is null",
        &talks,
        now,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!("update message set answerable = false where conversation_id = any($1) and answerable", &talks)
        .execute(&mut *conn)
        .await?;
    sqlx::query!(
        "update proposal set state = 'expired', decided_at = $2 where conversation_id = any($1) and state = 'open'",
        &talks,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}
