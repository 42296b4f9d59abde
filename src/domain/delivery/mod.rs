//! What became of the messages we sent.

mod many;
mod state;

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::PgConnection;

pub use many::apply_all;
pub use state::State;

use crate::MessageId;

/// A status as read from a webhook.
#[derive(Debug, Clone)]
pub struct Status {
    /// Of the number that sent the message.
    pub phone_number_id: String,
    /// WhatsApp's id of the message.
    pub wamid: String,
    /// What we sent along, which names the message (`biz_opaque_callback_data`).
    pub callback: Option<String>,
    /// `sent`, `delivered`, `read`, `failed`, or one we do not know.
    pub status: String,
    /// WhatsApp's time of it.
    pub at: DateTime<Utc>,
    /// Why it failed.
    pub error_code: Option<i32>,
    /// The status object as it came.
    pub body: Value,
}

impl Status {
    /// What WhatsApp tells of the message's price: `{"billable": true, "category": "service"}`. Not every status does.
    fn pricing(&self) -> Option<&Value> {
        self.body.get("pricing")
    }
}

/// What a status led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applied {
    /// The message moved on.
    Message {
        /// Which.
        id: MessageId,
        /// To where.
        state: State,
    },
    /// Nobody knows the message yet; the status waits for its wamid.
    Parked,
    /// It told nothing new.
    Stale,
}

/// Keeps a status and moves its message on. The message is found by what we sent along, else by
/// the wamid; a message whose send got no answer learns its wamid here.
pub async fn apply(conn: &mut PgConnection, status: &Status) -> sqlx::Result<Applied> {
    lock_wamid(conn, &status.phone_number_id, &status.wamid).await?;
    let message = find(conn, status).await?;
    if !keep(conn, status, message).await? {
        return Ok(Applied::Stale);
    }
    let Some(message) = message else { return Ok(Applied::Parked) };
    let learned = learn_wamid(conn, message, &status.wamid).await?;
    let pricing = status.pricing();
    let moved = match State::of_status(&status.status) {
        // A message that was sent once more does not fail because its first sending did.
        Some(State::Failed) if !is_wamid_of(conn, message, &status.wamid).await? => None,
        Some(state) => advance(conn, message, state, status.error_code, pricing).await?,
        None => None,
    };
    let settled = if learned { settle_parked(conn, message).await? } else { None };
    let state = settled.max(moved);
    Ok(state.map_or(Applied::Stale, |state| Applied::Message { id: message, state }))
}

/// Applies the statuses that came before the message's wamid was known. Returns the state it moved
/// to, if it moved.
pub async fn settle_parked(conn: &mut PgConnection, message: MessageId) -> sqlx::Result<Option<State>> {
    let parked = sqlx::query!(
        "update delivery_status d set message_id = m.id from message m
         where m.id = $1 and d.phone_number_id = m.phone_number_id and d.wamid = m.wamid and d.message_id is null
         returning d.status, d.error_code, d.body -> 'pricing' as pricing",
        message as MessageId,
    )
    .fetch_all(&mut *conn)
    .await?;
    let known = parked.iter().filter_map(|p| Some((State::of_status(&p.status)?, p.error_code, p.pricing.as_ref())));
    match known.max_by_key(|(state, error_code, _)| (*state, *error_code)) {
        Some((state, error_code, pricing)) => advance(conn, message, state, error_code, pricing).await,
        None => Ok(None),
    }
}

/// Until the transaction ends, whoever else learns or applies something about this wamid waits:
/// so a status cannot slip in between "is the wamid known?" and "keep it for later".
pub(crate) async fn lock_wamid(conn: &mut PgConnection, phone_number_id: &str, wamid: &str) -> sqlx::Result<()> {
    sqlx::query!("select pg_advisory_xact_lock(hashtextextended($1 || ' ' || $2, 0))", phone_number_id, wamid)
        .execute(conn)
        .await?;
    Ok(())
}

async fn find(conn: &mut PgConnection, status: &Status) -> sqlx::Result<Option<MessageId>> {
    let named: Option<MessageId> = status.callback.as_deref().and_then(|callback| callback.parse().ok());
    sqlx::query_scalar!(
        r#"
        select coalesce(
          (select id from message where direction = 'out' and phone_number_id = $1 and id = $2),
          (select id from message where direction = 'out' and phone_number_id = $1 and wamid = $3)) as "id: MessageId"
        "#,
        status.phone_number_id,
        named as Option<MessageId>,
        status.wamid,
    )
    .fetch_one(conn)
    .await
}

async fn keep(conn: &mut PgConnection, status: &Status, message: Option<MessageId>) -> sqlx::Result<bool> {
    let kept = sqlx::query!(
        "insert into delivery_status (phone_number_id, wamid, callback, status, at, error_code, body, message_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict on constraint delivery_status_once do nothing",
        status.phone_number_id,
        status.wamid,
        status.callback,
        status.status,
        status.at,
        status.error_code,
        status.body,
        message as Option<MessageId>,
    )
    .execute(conn)
    .await?;
    Ok(kept.rows_affected() == 1)
}

async fn learn_wamid(conn: &mut PgConnection, message: MessageId, wamid: &str) -> sqlx::Result<bool> {
    let learned =
        sqlx::query!("update message set wamid = $2 where id = $1 and wamid is null", message as MessageId, wamid,)
            .execute(conn)
            .await?;
    Ok(learned.rows_affected() == 1)
}

async fn is_wamid_of(conn: &mut PgConnection, message: MessageId, wamid: &str) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select wamid is not distinct from $2 as "same!" from message where id = $1"#,
        message as MessageId,
        wamid,
    )
    .fetch_one(conn)
    .await
}

/// Moves a message on, never back. Returns the state when it moved.
async fn advance(
    conn: &mut PgConnection,
    message: MessageId,
    state: State,
    error_code: Option<i32>,
    pricing: Option<&Value>,
) -> sqlx::Result<Option<State>> {
    let before = sqlx::query_scalar!(
        r#"select state as "state!: State" from message where id = $1 for update"#,
        message as MessageId,
    )
    .fetch_one(&mut *conn)
    .await?;
    if state <= before {
        return Ok(None);
    }
    sqlx::query!(
        "update message set state = $2, error_code = coalesce($3, error_code),
           pricing = coalesce(left($4::jsonb ->> 'category', 40), pricing), billable = coalesce($4 -> 'billable' = 'true', billable)
         where id = $1",
        message as MessageId,
        state as State,
        error_code,
        pricing,
    )
    .execute(conn)
    .await?;
    Ok(Some(state))
}
