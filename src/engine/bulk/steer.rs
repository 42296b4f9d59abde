//! On the way: pause, resume, abort, another rate. The run looks before every chunk.

use sqlx::PgConnection;

use crate::{
    Client, EnqueueError, Sight,
    bulk::confirm::{failed, launch},
};

/// What became of a wish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Steered {
    /// It is so now.
    Done,
    /// It was so before.
    Already,
    /// It has ended, or was never confirmed.
    TooLate,
    /// There is no such operation, or not for these eyes.
    Unknown,
}

/// Where an operation stands; its row stays locked until the end of the transaction.
async fn state(conn: &mut PgConnection, sight: Sight, id: i64) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!(
        "select state from holdfast.bulk where id = $1 and ($2::bigint is null or tenant = $2) for update",
        id,
        sight.tenant,
    )
    .fetch_optional(conn)
    .await
}

/// No chunk begins until it is resumed.
pub async fn pause(conn: &mut PgConnection, sight: Sight, id: i64) -> sqlx::Result<Steered> {
    let now = state(conn, sight, id).await?;
    Ok(match now.as_deref() {
        None => Steered::Unknown,
        Some("running") => {
            sqlx::query!("update holdfast.bulk set state = 'paused', paused_at = clock_timestamp() where id = $1", id)
                .execute(conn)
                .await?;
            Steered::Done
        }
        Some("paused") => Steered::Already,
        Some(_) => Steered::TooLate,
    })
}

/// Goes on where it was paused, or where its run has ended before its time (it was cancelled, or is dead). Commit the
/// caller's transaction with [`Client::commit`].
pub async fn resume(client: &Client, conn: &mut PgConnection, sight: Sight, id: i64) -> Result<Steered, EnqueueError> {
    let now = state(conn, sight, id).await.map_err(failed)?;
    match now.as_deref() {
        None => return Ok(Steered::Unknown),
        Some("running") if !is_stalled(conn, id).await.map_err(failed)? => return Ok(Steered::Already),
        Some("running" | "paused") => {}
        Some(_) => return Ok(Steered::TooLate),
    }
    // A run that has not yet seen the pause has the key, and goes on.
    let whose = of(conn, id).await.map_err(failed)?;
    launch(client, conn, whose, id).await?;
    Ok(Steered::Done)
}

/// Ends it: what has no result yet is left alone. An operation that was not confirmed is called off.
pub async fn abort(conn: &mut PgConnection, sight: Sight, id: i64) -> sqlx::Result<Steered> {
    let now = state(conn, sight, id).await?;
    Ok(match now.as_deref() {
        None => Steered::Unknown,
        Some("preview" | "running" | "paused") => {
            sqlx::query!(
                "update holdfast.bulk set state = 'aborted', finished_at = clock_timestamp() where id = $1",
                id
            )
            .execute(conn)
            .await?;
            Steered::Done
        }
        Some("aborted") => Steered::Already,
        Some(_) => Steered::TooLate,
    })
}

/// Jobs a second at most, from the next chunk on. None: as fast as is kind to others.
pub async fn set_rate(conn: &mut PgConnection, sight: Sight, id: i64, rate: Option<i32>) -> sqlx::Result<Steered> {
    let now = state(conn, sight, id).await?;
    Ok(match now.as_deref() {
        None => Steered::Unknown,
        Some("preview" | "running" | "paused") => {
            let set =
                sqlx::query!("update holdfast.bulk set rate = $2 where id = $1 and rate is distinct from $2", id, rate);
            if set.execute(conn).await?.rows_affected() > 0 { Steered::Done } else { Steered::Already }
        }
        Some(_) => Steered::TooLate,
    })
}

/// Whether it counts as running, and its run has ended.
async fn is_stalled(conn: &mut PgConnection, id: i64) -> sqlx::Result<bool> {
    sqlx::query_scalar!(r#"select not holdfast.is_open(job) as "stalled!" from holdfast.bulk where id = $1"#, id,)
        .fetch_one(conn)
        .await
}

/// Whose operation it is, whoever resumes it.
async fn of(conn: &mut PgConnection, id: i64) -> sqlx::Result<Sight> {
    let tenant = sqlx::query_scalar!("select tenant from holdfast.bulk where id = $1", id).fetch_one(conn).await?;
    Ok(Sight { tenant })
}
