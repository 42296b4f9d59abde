//! The whole path without a mouse.

use thirtyfour::Key;

use super::{are, dead, in_state};
use crate::house::{Browser, PASSWORD, Story, browser::Kind};

/// Where the keyboard is: the text of the link, or the name of the field.
async fn here(browser: &Browser) -> String {
    let told = browser.tells("const e = document.activeElement; return e.name || e.textContent.trim()").await;
    told.as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn everything_has_a_key() {
    let story = Story::begin().await;
    let owner = story.console_owner().await;
    let jobs = dead(&story, 3, "no answer").await;
    let browser = Browser::open(&story, Kind::DESK).await;
    browser.goes("/ops/sign-in").await;
    assert_eq!(here(&browser).await, "email");
    browser.types(owner.account.email.as_str()).await;
    browser.types(Key::Tab).await;
    browser.types(PASSWORD).await;
    browser.types(Key::Enter).await;
    browser.finds("nav.rail a[href='/ops'][aria-current=page]").await;
    browser.types("gj").await;
    browser.arrives("/ops/jobs").await;
    browser.finds("#query").await;
    browser.types("/").await;
    assert_eq!(here(&browser).await, "q");
    browser.types("state:dead").await;
    browser.types(Key::Enter).await;
    browser.arrives("/ops/jobs?q=state").await;
    browser.finds(&format!("#job-{}", jobs[0])).await;

    // The latest is first.
    for (key, job) in [("j", jobs[2]), ("j", jobs[1]), ("j", jobs[0]), ("j", jobs[0]), ("k", jobs[1])] {
        browser.types(key).await;
        assert_eq!(here(&browser).await, job.to_string(), "{key}");
    }
    browser.types(Key::Enter).await;
    browser.arrives(&format!("/ops/jobs/{}", jobs[1])).await;
    browser.finds("[data-act=retry]").await;
    browser.types("?").await;
    browser.finds("dialog#help[open]").await;
    browser.types(Key::Escape).await;
    browser.finds("main").await;
    assert_eq!(browser.count("dialog#help[open]").await, 0);
    browser.types("r").await;
    browser.sees("It runs once more.").await;
    are(&story, &jobs, "completed", 1).await;

    browser.types("gd").await;
    browser.arrives("/ops/dead").await;
    browser.types("gj").await;
    browser.arrives("/ops/jobs").await;
    browser.finds(&format!("#job-{}", jobs[0])).await;
    browser.types("jx").await;
    browser.sees("1 selected").await;
    browser.types("x").await;
    browser.sees("0 selected").await;
    assert_eq!(in_state(&story, &jobs, "dead").await, 2);
    browser.quits().await;
}
