//! When somebody of the crew is away.

use std::ops::Range;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::Page;
use crate::{AbsenceId, CrewId};

/// A time in which somebody leads nothing.
#[derive(Debug, Clone)]
pub struct Absence {
    /// Its id.
    pub id: AbsenceId,
    /// Who.
    pub crew: CrewId,
    /// From when until when.
    pub during: Range<DateTime<Utc>>,
    /// Why; for the staff.
    pub reason: Option<String>,
}

/// A page of those that are not over, oldest first.
pub async fn list(conn: &mut PgConnection, page: Page, now: DateTime<Utc>) -> sqlx::Result<Vec<Absence>> {
    let rows = sqlx::query!(
        r#"
        select id as "id: AbsenceId", crew_id as "crew!: CrewId", lower(during) as "start!", upper(during) as "end!", reason
        from occupation
        where session_id is null and crew_id is not null and upper(during) > $3 and ($1::bigint is null or id > $1)
        order by id limit $2
        "#,
        page.after,
        page.limit,
        now,
    )
    .fetch_all(conn)
    .await?;
    let absences = rows.into_iter().map(|row| Absence {
        id: row.id,
        crew: row.crew,
        during: row.start..row.end,
        reason: row.reason,
    });
    Ok(absences.collect())
}

/// Takes one back. False: there is none.
pub async fn remove(conn: &mut PgConnection, id: AbsenceId) -> sqlx::Result<bool> {
    let removed = sqlx::query!(
        "delete from occupation where id = $1 and session_id is null and crew_id is not null",
        id as AbsenceId,
    )
    .execute(conn)
    .await?;
    Ok(removed.rows_affected() > 0)
}
