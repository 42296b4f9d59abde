//! Which jobs of a stretch of ids are wanted.

use sqlx::PgConnection;

use super::{source::Stretch, state, want::Want};

/// The conditions, the same for both directions. What is not asked for is null, and PostgreSQL leaves it out of its plan,
/// which is made anew each time. Looks at other tables are of the stretch ($1 to $2) or of its candidates ($3) only.
macro_rules! matching {
    ($direction:literal) => {
        concat!(
            "select j.id from holdfast.job j
             where j.id >= $1 and j.id < $2 and ($3::bigint[] is null or j.id = any($3))
               and ($4::bigint is null or j.tenant = $4)
               and ($5::bigint[] is null or j.id = any($5) or j.root = any($5))
               and ($6::smallint[] is null or j.kind = any($6)) and ($7::smallint[] is null or j.kind <> all($7))
               and ($8::bigint[] is null or j.tenant = any($8)) and ($9::bigint[] is null or j.tenant <> all($9))
               and ($10::bigint[] is null or j.id = any($10)) and ($11::bigint[] is null or j.id <> all($11))
               and ($12::bigint[] is null or j.root = any($12)) and ($13::bigint[] is null or j.root <> all($13))
               and ($14::bigint[] is null or j.parent = any($14)) and ($15::bigint[] is null or coalesce(j.parent <> all($15), true))
               and ($16::text[] is null or j.lane = any($16)) and ($17::text[] is null or coalesce(j.lane <> all($17), true))
               and ($18::text[] is null or j.key = any($18)) and ($19::text[] is null or j.key <> all($19))
               and ($20::text[] is null or coalesce(substr(j.trace, 4, 32), lpad(to_hex(j.root), 32, '0')) = any($20))
               and ($21::text[] is null or coalesce(substr(j.trace, 4, 32), lpad(to_hex(j.root), 32, '0')) <> all($21))
               and ($22::text is null or not exists (
                     select from jsonb_to_recordset($22::jsonb) a(path text[], values text[], negated boolean)
                     where coalesce(j.payload #>> a.path = any(a.values), false) = a.negated))
               and ($23::text is null or not exists (
                     select from jsonb_to_recordset($23::jsonb) w(n integer, texts text[], kinds smallint[], negated boolean)
                     where (j.kind = any(w.kinds) or exists (select from unnest(w.texts) t where strpos(lower(j.key), t) > 0)
                            or (j.id, w.n) in (
                              select a.id, x.n from holdfast.attempt a
                              join jsonb_to_recordset($23::jsonb) x(n integer, texts text[])
                                on exists (select from unnest(x.texts) t where strpos(lower(concat_ws(': ', a.ending, a.error)), t) > 0)
                              where a.id >= $1 and a.id < $2 and ($3 is null or a.id = any($3)))) = w.negated))
               and ($24::text is null or not exists (
                     select from jsonb_to_recordset($24::jsonb) e(n integer, negated boolean)
                     where ((j.id, e.n) in (
                              select a.id, x.n from holdfast.attempt a
                              join jsonb_to_recordset($24::jsonb) x(n integer, texts text[])
                                on exists (select from unnest(x.texts) t where strpos(lower(concat_ws(': ', a.ending, a.error)), t) > 0)
                              where a.id >= $1 and a.id < $2 and ($3 is null or a.id = any($3)))) = e.negated))
               and ($25::smallint is null
                    or j.id in (select d.id from holdfast.done d where d.id >= $1 and d.id < $2 and ($3 is null or d.id = any($3)) and d.attempts between $25 and $26)
                    or j.id not in (select d.id from holdfast.done d where d.id >= $1 and d.id < $2 and ($3 is null or d.id = any($3)))
                       and coalesce((select max(a.number) from holdfast.attempt a where a.id = j.id), 0) between $25 and $26)
               and ($27::smallint[] is null
                    or j.id in (select d.id from holdfast.done d where d.id >= $1 and d.id < $2 and ($3 is null or d.id = any($3)) and d.outcome = any($27))
                    or $28::text[] <> '{}'
                       and j.id not in (select d.id from holdfast.done d where d.id >= $1 and d.id < $2 and ($3 is null or d.id = any($3)))
                       and case when exists (select from holdfast.blocked b where b.lane = holdfast.lane_hash(j.lane) and b.id = j.id) then 'blocked'
                                when exists (select from holdfast.held h where h.id = j.id) then 'held'
                                else coalesce((select case when l.wakeable then 'waiting' when l.attempts > 0 then 'retrying' else 'scheduled' end
                                                 from holdfast.later l where l.id = j.id),
                                              case when j.id in (select i from holdfast.claim c, unnest(c.ids) i) then 'running' else 'ready' end)
                           end = any($28))
             order by j.id ",
            $direction,
            " limit $29"
        )
    };
}

const NEWEST_FIRST: &str = matching!("desc");
const OLDEST_FIRST: &str = matching!("asc");

/// At most `most` of them, in the direction of the search.
pub(super) async fn ids(
    conn: &mut PgConnection,
    want: &Want,
    stretch: &Stretch,
    back: bool,
    most: i64,
) -> sqlx::Result<Vec<i64>> {
    let sql = if back { NEWEST_FIRST } else { OLDEST_FIRST };
    let text = |list: &Option<serde_json::Value>| list.as_ref().map(ToString::to_string);
    let outcomes = want.states.as_ref().map(|wanted| {
        let ended = state::ENDED.iter().filter(|(name, _)| wanted.contains(name));
        ended.map(|(_, number)| *number).collect::<Vec<i16>>()
    });
    let open = want.states.as_ref().map(|wanted| {
        let ended = |state: &&&str| state::ENDED.iter().any(|(name, _)| name == *state);
        wanted.iter().filter(|state| !ended(state)).map(|state| (*state).to_owned()).collect::<Vec<String>>()
    });
    sqlx::query_scalar(sql)
        .bind(stretch.low)
        .bind(stretch.high)
        .bind(&stretch.candidates)
        .bind(want.tenant)
        .bind(&want.only)
        .bind(&want.kinds.of)
        .bind(&want.kinds.not)
        .bind(&want.tenants.of)
        .bind(&want.tenants.not)
        .bind(&want.ids.of)
        .bind(&want.ids.not)
        .bind(&want.roots.of)
        .bind(&want.roots.not)
        .bind(&want.parents.of)
        .bind(&want.parents.not)
        .bind(&want.lanes.of)
        .bind(&want.lanes.not)
        .bind(&want.keys.of)
        .bind(&want.keys.not)
        .bind(&want.traces.of)
        .bind(&want.traces.not)
        .bind(text(&want.args))
        .bind(text(&want.words))
        .bind(text(&want.errors))
        .bind(want.attempts.map(|(from, _)| from))
        .bind(want.attempts.map(|(_, to)| to))
        .bind(outcomes)
        .bind(open)
        .bind(most)
        .persistent(false)
        .fetch_all(conn)
        .await
}
