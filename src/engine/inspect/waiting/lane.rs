//! Behind others of its lane.

use sqlx::PgConnection;

use super::{Waiter, WhyWaiting};
use crate::Sight;

pub(super) async fn why(conn: &mut PgConnection, sight: Sight, waiter: &Waiter) -> sqlx::Result<Option<WhyWaiting>> {
    let Some(lane) = &waiter.lane else { return Ok(None) };
    let row = sqlx::query!(
        r#"select s.id as "holder?", s.state as holder_state,
                  (select count(*) from (select from holdfast.blocked x where x.lane = b.lane and x.id <= b.id limit 1000) x) as "position!"
           from holdfast.blocked b
           left join holdfast.lane l on l.lane = b.lane
           left join lateral (select s.id, s.state from holdfast.job_state s where s.id = l.holder and ($3::bigint is null or s.tenant = $3)) s on true
           where b.lane = holdfast.lane_hash($1) and b.id = $2"#,
        lane,
        waiter.id,
        sight.tenant
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| WhyWaiting::Lane {
        lane: lane.clone(),
        holder: row.holder,
        holder_state: row.holder_state,
        position: row.position,
    }))
}
