//! Retries with other arguments, and copies.

use engine::{
    Sight,
    erasure::{self, Marks},
    operate, testing,
};

use crate::{
    house::House,
    kit::{connect, engine, execute, letter, note, text},
};

const HOUSE: Sight = Sight::HOUSE;

#[tokio::test]
async fn an_edited_job_runs_with_the_new_arguments_and_the_former_ones_are_kept() {
    let house = House::new().await;
    let stage = testing::Stage::new(engine(&house)).await.unwrap();
    let job = house.put(&note("bad")).await;
    stage.drain().await.unwrap();
    assert_eq!(house.state(job).await, "dead");
    let mut conn = connect(&house).await;
    let still_bad = r#"{"text":"bad","times":9}"#;
    for (payload, state) in [(still_bad, "dead"), (r#"{"text":"good","times":4}"#, "completed")] {
        let acted = operate::retry_edited(&mut conn, HOUSE, job, payload, "Ada").await.unwrap();
        assert_eq!(acted.result, "retried");
        stage.drain().await.unwrap();
        assert_eq!(house.state(job).await, state);
    }
    assert_eq!(house.world.diary(), ["good"]);
    let kept = "select string_agg(number || by || payload::text, ' ' order by number) from holdfast.revision";
    assert_eq!(text(&mut conn, kept).await.unwrap(), format!(r#"1Ada{{"text":"bad","times":3}} 2Ada{still_bad}"#));
}

#[tokio::test]
async fn arguments_that_are_no_json_or_too_large_change_nothing() {
    let house = House::new().await;
    let stage = testing::Stage::new(engine(&house)).await.unwrap();
    let job = house.put(&note("bad")).await;
    stage.drain().await.unwrap();
    let mut conn = connect(&house).await;
    let large = format!("\"{}\"", "x".repeat(1 << 20));
    for (payload, result) in [("{", "not_json"), ("", "not_json"), ("{} {}", "not_json"), (large.as_str(), "too_large")]
    {
        assert_eq!(operate::retry_edited(&mut conn, HOUSE, job, payload, "Ada").await.unwrap().result, result);
        assert_eq!(operate::duplicate(&mut conn, HOUSE, job, Some(payload)).await.unwrap().result, result);
    }
    let nobody = operate::retry_edited(&mut conn, HOUSE, job, "{}", " ").await;
    assert!(nobody.is_err(), "somebody must have done it");
    assert_eq!(house.state(job).await, "dead");
    assert_eq!(house.number("select count(*) from holdfast.job").await, 1);
}

#[tokio::test]
async fn a_copy_runs_in_the_same_lane_without_the_key_and_steps_have_none() {
    let house = House::new().await;
    let stage = testing::Stage::new(engine(&house)).await.unwrap();
    let sql = r#"select id from holdfast.enqueue('note', '{"text":"once","times":1}', 1, key => 'k', lane => 'l', limit_key => 'm')"#;
    let job: i64 = sqlx::query_scalar(sql).fetch_one(&house.pool).await.unwrap();
    let flow = house.put(&letter("a", "b")).await;
    stage.drain().await.unwrap();
    let mut conn = connect(&house).await;
    let copy = operate::duplicate(&mut conn, HOUSE, job, None).await.unwrap();
    let other = operate::duplicate(&mut conn, HOUSE, job, Some(r#"{"text":"twice","times":1}"#)).await.unwrap();
    stage.drain().await.unwrap();
    assert_eq!((house.world.count("once"), house.world.count("twice")), (2, 1));
    for copy in [copy.job.unwrap(), other.job.unwrap()] {
        let same = "select count(*) from holdfast.job where id = $1 and forked_from = $2 and root = id and key = '' and lane = 'l' and limit_key = 'm'";
        let same: i64 = sqlx::query_scalar(same).bind(copy).bind(job).fetch_one(&house.pool).await.unwrap();
        assert_eq!(same, 1);
    }
    let step: i64 = sqlx::query_scalar("select child from holdfast.step where parent = $1 limit 1")
        .bind(flow)
        .fetch_one(&house.pool)
        .await
        .unwrap();
    let refused = operate::duplicate(&mut conn, HOUSE, step, None).await.unwrap();
    assert_eq!((refused.job, refused.result.as_str()), (None, "is_step"));
    let again = operate::duplicate(&mut conn, HOUSE, flow, None).await.unwrap();
    stage.drain().await.unwrap();
    assert_eq!(house.state(again.job.unwrap()).await, "completed");
    assert_eq!(house.world.count("a"), 2, "from its beginning");
}

#[tokio::test]
async fn what_somebody_wrote_into_former_arguments_is_found_and_erased_even_while_the_job_goes_on() {
    let house = House::new().await;
    let stage = testing::Stage::new(engine(&house)).await.unwrap();
    let open = house.put(&note("bad")).await;
    let ended = house.put(&note("bad")).await;
    stage.drain().await.unwrap();
    let mut conn = connect(&house).await;
    for job in [open, ended] {
        operate::retry_edited(&mut conn, HOUSE, job, r#"{"text":"bad","times":1,"phone":"393331234567"}"#, "Ada")
            .await
            .unwrap();
    }
    stage.drain().await.unwrap();
    for job in [open, ended] {
        operate::retry_edited(&mut conn, HOUSE, job, r#"{"text":"fine","times":1}"#, "Ada").await.unwrap();
    }
    operate::cancel(&mut conn, &[ended], "not wanted").await.unwrap();
    let words = ["393331234567".to_owned()];
    let marks = Marks { words: &words, tokens: &[] };
    assert_eq!(erasure::mentions(&mut conn, 1, marks, 0, 100).await.unwrap().found.len(), 2);
    assert_eq!(erasure::erase(&mut conn, &[open, ended]).await.unwrap(), 1, "the open one keeps its arguments");
    let found = erasure::mentions(&mut conn, 1, marks, 0, 100).await.unwrap().found;
    assert_eq!(found, Vec::<i64>::new());
    stage.drain().await.unwrap();
    assert_eq!(house.world.diary(), ["fine"]);
}

#[tokio::test]
async fn former_arguments_go_with_their_job() {
    let house = House::new().await;
    let stage = testing::Stage::new(engine(&house)).await.unwrap();
    let mut conn = connect(&house).await;
    for _ in 0..2 {
        let job = house.put(&note("bad")).await;
        stage.drain().await.unwrap();
        operate::retry_edited(&mut conn, HOUSE, job, r#"{"text":"fine","times":1}"#, "Ada").await.unwrap();
        stage.drain().await.unwrap();
    }
    let left = "select count(*) from holdfast.revision";
    assert_eq!(house.number(left).await, 2);
    // As when a whole week goes at once, and as row by row.
    execute(&house, "delete from holdfast.job where id = (select min(id) from holdfast.job)").await;
    assert_eq!(house.number("select holdfast.sweep_orphans(now() + interval '1 day', 10)::bigint").await, 1);
    assert_eq!(house.number(left).await, 1);
    let pruned =
        "select removed::bigint from holdfast.prune(now() + interval '1 day', now() + interval '1 day', null, 10)";
    assert_eq!((house.number(pruned).await, house.number(left).await), (1, 0));
}
