//! The tenants: how many jobs of each stand where, and what share of the workers is theirs.

use serde::Serialize;
use sqlx::PgConnection;

use super::PauseNow;

/// The most jobs of one state that are looked at, whoever's they are.
const LOOKED_AT: i64 = 100_000;

/// One tenant now. Counts are exact while fewer than 100,000 jobs stand in that state (10,000 of those that run).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TenantNow {
    /// The tenant; 0: jobs that belong to nobody.
    pub tenant: i64,
    /// May start now.
    pub ready: i64,
    /// A worker is at it.
    pub running: i64,
    /// Starts later.
    pub scheduled: i64,
    /// Has failed, and tries again later.
    pub retrying: i64,
    /// A workflow that waits for its steps or for a signal.
    pub waiting: i64,
    /// Behind another job of its lane.
    pub blocked: i64,
    /// At a limit, a breaker or a pause.
    pub held: i64,
    /// Died within the last 24 hours.
    pub dead_today: i64,
    /// Its share of the workers, where 1 is what everybody has.
    pub weight: f32,
    /// Why none of its jobs start.
    pub pause: Option<PauseNow>,
}

/// The tenants that have jobs which have not ended, that had dead ones today, or that are treated differently from others.
/// Reads the small tables only.
pub async fn tenants(conn: &mut PgConnection) -> sqlx::Result<Vec<TenantNow>> {
    let rows = sqlx::query!(
        r#"with standing(tenant, state, n) as (
             select r.tenant, 'ready', count(*) from (select x.tenant from holdfast.ready x limit $1) r group by r.tenant
             union all
             select r.tenant, 'running', count(*) from holdfast.running() r group by r.tenant
             union all
             select l.tenant, case when l.wakeable then 'waiting' when l.attempts > 0 then 'retrying' else 'scheduled' end, count(*)
               from (select x.tenant, x.wakeable, x.attempts from holdfast.later x order by x.run_at limit $1) l group by 1, 2
             union all
             select b.tenant, 'blocked', count(*) from (select x.tenant from holdfast.blocked x limit $1) b group by b.tenant
             union all
             select h.tenant, 'held', count(*) from (select x.tenant from holdfast.held x limit $1) h group by h.tenant
             union all
             select d.tenant, 'dead', count(*) from holdfast.kind k
               cross join lateral (select x.tenant from holdfast.done x where x.kind = k.id and x.outcome <> 0 and x.outcome = 1
                                     and x.finished_at > statement_timestamp() - interval '24 hours' limit $1) d group by d.tenant
           ), known as (
             select s.tenant from standing s union select s.tenant from holdfast.share s
             union select p.tenant from holdfast.pause p where p.kind = 0 and p.tenant >= 0
           ), counted as (
             select k.tenant,
                    coalesce(sum(s.n) filter (where s.state = 'ready'), 0)::bigint as ready, coalesce(sum(s.n) filter (where s.state = 'running'), 0)::bigint as running,
                    coalesce(sum(s.n) filter (where s.state = 'scheduled'), 0)::bigint as scheduled, coalesce(sum(s.n) filter (where s.state = 'retrying'), 0)::bigint as retrying,
                    coalesce(sum(s.n) filter (where s.state = 'waiting'), 0)::bigint as waiting, coalesce(sum(s.n) filter (where s.state = 'blocked'), 0)::bigint as blocked,
                    coalesce(sum(s.n) filter (where s.state = 'held'), 0)::bigint as held, coalesce(sum(s.n) filter (where s.state = 'dead'), 0)::bigint as dead
             from known k left join standing s on s.tenant = k.tenant group by k.tenant
           )
           select c.tenant as "tenant!", c.ready as "ready!", c.running as "running!", c.scheduled as "scheduled!", c.retrying as "retrying!",
                  c.waiting as "waiting!", c.blocked as "blocked!", c.held as "held!", c.dead as "dead_today!", coalesce(w.weight, 1) as "weight!",
                  p.reason as "reason?", p.by as "by?", p.at as "at?"
           from counted c left join holdfast.share w on w.tenant = c.tenant left join holdfast.pause p on p.kind = 0 and p.tenant = c.tenant
           order by c.tenant"#,
        LOOKED_AT,
    )
    .fetch_all(conn)
    .await?;
    let tenants = rows.into_iter().map(|row| TenantNow {
        tenant: row.tenant,
        ready: row.ready,
        running: row.running,
        scheduled: row.scheduled,
        retrying: row.retrying,
        waiting: row.waiting,
        blocked: row.blocked,
        held: row.held,
        dead_today: row.dead_today,
        weight: row.weight,
        pause: match (row.reason, row.by, row.at) {
            (Some(reason), Some(by), Some(at)) => {
                Some(PauseNow { kind: None, tenant: Some(row.tenant), reason, by, at })
            }
            _ => None,
        },
    });
    Ok(tenants.collect())
}
