//! The customer says yes.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use super::proposal::{close, lock};
use super::refusal::{Refusal, lock_session};
use super::{Kind, Proposal, ProposalState, seat};
use crate::catalog::{self, Asker, row};
use crate::{BookingView, CustomerId, ProposalId, SeatId, SessionView, customer};

/// What came of a yes. The same yes twice gets the same answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "result", rename_all = "snake_case")]
pub enum Accepted {
    /// The customer has the place.
    Booked(BookingView),
    /// The customer had a place in the session before.
    AlreadyBooked(BookingView),
    /// The place was given back.
    Cancelled(BookingView),
    /// The place had been given back before.
    AlreadyCancelled(BookingView),
    /// Somebody else took the last place.
    Full {
        /// The session that is full.
        session: SessionView,
        /// The same service at other times, with room.
        alternatives: Vec<SessionView>,
    },
    /// The business called the session off.
    SessionCancelled,
    /// The session has begun.
    Started,
    /// The session is too close to its start to be booked.
    Closed,
    /// The yes came too late, or another proposal took the place of this one.
    Expired,
    /// There is no such proposal for this customer.
    NotYours,
}

/// Does what was proposed, if it still can be done. All that was checked when it was proposed is
/// checked again here.
pub async fn accept(
    conn: &mut PgConnection,
    proposal: ProposalId,
    customer: CustomerId,
    now: DateTime<Utc>,
) -> sqlx::Result<Accepted> {
    let customer = customer::current(conn, customer).await?;
    customer::lock(conn, &[customer]).await?;
    let Some(proposal) = lock(conn, proposal).await?.filter(|proposal| proposal.customer == customer) else {
        return Ok(Accepted::NotYours);
    };
    let asker = Asker::new(conn, customer, proposal.language, now).await?;
    match (proposal.state, proposal.kind) {
        (ProposalState::Open, _) if now >= proposal.expires_at => {
            close(conn, proposal.id, ProposalState::Expired, None, now).await?;
            Ok(Accepted::Expired)
        }
        (ProposalState::Open, Kind::Book) => book(conn, &proposal, &asker).await,
        (ProposalState::Open, Kind::Cancel) => cancel(conn, &proposal, &asker).await,
        _ => answer_again(conn, &proposal, &asker).await,
    }
}

async fn book(conn: &mut PgConnection, proposal: &Proposal, asker: &Asker) -> sqlx::Result<Accepted> {
    let session = lock_session(conn, proposal.session).await?;
    let taken = match session.refusal(conn, asker.now).await? {
        Some(refusal) => Err(refusal),
        None => seat::take(conn, proposal, asker.now).await?,
    };
    match taken {
        Ok(seat) => {
            close(conn, proposal.id, ProposalState::Accepted, None, asker.now).await?;
            Ok(Accepted::Booked(catalog::booking(conn, asker, seat).await?))
        }
        Err(refusal) => {
            close(conn, proposal.id, ProposalState::Expired, Some(refusal), asker.now).await?;
            refuse(conn, proposal, asker, refusal).await
        }
    }
}

async fn cancel(conn: &mut PgConnection, proposal: &Proposal, asker: &Asker) -> sqlx::Result<Accepted> {
    let session = lock_session(conn, proposal.session).await?;
    if session.has_started(asker.now) {
        close(conn, proposal.id, ProposalState::Expired, Some(Refusal::Started), asker.now).await?;
        return Ok(Accepted::Started);
    }
    let seat = proposed_seat(proposal)?;
    let freed = seat::give_back(conn, seat, asker.now).await?;
    close(conn, proposal.id, ProposalState::Accepted, None, asker.now).await?;
    let booking = catalog::booking(conn, asker, seat).await?;
    Ok(if freed { Accepted::Cancelled(booking) } else { Accepted::AlreadyCancelled(booking) })
}

/// A yes to a proposal that is decided: what it led to, as it is now.
async fn answer_again(conn: &mut PgConnection, proposal: &Proposal, asker: &Asker) -> sqlx::Result<Accepted> {
    if let Some(refusal) = proposal.refusal {
        return refuse(conn, proposal, asker, refusal).await;
    }
    match (proposal.state, proposal.kind) {
        (ProposalState::Accepted, Kind::Cancel) => {
            Ok(Accepted::Cancelled(catalog::booking(conn, asker, proposed_seat(proposal)?).await?))
        }
        (ProposalState::Accepted, Kind::Book) => {
            let Some((seat, stands)) = seat::of_proposal(conn, proposal.id).await? else {
                return Ok(Accepted::Expired);
            };
            let booking = catalog::booking(conn, asker, seat).await?;
            Ok(if stands { Accepted::Booked(booking) } else { Accepted::AlreadyCancelled(booking) })
        }
        _ => Ok(Accepted::Expired),
    }
}

async fn refuse(
    conn: &mut PgConnection,
    proposal: &Proposal,
    asker: &Asker,
    refusal: Refusal,
) -> sqlx::Result<Accepted> {
    Ok(match refusal {
        Refusal::SessionCancelled => Accepted::SessionCancelled,
        Refusal::Started => Accepted::Started,
        Refusal::Closed => Accepted::Closed,
        Refusal::AlreadyBooked => match seat::active(conn, proposal.session, asker.customer).await? {
            Some(seat) => Accepted::AlreadyBooked(catalog::booking(conn, asker, seat).await?),
            None => Accepted::Expired,
        },
        Refusal::Full => {
            let session = row::by_id(conn, asker.customer, &[proposal.session.0]).await?.pop();
            Accepted::Full {
                session: session.ok_or(sqlx::Error::RowNotFound)?.view(asker),
                alternatives: catalog::alternatives(conn, asker, proposal.session).await?,
            }
        }
    })
}

/// A constraint of the table promises that a proposal to cancel names its seat.
fn proposed_seat(proposal: &Proposal) -> sqlx::Result<SeatId> {
    proposal.seat.ok_or(sqlx::Error::RowNotFound)
}
