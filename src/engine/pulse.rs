//! Whether anything has happened, at the price of a few numbers.

use sqlx::PgPool;

/// What has happened so far: another pulse means that something has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pulse {
    jobs: i64,
    claims: i64,
    stands: i64,
}

/// Reads no job: two counters, and the small tables of what ops and breakers decide.
pub async fn pulse(pool: &PgPool) -> sqlx::Result<Pulse> {
    sqlx::query_as!(
        Pulse,
        r#"select coalesce(pg_sequence_last_value('holdfast.job_id_counter'), 0) as "jobs!",
                  coalesce(pg_sequence_last_value('holdfast.claim_id_seq'), 0) as "claims!",
                  (select count(*) from holdfast.pause) + (select coalesce(sum(hashtext(b.state)::bigint), 0)::bigint from holdfast.breaker b)
                    + (select count(*) from holdfast.worker) as "stands!""#
    )
    .fetch_one(pool)
    .await
}
