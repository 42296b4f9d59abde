//! Pages that look again by themselves leave alone what somebody is writing.

use thirtyfour::Key;

use super::{are, scheduled};
use crate::house::{Browser, Story};

#[tokio::test]
async fn what_somebody_writes_stays_while_things_happen_and_the_page_goes_on_when_they_leave() {
    let story = Story::begin().await;
    let browser = Browser::of(&story, &story.console_owner().await).await;
    let jobs = scheduled(&story.judge.pool, story.tenant, 1).await;
    let place = format!("/ops/jobs/{}", jobs[0]);
    browser.goes(&place).await;
    browser.clicks(&format!("details:has(> form[action='{place}/cancel']) > summary")).await;
    let field = browser.finds(&format!("form[action='{place}/cancel'] [name=reason]")).await;
    field.send_keys("half a sen").await.unwrap();
    runs(&story, jobs[0]).await;
    browser.sees("Paused while you edit").await;
    assert_eq!(field.prop("value").await.unwrap().as_deref(), Some("half a sen"));
    field.send_keys("tence").await.unwrap();
    assert!(!browser.said().await.contains("completed"), "the page has not moved under the hands");
    browser.types(Key::Escape).await;
    browser.sees("completed").await;
    browser.quits().await;
    story.end().await;
}

#[tokio::test]
async fn a_list_tells_of_new_jobs_by_itself() {
    let story = Story::begin().await;
    let browser = Browser::of(&story, &story.console_owner().await).await;
    browser.goes("/ops/jobs?q=kind%3Amark_read").await;
    browser.sees("No jobs").await;
    let jobs = scheduled(&story.judge.pool, story.tenant, 1).await;
    browser.finds(&format!("#job-{}", jobs[0])).await;
    browser.quits().await;
}

/// Starts a scheduled job now, and waits until it has run.
async fn runs(story: &Story, job: i64) {
    let pool = story.pool().await;
    let mut tx = engine::begin(&pool).await.unwrap();
    engine::operate::run_now(&mut tx, engine::Sight::HOUSE, &[job]).await.unwrap();
    engine::Client::new(pool.clone()).commit(tx).await.unwrap();
    are(story, &[job], "completed", 1).await;
}
