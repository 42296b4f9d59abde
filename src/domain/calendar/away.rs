//! Somebody of the crew is away.

use std::ops::Range;

use chrono::{DateTime, Utc};
use sqlx::{Connection, PgConnection};

use super::clash::{self, Needs};
use super::{Answer, No, lock};
use crate::{AbsenceId, CrewId};

/// Writes down that somebody of the crew is away: nothing can be put on them in that time. What is there already is told,
/// and nothing is done: it is to be led by somebody else, moved or called off first.
pub async fn away(
    conn: &mut PgConnection,
    crew: CrewId,
    during: Range<DateTime<Utc>>,
    reason: &str,
) -> Answer<AbsenceId> {
    if during.is_empty() {
        return Ok(Err(No::invalid("until", "write a time after the first one")));
    }
    let known = sqlx::query_scalar!(r#"select exists (select from crew where id = $1) as "known!""#, crew as CrewId);
    if !known.fetch_one(&mut *conn).await? {
        return Ok(Err(No::unknown("crew")));
    }
    lock(conn).await?;
    let mut savepoint = conn.begin().await?;
    let written = sqlx::query_scalar!(
        r#"
        insert into occupation (crew_id, during, reason) values ($1, tstzrange($2, $3), $4) returning id as "id: AbsenceId"
        "#,
        crew as CrewId,
        during.start,
        during.end,
        reason,
    )
    .fetch_one(&mut *savepoint)
    .await;
    let error = match written {
        Ok(id) => return savepoint.commit().await.map(|()| Ok(id)),
        Err(error) => error,
    };
    let Some(resource) = clash::resource(&error) else { return Err(error) };
    savepoint.rollback().await?;
    let needs = Needs { session: None, rule: None, crew: Some(crew), room: None, during };
    Ok(Err(No::Taken(needs.clash(conn, resource).await?)))
}
