//! Sessions that are not in the timetable any more.

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::error::DatabaseError;
use sqlx::{Connection, PgConnection};

use super::call_off;
use super::held::Held;
use crate::SessionId;
use crate::after::After;

/// What is told to the staff of why such a session was called off.
const REASON: &str = "no longer in the timetable";

/// Sessions that were taken out of the calendar.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Removed {
    /// Nobody was booked: they are gone.
    pub gone: Vec<SessionId>,
    /// Called off, with bookings that are to be given up: they are in `after`, too.
    pub called_off: Vec<SessionId>,
}

/// Takes a locked session out of the calendar: called off when somebody is booked, else deleted.
pub(super) async fn remove(
    conn: &mut PgConnection,
    held: &Held,
    now: DateTime<Utc>,
    removed: &mut Removed,
    after: &mut After,
) -> sqlx::Result<()> {
    if delete(conn, held.id).await? {
        removed.gone.push(held.id);
        return Ok(());
    }
    let (seats, then) = call_off::cancel(conn, held.id, REASON, now).await?;
    after.extend(then);
    if seats.is_empty() {
        removed.gone.push(held.id);
    } else {
        removed.called_off.push(held.id);
        after.called_off.push(held.id);
    }
    Ok(())
}

/// Deletes a session of which nothing is known: no booking, not even one that was given up, no price that was told.
async fn delete(conn: &mut PgConnection, session: SessionId) -> sqlx::Result<bool> {
    let mut savepoint = conn.begin().await?;
    let deleted =
        sqlx::query!("delete from session where id = $1", session as SessionId).execute(&mut *savepoint).await;
    match deleted {
        Ok(_) => savepoint.commit().await.map(|()| true),
        Err(error) if error.as_database_error().is_some_and(DatabaseError::is_foreign_key_violation) => {
            savepoint.rollback().await?;
            Ok(false)
        }
        Err(error) => Err(error),
    }
}
