//! Seats: the rows that are the bookings.

use chrono::{DateTime, Utc};
use sqlx::{Connection, PgConnection};

use super::Proposal;
use super::refusal::Refusal;
use crate::{CustomerId, ProposalId, SeatId, SessionId};

/// Takes the seat that was proposed, at the price that was proposed.
///
/// The database decides: its constraints say whether there is room and whether the customer has a
/// place already. A savepoint keeps the transaction alive when they say no.
pub(super) async fn take(
    conn: &mut PgConnection,
    proposal: &Proposal,
    now: DateTime<Utc>,
) -> sqlx::Result<Result<SeatId, Refusal>> {
    let mut savepoint = conn.begin().await?;
    let taken = sqlx::query_scalar!(
        r#"
        insert into seat (session_id, customer_id, state, price_minor, currency, proposal_id, created_at)
        values ($1, $2, 'booked', $3, $4, $5, $6) returning id as "id: SeatId"
        "#,
        proposal.session as SessionId,
        proposal.customer as CustomerId,
        proposal.price.minor,
        proposal.price.currency,
        proposal.id as ProposalId,
        now,
    )
    .fetch_one(&mut *savepoint)
    .await;
    match taken {
        Ok(seat) => {
            savepoint.commit().await?;
            Ok(Ok(seat))
        }
        Err(error) => {
            savepoint.rollback().await?;
            refused(&error).map(Err).ok_or(error)
        }
    }
}

fn refused(error: &sqlx::Error) -> Option<Refusal> {
    match error.as_database_error()?.constraint()? {
        "session_not_overbooked" => Some(Refusal::Full),
        "seat_one_active_per_customer" => Some(Refusal::AlreadyBooked),
        _ => None,
    }
}

/// Gives a seat back. False when that had been done before.
pub(super) async fn give_back(conn: &mut PgConnection, seat: SeatId, now: DateTime<Utc>) -> sqlx::Result<bool> {
    let freed = sqlx::query!(
        "update seat set state = 'cancelled', cancelled_at = $2 where id = $1 and state <> 'cancelled'",
        seat as SeatId,
        now,
    )
    .execute(conn)
    .await?;
    Ok(freed.rows_affected() == 1)
}

/// The seat that this customer has in this session.
pub(super) async fn active(
    conn: &mut PgConnection,
    session: SessionId,
    customer: CustomerId,
) -> sqlx::Result<Option<SeatId>> {
    sqlx::query_scalar!(
        r#"select id as "id: SeatId" from seat where session_id = $1 and customer_id = $2 and state <> 'cancelled'"#,
        session as SessionId,
        customer as CustomerId,
    )
    .fetch_optional(conn)
    .await
}

/// The seat that a proposal led to, and whether it still stands.
pub(super) async fn of_proposal(conn: &mut PgConnection, proposal: ProposalId) -> sqlx::Result<Option<(SeatId, bool)>> {
    let row = sqlx::query!(
        r#"select id as "id: SeatId", state <> 'cancelled' as "stands!" from seat where proposal_id = $1"#,
        proposal as ProposalId,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| (row.id, row.stands)))
}

/// A seat of this customer: its session, and whether it stands.
pub(super) async fn of_customer(
    conn: &mut PgConnection,
    seat: SeatId,
    customer: CustomerId,
) -> sqlx::Result<Option<(SessionId, bool)>> {
    let row = sqlx::query!(
        r#"
        select session_id as "session: SessionId", state <> 'cancelled' as "stands!" from seat
        where id = $1 and customer_id = $2
        "#,
        seat as SeatId,
        customer as CustomerId,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| (row.session, row.stands)))
}
