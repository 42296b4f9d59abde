//! The ledger of what left the house.
//!
//! An effect is `planned`, then `sent` from the moment its request is let go, then `confirmed` or `failed` by
//! the answer. A `sent` effect that another attempt finds has an unknown end: nobody knows whether the request
//! arrived. `unknown` is settled by evidence from the other side, never by sending blindly again.

use std::time::Duration;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::client::interval;

/// What the ledger says when an attempt wants to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begin {
    /// Let the request go now. The ledger says `sent` once the caller's transaction commits.
    Send,
    /// An earlier attempt let it go and never heard of it again.
    Unknown {
        /// When it was let go, by the database's clock.
        since: DateTime<Utc>,
        /// The database's time now.
        now: DateTime<Utc>,
    },
    /// It arrived.
    Confirmed {
        /// The other side's name for it.
        reference: Option<String>,
    },
    /// It was refused for good.
    Failed {
        /// Why.
        reason: String,
    },
}

/// Opens the effect `key` for sending, or tells what is known of it. Commit before the request is let go.
pub async fn begin(conn: &mut PgConnection, key: &str, job: i64) -> sqlx::Result<Begin> {
    let opened = sqlx::query_scalar!(
        "insert into holdfast.effect as e (key, job, state, sent_at) values ($1, $2, 'sent', clock_timestamp())
         on conflict (key) do update set state = 'sent', sent_at = clock_timestamp(), reason = null where e.state = 'planned'
         returning true",
        key,
        job,
    )
    .fetch_optional(&mut *conn)
    .await?;
    if opened.is_some() {
        return Ok(Begin::Send);
    }
    let row = sqlx::query!(
        r#"update holdfast.effect set state = case state when 'sent' then 'unknown' else state end where key = $1
           returning state, reference, reason, sent_at as "since!", clock_timestamp() as "now!""#,
        key,
    )
    .fetch_one(conn)
    .await?;
    Ok(match row.state.as_str() {
        "confirmed" => Begin::Confirmed { reference: row.reference },
        "failed" => Begin::Failed { reason: row.reason.unwrap_or_default() },
        _ => Begin::Unknown { since: row.since, now: row.now },
    })
}

/// The other side has it, under this reference. Wins over every other state; a job that snoozes for this news runs now.
/// False: no such effect, or confirmed before.
pub async fn confirm(conn: &mut PgConnection, key: &str, reference: &str) -> sqlx::Result<bool> {
    let news = sqlx::query_scalar!(
        r#"with settled as (
             update holdfast.effect set state = 'confirmed', reference = $2, reason = null, settled_at = clock_timestamp()
             where key = $1 and state <> 'confirmed' returning job
           ), woken as (
             update holdfast.later l set run_at = clock_timestamp() from settled s where l.id = s.job and not l.wakeable
           )
           select count(*) > 0 as "news!" from settled"#,
        key,
        reference,
    )
    .fetch_one(conn)
    .await?;
    Ok(news)
}

/// The other side refused it for good; a confirmation is not taken back.
pub async fn refuse(conn: &mut PgConnection, key: &str, reason: &str) -> sqlx::Result<bool> {
    settle(conn, key, "failed", Some(reason)).await
}

/// Certainly not sent: the next attempt may send.
pub async fn not_sent(conn: &mut PgConnection, key: &str, reason: &str) -> sqlx::Result<bool> {
    settle(conn, key, "planned", Some(reason)).await
}

/// It may have gone out: the answer was lost.
pub async fn unknown(conn: &mut PgConnection, key: &str, reason: &str) -> sqlx::Result<bool> {
    settle(conn, key, "unknown", Some(reason)).await
}

async fn settle(conn: &mut PgConnection, key: &str, state: &str, reason: Option<&str>) -> sqlx::Result<bool> {
    let row = sqlx::query!(
        "update holdfast.effect set state = $2, reason = $3, settled_at = case when $2 = 'failed' then clock_timestamp() end
         where key = $1 and state in ('sent', 'unknown', 'planned')",
        key,
        state,
        reason,
    )
    .execute(conn)
    .await?;
    Ok(row.rows_affected() == 1)
}

/// Evidence says that an unknown effect never arrived: it may be sent once more. Only when it was let go at least
/// `silence` ago. True: the caller's attempt is the one that sends.
pub async fn reopen(conn: &mut PgConnection, key: &str, silence: Duration) -> sqlx::Result<bool> {
    let row = sqlx::query!(
        "update holdfast.effect set state = 'sent', sent_at = clock_timestamp(), reason = 'sent again: nothing was heard of it'
         where key = $1 and state = 'unknown' and sent_at < clock_timestamp() - $2::interval",
        key,
        interval(silence),
    )
    .execute(conn)
    .await?;
    Ok(row.rows_affected() == 1)
}
