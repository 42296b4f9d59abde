//! Pause, resume, abort, another rate.

use engine::{
    Sight,
    bulk::{self, Asked, Steered, Verb},
};

use crate::{
    house::{House, start},
    kit::{asked, build},
};

const SLOW: Asked<'static> = Asked { rate: Some(20), ..asked(Verb::Retry) };

#[tokio::test]
async fn a_pause_stops_before_the_next_chunk_and_a_resume_goes_on_from_there() {
    let house = House::new().await;
    let jobs = house.dead(1, 200).await;
    let id = house.begin(&SLOW, &jobs).await;
    let running = start(build(house.engine()));
    house.until_bulk(id, |now| now.done > 0).await;
    assert_eq!(house.pause(Sight::HOUSE, id).await, Steered::Done);
    let paused = house.show(id).await;
    assert!(paused.done < 200 && paused.paused_at.is_some() && paused.eta.is_none(), "{paused:?}");
    assert_eq!(house.pause(Sight::HOUSE, id).await, Steered::Already);
    // The run has seen it: it has ended, and no chunk has begun after the pause.
    let ended = "select count(*) from holdfast.done d join holdfast.bulk b on b.job = d.id where d.outcome = 0";
    house.until(ended, 1).await;
    assert_eq!(house.show(id).await.done, paused.done);
    let mut conn = house.pool.acquire().await.unwrap();
    assert_eq!(bulk::set_rate(&mut conn, Sight::HOUSE, id, None).await.unwrap(), Steered::Done);
    assert_eq!(bulk::set_rate(&mut conn, Sight::HOUSE, id, None).await.unwrap(), Steered::Already);
    assert_eq!(house.resume(Sight::HOUSE, id).await, Steered::Done);
    let over = house.until_bulk(id, |now| now.state == "done").await;
    assert_eq!((over.ok, over.paused_at), (200, None));
    house.until_ended(202).await;
    running.stop().await;
    for number in 0..200 {
        assert_eq!(house.world.count(&number.to_string()), 1, "{number}");
    }
    assert_eq!(house.resume(Sight::HOUSE, id).await, Steered::TooLate);
}

#[tokio::test]
async fn pauses_and_resumes_in_a_row_leave_one_run_that_ends() {
    let house = House::new().await;
    let jobs = house.dead(1, 400).await;
    let id = house.begin(&Asked { rate: Some(400), ..SLOW }, &jobs).await;
    let running = start(build(house.engine()));
    for _ in 0..20 {
        house.pause(Sight::HOUSE, id).await;
        tokio::task::yield_now().await;
        house.resume(Sight::HOUSE, id).await;
    }
    let over = house.until_bulk(id, |now| now.state == "done").await;
    assert_eq!((over.ok, over.results), (400, vec![("retried".to_owned(), 400)]));
    house
        .until(
            "select count(*) from holdfast.done where kind = (select id from holdfast.kind where name = 'count')",
            400,
        )
        .await;
    running.stop().await;
    assert_eq!(house.world.diary().len(), 400);
}

#[tokio::test]
async fn an_abort_leaves_the_rest_alone() {
    let house = House::new().await;
    let jobs = house.dead(1, 200).await;
    let id = house.begin(&SLOW, &jobs).await;
    let running = start(build(house.engine()));
    house.until_bulk(id, |now| now.done > 0).await;
    assert_eq!(house.abort(Sight::HOUSE, id).await, Steered::Done);
    assert_eq!(house.abort(Sight::HOUSE, id).await, Steered::Already);
    let aborted = house.show(id).await;
    house.until("select count(*) from holdfast.done d join holdfast.bulk b on b.job = d.id", 1).await;
    running.stop().await;
    let now = house.show(id).await;
    assert_eq!((now.state.as_str(), now.done), ("aborted", aborted.done));
    assert!(now.done < 200 && now.finished_at.is_some());
    let left = house.number("select count(*) from holdfast.bulk_item where result is null").await;
    assert_eq!(left, i64::from(200 - now.done));
    assert_eq!(house.number("select count(*) from holdfast.done where outcome = 1").await, left, "still dead");
    assert_eq!(house.resume(Sight::HOUSE, id).await, Steered::TooLate);
    assert_eq!(house.pause(Sight::HOUSE, id).await, Steered::TooLate);
}

#[tokio::test]
async fn a_run_that_somebody_cancelled_is_seen_and_resumed() {
    let house = House::new().await;
    let jobs = house.dead(1, 30).await;
    let id = house.begin(&SLOW, &jobs).await;
    let run = house.show(id).await.job.unwrap();
    let cancel = "select count(*) from holdfast.cancel(array[(select job from holdfast.bulk)], 'by mistake')";
    assert_eq!(house.number(cancel).await, 1);
    let stalled = house.show(id).await;
    assert!(stalled.stalled && stalled.state == "running", "{stalled:?}");
    assert_eq!(house.resume(Sight::HOUSE, id).await, Steered::Done);
    assert_ne!(house.show(id).await.job, Some(run));
    assert_eq!(house.resume(Sight::HOUSE, id).await, Steered::Already);
    let running = start(build(house.engine()));
    assert_eq!(house.until_bulk(id, |now| now.state == "done").await.ok, 30);
    running.stop().await;
}
