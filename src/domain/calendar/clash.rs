//! What stands in the way of a session.

use std::ops::Range;

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::PgConnection;

use crate::{CrewId, RoomId, RuleId, SessionId};

/// What is there once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Resource {
    /// The one who leads it.
    Crew,
    /// The room.
    Room,
    /// The time in the timetable: the rule has a session then.
    Slot,
}

/// What it is taken by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Occupant {
    /// A session; none when somebody is away.
    pub session: Option<SessionId>,
    /// From when until when.
    pub during: Range<DateTime<Utc>>,
    /// Why somebody is away.
    pub reason: Option<String>,
}

/// Something is taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Clash {
    /// What.
    pub resource: Resource,
    /// When it was wanted.
    pub during: Range<DateTime<Utc>>,
    /// By what, soonest first.
    pub by: Vec<Occupant>,
}

/// What a session takes.
#[derive(Debug, Clone)]
pub(super) struct Needs {
    /// The session itself, which is not in its own way.
    pub session: Option<SessionId>,
    pub rule: Option<RuleId>,
    pub crew: Option<CrewId>,
    pub room: Option<RoomId>,
    pub during: Range<DateTime<Utc>>,
}

/// What the database says is taken, if that is what it complains about.
pub(super) fn resource(error: &sqlx::Error) -> Option<Resource> {
    match error.as_database_error()?.constraint()? {
        "occupation_crew_free" => Some(Resource::Crew),
        "occupation_room_free" => Some(Resource::Room),
        "session_once_per_rule" => Some(Resource::Slot),
        _ => None,
    }
}

impl Needs {
    /// The clash that the database complained about.
    pub async fn clash(self, conn: &mut PgConnection, resource: Resource) -> sqlx::Result<Clash> {
        let by = match resource {
            Resource::Crew => self.occupants(conn, self.crew, None).await?,
            Resource::Room => self.occupants(conn, None, self.room).await?,
            Resource::Slot => self.of_rule(conn).await?,
        };
        Ok(Clash { resource, during: self.during, by })
    }

    async fn occupants(
        &self,
        conn: &mut PgConnection,
        crew: Option<CrewId>,
        room: Option<RoomId>,
    ) -> sqlx::Result<Vec<Occupant>> {
        let rows = sqlx::query!(
            r#"
            select session_id as "session: SessionId", lower(during) as "start!", upper(during) as "end!", reason
            from occupation where (crew_id = $1 or room_id = $2) and during && tstzrange($3, $4)
              and ($5::bigint is null or session_id is distinct from $5)
            order by lower(during), id
            "#,
            crew as Option<CrewId>,
            room as Option<RoomId>,
            self.during.start,
            self.during.end,
            self.session as Option<SessionId>,
        )
        .fetch_all(conn)
        .await?;
        let occupant = rows.into_iter().map(|row| Occupant {
            session: row.session,
            during: row.start..row.end,
            reason: row.reason,
        });
        Ok(occupant.collect())
    }

    async fn of_rule(&self, conn: &mut PgConnection) -> sqlx::Result<Vec<Occupant>> {
        let rows = sqlx::query!(
            r#"
            select id as "id: SessionId", starts_at, ends_at, cancel_reason as reason from session
            where rule_id = $1 and starts_at = $2 and id is distinct from $3
            "#,
            self.rule as Option<RuleId>,
            self.during.start,
            self.session as Option<SessionId>,
        )
        .fetch_all(conn)
        .await?;
        let occupant = rows.into_iter().map(|row| Occupant {
            session: Some(row.id),
            during: row.starts_at..row.ends_at,
            reason: row.reason,
        });
        Ok(occupant.collect())
    }
}
