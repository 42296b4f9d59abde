//! F: what one claim takes, and what it looks at.

use sqlx::PgConnection;

use crate::{helpers::pages, house::House, jobs::Note};

/// Puts 100 notes and a worker's row in; returns a connection to claim on.
async fn stocked(house: &House, jobs: u32) -> sqlx::pool::PoolConnection<sqlx::Postgres> {
    house.register::<Note>().await;
    house
        .run_sql(&format!(
            "select holdfast.enqueue('note', '{{}}', tenant => 1) from generate_series(1, {jobs});
             insert into holdfast.worker (name, version) values ('sql', '0')"
        ))
        .await;
    house.pool.acquire().await.unwrap()
}

const CLAIM_SEVEN: &str = "select id from holdfast.claim(1, array[1]::smallint[], array[7])";

#[tokio::test]
async fn f05_a_claim_takes_what_it_asked_for_under_every_plan() {
    let house = House::new().await;
    let mut conn = stocked(&house, 100).await;
    let mut taken: Vec<i64> = Vec::new();
    for plan in [
        "set enable_hashjoin = off; set enable_mergejoin = off; set enable_material = off",
        "set enable_indexscan = off; set enable_bitmapscan = off; set enable_tidscan = off",
        "reset all; set enable_nestloop = off; set enable_seqscan = off",
        "set plan_cache_mode = force_generic_plan; set enable_memoize = off; set enable_sort = off",
    ] {
        sqlx::raw_sql(plan).execute(&mut *conn).await.unwrap();
        // The costs of forbidden plans would make it compile them.
        sqlx::raw_sql("set jit = off").execute(&mut *conn).await.unwrap();
        for _ in 0..3 {
            let ids: Vec<i64> = sqlx::query_scalar(CLAIM_SEVEN).fetch_all(&mut *conn).await.unwrap();
            assert_eq!(ids.len(), 7, "{plan}");
            taken.extend(ids);
        }
    }
    taken.sort_unstable();
    taken.dedup();
    assert_eq!(taken.len(), 84);
    assert_eq!(house.number("select count(*) from holdfast.ready").await, 16);
}

/// The cheapest of nine claims, in pages: the first ones of a connection fill its caches, and now and then one begins with
/// another tenant.
async fn claim_cost(conn: &mut PgConnection, claim: &str) -> i64 {
    let mut costs = Vec::new();
    for _ in 0..9 {
        costs.push(pages(conn, claim).await);
    }
    costs.into_iter().min().unwrap()
}

/// What the case says of time is measured by `holdfast bench w7`; here it is shown that a claim does not look at them.
#[tokio::test]
async fn f06_a_claim_does_not_look_at_what_ended_what_is_to_come_or_what_is_blocked() {
    let house = House::new().await;
    let mut conn = stocked(&house, 400).await;
    let before = claim_cost(&mut conn, CLAIM_SEVEN).await;
    house
        .run_sql(
            "insert into holdfast.done (id, started_at, outcome, attempts, kind, tenant) select n, now(), 0, 1, 1, 1 from generate_series(1, 30000) n;
             insert into holdfast.later (id, run_at, tenant, kind, priority) select n, now() + interval '1 day', 1, 1, 0 from generate_series(1, 30000) n;
             insert into holdfast.lane (lane, holder) values (42, 1);
             insert into holdfast.blocked (lane, id, kind, priority, attempts, losses, tenant) select 42, n, 1, 0, 0, 0, 1 from generate_series(1, 30000) n;
             insert into holdfast.held (gate, priority, rank, id, kind, tenant, attempts, losses, holds_lane)
               select 7, 0, n, n, 1, 1, 0, 0, false from generate_series(1, 30000) n;
             analyze",
        )
        .await;
    let after = claim_cost(&mut conn, CLAIM_SEVEN).await;
    assert!(
        after <= before + 20,
        "a claim looked at {before} pages, and at {after} with 120,000 rows that it has nothing to do with"
    );
}

