//! Proposals: what the house offered to do, and whether the customer agreed.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use super::refusal::Refusal;
use crate::{ConversationId, CustomerId, Language, Money, ProposalId, QuoteId, SeatId, SessionId};

/// How long a yes to a proposal counts.
pub const LIFETIME: TimeDelta = TimeDelta::minutes(30);

/// How long an expired proposal is still what a "yes" is about; then it is about something else.
pub(crate) const MEMORY: TimeDelta = TimeDelta::hours(12);

/// What is proposed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum Kind {
    /// A place in a session.
    Book,
    /// Giving a place back.
    Cancel,
    /// A place in the waiting list.
    Wait,
    /// Another place in exchange for one.
    Move,
}

/// Where a proposal stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum ProposalState {
    /// It waits for an answer.
    Open,
    /// The customer agreed and it was done.
    Accepted,
    /// The customer did not want it.
    Declined,
    /// Too much time passed, or it could not be done any more.
    Expired,
    /// Another proposal took its place.
    Superseded,
}

/// A proposal as the customer saw it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// Its id, which its buttons carry.
    pub id: ProposalId,
    /// Where it was made.
    pub conversation: ConversationId,
    /// Who may agree.
    pub customer: CustomerId,
    /// What is proposed.
    pub kind: Kind,
    /// The session it is about.
    pub session: SessionId,
    /// The place to give back or to exchange.
    pub seat: Option<SeatId>,
    /// For how many.
    #[serde(default = "one")]
    pub places: i32,
    /// The words the customer saw.
    pub summary: String,
    /// Their language.
    pub language: Language,
    /// The price the customer saw, of all places, and pays even if it changes meanwhile.
    pub price: Money,
    /// How that came about.
    #[serde(default)]
    pub quote: Option<QuoteId>,
    /// What the customer was told to get back, in percent.
    #[serde(default)]
    pub refund_percent: Option<i64>,
    /// When it was asked for.
    #[serde(default = "long_ago")]
    pub created_at: DateTime<Utc>,
    /// From when on a yes comes too late.
    pub expires_at: DateTime<Utc>,
    /// Where it stands.
    pub state: ProposalState,
    /// Why a yes did not make it happen.
    pub(crate) refusal: Option<Refusal>,
}

/// Of proposals that workflows remember from before there were others.
const fn one() -> i32 {
    1
}

const fn long_ago() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH
}

/// The proposal with this id, if this tenant has it.
pub async fn proposal(conn: &mut PgConnection, id: ProposalId) -> sqlx::Result<Option<Proposal>> {
    let row = sqlx::query_as!(
        Row,
        r#"
        select id as "id: ProposalId", conversation_id as "conversation: ConversationId", customer_id as "customer: CustomerId",
               kind as "kind: Kind", session_id as "session: SessionId", seat_id as "seat: SeatId", places, summary,
               language as "language: Language", price_minor, currency, quote_id as "quote: QuoteId", refund_percent, created_at, expires_at, state as "state: ProposalState",
               refusal as "refusal: Refusal"
        from proposal where id = $1
        "#,
        id as ProposalId,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(Row::proposal))
}

/// What the customer of this conversation may be answering. It may have expired a while ago, so
/// that a late yes gets told so.
pub async fn open_proposal(
    conn: &mut PgConnection,
    conversation: ConversationId,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Proposal>> {
    let id = sqlx::query_scalar!(
        r#"select id as "id: ProposalId" from proposal where conversation_id = $1 and state = 'open' and expires_at > $2"#,
        conversation as ConversationId,
        now - MEMORY,
    )
    .fetch_optional(&mut *conn)
    .await?;
    match id {
        Some(id) => proposal(conn, id).await,
        None => Ok(None),
    }
}

/// The proposal, locked until the transaction ends.
pub(super) async fn lock(conn: &mut PgConnection, id: ProposalId) -> sqlx::Result<Option<Proposal>> {
    sqlx::query!("select id from proposal where id = $1 for no key update", id as ProposalId)
        .fetch_optional(&mut *conn)
        .await?;
    proposal(conn, id).await
}

/// Takes an open proposal to its end.
pub(super) async fn close(
    conn: &mut PgConnection,
    id: ProposalId,
    state: ProposalState,
    refusal: Option<Refusal>,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update proposal set state = $2, refusal = $3, decided_at = $4 where id = $1 and state = 'open'",
        id as ProposalId,
        state as ProposalState,
        refusal as Option<Refusal>,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

struct Row {
    id: ProposalId,
    conversation: ConversationId,
    customer: CustomerId,
    kind: Kind,
    session: SessionId,
    seat: Option<SeatId>,
    places: i32,
    summary: String,
    language: Language,
    price_minor: i64,
    currency: String,
    quote: Option<QuoteId>,
    refund_percent: Option<i32>,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    state: ProposalState,
    refusal: Option<Refusal>,
}

impl Row {
    fn proposal(self) -> Proposal {
        Proposal {
            id: self.id,
            conversation: self.conversation,
            customer: self.customer,
            kind: self.kind,
            session: self.session,
            seat: self.seat,
            places: self.places,
            summary: self.summary,
            language: self.language,
            price: Money::new(self.price_minor, self.currency),
            quote: self.quote,
            refund_percent: self.refund_percent.map(i64::from),
            created_at: self.created_at,
            expires_at: self.expires_at,
            state: self.state,
            refusal: self.refusal,
        }
    }
}
