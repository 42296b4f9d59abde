//! Queues that stand still for a while.

use super::{are, audited};
use crate::house::{Browser, Story};

const TICKS: &str =
    r#"select id from holdfast.enqueue('mark_read', '{"phone_number_id": "5", "wamid": "wamid.1"}', $1)"#;

#[tokio::test]
async fn a_queue_that_is_paused_starts_nothing_until_it_is_resumed() {
    let story = Story::begin().await;
    let browser = Browser::of(&story, &story.console_owner().await).await;
    browser.goes("/ops/queues/mark_read").await;
    browser.asks("/ops/pauses/set", "WhatsApp is away").await;
    browser.sees("WhatsApp is away").await;
    let tick = async || -> i64 {
        sqlx::query_scalar(TICKS).bind(story.tenant.0).fetch_one(&story.judge.pool).await.expect("a job")
    };
    let jobs = [tick().await, tick().await];
    are(&story, &jobs, "held", 2).await;
    browser.goes(&format!("/ops/jobs/{}", jobs[0])).await;
    browser.sees("Paused by").await;
    browser.goes("/ops/queues/mark_read").await;
    browser.asks("/ops/pauses/end", "it is back").await;
    are(&story, &jobs, "completed", 2).await;
    assert_eq!(audited(&story, "queue.pause").await, ["WhatsApp is away"]);
    assert_eq!(audited(&story, "queue.resume").await, ["it is back"]);
    browser.quits().await;
    story.end().await;
}
