//! Texts that somebody outside wrote, in front of a real browser: nothing runs, nothing is asked of anybody else.

use domain::staff::Role;
use serde_json::json;

use super::super::{
    desk::{Business, Desk, Seat},
    strings::hostile,
};
use crate::house::{Browser, browser::Kind};

/// What is looked at with each text on it.
async fn pages(owner: &Seat<'_>, business: &Business) -> Vec<String> {
    let (dead, flow, message) = (business.id("dead"), business.id("flow"), business.id("message"));
    let mut pages = vec![
        format!("/ops/jobs/{dead}/edit"),
        format!("/ops/jobs/{flow}/steps"),
        format!("/ops/bulk/{}", business.id("bulk_preview")),
    ];
    pages.extend(
        ["jobs", "dead", "effects", "bulk", "audit", "staff", "views", "breakers"].map(|name| format!("/ops/{name}")),
    );
    for page in [format!("/ops/jobs/{dead}"), format!("/ops/why/{message}")] {
        let said = owner.post(&format!("{page}/reveal"), &[("reason", &business.mark)]).await;
        pages.push(said.header("location").to_owned());
    }
    pages
}

/// Addresses of anybody else that were asked, and elements that no screen has.
const STRANGE: &str = "
    const asked = performance.getEntriesByType('resource').map(entry => entry.name).filter(name => !name.startsWith(location.origin));
    const found = document.querySelectorAll('iframe, object, embed, base, marquee, video, math, template, noscript, body script, body style, turbo-stream, turbo-frame');
    return [asked.length, found.length, document.querySelectorAll('main').length, document.querySelectorAll('h1').length];";

#[tokio::test]
async fn a_browser_runs_nothing_that_somebody_outside_wrote() {
    const GROUPS: usize = 13;
    let desk = Desk::open().await;
    let browser = Browser::at(&desk.url, Kind::DESK).await;
    browser.goes("/ops/sign-in").await;
    let all = hostile();
    for group in 0..GROUPS {
        let texts: Vec<&str> = all.iter().skip(group).step_by(GROUPS).map(String::as_str).collect();
        let business = desk.furnished(&texts.join(" ")).await;
        let owner = desk.seat(Role::Owner, Some(business.tenant)).await;
        browser.keeps("/", "hf", owner.token.as_deref().expect("a session")).await;
        for page in pages(&owner, &business).await {
            browser.goes(&page).await;
            assert_eq!(browser.place().await, page, "the browser stays where it was sent");
            assert_eq!(browser.tells(STRANGE).await, json!([0, 0, 1, 1]), "{page} with {texts:?}");
        }
        assert_eq!(browser.complaints().await, Vec::<String>::new(), "with {texts:?}");
    }
    browser.quits().await;
}
