//! Offering to book, to wait, to cancel or to move. Nothing is done yet, and no seat is held.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use super::make::Offer;
use super::seat::{self, By, Via};
use super::{GivingUp, Kind, Refusal, exchange, give_up, refusal};
use crate::catalog::{self, Asker, row};
use crate::replies::{self, Cost};
use crate::session::{self, Session};
use crate::waitlist::{self, Position};
use crate::{
    ConversationId, Money, ProposalId, SeatId, SessionId, SessionView, conversation, entitlements, pricing, refunds,
};

/// The customer is to be asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposed {
    /// The proposal; its buttons are `yes:<id>` and `no:<id>`.
    pub proposal_id: ProposalId,
    /// What the customer is asked, in their language.
    pub summary: String,
}

/// What came of the wish to book.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "result", rename_all = "snake_case")]
pub enum BookingOffer {
    /// The customer is to be asked.
    Proposed(Proposed),
    /// No place is left.
    Full {
        /// The same service at other times, with room.
        alternatives: Vec<SessionView>,
        /// They are asked whether they want to wait, while there is a waiting list.
        #[serde(default)]
        wait: Option<Proposed>,
    },
    /// The customer has a place in it.
    AlreadyBooked {
        /// The session.
        session: SessionView,
    },
    /// The customer waits for a place in it.
    AlreadyWaiting {
        /// Where they stand.
        position: Position,
    },
    /// The customer has another booking at that time.
    Clash {
        /// Which.
        with: SessionView,
    },
    /// It is too close to its start.
    Closed,
    /// It is too far ahead.
    NotOpen,
    /// It has begun.
    Started,
    /// It does not take place.
    Cancelled,
    /// The tenant has no such session.
    UnknownSession,
}

/// What came of the wish to cancel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "result", rename_all = "snake_case")]
pub enum CancellationOffer {
    /// The customer is to be asked.
    Proposed(Proposed),
    /// The customer has no such booking.
    UnknownBooking,
    /// There is nothing left to cancel.
    AlreadyCancelled,
    /// The session has begun.
    Started,
}

/// What came of the wish to move.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "result", rename_all = "snake_case")]
pub enum MoveOffer {
    /// The customer is to be asked.
    Proposed(Proposed),
    /// It cannot be done.
    Refused {
        /// Why.
        why: Refusal,
    },
    /// The customer has no such booking.
    UnknownBooking,
}

/// Whose wish it is.
#[derive(Debug, Clone, Copy)]
pub struct Turn<'a> {
    /// Who asks.
    pub asker: &'a Asker,
    /// Where.
    pub conversation: ConversationId,
    /// The turn's id: the same offer twice in one turn is one proposal.
    pub id: i64,
}

/// Offers places in a session. In one turn, the same offer twice is one proposal; an offer of something else takes the
/// place of the one that was open.
pub async fn propose_booking(
    conn: &mut PgConnection,
    turn: Turn<'_>,
    session: SessionId,
    places: i32,
) -> sqlx::Result<BookingOffer> {
    let Turn { asker, .. } = turn;
    let conversation = conversation::lock(conn, turn.conversation).await?;
    let turn = Turn { conversation, ..turn };
    let Some(session) = session::load(conn, session).await? else { return Ok(BookingOffer::UnknownSession) };
    match refusal::of(&session, Via::Customer, asker.now) {
        Some(Refusal::SessionCancelled) => return Ok(BookingOffer::Cancelled),
        Some(Refusal::Started) => return Ok(BookingOffer::Started),
        Some(Refusal::NotOpen) => return Ok(BookingOffer::NotOpen),
        Some(_) => return Ok(BookingOffer::Closed),
        None => {}
    }
    let view = view(conn, asker, session.id).await?;
    let offered = held_for(conn, &session, asker).await?;
    if view.already_booked && !offered {
        return Ok(BookingOffer::AlreadyBooked { session: view });
    }
    if let Some(seat) = seat::clash(conn, asker.customer, &session).await? {
        return Ok(BookingOffer::Clash { with: catalog::booking(conn, asker, seat).await?.session });
    }
    if !offered && session.free() < places {
        return full(conn, turn, &session, &view, places).await;
    }
    ask_to_book(conn, turn, &session, &view, places).await.map(BookingOffer::Proposed)
}

/// Whether the customer's place in it is one that the waiting list holds for them.
async fn held_for(conn: &mut PgConnection, session: &Session, asker: &Asker) -> sqlx::Result<bool> {
    match seat::active(conn, session.id, asker.customer).await? {
        Some(seat) => Ok(waitlist::entry_of_seat(conn, seat).await?.is_some()),
        None => Ok(false),
    }
}

async fn ask_to_book(
    conn: &mut PgConnection,
    turn: Turn<'_>,
    session: &Session,
    view: &SessionView,
    places: i32,
) -> sqlx::Result<Proposed> {
    let Turn { asker, .. } = turn;
    let quote = pricing::quote(conn, session, asker.customer, places, asker.now).await?;
    let covered = match quote.total.minor {
        0 => None,
        _ => entitlements::covers(conn, session, asker.customer, places).await?,
    };
    let hold = (session.prepaid && covered.is_none() && quote.total.minor > 0).then_some(session.terms.hold_minutes);
    let cost = Cost::new(asker.language, &quote, covered, hold);
    let summary = replies::proposal_to_book(asker.language, &view.line(), &cost);
    let offer = Offer {
        kind: Kind::Book,
        conversation: turn.conversation,
        session: session.id,
        seat: None,
        places,
        price: &quote.total,
        quote: Some(quote.id),
        refund: None,
        summary: &summary,
        turn_id: turn.id,
    };
    Ok(Proposed { proposal_id: offer.make(conn, asker).await?, summary })
}

