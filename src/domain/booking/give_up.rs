//! Giving a place up, and what comes back for it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use super::seat::{self, By, Way};
use crate::after::After;
use crate::payments::{self, RefundReason, State};
use crate::session::{self, Session};
use crate::waitlist::{self, Vacancy};
use crate::{Money, SeatId, SessionId, entitlements, refunds};

/// What comes back for a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Return {
    /// What was paid for it.
    pub paid: Money,
    /// What of that comes back.
    pub back: Money,
    /// In percent.
    pub percent: i64,
    /// Whether credits or a visit come back.
    pub credit: bool,
    /// Whether giving it up now counts as not having come.
    pub late: bool,
}

/// What came of giving a place up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "result", rename_all = "snake_case")]
#[expect(clippy::large_enum_variant, reason = "there is one at a time, for a moment")]
pub enum GaveUp {
    /// It is given up.
    Done {
        /// What comes back.
        returns: Return,
        /// What is to be done.
        after: After,
    },
    /// It was given up before.
    Before,
    /// The session has begun.
    Started,
    /// There is no such place.
    Unknown,
}

/// A place to be given up.
#[derive(Debug, Clone, Copy)]
pub struct GivingUp {
    /// Which.
    pub seat: SeatId,
    /// Who does it.
    pub by: By,
    /// What was promised to come back, in percent; none: what the terms say.
    pub promised: Option<i64>,
    /// When the customer asked for it.
    pub asked_at: DateTime<Utc>,
}

struct Held {
    session: SessionId,
    payment: Way,
    stands: bool,
    /// The session is not what was booked any more.
    is_free: bool,
    currency: String,
    awaited_by: Option<i64>,
}

/// What would come back if it were given up, by the terms under which it was booked.
pub async fn returns(conn: &mut PgConnection, giving: GivingUp) -> sqlx::Result<Option<Return>> {
    let Some(held) = held(conn, giving.seat).await? else { return Ok(None) };
    let Some(session) = session::load(conn, held.session).await? else { return Ok(None) };
    weigh(conn, giving, &held, &session).await.map(Some)
}

/// Gives a place up, in one transaction with all that follows from it: what was paid begins to go back, credits are there
/// again, and the place goes to who waits for it.
pub async fn give_up(conn: &mut PgConnection, giving: GivingUp, now: DateTime<Utc>) -> sqlx::Result<GaveUp> {
    let Some(before) = held(conn, giving.seat).await? else { return Ok(GaveUp::Unknown) };
    let mut session = session::lock(conn, before.session).await?.ok_or(sqlx::Error::RowNotFound)?;
    let held = held(conn, giving.seat).await?.ok_or(sqlx::Error::RowNotFound)?;
    if !held.stands {
        return Ok(GaveUp::Before);
    }
    if giving.by == By::Customer && session.has_started(now) {
        return Ok(GaveUp::Started);
    }
    let returns = weigh(conn, giving, &held, &session).await?;
    let places = session.booked;
    seat::give_back(conn, giving.seat, giving.by, returns.late, now).await?;
    session = session::load(conn, session.id).await?.ok_or(sqlx::Error::RowNotFound)?;
    let mut after = After { waits: held.awaited_by.into_iter().collect(), ..After::default() };
    pay_back(conn, giving, &returns, now, &mut after).await?;
    if returns.credit {
        let grace = grace_days(conn).await?;
        entitlements::give_back(conn, giving.seat, grace, now).await?;
    }
    if places > session.booked {
        waitlist::promote(conn, &mut session, Vacancy::Fresh, now, &mut after).await?;
    }
    Ok(GaveUp::Done { returns, after })
}

async fn held(conn: &mut PgConnection, seat: SeatId) -> sqlx::Result<Option<Held>> {
    sqlx::query_as!(
        Held,
        r#"
        select session_id as "session: SessionId", payment as "payment: Way",
               state <> 'cancelled' as "stands!", free_cancel as is_free, currency, awaited_by
        from seat where id = $1
        "#,
        seat as SeatId,
    )
    .fetch_optional(conn)
    .await
}

async fn weigh(conn: &mut PgConnection, giving: GivingUp, held: &Held, session: &Session) -> sqlx::Result<Return> {
    let paid: i64 = payments::of_seat(conn, giving.seat).await?.iter().map(payments::Payment::kept_minor).sum();
    let tier = refunds::of_seat(conn, giving.seat).await?.tier(session.starts_at - giving.asked_at);
    // What the business called off or changed binds nobody.
    let free = held.is_free || session.is_cancelled;
    let percent = match giving.by {
        By::Business | By::Expiry | By::Move => 100,
        By::Customer if free => 100,
        By::Customer => giving.promised.unwrap_or(tier.percent),
    };
    Ok(Return {
        paid: Money::new(paid, &held.currency),
        back: Money::new(refunds::share(paid, percent), &held.currency),
        percent,
        // There is no half of a visit: whoever would get something back gets it back.
        credit: percent > 0 && matches!(held.payment, Way::Credits | Way::Membership),
        late: giving.by == By::Customer && !free && giving.promised.is_none_or(|percent| percent == 0) && tier.late,
    })
}

/// Begins to give back what comes back, from the latest payment on; what is still open is not to be paid any more.
async fn pay_back(
    conn: &mut PgConnection,
    giving: GivingUp,
    returns: &Return,
    now: DateTime<Utc>,
    after: &mut After,
) -> sqlx::Result<()> {
    let reason = match giving.by {
        By::Business => RefundReason::SessionCancelled,
        _ => RefundReason::Cancelled,
    };
    let mut left = returns.back.minor;
    for payment in payments::of_seat(conn, giving.seat).await?.iter().rev() {
        if payment.is_open() {
            payments::expire(conn, payment.id).await?;
            after.links.push(payment.id);
        }
        let part = payment.kept_minor().min(left);
        if part > 0 && payment.state != State::Disputed {
            after.refunds.push(payments::pay_back(conn, payment, part, reason, now).await?);
            left -= part;
        }
    }
    Ok(())
}

async fn grace_days(conn: &mut PgConnection) -> sqlx::Result<i32> {
    sqlx::query_scalar!(
        "select credit_grace_days from tenant where id = nullif(current_setting('holdfast.tenant', true), '')::bigint"
    )
    .fetch_one(conn)
    .await
}
