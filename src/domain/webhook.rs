//! Webhook bodies, kept as they came.

mod log;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

pub use log::{Entry, Filter, PaymentTold, Quarantined, body, list, payments};

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

/// A body, its SHA-256, and when it came.
#[derive(Debug, Clone, Copy)]
pub struct Body<'a> {
    /// As received.
    pub bytes: &'a [u8],
    /// Of the bytes.
    pub digest: [u8; 32],
    /// When it was received.
    pub at: DateTime<Utc>,
}

/// Keeps many bodies, each as [`store`] would. Of those that are the same the first is new.
pub async fn store_all(conn: &mut PgConnection, bodies: &[Body<'_>]) -> sqlx::Result<Vec<Stored>> {
    let digests: Vec<&[u8]> = bodies.iter().map(|body| body.digest.as_slice()).collect();
    let bytes: Vec<&[u8]> = bodies.iter().map(|body| body.bytes).collect();
    let times: Vec<_> = bodies.iter().map(|body| body.at).collect();
    let rows = sqlx::query!(
        // In one order for all processes, so that none wait for each other crosswise.
        "insert into webhook_event (digest, body, received_at)
         select digest, body, at from unnest($1::bytea[], $2::bytea[], $3::timestamptz[]) as told (digest, body, at)
         order by digest on conflict (digest) do nothing returning id, digest",
        &digests as _,
        &bytes as _,
        &times,
    )
    .fetch_all(conn)
    .await?;
    let mut new: HashMap<Vec<u8>, i64> = rows.into_iter().map(|row| (row.digest, row.id)).collect();
    let stored = digests.into_iter().map(|digest| new.remove(digest).map_or(Stored::AlreadySeen, Stored::New));
    Ok(stored.collect())
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
