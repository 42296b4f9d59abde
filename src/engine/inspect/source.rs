//! Where the jobs that may be wanted are read from: an index that names them, the small table of their state, or the
//! history, stretch by stretch.

use sqlx::PgConnection;

use super::{state, want::Want};

/// Beyond so many rows, a queue without an order of ids costs more to sort than the history costs to walk.
const CROWD: i64 = 20_000;

/// Ids from `low` to below `high`; of these only the candidates, if there are any named.
#[derive(Debug)]
pub(super) struct Stretch {
    pub low: i64,
    pub high: i64,
    pub candidates: Option<Vec<i64>>,
    /// There is nothing beyond it.
    pub last: bool,
}

/// How the ids are come by.
#[derive(Debug)]
pub(super) enum Source {
    /// All jobs, by their ids.
    History,
    /// By a query that names candidates.
    Named(&'static str, &'static str, Vec<i64>, Vec<String>),
}

/// A source's query in both directions.
macro_rules! both {
    ($from:literal) => {
        (concat!($from, " order by 1 desc limit $3"), concat!($from, " order by 1 asc limit $3"))
    };
}

const IDS: (&str, &str) = both!("select u from unnest($4::bigint[]) u where u >= $1 and u < $2 group by 1");
/// A root and all that came of it.
const ROOTS: (&str, &str) = both!(
    "select x.id from (select unnest($4::bigint[]) as id union select j.id from holdfast.job j where j.root = any($4) and j.root <> j.id) x where x.id >= $1 and x.id < $2"
);
const PARENTS: (&str, &str) = both!(
    "select s.child from holdfast.step s where s.parent = any($4) and s.child is not null and s.child >= $1 and s.child < $2 group by 1"
);
const KEYS: (&str, &str) =
    both!("select j.id from holdfast.job j where j.key = any($5::text[]) and j.key <> '' and j.id >= $1 and j.id < $2");
const TRACES: (&str, &str) = both!(
    "select x.id from (
       with root as materialized (select j.id from holdfast.job j where substr(j.trace, 4, 32) = any($5::text[]) and j.root = j.id and j.trace is not null
                     union select unnest($4::bigint[]))
       select r.id from root r union select j.id from root r join holdfast.job j on j.root = r.id and j.root <> j.id) x
     where x.id >= $1 and x.id < $2"
);
/// Attempts that failed.
const ERRORS: (&str, &str) = both!("select a.id from holdfast.attempt a where a.id >= $1 and a.id < $2");

/// Each state's own small table.
macro_rules! states {
    ($direction:literal) => {
        concat!(
            "select x.id from (
               (select r.id from holdfast.ready r where 'ready' = any($5::text[]) and r.id >= $1 and r.id < $2
                  and ($6::smallint[] is null or r.kind = any($6)) and ($7::bigint[] is null or r.tenant = any($7)) order by r.id ", $direction, " limit $3)
               union
               (select l.id from holdfast.later l where $5 && array['scheduled', 'retrying', 'waiting'] and l.id >= $1 and l.id < $2
                  and ($6 is null or l.kind = any($6)) and ($7 is null or l.tenant = any($7)) order by l.id ", $direction, " limit $3)
               union
               (select b.id from holdfast.blocked b where 'blocked' = any($5) and b.id >= $1 and b.id < $2
                  and ($6 is null or b.kind = any($6)) and ($7 is null or b.tenant = any($7)) order by b.id ", $direction, " limit $3)
               union
               (select h.id from holdfast.held h where 'held' = any($5) and h.id >= $1 and h.id < $2
                  and ($6 is null or h.kind = any($6)) and ($7 is null or h.tenant = any($7)) order by h.id ", $direction, " limit $3)
               union
               (select i from holdfast.claim c, unnest(c.ids) i where 'running' = any($5) and i >= $1 and i < $2 order by i ", $direction, " limit $3)
               union
               (select d.id from holdfast.done d where d.outcome <> 0 and ($4::bigint[] is null or d.outcome = any($4)) and $5 && array['dead', 'cancelled']
                  and d.id >= $1 and d.id < $2 and ($6 is null or d.kind = any($6)) and ($7 is null or d.tenant = any($7)) order by d.id ", $direction, " limit $3)) x
             order by 1 ", $direction, " limit $3"
        )
    };
}

/// Where a stretch of so many jobs ends.
macro_rules! stretch {
    ($direction:literal) => {
        concat!(
            "select j.id from holdfast.job j where j.id >= $1 and j.id < $2 order by j.id ",
            $direction,
            " offset $3 limit 1"
        )
    };
}

