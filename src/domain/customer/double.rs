//! Two places of two customers who are one: in a session nobody has two.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::{CustomerId, SeatId, conversation, entitlements, payments};

/// Frees the places of `from` in sessions where `into` has one, too. What was spent on them comes back; what was paid is
/// given back by the staff, who are called.
pub(super) async fn free(conn: &mut PgConnection, from: CustomerId, into: CustomerId) -> sqlx::Result<()> {
    let freed = sqlx::query!(
        r#"
        update seat a set state = 'cancelled', cancelled_at = now(), cancelled_by = 'move', cancel_reason = 'two contacts were one person',
               hold_expires_at = null, checked_in_at = null, no_show_at = null
        from seat b
        where a.customer_id = $1 and a.state <> 'cancelled' and b.session_id = a.session_id and b.customer_id = $2 and b.state <> 'cancelled'
        returning a.id as "seat: SeatId", now() as "now!"
        "#,
        from as CustomerId,
        into as CustomerId,
    )
    .fetch_all(&mut *conn)
    .await?;
    for row in freed {
        entitlements::give_back(conn, row.seat, 0, row.now).await?;
        let paid: i64 = payments::of_seat(conn, row.seat).await?.iter().map(payments::Payment::kept_minor).sum();
        if paid > 0 {
            call_staff(conn, into, row.seat, row.now).await?;
        }
    }
    Ok(())
}

async fn call_staff(
    conn: &mut PgConnection,
    customer: CustomerId,
    seat: SeatId,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    if let Some(conversation) = conversation::latest(conn, customer).await? {
        let reason = format!("refund of booking {seat}: it was paid, and another contact of this person has the place");
        conversation::needs_person(conn, conversation, &reason, now).await?;
    }
    Ok(())
}
