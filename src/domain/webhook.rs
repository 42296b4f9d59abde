//! Webhook bodies, kept as they came.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

/// What became of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stored {
    /// It is kept under this id.
    New(i64),
    /// The same bytes came before, and whatever they asked for was committed with them.
    AlreadySeen,
}

/// Keeps a body. `digest` is its SHA-256; when two processes get the same body at once, the second
/// one waits here until the first has committed or given up.
pub async fn store(
    conn: &mut PgConnection,
    body: &[u8],
    digest: &[u8; 32],
    now: DateTime<Utc>,
) -> sqlx::Result<Stored> {
    let id = sqlx::query_scalar!(
        "insert into webhook_event (digest, body, received_at) values ($1, $2, $3)
         on conflict (digest) do nothing returning id",
        digest.as_slice(),
        body,
        now,
    )
    .fetch_optional(conn)
    .await?;
    Ok(id.map_or(Stored::AlreadySeen, Stored::New))
}

/// Notes that part of a body is for a number that no business here has.
pub async fn quarantine(
    conn: &mut PgConnection,
    event: i64,
    phone_number_id: &str,
    reason: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into webhook_quarantine (event_id, phone_number_id, reason, at) values ($1, $2, $3, $4)
         on conflict do nothing",
        event,
        phone_number_id,
        reason,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}
