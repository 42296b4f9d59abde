//! The customer says yes.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use super::book::{Booking, Told, Wish, book};
use super::exchange::{Exchange, exchange};
use super::give_up::{GaveUp, GivingUp, Return, give_up};
use super::proposal::{close, lock};
use super::seat::{self, By, Via};
use super::{Kind, Proposal, ProposalState, Refusal};
use crate::after::After;
use crate::catalog::{self, Asker, row};
use crate::waitlist::{self, Joined};
use crate::{BookingView, CustomerId, ProposalId, SeatId, SessionView, customer};

/// What came of a yes, and what is to be done now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    /// What the customer is told. The same yes twice gets the same answer.
    #[serde(flatten)]
    pub accepted: Accepted,
    /// What comes back for a place that was given up.
    #[serde(default)]
    pub returns: Option<Return>,
    /// For this customer and for others.
    #[serde(default)]
    pub after: After,
}

/// What came of a yes. The same yes twice gets the same answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "result", rename_all = "snake_case")]
pub enum Accepted {
    /// The customer has the place.
    Booked(BookingView),
    /// The place is held for the customer until it is paid.
    Held(BookingView),
    /// The customer had a place in the session before.
    AlreadyBooked(BookingView),
    /// The place was given back.
    Cancelled(BookingView),
    /// The place had been given back before.
    AlreadyCancelled(BookingView),
    /// The customer has another place instead.
    Moved(BookingView),
    /// The customer waits for a place.
    Waiting {
        /// In this session.
        session: SessionView,
        /// 1 is next.
        position: i64,
    },
    /// There is a place: nobody needs to wait for it.
    PlaceFree {
        /// In this session.
        session: SessionView,
    },
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
    /// The session cannot be booked yet.
    NotOpen,
    /// The customer has another booking at that time.
    Clash,
    /// It is too late to exchange the place.
    TooLate,
    /// The yes came too late, or another proposal took the place of this one.
    Expired,
    /// There is no such proposal for this customer.
    NotYours,
}

impl From<Accepted> for Decided {
    fn from(accepted: Accepted) -> Self {
        Self { accepted, returns: None, after: After::default() }
    }
}

/// Does what was proposed, if it still can be done. All that was checked when it was proposed is checked again here.
pub async fn accept(
    conn: &mut PgConnection,
    proposal: ProposalId,
    customer: CustomerId,
    now: DateTime<Utc>,
) -> sqlx::Result<Decided> {
    let customer = customer::current(conn, customer).await?;
    customer::lock(conn, &[customer]).await?;
    let Some(proposal) = lock(conn, proposal).await?.filter(|proposal| proposal.customer == customer) else {
        return Ok(Accepted::NotYours.into());
    };
    let asker = Asker::new(conn, customer, proposal.language, now).await?;
    match (proposal.state, proposal.kind) {
        (ProposalState::Open, _) if now >= proposal.expires_at => {
            close(conn, proposal.id, ProposalState::Expired, None, now).await?;
            Ok(Accepted::Expired.into())
        }
        (ProposalState::Open, Kind::Book) => do_book(conn, &proposal, &asker).await,
        (ProposalState::Open, Kind::Move) => do_move(conn, &proposal, &asker).await,
        (ProposalState::Open, Kind::Wait) => do_wait(conn, &proposal, &asker).await,
        (ProposalState::Open, Kind::Cancel) => do_cancel(conn, &proposal, &asker).await,
        _ => answer_again(conn, &proposal, &asker).await.map(Decided::from),
    }
}

async fn do_book(conn: &mut PgConnection, proposal: &Proposal, asker: &Asker) -> sqlx::Result<Decided> {
    let wish = Wish {
        session: proposal.session,
        customer: asker.customer,
        places: proposal.places,
        via: Via::Customer,
        told: Some(told(proposal)),
        proposal: Some(proposal.id),
    };
    let booking = book(conn, &wish, asker.now).await?;
    finish(conn, proposal, asker, booking, |view| match view.held_until {
        Some(_) => Accepted::Held(view),
        None => Accepted::Booked(view),
    })
    .await
}

async fn do_move(conn: &mut PgConnection, proposal: &Proposal, asker: &Asker) -> sqlx::Result<Decided> {
    let wish = Exchange {
        seat: proposed_seat(proposal)?,
        to: proposal.session,
        customer: asker.customer,
        via: Via::Customer,
        told: Some(told(proposal)),
        proposal: Some(proposal.id),
        asked_at: proposal.created_at,
    };
    let booking = exchange(conn, &wish, asker.now).await?;
    finish(conn, proposal, asker, booking, Accepted::Moved).await
}

fn told(proposal: &Proposal) -> Told {
    Told { total: proposal.price.clone(), quote: proposal.quote }
}

