//! Writing a proposal down.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::{Kind, LIFETIME};
use crate::catalog::Asker;
use crate::{ConversationId, CustomerId, Language, Money, ProposalId, QuoteId, SeatId, SessionId};

/// Something to ask a customer.
pub(super) struct Offer<'a> {
    pub kind: Kind,
    pub conversation: ConversationId,
    pub session: SessionId,
    pub seat: Option<SeatId>,
    pub places: i32,
    pub price: &'a Money,
    pub quote: Option<QuoteId>,
    /// What comes back, in minor units and in percent.
    pub refund: Option<(i64, i64)>,
    pub summary: &'a str,
    pub turn_id: i64,
}

/// The customer is asked something else: a yes is not about what was open any more.
pub async fn supersede(conn: &mut PgConnection, conversation: ConversationId, now: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!(
        "update proposal set state = 'superseded', decided_at = $2 where conversation_id = $1 and state = 'open'",
        conversation as ConversationId,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

impl Offer<'_> {
    /// The proposal of this offer: the one this turn has made already, or a new one, which takes the place of what was
    /// open.
    pub async fn make(&self, conn: &mut PgConnection, asker: &Asker) -> sqlx::Result<ProposalId> {
        if let Some(made) = self.made(conn).await? {
            return Ok(made);
        }
        supersede(conn, self.conversation, asker.now).await?;
        self.insert(conn, asker).await
    }

    async fn made(&self, conn: &mut PgConnection) -> sqlx::Result<Option<ProposalId>> {
        sqlx::query_scalar!(
            r#"
            select id as "id: ProposalId" from proposal
            where conversation_id = $1 and turn_id = $2 and kind = $3 and session_id = $4 and seat_id is not distinct from $5
              and places = $6 and state = 'open'
            "#,
            self.conversation as ConversationId,
            self.turn_id,
            self.kind as Kind,
            self.session as SessionId,
            self.seat as Option<SeatId>,
            self.places,
        )
        .fetch_optional(conn)
        .await
    }

    async fn insert(&self, conn: &mut PgConnection, asker: &Asker) -> sqlx::Result<ProposalId> {
        let (refund_minor, percent) = self.refund.unzip();
        sqlx::query_scalar!(
            r#"
            insert into proposal (conversation_id, customer_id, kind, session_id, seat_id, places, summary, language, price_minor,
                                  currency, quote_id, refund_minor, refund_percent, turn_id, created_at, expires_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13::bigint, $14, $15, $16) returning id as "id: ProposalId"
            "#,
            self.conversation as ConversationId,
            asker.customer as CustomerId,
            self.kind as Kind,
            self.session as SessionId,
            self.seat as Option<SeatId>,
            self.places,
            self.summary,
            asker.language as Language,
            self.price.minor,
            self.price.currency,
            self.quote as Option<QuoteId>,
            refund_minor,
            percent,
            self.turn_id,
            asker.now,
            asker.now + LIFETIME,
        )
        .fetch_one(conn)
        .await
    }
}
