//! Waiting lists: who waits for a place, in which order, and what became of each.
//!
//! Whatever frees a place calls [`promote`] in its own transaction, under the lock of the session: there is no moment
//! at which a free place is nobody's while somebody waits for it.

mod claim;
mod join;
mod log;
mod merge;
mod promote;

pub use claim::{Claimed, claim, expire, offered_until, pass, withdraw};
pub(crate) use claim::{entry_of_seat, taken_by_payment};
pub(crate) use join::close;
pub use join::{Joined, Left, Position, Waiting, close_started, join, leave, length, of_customer, position};
pub use log::{Line, log_of};
pub(crate) use merge::merge;
pub(crate) use promote::{Vacancy, promote, waits};

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::{CustomerId, EntryId, SeatId, SessionId};

/// Somebody's place in a waiting list.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its id, which is the order.
    pub id: EntryId,
    /// Of which session.
    pub session: SessionId,
    /// Who waits.
    pub customer: CustomerId,
    /// For how many places.
    pub places: i32,
    /// `waiting`, `offered`, `promoted`, `left` or `closed`.
    pub state: String,
    /// What is held for them, or was given to them.
    pub seat: Option<SeatId>,
    /// Until when it is held.
    pub offer_expires_at: Option<DateTime<Utc>>,
    /// How many offers ran out.
    pub missed: i32,
    /// The workflow that waits for the end of the offer.
    pub awaited_by: Option<i64>,
}

/// The entry, without a lock: its session is locked first, and then it is read again.
async fn load(conn: &mut PgConnection, id: EntryId) -> sqlx::Result<Option<Entry>> {
    sqlx::query_as!(
        Entry,
        r#"
        select id as "id: EntryId", session_id as "session: SessionId", customer_id as "customer: CustomerId", places, state,
               seat_id as "seat: SeatId", offer_expires_at, missed, awaited_by
        from waitlist_entry where id = $1
        "#,
        id as EntryId,
    )
    .fetch_optional(conn)
    .await
}
