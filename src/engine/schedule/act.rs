//! What people do to a schedule: each act is kept, with who did it and why.

use sqlx::PgConnection;

/// Why an act did not happen. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum ActError {
    /// A typing error, or no process with this line was ever started on this database.
    #[error("there is no schedule {0:?}; `holdfast schedule list` names them all")]
    Unknown(String),
    /// Who and why are for those who find out later.
    #[error("{field} must be told, in 1-{most} characters")]
    Words {
        /// `who` or `why`.
        field: &'static str,
        /// The most characters.
        most: usize,
    },
    /// The database refused or could not be reached.
    #[error("the schedule could not be written")]
    Database(#[from] sqlx::Error),
}

/// No tick becomes a job until the schedule is resumed. All processes see it within two seconds.
pub async fn pause(conn: &mut PgConnection, schedule: &str, who: &str, why: &str) -> Result<(), ActError> {
    check(who, why)?;
    let known = sqlx::query_scalar!(
        r#"select holdfast.pause_schedule($1, $2, $3) as "known!""#,
        schedule,
        who.trim(),
        why.trim()
    )
    .fetch_one(conn)
    .await?;
    if known { Ok(()) } else { Err(ActError::Unknown(schedule.to_owned())) }
}

/// Ticks count again, from now: what would have run while the schedule was paused does not.
pub async fn resume(conn: &mut PgConnection, schedule: &str, who: &str, why: &str) -> Result<(), ActError> {
    check(who, why)?;
    let known = sqlx::query_scalar!(
        r#"select holdfast.resume_schedule($1, $2, $3) as "known!""#,
        schedule,
        who.trim(),
        why.trim()
    )
    .fetch_one(conn)
    .await?;
    if known { Ok(()) } else { Err(ActError::Unknown(schedule.to_owned())) }
}

/// Asks for one job at once, whatever the schedule's ticks, policies or pause. A worker that has the line makes it
/// within two seconds, or when one starts; [`job_of`] tells its id. Returns the act's number.
pub async fn trigger(conn: &mut PgConnection, schedule: &str, who: &str, why: &str) -> Result<i64, ActError> {
    check(who, why)?;
    sqlx::query_scalar!("select holdfast.trigger_schedule($1, $2, $3)", schedule, who.trim(), why.trim())
        .fetch_one(conn)
        .await?
        .ok_or_else(|| ActError::Unknown(schedule.to_owned()))
}

/// The job that a trigger led to, once a worker has made it.
pub async fn job_of(conn: &mut PgConnection, act: i64) -> sqlx::Result<Option<i64>> {
    sqlx::query_scalar!("select job from holdfast.schedule_act where id = $1", act).fetch_one(conn).await
}

fn check(who: &str, why: &str) -> Result<(), ActError> {
    for (field, text, most) in [("who", who, 200), ("why", why, 1000)] {
        let length = text.trim().chars().count();
        if length == 0 || length > most || text.contains('\0') {
            return Err(ActError::Words { field, most });
        }
    }
    Ok(())
}
