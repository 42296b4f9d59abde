//! What is still to come for somebody who is to be forgotten does not come.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::booking::{By, GaveUp, GivingUp, give_up};
use crate::waitlist::{self, Left};
use crate::{
    After, CustomerId, EntitlementId, EntryId, ErasureId, PaymentId, SeatId, customer, entitlements, payments,
};

/// Skips what they were to be told, takes them off waiting lists, and gives up their bookings to come, by the terms under
/// which they were made. Nobody asks for their money any more; what they paid ahead stays in the books.
pub async fn withdraw(conn: &mut PgConnection, erasure: ErasureId, now: DateTime<Utc>) -> sqlx::Result<After> {
    let customer = sqlx::query_scalar!(
        r#"select customer_id as "id: CustomerId" from privacy_erasure where id = $1"#,
        erasure as ErasureId,
    )
    .fetch_one(&mut *conn)
    .await?;
    customer::lock(conn, &[customer]).await?;
    lock_sessions(conn, customer, now).await?;
    let mut after = After::default();
    skip_notices(conn, customer, now).await?;
    for entry in waiting(conn, customer).await? {
        if let Left::Left { after: more } = waitlist::leave(conn, entry, customer, now).await? {
            after.extend(more);
        }
    }
    for seat in to_come(conn, customer, now).await? {
        let giving = GivingUp { seat, by: By::Customer, promised: None, asked_at: now };
        if let GaveUp::Done { after: more, .. } = give_up(conn, giving, now).await? {
            after.extend(more);
        }
    }
    stop_asking(conn, customer, &mut after).await?;
    Ok(after)
}

/// All at once and in their order, so that two who change several sessions do not wait for each other crosswise.
async fn lock_sessions(conn: &mut PgConnection, customer: CustomerId, now: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!(
        "select id from session where id in (
           select s.id from session s join seat x on x.session_id = s.id where x.customer_id = $1 and x.state <> 'cancelled' and s.starts_at > $2
           union select session_id from waitlist_entry where customer_id = $1 and state in ('waiting', 'offered'))
         order by id for no key update",
        customer as CustomerId,
        now,
    )
    .fetch_all(conn)
    .await?;
    Ok(())
}

async fn skip_notices(conn: &mut PgConnection, customer: CustomerId, now: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!(
        "update notice set state = 'skipped', reason = 'the customer was erased', settled_at = $2
         where customer_id = $1 and state = 'planned'",
        customer as CustomerId,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

async fn waiting(conn: &mut PgConnection, customer: CustomerId) -> sqlx::Result<Vec<EntryId>> {
    sqlx::query_scalar!(
        r#"
        select id as "id: EntryId" from waitlist_entry where customer_id = $1 and state in ('waiting', 'offered')
        order by session_id
        "#,
        customer as CustomerId,
    )
    .fetch_all(conn)
    .await
}

async fn to_come(conn: &mut PgConnection, customer: CustomerId, now: DateTime<Utc>) -> sqlx::Result<Vec<SeatId>> {
    sqlx::query_scalar!(
        r#"
        select x.id as "id: SeatId" from seat x join session s on s.id = x.session_id
        where x.customer_id = $1 and x.state <> 'cancelled' and s.starts_at > $2 order by s.id
        "#,
        customer as CustomerId,
        now,
    )
    .fetch_all(conn)
    .await
}

/// Closes what is still to be paid, for places that were taken before and for plans.
async fn stop_asking(conn: &mut PgConnection, customer: CustomerId, after: &mut After) -> sqlx::Result<()> {
    let open = sqlx::query!(
        r#"
        select id as "id: PaymentId", entitlement_id as "entitlement: EntitlementId" from payment
        where customer_id = $1 and state in ('created', 'authorised') order by id
        "#,
        customer as CustomerId,
    )
    .fetch_all(&mut *conn)
    .await?;
    for payment in open {
        payments::expire(conn, payment.id).await?;
        if let Some(entitlement) = payment.entitlement {
            entitlements::cancel_pending(conn, entitlement).await?;
        }
        after.links.push(payment.id);
    }
    Ok(())
}