impl Source {
    /// The narrowest one that has all the jobs that are wanted.
    pub async fn of(conn: &mut PgConnection, want: &Want) -> sqlx::Result<Self> {
        let named = |(back, on): (&'static str, &'static str), ids: &[i64], texts: &[String]| {
            Self::Named(back, on, ids.to_vec(), texts.to_vec())
        };
        Ok(match want {
            Want { ids: of, .. } if of.of.is_some() => named(IDS, of.of.as_deref().unwrap_or_default(), &[]),
            Want { only: Some(only), .. } => named(ROOTS, only, &[]),
            Want { keys, .. } if keys.of.is_some() => named(KEYS, &[], keys.of.as_deref().unwrap_or_default()),
            Want { roots, .. } if roots.of.is_some() => named(ROOTS, roots.of.as_deref().unwrap_or_default(), &[]),
            Want { parents, .. } if parents.of.is_some() => {
                named(PARENTS, parents.of.as_deref().unwrap_or_default(), &[])
            }
            Want { traces, .. } if traces.of.is_some() => {
                let traces = traces.of.as_deref().unwrap_or_default();
                named(TRACES, &untraced_roots(traces), traces)
            }
            Want { states: Some(states), .. } if !states.contains(&"completed") && !crowded(conn, states).await? => {
                let outcomes =
                    state::ENDED.iter().filter(|(name, _)| states.contains(name)).map(|(_, number)| i64::from(*number));
                let states: Vec<String> = states.iter().map(|state| (*state).to_owned()).collect();
                Self::Named(states!("desc"), states!("asc"), outcomes.collect(), states)
            }
            Want { errors: Some(errors), .. } if any_positive(errors) => named(ERRORS, &[], &[]),
            _ => Self::History,
        })
    }

    /// Jobs of the first stretch. Candidates lie far apart, and most of them fit.
    pub const fn first_length(&self) -> i64 {
        match self {
            Self::History => 1_000,
            Self::Named(..) => 250,
        }
    }

    /// The next stretch within these bounds, of about `most` jobs.
    pub async fn next(
        &self,
        conn: &mut PgConnection,
        want: &Want,
        (low, high): (i64, i64),
        back: bool,
        most: i64,
    ) -> sqlx::Result<Stretch> {
        let Self::Named(newest_first, oldest_first, ids, texts) = self else {
            return history(conn, (low, high), back, most).await;
        };
        let sql = if back { *newest_first } else { *oldest_first };
        let found: Vec<i64> = sqlx::query_scalar(sql)
            .bind(low)
            .bind(high)
            .bind(most)
            .bind(ids)
            .bind(texts)
            .bind(&want.kinds.of)
            .bind(want.tenants_seen())
            .persistent(false)
            .fetch_all(conn)
            .await?;
        let last = i64::try_from(found.len()).is_ok_and(|found| found < most);
        let end = found.last().copied().filter(|_| !last);
        Ok(cut((low, high), back, end.map(|end| if back { end } else { end + 1 }), Some(found)))
    }
}

async fn history(conn: &mut PgConnection, (low, high): (i64, i64), back: bool, most: i64) -> sqlx::Result<Stretch> {
    let sql = if back { stretch!("desc") } else { stretch!("asc") };
    let beyond: Option<i64> =
        sqlx::query_scalar(sql).bind(low).bind(high).bind(most).persistent(false).fetch_optional(conn).await?;
    Ok(cut((low, high), back, beyond.map(|beyond| if back { beyond + 1 } else { beyond }), None))
}

/// The stretch that ends at `end`, or with the bounds.
fn cut((low, high): (i64, i64), back: bool, end: Option<i64>, candidates: Option<Vec<i64>>) -> Stretch {
    let (low, high) = if back { (end.unwrap_or(low), high) } else { (low, end.unwrap_or(high)) };
    Stretch { low, high, candidates, last: end.is_none() }
}

/// A trace of our own making is its root's id.
fn untraced_roots(traces: &[String]) -> Vec<i64> {
    let root = |trace: &String| i64::from_str_radix(trace, 16).ok();
    traces.iter().filter_map(root).collect()
}

fn any_positive(terms: &serde_json::Value) -> bool {
    terms.as_array().is_some_and(|terms| terms.iter().any(|term| term["negated"] == false))
}

async fn crowded(conn: &mut PgConnection, states: &[&str]) -> sqlx::Result<bool> {
    if !states.contains(&"ready") && !states.contains(&"blocked") {
        return Ok(false);
    }
    let crowded = sqlx::query_scalar!(
        r#"select (select count(*) from (select from holdfast.ready limit $1::bigint + 1) r) > $1
               or (select count(*) from (select from holdfast.blocked limit $1 + 1) b) > $1 as "crowded!""#,
        CROWD
    );
    crowded.fetch_one(conn).await
}
