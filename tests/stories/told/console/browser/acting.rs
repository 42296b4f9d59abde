//! What is done to jobs, one by one and by selection.

use super::{are, audited, dead, in_state, scheduled};
use crate::house::{Browser, Story};

#[tokio::test]
async fn a_dead_job_is_retried_from_its_page() {
    let story = Story::begin().await;
    let browser = Browser::of(&story, &story.console_owner().await).await;
    let jobs = dead(&story, 1, "no answer in 15 s").await;
    browser.goes(&format!("/ops/jobs/{}", jobs[0])).await;
    browser.sees("no answer in 15 s").await;
    browser.presses("Retry").await;
    browser.sees("It runs once more.").await;
    are(&story, &jobs, "completed", 1).await;
    browser.goes(&format!("/ops/jobs/{}", jobs[0])).await;
    browser.sees("completed").await;
    assert_eq!(audited(&story, "job.retry").await, ["–"]);
    browser.quits().await;
    story.end().await;
}

#[tokio::test]
async fn what_is_ticked_is_retried_and_nothing_else() {
    let story = Story::begin().await;
    let browser = Browser::of(&story, &story.console_owner().await).await;
    let jobs = dead(&story, 3, "no answer").await;
    browser.goes("/ops/jobs?q=state%3Adead").await;
    for job in &jobs[..2] {
        browser.clicks(&format!("input[name=job][value='{job}']")).await;
    }
    browser.sees("2 selected").await;
    browser.clicks("#selection [data-act=retry]").await;
    browser.sees("Done with 2.").await;
    are(&story, &jobs, "completed", 2).await;
    assert_eq!(in_state(&story, &jobs[2..], "dead").await, 1);
    assert_eq!(browser.count("input[name=job]").await, 1, "still at the search");
    browser.quits().await;
}

#[tokio::test]
async fn wrong_arguments_are_refused_with_their_field_and_right_ones_run() {
    let story = Story::begin().await;
    let browser = Browser::of(&story, &story.console_owner().await).await;
    let jobs = dead(&story, 1, "no such number").await;
    browser.goes(&format!("/ops/jobs/{}", jobs[0])).await;
    browser.presses("Edit and retry…").await;
    browser.writes("textarea[name=payload]", r#"{ "phone_number_id": 5, "wamid": "wamid.1" }"#).await;
    browser.writes("main [name=reason]", "the number was retyped").await;
    browser.presses("Edit and retry").await;
    browser.sees("phone_number_id: invalid type: integer").await;
    assert_eq!(in_state(&story, &jobs, "dead").await, 1);
    browser.writes("textarea[name=payload]", r#"{ "phone_number_id": "5", "wamid": "wamid.1" }"#).await;
    browser.writes("main [name=reason]", "the number was retyped").await;
    browser.presses("Edit and retry").await;
    browser.sees("It runs once more.").await;
    are(&story, &jobs, "completed", 1).await;
    assert_eq!(audited(&story, "job.retry_edited").await, ["the number was retyped"]);
    let changed = "select string_agg(field, ',') from audit, jsonb_object_keys(detail -> 'changed') field where act = 'job.retry_edited'";
    assert_eq!(story.judge.texts(changed).await, ["phone_number_id"]);
    browser.quits().await;
    story.end().await;
}

#[tokio::test]
async fn a_job_is_cancelled_with_a_reason() {
    let story = Story::begin().await;
    let browser = Browser::of(&story, &story.console_owner().await).await;
    let jobs = scheduled(&story.judge.pool, story.tenant, 1).await;
    browser.goes(&format!("/ops/jobs/{}", jobs[0])).await;
    browser.sees("scheduled").await;
    browser.asks(&format!("/ops/jobs/{}/cancel", jobs[0]), "nobody reads it").await;
    browser.sees("Cancelled.").await;
    assert_eq!(in_state(&story, &jobs, "cancelled").await, 1);
    assert_eq!(audited(&story, "job.cancel").await, ["nobody reads it"]);
    browser.quits().await;
    story.end().await;
}
