//! Finding what belongs to somebody, and what led to what.

use crate::house::{Browser, Story};

const ANNA: &str = "+393335550101";

#[tokio::test]
async fn a_phone_finds_the_jobs_of_whoever_has_it() {
    let story = Story::begin().await;
    let browser = Browser::of(&story, &story.console_owner().await).await;
    let (anna, bruno) = (story.customer(ANNA), story.customer("+393335550102"));
    anna.says("ciao").await;
    anna.expect_reply().await;
    bruno.says("ciao").await;
    bruno.expect_reply().await;
    story.judge.finds_all_done().await;
    let answers = "select id from holdfast.job_state where kind = 'answer_message' order by id";
    let answers: Vec<i64> = sqlx::query_scalar(answers).fetch_all(&story.judge.pool).await.unwrap();
    browser.goes("/ops/jobs").await;
    browser.writes("#query", r#"phone:"+39 333 555 0101" kind:answer_message"#).await;
    browser.presses("Search").await;
    browser.arrives("/ops/jobs?q=phone").await;
    browser.finds(&format!("#job-{}", answers[0])).await;
    assert_eq!(browser.count("tbody tr").await, 1, "only Anna's");
    browser.quits().await;
    story.end().await;
}

#[tokio::test]
async fn a_sent_message_leads_to_what_the_model_thought_and_from_there_to_the_turn() {
    let story = Story::begin().await;
    let browser = Browser::of(&story, &story.console_owner().await).await;
    let anna = story.customer(ANNA);
    anna.says("I want yoga tomorrow at 7pm").await;
    let sent = anna.expect_reply_containing("shall I book it").await;
    story.judge.finds_all_done().await;
    browser.goes("/ops/why").await;
    browser.writes("main [name=message]", &sent.wamid).await;
    browser.clicks("form:has([name=message]) button").await;
    browser.finds("li.why-message").await;
    assert!(!browser.said().await.contains("I want yoga"), "what somebody wrote is hidden at first");
    browser.clicks("li.why-thought h2 a").await;
    browser.arrives("/ops/jobs/").await;
    let thought = browser.place().await.rsplit('/').next().unwrap().parse::<i64>().unwrap();
    let kind = sqlx::query_scalar::<_, String>("select kind from holdfast.job_state where id = $1").bind(thought);
    assert_eq!(kind.fetch_one(&story.judge.pool).await.unwrap(), "think");
    let turn = story.judge.number("select id from holdfast.job_state where kind = 'answer_message'").await;
    browser.clicks(&format!("svg a[href='/ops/jobs/{turn}'] text")).await;
    browser.arrives(&format!("/ops/jobs/{turn}")).await;
    browser.sees("answer_message").await;
    browser.quits().await;
    story.end().await;
}

#[tokio::test]
async fn who_says_why_reads_what_is_hidden_and_the_audit_keeps_the_reason() {
    let story = Story::begin().await;
    let browser = Browser::of(&story, &story.console_owner().await).await;
    let anna = story.customer(ANNA);
    anna.says("I want yoga tomorrow at 7pm").await;
    let sent = anna.expect_reply_containing("shall I book it").await;
    story.judge.finds_all_done().await;
    browser.goes(&format!("/ops/why?message={}", sent.wamid)).await;
    browser.arrives("/ops/why/").await;
    let here = browser.place().await;
    browser.asks(&format!("{here}/reveal"), "she called and asked").await;
    browser.sees("I want yoga tomorrow at 7pm").await;
    assert_eq!(super::audited(&story, "message.reveal").await, ["she called and asked"]);
    browser.quits().await;
    story.end().await;
}
