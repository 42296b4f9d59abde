//! What left the house and was never heard of again, settled by somebody who asked the other side.

use sqlx::PgConnection;

use crate::Sight;

/// What the other side says of an effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict<'a> {
    /// It has it.
    Arrived {
        /// Its name for it there, where that is known.
        reference: Option<&'a str>,
    },
    /// It never came: the job may send it again.
    NotArrived,
    /// It is refused for good: the job does not send it again.
    Failed,
}

/// Writes down how an effect ended that is sent or unknown. A job that waits for the news, or for its next attempt, runs
/// now; a dead one may be retried.
///
/// `settled`, `running` (its job is just at it, and only an arrival is certain then), `not_open` (its end is known, or it
/// was never sent) or `unknown`.
pub async fn settle_effect(
    conn: &mut PgConnection,
    sight: Sight,
    key: &str,
    verdict: Verdict<'_>,
    reason: &str,
) -> sqlx::Result<String> {
    let (state, reference) = match verdict {
        Verdict::Arrived { reference } => ("confirmed", reference),
        Verdict::NotArrived => ("planned", None),
        Verdict::Failed => ("failed", None),
    };
    sqlx::query_scalar!(
        r#"select holdfast.settle_effect($1, $2, $3, $4, $5) as "result!""#,
        key,
        sight.tenant,
        state,
        reference,
        reason,
    )
    .fetch_one(conn)
    .await
}
