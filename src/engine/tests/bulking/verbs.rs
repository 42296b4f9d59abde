//! Each verb does what it says.

use chrono::{DateTime, TimeDelta, Utc};
use engine::{
    Sight,
    bulk::{Asked, Bulk, RunBulk, Verb},
    testing::Stage,
};

use crate::{
    house::House,
    kit::{Count, asked},
};

/// Carries it out without an engine that would run the jobs, too.
async fn carry_out(house: &House, asked: &Asked<'_>, typed: &str, jobs: &[i64]) -> Bulk {
    let id = house.freeze(Sight::HOUSE, asked, jobs).await;
    house.confirm(Sight::HOUSE, id, typed).await;
    let stage = Stage::new(house.engine().job::<RunBulk>()).await.unwrap();
    stage.drain().await.unwrap();
    let over = house.show(id).await;
    assert_eq!((over.state.as_str(), over.done, over.finished_at.is_some()), ("done", over.total, true), "{over:?}");
    over
}

async fn tomorrow(house: &House) -> DateTime<Utc> {
    sqlx::query_scalar::<_, DateTime<Utc>>("select now()").fetch_one(&house.pool).await.unwrap() + TimeDelta::days(1)
}

fn results(words: &[(&str, i64)]) -> Vec<(String, i64)> {
    words.iter().map(|(word, items)| ((*word).to_owned(), *items)).collect()
}

#[tokio::test]
async fn snoozed_jobs_wait_and_run_now_brings_them_back() {
    let house = House::new().await;
    let jobs = [house.waiting(1, 3).await, house.dead(1, 1).await].concat();
    let until = tomorrow(&house).await;
    let snooze = Asked { until: Some(until), ..asked(Verb::Snooze) };
    let over = carry_out(&house, &snooze, "4", &jobs).await;
    assert_eq!((over.ok, over.refused, over.results), (3, 1, results(&[("snoozed", 3), ("ended", 1)])));
    assert_eq!(house.number("select count(*) from holdfast.later where run_at > now() + interval '23 hours'").await, 3);
    let over = carry_out(&house, &asked(Verb::RunNow), "4", &jobs).await;
    assert_eq!((over.ok, over.results), (3, results(&[("due", 3), ("ended", 1)])));
    assert_eq!(house.number("select count(*) from holdfast.later where run_at > now()").await, 0);
}

#[tokio::test]
async fn cancelled_jobs_keep_the_reason() {
    let house = House::new().await;
    let jobs = house.waiting(1, 3).await;
    let over = carry_out(&house, &asked(Verb::Cancel), "3", &jobs).await;
    assert_eq!(over.results, results(&[("cancelled", 3)]));
    assert_eq!(house.number("select count(*) from holdfast.attempt where error = 'the network is back'").await, 3);
}

#[tokio::test]
async fn deleted_jobs_are_gone_and_what_became_of_each_is_still_told() {
    let house = House::new().await;
    let jobs = [house.dead(1, 3).await, house.waiting(1, 1).await].concat();
    let over = carry_out(&house, &asked(Verb::Delete), "delete 4", &jobs).await;
    assert_eq!(over.results, results(&[("deleted", 3), ("not_ended", 1)]));
    let mut conn = house.pool.acquire().await.unwrap();
    let items = engine::bulk::items(&mut conn, Sight::HOUSE, over.id, Some("deleted"), 0, 10).await.unwrap();
    assert_eq!(items.iter().map(|item| item.job).collect::<Vec<_>>(), jobs[..3]);
    let count = "select count(*) from holdfast.job j join holdfast.kind k on k.id = j.kind where k.name = 'count'";
    assert_eq!(house.number(count).await, 1);
}

#[tokio::test]
async fn of_two_dead_jobs_with_one_key_one_is_retried() {
    let house = House::new().await;
    let jobs = house.dead(1, 6).await;
    // The key went out of mind between them; the sixth one's is taken by one that waits.
    sqlx::raw_sql(
        "update holdfast.job set key = 'k' || (payload->>'number')::integer / 2 where payload->>'number' is not null",
    )
    .execute(&house.pool)
    .await
    .unwrap();
    let waits = house.put(&Count { number: 9 }).await;
    sqlx::query("insert into holdfast.uniq (tenant, kind, key, job, expires_at) select tenant, kind, 'k2', id, now() from holdfast.job where id = $1")
        .bind(waits)
        .execute(&house.pool)
        .await
        .unwrap();
    let over = carry_out(&house, &asked(Verb::Retry), "6", &jobs).await;
    assert_eq!(over.results, results(&[("key_taken", 4), ("retried", 2)]));
    let kept = "select count(*) from holdfast.uniq u join holdfast.ready r on r.id = u.job where u.key like 'k_'";
    assert_eq!(house.number(kept).await, 3);
}
