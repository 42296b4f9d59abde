//! Turns: what was thought to answer a customer.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::PgConnection;

use crate::ConversationId;

/// The outcome of a turn whose reply was dropped because the customer wrote on.
pub const OVERTAKEN: &str = "overtaken";
/// The outcome of a turn that found nothing to answer: an earlier one has, or what was written is gone.
pub const NOTHING: &str = "nothing";

/// What the model's steps of a turn cost.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spent {
    /// Tokens read, cached ones included.
    pub tokens_in: i64,
    /// Tokens written.
    pub tokens_out: i64,
    /// Which model answered last. None: it was not asked.
    pub model: Option<String>,
}

impl Spent {
    /// Adds one step of a model.
    pub fn add(&mut self, tokens_in: u64, tokens_out: u64, model: &str) {
        self.tokens_in = self.tokens_in.saturating_add_unsigned(tokens_in);
        self.tokens_out = self.tokens_out.saturating_add_unsigned(tokens_out);
        self.model = Some(model.to_owned());
    }
}

/// Ends a turn; a second ending changes nothing. `transcript` is what the model and its tools said, `spent` what that cost.
///
/// An overtaken turn lets go of its messages, so that the next one answers them too.
pub async fn finish(
    conn: &mut PgConnection,
    turn_id: i64,
    outcome: &str,
    transcript: &Value,
    spent: &Spent,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let asked = spent.model.as_ref();
    let ended = sqlx::query!(
        "update turn set outcome = $2, transcript = $3, at = $4, tokens_in = $5, tokens_out = $6, model = $7
         where id = $1 and outcome is null",
        turn_id,
        outcome,
        transcript,
        now,
        asked.map(|_| spent.tokens_in),
        asked.map(|_| spent.tokens_out),
        asked,
    )
    .execute(&mut *conn)
    .await?;
    if ended.rows_affected() == 1 && outcome == OVERTAKEN {
        sqlx::query!("update message set turn_id = null where turn_id = $1 and direction = 'in'", turn_id)
            .execute(conn)
            .await?;
    }
    Ok(())
}

/// The transcripts of the latest turns of a conversation, oldest first.
///
/// In an overtaken turn nothing was said, nor in one that found nothing to answer; and what a customer took back is not
/// told again, so a turn that answered a deleted message is left out.
pub async fn history(conn: &mut PgConnection, conversation: ConversationId, limit: i64) -> sqlx::Result<Vec<Value>> {
    let mut latest = sqlx::query_scalar!(
        r#"
        select transcript as "transcript!" from turn t
        where conversation_id = (select coalesce(merged_into, id) from conversation where id = $1)
          and transcript is not null and outcome not in ($3, $4)
          and not exists (select from message m where m.turn_id = t.id and m.direction = 'in' and m.deleted_at is not null)
        order by id desc limit $2
        "#,
        conversation as ConversationId,
        limit,
        OVERTAKEN,
        NOTHING,
    )
    .fetch_all(conn)
    .await?;
    latest.reverse();
    Ok(latest)
}