/// Closes the proposal with what came of it.
async fn finish(
    conn: &mut PgConnection,
    proposal: &Proposal,
    asker: &Asker,
    Booking { place, after }: Booking,
    done: fn(BookingView) -> Accepted,
) -> sqlx::Result<Decided> {
    let accepted = match place {
        Ok(place) => {
            close(conn, proposal.id, ProposalState::Accepted, None, asker.now).await?;
            done(catalog::booking(conn, asker, place.seat).await?)
        }
        Err(refusal) => {
            close(conn, proposal.id, ProposalState::Expired, Some(refusal), asker.now).await?;
            refuse(conn, proposal, asker, refusal).await?
        }
    };
    Ok(Decided { accepted, returns: None, after })
}

async fn do_wait(conn: &mut PgConnection, proposal: &Proposal, asker: &Asker) -> sqlx::Result<Decided> {
    let (id, places) = (proposal.id, proposal.places);
    let joined = waitlist::join(conn, proposal.session, asker.customer, places, Some(id), asker.now).await?;
    let refusal = match joined {
        Joined::Waiting(_) | Joined::Already(_) => {
            close(conn, id, ProposalState::Accepted, None, asker.now).await?;
            return waiting(conn, proposal, asker).await.map(Decided::from);
        }
        Joined::PlaceFree => Refusal::PlaceFree,
        Joined::HasPlace => Refusal::AlreadyBooked,
        Joined::Closed | Joined::Unknown => Refusal::Closed,
    };
    close(conn, id, ProposalState::Expired, Some(refusal), asker.now).await?;
    refuse(conn, proposal, asker, refusal).await.map(Decided::from)
}

async fn waiting(conn: &mut PgConnection, proposal: &Proposal, asker: &Asker) -> sqlx::Result<Accepted> {
    Ok(match waitlist::position(conn, proposal.session, asker.customer).await? {
        Some(position) => {
            Accepted::Waiting { session: view(conn, proposal, asker).await?, position: position.position }
        }
        None => Accepted::Expired,
    })
}

async fn do_cancel(conn: &mut PgConnection, proposal: &Proposal, asker: &Asker) -> sqlx::Result<Decided> {
    let seat = proposed_seat(proposal)?;
    let giving = GivingUp { seat, by: By::Customer, promised: proposal.refund_percent, asked_at: proposal.created_at };
    match give_up(conn, giving, asker.now).await? {
        GaveUp::Done { returns, after } => {
            close(conn, proposal.id, ProposalState::Accepted, None, asker.now).await?;
            let accepted = Accepted::Cancelled(catalog::booking(conn, asker, seat).await?);
            Ok(Decided { accepted, returns: Some(returns), after })
        }
        GaveUp::Before | GaveUp::Unknown => {
            close(conn, proposal.id, ProposalState::Accepted, None, asker.now).await?;
            Ok(Accepted::AlreadyCancelled(catalog::booking(conn, asker, seat).await?).into())
        }
        GaveUp::Started => {
            close(conn, proposal.id, ProposalState::Expired, Some(Refusal::Started), asker.now).await?;
            Ok(Accepted::Started.into())
        }
    }
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
        (ProposalState::Accepted, Kind::Wait) => waiting(conn, proposal, asker).await,
        (ProposalState::Accepted, Kind::Book | Kind::Move) => {
            let Some((seat, stands)) = seat::of_proposal(conn, proposal.id).await? else {
                return Ok(Accepted::Expired);
            };
            let booking = catalog::booking(conn, asker, seat).await?;
            Ok(match (stands, proposal.kind, booking.held_until) {
                (false, ..) => Accepted::AlreadyCancelled(booking),
                (true, Kind::Move, _) => Accepted::Moved(booking),
                (true, _, Some(_)) => Accepted::Held(booking),
                (true, _, None) => Accepted::Booked(booking),
            })
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
        Refusal::NotOpen => Accepted::NotOpen,
        Refusal::Clash => Accepted::Clash,
        Refusal::TooLate => Accepted::TooLate,
        Refusal::PlaceFree => Accepted::PlaceFree { session: view(conn, proposal, asker).await? },
        Refusal::Waiting => waiting(conn, proposal, asker).await?,
        Refusal::Unknown => Accepted::Expired,
        Refusal::AlreadyBooked => match seat::active(conn, proposal.session, asker.customer).await? {
            Some(seat) => Accepted::AlreadyBooked(catalog::booking(conn, asker, seat).await?),
            None => Accepted::Expired,
        },
        Refusal::Full => Accepted::Full {
            session: view(conn, proposal, asker).await?,
            alternatives: catalog::alternatives(conn, asker, proposal.session).await?,
        },
    })
}

async fn view(conn: &mut PgConnection, proposal: &Proposal, asker: &Asker) -> sqlx::Result<SessionView> {
    let row = row::by_id(conn, asker, &[proposal.session.0]).await?.pop().ok_or(sqlx::Error::RowNotFound)?;
    Ok(row.view(asker))
}

/// A constraint of the table promises that a proposal to cancel or to move names its seat.
fn proposed_seat(proposal: &Proposal) -> sqlx::Result<SeatId> {
    proposal.seat.ok_or(sqlx::Error::RowNotFound)
}
