//! One chunk of an operation: what is done and what is written of it stand or fall together.

use std::{collections::HashMap, time::Duration};

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::{
    Sight,
    bulk::{
        act::{Act, is_ok},
        pace, stored,
    },
    operate::Acted,
};

/// What a look at the operation led to.
pub(super) enum Turn {
    /// A chunk has its results: so many items have one now.
    Did(i32),
    /// Its rate does not allow the next chunk before this time has passed.
    Early(Duration),
    /// Nothing is left to do in this state of it.
    Over(String),
}

/// Where the operation stands; its row is locked.
struct Stand {
    act: Act,
    done: i32,
    total: i32,
    rate: Option<i32>,
    /// The size of the latest chunk, and the seconds since it began.
    latest: i32,
    since: Option<f64>,
    now: DateTime<Utc>,
}

/// Acts on the next items, on the caller's transaction.
pub(super) async fn next(conn: &mut PgConnection, bulk: i64) -> sqlx::Result<Turn> {
    let stand = match stand(conn, bulk).await? {
        Ok(stand) => stand,
        Err(state) => return Ok(Turn::Over(state)),
    };
    if let Some(wait) = pace::rest(stand.rate, stand.latest, stand.since) {
        return Ok(Turn::Early(wait));
    }
    let jobs = sqlx::query_scalar!(
        "select job from holdfast.bulk_item where bulk = $1 and number > $2 order by number limit $3",
        bulk,
        stand.done,
        i64::from(pace::items(stand.rate)),
    )
    .fetch_all(&mut *conn)
    .await?;
    let acted = stand.act.on(conn, &jobs).await?;
    write(conn, bulk, &stand, &jobs, acted).await
}

/// Its state, unless it is `running`.
async fn stand(conn: &mut PgConnection, bulk: i64) -> sqlx::Result<Result<Stand, String>> {
    let row = sqlx::query!(
        r#"select state, verb, until, tenant, reason, rate, done, total, chunk, clock_timestamp() as "now!",
                  extract(epoch from clock_timestamp() - chunk_at)::double precision as since
           from holdfast.bulk where id = $1 for update"#,
        bulk,
    )
    .fetch_optional(conn)
    .await?;
    let Some(row) = row else { return Ok(Err("forgotten".to_owned())) };
    if row.state != "running" {
        return Ok(Err(row.state));
    }
    let sight = Sight { tenant: row.tenant };
    Ok(Ok(Stand {
        act: Act { verb: stored(&row.verb)?, until: row.until, sight, reason: row.reason },
        done: row.done,
        total: row.total,
        rate: row.rate,
        latest: row.chunk,
        since: row.since,
        now: row.now,
    }))
}

/// The results, the counts and the speed. A job that the verb says nothing of is gone.
async fn write(
    conn: &mut PgConnection,
    bulk: i64,
    stand: &Stand,
    jobs: &[i64],
    acted: Vec<Acted>,
) -> sqlx::Result<Turn> {
    let mut told: HashMap<i64, String> = acted.into_iter().map(|acted| (acted.job, acted.result)).collect();
    let results: Vec<String> =
        jobs.iter().map(|job| told.remove(job).unwrap_or_else(|| "unknown".to_owned())).collect();
    sqlx::query!(
        "update holdfast.bulk_item i set result = r.result, at = clock_timestamp()
         from unnest($3::text[]) with ordinality r(result, nth) where i.bulk = $1 and i.number = $2::integer + r.nth",
        bulk,
        stand.done,
        &results,
    )
    .execute(&mut *conn)
    .await?;
    let items = i32::try_from(jobs.len()).unwrap_or(i32::MAX);
    let ok = results.iter().filter(|result| is_ok(result)).count();
    // An operation with no item left is over, whatever it counted.
    let done = if items == 0 { stand.total } else { stand.done + items };
    sqlx::query!(
        "update holdfast.bulk b set done = $2, ok = ok + $3, chunk = $4, chunk_at = $5, speed = coalesce($6, speed),
                state = case when $2 >= total then 'done' else state end, finished_at = case when $2 >= total then clock_timestamp() end,
                results = (select coalesce(jsonb_object_agg(x.word, x.n), '{}') from (
                             select w.word, sum(w.n) as n from (select key as word, value::integer as n from jsonb_each_text(b.results)
                                                                union all select r, 1 from unnest($7::text[]) r) w group by w.word) x)
         where id = $1",
        bulk,
        done,
        i32::try_from(ok).unwrap_or(items),
        items,
        stand.now,
        pace::speed(stand.latest, stand.since),
        &results,
    )
    .execute(conn)
    .await?;
    Ok(Turn::Did(done))
}