/// Where a snapshot keeps dead rows from being cleaned away, who knows how far it has come does not walk over them.
#[tokio::test]
async fn f07_a_claim_that_knows_its_place_passes_by_rows_that_are_dead() {
    let house = House::new().await;
    let mut conn = stocked(&house, 200).await;
    let fresh = claim_cost(&mut conn, CLAIM_SEVEN).await;
    let mut holder = engine::begin(&house.pool).await.unwrap();
    sqlx::query("set transaction isolation level repeatable read").execute(&mut *holder).await.unwrap();
    sqlx::query("select count(*) from holdfast.ready").execute(&mut *holder).await.unwrap();
    house
        .run_sql(
            "insert into holdfast.ready (id, rank, tenant, kind, priority) select n, n, 1, 1, 0 from generate_series(1, 40000) n;
             delete from holdfast.ready where id <= 40000",
        )
        .await;
    let everywhere = claim_cost(&mut conn, CLAIM_SEVEN).await;
    let knowing = "select id from holdfast.claim(1, array[1]::smallint[], array[7], '{}', array[1]::smallint[], array[0]::smallint[], array[1]::bigint[],
                                                 array[100000]::bigint[])";
    let known = claim_cost(&mut conn, knowing).await;
    holder.rollback().await.unwrap();
    assert!(everywhere > 10 * fresh, "the rows are not in the way: {fresh} and {everywhere} pages");
    assert!(known <= 2 * fresh, "{known} pages, {fresh} without the dead rows");
}

/// Who holds a snapshot without having read the queues does not keep them large: their living rows stay as they are.
#[tokio::test]
async fn f07_a_queue_of_dead_rows_is_written_anew_beside_a_held_snapshot() {
    let house = House::new().await;
    let mut conn = stocked(&house, 200).await;
    let fresh = claim_cost(&mut conn, CLAIM_SEVEN).await;
    let mut holder = engine::begin(&house.pool).await.unwrap();
    sqlx::query("set transaction isolation level repeatable read").execute(&mut *holder).await.unwrap();
    sqlx::query("select count(*) from holdfast.kind").execute(&mut *holder).await.unwrap();
    house
        .run_sql(
            "insert into holdfast.ready (id, rank, tenant, kind, priority) select n, n, 1, 1, 0 from generate_series(1, 90000) n;
             delete from holdfast.ready where id <= 90000;
             insert into holdfast.claim (worker, ids, attempts, losses) select n, array[1], array[0::smallint], array[0::smallint] from generate_series(1, 90000) n;
             delete from holdfast.claim where worker > 1;
             insert into holdfast.later (id, run_at, tenant, kind, priority, awaiting) values (5, 'infinity', 1, 1, 0, 3)",
        )
        .await;
    let dead = claim_cost(&mut conn, CLAIM_SEVEN).await;
    assert!(dead > 10 * fresh, "the rows are not in the way: {fresh} and {dead} pages");
    let rows = "select string_agg(x, ' ' order by x) from (select r::text from holdfast.ready r union all select c::text from holdfast.claim c
                union all select l::text from holdfast.later l) x(x)";
    let before: String = sqlx::query_scalar(rows).fetch_one(&house.pool).await.unwrap();
    let mut user = engine::begin(&house.pool).await.unwrap();
    sqlx::query("lock table holdfast.ready in row exclusive mode").execute(&mut *user).await.unwrap();
    let rewrite = async |queue: &str| {
        let rewrite = "select holdfast.rewrite($1::text::regclass)";
        sqlx::query_scalar::<_, bool>(rewrite).bind(queue).fetch_one(&house.pool).await.unwrap()
    };
    assert!(!rewrite("holdfast.ready").await, "somebody puts a job in just now");
    user.rollback().await.unwrap();
    assert!(rewrite("holdfast.ready").await && rewrite("holdfast.claim").await);
    assert!(!rewrite("holdfast.ready").await && !rewrite("holdfast.later").await, "there is nothing to do");
    assert_eq!(sqlx::query_scalar::<_, String>(rows).fetch_one(&house.pool).await.unwrap(), before);
    let anew = claim_cost(&mut conn, CLAIM_SEVEN).await;
    holder.rollback().await.unwrap();
    assert!(anew <= 2 * fresh, "{anew} pages, {fresh} before");
}
