//! The one way to a place, whoever asks: customers, staff, programs, the waiting list.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::seat::{self, Claim, Place, Settled, Via};
use super::{Refusal, refusal};
use crate::after::After;
use crate::session::{self, Session};
use crate::waitlist::{self, Claimed, Vacancy};
use crate::{CustomerId, Money, ProposalId, QuoteId, SeatId, SessionId, pricing};

/// A wish for a place.
#[derive(Debug, Clone)]
pub struct Wish {
    /// In which session.
    pub session: SessionId,
    /// For whom.
    pub customer: CustomerId,
    /// For how many.
    pub places: i32,
    /// Who asks.
    pub via: Via,
    /// The price that was told, if one was; else it is the price of now.
    pub told: Option<Told>,
    /// The proposal that it answers.
    pub proposal: Option<ProposalId>,
}

/// A price that the customer was told, for all places together.
#[derive(Debug, Clone)]
pub struct Told {
    /// The price.
    pub total: Money,
    /// How it came about.
    pub quote: Option<QuoteId>,
}

/// What came of a wish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booking {
    /// The place, or why there is none.
    pub place: Result<Place, Refusal>,
    /// What is to be done: for others, too, and also when there is no place.
    pub after: After,
}

impl Booking {
    fn refused(refusal: Refusal) -> Self {
        Self { place: Err(refusal), after: After::default() }
    }
}

/// Takes a place, if it can be had. The customer's row is locked by the caller, if they ask themselves.
///
/// Who waits comes first: free places are offered to the waiting list before this wish is looked at.
pub async fn book(conn: &mut PgConnection, wish: &Wish, now: DateTime<Utc>) -> sqlx::Result<Booking> {
    let Some(mut session) = session::lock(conn, wish.session).await? else {
        return Ok(Booking::refused(Refusal::Unknown));
    };
    if let Some(refusal) = refusal::of(&session, wish.via, now) {
        return Ok(Booking::refused(refusal));
    }
    if seat::clash(conn, wish.customer, &session).await?.is_some() {
        return Ok(Booking::refused(Refusal::Clash));
    }
    let mut after = After::default();
    if waitlist::waits(conn, session.id).await? {
        waitlist::promote(conn, &mut session, Vacancy::PassedOn, now, &mut after).await?;
    }
    if let Some((place, then)) = claim_offer(conn, wish, now).await? {
        after.extend(then);
        return Ok(Booking { place: Ok(place), after });
    }
    let claim = claim(conn, wish, &session, now).await?;
    let place = seat::take(conn, &session, &claim, now).await?;
    if let Ok(place) = &place {
        waits_no_more(conn, &session, wish.customer, place.seat).await?;
        if place.held_until.is_some() {
            after.holds.push(place.seat);
        }
    }
    Ok(Booking { place, after })
}

/// The wish at the price that was told, or at that of now.
async fn claim(conn: &mut PgConnection, wish: &Wish, session: &Session, now: DateTime<Utc>) -> sqlx::Result<Claim> {
    let told = told(conn, wish.told.as_ref(), session, wish.customer, wish.places, now).await?;
    Ok(Claim {
        customer: wish.customer,
        places: wish.places,
        via: wish.via,
        total: told.total,
        quote: told.quote,
        proposal: wish.proposal,
        moved_from: None,
        settled: Settled::Asks,
    })
}

/// The price that was told, or that of now.
pub(super) async fn told(
    conn: &mut PgConnection,
    told: Option<&Told>,
    session: &Session,
    customer: CustomerId,
    places: i32,
    now: DateTime<Utc>,
) -> sqlx::Result<Told> {
    if let Some(told) = told {
        return Ok(told.clone());
    }
    let quote = pricing::quote(conn, session, customer, places, now).await?;
    Ok(Told { total: quote.total, quote: Some(quote.id) })
}

/// A place that is held for this very customer is taken, not asked for anew.
async fn claim_offer(conn: &mut PgConnection, wish: &Wish, now: DateTime<Utc>) -> sqlx::Result<Option<(Place, After)>> {
    let Some(held) = seat::active(conn, wish.session, wish.customer).await? else { return Ok(None) };
    let Some(entry) = waitlist::entry_of_seat(conn, held).await? else { return Ok(None) };
    Ok(match waitlist::claim(conn, entry, wish.customer, now).await? {
        Claimed::Taken { place, after } => Some((place, after)),
        _ => None,
    })
}

/// Who waited and found a place by themselves does not wait any more.
async fn waits_no_more(
    conn: &mut PgConnection,
    session: &Session,
    customer: CustomerId,
    seat: SeatId,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update waitlist_entry set state = 'promoted', seat_id = $3
         where session_id = $1 and customer_id = $2 and state = 'waiting'",
        session.id as SessionId,
        customer as CustomerId,
        seat as SeatId,
    )
    .execute(conn)
    .await?;
    Ok(())
}
