//! Why a session cannot be booked.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use crate::{SessionId, tenant};

/// A reason that needs no look at the seats, or one that the database gave when a seat was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub(crate) enum Refusal {
    Full,
    AlreadyBooked,
    SessionCancelled,
    Started,
    Closed,
}

/// What decides whether a session can be booked at all.
pub(super) struct Session {
    starts_at: DateTime<Utc>,
    status: String,
}

/// The session, if the tenant has it.
pub(super) async fn session(conn: &mut PgConnection, id: SessionId) -> sqlx::Result<Option<Session>> {
    sqlx::query_as!(Session, "select starts_at, status from session where id = $1", id as SessionId)
        .fetch_optional(conn)
        .await
}

/// The session, locked until the transaction ends: who books it next waits.
pub(super) async fn lock_session(conn: &mut PgConnection, id: SessionId) -> sqlx::Result<Session> {
    sqlx::query_as!(Session, "select starts_at, status from session where id = $1 for no key update", id as SessionId,)
        .fetch_one(conn)
        .await
}

impl Session {
    pub(super) fn has_started(&self, now: DateTime<Utc>) -> bool {
        self.starts_at <= now
    }

    /// Why nobody can book it now.
    pub(super) async fn refusal(&self, conn: &mut PgConnection, now: DateTime<Utc>) -> sqlx::Result<Option<Refusal>> {
        if self.status == "cancelled" {
            return Ok(Some(Refusal::SessionCancelled));
        }
        if self.has_started(now) {
            return Ok(Some(Refusal::Started));
        }
        let minutes = tenant::current(conn).await?.booking_closes_minutes;
        let closed = self.starts_at - TimeDelta::minutes(minutes.into()) <= now;
        Ok(closed.then_some(Refusal::Closed))
    }
}
