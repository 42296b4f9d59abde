//! Time that passes at once.

use std::time::Duration;

use sqlx::PgConnection;

use crate::client::interval;

/// Everything that waits for a time, or counts from one. Workers and what they run are left alone: they beat by the
/// real clock.
const TIMES: &[&str] = &[
    "update holdfast.later set run_at = run_at - $1::interval where run_at < 'infinity'",
    "update holdfast.step set wake_at = wake_at - $1::interval where wake_at < 'infinity'",
    // The day before has ticks at the same times of the real clock: they are others now.
    "delete from holdfast.uniq where key like 'schedule:%@%'",
    "update holdfast.uniq set expires_at = expires_at - $1::interval",
    "update holdfast.debounce set first_at = first_at - $1::interval",
    "update holdfast.schedule set last_tick = last_tick - $1::interval, counts_from = counts_from - $1::interval,
       queued = queued - $1::interval, created_at = created_at - $1::interval",
    "update holdfast.breaker set since = since - $1::interval, until = until - $1::interval, window_at = window_at - $1::interval",
    "update holdfast.gate set filled_at = filled_at - $1::interval",
    "update holdfast.effect set planned_at = planned_at - $1::interval, sent_at = sent_at - $1::interval, settled_at = settled_at - $1::interval",
    "update holdfast.job set created_at = created_at - $1::interval where not exists (select from holdfast.done d where d.id = job.id)",
    "update holdfast.ready set rank = rank - ((extract(epoch from $1::interval) * 1000)::bigint << 20)",
    "update holdfast.held set rank = rank - ((extract(epoch from $1::interval) * 1000)::bigint << 20)",
    "select pg_notify('holdfast', '')",
];

/// Lets so much time pass, by moving the world back instead of the clock: sleeps, retries, ticks, keys, limits and
/// breakers are that much nearer to their end. What a worker holds in memory (a sleep of a few seconds, say) is not. A
/// deadline of jobs that wait behind a limit or a breaker is told by their ids, which do not move.
///
/// ```no_run
/// # async fn test(conn: &mut sqlx::PgConnection) -> sqlx::Result<()> {
/// engine::testing::advance(conn, std::time::Duration::from_hours(24 * 30)).await?;
/// # Ok(()) }
/// ```
pub async fn advance(conn: &mut PgConnection, time: Duration) -> sqlx::Result<()> {
    for sql in TIMES {
        let query = sqlx::query(*sql);
        let query = if sql.contains("$1") { query.bind(interval(time)) } else { query };
        query.execute(&mut *conn).await?;
    }
    Ok(())
}
