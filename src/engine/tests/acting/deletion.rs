//! What goes with a job that is deleted, and what keeps it.

use engine::{Sight, operate, testing};
use sqlx::AssertSqlSafe;

use crate::{
    house::House,
    kit::{claim_all, connect, engine, enqueue, execute, letter, note},
};

const HOUSE: Sight = Sight::HOUSE;

/// Columns that name a job, in all tables of the engine; but for promised keys, which outlive theirs, and what tells
/// where a job came from.
const NAMED: &str = "select table_name || ' ' || column_name from information_schema.columns
    where table_schema = 'holdfast' and table_name !~ '_(\\d{4}w\\d\\d|default)$' and data_type = 'bigint'
      and (column_name in ('job', 'parent', 'child', 'holder') or column_name = 'id' and table_name in ('job', 'ready', 'later', 'blocked', 'held', 'done', 'attempt'))
      and table_name not in ('uniq', 'job_state', 'schedule_act')";

/// The tables where one of these jobs is still named.
async fn traces(house: &House, jobs: &[i64]) -> Vec<String> {
    let named: Vec<String> = sqlx::query_scalar(NAMED).fetch_all(&house.pool).await.unwrap();
    assert!(named.len() > 18, "{named:?}");
    let mut found = Vec::new();
    for place in named {
        let (table, column) = place.split_once(' ').unwrap();
        let sql = format!("select exists (select from holdfast.{table} where {column} = any($1))");
        if sqlx::query_scalar(AssertSqlSafe(sql)).bind(jobs).fetch_one(&house.pool).await.unwrap() {
            found.push(place);
        }
    }
    let claimed = "select exists (select from holdfast.claim where ids && $1)";
    if sqlx::query_scalar(claimed).bind(jobs).fetch_one(&house.pool).await.unwrap() {
        found.push("claim ids".to_owned());
    }
    found
}

#[tokio::test]
async fn a_workflow_goes_with_its_steps_and_leaves_nothing() {
    let house = House::new().await;
    let stage = testing::Stage::new(engine(&house)).await.unwrap();
    let flow = house.put(&letter("fine", "bad")).await;
    let stays = house.put(&note("stays")).await;
    stage.drain().await.unwrap();
    assert_eq!(house.state(flow).await, "dead");
    let jobs: Vec<i64> = sqlx::query_scalar("select id from holdfast.job where id <> $1 order by id")
        .bind(stays)
        .fetch_all(&house.pool)
        .await
        .unwrap();
    assert_eq!(jobs.len(), 3, "with two steps");
    execute(
        &house,
        &format!(
            "insert into holdfast.signal (job, name, id, payload) values ({flow}, 's', '1', '1');
             insert into holdfast.progress (job, data) values ({flow}, '1');
             insert into holdfast.merged (job, number, payload) values ({flow}, 1, '1');
             insert into holdfast.revision (job, number, payload, by) values ({flow}, 1, '1', 'Ada');
             insert into holdfast.cancellation (job, reason) values ({flow}, 'x');
             insert into holdfast.slot (gate, job) values (1, {flow});
             insert into holdfast.effect (key, job, state) values ('e', {flow}, 'planned')"
        ),
    )
    .await;
    let before = traces(&house, &jobs).await;
    for place in
        ["done id", "attempt id", "step parent", "step child", "revision job", "effect job", "signal job", "slot job"]
    {
        assert!(before.iter().any(|found| found == place), "{place} in {before:?}");
    }
    let mut conn = connect(&house).await;
    for step in &jobs[1..] {
        assert_eq!(operate::delete(&mut conn, HOUSE, &[*step]).await.unwrap()[0].result, "is_step");
    }
    assert_eq!(operate::delete(&mut conn, HOUSE, &[flow]).await.unwrap()[0].result, "deleted");
    assert_eq!(traces(&house, &jobs).await, Vec::<String>::new());
    assert_eq!(house.state(stays).await, "completed");
}

