//! Each act on a job in each state, by those who see it and by those who do not.

use chrono::{DateTime, Utc};
use engine::{
    Sight,
    operate::{self, Acted},
};

use crate::{
    house::House,
    kit::{claim_all, connect, enqueue, execute, one_in_each_state, text, told},
};

const OWN: Sight = Sight::of(1);

fn in_an_hour() -> DateTime<Utc> {
    "2100-01-01T00:00:00Z".parse().unwrap()
}

#[tokio::test]
async fn to_run_now_concerns_what_waits_for_a_time() {
    let house = House::new().await;
    let jobs = one_in_each_state(&house).await;
    let ids: Vec<i64> = jobs.values().copied().collect();
    let acted = operate::run_now(&mut connect(&house).await, OWN, &ids).await.unwrap();
    let expected = [
        "blocked blocked",
        "cancelled ended",
        "completed ended",
        "dead ended",
        "held held",
        "ready ready",
        "retrying due",
        "running running",
        "scheduled due",
        "waiting waiting",
    ];
    assert_eq!(told(&jobs, &acted), expected);
    assert_eq!(house.number("select count(*) from holdfast.later where run_at <= clock_timestamp()").await, 2);
    execute(&house, "select holdfast.promote(10)").await;
    assert_eq!(
        (house.state(jobs["scheduled"]).await.as_str(), house.state(jobs["waiting"]).await.as_str()),
        ("ready", "waiting")
    );
    assert_eq!(
        house.number("select count(*) from holdfast.ready where attempts = 1").await,
        1,
        "what failed still counts"
    );
}

#[tokio::test]
async fn to_snooze_concerns_what_is_ready_or_waits_for_a_time() {
    let house = House::new().await;
    let jobs = one_in_each_state(&house).await;
    let ids: Vec<i64> = jobs.values().copied().collect();
    let acted = operate::snooze(&mut connect(&house).await, OWN, &ids, in_an_hour()).await.unwrap();
    let expected = [
        "blocked blocked",
        "cancelled ended",
        "completed ended",
        "dead ended",
        "held held",
        "ready snoozed",
        "retrying snoozed",
        "running running",
        "scheduled snoozed",
        "waiting waiting",
    ];
    assert_eq!(told(&jobs, &acted), expected);
    let asleep = "select count(*) from holdfast.later where run_at = '2100-01-01Z'";
    assert_eq!(house.number(asleep).await, 3);
    assert_eq!(house.number("select sum(attempts) from holdfast.later").await, 1, "it cost no attempt");
}

#[tokio::test]
async fn others_of_the_lane_pass_one_that_was_snoozed_on_its_way_to_it() {
    let house = House::new().await;
    house.client.register_kinds(&["note".to_owned()]).await.unwrap();
    let first = enqueue(&house, "note", ", lane => 'l'").await;
    let second = enqueue(&house, "note", ", lane => 'l', priority => -1").await;
    let third = enqueue(&house, "note", ", lane => 'l', priority => -1").await;
    // The more urgent ones come first, and wait for the one before them in their lane.
    execute(
        &house,
        "with ghost as (insert into holdfast.worker (name, version) values ('ghost', '0') returning id)
         select holdfast.claim(ghost.id, array[k.id], array[1], array[k.id]), holdfast.claim(ghost.id, array[k.id], array[1], array[k.id])
         from ghost, holdfast.kind k",
    )
    .await;
    assert_eq!((house.state(second).await.as_str(), house.state(third).await.as_str()), ("blocked", "blocked"));
    let acted = operate::snooze(&mut connect(&house).await, OWN, &[first], in_an_hour()).await.unwrap();
    assert_eq!(acted[0].result, "snoozed");
    assert_eq!((house.state(second).await.as_str(), house.state(third).await.as_str()), ("ready", "blocked"));
    claim_all(&house).await;
    assert_eq!(house.state(second).await, "running");
    operate::run_now(&mut connect(&house).await, OWN, &[first]).await.unwrap();
    claim_all(&house).await;
    assert_eq!(house.state(first).await, "blocked", "the lane is taken");
}

#[tokio::test]
async fn one_that_holds_its_lane_keeps_it_while_it_is_snoozed() {
    let house = House::new().await;
    house.client.register_kinds(&["note".to_owned()]).await.unwrap();
    let first = enqueue(&house, "note", ", lane => 'l'").await;
    let second = enqueue(&house, "note", ", lane => 'l'").await;
    claim_all(&house).await;
    execute(&house, "select holdfast.postpone(c.id, c.ids[1], 1::smallint, 0::smallint, '1 s', 'failed', 'x', now(), c.worker) from holdfast.claim c").await;
    operate::snooze(&mut connect(&house).await, OWN, &[first, second], in_an_hour()).await.unwrap();
    claim_all(&house).await;
    assert_eq!((house.state(first).await.as_str(), house.state(second).await.as_str()), ("retrying", "blocked"));
}

