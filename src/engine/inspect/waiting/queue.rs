//! In its queue, or on its way.

use sqlx::PgConnection;

use super::{Waiter, WhyWaiting, gate};

pub(super) async fn why(conn: &mut PgConnection, waiter: &Waiter) -> sqlx::Result<Option<WhyWaiting>> {
    // Of those who wait in the queue only as many are looked at as an answer needs.
    let row = sqlx::query!(
        r#"with mine as (
             select coalesce((select r.rank from (select r.id, r.rank from holdfast.ready r where r.kind = $1 and r.priority = $4 and r.tenant = $2 order by r.rank limit 10000) r
                              where r.id = $3 limit 1), $3) as rank)
           select (select count(*) from (select from (select r.priority, r.rank, r.id from holdfast.ready r where r.kind = $1 and r.priority <= $4 limit 100000) r, mine m
                     where (r.priority, r.rank, r.id) < ($4, m.rank, $3) limit 1000) r) as "ahead!",
                  (select count(*) from holdfast.worker w where $1 = any(w.kinds) and not w.draining and w.beat_at > clock_timestamp() - interval '8 s') as "workers!",
                  exists (select from holdfast.claim c where $3 = any(c.ids)) as "running!""#,
        waiter.kind,
        waiter.tenant,
        waiter.id,
        waiter.priority
    )
    .fetch_one(&mut *conn)
    .await?;
    if row.running {
        return Ok(None);
    }
    if let Some(paused) = gate::pause(conn, waiter).await? {
        return Ok(Some(paused));
    }
    Ok(Some(match row.workers {
        0 => WhyWaiting::NoWorker { kind: waiter.kind_name.clone() },
        workers => WhyWaiting::Queue { ahead: row.ahead, workers },
    }))
}
