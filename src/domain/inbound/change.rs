//! Messages that customers edit or take back.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::{ConversationId, MessageId};

/// What an edit or a deletion led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Changed {
    /// The message was not answered yet: a turn of this conversation has to look again.
    Reopened(ConversationId),
    /// It had been answered. An edit of it is to be read as a new message.
    Answered(ConversationId),
    /// We never saw the message.
    Unknown,
}

/// Replaces the text of a message that is not answered yet.
///
/// A turn that is thinking about the old text is overtaken by it, as by a new message.
pub async fn edit(
    conn: &mut PgConnection,
    phone_number_id: &str,
    original_wamid: &str,
    text: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<Changed> {
    let Some(original) = find(conn, phone_number_id, original_wamid).await? else { return Ok(Changed::Unknown) };
    if original.answered {
        return Ok(Changed::Answered(original.conversation));
    }
    sqlx::query!(
        "update message set text = $2, edited_at = $3, turn_id = null where id = $1",
        original.id as MessageId,
        super::storable(text),
        now,
    )
    .execute(conn)
    .await?;
    Ok(Changed::Reopened(original.conversation))
}

/// Marks a message as taken back: nobody answers it, and no model reads it any more.
pub async fn revoke(
    conn: &mut PgConnection,
    phone_number_id: &str,
    original_wamid: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<Changed> {
    let Some(original) = find(conn, phone_number_id, original_wamid).await? else { return Ok(Changed::Unknown) };
    sqlx::query!(
        "update message set deleted_at = coalesce(deleted_at, $2) where id = $1",
        original.id as MessageId,
        now,
    )
    .execute(conn)
    .await?;
    Ok(if original.answered { Changed::Answered } else { Changed::Reopened }(original.conversation))
}

struct Original {
    id: MessageId,
    conversation: ConversationId,
    answered: bool,
}

async fn find(conn: &mut PgConnection, phone_number_id: &str, wamid: &str) -> sqlx::Result<Option<Original>> {
    sqlx::query_as!(
        Original,
        r#"
        select m.id as "id: MessageId", m.conversation_id as "conversation: ConversationId",
               exists (select from turn t where t.id = m.turn_id and t.outcome is not null) as "answered!"
        from message m where m.phone_number_id = $1 and m.wamid = $2 and m.direction = 'in'
        for update of m
        "#,
        phone_number_id,
        wamid,
    )
    .fetch_optional(conn)
    .await
}