/// No room: other times, and the waiting list while there is one.
async fn full(
    conn: &mut PgConnection,
    turn: Turn<'_>,
    session: &Session,
    view: &SessionView,
    places: i32,
) -> sqlx::Result<BookingOffer> {
    let Turn { asker, .. } = turn;
    if let Some(position) = waitlist::position(conn, session.id, asker.customer).await? {
        return Ok(BookingOffer::AlreadyWaiting { position });
    }
    let alternatives = catalog::alternatives(conn, asker, session.id).await?;
    if session.is_past_cutoff(asker.now) || places > session.capacity {
        return Ok(BookingOffer::Full { alternatives, wait: None });
    }
    let ahead = waitlist::length(conn, session.id).await?;
    let others: Vec<_> = alternatives.iter().map(SessionView::line).collect();
    let summary = replies::proposal_to_wait(asker.language, &view.line(), ahead, &others);
    let offer = Offer {
        kind: Kind::Wait,
        conversation: turn.conversation,
        session: session.id,
        seat: None,
        places,
        price: &view.price,
        quote: None,
        refund: None,
        summary: &summary,
        turn_id: turn.id,
    };
    let wait = Some(Proposed { proposal_id: offer.make(conn, asker).await?, summary });
    Ok(BookingOffer::Full { alternatives, wait })
}

/// Offers to give a place back, and says what comes back for it. Other than `seat`, nothing the caller says decides whose
/// it is. The notice counts from `asked_at`, when the customer wrote.
pub async fn propose_cancellation(
    conn: &mut PgConnection,
    turn: Turn<'_>,
    seat: SeatId,
    asked_at: DateTime<Utc>,
) -> sqlx::Result<CancellationOffer> {
    let Turn { asker, .. } = turn;
    let conversation = conversation::lock(conn, turn.conversation).await?;
    let Some((session, stands)) = seat::of_customer(conn, seat, asker.customer).await? else {
        return Ok(CancellationOffer::UnknownBooking);
    };
    if !stands {
        return Ok(CancellationOffer::AlreadyCancelled);
    }
    if session::load(conn, session).await?.is_some_and(|session| session.has_started(asker.now)) {
        return Ok(CancellationOffer::Started);
    }
    let asked_at = refunds::asked_at(asked_at, asker.now);
    let giving = GivingUp { seat, by: By::Customer, promised: None, asked_at };
    let returns = give_up::returns(conn, giving).await?.ok_or(sqlx::Error::RowNotFound)?;
    let booking = catalog::booking(conn, asker, seat).await?;
    let summary =
        replies::proposal_to_cancel(asker.language, &booking.session.line(), &returns, booking.by_entitlement());
    let offer = Offer {
        kind: Kind::Cancel,
        conversation,
        session,
        seat: Some(seat),
        places: booking.places,
        price: &booking.session.price,
        quote: None,
        refund: Some((returns.back.minor, returns.percent)),
        summary: &summary,
        turn_id: turn.id,
    };
    let proposal_id = offer.make(conn, asker).await?;
    Ok(CancellationOffer::Proposed(Proposed { proposal_id, summary }))
}

/// Offers to exchange a place for one in another session.
pub async fn propose_move(
    conn: &mut PgConnection,
    turn: Turn<'_>,
    seat: SeatId,
    to: SessionId,
    asked_at: DateTime<Utc>,
) -> sqlx::Result<MoveOffer> {
    let Turn { asker, .. } = turn;
    let conversation = conversation::lock(conn, turn.conversation).await?;
    let refuse = |why| Ok(MoveOffer::Refused { why });
    let Some((from, true)) = seat::of_customer(conn, seat, asker.customer).await? else {
        return Ok(MoveOffer::UnknownBooking);
    };
    let Some(session) = session::load(conn, to).await? else { return refuse(Refusal::Unknown) };
    let booking = catalog::booking(conn, asker, seat).await?;
    let view = view(conn, asker, to).await?;
    if from == to || view.already_booked {
        return refuse(Refusal::AlreadyBooked);
    }
    if let Some(why) = refusal::of(&session, Via::Customer, asker.now) {
        return refuse(why);
    }
    let asked_at = refunds::asked_at(asked_at, asker.now);
    if let Some(why) = exchange::bound(conn, seat, from, Via::Customer, asked_at, asker.now).await? {
        return refuse(why);
    }
    if session.free() < booking.places {
        return refuse(Refusal::Full);
    }
    let quote = pricing::quote(conn, &session, asker.customer, booking.places, asker.now).await?;
    let difference = if booking.by_entitlement() { 0 } else { quote.total.minor - booking.session.price.minor };
    let difference = Money::new(difference, &session.currency);
    let summary = replies::proposal_to_move(asker.language, &booking.session.line(), &view.line(), &difference);
    let offer = Offer {
        kind: Kind::Move,
        conversation,
        session: to,
        seat: Some(seat),
        places: booking.places,
        price: &quote.total,
        quote: Some(quote.id),
        refund: None,
        summary: &summary,
        turn_id: turn.id,
    };
    let proposal_id = offer.make(conn, asker).await?;
    Ok(MoveOffer::Proposed(Proposed { proposal_id, summary }))
}

async fn view(conn: &mut PgConnection, asker: &Asker, session: SessionId) -> sqlx::Result<SessionView> {
    let row = row::by_id(conn, asker, &[session.0]).await?.pop().ok_or(sqlx::Error::RowNotFound)?;
    Ok(row.view(asker))
}
