//! At a limit, a breaker or a pause.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::{Waiter, WhyWaiting};

/// Its row among those who wait.
struct Held {
    gate: i64,
    since: DateTime<Utc>,
    ahead: i64,
}

pub(super) async fn why(conn: &mut PgConnection, waiter: &Waiter) -> sqlx::Result<Option<WhyWaiting>> {
    let held = sqlx::query_as!(
        Held,
        r#"select h.gate, holdfast.id_time(h.rank) as "since!",
                  (select count(*) from (select from holdfast.held x where x.gate = h.gate and (x.priority, x.rank, x.id) < (h.priority, h.rank, h.id) limit 1000) x) as "ahead!"
           from holdfast.held h where h.id = $1 limit 1"#,
        waiter.id
    );
    let Some(held) = held.fetch_optional(&mut *conn).await? else { return Ok(None) };
    if let Some(why) = limit(conn, &held).await? {
        return Ok(Some(why));
    }
    if let Some(why) = breaker(conn, &held).await? {
        return Ok(Some(why));
    }
    pause(conn, waiter).await
}

async fn limit(conn: &mut PgConnection, held: &Held) -> sqlx::Result<Option<WhyWaiting>> {
    let row = sqlx::query!(
        r#"select g.rule, g.key, l.running as most, l.rate, extract(epoch from l.per)::bigint as per_seconds,
                  (select count(*) from (select from holdfast.slot s where s.gate = g.id limit 1000) s) as "running!"
           from holdfast.gate g join holdfast.limit_rule l on l.name = g.rule where g.id = $1"#,
        held.gate
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| WhyWaiting::Limit {
        limit: row.rule,
        key: row.key,
        running: row.running,
        most: row.most,
        rate: row.rate,
        per_seconds: row.per_seconds,
        ahead: held.ahead,
        since: held.since,
    }))
}

async fn breaker(conn: &mut PgConnection, held: &Held) -> sqlx::Result<Option<WhyWaiting>> {
    let row = sqlx::query!(
        r#"select b.rule, nullif(b.tenant, -1) as tenant, b.state, b.since, case when b.state = 'open' then b.until end as probe_at, b.reason, b.forced_by
           from holdfast.breaker b where b.id = $1"#,
        held.gate
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| WhyWaiting::Breaker {
        breaker: row.rule,
        tenant: row.tenant,
        state: row.state,
        open_since: row.since,
        probe_at: row.probe_at,
        reason: row.reason,
        forced_by: row.forced_by,
        ahead: held.ahead,
        since: held.since,
    }))
}

/// What somebody stopped, that it belongs to.
pub(super) async fn pause(conn: &mut PgConnection, waiter: &Waiter) -> sqlx::Result<Option<WhyWaiting>> {
    let row = sqlx::query!(
        r#"select k.name as "kind?", nullif(p.tenant, -1) as tenant, p.reason, p.by, p.at
           from holdfast.pause p left join holdfast.kind k on k.id = p.kind
           where p.kind in (0, $1::smallint) and p.tenant in (-1, $2) order by p.kind desc, p.tenant desc limit 1"#,
        waiter.kind,
        waiter.tenant
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| WhyWaiting::Paused {
        kind: row.kind,
        tenant: row.tenant,
        reason: row.reason,
        by: row.by,
        at: row.at,
    }))
}
