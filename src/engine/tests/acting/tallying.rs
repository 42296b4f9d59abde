//! Throughput as the processes count it.

use engine::overview;

use crate::{
    house::{House, start},
    kit::{connect, engine, execute, note},
};

async fn sums(house: &House) -> (i64, i64, i64, i64, i64, i64) {
    sqlx::query_as(
        "select coalesce(sum(completed), 0)::bigint, coalesce(sum(failed), 0)::bigint, coalesce(sum(dead), 0)::bigint, coalesce(sum(snoozed), 0)::bigint,
                count(distinct worker), count(distinct kind) from holdfast.tally",
    )
    .fetch_one(&house.pool)
    .await
    .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_two_processes_counted_adds_up_when_they_have_gone() {
    let house = House::new().await;
    let first = start(engine(&house));
    for text in ["fine", "fine", "own", "bad", "nap"] {
        house.put(&note(text)).await;
    }
    house.until_ended(4).await;
    house.until("select count(*) from holdfast.later", 1).await;
    first.stop().await;
    assert_eq!(sums(&house).await, (3, 1, 1, 1, 1, 1));
    let second = start(engine(&house));
    for text in ["fine", "bad", "bad"] {
        house.put(&note(text)).await;
    }
    house.until_ended(7).await;
    second.stop().await;
    assert_eq!(sums(&house).await, (4, 3, 3, 1, 2, 1));
    let seen = overview::snapshot(&mut connect(&house).await).await.unwrap();
    let notes = seen.kinds.iter().find(|kind| kind.standing.kind == "note").unwrap();
    assert_eq!((notes.completed.len(), notes.failed.len()), (60, 60));
    assert_eq!((notes.completed.iter().sum::<i64>(), notes.failed.iter().sum::<i64>()), (4, 3));
    assert!(notes.mean_run_ms.is_some() && notes.mean_wait_ms.is_some());
    let quiet = seen.kinds.iter().find(|kind| kind.standing.kind == "letter").unwrap();
    assert_eq!((quiet.completed.len(), quiet.mean_run_ms), (0, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idle_process_writes_nothing_and_old_minutes_are_not_shown() {
    let house = House::new().await;
    let running = start(engine(&house));
    house.until("select count(*) from holdfast.worker", 1).await;
    running.stop().await;
    assert_eq!(house.number("select count(*) from holdfast.tally").await, 0);
    execute(
        &house,
        "insert into holdfast.tally (minute, kind, worker, completed, run_ms)
         select date_trunc('minute', now()) - m * interval '1 minute', k.id, w, 1, 10 from holdfast.kind k, generate_series(1, 2) w, unnest(array[1, 2, 58, 61, 1600]) m
         where k.name = 'note'",
    )
    .await;
    let seen = overview::snapshot(&mut connect(&house).await).await.unwrap();
    let notes = seen.kinds.iter().find(|kind| kind.standing.kind == "note").unwrap();
    assert_eq!(notes.completed.iter().sum::<i64>(), 6, "the last hour, over both workers");
    assert_eq!(notes.completed.iter().rev().position(|n| *n == 2), Some(1), "the present minute is last");
    assert_eq!(notes.mean_run_ms, Some(10.0));
}

#[tokio::test]
async fn minutes_of_long_ago_are_swept() {
    let house = House::new().await;
    execute(&house, "insert into holdfast.tally (minute, kind, worker) select now() - h * interval '1 hour', 1, 1 from unnest(array[1, 24, 26]) h").await;
    assert_eq!(house.number("select holdfast.sweep_tally()").await, 1);
    assert_eq!(house.number("select count(*) from holdfast.tally").await, 2);
}
