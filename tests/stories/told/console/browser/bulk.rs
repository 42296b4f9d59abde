//! One act on many jobs.

use super::{are, audited, dead, in_state};
use crate::house::{Browser, Story, eventually};

/// Puts in an operation by the form below the list, and waits for its preview.
async fn preview(browser: &Browser, query: &str, rate: &str, reason: &str) {
    browser.goes("/ops/jobs").await;
    browser.writes("#query", query).await;
    browser.presses("Search").await;
    browser.arrives("/ops/jobs?q=").await;
    browser.presses("All that match this search, on every page…").await;
    browser.writes("details.more [name=rate]", rate).await;
    browser.writes("details.more [name=reason]", reason).await;
    browser.presses("Preview").await;
    browser.arrives("/ops/bulk/").await;
    browser.sees("Nothing has happened yet.").await;
}

#[tokio::test]
async fn all_that_match_a_filter_are_retried_once_their_number_is_typed() {
    let story = Story::begin().await;
    let browser = Browser::of(&story, &story.console_owner().await).await;
    let timeouts = dead(&story, 3, "no answer").await;
    let others = dead(&story, 2, "refused").await;
    preview(&browser, r#"state:dead error:"no answer""#, "", "the network is back").await;
    browser.writes("main [name=typed]", "3").await;
    browser.presses("Retry · 3").await;
    browser.sees("Confirmed: 3 jobs are on their way.").await;
    are(&story, &timeouts, "completed", 3).await;
    assert_eq!(in_state(&story, &others, "dead").await, 2);
    browser.sees("100 %").await;
    assert_eq!(audited(&story, "bulk.confirm").await, ["the network is back"]);
    browser.quits().await;
}

#[tokio::test]
async fn ten_thousand_are_paused_on_the_way_resumed_and_aborted() {
    let story = Story::begin().await;
    let browser = Browser::of(&story, &story.console_owner().await).await;
    let jobs = dead(&story, 10_000, "no answer").await;
    preview(&browser, "state:dead kind:mark_read", "200", "the network is back").await;
    browser.sees("10\u{202f}000").await;
    browser.writes("main [name=typed]", "10000").await;
    browser.presses("Retry · 10\u{202f}000").await;
    browser.sees("Confirmed: 10000 jobs are on their way.").await;
    let done = "select done::bigint from holdfast.bulk";
    let goes_on_after = async |before: i64| {
        eventually(async || {
            let now = story.judge.number(done).await;
            if now > before { Ok(now) } else { Err(format!("{now} of 10000, as before")) }
        })
        .await
    };
    goes_on_after(0).await;
    browser.presses("Pause").await;
    browser.sees("paused").await;
    are_idle(&story).await;
    let paused = story.judge.number(done).await;
    assert!(paused < 10_000, "{paused} were done before anybody could pause");
    browser.presses("Resume").await;
    browser.sees("It goes on.").await;
    goes_on_after(paused).await;
    browser.asks(&format!("{}/abort", browser.place().await), "it was the wrong network").await;
    browser.sees("aborted").await;
    are_idle(&story).await;
    let done = story.judge.number(done).await;
    assert!(done > paused && done < 10_000, "{done}");
    are(&story, &jobs, "dead", 10_000 - done).await;
    assert_eq!(audited(&story, "bulk.abort").await, ["it was the wrong network"]);
    browser.quits().await;
}

/// Waits until the operation's own job has come to rest.
async fn are_idle(story: &Story) {
    eventually(async || {
        let states = story.judge.texts("select state from holdfast.job_state where kind = 'run_bulk'").await;
        let busy = states.iter().any(|state| ["ready", "running"].contains(&state.as_str()));
        if busy { Err(format!("{states:?}")) } else { Ok(()) }
    })
    .await;
}
