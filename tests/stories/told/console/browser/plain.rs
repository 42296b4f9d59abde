//! The whole path without JavaScript.

use super::{are, audited, dead, in_state};
use crate::house::{Browser, PASSWORD, Story, browser::Kind};

#[tokio::test]
async fn everything_can_be_done_without_javascript() {
    let story = Story::begin().await;
    let owner = story.console_owner().await;
    let (jobs, many) = (dead(&story, 2, "no answer").await, dead(&story, 3, "refused").await);
    let browser = Browser::open(&story, Kind::PLAIN).await;
    browser.goes("/ops/jobs").await;
    browser.writes("[name=email]", &owner.account.email).await;
    browser.writes("[name=password]", PASSWORD).await;
    browser.presses("Sign in").await;
    browser.arrives("/ops/jobs").await;
    assert_eq!(browser.tells("return typeof Turbo").await, "undefined", "no script ran");

    browser.writes("#query", "state:dead").await;
    browser.presses("Search").await;
    browser.arrives("/ops/jobs?q=state").await;
    browser.clicks(&format!("#job-{} a.row-link", jobs[0])).await;
    browser.presses("Retry").await;
    browser.sees("It runs once more.").await;
    are(&story, &jobs, "completed", 1).await;

    browser.goes(&format!("/ops/jobs/{}", jobs[1])).await;
    browser.presses("Edit and retry…").await;
    browser.writes("textarea[name=payload]", r#"{ "wamid": "wamid.1" }"#).await;
    browser.writes("main [name=reason]", "retyped").await;
    browser.presses("Edit and retry").await;
    browser.sees("missing field `phone_number_id`").await;
    browser.writes("textarea[name=payload]", r#"{ "phone_number_id": "5", "wamid": "wamid.1" }"#).await;
    browser.writes("main [name=reason]", "retyped").await;
    browser.presses("Edit and retry").await;
    are(&story, &jobs, "completed", 2).await;

    browser.goes("/ops/jobs?q=state%3Adead").await;
    browser.clicks(&format!("input[name=job][value='{}']", many[0])).await;
    browser.clicks("#selection [data-act=retry]").await;
    browser.sees("Done with 1.").await;
    browser.presses("All that match this search, on every page…").await;
    browser.writes("details.more [name=reason]", "all the others").await;
    browser.presses("Preview").await;
    browser.sees("Nothing has happened yet.").await;
    assert_eq!(in_state(&story, &many, "dead").await, 2);
    browser.writes("main [name=typed]", "2").await;
    browser.presses("Retry · 2").await;
    browser.sees("Confirmed: 2 jobs are on their way.").await;
    are(&story, &many, "completed", 3).await;
    assert_eq!(audited(&story, "bulk.confirm").await, ["all the others"]);

    browser.clicks("#me > summary").await;
    browser.presses("Keys").await;
    browser.arrives("/ops/help").await;
    browser.clicks("#me > summary").await;
    browser.presses("Sign out").await;
    browser.arrives("/ops/sign-in").await;
    browser.quits().await;
    story.end().await;
}
