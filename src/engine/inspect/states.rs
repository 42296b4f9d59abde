//! How many jobs stand where.

use serde::Serialize;
use sqlx::PgConnection;

use crate::Sight;

/// The most that are counted of one state.
pub const MOST_COUNTED: i64 = 10_000;
/// Rows looked at for that.
const MOST_READ: i64 = 100_000;

/// How many jobs stand in one state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StateCount {
    /// One of [`super::STATES`], but not `completed`: these are all of history.
    pub state: String,
    /// How many, up to [`MOST_COUNTED`].
    pub n: i64,
    /// There are more, or may be.
    pub more: bool,
}

/// How many jobs stand in each state, in the order of [`super::STATES`], from the small tables only.
pub async fn states(conn: &mut PgConnection, sight: Sight) -> sqlx::Result<Vec<StateCount>> {
    let rows = sqlx::query!(
        r#"select x.state as "state!", x.n as "n!", x.read as "read!" from (
             select case when l.wakeable then 'waiting' when l.attempts > 0 then 'retrying' else 'scheduled' end as state,
                    count(*) filter (where $1::bigint is null or l.tenant = $1) as n, sum(count(*)) over ()::bigint as read
               from (select * from holdfast.later limit $2) l group by 1
             union all
             select 'blocked', count(*) filter (where $1 is null or b.tenant = $1), count(*) from (select * from holdfast.blocked limit $2) b
             union all
             select 'held', count(*) filter (where $1 is null or h.tenant = $1), count(*) from (select * from holdfast.held limit $2) h
             union all
             select 'ready', count(*) filter (where $1 is null or r.tenant = $1), count(*) from (select * from holdfast.ready limit $2) r
             union all
             select 'running', count(*) filter (where $1 is null or (select j.tenant from holdfast.job j where j.id = c.i) = $1), count(*)
               from (select i from holdfast.claim c, unnest(c.ids) i where i <> 0 limit 10000) c
               where not exists (select from holdfast.done d where d.id = c.i)
             union all
             select case d.outcome when 1 then 'dead' else 'cancelled' end, count(*) filter (where $1 is null or d.tenant = $1), sum(count(*)) over ()::bigint
               from (select d.outcome, d.tenant from holdfast.done d where d.outcome <> 0 order by d.id desc limit $2) d group by d.outcome) x"#,
        sight.tenant,
        MOST_READ
    )
    .fetch_all(conn)
    .await?;
    let of = |state: &str| {
        let row = rows.iter().find(|row| row.state == state);
        let (n, read) = row.map_or((0, 0), |row| (row.n, row.read));
        StateCount { state: state.to_owned(), n: n.min(MOST_COUNTED), more: n > MOST_COUNTED || read >= MOST_READ }
    };
    Ok(super::STATES.into_iter().filter(|state| *state != "completed").map(of).collect())
}
