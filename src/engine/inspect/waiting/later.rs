//! Until its time.

use sqlx::PgConnection;

use super::{Waiter, WhyWaiting, journal};
use crate::Sight;

pub(super) async fn why(conn: &mut PgConnection, sight: Sight, waiter: &Waiter) -> sqlx::Result<Option<WhyWaiting>> {
    let row = sqlx::query!(
        r#"select case when isfinite(l.run_at) then l.run_at end as at, l.wakeable, l.debounced, l.attempts, l.awaiting is not null as "every!",
                  (select count(*) from (select from holdfast.merged m where m.job = l.id limit 1000) m) as "merged!",
                  a.ending as "ending?", a.error as "error?"
           from holdfast.later l
           left join lateral (select a.ending, a.error from holdfast.attempt a where a.id = l.id order by a.ended_at desc limit 1) a on true
           where l.id = $1"#,
        waiter.id
    );
    let Some(row) = row.fetch_optional(&mut *conn).await? else { return Ok(None) };
    if row.wakeable {
        return journal::why(conn, sight, waiter.id, row.every, row.at).await.map(Some);
    }
    let Some(at) = row.at else { return Ok(None) };
    Ok(Some(match row.ending.as_deref() {
        _ if row.debounced => WhyWaiting::Debounced { at, merged: row.merged },
        Some("snoozed") => WhyWaiting::Snoozed { until: at, reason: row.error },
        Some(_) => WhyWaiting::Backoff { attempt: row.attempts, until: at, error: row.error },
        None => WhyWaiting::Scheduled { at },
    }))
}
