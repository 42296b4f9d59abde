//! Waiting lists, and what became of everybody in them.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::Page;
use crate::{CustomerId, EntryId, SeatId, SessionId};

/// Somebody's place in a waiting list.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its id.
    pub id: EntryId,
    /// Of which session.
    pub session: SessionId,
    /// Who waits.
    pub customer: CustomerId,
    /// For how many places.
    pub places: i32,
    /// `waiting`, `offered`, `promoted`, `left` or `closed`.
    pub state: String,
    /// 1 is next; none for who does not wait any more.
    pub position: Option<i64>,
    /// What is held for them, or was given to them.
    pub booking: Option<SeatId>,
    /// Until when it is held.
    pub offer_expires_at: Option<DateTime<Utc>>,
    /// How many offers ran out. Who missed fewer comes first.
    pub missed: i32,
    /// Since when.
    pub joined_at: DateTime<Utc>,
}

/// A line of a session's log.
#[derive(Debug, Clone)]
pub struct Line {
    /// Its id.
    pub id: i64,
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

/// A page of those who wait, who is next first. The key is how many offers they missed, and their id.
pub async fn list(conn: &mut PgConnection, session: SessionId, page: Page<(i32, i64)>) -> sqlx::Result<Vec<Entry>> {
    let (missed, id) = page.after.unzip();
    let ids = sqlx::query_scalar!(
        "select id from waitlist_entry
         where session_id = $1 and state in ('waiting', 'offered') and ($2::integer is null or (missed, id) > ($2, $3))
         order by missed, id limit $4",
        session as SessionId,
        missed,
        id,
        page.limit,
    )
    .fetch_all(&mut *conn)
    .await?;
    rows(conn, &ids).await
}

/// One entry, if the tenant has it.
pub async fn one(conn: &mut PgConnection, id: EntryId) -> sqlx::Result<Option<Entry>> {
    Ok(rows(conn, &[id.0]).await?.pop())
}

async fn rows(conn: &mut PgConnection, ids: &[i64]) -> sqlx::Result<Vec<Entry>> {
    sqlx::query_as!(
        Entry,
        r#"
        select e.id as "id: EntryId", e.session_id as "session: SessionId", e.customer_id as "customer: CustomerId", e.places, e.state,
               case when e.state in ('waiting', 'offered') then
                 (select count(*) from waitlist_entry o where o.session_id = e.session_id and o.state in ('waiting', 'offered')
                  and (o.missed, o.id) <= (e.missed, e.id)) end as position,
               e.seat_id as "booking: SeatId", e.offer_expires_at, e.missed, e.joined_at
        from waitlist_entry e where e.id = any($1) order by e.missed, e.id
        "#,
        ids,
    )
    .fetch_all(conn)
    .await
}

/// A page of all that happened in a session's waiting list, oldest first.
pub async fn log(conn: &mut PgConnection, session: SessionId, page: Page) -> sqlx::Result<Vec<Line>> {
    sqlx::query_as!(
        Line,
        r#"
        select l.id, l.entry_id as "entry: EntryId", e.customer_id as "customer: CustomerId", l.event, l.reason, l.at
        from waitlist_log l join waitlist_entry e on e.id = l.entry_id
        where e.session_id = $1 and ($2::bigint is null or l.id > $2) order by l.id limit $3
        "#,
        session as SessionId,
        page.after,
        page.limit,
    )
    .fetch_all(conn)
    .await
}
