//! Who came, and who did not: said by the staff, and taken back when it was wrong.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use crate::SeatId;

/// What is known of somebody with a booking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Attendance {
    /// They came.
    CheckedIn,
    /// They did not.
    NoShow,
    /// Nothing yet: what was said is taken back.
    Unknown,
}

/// Writes it down. False: there is no such booking, or it does not stand.
pub async fn attend(
    conn: &mut PgConnection,
    seat: SeatId,
    attendance: Attendance,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let (came, missing) = match attendance {
        Attendance::CheckedIn => (Some(now), None),
        Attendance::NoShow => (None, Some(now)),
        Attendance::Unknown => (None, None),
    };
    let marked = sqlx::query!(
        "update seat set checked_in_at = $2, no_show_at = $3 where id = $1 and state = 'booked'",
        seat as SeatId,
        came,
        missing,
    )
    .execute(conn)
    .await?;
    Ok(marked.rows_affected() == 1)
}
