//! Bursts: all that a customer wrote since the last answer, taken up by one turn.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use crate::booking::{self, Proposal};
use crate::{ConversationId, CustomerId, Language, MessageId, conversation};

/// What one turn answers.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Burst {
    /// Where; not the one asked for when that was merged into another.
    pub conversation: ConversationId,
    /// Who wrote.
    pub customer: CustomerId,
    /// The language they are spoken to in.
    pub language: Language,
    /// The business's zone.
    pub zone: Tz,
    /// In the order they were written. Empty when there is nothing left to answer.
    pub messages: Vec<Heard>,
    /// What the customer may be saying yes or no to.
    pub open_proposal: Option<Proposal>,
    /// WhatsApp's id of the last message, to mark as read.
    pub last_wamid: Option<String>,
}

/// One message of a burst.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Heard {
    /// Its id.
    pub id: MessageId,
    /// WhatsApp's id of it.
    pub wamid: String,
    /// WhatsApp's type: `text`, `interactive`, `image`, …
    pub kind: String,
    /// What can be read of it.
    pub text: Option<String>,
    /// The id of the button or list row that was tapped.
    pub payload: Option<String>,
    /// WhatsApp's time of it.
    pub sent_at: DateTime<Utc>,
}

/// Takes up all messages that wait for an answer. Asked again, a turn gets what it took up at
/// first and no more: what came since belongs to the next turn.
pub async fn gather(
    conn: &mut PgConnection,
    conversation: ConversationId,
    turn_id: i64,
    now: DateTime<Utc>,
) -> sqlx::Result<Burst> {
    let conversation = conversation::lock(conn, conversation).await?;
    if begin_turn(conn, conversation, turn_id, now).await? {
        claim(conn, conversation, turn_id).await?;
    }
    let messages = heard(conn, turn_id).await?;
    let whose = conversation::whose(conn, conversation).await?;
    Ok(Burst {
        conversation,
        customer: whose.customer,
        language: whose.language,
        zone: whose.zone,
        last_wamid: messages.last().map(|message| message.wamid.clone()),
        messages,
        open_proposal: booking::open_proposal(conn, conversation, now).await?,
    })
}

/// Whether the customer wrote, changed or took back something after this turn took up its
/// messages. Its reply is then to be dropped: the next turn answers all of it.
pub async fn overtaken(conn: &mut PgConnection, conversation: ConversationId, turn_id: i64) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"
        select exists (select from message where conversation_id = (select coalesce(merged_into, id) from conversation where id = $1)
                         and answerable and turn_id is null and deleted_at is null)
            or exists (select from message where turn_id = $2 and direction = 'in' and deleted_at is not null) as "overtaken!"
        "#,
        conversation as ConversationId,
        turn_id,
    )
    .fetch_one(conn)
    .await
}

/// Whether this is the first time that the turn gathers.
async fn begin_turn(
    conn: &mut PgConnection,
    conversation: ConversationId,
    turn_id: i64,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let begun = sqlx::query!(
        "insert into turn (id, conversation_id, gathered_at) values ($1, $2, $3) on conflict do nothing",
        turn_id,
        conversation as ConversationId,
        now,
    )
    .execute(conn)
    .await?;
    Ok(begun.rows_affected() == 1)
}

async fn claim(conn: &mut PgConnection, conversation: ConversationId, turn_id: i64) -> sqlx::Result<()> {
    sqlx::query!(
        "with claimed as (
           update message set turn_id = $2
           where conversation_id = $1 and answerable and turn_id is null and deleted_at is null returning id
         )
         update turn set first_message_id = c.first, last_message_id = c.last
         from (select min(id) as first, max(id) as last from claimed) c where turn.id = $2",
        conversation as ConversationId,
        turn_id,
    )
    .execute(conn)
    .await?;
    Ok(())
}

async fn heard(conn: &mut PgConnection, turn_id: i64) -> sqlx::Result<Vec<Heard>> {
    sqlx::query_as!(
        Heard,
        r#"
        select id as "id: MessageId", wamid as "wamid!", kind, text, payload, sent_at from message
        where turn_id = $1 and direction = 'in' and deleted_at is null order by sent_at, id
        "#,
        turn_id,
    )
    .fetch_all(conn)
    .await
}
