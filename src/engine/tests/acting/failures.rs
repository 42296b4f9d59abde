//! Dead jobs by what they died of.

use engine::{
    Sight,
    overview::{failures, of_failure},
    testing,
};
use sqlx::AssertSqlSafe;

use crate::{
    house::House,
    kit::{connect, engine, execute, note},
};

#[tokio::test]
async fn errors_of_one_sort_have_one_fingerprint() {
    let house = House::new().await;
    let same = [
        ["job 17 of tenant 4: no answer in 30s", "job 991 of tenant 12: no answer in 5s"],
        [
            "no room \"Blue\" for 9b2e4c1a-1111-2222-3333-444455556666",
            "no room \"Red and 'green'\" for 00000000-aaaa-bbbb-cccc-dddddddddddd\nat line 3",
        ],
        [
            "message wamid HBgMMzkzMzEyMzQ1Njc4FQI is gone (0xdeadbeef)",
            "message wamid HBgMMzkzMzEyMzQ1OTk5FQI is gone (0x1)",
        ],
        ["took 1.5 of 3,000.25", "took 12 of 9"],
    ];
    let print = async |text: &str| -> String {
        sqlx::query_scalar("select holdfast.fingerprint($1)").bind(text).fetch_one(&house.pool).await.unwrap()
    };
    let mut sorts = std::collections::BTreeSet::new();
    for [one, other] in same {
        assert_eq!(print(one).await, print(other).await);
        sorts.insert(print(one).await);
    }
    assert_eq!(sorts.len(), same.len(), "{sorts:?}");
    assert_eq!(print("it can't be, and won't be").await, "it can't be, and won't be");
    assert_eq!(print(&"x".repeat(500)).await.len(), 200);
}

/// A dead job of the note's type, of a tenant.
async fn died(house: &House, tenant: i64, error: &str) -> i64 {
    let sql = format!(
        "with put as (select id from holdfast.enqueue('note', '{{}}', {tenant}, run_at => now() + interval '1 hour')),
              gone as (delete from holdfast.later)
         insert into holdfast.done (id, started_at, outcome, attempts, kind, tenant, output)
         select p.id, now(), 1, 1, k.id, {tenant}, json_build_object('error', $1::text) from put p, holdfast.kind k where k.name = 'note' returning id"
    );
    sqlx::query_scalar(AssertSqlSafe(sql)).bind(error).fetch_one(&house.pool).await.unwrap()
}

#[tokio::test]
async fn dead_jobs_are_grouped_and_a_group_has_its_jobs() {
    let house = House::new().await;
    house.client.register_kinds(&["note".to_owned(), "other".to_owned()]).await.unwrap();
    let mut timeouts = Vec::new();
    for n in 0..7 {
        timeouts.push(died(&house, 1, &format!("no answer in {n}s")).await);
    }
    let others = [died(&house, 2, "no answer in 70s").await, died(&house, 2, "refused").await];
    execute(&house, "insert into holdfast.done (id, started_at, outcome, attempts, kind, tenant) select id, now(), 2, 1, 1, 1 from generate_series(1, 3) id").await;
    let mut conn = connect(&house).await;
    let all = failures(&mut conn, Sight::HOUSE, None).await.unwrap();
    let told: Vec<_> = all
        .iter()
        .map(|f| (f.kind.as_str(), f.fingerprint.as_str(), f.count, f.more, f.sample_error.as_str()))
        .collect();
    assert_eq!(
        told,
        [("note", "no answer in ?s", 8, false, "no answer in 70s"), ("note", "refused", 1, false, "refused")]
    );
    assert_eq!(all[0].sample_ids, [others[0], timeouts[6], timeouts[5], timeouts[4], timeouts[3]]);
    assert!(all[0].first_at < all[0].last_at);
    let own = failures(&mut conn, Sight::of(1), Some("note")).await.unwrap();
    assert_eq!(own.iter().map(|f| f.count).collect::<Vec<_>>(), [7]);
    assert!(failures(&mut conn, Sight::HOUSE, Some("other")).await.unwrap().is_empty());
    timeouts.reverse();
    assert_eq!(of_failure(&mut conn, Sight::of(1), "note", "no answer in ?s", 100).await.unwrap(), timeouts);
    assert_eq!(
        of_failure(&mut conn, Sight::HOUSE, "note", "no answer in ?s", 2).await.unwrap(),
        [others[0], timeouts[0]]
    );
    assert!(of_failure(&mut conn, Sight::of(1), "note", "refused", 100).await.unwrap().is_empty());
    assert!(of_failure(&mut conn, Sight::HOUSE, "nothing", "refused", 100).await.unwrap().is_empty());
}

#[tokio::test]
async fn the_newest_ten_thousand_are_looked_at_and_it_is_told_that_there_are_more() {
    let house = House::new().await;
    house.client.register_kinds(&["note".to_owned()]).await.unwrap();
    execute(
        &house,
        "insert into holdfast.done (id, finished_at, started_at, outcome, attempts, kind, tenant, output)
           select n, now() - n * interval '1 ms', now(), 1, 1, k.id, 1, json_build_object('error', case when n <= 10000 then 'new' else 'old' end)
           from holdfast.kind k, generate_series(1, 10001) n",
    )
    .await;
    let seen = failures(&mut connect(&house).await, Sight::HOUSE, None).await.unwrap();
    assert_eq!(
        seen.iter().map(|f| (f.fingerprint.as_str(), f.count, f.more)).collect::<Vec<_>>(),
        [("new", 10_000, true)]
    );
}

#[tokio::test]
async fn what_jobs_died_of_by_their_own_code_is_grouped_too() {
    let house = House::new().await;
    let stage = testing::Stage::new(engine(&house)).await.unwrap();
    for _ in 0..3 {
        house.put(&note("bad")).await;
    }
    stage.drain().await.unwrap();
    let seen = failures(&mut connect(&house).await, Sight::HOUSE, None).await.unwrap();
    assert_eq!(
        seen.iter().map(|f| (f.fingerprint.as_str(), f.count)).collect::<Vec<_>>(),
        [("page ? of \"?\" is bad", 3)]
    );
}
