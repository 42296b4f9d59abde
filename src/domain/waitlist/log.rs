//! What became of everybody who waited.

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::PgConnection;

use crate::{CustomerId, EntryId, SessionId};

/// Something that happened to somebody who waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub(super) enum Event {
    Joined,
    Promoted,
    Offered,
    Told,
    Skipped,
    Accepted,
    Declined,
    Expired,
    Undeliverable,
    Left,
    Closed,
}

/// Writes it down. Who is passed over for the same reason again is not written down again.
pub(super) async fn write(
    conn: &mut PgConnection,
    entry: EntryId,
    event: Event,
    reason: Option<&str>,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into waitlist_log (entry_id, event, reason, at)
         select $1, $2, $3, $4 where $2 <> 'skipped' or $3 is distinct from (
           select case event when 'skipped' then reason end from waitlist_log where entry_id = $1 order by id desc limit 1)",
        entry as EntryId,
        event as Event,
        reason,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A line of a session's log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// Whose place in the list.
    pub entry: EntryId,
    /// Who.
    pub customer: CustomerId,
    /// What happened.
    pub event: String,
    /// Why.
    pub reason: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
}

/// Everything that happened in a session's waiting list, oldest first.
pub async fn log_of(conn: &mut PgConnection, session: SessionId) -> sqlx::Result<Vec<Line>> {
    sqlx::query_as!(
        Line,
        r#"
        select l.entry_id as "entry: EntryId", e.customer_id as "customer: CustomerId", l.event, l.reason, l.at
        from waitlist_log l join waitlist_entry e on e.id = l.entry_id where e.session_id = $1 order by l.id
        "#,
        session as SessionId,
    )
    .fetch_all(conn)
    .await
}