#[tokio::test]
async fn a_step_that_another_run_uses_stays() {
    let house = House::new().await;
    let stage = testing::Stage::new(engine(&house)).await.unwrap();
    let flow = house.put(&letter("one", "two")).await;
    stage.drain().await.unwrap();
    let mut conn = connect(&house).await;
    let fork = operate::fork(&mut conn, flow, "second").await.unwrap();
    stage.drain().await.unwrap();
    let steps: Vec<i64> = sqlx::query_scalar("select child from holdfast.step where parent = $1 order by child")
        .bind(flow)
        .fetch_all(&house.pool)
        .await
        .unwrap();
    assert_eq!(operate::delete(&mut conn, HOUSE, &[flow]).await.unwrap()[0].result, "deleted");
    assert_eq!(house.state(steps[0]).await, "completed", "the fork has its result from there");
    assert_eq!(traces(&house, &[flow, steps[1]]).await, ["job parent"], "the step that stays was begun by it");
    assert_eq!(operate::delete(&mut conn, HOUSE, &[steps[0]]).await.unwrap()[0].result, "is_step");
    assert_eq!(operate::delete(&mut conn, HOUSE, &[fork]).await.unwrap()[0].result, "deleted");
    assert_eq!(operate::delete(&mut conn, HOUSE, &[steps[0]]).await.unwrap()[0].result, "deleted");
    assert_eq!(house.number("select count(*) from holdfast.job").await, 0);
}

#[tokio::test]
async fn a_workflow_whose_step_goes_on_is_not_deleted() {
    let house = House::new().await;
    let stage = testing::Stage::new(engine(&house)).await.unwrap();
    let flow = house.put(&letter("one", "two")).await;
    stage.drain().await.unwrap();
    let step = format!("(select max(child) from holdfast.step where parent = {flow})");
    execute(
        &house,
        &format!(
            "delete from holdfast.done where id = {step}; update holdfast.step set detached = true where child = {step}"
        ),
    )
    .await;
    let acted = operate::delete(&mut connect(&house).await, HOUSE, &[flow]).await.unwrap();
    assert_eq!(acted[0].result, "not_ended");
    assert_eq!(house.number("select count(*) from holdfast.job").await, 3);
}

#[tokio::test]
async fn an_effect_that_nobody_knows_the_end_of_keeps_its_job() {
    let house = House::new().await;
    let stage = testing::Stage::new(engine(&house)).await.unwrap();
    let flow = house.put(&letter("one", "two")).await;
    stage.drain().await.unwrap();
    let mut conn = connect(&house).await;
    for (state, result) in [("sent", "has_open_effect"), ("unknown", "has_open_effect"), ("confirmed", "deleted")] {
        execute(
            &house,
            &format!("insert into holdfast.effect (key, job, state, sent_at) select 'e', max(child), '{state}', now() from holdfast.step where parent = {flow}
                      on conflict (key) do update set state = excluded.state"),
        )
        .await;
        assert_eq!(operate::delete(&mut conn, HOUSE, &[flow]).await.unwrap()[0].result, result);
    }
    assert_eq!(house.number("select count(*) from holdfast.effect").await, 0);
}

#[tokio::test]
async fn the_lane_of_a_dead_head_goes_on() {
    let house = House::new().await;
    house.client.register_kinds(&["note".to_owned()]).await.unwrap();
    let head = enqueue(&house, "note", ", lane => 'l', key => 'once'").await;
    let next = enqueue(&house, "note", ", lane => 'l'").await;
    claim_all(&house).await;
    execute(
        &house,
        &format!("insert into holdfast.done (id, started_at, outcome, attempts, kind, tenant) select id, now(), 1, 1, kind, tenant from holdfast.job where id = {head}"),
    )
    .await;
    assert_eq!(house.state(next).await, "blocked");
    let acted = operate::delete(&mut connect(&house).await, HOUSE, &[head]).await.unwrap();
    assert_eq!(acted[0].result, "deleted");
    assert_eq!(house.state(next).await, "ready");
    assert_eq!(traces(&house, &[head]).await, Vec::<String>::new(), "nor does the claim that brought it name it");
    assert_eq!(enqueue(&house, "note", ", key => 'once'").await, head, "its key is promised for longer");
}
