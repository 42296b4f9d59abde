//! Jobs put straight into the state that a case needs, known by a name in their arguments.

use engine::{
    Sight,
    inspect::{self, Page, Query, WhyWaiting},
};
use sqlx::AssertSqlSafe;

use crate::house::House;

/// `stage(name, state, …)`: a job in this state.
const STAGE: &str = "
create sequence staged;
create function stage(name text, state text, kind text default 'note', tenant bigint default 1, age interval default '1 hour', key text default '',
                      lane text default null, parent text default null, args json default '{}', error text default null, attempts integer default 0,
                      trace text default null) returns bigint language plpgsql as $$
#variable_conflict use_variable
declare
  new_id bigint := holdfast.id_at(clock_timestamp() - age) + nextval('staged');
  kind_id smallint;
  above bigint := (select j.id from holdfast.job j where j.payload ->> 'name' = parent);
begin
  perform holdfast.register_kinds(array[kind]);
  select k.id into kind_id from holdfast.kind k where k.name = kind;
  insert into holdfast.job (id, kind, tenant, root, parent, step, key, lane, payload, created_at, trace)
    values (new_id, kind_id, tenant, coalesce(above, new_id), above, case when above is not null then name end, key, lane,
            (args::jsonb || jsonb_build_object('name', name))::json, clock_timestamp() - age, trace);
  if above is not null then insert into holdfast.step (parent, name, child) values (above, name, new_id); end if;
  for n in 1 .. attempts loop
    insert into holdfast.attempt (id, number, started_at, ended_at, ending, error)
      values (new_id, n, clock_timestamp() - age, clock_timestamp() - age + n * interval '1 s', 'failed', error);
  end loop;
  if state = 'ready' then
    insert into holdfast.ready (id, rank, tenant, kind, priority, lane) values (new_id, new_id, tenant, kind_id, 0, holdfast.lane_hash(lane));
  elsif state = 'blocked' then
    insert into holdfast.blocked (lane, id, kind, priority, attempts, losses, tenant) values (holdfast.lane_hash(lane), new_id, kind_id, 0, 0, 0, tenant);
  elsif state = 'held' then
    insert into holdfast.held (gate, priority, rank, id, kind, tenant, attempts, losses, holds_lane) values (1, 0, new_id, new_id, kind_id, tenant, 0, 0, false);
  elsif state = 'running' then
    insert into holdfast.claim (worker, ids, attempts, losses) values (1, array[new_id], array[0::smallint], array[0::smallint]);
  elsif state in ('scheduled', 'retrying', 'waiting') then
    insert into holdfast.later (id, run_at, tenant, kind, priority, attempts, wakeable)
      values (new_id, clock_timestamp() + interval '1 hour', tenant, kind_id, 0, case when state = 'retrying' then greatest(attempts, 1) else 0 end, state = 'waiting');
  else
    insert into holdfast.done (id, finished_at, started_at, outcome, attempts, kind, tenant, output)
      values (new_id, clock_timestamp() - age + interval '10 s', clock_timestamp() - age + interval '9 s',
              array_position(array['completed', 'dead', 'cancelled'], state) - 1, attempts + 1, kind_id, tenant, '{}');
  end if;
  return new_id;
end $$;";

/// A house where jobs can be staged.
pub async fn house() -> House {
    let house = House::new().await;
    sqlx::raw_sql(STAGE).execute(&house.pool).await.unwrap();
    house
}

/// `'name', 'state', kind => …`
pub async fn stage(house: &House, arguments: &str) -> i64 {
    let sql = AssertSqlSafe(format!("select stage({arguments})"));
    sqlx::query_scalar(sql).fetch_one(&house.pool).await.unwrap()
}

pub async fn run_sql(house: &House, sql: &str) {
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&house.pool).await.unwrap();
}

/// The names of the jobs that are found, newest first, on as many pages as there are.
pub async fn find_of(house: &House, sight: Sight, query: &str, only: Option<&[i64]>) -> Vec<String> {
    let query = Query::parse(query).unwrap();
    let mut conn = house.pool.acquire().await.unwrap();
    let (mut ids, mut page) = (Vec::new(), Page { size: 2, ..Page::default() });
    loop {
        let found = inspect::find(&mut conn, sight, &query, only, &page).await.unwrap();
        ids.extend(found.jobs.iter().map(|job| job.id));
        page.cursor = found.older;
        if page.cursor.is_none() {
            break;
        }
    }
    let names = "select j.payload ->> 'name' from unnest($1::bigint[]) with ordinality u(id, n) join holdfast.job j on j.id = u.id order by u.n";
    sqlx::query_scalar(names).bind(ids).fetch_all(&mut *conn).await.unwrap()
}

/// Those of the whole house.
pub async fn find(house: &House, query: &str) -> Vec<String> {
    find_of(house, Sight::HOUSE, query, None).await
}

pub async fn why(house: &House, job: i64) -> WhyWaiting {
    let mut conn = house.pool.acquire().await.unwrap();
    let page = inspect::job(&mut conn, Sight::HOUSE, job).await.unwrap().expect("the job is there");
    page.why_waiting.expect("it waits")
}
