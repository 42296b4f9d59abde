//! Messages that we send. Planned first, in the transaction of what they tell; sent afterwards.

mod content;
#[cfg(test)]
mod tests;
mod window;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;

pub use content::{Button, Content, ContentError, Document, DocumentKind, List, Row, Template};
pub use window::{Standing, Window, standing, window};

use crate::delivery::{self, State};
use crate::{ConversationId, MessageId};

/// A message of ours, with all that sending it takes.
#[derive(Debug, Clone)]
pub struct Outbound {
    /// Its id, which also goes along as callback data.
    pub id: MessageId,
    /// Where it belongs.
    pub conversation: ConversationId,
    /// The number it is sent from.
    pub phone_number_id: String,
    /// The customer's phone, digits only, when known.
    pub phone: Option<String>,
    /// The customer's business-scoped user id, when known.
    pub bsuid: Option<String>,
    /// The customer was erased: there is nobody to send it to.
    pub erased: bool,
    /// What it carries.
    pub content: Content,
    /// How far it got.
    pub state: State,
    /// WhatsApp's id of it, once known.
    pub wamid: Option<String>,
}

impl Outbound {
    /// What is sent along as `biz_opaque_callback_data`, so that statuses name the message.
    #[must_use]
    pub fn callback(&self) -> String {
        self.id.to_string()
    }
}

/// Why a message could not be planned.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// WhatsApp would refuse it.
    #[error(transparent)]
    Content(#[from] ContentError),
    /// The database did not answer as hoped.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// Writes down the `seq`th message of a turn. Planned again, it stays what it was the first time. Of what was to be said to
/// somebody who was erased, nothing is written down.
pub async fn plan(
    conn: &mut PgConnection,
    conversation: ConversationId,
    turn_id: i64,
    seq: i32,
    content: &Content,
    now: DateTime<Utc>,
) -> Result<Outbound, PlanError> {
    content.check()?;
    let planned = sqlx::query!(
        r#"
        with planned as (
          insert into message (conversation_id, phone_number_id, direction, kind, text, content, state, turn_id, seq, sent_at, received_at)
          select v.id, v.phone_number_id, 'out', $2, case when c.erased_at is null then $3 end,
                 case when c.erased_at is null then $4::jsonb else '{}' end, 'planned', $5, $6, $7, $7
          from conversation v join customer c on c.id = v.customer_id
          where v.id = (select coalesce(merged_into, id) from conversation where id = $1)
          on conflict (tenant_id, turn_id, seq) where direction = 'out' do nothing returning id, conversation_id, phone_number_id
        )
        select p.id as "id: MessageId", p.conversation_id as "conversation: ConversationId", p.phone_number_id, c.phone, c.bsuid,
               c.erased_at is not null as "erased!"
        from planned p join conversation v on v.id = p.conversation_id join customer c on c.id = v.customer_id
        "#,
        conversation as ConversationId,
        content.kind(),
        content.text,
        Json(content) as _,
        turn_id,
        seq,
        now,
    )
    .fetch_optional(&mut *conn)
    .await?;
    if let Some(row) = planned {
        return Ok(Outbound {
            id: row.id,
            conversation: row.conversation,
            phone_number_id: row.phone_number_id,
            phone: row.phone,
            bsuid: row.bsuid,
            erased: row.erased,
            content: content.clone(),
            state: State::Planned,
            wamid: None,
        });
    }
    let id = sqlx::query_scalar!(
        r#"select id as "id: MessageId" from message where direction = 'out' and turn_id = $1 and seq = $2"#,
        turn_id,
        seq,
    )
    .fetch_one(&mut *conn)
    .await?;
    Ok(load(conn, id).await?)
}

/// Whether the `seq`th message of a turn has failed; none: there is no such message.
pub async fn has_failed(conn: &mut PgConnection, turn_id: i64, seq: i32) -> sqlx::Result<Option<bool>> {
    sqlx::query_scalar!(
        r#"select state = 'failed' as "failed!" from message where direction = 'out' and turn_id = $1 and seq = $2"#,
        turn_id,
        seq,
    )
    .fetch_optional(conn)
    .await
}

/// The message of a turn that was begun and has met no fate yet.
pub async fn begun(conn: &mut PgConnection, turn_id: i64) -> sqlx::Result<Option<Outbound>> {
    let id = sqlx::query_scalar!(
        r#"
        select id as "id: MessageId" from message where direction = 'out' and turn_id = $1 and state = 'planned'
        order by seq desc limit 1
        "#,
        turn_id,
    );
    match id.fetch_optional(&mut *conn).await? {
        Some(id) => load(conn, id).await.map(Some),
        None => Ok(None),
    }
}

/// The message with this id.
pub async fn load(conn: &mut PgConnection, id: MessageId) -> sqlx::Result<Outbound> {
    let row = sqlx::query!(
        r#"
        select m.id as "id: MessageId", m.conversation_id as "conversation: ConversationId", m.phone_number_id,
               c.phone, c.bsuid, c.erased_at is not null as "erased!", m.content as "content!: Json<Content>", m.state as "state!: State", m.wamid
        from message m
        join conversation v on v.id = m.conversation_id
        join customer c on c.id = v.customer_id
        where m.id = $1 and m.direction = 'out'
        "#,
        id as MessageId,
    )
    .fetch_one(conn)
    .await?;
    Ok(Outbound {
        id: row.id,
        conversation: row.conversation,
        phone_number_id: row.phone_number_id,
        phone: row.phone,
        bsuid: row.bsuid,
        erased: row.erased,
        content: row.content.0,
        state: row.state,
        wamid: row.wamid,
    })
}

/// WhatsApp took the message and calls it `wamid`. Statuses that came before are applied.
/// Returns the state that the message is in now.
///
/// A message that had failed and was sent once more under a new wamid starts afresh.
pub async fn accepted(conn: &mut PgConnection, id: MessageId, wamid: &str) -> sqlx::Result<State> {
    // Locked as `delivery::lock_wamid` does. What was parked is looked up by a statement after this one, which sees all that
    // was committed before the lock was ours.
    let state = sqlx::query_scalar!(
        r#"
        with locked as materialized (
          select id, pg_advisory_xact_lock(hashtextextended(phone_number_id || ' ' || $2, 0)) from message where id = $1
        )
        update message set wamid = $2, error_code = case when wamid is distinct from $2 then null else error_code end,
          state = case when state = 'planned' or (state = 'failed' and wamid is distinct from $2) then 'accepted' else state end
        from locked where message.id = locked.id returning state as "state!: State"
        "#,
        id as MessageId,
        wamid,
    )
    .fetch_one(&mut *conn)
    .await?;
    Ok(delivery::settle_parked(conn, id).await?.unwrap_or(state))
}

/// WhatsApp refused the message, or it was never sent. Does nothing to one that got further.
pub async fn failed(conn: &mut PgConnection, id: MessageId, code: Option<i32>, reason: &str) -> sqlx::Result<()> {
    sqlx::query!(
        "update message set state = 'failed', error_code = $2, error_reason = $3 where id = $1 and state = 'planned'",
        id as MessageId,
        code,
        reason,
    )
    .execute(conn)
    .await?;
    Ok(())
}
