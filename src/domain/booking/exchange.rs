//! Exchanging a place for one in another session.

use chrono::{DateTime, Utc};
use sqlx::{Connection, PgConnection};

use super::book::{Booking, Told, told};
use super::seat::{self, By, Claim, Settled, Via, Way};
use super::{Refusal, refusal};
use crate::after::After;
use crate::payments::{self, RefundReason};
use crate::session::{self, Session};
use crate::waitlist::{self, Vacancy};
use crate::{CustomerId, ProposalId, SeatId, SessionId, entitlements, refunds};

/// A wish for another place instead of one.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// The place that is given up.
    pub seat: SeatId,
    /// Where the new one is to be.
    pub to: SessionId,
    /// Whose it is.
    pub customer: CustomerId,
    /// Who asks.
    pub via: Via,
    /// The price of the new place that was told, if one was.
    pub told: Option<Told>,
    /// The proposal that it answers.
    pub proposal: Option<ProposalId>,
    /// When it was asked for: the notice of the old place counts from here.
    pub asked_at: DateTime<Utc>,
}

struct Old {
    session: SessionId,
    places: i32,
}

/// Takes the new place and gives up the old one, both or neither. What was paid moves along: what is left of it goes
/// back, what is missing is to be paid. A customer may do so as long as everything would come back.
pub async fn exchange(conn: &mut PgConnection, wish: &Exchange, now: DateTime<Utc>) -> sqlx::Result<Booking> {
    let refuse = |refusal| Booking { place: Err(refusal), after: After::default() };
    let Some(found) = old(conn, wish).await? else { return Ok(refuse(Refusal::Unknown)) };
    let mut both = [found.session, wish.to];
    both.sort_unstable();
    for id in both {
        if session::lock(conn, id).await?.is_none() {
            return Ok(refuse(Refusal::Unknown));
        }
    }
    let Some(old) = old(conn, wish).await? else { return Ok(refuse(Refusal::Unknown)) };
    let load = async |conn: &mut PgConnection, id| session::load(conn, id).await?.ok_or(sqlx::Error::RowNotFound);
    let (mut from, mut to) = (load(conn, old.session).await?, load(conn, wish.to).await?);
    if old.session == wish.to {
        return Ok(refuse(Refusal::AlreadyBooked));
    }
    if let Some(refusal) = refusal::of(&to, wish.via, now) {
        return Ok(refuse(refusal));
    }
    if let Some(refusal) = bound(conn, wish.seat, old.session, wish.via, wish.asked_at, now).await? {
        return Ok(refuse(refusal));
    }
    let mut after = After::default();
    waitlist::promote(conn, &mut to, Vacancy::PassedOn, now, &mut after).await?;
    let mut savepoint = conn.begin().await?;
    match swap(&mut savepoint, wish, &old, &to, now, &mut after).await? {
        Ok(place) => {
            savepoint.commit().await?;
            from.booked -= old.places;
            waitlist::promote(conn, &mut from, Vacancy::Fresh, now, &mut after).await?;
            Ok(Booking { place: Ok(place), after })
        }
        Err(refusal) => {
            savepoint.rollback().await?;
            Ok(Booking { place: Err(refusal), after })
        }
    }
}

/// A place of the customer's that stands.
async fn old(conn: &mut PgConnection, wish: &Exchange) -> sqlx::Result<Option<Old>> {
    sqlx::query_as!(
        Old,
        r#"select session_id as "session: SessionId", places from seat where id = $1 and customer_id = $2 and state <> 'cancelled'"#,
        wish.seat as SeatId,
        wish.customer as CustomerId,
    )
    .fetch_optional(conn)
    .await
}

/// Why a place cannot be exchanged any more.
pub(super) async fn bound(
    conn: &mut PgConnection,
    seat: SeatId,
    session: SessionId,
    via: Via,
    asked_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Refusal>> {
    let session = session::load(conn, session).await?.ok_or(sqlx::Error::RowNotFound)?;
    if session.has_started(now) {
        return Ok(Some(Refusal::Started));
    }
    let free = sqlx::query_scalar!("select free_cancel from seat where id = $1", seat as SeatId);
    if via == Via::Staff || free.fetch_one(&mut *conn).await? {
        return Ok(None);
    }
    let tier = refunds::of_seat(conn, seat).await?.tier(session.starts_at - asked_at);
    Ok((tier.percent < 100).then_some(Refusal::TooLate))
}

async fn swap(
    conn: &mut PgConnection,
    wish: &Exchange,
    old: &Old,
    to: &Session,
    now: DateTime<Utc>,
    after: &mut After,
) -> sqlx::Result<Result<seat::Place, Refusal>> {
    seat::give_back(conn, wish.seat, By::Move, false, now).await?;
    // Credits go back and are spent again, so that those are taken that end first.
    entitlements::give_back(conn, wish.seat, 0, now).await?;
    if seat::clash(conn, wish.customer, to).await?.is_some() {
        return Ok(Err(Refusal::Clash));
    }
    let told = told(conn, wish.told.as_ref(), to, wish.customer, old.places, now).await?;
    let claim = Claim {
        customer: wish.customer,
        places: old.places,
        via: wish.via,
        total: told.total,
        quote: told.quote,
        proposal: wish.proposal,
        moved_from: Some(wish.seat),
        settled: Settled::Asks,
    };
    let place = match seat::take(conn, to, &claim, now).await? {
        Ok(place) => place,
        Err(refusal) => return Ok(Err(refusal)),
    };
    carry_over(conn, wish.seat, &place, now, after).await?;
    let place = seat::place(conn, place.seat).await?;
    if place.held_until.is_some() {
        after.holds.push(place.seat);
    }
    Ok(Ok(place))
}

/// Takes the money along: what is more than the new place costs goes back, and a place that it pays for is booked.
async fn carry_over(
    conn: &mut PgConnection,
    from: SeatId,
    to: &seat::Place,
    now: DateTime<Utc>,
    after: &mut After,
) -> sqlx::Result<()> {
    let payments = payments::of_seat(conn, from).await?;
    for open in payments.iter().filter(|payment| payment.is_open()) {
        payments::expire(conn, open.id).await?;
        after.links.push(open.id);
    }
    sqlx::query!("update payment set seat_id = $2 where seat_id = $1", from as SeatId, to.seat as SeatId)
        .execute(&mut *conn)
        .await?;
    let kept: i64 = payments.iter().map(payments::Payment::kept_minor).sum();
    let costs = match to.payment {
        Way::OnSite | Way::Link => to.total.minor,
        Way::Credits | Way::Membership | Way::None => 0,
    };
    let mut over = (kept - costs).max(0);
    for payment in payments.iter().rev() {
        let part = payment.kept_minor().min(over);
        if part > 0 {
            after.refunds.push(payments::pay_back(conn, payment, part, RefundReason::PriceLower, now).await?);
            over -= part;
        }
    }
    if to.held_until.is_some() && kept >= costs {
        sqlx::query!("update seat set state = 'booked', hold_expires_at = null where id = $1", to.seat as SeatId)
            .execute(conn)
            .await?;
    }
    Ok(())
}