#[tokio::test]
async fn to_cancel_and_to_retry_tell_each_job_once() {
    let house = House::new().await;
    let jobs = one_in_each_state(&house).await;
    let mut ids: Vec<i64> = jobs.values().copied().collect();
    ids.extend(ids.clone());
    let acted = operate::retry_seen(&mut connect(&house).await, OWN, &ids).await.unwrap();
    let expected = [
        "blocked not_ended",
        "cancelled retried",
        "completed completed",
        "dead retried",
        "held not_ended",
        "ready not_ended",
        "retrying not_ended",
        "running not_ended",
        "scheduled not_ended",
        "waiting not_ended",
    ];
    assert_eq!(told(&jobs, &acted), expected);
    let acted = operate::cancel_seen(&mut connect(&house).await, OWN, &ids, "not wanted").await.unwrap();
    let expected = [
        "blocked cancelled",
        "cancelled cancelled",
        "completed ended",
        "dead cancelled",
        "held cancelled",
        "ready cancelled",
        "retrying cancelled",
        "running asked",
        "scheduled cancelled",
        "waiting cancelled",
    ];
    assert_eq!(told(&jobs, &acted), expected);
}

#[tokio::test]
async fn to_delete_concerns_what_has_ended() {
    let house = House::new().await;
    let jobs = one_in_each_state(&house).await;
    let ids: Vec<i64> = jobs.values().copied().collect();
    let acted = operate::delete(&mut connect(&house).await, OWN, &ids).await.unwrap();
    let expected = [
        "blocked not_ended",
        "cancelled deleted",
        "completed deleted",
        "dead deleted",
        "held not_ended",
        "ready not_ended",
        "retrying not_ended",
        "running not_ended",
        "scheduled not_ended",
        "waiting not_ended",
    ];
    assert_eq!(told(&jobs, &acted), expected);
    assert_eq!(house.number("select count(*) from holdfast.done").await, 0);
    let again = operate::delete(&mut connect(&house).await, OWN, &ids).await.unwrap();
    assert!(told(&jobs, &again).contains(&"dead unknown".to_owned()));
}

#[tokio::test]
async fn to_edit_and_to_copy_on_each_state() {
    let house = House::new().await;
    let jobs = one_in_each_state(&house).await;
    let mut conn = connect(&house).await;
    let mut edited = Vec::new();
    for job in jobs.values() {
        edited.push(operate::retry_edited(&mut conn, OWN, *job, r#"{"text":"y"}"#, "ops").await.unwrap());
        let copied = operate::duplicate(&mut conn, OWN, *job, None).await.unwrap();
        assert_eq!(copied.result, "duplicated");
        assert_ne!(copied.job, Some(*job));
    }
    let expected = [
        "blocked not_ended",
        "cancelled retried",
        "completed completed",
        "dead retried",
        "held not_ended",
        "ready not_ended",
        "retrying not_ended",
        "running not_ended",
        "scheduled not_ended",
        "waiting not_ended",
    ];
    assert_eq!(told(&jobs, &edited), expected);
    assert_eq!(house.number("select count(*) from holdfast.revision").await, 2, "nothing else was changed");
    let others = "select count(*) from holdfast.job where payload::text like '%y%'";
    assert_eq!(house.number(others).await, 4, "the two, and their copies");
}

/// Everything that the acts could change.
const ALL: &str = "select (select string_agg(s::text, '' order by s.id) from holdfast.job_state s)
    || (select coalesce(string_agg(l::text, '' order by l.id), '') from holdfast.later l) || (select count(*) from holdfast.cancellation)";

#[tokio::test]
async fn jobs_of_another_tenant_are_unknown_and_stay_as_they_are() {
    let house = House::new().await;
    let jobs = one_in_each_state(&house).await;
    let mut ids: Vec<i64> = jobs.values().copied().collect();
    ids.push(4711);
    let mut conn = connect(&house).await;
    let before = text(&mut conn, ALL).await;
    let other = Sight::of(2);
    let mut acted: Vec<Acted> = Vec::new();
    acted.extend(operate::run_now(&mut conn, other, &ids).await.unwrap());
    acted.extend(operate::snooze(&mut conn, other, &ids, in_an_hour()).await.unwrap());
    acted.extend(operate::retry_seen(&mut conn, other, &ids).await.unwrap());
    acted.extend(operate::cancel_seen(&mut conn, other, &ids, "not mine").await.unwrap());
    acted.extend(operate::delete(&mut conn, other, &ids).await.unwrap());
    for job in &ids {
        acted.push(operate::retry_edited(&mut conn, other, *job, "{}", "mallory").await.unwrap());
        assert_eq!(operate::duplicate(&mut conn, other, *job, Some("{}")).await.unwrap().result, "unknown");
    }
    assert_eq!(acted.len(), 6 * ids.len());
    assert!(acted.iter().all(|acted| acted.result == "unknown"), "{acted:?}");
    assert_eq!(text(&mut conn, ALL).await, before);
    let unknown = operate::run_now(&mut conn, Sight::HOUSE, &[4711]).await.unwrap();
    assert_eq!(unknown, [Acted { job: 4711, result: "unknown".to_owned() }], "nor is there such a job for anybody");
}
