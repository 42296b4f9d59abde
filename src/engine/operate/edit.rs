//! The same job with other arguments, or once more.

use serde::{Serialize, de::IgnoredAny};
use sqlx::PgConnection;

use super::Acted;
use crate::Sight;

/// The most bytes that a job's arguments may have.
const MOST: usize = 1 << 20;

/// What became of a request for a copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Copied {
    /// The new job.
    pub job: Option<i64>,
    /// `duplicated`, `is_step` (steps are run by their workflow), `too_large`, `not_json` or `unknown`.
    pub result: String,
}

/// Runs a dead or cancelled job once more, with these arguments (JSON) instead of its own; who did that and what they
/// were before is kept. Whether the job type can read them tells [`crate::Checks::check`]. Key, lane and limit stay.
///
/// As of [`super::retry`], or `too_large` (more than 1 MiB) or `not_json`; only with `retried` anything was changed.
/// `by`: 1–200 characters.
pub async fn retry_edited(
    conn: &mut PgConnection,
    sight: Sight,
    job: i64,
    payload: &str,
    by: &str,
) -> sqlx::Result<Acted> {
    if let Some(refused) = refusal(payload) {
        return Ok(Acted { job, result: refused.to_owned() });
    }
    let result = sqlx::query_scalar!(
        r#"select holdfast.retry_edited(i, $3::text::json, $4) as "result!" from unnest(holdfast.in_sight(array[$1::bigint], $2)) i"#,
        job,
        sight.tenant,
        payload,
        by,
    )
    .fetch_optional(conn)
    .await?;
    Ok(Acted { job, result: result.unwrap_or_else(|| "unknown".to_owned()) })
}

/// Puts a job in that is like this one, in the same lane and without a key: with its arguments, or with others (JSON).
/// It begins at once; of a workflow, from its beginning.
pub async fn duplicate(conn: &mut PgConnection, sight: Sight, job: i64, payload: Option<&str>) -> sqlx::Result<Copied> {
    if let Some(refused) = payload.and_then(refusal) {
        return Ok(Copied { job: None, result: refused.to_owned() });
    }
    let copied = sqlx::query_as!(
        Copied,
        r#"select d.copy as job, d.result as "result!"
           from unnest(holdfast.in_sight(array[$1::bigint], $2)) i, holdfast.duplicate(i, $3::text::json) d"#,
        job,
        sight.tenant,
        payload,
    )
    .fetch_optional(conn)
    .await?;
    Ok(copied.unwrap_or_else(|| Copied { job: None, result: "unknown".to_owned() }))
}

fn refusal(payload: &str) -> Option<&'static str> {
    if payload.len() > MOST {
        return Some("too_large");
    }
    serde_json::from_str::<IgnoredAny>(payload).is_err().then_some("not_json")
}
