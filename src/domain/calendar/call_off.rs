//! A session is called off, and everybody who is booked gets back what they paid, the way they paid it.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::PgConnection;

use super::held;
use crate::after::After;
use crate::booking::{self, By, GaveUp, GivingUp};
use crate::notices::{self, Kind, Plan};
use crate::{CustomerId, SeatId, SessionId, waitlist};

/// What is not done after so long is left to the staff.
const LONG_AGO: TimeDelta = TimeDelta::days(1);

/// What came of calling a session off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "result", rename_all = "snake_case")]
#[expect(clippy::large_enum_variant, reason = "there is one at a time, for a moment")]
pub enum CalledOff {
    /// It does not take place. The same again gets the same answer.
    Done {
        /// Bookings that stand and are to be given up ([`cancel_seat`]).
        seats: Vec<SeatId>,
        /// What is to be done about those who waited.
        after: After,
    },
    /// It has taken place.
    Over,
    /// The tenant has no such session.
    Unknown,
}

/// Calls a session off. Nobody books it any more, nobody waits for it, and who leads it and its room are free.
pub async fn call_off(
    conn: &mut PgConnection,
    session: SessionId,
    reason: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<CalledOff> {
    let Some(held) = held::lock(conn, &[session.0]).await?.pop() else { return Ok(CalledOff::Unknown) };
    if !held.is_cancelled && held.ends_at <= now {
        return Ok(CalledOff::Over);
    }
    let (seats, after) = cancel(conn, session, reason, now).await?;
    Ok(CalledOff::Done { seats, after })
}

/// The same to a session that is locked. One that was called off before keeps its reason.
pub(super) async fn cancel(
    conn: &mut PgConnection,
    session: SessionId,
    reason: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<(Vec<SeatId>, After)> {
    sqlx::query!(
        "update session set status = 'cancelled', cancelled_at = $2, cancel_reason = $3 where id = $1 and status = 'scheduled'",
        session as SessionId,
        now,
        reason,
    )
    .execute(&mut *conn)
    .await?;
    let waits = waitlist::close(conn, session, now).await?;
    let seats = sqlx::query_scalar!(
        r#"select id as "id: SeatId" from seat where session_id = $1 and state <> 'cancelled' order by id"#,
        session as SessionId,
    )
    .fetch_all(conn)
    .await?;
    Ok((seats, After { waits, ..After::default() }))
}

/// Gives up one booking of a session that was called off: everything comes back, and the customer hears of it.
pub async fn cancel_seat(conn: &mut PgConnection, seat: SeatId, now: DateTime<Utc>) -> sqlx::Result<GaveUp> {
    let giving = GivingUp { seat, by: By::Business, promised: None, asked_at: now };
    let mut gave_up = booking::give_up(conn, giving, now).await?;
    if let GaveUp::Done { returns, after } = &mut gave_up {
        let customer =
            sqlx::query_scalar!(r#"select customer_id as "id: CustomerId" from seat where id = $1"#, seat as SeatId);
        let notice = Plan {
            customer: customer.fetch_one(&mut *conn).await?,
            kind: Kind::SessionCancelled,
            subject: format!("seat:{seat}"),
            facts: json!({ "seat": seat, "returns": returns }),
            due_at: now,
            useful_until: None,
        };
        after.notices.extend(notices::plan(conn, notice).await?);
    }
    Ok(gave_up)
}

/// Sessions that were called off before `late`, with bookings that still stand: nobody is at them.
pub async fn unsettled(conn: &mut PgConnection, late: DateTime<Utc>) -> sqlx::Result<Vec<SessionId>> {
    sqlx::query_scalar!(
        r#"
        select s.id as "id: SessionId" from session s
        where s.status = 'cancelled' and s.cancelled_at > $2 and s.cancelled_at < $1 and s.starts_at > $2
          and exists (select from seat x where x.session_id = s.id and x.state <> 'cancelled')
        order by s.starts_at, s.id limit 50
        "#,
        late,
        late - LONG_AGO,
    )
    .fetch_all(conn)
    .await
}
