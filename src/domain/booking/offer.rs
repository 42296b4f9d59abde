//! Offering to book or to cancel. Nothing is done yet, and no seat is held.

use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use super::refusal::{self, Refusal};
use super::{Kind, LIFETIME, seat};
use crate::catalog::{self, Asker, row};
use crate::{ConversationId, CustomerId, Language, ProposalId, SeatId, SessionId, SessionView, conversation, replies};

/// What came of the wish to book.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "result", rename_all = "snake_case")]
pub enum BookingOffer {
    /// The customer is to be asked.
    Proposed {
        /// The proposal; its buttons are `yes:<id>` and `no:<id>`.
        proposal_id: ProposalId,
        /// What the customer is asked, in their language.
        summary: String,
    },
    /// No place is left.
    Full {
        /// The same service at other times, with room.
        alternatives: Vec<SessionView>,
    },
    /// The customer has a place in it.
    AlreadyBooked {
        /// The session.
        session: SessionView,
    },
    /// It is too close to its start.
    Closed,
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
    Proposed {
        /// The proposal; its buttons are `yes:<id>` and `no:<id>`.
        proposal_id: ProposalId,
        /// What the customer is asked, in their language.
        summary: String,
    },
    /// The customer has no such booking.
    UnknownBooking,
    /// There is nothing left to cancel.
    AlreadyCancelled,
    /// The session has begun.
    Started,
}

/// Offers a place in a session. In one turn, the same offer twice is one proposal; an offer of
/// something else takes the place of the one that was open.
pub async fn propose_booking(
    conn: &mut PgConnection,
    asker: &Asker,
    conversation: ConversationId,
    session: SessionId,
    turn_id: i64,
) -> sqlx::Result<BookingOffer> {
    let conversation = conversation::lock(conn, conversation).await?;
    let Some(facts) = refusal::session(conn, session).await? else { return Ok(BookingOffer::UnknownSession) };
    match facts.refusal(conn, asker.now).await? {
        Some(Refusal::SessionCancelled) => return Ok(BookingOffer::Cancelled),
        Some(Refusal::Started) => return Ok(BookingOffer::Started),
        Some(_) => return Ok(BookingOffer::Closed),
        None => {}
    }
    let view = view(conn, asker, session).await?;
    if view.already_booked {
        return Ok(BookingOffer::AlreadyBooked { session: view });
    }
    if view.spots_left == 0 {
        return Ok(BookingOffer::Full { alternatives: catalog::alternatives(conn, asker, session).await? });
    }
    let summary = replies::proposal_to_book(asker.language, &view.line());
    let offer = Offer { kind: Kind::Book, conversation, view: &view, seat: None, summary: &summary, turn_id };
    Ok(BookingOffer::Proposed { proposal_id: offer.make(conn, asker).await?, summary })
}

/// Offers to give a place back. Other than `seat`, nothing the caller says decides whose it is.
pub async fn propose_cancellation(
    conn: &mut PgConnection,
    asker: &Asker,
    conversation: ConversationId,
    seat: SeatId,
    turn_id: i64,
) -> sqlx::Result<CancellationOffer> {
    let conversation = conversation::lock(conn, conversation).await?;
    let Some((session, stands)) = seat::of_customer(conn, seat, asker.customer).await? else {
        return Ok(CancellationOffer::UnknownBooking);
    };
    if !stands {
        return Ok(CancellationOffer::AlreadyCancelled);
    }
    if refusal::session(conn, session).await?.is_some_and(|session| session.has_started(asker.now)) {
        return Ok(CancellationOffer::Started);
    }
    let view = catalog::booking(conn, asker, seat).await?.session;
    let summary = replies::proposal_to_cancel(asker.language, &view.line());
    let offer = Offer { kind: Kind::Cancel, conversation, view: &view, seat: Some(seat), summary: &summary, turn_id };
    Ok(CancellationOffer::Proposed { proposal_id: offer.make(conn, asker).await?, summary })
}

async fn view(conn: &mut PgConnection, asker: &Asker, session: SessionId) -> sqlx::Result<SessionView> {
    let row = row::by_id(conn, asker.customer, &[session.0]).await?.pop().ok_or(sqlx::Error::RowNotFound)?;
    Ok(row.view(asker))
}

struct Offer<'a> {
    kind: Kind,
    conversation: ConversationId,
    view: &'a SessionView,
    seat: Option<SeatId>,
    summary: &'a str,
    turn_id: i64,
}

impl Offer<'_> {
    /// The proposal of this offer: the one this turn has made already, or a new one.
    async fn make(&self, conn: &mut PgConnection, asker: &Asker) -> sqlx::Result<ProposalId> {
        if let Some(made) = self.made(conn).await? {
            return Ok(made);
        }
        sqlx::query!(
            "update proposal set state = 'superseded', decided_at = $2 where conversation_id = $1 and state = 'open'",
            self.conversation as ConversationId,
            asker.now,
        )
        .execute(&mut *conn)
        .await?;
        self.insert(conn, asker).await
    }

    async fn made(&self, conn: &mut PgConnection) -> sqlx::Result<Option<ProposalId>> {
        sqlx::query_scalar!(
            r#"
            select id as "id: ProposalId" from proposal
            where conversation_id = $1 and turn_id = $2 and kind = $3 and session_id = $4 and seat_id is not distinct from $5
              and state = 'open'
            "#,
            self.conversation as ConversationId,
            self.turn_id,
            self.kind as Kind,
            self.view.session_id as SessionId,
            self.seat as Option<SeatId>,
        )
        .fetch_optional(conn)
        .await
    }

    async fn insert(&self, conn: &mut PgConnection, asker: &Asker) -> sqlx::Result<ProposalId> {
        sqlx::query_scalar!(
            r#"
            insert into proposal (conversation_id, customer_id, kind, session_id, seat_id, summary, language, price_minor,
                                  currency, turn_id, created_at, expires_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) returning id as "id: ProposalId"
            "#,
            self.conversation as ConversationId,
            asker.customer as CustomerId,
            self.kind as Kind,
            self.view.session_id as SessionId,
            self.seat as Option<SeatId>,
            self.summary,
            asker.language as Language,
            self.view.price.minor,
            self.view.price.currency,
            self.turn_id,
            asker.now,
            asker.now + LIFETIME,
        )
        .fetch_one(conn)
        .await
    }
}
